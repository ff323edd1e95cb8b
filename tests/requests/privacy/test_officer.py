"""The officer's pages: the clock of rights, rules, holds, the erasure of a person."""

import re
from datetime import timedelta

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from massy_grc.outbox.models import Delivery
from prestations.forms import Questionnaire
from prestations.models import Prestation
from requests import actions, tasks
from requests.enums import State
from requests.models import Erasure, FilingDraft, ServiceRequest
from requests.tracking import tracking_link
from tests.backoffice.conftest import client_of
from tests.factories.answers import valid_answers
from tests.factories.citizens import CitizenFactory, make_account
from tests.factories.prestations import MembershipFactory
from tests.factories.requests import make_request
from tests.helpers import drain_outbox
from tests.requests.filing.support import step_url, text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("text_letters")]


@pytest.fixture
def desk(officer):
    return client_of(officer, post=None)


@pytest.fixture
def right(catalogue):
    """A request to erase, filed ten days ago."""
    return make_request(
        prestation=Prestation.objects.get(pk="rgpd-exercice-droits"),
        answers={
            "demandeur": {
                "nom_famille": "Haddad",
                "prenom": "Sami",
                "email": "haddad@courriel.example",
            },
            "reponses": {"droit": "effacement"},
        },
        days_ago=10,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arrived", "due", "extended"),
    [
        # one month and three, counted by hand with a calendar in the hand (regulation 1182/71)
        ("2026-03-14", "2026-04-14", "2026-06-15"),  # 14 June is a Sunday
        ("2026-04-01", "2026-05-04", "2026-07-01"),  # 1 May is a holiday, a Friday
        ("2026-11-25", "2026-12-28", "2027-02-25"),  # Christmas is a Friday
        ("2026-01-31", "2026-03-02", "2026-04-30"),  # 28 February is a Saturday
        ("2026-03-06", "2026-04-07", "2026-06-08"),  # Easter Monday; 6 June is a Saturday
        ("2026-02-14", "2026-03-16", "2026-05-15"),  # a Saturday; Ascension
        ("2026-10-01", "2026-11-02", "2027-01-04"),  # All Saints' is a Sunday; New Year a Friday
    ],
)
def test_a_right_is_answered_within_one_month_that_ends_on_a_working_day(
    officer, catalogue, arrived, due, extended
):
    with time_machine.travel(f"{arrived}T09:30:00+00:00", tick=False):
        sr = make_request(
            prestation=catalogue["rgpd-exercice-droits"],
            answers={"demandeur": {"nom_famille": "Haddad", "prenom": "Sami"}, "reponses": {}},
        )
        assert timezone.localtime(sr.due_at).date().isoformat() == due
        actions.extend_request(request_id=sr.pk, version=None, actor=officer, reason="Long.")
    sr.refresh_from_db()
    assert timezone.localtime(sr.due_at).date().isoformat() == extended


def test_it_goes_to_the_officers_department_and_stands_on_the_page(desk, right):
    drain_outbox()
    right.refresh_from_db()
    assert right.department_id == "protection-donnees"
    text = text_of(desk.get(reverse("backoffice:privacy")))
    assert right.reference in text
    assert "Effacement" in text
    assert "Échéance" in text


def test_two_more_months_once_with_the_reasons_told(desk, right):
    drain_outbox()
    mail.outbox.clear()
    address = reverse("backoffice:privacy_extend", args=[right.reference])
    desk.post(address, {"reason": ""})
    before = right.due_at
    desk.post(address, {"reason": "Vos données sont dans cinq services."})
    undo = reverse(
        "backoffice:privacy_undo_extension", args=[right.reference, right.sendings.get().pk]
    )
    desk.post(undo)
    right.refresh_from_db()
    assert right.due_at == before
    assert "cinq services" in text_of(desk.get(reverse("backoffice:privacy")))  # to be put right
    desk.post(address, {"reason": "Vos données sont dans quatre services."})
    drain_outbox()
    assert "cinq services" not in "".join(one.body for one in mail.outbox)
    right.refresh_from_db()
    two_months = timezone.localdate(before) + relativedelta(months=2)  # or the next day of work
    assert two_months <= timezone.localdate(right.due_at) < two_months + timedelta(days=5)
    (told,) = [one for one in mail.outbox if "quatre services" in one.body]
    assert "haddad@courriel.example" in told.to
    due = right.due_at
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):  # it can be undone no more
        page = text_of(Client().get(tracking_link(right), follow=True))
    assert "Délai de réponse prolongé" in page
    assert "La loi nous laisse deux mois de plus" in page
    desk.post(address, {"reason": "Encore."})
    right.refresh_from_db()
    assert right.due_at == due


