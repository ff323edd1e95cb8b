"""A department's conclusion is not given as the reasons of an answer that it does not support."""

import pytest

from requests.enums import Opinion, State, TaskEnd, TaskKind
from requests.models import Task
from tests.backoffice.views.conftest import url

pytestmark = pytest.mark.django_db
IN_ORDER = "Dossier conforme, avis favorable."
REFUSED = "n’appuie pas une réponse défavorable"
LETTER = 'class="letter-preview"'
OWN = "La terrasse gênerait le passage des secours."
REFUSAL = {"outcome": "negative", "template": "", "step": "preview"}


@pytest.fixture
def concluded(transferred):
    """What the department gave back, and the way its conclusion goes."""

    def conclude(text=IN_ORDER, way="positive"):
        transferred.state, transferred.department_since = State.A_REPONDRE, None
        transferred.conclusion, transferred.conclusion_outcome = text, way
        transferred.save()
        return transferred

    return conclude


def preview(browser, sr, **given):
    sr.refresh_from_db()
    sent = browser.post(url(sr, "answer"), {"version": sr.version, **REFUSAL, **given})
    return sent.content.decode()


@pytest.mark.parametrize("way", ["positive", ""])
def test_a_refusal_needs_its_own_reasons(front, concluded, way):
    sr = concluded(way=way)
    for text in (IN_ORDER, f"  {IN_ORDER}\n", "Dossier conforme,\navis favorable"):
        page = preview(front, sr, body=text)
        assert REFUSED in page
        assert LETTER not in page
    page = preview(front, sr, body=OWN)
    assert REFUSED not in page
    assert LETTER in page


def test_a_conclusion_against_the_requester_gives_the_reasons_and_no_agreement(front, concluded):
    sr = concluded(OWN, "negative")
    page = preview(front, sr, body=OWN)
    assert LETTER in page
    page = preview(front, sr, body=OWN, outcome="positive")
    assert "n’appuie pas une réponse favorable" in page


def test_an_opinion_counts_by_its_own_way(front, concluded, eas_agent):
    """The leading department agreed, another one did not: its words are reasons."""
    sr = concluded()
    task = Task.objects.create(
        request=sr,
        department_id="espaces-verts",
        kind=TaskKind.OPINION,
        rank=1,
        asked="La terrasse gêne-t-elle ?",
        asked_by=eas_agent,
        asked_at=sr.arrived_at,
        due_at=sr.due_at,
        ended_at=sr.arrived_at,
        end=TaskEnd.DONE,
        conclusion=OWN,
        opinion=Opinion.FAVOURABLE,
    )
    both = f"{IN_ORDER}\n\n{OWN}"
    assert REFUSED in preview(front, sr, body=both)
    task.opinion = Opinion.UNFAVOURABLE
    task.save()
    assert LETTER in preview(front, sr, body=both)
