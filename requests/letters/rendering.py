"""From a letter template and a request to the words that leave."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import translation

from massy_grc.common.text import one_line
from prestations.calendars import PARIS
from prestations.enums import Appointment, SilenceEffect
from prestations.forms import Questionnaire
from prestations.models import LetterTemplate
from requests.letters import words
from requests.letters.context import context_for, remedy_of, staff_link
from requests.letters.engine import UnresolvedField, Values, fill, render, variables_of
from requests.letters.merge_fields import label_of
from requests.letters.standing_in import ACKNOWLEDGEMENT, in_use
from requests.models import ServiceRequest

# The address block belongs to the paper, which has its own window.
ADDRESS_BLOCK = re.compile(
    r"\A(?:{{ demandeur\.nom_courrier }}\n{{ demandeur\.adresse }}"
    r"|{{ personne_inscrite\.nom_courrier }}\n{{ personne_inscrite\.adresse }})\s*"
)
# A source line broken inside a sentence is one line.
BROKEN_LINE = re.compile(r"(?<=\S)(?<!%})\n(?=[a-zà-ÿ])|(?<=,)\n(?={{)")
INTERNAL = "interne"
BETWEEN_LANGUAGES = "\n\n* * *\n\n"  # the French of a letter in English, below it


@dataclass(frozen=True)
class Rendered:
    """The words of one letter, mail or SMS.

    Attributes:
        channels: those the template is made for.
        signature: place and day, delegation, name, quality of who signs.
        after: paragraphs below the signature, which are no part of the decision.
    """

    code: str
    subject: str
    body: str
    sms_body: str = ""
    channels: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words as they are read in a mail: the body, who signed, what follows."""
        parts = (self.body, "\n".join(self.signature), *self.after)
        return "\n\n".join(part for part in parts if part)

    def adding(self, *paragraphs: str) -> "Rendered":
        """The same with more paragraphs at its end."""
        return replace(self, body="\n\n".join([self.body, *(text for text in paragraphs if text)]))

    def followed_by(self, paragraph: str) -> "Rendered":
        """The same with one more paragraph below the signature."""
        return replace(self, after=(*self.after, paragraph))


def render_template(
    code: str, service_request: ServiceRequest, **extra: Mapping[str, str]
) -> Rendered:
    """Return the letter `code` filled in for a request, as plain text.

    Args:
        code: a `LetterTemplate` code.
        extra: groups of variables to fill or correct (see `context_for`).

    Raises:
        LetterTemplate.DoesNotExist: no such template.
        UnresolvedField: a variable of the template is unknown or has no value.
        TemplateFault: the template is not in the engine's grammar.
    """
    return render_with(LetterTemplate.objects.get(pk=code), service_request, **extra)


def render_with(
    template: LetterTemplate, service_request: ServiceRequest, **extra: Mapping[str, str]
) -> Rendered:
    """Return a given template filled in; see `render_template`.

    In English first for who asked in English, where the town has written it, with the French
    below (law 94-665 art. 2).
    """
    with translation.override("fr"):
        values = context_for(service_request, **extra)
        if template.audience == INTERNAL:
            values["requete"]["lien_suivi"] = staff_link(service_request)
        french = _in_one_language(template, "", values)
        if not template.body_en or service_request.language != "en":
            return french
        english = _in_one_language(template, "_en", english_values(values))
    return replace(
        english,
        body=BETWEEN_LANGUAGES.join([english.body, french.body]),
        sms_body=english.sms_body or french.sms_body,
    )


def english_values(values: Values) -> Values:
    """The same values with days and hours as English says them."""
    return {
        group: {name: words.in_english(value) for name, value in named.items()}
        for group, named in values.items()
    }


def _in_one_language(template: LetterTemplate, suffix: str, values: Values) -> Rendered:
    """The words of the fields that end in `suffix`."""
    subject, body, sms_body = (
        getattr(template, f"{name}{suffix}") for name in ("subject", "body", "sms_body")
    )
    return Rendered(
        code=template.pk,
        subject=one_line(render(subject, values)),
        body=capitals(render(prepared(body), values)),
        sms_body=render(sms_body, values) if sms_body else "",
        channels=tuple(template.channels),
    )


def body_to_complete(template: LetterTemplate, values: Values) -> str:
    """Return the body of a letter with ``{label}`` for each value that a person has to give.

    Args:
        values: see `context_for`.
    """
    source = prepared(template.body)
    return capitals(fill(source, values, lambda name: f"{{{label_of(name)}}}"))


