"""Which letter templates an agent may choose among, for one request and one act."""

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from prestations.enums import DeliveryMode, LetterUse
from prestations.models import LetterTemplate
from requests.enums import Outcome, State
from requests.handing import is_posted
from requests.letters.asked import given_by_the_request, names_collection
from requests.letters.context import context_for
from requests.letters.known import known_values
from requests.letters.standing_in import GENERAL, in_use
from requests.models import Complaint, ServiceRequest

OWN_LETTER = ""  # no template: the agent's words make the letter
USE_OF_OUTCOME = {Outcome.POSITIVE: LetterUse.FAVOURABLE, Outcome.NEGATIVE: LetterUse.REFUSAL}
USUAL_NEUTRAL = {LetterUse.MESSAGE: "message-neutre", LetterUse.COLLECTION: "document-pret"}
USUAL = {LetterUse.CLOSING: "cloture-sans-suite", LetterUse.COLLECTION: "document-pret"}
SENT_BY_POST = "document-expedie"


def gets_neutral_letters(service_request: ServiceRequest) -> bool:
    """Whether it is a complaint marked as abusive: only neutral templates answer it (S34)."""
    return Complaint.objects.filter(request=service_request, abusive=True).exists()


def only_with_a_template() -> str:
    """What an agent is told whose own words may not leave alone; not why, which few may read."""
    return _("Ici, une lettre part toujours avec un des modèles proposés : choisissez-en un.")


def usual_template(service_request: ServiceRequest, use: LetterUse) -> str:
    """The code of the template proposed for `use`; OWN_LETTER when there is none.

    The catalogue says which, except that a document asked for by post is not one to collect, and
    that a complaint marked as abusive gets a neutral one. A general one stands in for what is not
    in use.
    """
    prestation = service_request.prestation
    if gets_neutral_letters(service_request):
        return USUAL_NEUTRAL.get(use, "reponse-neutre")
    if use == LetterUse.FAVOURABLE:
        if is_posted(service_request):
            return SENT_BY_POST
        return _in_use(prestation.outcome_positive_template, use)
    if use == LetterUse.REFUSAL:
        return _in_use(prestation.outcome_negative_template, use)
    if use == LetterUse.COLLECTION:
        own = prestation.outcome_positive_template
        positive = LetterTemplate.objects.filter(pk=own, is_active=True).first()
        if positive and LetterUse.COLLECTION in positive.uses:
            return positive.pk
    return USUAL.get(use, OWN_LETTER)


def _in_use(code: str, use: LetterUse) -> str:
    """The letter that the prestation names, or the general one while it is not in use."""
    return in_use(code, GENERAL[use]).pk if code else OWN_LETTER


def offered(service_request: ServiceRequest, use: LetterUse) -> list[LetterTemplate]:
    """Return the templates for `use`, those of the prestation first.

    For a complaint marked as abusive, the neutral ones alone. Left out: one that must print what
    this request cannot give (a first name, an appointment), or speaks of a document to collect
    where there is none.
    """
    prestation = service_request.prestation
    own = [
        prestation.outcome_positive_template,
        prestation.outcome_negative_template,
        *prestation.other_templates,
    ]
    usual = usual_template(service_request, use)
    fitting = Q(pk__in=own) | Q(is_general=True) | Q(pk=usual)
    if gets_neutral_letters(service_request):
        fitting = Q(is_neutral=True)
    rows = (
        LetterTemplate.objects.filter(is_active=True, uses__contains=[use])
        .filter(fitting)
        .order_by(
            Case(
                When(pk=usual, then=Value(0)),
                When(pk__in=own, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
            "order",
        )
    )
    values = context_for(
        service_request, **known_values(service_request, service_request.arrived_at)
    )
    known = {f"{group}.{name}" for group, names in values.items() for name, v in names.items() if v}
    collected = _may_be_collected(service_request, use)
    fitting_rows = (row for row in rows if collected or not names_collection(row))
    return [row for row in fitting_rows if given_by_the_request(row) <= known]


def _may_be_collected(service_request: ServiceRequest, use: LetterUse) -> bool:
    """Whether a letter for `use` may say that a document is to be collected.

    One that makes it wait says so itself; an answer, where the prestation is handed over; any
    other letter only reminds of what waits already.
    """
    if use == LetterUse.COLLECTION or service_request.state == State.A_RETIRER:
        return True
    handed_over = DeliveryMode.RETRAIT in service_request.prestation.delivery_modes
    return handed_over and use == LetterUse.FAVOURABLE
