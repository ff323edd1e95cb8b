"""What every measurement stands on: the town in an empty database, and a real server."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start_django() -> None:
    """Read the settings of the demonstration, from the environment as it is now.

    Asked to end, a measurement ends what it started as well: servers are in sessions of their own.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ["MASSY_MODE"] = "demo"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "massy_grc.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.ROOT_URLCONF = "tests.bench.floor"


def prepare(requests: int = 0) -> bool:
    """Load the town into the empty database, and that many invented requests; False if in use."""
    start_django()
    from django.core.management import call_command
    from django.db import connection

    if "requests_servicerequest" in connection.introspection.table_names():
        print("bench: wants an empty database, this one is in use", file=sys.stderr)
        return False
    for command in ("migrate", "load_reference", "load_catalogue", "load_addresses"):
        call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if requests:
        fill(requests)
    return True


def fill(requests: int) -> None:
    """Invent that many requests, with their people and accounts."""
    from django.core.management import call_command

    call_command("demo_data", requests=requests)


def settle() -> None:
    """Do at once what a night does: the dashboard's roll-ups, the planner's statistics."""
    from django.db import connection

    from backoffice.actions.figures import rebuild_figures

    rebuild_figures()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start gunicorn as `make run` does, on a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "MASSY_COMMAND"}
    command = [sys.executable, "-m", "gunicorn", "tests.bench.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    command += ["--workers", "2", "--threads", "4", "--no-control-socket"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen, seconds: int = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")