def render_acknowledgement(service_request: ServiceRequest, **extra: Mapping[str, str]) -> Rendered:
    """Return the acknowledgement of a request, with all the law asks for (CRPA R112-5).

    A general template stands in for one that is not in use. Whichever it is, a legal effect of
    silence is told with its date and the remedies, and the responsible service with its contact.
    """
    template = in_use(service_request.prestation.acknowledgement_template, ACKNOWLEDGEMENT)
    rendered = render_with(template, service_request, **extra)
    used = variables_of(template.body)
    return rendered.adding(
        _arrival_paragraph(service_request, used),
        _silence_paragraph(service_request, used),
        _service_paragraph(service_request, used),
        appointment_paragraph(service_request),
    )


def appointment_paragraph(service_request: ServiceRequest) -> str:
    """How to get the appointment, and the originals to bring; "" for a prestation without."""
    prestation = service_request.prestation
    if prestation.appointment == Appointment.NONE or service_request.appointment_at:
        return ""
    questionnaire = Questionnaire(service_request.form_version, service_request.channel)
    originals = questionnaire.documents_to_bring(service_request.answers)
    lines = [prestation.appointment_info]
    if originals:
        labels = words.bullets(document.label for document in originals)
        lines.append(f"À apporter, en original :\n{labels}")
    return "\n".join(lines)


def _arrival_paragraph(service_request: ServiceRequest, used: set[str]) -> str:
    """The day of arrival, which starts every delay, when the template leaves it out."""
    if "requete.date_reception" in used:
        return ""
    return f"Nous avons reçu votre demande le {words.full_date(service_request.arrived_at)}."


def _silence_paragraph(service_request: ServiceRequest, used: set[str]) -> str:
    """What silence will mean, when the template does not say it."""
    effect, prestation = service_request.silence_effect, service_request.prestation
    if effect == SilenceEffect.NONE:
        return ""
    told = "requete.date_decision_implicite" in used and service_request.implicit_decision_at
    if told:
        own_way = remedy_of(prestation) if prestation.appeal else ""
        return own_way if "decision.voies_recours" not in used else ""
    if service_request.implicit_decision_at is None:
        return (
            "Le délai au terme duquel votre demande sera considérée comme acceptée, sans réponse "
            "de notre part, ne commencera qu'à la réception des pièces manquantes. Il est de "
            f"{_delay(prestation)}."
        )
    word = "rejetée" if effect == SilenceEffect.REJET else "acceptée"
    day = words.full_date(service_request.implicit_decision_at)
    after = (
        remedy_of(prestation)
        if effect == SilenceEffect.REJET
        else "Vous pourrez alors nous demander une attestation de cette acceptation."
    )
    if effect == SilenceEffect.REJET and service_request.legal_paused_at:
        after = f"Ce jour recule du temps qu'il faudra pour recevoir ce qui manque. {after}"
    late = ""
    promised_on = service_request.due_at.astimezone(PARIS).date()
    promised_later = promised_on > service_request.implicit_decision_at
    if effect == SilenceEffect.REJET and promised_later:
        late = "Nous vous répondrons quand même, au plus tard à la date annoncée. "
    return (
        f"La loi veut que, sans réponse de notre part le {day}, votre demande soit considérée "
        f"comme {word}. {late}{after}"
    )


def _delay(prestation) -> str:
    unit = str(prestation.get_silence_unit_display())
    return f"{prestation.silence_value} {unit}"


def _service_paragraph(service_request: ServiceRequest, used: set[str]) -> str:
    """Name and contact of the service in charge, when the template leaves them out."""
    if "service.suivi" in used:
        return ""
    return context_for(service_request)["service"]["suivi"]


def prepared(source: str) -> str:
    """A text without the address block and the lines broken inside a sentence."""
    return BROKEN_LINE.sub(" ", ADDRESS_BLOCK.sub("", source))


def capitals(body: str) -> str:
    """A line that begins with the team's name begins with a capital."""
    return re.sub(r"^l'équipe", "L'équipe", body, flags=re.MULTILINE)


__all__ = [
    "Rendered",
    "UnresolvedField",
    "appointment_paragraph",
    "render_acknowledgement",
    "render_template",
    "render_with",
]
