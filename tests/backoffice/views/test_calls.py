"""Notes taken while somebody speaks: several questions in one contact, qualified afterwards."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.models import Citizen
from massy_grc.audit.models import AccessRecord
from massy_grc.common.text import phone_digits
from prestations.enums import Role
from prestations.loading.search_index import index_search
from prestations.models import Prestation, Site
from prestations.models.catalogue import UNSORTED
from requests import actions
from requests.enums import ContactOutcome, State
from requests.models import CallBack, Contact, FilingDraft, InternalNote, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import PrestationFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
NUMBER = "06 12 34 56 78"
LOG = "/agent/accueil/appel/"
NOTES = "Un nid-de-poule rue Gambetta,\ndevant l’école.\n\nLa piscine ouvre quand\n\nUn acte perdu"


def noted(browser, **more):
    data = {"notes": NOTES, "channel": "telephone", "key": str(uuid.uuid4()), **more}
    answer = browser.post(LOG, data)
    assert browser.post(LOG, data).url == answer.url  # sent twice, it is one contact
    return answer.url, list(Contact.objects.order_by("id"))


def test_three_questions_of_one_call_end_in_a_request_an_answer_and_a_call(front, eas_agent):
    page, (pothole, pool, lost) = noted(front, caller="M. Keita", caller_phone="06 12 34 56 78")
    assert {one.outcome for one in (pothole, pool, lost)} == {ContactOutcome.OPEN}
    assert "Pas encore qualifiées" in front.get(LOG).content.decode()

    opened = front.post(f"{page}{pothole.pk}/", {"outcome": "request"}, follow=True)
    sr = ServiceRequest.objects.get()
    assert sr.reference in opened.content.decode()
    assert (sr.state, sr.arrived_at, sr.channel) == (State.A_QUALIFIER, pothole.at, "telephone")
    assert "devant l’école" in sr.answers["reponses"]["texte"]
    assert sr.requester_name == "M. KEITA"
    front.post(f"{page}{pothole.pk}/", {"outcome": "request"})
    assert ServiceRequest.objects.count() == 1

    front.post(f"{page}{pool.pk}/", {"outcome": "answered", f"{pool.pk}-answer": "9 h à 20 h"})
    number = f"{lost.pk}-phone"
    refused = front.post(f"{page}{lost.pk}/", {"outcome": "call-back", number: "12"})
    assert refused.context["form"].errors["phone"]
    front.post(f"{page}{lost.pk}/", {"outcome": "call-back", number: "06 12 34 56 78"})
    pool.refresh_from_db()
    assert (pool.outcome, pool.answer) == (ContactOutcome.ANSWERED, "9 h à 20 h")
    promised = CallBack.objects.get()
    assert (promised.contact, promised.phone) == (lost, "+33612345678")
    assert "tout est qualifié" in front.get(page).content.decode()


def test_a_ringing_telephone_opens_who_has_its_number(front):
    CitizenFactory(family_name="TREVIDIC", phone="+33612345678")
    for told in ("0612345678", "+33612345678", "%2B33612345678", "sip:0033612345678@example.org"):
        page = front.get(f"/agent/accueil/appel-entrant/?numero={told}", follow=True)
        assert "TREVIDIC" in page.content.decode()
        assert "Appel du <strong>06\xa012\xa034\xa056\xa078" in page.content.decode()
        assert f'"{LOG}?canal=telephone&amp;numero=0612345678"' in page.content.decode()
    within = front.get("/agent/accueil/appel-entrant/?numero=02619", follow=True)
    assert "Appel interne" in within.content.decode()
    assert within.context["q"] == ""
    hidden = front.get("/agent/accueil/appel-entrant/?numero=anonymous", follow=True)
    assert "ne donne pas son numéro" in hidden.content.decode()


def test_what_follows_a_ringing_telephone_keeps_its_channel_and_its_number(eas_agent):
    """At a counter too: the post is not how this person came."""
    unsorted = Prestation.objects.get(pk=UNSORTED)
    PrestationFactory(label="Zébrure téléphonée", channels=["telephone"])
    index_search()
    browser = client_of(eas_agent, post="guichet")
    known = CitizenFactory(family_name="TREVIDIC", phone="")
    carried = "canal=telephone&numero=0612345678"
    page = browser.get("/agent/accueil/appel-entrant/?numero=0612345678", follow=True)
    assert "Aucune fiche n’a ce numéro" in page.content.decode()
    new = f"/agent/citoyens/nouveau/?q=Keita&retour=accueil&{carried}"
    assert browser.get(new).context["form"]["phone"].value() == "0612345678"
    made = browser.post(new, {"family_name": "Keita", "residence": "inconnu"}).url
    assert made == f"/agent/accueil/?citoyen={Citizen.objects.latest('pk').pk}&{carried}"

    chosen = f"/agent/accueil/?citoyen={known.pk}&{carried}"
    shown = browser.get(f"{chosen}&p=zébrure")
    assert [one.channels for one in shown.context["prestations"]] == [["telephone"]]
    begin = f"/agent/accueil/ouvrir/?{carried}"
    assert shown.content.decode().count(begin.replace("&", "&amp;")) == 2
    form = browser.post(begin, {"prestation": unsorted.pk, "citoyen": known.pk}).url
    draft = FilingDraft.objects.get()
    assert (draft.channel, form.partition("?")[2]) == ("telephone", carried)
    assert phone_digits(draft.answers["demandeur"]["telephone"]) == "612345678"
    for page in (LOG, "/agent/accueil/contact/"):
        begun = browser.get(f"{page}?citoyen={known.pk}&{carried}").context["form"].initial
        number = begun.get("caller_phone") or begun.get("call_back_to")
        assert (begun["channel"], number) == ("telephone", NUMBER.replace(" ", "\xa0"))

    number = f"/agent/citoyens/{known.pk}/numero/"
    assert number in browser.get(chosen).content.decode()
    data = {"phone": "+33612345678", "known": "", "next": chosen}
    assert browser.post(number, data | {"known": "+33187654321"}).url == chosen
    assert not Citizen.objects.get(pk=known.pk).phone  # not what the page had shown
    browser.post(number, data)
    assert Citizen.objects.get(pk=known.pk).phone == "+33612345678"
    assert number not in browser.get(chosen).content.decode()


def test_a_question_qualified_too_soon_waits_again_unless_something_stays_of_it(
    front, eas_agent, supervisor
):
    known = CitizenFactory(phone="+33187654321")
    page, (pothole, pool, lost) = noted(front, citizen=known.pk, caller_phone=NUMBER)
    assert f"/agent/citoyens/{known.pk}/numero/" in front.get(page).content.decode()
    back = {"outcome": "open"}

    def became(one, outcome, **data):
        front.post(f"{page}{one.pk}/", {"outcome": outcome, **data})
        one.refresh_from_db()
        return one.outcome

    became(pothole, "answered", **{f"{pothole.pk}-answer": "9 h à 20 h"})
    assert "devant l’école" in front.get(page).content.decode()
    client_of(supervisor).post(f"{page}{pothole.pk}/", back)  # a colleague's
    told = front.post(f"{page}{pothole.pk}/", back, follow=True).content.decode()
    assert "Vous aviez noté\xa0: «\xa09 h à 20 h\xa0»" in told
    pothole.refresh_from_db()
    assert (pothole.outcome, pothole.answer) == (ContactOutcome.OPEN, NOTES.partition("\n\n")[0])
    again = front.post(f"{page}{pothole.pk}/", back, follow=True).content.decode()
    assert "ne se reprend plus" in again
    assert front.get(f"/agent/citoyens/{known.pk}/").content.decode().count(page) == 3

    number = {f"{lost.pk}-phone": NUMBER}
    assert became(lost, "call-back", **number) == "call-back"
    assert became(lost, "open") == "open"
    assert not CallBack.objects.exists()  # withdrawn, and promised anew
    became(lost, "call-back", **number)
    actions.mark_called_back(call_back_id=CallBack.objects.get().pk, actor=supervisor)
    assert became(lost, "open") == "call-back"
    became(pool, "request")
    assert became(pool, "open") == "request"
    assert "Revenir à qualifier" not in front.get(page).content.decode()


def test_the_caller_is_looked_up_without_losing_the_notes_or_stays_nobody(front):
    known = CitizenFactory(family_name="TREVIDIC", given_name="Solène")
    typed = {"notes": NOTES, "caller": "trevidic", "channel": "telephone", "step": "search"}
    page = front.post(LOG, typed).content.decode()
    assert "devant l’école" in page
    assert f'value="{known.pk}"' in page
    url, (first, *_others) = noted(front, citizen=known.pk)
    assert first.citizen == known
    url, rows = noted(front)
    nobody = rows[-1]
    front.post(f"{url}{nobody.pk}/", {"outcome": "request"})
    assert ServiceRequest.objects.get().requester_kind == "anonyme"


def test_a_colleague_of_the_place_qualifies_what_was_left_on_a_request_that_is_there(
    front, eas_agent, supervisor
):
    known = CitizenFactory(family_name="TREVIDIC", given_name="Solène")
    sr = make_request(citizen=known, front_agent=eas_agent)
    url, (pothole, pool, lost) = noted(front, citizen=known.pk)
    record = front.get(f"/agent/citoyens/{known.pk}/").content.decode()
    assert record.count("Pas encore qualifiée") == 3
    assert sr.reference in front.get(url).content.decode()  # who asked, beside the questions
    browser = client_of(supervisor)
    assert "Notées par des collègues" in browser.get(LOG).content.decode()
    assert "doit encore les qualifier" in browser.get(url).content.decode()
    assert AccessRecord.objects.filter(user=supervisor, object_id=known.pk).exists()
    added = {"outcome": "added", "reference": sr.reference}
    refused = browser.post(f"{url}{pothole.pk}/", added, follow=True)  # not theirs yet
    assert "Un collègue a repris" in refused.content.decode()
    front.post(f"{url}{pool.pk}/", {"outcome": "answered"})

    assert sr.reference in browser.post(f"{url}reprendre/", follow=True).content.decode()
    browser.post(f"{url}{pothole.pk}/", added)
    note = InternalNote.objects.get(request=sr)
    assert "devant l’école" in note.body
    assert list(note.mentions.values_list("person", flat=True)) == [eas_agent.pk]
    other = make_request()
    browser.post(f"{url}{lost.pk}/", {"outcome": "added", "reference": other.reference})
    assert not InternalNote.objects.filter(request=other).exists()
    states = [Contact.objects.get(pk=one.pk) for one in (pothole, pool, lost)]
    assert [one.outcome for one in states] == ["request", "answered", "open"]
    assert [one.taken_by for one in states] == [supervisor, None, supervisor]
    assert states[0].request == sr

    elsewhere = Site.objects.exclude(pk=pothole.site_id).first()
    eas_agent.memberships.update(site=elsewhere)
    supervisor.memberships.update(site=elsewhere)
    Contact.objects.update(agent=supervisor, taken_by=None)
    assert front.get(url).status_code == 404


def test_the_notes_of_a_place_make_the_same_queries_for_1_and_20(front, eas_agent, supervisor):
    url, (first,) = noted(front, notes="Une question", citizen=CitizenFactory().pk)
    browser = client_of(supervisor)
    for page in (LOG, url):
        browser.get(page)  # the first look of a day is noted
        with CaptureQueriesContext(connection) as few:
            browser.get(page)
        for number in range(19):
            citizen = CitizenFactory()
            agent = make_agent(Role.AGENT_EAS, first_name="A", last_name=f"B{page}{number}"[-20:])
            twin = Contact.objects.get(pk=first.pk)
            twin.pk, twin.citizen, twin.agent = None, citizen, agent
            if page == LOG:
                twin.conversation = uuid.uuid4()
            twin.save()
        with CaptureQueriesContext(connection) as many:
            browser.get(page)
        assert len(many) == len(few), page


def test_who_spoke_gets_no_record_but_by_the_agent_who_is_shown_the_likely_ones(front, eas_agent):
    known = CitizenFactory(family_name="TREVIDIC", given_name="Solène")
    page, (pothole, pool, lost) = noted(front, caller="Mme TREVIDIC Solène", caller_phone="06 1")
    assert f'value="{known.pk}"' in front.get(page).content.decode()
    front.post(f"{page}{pothole.pk}/", {"outcome": "request"})
    sr = ServiceRequest.objects.get()
    assert (sr.requester_name, sr.citizen, Citizen.objects.count()) == ("TREVIDIC Solène", None, 1)
    assert sr.answers["demandeur"]["prenom"] == "Solène"

    front.post(f"{page}personne/", {"citizen": known.pk})
    sr.refresh_from_db()
    rows = Contact.objects.filter(conversation=pothole.conversation)
    assert {sr.citizen, *(one.citizen for one in rows)} == {known}
    assert "C’est cette personne" not in front.get(page).content.decode()
    front.post(f"{page}{pool.pk}/", {"outcome": "added", "reference": sr.reference})
    record = front.get(f"/agent/citoyens/{known.pk}/")
    opened, *others = [one for one in record.context["page"].rows if one.reference]
    assert len(others) == 1  # the request with its call, and the question added to it
    assert any("Demande · Appel" in str(one.kind) for one in (opened, *others))
    calls = front.get(f"/agent/citoyens/{known.pk}/?voir=appels").context["page"].rows
    assert [one.reference for one in calls] == ["", sr.reference, sr.reference]
    front.post(f"{page}{lost.pk}/", {"outcome": "call-back", f"{lost.pk}-phone": NUMBER})
    calls = front.get(f"/agent/citoyens/{known.pk}/?voir=appels").context["page"].rows
    assert sum("Rappel promis" in str(one.badge) for one in calls) == 1

    data = {"notes": "Un badge perdu", "channel": "telephone", "key": str(uuid.uuid4())}
    page = front.post(LOG, data | {"caller": "Ngoma Aline"}).url
    new = "/agent/citoyens/nouveau/?q=Ngoma+Aline&appel=" + page.split("/")[-2]
    assert front.get(new).context["form"].initial["given_name"] == "Aline"
    created = front.post(new, {"family_name": "Ngoma", "residence": "inconnu"})
    assert created.url == page
    assert Contact.objects.latest("pk").citizen == Citizen.objects.get(family_name="Ngoma")
    assert client_of(eas_agent).post(f"{page}personne/", {"citizen": "0"}).status_code == 404


def test_what_was_noted_as_one_question_is_parted_into_several_once(front):
    known = CitizenFactory()
    notes = "Un acte perdu, et la piscine ?\n\nUne place en crèche"
    page, (only, last) = noted(front, notes=notes, citizen=known.pk)
    assert "Séparer en plusieurs questions" in front.get(page).content.decode()
    data = {"outcome": "separated", f"{only.pk}-known": 2}
    one_still = data | {f"{only.pk}-notes": "Un acte perdu, et la piscine !"}
    refused = front.post(f"{page}{only.pk}/", one_still).content.decode()
    assert "Laissez une ligne vide" in refused
    assert "la piscine !" in refused  # as it was typed
    parted = data | {f"{only.pk}-notes": "Un acte perdu\n\nLa piscine\nouvre quand\n\nUn badge"}
    told = front.post(f"{page}{only.pk}/", parted, follow=True).content.decode()
    assert "3 questions séparées" in told
    again = front.post(f"{page}{only.pk}/", parted, follow=True).content.decode()
    assert "déjà été séparées" in again
    assert "Un acte perdu, et la piscine ?" in told  # what the parts no longer say
    rows = Contact.objects.in_turn()
    parts = ["Un acte perdu", "La piscine ouvre quand", "Un badge", last.question]
    assert [one.question for one in rows] == parts
    assert [one.answer for one in rows] == ["", "La piscine\nouvre quand", "", ""]
    assert [bool(one.noted) for one in rows] == [True, False, False, False]
    same = ("conversation", "citizen", "agent", "taken_by", "site", "at", "channel", "outcome")
    assert rows.exclude(pk=last.pk).values_list(*same).distinct().count() == 1
