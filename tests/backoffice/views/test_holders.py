"""Restricted prestations are read by those named for them alone (L7, S69)."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from backoffice.actions.holders import name_holder, withdraw_holder
from massy_grc.audit.models import AccessRecord
from massy_grc.outbox.models import Delivery
from prestations.enums import Role
from prestations.models import Prestation, RightHolder
from requests import actions
from requests.enums import AlertKind, ContactOutcome, State
from requests.exceptions import MissingInput, NotAllowed
from requests.models import Document, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import MembershipFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db

HEAT = "canicule-inscription-beneficiaire"
NOISE = "nuisances-voisinage"
PAGE = f"/agent/parametrage/acces/{HEAT}/"
PERSON = "Zéphyrine"
ANSWERS = {"demandeur": {"nom_famille": PERSON, "prenom": "Ida"}, "reponses": {}}


def named(user, code: str = HEAT, **more) -> RightHolder:
    administrator = make_agent(Role.ADMINISTRATEUR, first_name="Ada", last_name="Min")
    return name_holder(actor=administrator, user=user, prestation_id=code, **more)


@pytest.fixture
def register(catalogue):
    """An entry of the heat register, with its citizen."""
    return make_request(
        prestation=catalogue[HEAT],
        answers=ANSWERS,
        channel="guichet",
        citizen=CitizenFactory(family_name=PERSON),
        requester_name=PERSON,
        subject=f"Registre {PERSON}",
        due_at=timezone.now() - timedelta(days=1),
        state=State.EN_COURS,
    )


def everywhere(sr: ServiceRequest) -> list[str]:
    """The pages on which an agent of the front office would meet a request."""
    return [
        "/agent/",
        "/agent/demandes/?vue=toutes",
        "/agent/demandes/?vue=en-retard",
        f"/agent/demandes/?vue=toutes&filtrer=oui&q={PERSON}",
        f"/agent/demandes/?vue=toutes&filtrer=oui&prestation={HEAT}",
        f"/agent/recherche/?q={sr.reference}",
        f"/agent/citoyens/{sr.citizen_id}/",
        "/agent/courriers/",
    ]


def test_a_refused_name_is_summed_up_once(catalogue, administrator):
    page = client_of(administrator).post(PAGE, {"user": ""}).content.decode()
    assert page.count('id="erreurs-titre"') == 1


def test_who_is_not_named_meets_it_nowhere(front, register):
    letter = Document(request=register, label="Courrier", to_print=True, size=1)
    letter.file.save("lettre.txt", ContentFile(b"x"))
    for address in everywhere(register):
        page = front.get(address, follow=True).content.decode()
        assert register.get_absolute_url() not in page, address
        assert register.subject not in page, address
    assert front.get(register.get_absolute_url()).status_code == 404
    assert front.post(f"{register.get_absolute_url()}note/", {"body": "x"}).status_code == 404
    rail = front.get("/agent/").context["views"]
    assert {view["label"]: view["count"] for view in rail}["Ouvertes"] == "0"


def test_who_is_named_works_on_it_until_it_is_withdrawn(eas_agent, register):
    row = named(eas_agent)
    client = client_of(eas_agent)
    assert register.reference in client.get("/agent/demandes/?vue=toutes").content.decode()
    assert client.get(register.get_absolute_url()).status_code == 200
    withdraw_holder(actor=row.granted_by, holder_id=row.pk)
    assert client.get(register.get_absolute_url()).status_code == 404
    acts = AccessRecord.objects.filter(object_type="user", object_id=eas_agent.pk)
    assert list(acts.order_by("pk").values_list("action", flat=True)) == [
        f"name:{HEAT}",
        f"unname:{HEAT}",
    ]


def test_a_name_ends_with_its_last_day(eas_agent, register):
    named(eas_agent, until=timezone.localdate())
    assert client_of(eas_agent).get(register.get_absolute_url()).status_code == 200
    RightHolder.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert client_of(eas_agent).get(register.get_absolute_url()).status_code == 404


def test_a_name_gives_no_work_by_itself(expert, register):
    named(expert)
    assert client_of(expert, post=None).get(register.get_absolute_url()).status_code == 404


def test_a_department_reads_what_its_named_people_may(catalogue, head):
    officer = make_agent(
        Role.AGENT_EXPERT, first_name="Paul", last_name="Ice", department_id="police-municipale"
    )
    colleague = make_agent(
        Role.AGENT_EXPERT, first_name="Luc", last_name="Ice", department_id="police-municipale"
    )
    named(officer, NOISE)
    sr = make_request(
        prestation=catalogue[NOISE],
        department_id="police-municipale",
        department_since=timezone.now(),
        state=State.TRANSMISE,
    )
    assert client_of(officer, post=None).get(sr.get_absolute_url()).status_code == 200
    assert client_of(colleague, post=None).get(sr.get_absolute_url()).status_code == 404


def test_who_files_at_the_counter_gives_the_receipt_and_sees_no_more(
    eas_agent, catalogue, text_letters
):
    sr = make_request(
        prestation=catalogue[HEAT], answers=ANSWERS, actor=eas_agent, channel="guichet"
    )
    drain_outbox()
    client = client_of(eas_agent)
    page = client.get(f"/agent/accueil/enregistree/{sr.reference}/").content.decode()
    assert sr.reference in page
    assert "Demande réservée" in page
    assert f'href="{sr.get_absolute_url()}"' not in page
    assert client.get(f"/agent/accueil/enregistree/{sr.reference}/recu/").status_code == 200
    assert client.get(sr.get_absolute_url()).status_code == 404
    sr.refresh_from_db()
    assert (sr.front_agent, sr.assignee) == (None, None)
    ServiceRequest.objects.update(filed_at=timezone.now() - timedelta(hours=2))
    assert client.get(f"/agent/accueil/enregistree/{sr.reference}/").status_code == 404


def test_nobody_else_gives_its_receipt(eas_agent, proximite_agent, catalogue):
    sr = make_request(
        prestation=catalogue[HEAT], answers=ANSWERS, actor=eas_agent, channel="guichet"
    )
    page = f"/agent/accueil/enregistree/{sr.reference}/"
    assert client_of(proximite_agent).get(page).status_code == 404


def test_figures_count_it_and_their_list_says_nothing_of_it(supervisor, register):
    client = client_of(supervisor)
    page = client.get("/agent/demandes/?vue=pilotage").content.decode()
    assert "Réservée aux agents nommés" in page
    assert PERSON not in page
    assert register.reference not in page
    found = client.get(f"/agent/demandes/?vue=pilotage&filtrer=oui&q={PERSON}")
    assert len(found.context["page"].rows) == 0


def test_mails_go_to_the_named_alone(supervisor, register):
    other = make_agent(Role.SUPERVISEUR, first_name="Léa", last_name="Nom")
    MembershipFactory(user=other, role=Role.SUPERVISEUR, team_id="proximite")
    named(other)
    actions.raise_alert(
        request_id=register.pk, kind=AlertKind.SEVERELY_LATE, about="x", now=timezone.now()
    )
    drain_outbox()
    told = Delivery.objects.filter(about=f"request:{register.pk}", to__contains="agent")
    assert {one.to for one in told} == {other.email}


def test_it_is_given_to_nobody_else(eas_agent, proximite_agent, register):
    named(eas_agent)
    with pytest.raises(NotAllowed, match="nommée"):
        actions.assign_request(
            request_id=register.pk, version=None, actor=eas_agent, assignee=proximite_agent
        )


def test_a_call_about_it_is_not_listed_for_others(front, eas_agent, catalogue):
    actions.log_contact(
        channel="telephone",
        prestation=catalogue[HEAT],
        question=f"Inscrire {PERSON}",
        actor=make_agent(Role.AGENT_EAS, first_name="Une", last_name="Autre"),
        outcome=ContactOutcome.CALL_BACK,
        call_back_to="+33612345678",
    )
    assert PERSON not in front.get("/agent/accueil/rappels/").content.decode()
    named(eas_agent)
    assert PERSON in client_of(eas_agent).get("/agent/accueil/rappels/").content.decode()


# --- naming ------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.ADMINISTRATEUR, Role.DPO])
def test_the_page_names_and_withdraws(role, eas_agent):
    client = client_of(make_agent(role, first_name="Ida", last_name="Chef"))
    assert "aucun agent ne lit" in client.get("/agent/parametrage/acces/").content.decode()
    until = timezone.localdate() + timedelta(days=30)
    client.post(PAGE, {"user": eas_agent.pk, "until": until.isoformat()})
    row = RightHolder.objects.get()
    assert (row.user, row.granted_by.first_name, row.until) == (eas_agent, "Ida", until)
    assert "Nadia Petit" in client.get("/agent/parametrage/acces/").content.decode()
    client.post(f"/agent/parametrage/acces/retirer/{row.pk}/")
    page = client.get(PAGE).content.decode()
    assert "retiré le" in page
    assert not RightHolder.objects.current().exists()


def test_a_restricted_prestation_that_nobody_reads_is_told(eas_agent):
    client = client_of(make_agent(Role.ADMINISTRATEUR, first_name="Ida", last_name="Chef"))
    number = Prestation.objects.restricted().count()
    assert f"{number} prestations réservées" in client.get("/agent/parametrage/").content.decode()


def test_naming_has_its_limits(eas_agent, supervisor):
    with pytest.raises(NotAllowed):
        name_holder(actor=supervisor, user=eas_agent, prestation_id=HEAT)
    with pytest.raises(MissingInput, match="passé"):
        named(eas_agent, until=date(2020, 1, 1))
    with pytest.raises(Prestation.DoesNotExist):
        named(eas_agent, "acte-naissance-filiation")


def test_naming_anew_changes_the_last_day(eas_agent):
    first = named(eas_agent)
    named(eas_agent, until=timezone.localdate())
    assert RightHolder.objects.current().get().until == timezone.localdate()
    assert RightHolder.objects.get(pk=first.pk).withdrawn_at is not None