def test_no_extension_after_the_first_month(officer, right):
    due = right.due_at
    with time_machine.travel(timezone.now() + timedelta(days=25), tick=True):
        fresh = client_of(officer, post=None)
        fresh.post(reverse("backoffice:privacy_extend", args=[right.reference]), {"reason": "Tard"})
    right.refresh_from_db()
    assert right.due_at == due


def test_a_rule_is_approved_and_stopped_on_its_page(desk, ended):
    sr = ended("acte-deces", months=13)
    address = reverse("backoffice:privacy_rule", args=["actes"])
    desk.post(address, {"visa": "AD91-2026-104"})
    approval = sr.prestation.processing.approvals.get()
    assert approval.visa == "AD91-2026-104"
    tasks.apply_retention()
    assert ServiceRequest.objects.get(pk=sr.pk).anonymised_at
    text = text_of(desk.get(reverse("backoffice:privacy")))
    numbers = r'<td class="is-numeric">1</td>' * 2
    assert re.search(f"Actes d’état civil</th><td>Demandes</td>{numbers}", text)
    assert "requests" not in text
    rules = text_of(desk.get(reverse("backoffice:privacy_rules")))
    assert "Pièces : 3 mois après la fin de la demande · Demandes : 1 an après" in rules
    desk.post(address, {"action": "stop"})
    assert not sr.prestation.processing.approvals.filter(withdrawn_at=None).exists()


def test_a_right_is_named_in_words(desk, right):
    answers = {**right.answers, "reponses": {"droit": "portabilite"}}
    ServiceRequest.objects.filter(pk=right.pk).update(answers=answers)
    assert "Portabilité ·" in text_of(desk.get(reverse("backoffice:privacy")))


@pytest.mark.parametrize("contacts", [0, 1])
def test_the_erasure_of_a_record_counts_what_there_is(desk, catalogue, eas_agent, contacts):
    citizen = CitizenFactory()
    for _one in range(contacts):
        actions.log_contact(
            actor=eas_agent, channel="telephone", question="Horaires ?", citizen=citizen
        )
    page = text_of(desk.get(reverse("backoffice:privacy_person", args=[citizen.pk])))
    assert ("Effacer aussi sa fiche et 1 contact" in page) == bool(contacts)
    assert "0 contact" not in page


def test_a_hold_is_placed_and_lifted_by_the_reference(desk, ended):
    sr = ended("acte-deces", months=2)
    address = reverse("backoffice:privacy_hold")
    desk.post(address, {"reference": sr.reference, "reason": "Recours au tribunal"})
    assert "Recours au tribunal" in text_of(desk.get(reverse("backoffice:privacy")))
    desk.post(address, {"reference": sr.reference, "action": "release"})
    assert not sr.holds.filter(lifted_at=None).exists()


def test_nothing_is_told_to_be_erased_when_nothing_can_be(desk, ended):
    sr = ended("acte-deces", months=1)
    citizen = sr.citizen
    ServiceRequest.objects.filter(pk=sr.pk).update(state=State.EN_COURS, closed_at=None)
    address = reverse("backoffice:privacy_erase", args=[citizen.pk])
    page = desk.post(
        address, {"record": "oui", "confirm": "oui", "identity": "document"}, follow=True
    )
    assert "Rien ne peut être effacé" in page.content.decode()
    assert not citizen.erasures.exists()
    assert not Delivery.objects.filter(about__startswith="erasure:").exists()


