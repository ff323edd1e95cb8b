"""The contract of a department: its five sections, its readers, what was kept (S28, S77)."""

import re
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backoffice.actions.contracts import heads_of
from massy_grc.outbox.models import Delivery
from prestations.agreeing import write_contract
from prestations.agreements import agreement_of, promise_of
from prestations.calendars import PARIS
from prestations.configuration.putting import put_state
from prestations.enums import ContractSection, Role
from prestations.exceptions import ChangeRefused, EmptySections
from prestations.loading.reference import load_reference
from prestations.models import (
    ConfigurationChange,
    ContractProposal,
    ContractVersion,
    Department,
    LevelAnswer,
    Prestation,
    ServiceContract,
    ServiceLevel,
)
from requests.actions.notices import choose_notice_mail
from requests.enums import NoticeKind
from requests.models import Notice
from tests.backoffice.conftest import client_of
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db
POTHOLE, ROADS = "voirie-intervention-rapide", "voirie-assainissement"
TREES, PARKS = "espaces-verts-entretien", "espaces-verts"
LIST = "/agent/parametrage/delais/"
# January 2026: the 12th is a Monday, no public holiday follows in the month
MONDAY = datetime(2026, 1, 12, 10, tzinfo=PARIS)
WRITTEN = {
    "prestations": [TREES],
    "information": "Lieu et photo.",
    "take_days": 1,
    "treat_days": 4,
    "on_time_percent": 75,
    "resources": "Un correspondant nommé.",
    "evaluation": "Revue trimestrielle.",
}


def page_of(department: str) -> str:
    return f"/agent/parametrage/contrats/{department}/"


def pair(prestation: str, department: str):
    return Prestation.objects.get(pk=prestation), Department.objects.get(pk=department)


def head_of(department: str):
    name = department.title()
    return make_agent(Role.CHEF_SERVICE, first_name="Ada", last_name=name, department_id=department)


def agreed(client, department: str, terms) -> None:
    """Propose a contract, and approve it as the department's head."""
    client.post(f"{page_of(department)}ecrire/", terms)
    waiting = ContractProposal.objects.filter(department=department, approved=None).first()
    if waiting is not None:
        known = heads_of(waiting.department)
        head = known[0] if known else head_of(department)
        answer = {"proposal": waiting.pk, "answer": "approuver"}
        assert client_of(head).post(f"{page_of(department)}repondre/", answer).status_code == 302


def test_the_five_sections_of_the_reference_data_are_shown(administrator):
    page = client_of(administrator).get(page_of(ROADS)).content.decode()
    titles = re.findall(r"<h2[^>]*>(\d)\. ([^<]+)</h2>", page)
    assert [title for _number, title in titles] == ContractSection.labels
    for words in ("avis technique", "10 jours ouvrés", "créneau quotidien", "evue trimestrielle"):
        assert words in page


def test_the_page_lists_departments_with_and_without_a_contract(administrator):
    page = client_of(administrator).get(LIST)
    assert {one.pk for one, _contract, _kept in page.context["contracts"]} == {
        ROADS,
        "petite-enfance",
    }
    assert PARKS in {one.pk for one in page.context["without"]}
    assert f'href="{page_of(PARKS)}"' in page.content.decode()


def test_a_contract_is_written_kept_and_outlives_a_load(administrator):
    client = client_of(administrator)
    agreed(client, PARKS, WRITTEN)
    agreed(client, PARKS, WRITTEN)  # the same again is no change
    load_reference()
    version = ContractVersion.objects.get()
    assert (version.actor, version.department_id) == (administrator, PARKS)
    trees, parks = Prestation.objects.get(pk=TREES), Department.objects.get(pk=PARKS)
    assert agreement_of(trees, parks).treat_days == 4
    assert administrator.get_full_name() in client.get(page_of(PARKS)).content.decode()


