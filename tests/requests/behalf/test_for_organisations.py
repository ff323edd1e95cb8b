"""Filing in an organisation's name, and its space shared by its members (S21)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens.enums import CheckState
from massy_grc.outbox.models import Delivery
from prestations.actions import choose_audience
from prestations.enums import Channel
from prestations.loading.catalogue import read_catalogue, write_catalogue
from prestations.models import Prestation
from requests import actions
from requests.copies import gather
from requests.models import Document, FilingDraft, ServiceRequest
from requests.space import EACH
from tests.backoffice.conftest import client_of
from tests.factories.answers import going_on, valid_answers
from tests.factories.citizens import make_account
from tests.factories.organisations import make_organisation
from tests.helpers import drain_outbox
from tests.requests.filed import file_request
from tests.requests.filing.support import check_url, fill, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

REPORT = "voirie-intervention-rapide"
GRANT = "association-subvention"
HALL = "association-location-salle"
CITIZENS_ONLY = "certificat-domicile"


def begin_for(client, code, organisation) -> FilingDraft:
    """Choose an organisation on the start page; what is asked before the form is answered."""
    response = client.post(
        f"/prestations/{code}/demande/", {"pour": f"organisme-{organisation.pk}"}
    )
    assert response.status_code == 302
    draft = FilingDraft.objects.latest("pk")
    draft.eligibility = going_on(draft.form_version)
    draft.save()
    return draft


def file_for(client, code, organisation, **corrections) -> ServiceRequest:
    draft = begin_for(client, code, organisation)
    answers, files = valid_answers(draft.form_version, Channel.WEB)
    answers["demandeur"] = {**answers["demandeur"], **corrections}
    assert fill(client, draft, answers, files) == check_url(draft)
    response = client.post(check_url(draft))
    assert response.status_code == 302, response.content.decode()
    draft.refresh_from_db()
    return draft.filed_request


def say(filed, agent, body="Pouvez-vous préciser ?"):
    filed.refresh_from_db()
    actions.write_message(request_id=filed.pk, version=filed.version, actor=agent, body=body)


def choices(client, code) -> list[str]:
    return re.findall(
        r'name="pour"[^>]*value="([^"]+)"',
        client.get(f"/prestations/{code}/demande/").content.decode(),
    )


def test_no_choice_is_told_above_the_form_and_in_the_title(browser, boss, garden):
    make_organisation(boss, rna="W913000002", name="Autre club")
    page = browser(boss).post(f"/prestations/{GRANT}/demande/", {}).text
    assert re.search(r"<title>\s*Erreur\s:", page)
    assert "error-summary" in page
    assert page.count("Choisissez pour qui vous faites cette demande.") == 2
    assert not FilingDraft.objects.exists()


def test_the_start_page_offers_the_organisations_for_which_it_is_open(browser, boss, garden):
    mine = browser(boss)
    theirs = f"organisme-{garden.pk}"
    assert choices(mine, REPORT) == ["moi", theirs]
    assert choices(mine, GRANT) == [theirs]
    assert choices(mine, CITIZENS_ONLY) == ["moi", "proche"]
    assert choices(Client(), REPORT) == []


@pytest.mark.parametrize("code", [REPORT, GRANT, HALL])
def test_a_request_is_filed_in_the_declared_name_whatever_the_form_was_sent(
    browser, boss, garden, code
):
    filed = file_for(
        browser(boss),
        code,
        garden,
        association_nom="Autre",
        raison_sociale="Autre",
        rna="W999999999",
    )
    assert filed.organisation_account == garden
    assert filed.organisation == garden.organisation
    assert filed.account == boss
    assert filed.requester_kind == "association"
    assert filed.requester_name.startswith("Les Jardins de Massy")
    given = filed.answers["demandeur"]
    assert "W999999999" not in given.values()
    assert "Autre" not in given.values()


def test_an_association_is_not_asked_whether_it_is_one(browser, boss, garden):
    mine = browser(boss)
    pour = {"pour": f"organisme-{garden.pk}"}
    first = mine.post(f"/prestations/{GRANT}/demande/", pour)["Location"]
    assert first.endswith("/1/")
    page = text_of(mine.get(first))
    assert "Représentez-vous une association" not in page
    assert "Étape 1" in page


def test_members_share_requests_and_drafts_and_nobody_else_does(browser, boss, colleague, garden):
    filed = file_for(browser(boss), REPORT, garden)
    begun = begin_for(browser(boss), HALL, garden)
    space = f"/compte/organisations/{garden.pk}/"
    other = browser(colleague)
    page = text_of(other.get(space))
    assert filed.reference in page
    assert str(begun.token) in page
    assert other.get(f"/demandes/{filed.reference}/").status_code == 200
    resume = re.search(rf'/prestations/{HALL}/demande/{begun.token}/[^"]*', page)[0]
    assert other.get(resume).status_code == 200
    stranger = browser(make_account())
    for client in (stranger, Client()):
        assert client.get(f"/demandes/{filed.reference}/").status_code == 404
        assert client.get(resume).status_code == 404
    assert stranger.get(space).status_code == 404


def test_what_is_an_organisations_is_not_in_the_members_own_space_nor_copy(browser, boss, garden):
    mine = browser(boss)
    filed = file_for(mine, REPORT, garden)
    assert filed.reference not in text_of(mine.get("/compte/demandes/"))
    copy = gather(boss.citizen)
    assert copy["demandes"] == []
    assert [one["numero"] for one in copy["demandes_pour_un_organisme"]] == [filed.reference]


def test_the_home_of_a_member_groups_what_each_organisation_asked(
    browser, boss, colleague, garden, proximite_agent
):
    club = make_organisation(boss, name="Club d’échecs", rna="W913000002")
    make_organisation(boss, name="Sans demande", rna="W913000003")
    mine = browser(boss)
    of_garden = [file_for(mine, REPORT, garden) for _ in range(EACH + 1)]
    of_club = file_for(mine, REPORT, club)
    mine_too = file_request(REPORT, account=boss)
    say(of_garden[0], proximite_agent)
    page = text_of(mine.get("/compte/"))
    own, at_club, at_garden = re.split(r"<h2 id=\"organisme-\d+\">", page)
    assert mine_too.reference in own
    assert (of_club.reference in at_club, "Club d’échecs" in at_club) == (True, True)
    assert "Les Jardins de Massy" in at_garden
    shown = [one for one in of_garden if one.reference in at_garden]
    assert len(shown) == EACH  # the others are behind the link to its space
    assert "Sans demande" not in page
    assert of_club.reference not in text_of(browser(colleague).get("/compte/"))


def test_messages_and_documents_of_an_organisation_are_its_members(
    browser, boss, colleague, garden, proximite_agent
):
    filed = file_for(browser(boss), REPORT, garden)
    say(filed, proximite_agent, "Où est le trou ?")
    document = Document.objects.create(
        request=filed, template="x", label="Arrêté", file="x.txt", size=1, sha256="1" * 64
    )
    space = f"/compte/organisations/{garden.pk}/"
    theirs = browser(colleague)
    assert "Où est le trou" in text_of(theirs.get(f"{space}messages/")).split("À lire")[1]
    page = text_of(theirs.get(f"{space}documents/"))
    assert f"/demandes/{filed.reference}/documents/{document.pk}/" in page
    assert "Où est le trou" not in text_of(theirs.get("/compte/messages/"))
    assert "Arrêté" not in text_of(theirs.get("/compte/documents/"))
    theirs.get(f"/demandes/{filed.reference}/")  # one member reads for all
    assert "À lire" not in text_of(browser(boss).get(f"{space}messages/"))
    stranger = browser(make_account())
    for path in ("messages/", "documents/"):
        assert stranger.get(f"{space}{path}").status_code == 404


def test_a_home_asks_as_much_for_one_organisation_as_for_many(browser, boss, garden):
    mine = browser(boss)

    def pages() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert mine.get("/compte/").status_code == 200
        return len(queries)

    file_for(mine, REPORT, garden)
    mine.get("/compte/")
    once = pages()
    for number in range(3):
        club = make_organisation(boss, name=f"Club {number}", rna=f"W91300001{number}")
        file_for(mine, REPORT, club)
    assert pages() == once


def test_the_last_administrator_closes_the_space_and_the_town_keeps_the_requests(
    browser, boss, colleague, garden, proximite_agent
):
    mine, theirs = browser(boss), browser(colleague)
    filed = file_for(mine, REPORT, garden)
    begun = begin_for(mine, HALL, garden)
    page = f"/compte/organisations/{garden.pk}/fermer/"
    assert theirs.get(page).status_code == theirs.post(page, {"sure": "on"}).status_code == 403
    assert "1 demande en cours reste" in text_of(mine.get(page))
    assert mine.post(page, {}).status_code == 200  # asked first
    garden.members.filter(account=colleague).update(role="administrateur")
    assert "Seul le dernier administrateur" in text_of(mine.get(page))
    mine.post(page, {"sure": "on"})
    garden.refresh_from_db()
    assert garden.closed_at is None
    garden.members.filter(account=colleague).update(role="membre")
    assert mine.post(page, {"sure": "on"})["Location"] == "/compte/organisations/"
    drain_outbox()
    garden.refresh_from_db()
    assert garden.closed_at is not None
    for client in (mine, theirs):
        assert client.get(f"/compte/organisations/{garden.pk}/").status_code == 404
        assert client.get(f"/demandes/{filed.reference}/").status_code == 404
    assert not FilingDraft.objects.filter(pk=begun.pk).exists()
    told = Delivery.objects.filter(subject__contains="l’espace est fermé")
    assert {one.to for one in told} == {boss.user.email, colleague.user.email}
    agents = text_of(client_of(proximite_agent).get(f"/agent/demandes/{filed.reference}/"))
    assert f"RNA {garden.rna}" in agents
    again = {"kind": "association", "name": "Les Jardins", "rna": garden.rna}
    mine.post("/compte/organisations/nouvelle/", again)
    assert boss.memberships.get().organisation_id != garden.pk


def test_a_removed_member_loses_everything_at_once(browser, boss, colleague, garden):
    theirs = browser(colleague)
    filed = file_for(theirs, REPORT, garden)
    begun = begin_for(theirs, HALL, garden)
    drain_outbox()
    mails = Delivery.objects.filter(to=filed.requester_email)
    links = [found for mail in mails for found in re.findall(r"(/suivi/lien/\S+)", mail.body)]
    assert links
    garden.members.get(account=colleague).delete()
    lookup = {"reference": filed.reference, "secret": filed.tracking_code}
    for path in (
        f"/demandes/{filed.reference}/",
        f"/compte/organisations/{garden.pk}/",
        f"/prestations/{HALL}/demande/{begun.token}/1/",
    ):
        assert theirs.get(path).status_code == 404, path
    response = theirs.get(links[0])
    assert theirs.get(response["Location"]).status_code == 404
    assert theirs.post("/suivi/", lookup).status_code == 200  # no such pair
    assert theirs.get(f"/demandes/{filed.reference}/").status_code == 404
    anonymous = Client()
    assert anonymous.get(links[0])["Location"].startswith("/compte/login/")
    assert browser(boss).get(f"/demandes/{filed.reference}/").status_code == 200


def test_nobody_files_for_an_organisation_of_others(browser, colleague, garden):
    stranger = browser(make_account())
    response = stranger.post(f"/prestations/{REPORT}/demande/", {"pour": f"organisme-{garden.pk}"})
    draft = FilingDraft.objects.first()
    assert draft is None or draft.organisation is None
    assert response.status_code in (200, 302)


def test_a_draft_of_a_refused_organisation_is_not_filed(browser, boss, garden):
    mine = browser(boss)
    draft = begin_for(mine, REPORT, garden)
    answers, files = valid_answers(draft.form_version, Channel.WEB)
    fill(mine, draft, answers, files)
    garden.state = CheckState.REFUSED
    garden.save()
    response = mine.post(check_url(draft))
    assert "n’est pas ouverte à ce public" in text_of(response)
    assert not ServiceRequest.objects.exists()
    assert choices(mine, REPORT) == []


def test_an_audience_switched_on_works_at_once_and_outlives_a_load(
    browser, client, login, boss, administrator
):
    company = make_organisation(
        boss, name="Boulangerie", kind="entreprise", rna="", siret="73282932000074"
    )
    mine = browser(boss)
    theirs = f"organisme-{company.pk}"
    assert choices(mine, CITIZENS_ONLY) == ["moi", "proche"]
    desk = login(client, administrator)
    page = f"/agent/parametrage/publics/{CITIZENS_ONLY}/"
    desk.post(page, {"audiences": ["citoyen", "entreprise"]})
    assert choices(mine, CITIZENS_ONLY) == ["moi", "proche", theirs]
    assert "Entreprises" in text_of(Client().get(f"/prestations/{CITIZENS_ONLY}/"))
    assert CITIZENS_ONLY in text_of(Client().get("/prestations/?public=entreprise"))
    assert write_catalogue(read_catalogue()).nothing_changed
    assert choices(mine, CITIZENS_ONLY) == ["moi", "proche", theirs]
    assert "a ouvert la prestation" in text_of(desk.get(page))
    desk.post(page, {"audiences": ["citoyen"]})
    assert choices(mine, CITIZENS_ONLY) == ["moi", "proche"]
    assert file_refused(mine, company)


def file_refused(client, company) -> bool:
    """A choice of before, posted after the audience was closed, begins nothing for it."""
    client.post(f"/prestations/{CITIZENS_ONLY}/demande/", {"pour": f"organisme-{company.pk}"})
    return not FilingDraft.objects.filter(organisation=company).exists()


@pytest.mark.parametrize(("code", "audiences"), [(GRANT, ["citoyen"]), (REPORT, [])])
def test_a_tick_that_cannot_be_is_refused(client, login, administrator, catalogue, code, audiences):
    before = Prestation.objects.get(pk=code).audiences
    response = login(client, administrator).post(
        f"/agent/parametrage/publics/{code}/", {"audiences": audiences}
    )
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Prestation.objects.get(pk=code).audiences == before


def test_a_form_does_not_say_an_audience_that_is_closed(browser, boss, garden, administrator):
    """A private person who answers « association » in a form closed to them is refused."""
    choose_audience(prestation_id=HALL, audience="association", is_open=False, actor=administrator)
    mine = browser(boss)
    response = mine.post(f"/prestations/{HALL}/demande/", {"pour": "moi"})
    draft = FilingDraft.objects.latest("pk")
    draft.eligibility = going_on(draft.form_version)
    draft.save()
    assert response.status_code == 302
    answers, files = valid_answers(draft.form_version, Channel.WEB)
    answers["demandeur"] |= {
        "type_demandeur": "association",
        "raison_sociale": "Club",
        "rna": "W913000009",
    }
    fill(mine, draft, answers, files)
    assert "n’est pas ouverte à ce public" in text_of(mine.post(check_url(draft)))
    assert not ServiceRequest.objects.exists()


def test_agents_see_and_find_the_organisation(browser, boss, garden, proximite_agent):
    filed = file_for(browser(boss), REPORT, garden)
    agent = client_of(proximite_agent)
    page = text_of(agent.get(f"/agent/demandes/{filed.reference}/"))
    assert f"RNA {garden.rna}" in page
    assert "Vérifié" in page
    for words in ("jardins", filed.requester_name.split()[-1]):
        assert filed.reference in text_of(agent.get("/agent/recherche/", {"q": words}))