def test_the_officer_reads_what_the_town_keeps(desk, ended):
    sr = ended("acte-deces", months=1)
    page = desk.get(reverse("backoffice:privacy_person", args=[sr.citizen_id])).content.decode()
    assert "Ce que la mairie garde sur cette personne" in page
    assert "Nom de famille" in page
    assert "Succession" in page


def test_a_person_is_erased_after_a_preview_and_told(desk, ended):
    account = make_account(email="haddad@courriel.example", family_name="Haddad")
    citizen = account.citizen
    one, two = (ended("acte-deces", months=n, citizen=citizen) for n in (1, 2))
    preview = text_of(desk.get(reverse("backoffice:privacy_person", args=[citizen.pk])))
    assert one.reference in preview
    assert two.reference in preview
    address = reverse("backoffice:privacy_erase", args=[citizen.pk])
    desk.post(address, {"request": [one.pk, two.pk], "record": "oui"})
    assert not Erasure.objects.exists()
    mail.outbox.clear()
    desk.post(address, {"request": [one.pk, two.pk], "record": "oui", "confirm": "oui"})
    drain_outbox()
    assert Citizen.objects.get(pk=citizen.pk).anonymised_at
    account.refresh_from_db()
    assert account.closed_at
    assert not account.user.__class__.objects.get(pk=account.user_id).is_active
    (told,) = mail.outbox
    assert told.to == ["haddad@courriel.example"]
    assert "2 demandes" in told.body


def test_what_is_open_or_held_or_not_chosen_stays_and_is_told(desk, ended, officer):
    citizen = CitizenFactory(email="haddad@courriel.example")
    gone, held, law = (ended("acte-deces", months=n, citizen=citizen) for n in (1, 2, 3))
    running = make_request(prestation=gone.prestation, citizen=citizen)
    actions.hold_request(request_id=held.pk, actor=officer, reason="Procès")
    drain_outbox()
    mail.outbox.clear()
    desk.post(
        reverse("backoffice:privacy_erase", args=[citizen.pk]),
        {
            "request": [gone.pk, held.pk, running.pk],
            "record": "oui",
            "confirm": "oui",
            "identity": "known",
        },
    )
    drain_outbox()
    still = ServiceRequest.objects.filter(anonymised_at=None)
    assert set(still) == {held, law, running}
    assert Citizen.objects.get(pk=citizen.pk).anonymised_at is None
    (told,) = mail.outbox
    body = told.body.replace("\u00a0", " ")
    assert f"{held.reference} : gelée pour une raison juridique" in body
    assert f"{running.reference} : encore en cours" in body
    assert f"{law.reference} : la loi nous demande de la garder" in body


def test_who_has_no_account_is_erased_once_the_officer_says_how_they_know_them(desk, ended):
    sr = ended("acte-deces", months=1)
    person = reverse("backoffice:privacy_person", args=[sr.citizen_id])
    assert 'name="identity" required' in text_of(desk.get(person))
    address = reverse("backoffice:privacy_erase", args=[sr.citizen_id])
    asked = {"request": [sr.pk], "record": "oui", "confirm": "oui"}
    for identity in ("", "sur-parole"):
        refused = desk.post(address, {**asked, "identity": identity}, follow=True)
        assert "Dites comment l’identité de la personne a été vérifiée." in text_of(refused)
        assert not Erasure.objects.exists()
    done = desk.post(address, {**asked, "identity": "represented"}, follow=True)
    assert Erasure.objects.get().identity == "represented"
    assert "Identité : Son représentant a montré" in text_of(done)