def test_a_contract_is_in_force_with_the_accord_of_both_sides_only(administrator, head, expert):
    """Proposed, refused with a reason, proposed again, approved by the department's head (S3)."""
    client, roads = client_of(administrator), f"{page_of(ROADS)}repondre/"
    before = ServiceContract.objects.get(pk=ROADS).treat_days
    client.post(f"{page_of(ROADS)}ecrire/", {**WRITTEN, "prestations": [POTHOLE]})
    first = ContractProposal.objects.get()
    assert ServiceContract.objects.get(pk=ROADS).treat_days == before
    assert Delivery.objects.get(about="contract").to == head.email
    answer = {"proposal": first.pk, "answer": "approuver"}
    assert client.post(roads, answer).status_code == 403  # not by who proposes
    assert client_of(expert).post(roads, answer).status_code == 403
    elsewhere = head_of(PARKS)
    assert client_of(elsewhere).post(roads, answer).status_code == 404
    browser = client_of(head)
    assert "Approuver le contrat" in browser.get(page_of(ROADS)).content.decode()
    notices = browser.get("/agent/notifications/").content.decode()
    assert "propose un contrat de service" in notices
    assert page_of(ROADS) in notices
    refused = browser.post(roads, {**answer, "answer": "refuser"})
    assert "why" in refused.context["form"].errors
    assert 'href="#id_why"' in refused.content.decode()
    first.refresh_from_db()
    assert first.approved is None  # a refusal says why
    browser.post(roads, {**answer, "answer": "refuser", "why": "Quatre jours, c’est trop court."})
    first.refresh_from_db()
    assert (first.approved, first.decided_by) == (False, head)
    told = Delivery.objects.get(about="contract", to=administrator.email).body
    assert "trop court" in told
    assert "refuse le contrat" in client.get("/agent/notifications/").content.decode()
    again = client.get(f"{page_of(ROADS)}ecrire/")
    assert again.context["form"]["treat_days"].value() == WRITTEN["treat_days"]  # what was refused
    assert "trop court" in again.content.decode()
    in_force = client.get(f"{page_of(ROADS)}ecrire/?depuis=vigueur").context["form"]
    assert in_force["treat_days"].value() == before
    for days in (5, 7):
        client.post(
            f"{page_of(ROADS)}ecrire/", {**WRITTEN, "prestations": [POTHOLE], "treat_days": days}
        )
    replaced = ContractProposal.objects.get(treat_days=5)
    late = browser.post(roads, {**answer, "proposal": replaced.pk}, follow=True)
    assert "Elle a été remplacée\u00a0: voici la nouvelle." in late.content.decode()
    choose_notice_mail(user=head, chosen={NoticeKind.CONTRACT: False})
    mails = Delivery.objects.filter(to=head.email)
    written = mails.count()
    waiting = ContractProposal.objects.get(approved=None)
    client.post(f"{page_of(ROADS)}retirer/", {"proposal": waiting.pk})
    waiting.refresh_from_db()
    assert (waiting.approved, waiting.decided_by, mails.count()) == (False, administrator, written)
    assert "retire ou remplace" in browser.get("/agent/notifications/").content.decode()
    agreed(client, ROADS, {**WRITTEN, "prestations": [POTHOLE], "treat_days": 6})
    version = ContractVersion.objects.get()
    assert version.actor == administrator
    assert version.approved_by == head
    assert ServiceContract.objects.get(pk=ROADS).treat_days == 6
    change = ConfigurationChange.objects.get(kind="contracts")
    assert change.actor == head
    back = f"/agent/parametrage/historique/{change.pk}/revenir/avant/"
    told = client.post(back, {"seen": client.get(back).context["seen"]}, follow=True)
    assert "une deuxième personne l’approuve" in told.content.decode()
    assert ServiceContract.objects.get(pk=ROADS).treat_days == 6
    assert ContractProposal.objects.get(approved=None).treat_days == before
    days = f"{LIST}{POTHOLE}/{ROADS}/"
    assert (
        "le responsable du service le saura"
        in client.post(days, {"treat_days": 2}, follow=True).content.decode()
    )
    assert "plus stricts que votre contrat" in browser.get("/agent/notifications/").content.decode()
    # the same by the history and by a file: told each time, and never beyond the promise
    client.post(days, {"treat_days": 6})
    stricter = Notice.objects.filter(user=head, about__startswith="delais:")
    kept = ConfigurationChange.objects.filter(kind="service_levels").latest("pk")
    back = f"/agent/parametrage/historique/{kept.pk}/revenir/avant/"
    client.post(back, {"seen": client.get(back).context["seen"]})
    assert (agreement_of(*pair(POTHOLE, ROADS)).treat_days, stricter.count()) == (2, 2)
    level = {"prestation": POTHOLE, "department": ROADS, "take_days": None}
    level |= {"first_answer_days": None, "treat_days": 9_999}
    with pytest.raises(ChangeRefused, match="dépasse la promesse"):
        put_state("service_levels", f"{POTHOLE}:{ROADS}", level, actor=administrator)
    page = client.get(page_of(ROADS)).content.decode()
    assert "sans accord du service" in page
    assert "retirée par l’accueil" in page
    assert "trop court" in page
    assert "approuvé par" in page
    level = ServiceLevel.objects.latest("pk")
    delays = {"level": level.pk, "answer": "accepter"}
    assert client.post(f"{page_of(ROADS)}delais/", delays).status_code == 403
    browser.post(f"{page_of(ROADS)}delais/", {**delays, "answer": "refuser"})
    assert not LevelAnswer.objects.exists()  # a refusal says why
    browser.post(f"{page_of(ROADS)}delais/", delays)
    browser.post(f"{page_of(ROADS)}delais/", delays)  # answered once
    assert LevelAnswer.objects.get().by == head
    assert "acceptés par" in client.get(page_of(ROADS)).content.decode()
    assert "accepte les délais" in client.get("/agent/notifications/").content.decode()
    assert "approuve le contrat" in client.get("/agent/notifications/").content.decode()


