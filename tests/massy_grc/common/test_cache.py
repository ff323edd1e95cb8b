"""A cache whose server is away forgets, and breaks nothing (R13)."""

import pytest

from massy_grc.common.cache import FailsafeRedisCache


@pytest.fixture
def lost_cache():
    return FailsafeRedisCache("redis://127.0.0.1:1/0", {})


def test_reads_answer_not_there(lost_cache):
    assert lost_cache.get("key") is None
    assert lost_cache.get("key", "default") == "default"
    assert lost_cache.get_many(["key"]) == {}


def test_writes_are_forgotten(lost_cache):
    lost_cache.set("key", 1)
    assert lost_cache.add("key", 1)
    assert lost_cache.incr("key", 2) == 2
    assert not lost_cache.delete("key")
