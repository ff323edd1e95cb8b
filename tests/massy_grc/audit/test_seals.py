"""Seals: what was cut off the end of a log, or taken out of one without a chain, shows (R24)."""

import pgtrigger
import pytest

from massy_grc.audit import seals
from massy_grc.audit.models import AccessRecord, Seal
from massy_grc.audit.tasks import seal_logs
from tests.factories.users import UserFactory
from tests.helpers import uncommitted_look

pytestmark = pytest.mark.django_db

LOG = "audit.AccessRecord"


@pytest.fixture
def look():
    """`look(n)`: an agent opens `n` requests."""
    user = UserFactory()

    def _look(count: int = 1) -> None:
        AccessRecord.objects.bulk_create(
            AccessRecord(user=user, action="view", object_type="request", object_id=number)
            for number in range(count)
        )

    return _look


@pytest.fixture
def behind_its_back():
    """What the owner of the tables may do, who lets no trigger stop them."""
    with pgtrigger.ignore("audit.AccessRecord:append_only", "audit.Seal:append_only"):
        yield


def told() -> list[str]:
    return [what for _number, what in seals.broken_seals()]


def test_a_seal_covers_what_came_since_the_last_one(look):
    look(3)
    assert (seal_logs(), seal_logs()) == (1, 0)
    look(2)
    assert seals.count_unsealed() == 2
    seal_logs()

    first, second = Seal.objects.filter(log=LOG).order_by("number")
    assert (first.count, second.count) == (3, 2)
    assert (second.after, second.number) == (first.up_to, first.number + 1)
    assert seals.count_unsealed() == 0
    assert told() == []


def test_a_long_log_is_sealed_piece_by_piece(look, monkeypatch):
    monkeypatch.setattr(seals, "MOST", 4)
    look(10)

    assert seal_logs() == 3
    assert list(Seal.objects.order_by("number").values_list("count", flat=True)) == [4, 4, 2]
    assert told() == []


def test_a_look_that_was_changed_or_removed_shows(look, behind_its_back):
    look(5)
    seal_logs()
    last = AccessRecord.objects.latest("pk")

    AccessRecord.objects.filter(pk=last.pk).update(object_id=999)
    assert told() == [f"one of its 5 rows of {LOG} was changed"]
    last.delete()
    assert told() == [f"5 rows of {LOG} were sealed, 4 are there"]


def test_a_look_slipped_in_among_sealed_ones_shows(look, behind_its_back):
    look(5)
    free = AccessRecord.objects.latest("pk")
    AccessRecord.objects.filter(pk=free.pk - 2).delete()
    seal_logs()
    assert told() == []
    AccessRecord.objects.create(
        pk=free.pk - 2, user=free.user, action="view", object_type="request", object_id=2
    )
    assert told() == [f"4 rows of {LOG} were sealed, 5 are there"]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: Seal.objects.filter(number=2).delete(),
        lambda: Seal.objects.filter(number=2).update(count=2),
        lambda: Seal.objects.filter(number=2).update(digest="0" * 64),
        lambda: Seal.objects.filter(number=2).update(number=9),
        # a seal far ahead, under which nothing would be sealed any more
        lambda: Seal.objects.create(
            number=4, log=LOG, after=10**9, up_to=10**9, count=0, content="", at="2026-01-01T00:00Z"
        ),
    ],
)
def test_a_seal_that_was_tampered_with_shows(look, behind_its_back, tamper):
    for _ in range(3):
        look()
        seal_logs()
    assert told() == []
    tamper()
    assert told()


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_sealed_by_the_next_seal(look):
    with uncommitted_look(UserFactory()) as (other, _number):
        look()
        assert seals.seal_logs(patience=0.1) == 0
        other.commit()

    assert seals.seal_logs() == 1
    assert Seal.objects.get().count == 2