def test_a_load_leaves_alone_what_the_town_wrote_over_the_file(administrator):
    client = client_of(administrator)
    agreed(client, ROADS, {**WRITTEN, "prestations": [POTHOLE]})
    load_reference()
    assert ServiceContract.objects.get(pk=ROADS).information == "Lieu et photo."


@pytest.mark.parametrize(
    ("field", "section"),
    [
        ("prestations", ContractSection.PRESTATIONS),
        ("information", ContractSection.INFORMATION),
        ("treat_days", ContractSection.PERFORMANCE),
        ("resources", ContractSection.RESOURCES),
        ("evaluation", ContractSection.EVALUATION),
    ],
)
def test_an_empty_section_is_refused_by_its_name(administrator, field, section):
    words = {name: value for name, value in WRITTEN.items() if name != field}
    page = client_of(administrator).post(f"{page_of(PARKS)}ecrire/", words).content.decode()
    assert f"section du contrat est vide\u00a0: «\u00a0{section.label}\u00a0»" in page
    assert not ContractVersion.objects.exists()
    prestations = Prestation.objects.filter(pk=TREES)
    given = {**WRITTEN, "prestations": prestations}
    given[field] = prestations.none() if field == "prestations" else type(WRITTEN[field])()
    with pytest.raises(EmptySections, match=str(section.label)):
        write_contract(department=Department.objects.get(pk=PARKS), actor=administrator, **given)


def test_nobody_takes_up_what_is_already_due_back_nor_outlives_the_promise(administrator):
    page = client_of(administrator).post(f"{page_of(PARKS)}ecrire/", {**WRITTEN, "take_days": 5})
    assert "ne peut pas venir après le retour du service" in page.content.decode()
    page = client_of(administrator).post(f"{page_of(PARKS)}ecrire/", {**WRITTEN, "treat_days": 300})
    trees = Prestation.objects.get(pk=TREES)
    assert f"«\xa0{trees.label}\xa0» ({promise_of(trees)} jours ouvrés)" in page.content.decode()
    assert not ContractProposal.objects.exists()


def test_a_version_is_never_rewritten(administrator):
    agreed(client_of(administrator), PARKS, WRITTEN)
    with pytest.raises(DatabaseError), transaction.atomic():
        ContractVersion.objects.update(take_days=9)


def test_a_head_reads_their_own_contract_from_the_dashboard_and_changes_nothing(head):
    client = client_of(head)
    assert f'href="{page_of(ROADS)}"' in client.get("/pilotage/").content.decode()
    page = client.get(page_of(ROADS))
    assert page.status_code == 200
    assert "ecrire/" not in page.content.decode()
    assert client.get(page_of(PARKS)).status_code == 404
    assert client.post(f"{page_of(ROADS)}ecrire/", WRITTEN).status_code == 403


def test_the_front_office_s_manager_reads_them_all(supervisor):
    client = client_of(supervisor)
    assert "/ecrire/" not in client.get(page_of(ROADS)).content.decode()
    listed = client.get(LIST).content.decode()
    assert f'href="{page_of(PARKS)}"' in listed
    assert f"{LIST}{POTHOLE}/" not in listed  # the delays are the administrator's
    assert f'href="{LIST}"' in client.get("/agent/parametrage/").content.decode()


def test_the_pages_ask_as_much_for_one_department_as_for_three(administrator):
    client = client_of(administrator)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    count()  # warm
    queries = count()
    agreed(client, PARKS, WRITTEN)
    own = Prestation.objects.offered().filter(expert_department="gestion-dechets")
    told = {**WRITTEN, "prestations": [one.pk for one in own]}
    agreed(client, "gestion-dechets", told)
    assert ContractVersion.objects.count() == 2
    assert count() == queries
