"""Which templates agents are offered, and that none of the town's is out of reach."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from backoffice.forms.letters import AnswerForm, CloseForm, MessageForm, ReadyForm
from prestations.enums import LetterUse, SilenceEffect
from prestations.models import LetterTemplate
from requests.enums import State
from requests.letters.asked import asked_by, given_by_the_request, main_words
from requests.letters.offering import offered
from requests.models import Complaint
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
SOURCES = Path(__file__).resolve().parents[3]
FORMS = {
    LetterUse.CLOSING: CloseForm,
    LetterUse.COLLECTION: ReadyForm,
    LetterUse.MESSAGE: MessageForm,
}


def codes_of(form) -> set[str]:
    return {code for _group, choices in form.fields["template"].choices for code, _label in choices}


def test_every_template_an_agent_may_use_is_offered_on_a_form_of_some_prestation(
    catalogue, eas_agent
):
    seen = set()
    for code in catalogue:
        if not catalogue[code].open_on("guichet"):
            continue
        sr = file_request(code, channel="guichet", actor=eas_agent)
        sr.appointment_at = timezone.now()  # one template reminds of it
        sr.implicit_decision_at = timezone.localdate()  # another certifies it
        given = {"sr": sr, "user": eas_agent}
        for outcome in ("positive", "negative"):
            seen |= codes_of(AnswerForm(initial={"outcome": outcome}, **given))
        for form in FORMS.values():
            seen |= codes_of(form(**given))
        sr.state = State.A_RETIRER  # others remind of what waits
        seen |= codes_of(MessageForm(**given))
    Complaint.objects.create(  # of the last one: marked, it gets the neutral ones
        request=sr, abusive=True, updated_by=eas_agent, updated_at=timezone.now()
    )
    seen |= codes_of(AnswerForm(**given)) | codes_of(MessageForm(**given))
    unused = {LetterUse.AUTOMATIC, LetterUse.LATER}
    for template in LetterTemplate.objects.all():
        if set(template.uses) - unused:
            assert template.pk in seen, template.pk


@pytest.mark.parametrize(
    ("effect", "days", "answered", "certified"),
    [
        (SilenceEffect.ACCEPTATION, 0, None, True),
        (SilenceEffect.ACCEPTATION, -1, None, False),  # silence has not decided yet
        (SilenceEffect.ACCEPTATION, 3, 1, True),  # the answer came too late
        (SilenceEffect.ACCEPTATION, 3, 5, False),  # it came in time
        (SilenceEffect.REJET, 3, None, False),
    ],
)
def test_only_an_acceptance_by_silence_is_certified(
    catalogue, eas_agent, effect, days, answered, certified
):
    sr = file_request("attestation-accueil", channel="guichet", actor=eas_agent)
    now = timezone.now()
    sr.silence_effect = effect
    sr.implicit_decision_at = timezone.localdate() - timedelta(days=days)
    sr.answered_at = now - timedelta(days=answered) if answered else None
    choices = codes_of(AnswerForm(initial={"outcome": "positive"}, sr=sr, user=eas_agent))
    assert ("attestation-acceptation-implicite" in choices) is certified


def test_a_template_the_program_sends_is_named_in_its_code(catalogue):
    code = "\n".join(
        path.read_text()
        for app in ("requests", "backoffice", "massy_grc")
        for path in (SOURCES / app).rglob("*.py")
        if "migrations" not in path.parts
    )
    acknowledgements = {p.acknowledgement_template for p in catalogue.values()}
    for template in LetterTemplate.objects.filter(uses__contains=[LetterUse.AUTOMATIC]):
        assert f'"{template.pk}"' in code or template.pk in acknowledgements, template.pk


def test_only_the_parts_to_come_keep_templates_aside(catalogue):
    later = LetterTemplate.objects.filter(uses=[LetterUse.LATER]).values_list("pk", flat=True)
    assert set(later) <= {"creation-compte", "enquete-satisfaction"}


def test_the_prestations_own_template_comes_first(catalogue):
    title = next(p for p in catalogue.values() if p.outcome_positive_template == "titre-disponible")
    sr = file_request(title.pk, channel="guichet")
    assert offered(sr, LetterUse.FAVOURABLE)[0].pk == "titre-disponible"
    assert offered(sr, LetterUse.COLLECTION)[0].pk == "titre-disponible"


@pytest.mark.parametrize(
    ("asked", "proposed", "place"),
    [
        ("courrier", "document-expedie", None),
        ("retrait_annexe", "document-pret", "mairie-annexe"),
        ("retrait_principale", "document-pret", "mairie-principale"),
        (None, "document-pret", "mairie-principale"),
    ],
)
def test_the_proposed_letter_follows_how_the_document_was_asked_for(
    catalogue, eas_agent, asked, proposed, place
):
    sr = file_request("acte-naissance-filiation", answers={"mode_remise": asked})
    form = AnswerForm(initial={"outcome": "positive"}, sr=sr, user=eas_agent)
    assert form.initial["template"] == proposed
    assert form.initial.get("retrait__lieu") == place
    assert form.initial["close"] is (place is None)


def test_a_template_of_other_prestations_is_not_offered(catalogue):
    found = {row.pk for row in offered(file_request("acte-naissance-filiation"), "favourable")}
    assert "titre-disponible" not in found
    assert "document-pret" in found


def test_a_template_that_the_request_cannot_fill_is_not_offered(catalogue):
    found = {row.pk for row in offered(file_request("acte-naissance-filiation"), "message")}
    assert "rappel-rendez-vous" not in found


def test_each_offered_template_asks_only_what_a_form_can_ask(catalogue):
    known = {"ville", "requete", "prestation", "demandeur", "agent", "service", "rdv"}
    known |= {"decision", "personne_inscrite"}
    for template in LetterTemplate.objects.exclude(uses__overlap=["automatic", "later"]):
        groups = {name.partition(".")[0] for name in given_by_the_request(template)}
        assert groups <= known, template.pk
        main = main_words(template)
        assert main is None or main in asked_by(template)
