"""Guessing is slowed down, and never at the expense of the owner (R18)."""

from datetime import timedelta

import pytest

from massy_grc.common import throttle
from massy_grc.common.models import AttemptCount
from requests.references import format_reference
from tests.requests.tracking.conftest import EMAIL, NOW
from tests.requests.tracking.test_lookup import look_up

STRANGER, OWNER = "203.0.113.9", "198.51.100.4"


def guess(client, reference, times=1):
    for _ in range(times):
        answer = look_up(client, reference, "faux@courriel.example", REMOTE_ADDR=STRANGER)
    return answer


def test_sixth_guess_at_a_reference_must_wait(client, pothole):
    assert guess(client, pothole.reference, 5).status_code == 200

    refused = guess(client, pothole.reference)

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 900
    assert "Vous pourrez recommencer dans" in refused.content.decode()


def test_right_pair_must_wait_too_once_the_limit_is_reached(client, pothole):
    guess(client, pothole.reference, 6)

    answer = look_up(client, pothole.reference, EMAIL, REMOTE_ADDR=STRANGER)

    assert answer.status_code == 429


def test_stranger_never_locks_the_owner_out(client, pothole):
    guess(client, pothole.reference, 8)

    answer = look_up(client, pothole.reference, EMAIL, REMOTE_ADDR=OWNER)

    assert answer.status_code == 302


def test_walking_through_references_is_limited_by_visitor(client, pothole):
    for number in range(30):
        assert guess(client, format_reference(2026, 900000 + number)).status_code == 200

    assert guess(client, pothole.reference).status_code == 429


def test_success_does_not_count(client, pothole):
    for _ in range(8):
        answer = look_up(client, pothole.reference, EMAIL, REMOTE_ADDR=OWNER)
        assert answer.status_code == 302


def test_limit_ends_with_its_window(client, pothole, clock):
    guess(client, pothole.reference, 6)

    clock.move_to(NOW + timedelta(minutes=16))

    assert guess(client, pothole.reference).status_code == 200


def test_limit_holds_when_the_cache_is_lost(client, pothole):
    from django.core.cache import cache

    guess(client, pothole.reference, 5)
    cache.clear()

    assert guess(client, pothole.reference).status_code == 429


def test_ended_windows_are_swept(client, pothole, clock):
    guess(client, pothole.reference)
    clock.move_to(NOW + timedelta(days=1))

    guess(client, pothole.reference)

    assert not AttemptCount.objects.filter(window__lt=NOW + timedelta(days=1)).exists()


def test_no_address_is_kept_in_clear(client, pothole):
    guess(client, pothole.reference)

    assert all(STRANGER not in count.key for count in AttemptCount.objects.all())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:3::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
def test_ipv6_visitors_count_by_network(rf, one, other, same):
    first = throttle.client_address(rf.get("/", REMOTE_ADDR=one))
    second = throttle.client_address(rf.get("/", REMOTE_ADDR=other))

    assert (first == second) is same
