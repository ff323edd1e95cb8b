"""A letter an agent decided on: the template they chose or their own words, and who signs."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from prestations.enums import LetterUse
from prestations.models import LetterTemplate, Signatory
from requests.letters import words
from requests.letters.asked import DERIVED, in_words, main_words
from requests.letters.context import agent_of, contact_of, remedy_of, town_or_default
from requests.letters.engine import UnresolvedField
from requests.letters.known import AT_OPENING, known_values
from requests.letters.merge_fields import label_of
from requests.letters.rendering import Rendered, render_with
from requests.models import Message, ServiceRequest

GREETINGS = ("bonjour", "madame", "monsieur", "mesdames", "messieurs", "chère", "cher")
# a line of its own, or the one word before a sentence
GREETING = re.compile(
    rf"\A\s*(?:(?:{'|'.join(GREETINGS)})\b[^\n]{{0,80}},[^\S\n]*\n\s*|bonjour,\s*)", re.I
)
CONTACT = "Votre interlocuteur :"
USUAL_SUBJECT = "message de la mairie"
# what a letter without a template is about: the decision, before anything else
SUBJECTS = {
    LetterUse.FAVOURABLE: "réponse à votre demande « {label} »",
    LetterUse.REFUSAL: "refus de votre demande « {label} »",
    LetterUse.CLOSING: "clôture de votre demande « {label} »",
}
ADDED_WORDS = "texte.ajoute"  # words for a template that has no variable for them
PAPER_AND_MAIL = ("email", "letter")


def compose(
    service_request: ServiceRequest, message: Message, now: datetime, *, refused: bool = False
) -> Rendered:
    """Return the letter of a kept message, as it leaves.

    Args:
        message: its template, values and words; its signatory when the authority signs.
        now: the letter's date.
        refused: a decision against the requester: the remedies are told (CJA R421-5).

    Raises:
        UnresolvedField: a value the template needs is missing; the message says which, in words.
    """
    if message.template:
        rendered = _from_template(service_request, message, now, refused)
    else:
        rendered = own_letter(service_request, message.body, signed=message.signatory is None)
    remedy = remedy_of(service_request.prestation)
    if refused and remedy not in rendered.body and "telerecours" not in rendered.body:
        rendered = _above_the_name(service_request, rendered, remedy)
    if message.signatory is not None:
        rendered = _naming_the_contact(service_request, rendered)
    return Rendered(
        code=rendered.code,
        subject=with_reference(service_request, message.subject or rendered.subject),
        body=rendered.body,
        sms_body=rendered.sms_body,
        channels=PAPER_AND_MAIL,
        signature=signature_of(message.signatory, now),
        after=rendered.after,
    )


def own_subject(service_request: ServiceRequest, use: LetterUse | None) -> str:
    """The subject of a letter in its author's own words; "" for the usual one of a message."""
    label = service_request.prestation.label
    return SUBJECTS[use].format(label=label) if use in SUBJECTS else ""


