"""The citizen record: one page for all dealings, read by whom it concerns (S69, S86)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from backoffice.actions.holders import name_holder
from backoffice.chronology import Entry
from citizens.actions import review_duplicate, tie_household
from citizens.enums import DuplicateState
from citizens.models import Citizen, ConsentEvent, HouseholdTie, PossibleDuplicate
from massy_grc.audit.models import AccessRecord
from prestations.enums import Role
from prestations.models import Prestation, RightHolder
from prestations.translation import catalogue_html
from requests import actions
from requests.enums import State
from requests.models import CallBack, HandOver, Message, PersonalLetter, RecordNote
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory, make_account
from tests.factories.organisations import make_organisation
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db

HEAT = "canicule-inscription-beneficiaire"
VOIRIE = "voirie-assainissement"


@pytest.fixture
def citizen(catalogue):
    return CitizenFactory(family_name="Trévidic", given_name="Solène")


def page_of(citizen, name: str = "citizen", **more) -> str:
    return reverse(f"backoffice:{name}", kwargs={"citizen_id": citizen.pk, **more})


def text(response) -> str:
    return response.content.decode()


def tie(citizen, other, actor, quality="child", **more) -> HouseholdTie:
    return tie_household(
        citizen_id=citizen.pk,
        other_id=other.pk,
        quality=quality,
        shares_home=True,
        ground="declared",
        actor=actor,
        now=timezone.now(),
        **more,
    )


# --- one line of dealings ----------------------------------------------------------------------
def test_a_service_that_the_title_names_is_said_once_in_each_language(citizen):
    service = Prestation.objects.get(pk="acte-naissance-filiation")
    for language in ("fr", "en"):
        with override(language):
            title = catalogue_html(service.label)
            assert Entry(timezone.now(), title, title, prestation=service).about == ""


def dealings(citizen, agent, number: int) -> None:
    """So many requests with a message, contacts and letters, several at the same moment."""
    at = timezone.now() - timedelta(days=2)
    for n in range(number):
        sr = make_request(citizen=citizen, subject=f"Nid-de-poule {n}", arrived_at=at)
        Message.objects.create(
            request=sr, direction="out", channel="email", subject=f"Réponse {n}", body="x", at=at
        )
        HandOver.objects.create(request=sr, collected_by="Moi", proof="carte", by=agent, at=at)
        CallBack.objects.create(
            request=sr,
            about=f"Rappel {n}",
            starts_at=at,
            ends_at=at,
            owner=agent,
            promised_by=agent,
            promised_at=at,
            done_at=at,
            done_by=agent,
        )
        for channel in ("telephone", "guichet"):
            actions.log_contact(
                channel=channel, question=f"{channel} {n}", actor=agent, citizen=citizen
            )
        PersonalLetter.objects.create(
            citizen=citizen,
            key=f"{number}-{n}",
            subject=f"lettre {n}",
            address="Massy",
            created_at=at,
        )


def test_all_dealings_stand_in_one_line_by_kind_and_page(
    front, citizen, eas_agent, django_assert_max_num_queries
):
    dealings(citizen, eas_agent, 1)
    front.get(page_of(citizen))
    with CaptureQueriesContext(connection) as one:
        page = text(front.get(page_of(citizen)))
        queries = len(one)
    for words in (
        "Nid-de-poule 0",
        "Réponse 0",
        "telephone 0",
        "guichet 0",
        "Lettre 0",
        "Rappel 0",
        "remis à Moi",
    ):
        assert words in page
    calls = text(front.get(page_of(citizen) + "?voir=appels"))
    assert "telephone 0" in calls
    assert "guichet 0" not in calls
    assert "Nid-de-poule" not in calls
    dealings(citizen, eas_agent, 8)
    with django_assert_max_num_queries(queries):
        first = front.get(page_of(citizen))
    # forwards to the end, and back: each row once, in one order, though many share a moment
    seen, page = [], first.context["page"]
    while True:
        seen.append([(row.at, str(row.title)) for row in page.rows])
        if not page.next_query:
            break
        page = front.get(page_of(citizen) + page.next_query).context["page"]
    rows = [row for one_page in seen for row in one_page]
    assert len(rows) == 9 * 7
    assert [at for at, _title in rows] == sorted((at for at, _title in rows), reverse=True)
    back = []
    while page.previous_query:
        page = front.get(page_of(citizen) + page.previous_query).context["page"]
        back.append([(row.at, str(row.title)) for row in page.rows])
    assert back == seen[-2::-1]


def test_a_caller_whom_nothing_reaches_has_a_record_like_anybody(front, eas_agent):
    created = front.post(
        "/agent/citoyens/nouveau/",
        {"family_name": "Sansrien", "residence": "inconnu", "address": "2 rue Vide, 75011 Paris"},
        follow=True,
    )
    page = text(created)
    assert "Ni téléphone ni courriel\u00a0: répondre par courrier ou au guichet." in page
    assert "Extérieur" in page  # recognised from the address
    assert "d’après son adresse postale" in page
    citizen = Citizen.objects.get(family_name="Sansrien")
    Citizen.objects.filter(pk=citizen.pk).update(residence="massicois")
    assert "alors que son adresse dit\u00a0: extérieur" in text(front.get(page_of(citizen)))
    same = Citizen.objects.get(pk=citizen.pk).address
    assert actions.update_details(citizen_id=citizen.pk, address=same).residence == "massicois"
    moved = actions.update_details(citizen_id=citizen.pk, address="1 rue Vide, 92160 Antony")
    assert moved.residence == "exterieur"
    Citizen.objects.filter(pk=citizen.pk).update(address="", residence="inconnu")
    page = text(front.get(page_of(citizen)))
    assert "répondre au guichet" in page
    assert "aucune adresse connue" in page


# --- notes -------------------------------------------------------------------------------------
def test_a_note_is_read_by_its_circle_alone(front, citizen, eas_agent, proximite_agent, expert):
    def write(client, circle, body):
        data = {"circle": circle, "body": body}
        return client.post(page_of(citizen, "record_note"), data, follow=True)

    make_request(
        citizen=citizen,
        department_id=VOIRIE,
        department_since=timezone.now(),
        state=State.TRANSMISE,
    )
    roads, complaints = client_of(expert, post=None), client_of(proximite_agent)
    write(front, "team:eas", "Parle par signes")
    write(front, "front:", "Vient avec sa fille")
    write(roads, f"department:{VOIRIE}", "Chantier devant chez elle")
    refused = write(roads, "front:", "Pour tous")
    assert "Pour tous" in text(refused)  # what was typed comes back
    assert RecordNote.objects.count() == 3
    read = {
        name: {note.note.body for note in client.get(page_of(citizen)).context["notes"]}
        for name, client in (("eas", front), ("proximite", complaints), ("roads", roads))
    }
    assert read == {
        "eas": {"Parle par signes", "Vient avec sa fille"},
        "proximite": {"Vient avec sa fille"},
        "roads": {"Chantier devant chez elle"},
    }
    signs, daughter, _works = RecordNote.objects.order_by("pk")
    pin = {"note_id": signs.pk, "act": "epingler"}
    assert complaints.post(page_of(citizen, "record_note_act", **pin)).status_code == 404
    front.post(page_of(citizen, "record_note_act", **pin))
    first, *_others = front.get(page_of(citizen)).context["notes"]
    assert first.note == signs
    # pinned, it is met where one deals with the person
    here, other = make_request(citizen=citizen).get_absolute_url(), "Vient avec sa fille"
    reception = f"/agent/accueil/?citoyen={citizen.pk}"
    for page in (here, reception):
        assert "Parle par signes" in text(front.get(page))
        assert other not in text(front.get(page))
        assert "Parle par signes" not in text(complaints.get(page))
    taken = {"note_id": daughter.pk, "act": "retirer"}
    complaints.post(page_of(citizen, "record_note_act", **taken))
    assert "Seul l’auteur" in text(complaints.get(page_of(citizen)))
    front.post(page_of(citizen, "record_note_act", **taken))
    daughter.refresh_from_db()
    assert (daughter.body, daughter.withdrawn_at is not None) == ("", True)
    assert complaints.get(page_of(citizen)).context["notes"] == []

    account = make_account()
    make_organisation(account, name="Amis du lac")
    citizen, say = account.citizen, page_of(account.citizen, "record_consent")
    front.post(say, {"kind": "satisfaction", "given": "oui"})
    page = text(front.get(page_of(citizen)))
    assert "Texte et dates, version 1" in page
    assert "Auprès d’un agent (Nadia Petit)" in page
    assert "Amis du lac" in page
    assert "Administrateur" in page
    front.post(say, {"kind": "satisfaction", "given": "non"})
    words = [(one.given, one.source, one.actor) for one in ConsentEvent.objects.order_by("id")]
    assert words == [(True, "counter", eas_agent), (False, "counter", eas_agent)]
    # a newsletter begins with the link mailed to the address, not with a word at the counter
    assert front.post(say, {"kind": "newsletter", "given": "oui"}).status_code == 404


# --- another record ----------------------------------------------------------------------------
def test_two_records_that_no_rule_brings_together_are_compared(front, citizen, eas_agent):
    other = CitizenFactory(family_name="Ngoma", given_name="Aline", email="", phone="")
    pair = PossibleDuplicate.objects.create(citizen=other, other=citizen, reasons=[])
    review_duplicate(
        duplicate_id=pair.pk,
        actor=eas_agent,
        state=DuplicateState.DIFFERENT,
        now=timezone.now(),
    )
    choose = page_of(citizen, "merge_with")
    assert "NGOMA Aline" in text(front.get(f"{choose}?q=ngoma"))
    assert front.get(f"{choose}?q=trevidic").context["found"] == []
    compare = page_of(citizen, "compared", other_id=other.pk)
    assert compare in text(front.get(f"{choose}?q=ngoma"))
    far = CitizenFactory(family_name="Odo", usage_name="Trévidic", given_name=citizen.given_name)
    found = front.get(f"{choose}?q=trevidic").context["found"]
    married = "le nom de famille de l’une est le nom d’usage de l’autre"
    words = f"{married}, même prénom, même adresse postale"
    assert [(one, shared) for one, _known, shared in found] == [(far, words)]
    assert "(Trévidic)" in text(front.get(f"{choose}?q=trevidic"))
    far.delete()
    page = text(front.get(compare))
    assert "Ces deux fiches se contredisent" in page
    assert "ce sont deux personnes" in page
    assert AccessRecord.objects.filter(detail__why="compared").count() == 2
    pair.refresh_from_db()
    assert (pair.state, pair.reviewed_by) == (DuplicateState.DIFFERENT, eas_agent)
    assert front.get(page_of(citizen, "compared", other_id=citizen.pk)).status_code == 404

    third = CitizenFactory(family_name="Trévidic", given_name="Anne")
    compare = page_of(citizen, "compared", other_id=third.pk)
    preview = front.get(compare, {"apercu": "1", "given_name": "garde"})
    assert PossibleDuplicate.objects.count() == 1
    posted = {"seen": preview.context["form"]["seen"].value(), "ground": "asked"}
    made = front.post(compare, {**preview.context["chosen"], **posted}, follow=True)
    assert "n’en font plus qu’une" in text(made)


# --- rights and looks --------------------------------------------------------------------------
def test_a_department_reads_the_records_of_those_who_ask_it_something(citizen, expert, eas_agent):
    client = client_of(expert, post=None)
    assert client.get(page_of(citizen)).status_code == 404
    sr = make_request(
        citizen=citizen,
        department_id=VOIRIE,
        department_since=timezone.now(),
        state=State.TRANSMISE,
    )
    tie(citizen, CitizenFactory(family_name="Enfant"), eas_agent)
    page = text(client.get(page_of(citizen)))
    assert sr.reference in page
    assert page_of(citizen) in text(client.get(sr.get_absolute_url()))
    for kept_by_front in ("ENFANT", "Accords", "Réunir avec", "Nouvelle demande"):
        assert kept_by_front not in page
    look = AccessRecord.objects.filter(object_type="citizen").latest("pk")
    assert (look.user, look.detail) == (expert, {"why": "open"})


def test_what_is_reserved_is_read_by_the_named_and_each_look_is_reviewed(
    catalogue, citizen, eas_agent, proximite_agent, django_assert_max_num_queries
):
    register = make_request(prestation=catalogue[HEAT], citizen=citizen, subject="Registre 1")
    administrator = make_agent(Role.ADMINISTRATEUR, first_name="Ada", last_name="Min")
    name_holder(actor=administrator, user=eas_agent, prestation_id=HEAT)
    note = {"circle": f"holders:{HEAT}", "body": "Seule, appeler le matin"}
    client_of(eas_agent).post(page_of(citizen, "record_note"), note)
    others = text(client_of(proximite_agent).get(page_of(citizen)))
    assert register.reference not in others
    assert "appeler le matin" not in others
    assert "Réservée" not in others  # not even that there is something
    page = text(client_of(eas_agent).get(page_of(citizen)))
    assert register.reference in page
    assert "Réservée" in page
    assert "appeler le matin" in page
    assert AccessRecord.objects.filter(action="view_reserved").get().user == eas_agent

    officer = client_of(make_agent(Role.DPO, first_name="Odile", last_name="Rivière"), post=None)
    review = reverse("backoffice:looks")

    def rows(**chosen):
        return [
            (look.record.user, look.record.action, (look.record.detail or {}).get("why"))
            for look in officer.get(review, {"personne": citizen.pk, **chosen}).context["looks"]
            if look.record.action != "review"
        ]

    assert rows() == [
        (eas_agent, "view_reserved", "open"),
        (eas_agent, "view", "open"),
        (proximite_agent, "view", "none"),
    ]
    assert "aucun lien constaté" in text(officer.get(review, {"lien": "none"}))
    assert rows(agent=proximite_agent.pk) == rows()[2:]
    assert rows(lien="none") == rows()[2:]
    assert rows(reserve="on") == rows()[:1]
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert rows(du=tomorrow) == []
    assert len(rows(au=tomorrow)) == 3
    assert catalogue[HEAT].label in text(officer.get(review))
    assert AccessRecord.objects.filter(action="review", object_id=citizen.pk).exists()
    with CaptureQueriesContext(connection) as few:
        officer.get(review)
        queries = len(few)
    for number in range(9):
        client_of(eas_agent).get(page_of(CitizenFactory(family_name=f"Autre{number}")))
    with django_assert_max_num_queries(queries):
        officer.get(review)
    refused = client_of(proximite_agent).post(page_of(citizen, "record_note"), note)
    assert "error-summary" in text(refused)  # one is not named by an address
    assert "2 fois" in text(officer.get(review, {"lien": "none"}))  # a day's second look
    RecordNote.objects.update(pinned_at=timezone.now())
    here = make_request(citizen=citizen).get_absolute_url()
    assert "appeler le matin" not in text(client_of(proximite_agent).get(here))
    reserved = AccessRecord.objects.filter(action="view_reserved")
    before = reserved.count()
    assert "appeler le matin" in text(client_of(eas_agent).get(here))
    assert reserved.count() == before + 1
    RightHolder.objects.update(withdrawn_at=timezone.now())
    assert client_of(eas_agent).get(page_of(citizen)).context["notes"] == []
