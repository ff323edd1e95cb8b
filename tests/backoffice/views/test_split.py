"""A request read beside the list, and lists that renew themselves (S37, use bar 29)."""

import pytest
from django.utils import timezone

from massy_grc.audit.models import AccessRecord
from massy_grc.users.models import User
from requests import actions
from requests.enums import State
from tests.backoffice.conftest import client_of
from tests.factories.requests import make_request

URL = "/agent/demandes/"
PANE = {"HX-Request": "true", "HX-Target": "apercu"}
RENEWED = {"X-By-Itself": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def sr():
    return make_request(subject="Nid-de-poule", state=State.EN_COURS)


def looks() -> int:
    return AccessRecord.objects.filter(object_type="request").count()


def test_a_request_is_read_beside_the_list_and_the_look_recorded(front, sr):
    make_request(subject="Lampadaire")
    actions.receive_message(request_id=sr.pk, body="Le trou s’agrandit.")
    response = front.get(URL, {"vue": "toutes", "apercu": sr.reference})
    page = response.content.decode()
    pane = page.partition('id="apercu"')[2].partition("</section>\n    </div>")[0]
    assert "Le trou s’agrandit." in pane
    assert sr.get_absolute_url() in pane
    assert page.count('data-pane aria-current="true"') == 1
    assert len(response.context["page"].rows) == 2
    assert looks() == 1
    assert AccessRecord.objects.get().object_id == sr.pk


def test_the_first_of_the_page_is_opened_when_none_is_named(front, sr):
    alone = front.get(URL, {"vue": "toutes"})
    assert "?vue=toutes&apercu=oui" in alone.content.decode().replace("&amp;", "&")
    beside = front.get(URL, {"vue": "toutes", "apercu": "oui"})
    assert beside.context["pane"]["sr"] == sr
    headers = [str(column.header) for column in beside.context["table"].columns]
    assert headers == ["Choix", "Source", "État", "Sujet", "Échéance"]
    assert f"?vue=toutes&amp;apercu={sr.reference}" in beside.content.decode()
    newer = make_request()
    last = front.get(URL, {"vue": "toutes", "tri": "anciennes", "apercu": "fin"})  # K, from page 2
    assert last.context["pane"]["sr"] == newer


def test_the_pane_alone_is_sent_to_the_script(front, sr):
    response = front.get(URL, {"vue": "toutes", "apercu": sr.reference}, headers=PANE)
    page = response.content.decode()
    assert "Nid-de-poule" in page
    assert "<main" not in page
    assert looks() == 1


def test_nobody_reads_beside_a_list_what_they_may_not(expert_browser, manager, sr):
    asked = {"vue": "toutes", "apercu": sr.reference}
    make_request(department_id="voirie-assainissement", state=State.TRANSMISE)  # the expert's own
    for headers in ({}, PANE):
        page = expert_browser.get(URL, asked, headers=headers).content.decode()
        assert "Nid-de-poule" not in page
        assert "Choisissez une demande" in page
        page = client_of(manager).get(URL, asked, headers=headers).content.decode()
        assert "Nid-de-poule" not in page
        assert 'id="apercu"' not in page
    assert looks() == 0


@pytest.mark.parametrize("reference", ["", "x" * 300, "'", "2026-000", "%00"])
def test_odd_references_open_nothing(front, sr, reference):
    response = front.get(URL, {"vue": "toutes", "apercu": reference})
    assert response.status_code == 200
    assert "Choisissez une demande" in response.content.decode()


def test_an_empty_list_has_nothing_beside(front):
    response = front.get(URL, {"vue": "toutes", "apercu": "oui"})
    assert 'id="apercu"' not in response.content.decode()


def test_each_row_has_its_key_and_those_of_figures_none(front, manager, sr):
    assert f'data-row="{sr.pk}"' in front.get(URL, {"vue": "toutes"}).content.decode()
    page = client_of(manager).get(URL, {"vue": "toutes"}).content.decode()
    assert "data-row" not in page
    assert "data-refresh" not in page


def test_a_list_that_renews_itself_is_no_look_and_no_presence(front, sr):
    """Nobody is at the keyboard: the session ends as it would, and who is absent stays so."""
    User.objects.update(seen_at=None)
    session = front.session
    session["seen_at"] = before = timezone.now().timestamp() - 300
    session.save()
    page = front.get(URL, {"vue": "toutes", "apercu": sr.reference}, headers=RENEWED)
    assert f'data-row="{sr.pk}"' in page.content.decode()
    assert looks() == 0
    assert front.session["seen_at"] == before
    assert not User.objects.exclude(seen_at=None).exists()
    front.get(URL, {"vue": "toutes"})
    assert front.session["seen_at"] > before


def test_keys_of_one_letter_are_switched_off_and_on(front, eas_agent):
    assert "data-letter-keys" in front.get(URL).content.decode()
    front.post("/agent/raccourcis/", {"keys": "off"})
    page = front.get(URL).content.decode()
    assert "data-letter-keys" not in page
    assert "js/keys.js" not in page
    assert "sont désactivées" in front.get("/agent/raccourcis/").content.decode()
    front.post("/agent/raccourcis/", {"keys": "on"})
    eas_agent.refresh_from_db()
    assert eas_agent.letter_keys
