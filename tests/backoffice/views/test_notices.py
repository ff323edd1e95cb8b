"""The notification centre: told once, by page or by mail too, read or not, for thirty days."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.actions.list_exports import ask_list_export
from backoffice.enums import SheetFormat
from prestations.enums import Role
from requests import actions
from requests.actions.mentions import watch_request
from requests.enums import AlertKind, NoticeKind, State
from requests.models import Notice
from tests.backoffice.conftest import client_of
from tests.factories.requests import make_request
from tests.factories.users import make_agent
from tests.helpers import drain_outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
PAGE, COUNT = "/agent/notifications/", "/agent/notifications/nombre/"


@pytest.fixture
def colleague(catalogue):
    return make_agent(Role.AGENT_EAS, first_name="Maya", last_name="Diop")


def kinds_of(user) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("id").values_list("kind", flat=True))


def unread(browser) -> int:
    return browser.get(COUNT, headers={"X-By-Itself": "true"}).json()["unread"]


def test_what_happens_to_an_agent_s_requests_is_told_once_each_and_read(
    front, eas_agent, colleague, sr
):
    other = client_of(colleague)
    watch_request(service_request=sr, user=colleague, at_once=False)
    actions.assign_request(request_id=sr.pk, version=None, actor=eas_agent, assignee=colleague)
    body = "@Maya Diop, pouvez-vous relire ?"
    actions.add_note(request_id=sr.pk, actor=eas_agent, body=body)
    actions.receive_message(request_id=sr.pk, body="Et la rue voisine ?")
    actions.raise_alert(request_id=sr.pk, kind=AlertKind.OVERDUE, about="x")
    mail.outbox.clear()
    drain_outbox()
    drain_outbox()
    assert sorted(kinds_of(colleague)) == sorted(
        [NoticeKind.ASSIGNED, NoticeKind.MENTION, NoticeKind.MESSAGE, NoticeKind.ALERT]
    )
    assert kinds_of(eas_agent) == []  # what one did oneself is no news
    actions.notify([eas_agent], kind=NoticeKind.ALERT, key="x", about=AlertKind.DUE_SOON)
    page = other.get(PAGE).content.decode()
    assert f"{eas_agent.get_full_name()} vous nomme dans une note" in page
    assert sr.reference in page
    assert unread(other) == 4

    other.post(f"/agent/demandes/{sr.reference}/mentions/")  # seen there, read here
    assert unread(other) == 3
    theirs = Notice.objects.filter(user=eas_agent).get()
    other.post(f"{PAGE}{theirs.pk}/", {"lue": "oui"})  # somebody else's
    assert unread(front) == 1
    day = other.get("/agent/").content.decode()
    assert day.count(sr.reference) >= 3  # what is new, and among the work
    first = Notice.objects.filter(user=colleague).first()
    other.post(f"{PAGE}{first.pk}/", {"lue": "oui"})
    other.post(f"{PAGE}{first.pk}/", {"lue": "non"})
    assert unread(other) == 3
    other.post(f"{PAGE}lues/")
    assert unread(other) == 0
    assert "Rien de nouveau" in other.get(PAGE, {"non-lues": ""}).content.decode()
    actions.assign_request(request_id=sr.pk, version=None, actor=eas_agent, assignee=eas_agent)
    drain_outbox()
    told = f"Dossier confié à {eas_agent.get_full_name()}, par {eas_agent.get_full_name()}"
    assert told in other.get(PAGE).content.decode()  # to whom, for who watches


def test_a_request_that_one_may_not_see_any_more_is_not_named(sr, expert_browser, expert):
    actions.notify([expert], kind=NoticeKind.ASSIGNED, key="x", service_request=sr)
    page = expert_browser.get(PAGE).content.decode()
    assert "Une demande que vous ne voyez plus" in page
    assert sr.reference not in page
    assert unread(expert_browser) == 1  # the number is that of the list


def test_the_number_costs_one_query_keeps_no_session_alive_and_is_the_staff_s(front, client):
    front.get("/agent/")
    with CaptureQueriesContext(connection) as asked:
        unread(front)
    tables = [query["sql"] for query in asked]
    assert len(tables) == 3  # the session, who it is, and the number
    assert not any(sql.startswith(("UPDATE", "INSERT")) for sql in tables)
    assert client.get(COUNT).status_code == 302


def test_a_list_of_notices_makes_the_same_queries_however_long(front, eas_agent):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            front.get(PAGE)
        return len(asked)

    def tell(key: str) -> None:
        about = make_request(state=State.EN_COURS)
        actions.notify([eas_agent], kind=NoticeKind.ASSIGNED, key=key, service_request=about)

    tell("first")
    front.get(PAGE)
    one = queries()
    for number in range(5):
        tell(str(number))
    assert queries() == one


def test_each_kind_is_by_page_only_or_by_mail_too(front, eas_agent, colleague, sr):
    choose = {"alerts": "daily", "mailed": ["assigned", "export"], "theme": "dark"}
    page = front.post("/agent/preferences/", choose | {"closing": "Bien à vous,"}, follow=True)
    assert 'data-bs-theme="dark"' in page.content.decode()
    assert "data-letter-keys" not in page.content.decode()
    actions.receive_message(request_id=sr.pk, body="Bonjour")  # by mail until it was unticked
    actions.assign_request(request_id=sr.pk, version=None, actor=eas_agent, assignee=colleague)
    actions.assign_request(request_id=sr.pk, version=None, actor=colleague, assignee=eas_agent)
    ask_list_export(
        actor=eas_agent,
        query="vue=mes-demandes",
        personal=False,
        file_format=SheetFormat.CSV,
        total=1,
        language="fr",
    )
    mail.outbox.clear()
    drain_outbox()
    subjects = [one.subject for one in mail.outbox if one.to == [eas_agent.email]]
    assert sorted(subjects) == sorted(
        [f"[{sr.reference}] demande qui vous est confiée", "Votre export est prêt"]
    )
    assert {"message", "assigned", "export"} <= set(kinds_of(eas_agent))


def test_an_agent_s_formula_stands_above_the_name_that_the_law_asks_for(front, eas_agent, sr):
    eas_agent.closing = "Bien à vous,\nMaison France services"
    eas_agent.save()
    data = {"version": sr.version, "body": "Nous passons jeudi.", "step": "preview"}
    page = front.post(f"/agent/demandes/{sr.reference}/write/", data).content.decode()
    lines = rf"Nous passons jeudi\..*Maison France services(\s|<br>)+{eas_agent.get_full_name()}, "
    assert re.search(lines, page, re.DOTALL)


def test_notices_are_forgotten_after_a_month(eas_agent):
    now = timezone.now()
    for key, days in (("old", 31), ("new", 29)):
        at = now - timedelta(days=days)
        actions.notify([eas_agent], kind=NoticeKind.DUE_TODAY, key=key, about="2", now=at)
    actions.sweep_notices(now)
    assert [one.key for one in Notice.objects.all()] == ["new"]
