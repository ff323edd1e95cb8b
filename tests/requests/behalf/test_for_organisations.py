"""Filing in an organisation's name, and its space shared by its members (S21)."""

import re

import pytest
from django.test import Client

from citizens.enums import CheckState
from massy_grc.outbox.models import Delivery
from prestations.actions import choose_audience
from prestations.enums import Channel
from prestations.loading.catalogue import read_catalogue, write_catalogue
from prestations.models import Prestation
from requests.copies import gather
from requests.models import FilingDraft, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.answers import going_on, valid_answers
from tests.factories.citizens import make_account
from tests.factories.organisations import make_organisation
from tests.helpers import drain_outbox
from tests.requests.filing.support import check_url, fill, text_of

pytestmark = pytest.mark.django_db

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


def choices(client, code) -> list[str]:
    return re.findall(
        r'name="pour"[^>]*value="([^"]+)"',
        client.get(f"/prestations/{code}/demande/").content.decode(),
    )


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
    for page in ("/compte/", "/compte/demandes/"):
        assert filed.reference not in text_of(mine.get(page))
    copy = gather(boss.citizen)
    assert copy["demandes"] == []
    assert [one["numero"] for one in copy["demandes_pour_un_organisme"]] == [filed.reference]


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