def test_the_officer_sees_for_whom_and_follows_the_requests_named(desk, ended, catalogue):
    one = ended("acte-deces", months=1)
    mistyped = one.reference[:-1] + str((int(one.reference[-1]) + 1) % 10)
    make_request(
        prestation=catalogue["rgpd-exercice-droits"],
        answers={
            "demandeur": {"nom_famille": "Haddad", "prenom": "Sami"},
            "reponses": {
                "droit": "effacement",
                "perimetre": f"La demande {one.reference}, pas {mistyped}.",
                "personne": "represente",
                "concerne_nom": "Haddad",
                "concerne_prenom": "Inès",
            },
        },
    )
    page = text_of(desk.get(reverse("backoffice:privacy")))
    owner = reverse("backoffice:privacy_person", args=[one.citizen_id])
    assert f'<a href="{owner}">{one.reference}</a>' in page
    assert mistyped not in page
    assert "Pour Inès Haddad" in page


def test_the_requests_of_a_person_open_for_an_officer_who_may_read_them(ended, officer, eas_agent):
    sr = ended("acte-deces", months=1)
    person = reverse("backoffice:privacy_person", args=[sr.citizen_id])
    link = f'href="{reverse("backoffice:request", args=[sr.reference])}"'
    assert link not in text_of(client_of(officer, post=None).get(person))
    MembershipFactory(user=officer, role="agent-eas", team_id="eas")
    assert link in text_of(client_of(officer, post=None).get(person))


def test_a_right_for_a_child_asks_who_and_the_reply_way_once(client, catalogue):
    version = catalogue["rgpd-exercice-droits"].current_form
    questions = Questionnaire(version, "web").definition
    names = [one.name for one in questions.questions]
    assert "reponse" not in names  # the requester's own block asks it
    assert [one.name for one in questions.requester].count("canal_reponse") == 1
    for kind, asked in (("moi", False), ("represente", True), ("defunt", True)):
        answers, _files = valid_answers(
            version, "web", pick=lambda one, kind=kind: kind if one.name == "personne" else None
        )
        assert ("concerne_nom" in answers["reponses"]) == asked


def test_a_right_is_begun_from_the_account_with_what_is_known(client, login, catalogue):
    account = make_account(family_name="Haddad")
    login(client, account.user)
    response = client.post(reverse("requests:my_data_right", args=["effacement"]))
    draft = FilingDraft.objects.get(citizen=account.citizen)
    assert response.url == step_url(draft, 1)  # not asked for whom: from there, for oneself
    page = text_of(client.get(response.url))
    assert 'type="hidden" name="reponses.personne" value="moi"' in page
    assert "Pour qui faites-vous cette demande" not in page
    assert draft.answers["demandeur"]["nom_famille"] == "Haddad"
    assert draft.answers["reponses"] == {"droit": "effacement", "personne": "moi"}


def test_a_right_begun_is_taken_up_again_and_told_apart(client, login, catalogue):
    login(client, make_account().user)
    asked = ("effacement", "rectification", "effacement")
    addresses = [client.post(reverse("requests:my_data_right", args=[one])).url for one in asked]
    assert addresses[0] == addresses[2] != addresses[1]
    assert FilingDraft.objects.count() == 2
    space = text_of(client.get("/compte/"))
    assert "personnelles : Effacement</h3>" in space
    assert "personnelles : Rectification</h3>" in space


def test_a_right_begun_for_somebody_else_is_another_request(client, login, catalogue):
    account = make_account()
    login(client, account.user)
    draft = actions.start_draft(
        prestation=catalogue["rgpd-exercice-droits"],
        account=account,
        answers={"demandeur": {}, "reponses": {"droit": "effacement"}},
    )
    actions.answer_condition(token=draft.token, code="personne", answer="represente")
    client.post(reverse("requests:my_data_right", args=["effacement"]))
    assert FilingDraft.objects.count() == 2


def test_earlier_requests_of_rights_are_links_that_name_the_right(client, login, catalogue):
    account = make_account()
    login(client, account.user)
    prestation = catalogue["rgpd-exercice-droits"]
    answers = {"demandeur": {}, "reponses": {"droit": "opposition"}}
    sr = make_request(
        prestation=prestation, citizen=account.citizen, account=account, answers=answers
    )
    page = text_of(client.get(reverse("requests:my_data")))
    assert f'<a href="/demandes/{sr.reference}/">Demande {sr.reference}</a> · Opposition ·' in page
