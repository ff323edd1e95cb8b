"""Whatever is done to requests, in whatever order, their rows stand as the log says (R24)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from prestations.enums import Role
from prestations.privacy import RIGHTS_PRESTATION
from requests.enums import Verb
from requests.event_log import breaks
from requests.exceptions import RequestError
from requests.models import RequestEvent, ServiceRequest
from tests.factories.users import make_agent
from tests.requests.actions.acts import ACTS, ELSEWHERE, FOLLOWING, draw, undone
from tests.requests.actions.conftest import MONDAY, PERSON
from tests.requests.actions.standing import check

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

MOTHER = {"family_name": "Ferrand", "given_name": "Odette", "phone": "+33612345678"}
# how they are filed: of a place, of oneself, of somebody else, with checks, of personal data
KINDS = (
    {"code": "voirie-intervention-rapide"},
    {"code": "acte-deces", "person": MOTHER | {"relation": "famille"}},
    {"code": "passeport-mairie-annexe", "reponses": {"motif": "premiere"}},
    {"code": "association-subvention"},
    {"code": RIGHTS_PRESTATION},
)
STEPS = {1: 4, 5: 4, 20: 4, 60: 3, 24 * 10: 2, 24 * 40: 1}  # hours to the next act: how often
RUNS, ACTS_IN_A_RUN = 25, 30
ASTRAY, TAKEN_BACK = 0.1, 0.2
SELDOM = 8  # verbs that the drawing may miss, of more than sixty
REFUSED = (RequestError, ServiceRequest.DoesNotExist)


@pytest.fixture
def cast(eas_agent, supervisor, expert, head, other_expert):
    officer = make_agent(Role.DPO, first_name="Léa", last_name="Marchand")
    return [eas_agent, supervisor, expert, head, other_expert, officer]


def test_every_verb_is_drawn_or_named_with_a_reason():
    assert set(ACTS) | FOLLOWING | set(ELSEWHERE) == set(Verb)


def test_the_log_replays_to_the_request_whatever_was_done(file, cast):
    done = set()

    @settings(
        max_examples=RUNS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # a shorter way to a fault takes an hour to find
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=True))  # every verb is as likely as another
    def live(random):
        with transaction.atomic():
            kind, now = random.choice(KINDS), MONDAY
            for _ in range(2):
                file(**kind, demandeur=PERSON)
            for _ in range(ACTS_IN_A_RUN):
                (hours,) = random.choices([*STEPS], [*STEPS.values()])
                now += timedelta(hours=hours)
                with time_machine.travel(now, tick=False):
                    step(random, now)
            assert list(breaks()) == []
            done.update(RequestEvent.objects.values_list("verb", flat=True))
            transaction.set_rollback(True)

    def step(random, now):
        before = dict(ServiceRequest.objects.order_by("pk").values_list("pk", "event_count"))
        sr = ServiceRequest.objects.get(pk=random.choice(list(before)))
        verb, actor = draw(sr, cast, random)
        if random.random() < ASTRAY:
            verb, actor = random.choice(list(ACTS)), random.choice(cast)
        act = random.choice(ACTS[verb])
        if random.random() < TAKEN_BACK:
            act = undone(act)
        note(f"{now:%d/%m %H:%M} {sr.pk} {sr.state}: {verb} by {actor}")
        try:
            with transaction.atomic():
                act(sr, actor, now)
        except REFUSED as refusal:
            note(f"  refused: {refusal}")
            assert dict(ServiceRequest.objects.values_list("pk", "event_count")) == before
            return
        for one in ServiceRequest.objects.order_by("pk"):
            if one.event_count != before.get(one.pk):
                check(one, now, cast[0])

    live()
    missed = set(Verb) - set(ELSEWHERE) - done
    assert len(missed) <= SELDOM, sorted(missed)