def values_to_keep(template: LetterTemplate, body: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return what a message keeps for its template: the values, and the words in their place."""
    kept = {name: value.strip() for name, value in given.items() if value.strip()}
    place = main_words(template)
    if body.strip():
        kept[place.name if place else ADDED_WORDS] = body.strip()
    return kept


def words_typed(message: Message) -> str:
    """Return what its author typed in a kept letter: all of it, or their part of a template."""
    if not message.template:
        return message.body
    template = LetterTemplate.objects.filter(pk=message.template).first()
    place = main_words(template) if template else None
    return message.fields.get(place.name if place else ADDED_WORDS, "")


def own_letter(service_request: ServiceRequest, body: str, *, signed: bool = True) -> Rendered:
    """A person's own words as a letter: greeted and signed, unless they did it themselves.

    Args:
        signed: False when somebody else signs below.
    """
    lines = [body.strip()] if is_whole_letter(body) else ["Bonjour,", body.strip()]
    if signed and agent_of(service_request)["nom"] not in body[-200:]:
        lines.append(closing_lines(service_request))
    return Rendered(
        code="message",
        subject=USUAL_SUBJECT,
        body="\n\n".join(lines),
        channels=PAPER_AND_MAIL,
    )


def closing_lines(service_request: ServiceRequest) -> str:
    """The last lines of a letter in an agent's own words: their formula, then their name."""
    agent = contact_of(service_request)
    formula = agent.closing if agent else ""
    return "\n".join(filter(None, [formula, agent_line(service_request)]))


def agent_line(service_request: ServiceRequest) -> str:
    """Who follows the request, as the last line of a letter names them (CRPA L111-2)."""
    agent = agent_of(service_request)
    line = f"{agent['prenom']} {agent['nom']}, {agent['qualite']}".strip()
    return line[0].upper() + line[1:]


def is_whole_letter(body: str) -> bool:
    """Whether the agent wrote (or edited) the whole letter rather than its core."""
    return body.strip().lower().startswith(GREETINGS)


def without_greeting(words: str) -> str:
    """Words put into a letter, or after what is typed already: it is greeted once.

    >>> without_greeting("Bonjour Madame,\\nVoici."), without_greeting("Bonjour, voici.")
    ('Voici.', 'Voici.')
    """
    rest = GREETING.sub("", words)
    return words if rest == words else rest[:1].upper() + rest[1:]


def with_reference(service_request: ServiceRequest, subject: str) -> str:
    """The subject line, its reference first: what people and agents look for."""
    reference = service_request.reference
    return subject if reference in subject else f"{reference} : {subject}"


def signature_of(signatory: Signatory | None, now: datetime) -> tuple[str, ...]:
    """The lines of a signature: place and day, delegation, first name, name, quality."""
    if signatory is None:
        return ()
    lines = [
        f"Fait à {town_or_default().name}, le {words.full_date(now)}",
        signatory.formula,
        f"{signatory.first_name} {signatory.last_name}",
        signatory.quality,
    ]
    return tuple(line for line in lines if line)


def _from_template(
    service_request: ServiceRequest, message: Message, now: datetime, refused: bool
) -> Rendered:
    template = LetterTemplate.objects.get(pk=message.template)
    fields = dict(message.fields)
    if (place := main_words(template)) and place.name in fields:
        fields[place.name] = without_greeting(fields[place.name])
    added = without_greeting(fields.pop(ADDED_WORDS, ""))
    groups = known_values(service_request, now, refused=refused)
    for name, value in fields.items():
        group, _dot, key = name.partition(".")
        groups.setdefault(group, {})[key] = in_words(name, value)
    for derived, source in DERIVED.items():
        group, _dot, key = derived.partition(".")
        if source in fields and derived not in fields:
            groups[group][key] = AT_OPENING  # another place than the usual one
    try:
        rendered = render_with(template, service_request, **groups)
    except UnresolvedField as missing:
        raise UnresolvedField(missing.field, label_of(missing.field)) from missing
    return _above_the_name(service_request, rendered, added)


def _above_the_name(service_request: ServiceRequest, rendered: Rendered, words: str) -> Rendered:
    """Add a paragraph above the agent's name, when the letter ends with it."""
    head, _gap, last = rendered.body.rpartition("\n\n")
    if not words or not head or agent_line(service_request) not in last:
        return rendered.adding(words)
    return replace(rendered, body=f"{head}\n\n{words}\n\n{last}")


def _naming_the_contact(service_request: ServiceRequest, rendered: Rendered) -> Rendered:
    """Say whom to ask, below the authority's signature: the agent stays named (CRPA L111-2)."""
    line = agent_line(service_request)
    body = "\n".join(one for one in rendered.body.splitlines() if one != line).strip()
    phone = service_request.team.phone or town_or_default().phone
    return replace(rendered, body=body).followed_by(f"{CONTACT} {line}, {phone}")
