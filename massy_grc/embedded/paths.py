"""Where the embedded servers keep their files, and how a file is written safely there."""

import fcntl
import hashlib
import json
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
SERVER_USER = "nobody"  # PostgreSQL refuses to run as root
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
ROOM = 6 * 2**30  # bytes that all tests' servers never need together


class EmbeddedError(Exception):
    """A condition the reader can act on: shown as one message, without a traceback."""


def clone_key(root: Path = ROOT) -> str:
    return hashlib.sha256(str(root).encode()).hexdigest()[:10]


def unprivileged() -> dict[str, Any]:
    """Arguments for ``subprocess`` that make root's child an ordinary user."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL does not run as root and there is no user '{SERVER_USER}' here:"
            " run this as an ordinary user, or set DATABASE_URL."
        ) from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def server_can(*command: str) -> bool:
    """Whether the user that PostgreSQL will run as can execute this command."""
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, **unprivileged())
    except OSError:
        return False
    return done.returncode == 0


def private_folder(path: Path, mode: int = 0o700) -> Path:
    """Make a folder that is ours; refuse one that somebody else put there first."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    status = path.lstat()
    if path.is_symlink() or status.st_uid != os.geteuid():
        raise EmbeddedError(f"{path} belongs to another user; remove it or run as that user.")
    path.chmod(mode)
    return path


def data_home(var: Path) -> Path:
    """The folder of the servers' data: below ``var``, unless PostgreSQL's user cannot enter it."""
    home = private_folder(var / "embedded", 0o711)
    if not unprivileged() or server_can("/bin/sh", "-c", 'test -x "$1"', "sh", str(home)):
        return home
    return private_folder(hidden_home(var), 0o711)


def hidden_home(var: Path) -> Path:
    """Used only as root, in a clone below a folder that other users may not enter."""
    return Path("/var/lib") / f"massy-grc-{clone_key(var.resolve())}"


@contextmanager
def throwaway_folder(*, in_memory: bool = False) -> Iterator[Path]:
    """A temporary folder that PostgreSQL's user can enter, removed at the end.

    Its name holds the owner's process id, so that the next one clears what a killed one left.

    Args:
        in_memory: where emptying a database costs no disk, when there is room for it.
    """
    base = Path(tempfile.gettempdir())
    if not server_can("/bin/sh", "-c", 'test -x "$1"', "sh", str(base)):
        base = Path("/var/tmp")  # noqa: S108 - mkdtemp makes a private folder in it
    prefix = f"mgrc-{clone_key()}"
    for left in [*base.glob(f"{prefix}-*"), *MEMORY.glob(f"{prefix}-*")]:
        owner = re.fullmatch(rf"{prefix}-(\d+)-\w+", left.name)
        if owner and not psutil.pid_exists(int(owner[1])) and left.lstat().st_uid == os.geteuid():
            end_processes_in(left)
            shutil.rmtree(left, ignore_errors=True)
    if in_memory and has_room(MEMORY):
        base = MEMORY
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}-{os.getpid()}-", dir=base))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def has_room(memory: Path) -> bool:
    """Whether a file system in memory is there, and neither it nor the memory is short."""
    if not memory.is_dir() or not os.access(memory, os.W_OK):
        return False
    return min(shutil.disk_usage(memory).free, psutil.virtual_memory().available // 2) >= ROOM


def has_gone(process: psutil.Process) -> bool:
    """Ended; a zombie counts, since the first process of a container may never collect it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def wait_until_gone(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Return those that are still there when the time is over."""
    deadline = time.monotonic() + seconds
    left = [process for process in processes if not has_gone(process)]
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = [process for process in left if not has_gone(process)]
    return left


def end_processes_in(folder: Path) -> None:
    """End servers whose working folder is below one that we made (left by a killed run)."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder):
                process.kill()
                found.append(process)
        except (psutil.Error, OSError):
            continue
    wait_until_gone(found, 5)


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """The file's object; an absent or unreadable file counts as empty."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def kept_secrets(home: Path) -> dict[str, str]:
    """Passwords made once for this clone and kept beside the data they open."""
    path = home / "secrets.json"
    kept = read_json(path)
    if path.exists() and not kept:
        raise EmbeddedError(f"{path} is unreadable; `make clean` starts again from nothing.")
    names = ("postgres", "massy_owner", "massy_app", "valkey")
    missing = {name: secrets.token_hex(24) for name in names if name not in kept}
    if "django" not in kept:
        missing["django"] = "demo-" + secrets.token_urlsafe(50)
    if missing:
        kept |= missing
        write_private(path, json.dumps(kept, indent=1))
    return kept


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def kept_port(home: Path, name: str) -> int:
    """The port this clone's server used last, or another free one when somebody has taken it."""
    path = home / "ports.json"
    ports = read_json(path)
    port = ports.get(name)
    if not isinstance(port, int) or not port_is_free(port):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        write_private(path, json.dumps(ports | {name: port}))
    return port


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for, and hold, an exclusive lock; the kernel frees it when we die."""
    with path.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
