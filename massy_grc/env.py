"""Strict reading of the environment: a wrong value stops the start with its name.

Every setting can also come from a file named by ``<NAME>_FILE`` (docker secrets).
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def load_secret_files() -> None:
    """Copy each ``<NAME>_FILE``'s content into ``<NAME>`` unless that is set already.

    Raises:
        ImproperlyConfigured: when a named file cannot be read.
    """
    for key, path in list(os.environ.items()):
        name = key.removesuffix("_FILE")
        if name == key or name in os.environ or name not in SECRET_NAMES:
            continue
        try:
            os.environ[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{key}: cannot read {path!r} ({error.strerror})") from error


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    """Return the variable's value, which must be one of ``options``.

    Raises:
        ImproperlyConfigured: when it is anything else.
    """
    value = env.str(name, default=default)
    if value not in options:
        raise ImproperlyConfigured(f"{name}: {value!r} is not one of {', '.join(options)}")
    return value


def all_or_none(*names: str) -> bool:
    """Return whether the variables are set; True only when all are.

    Raises:
        ImproperlyConfigured: when some are set and others are not.
    """
    missing = [name for name in names if not env.str(name, default="")]
    if missing and len(missing) < len(names):
        raise ImproperlyConfigured(
            f"{missing[0]}: needed with {', '.join(set(names) - {*missing})}"
        )
    return not missing


def origin_of(address: str) -> list[str]:
    """Return scheme and host of an address, as a content policy names it; nothing for none."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def socket_address(name: str) -> tuple[str, int] | str | None:
    """Return where a server listens: host and port, the path of a Unix socket, or None.

    Raises:
        ImproperlyConfigured: neither ``tcp://host:port`` nor ``unix:///path``.
    """
    value = env.str(name, default="")
    if not value:
        return None
    parts = urlsplit(value)
    try:
        if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path.strip("/"):
            return parts.hostname, parts.port
    except ValueError:  # a port that is no number
        pass
    if parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1:
        return parts.path
    raise ImproperlyConfigured(f"{name}: {value!r} is neither tcp://host:port nor unix:///path")


SECRET_NAMES = frozenset(
    {
        "DJANGO_SECRET_KEY",
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
        "CELERY_BROKER_URL",
        "EMAIL_URL",
        "SMS_GATEWAY_URL",
        "FRANCECONNECT_CLIENT_SECRET",
    }
)
