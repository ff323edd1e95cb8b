"""The cache over Redis that never breaks a page: without Redis it just forgets."""

import functools
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)


def _or_else(name: str, fallback: Callable[..., Any]) -> Callable[..., Any]:
    """Return `RedisCache`'s method `name`, answering `fallback` of its arguments on failure."""
    method = getattr(RedisCache, name)

    @functools.wraps(method)
    def safe(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache_unavailable", error=type(error).__name__)
            return fallback(*args, **kwargs)

    return safe


class FailsafeRedisCache(RedisCache):
    """Django's Redis cache, answering "not there" while the server is away (R13).

    What must last (sessions, drafts, throttles that must hold) is in PostgreSQL, not here.
    """

    get = _or_else("get", lambda key, default=None, version=None: default)
    get_many = _or_else("get_many", lambda *args, **kwargs: {})
    set = _or_else("set", lambda *args, **kwargs: None)
    set_many = _or_else("set_many", lambda *args, **kwargs: [])
    add = _or_else("add", lambda *args, **kwargs: True)
    incr = _or_else("incr", lambda key, delta=1, version=None: delta)
    delete = _or_else("delete", lambda *args, **kwargs: False)
    has_key = _or_else("has_key", lambda *args, **kwargs: False)
