"""The words of the town's letters: written, proposed, approved by somebody else."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.enums import VersionState
from prestations.loading.rows import lock_loading
from prestations.models import LetterTemplate, LetterVersion
from requests.actions import versions
from requests.actions.core import require
from requests.exceptions import MissingInput, NotAllowed
from requests.knowledge_rights import approves_letters, reads_knowledge
from requests.letters.asked import OWN_WORDS
from requests.letters.context import VARIABLES
from requests.letters.engine import lone_braces_of, needs_of
from requests.letters.merge_fields import ALWAYS, always_there, label_of, named_in_braces
from requests.notifications import knowledge as mail

WORDS = ("subject", "body", "sms_body", "subject_en", "body_en", "sms_body_en")
FRENCH = ("subject", "body")
KNOWN = frozenset(f"{group}.{name}" for group, names in VARIABLES.items() for name in names)


@transaction.atomic
def write_words(
    *, actor, code: str, seen: int, now: datetime | None = None, **words: str
) -> LetterVersion:
    """Write a new text of a letter; the approved one is sent until this one is approved.

    Any agent may. A draft, or a proposal, not approved yet is replaced.

    Args:
        seen: the number of the last text that the form showed.
        words: those of `WORDS`; English may be blank.

    Raises:
        NotAllowed: not an agent who uses the knowledge base.
        StaleRequest: somebody wrote another text meanwhile.
        MissingInput: no subject or no body; an unknown field, or braces that are none; one that
            must have a value where the letter cannot count on it; or the agent's own words would
            be left out.
        TemplateFault: a text is not in the grammar of letters.
    """
    if not reads_knowledge(actor):
        raise NotAllowed
    now = now or timezone.now()
    words = {name: words.get(name, "").strip() for name in WORDS}
    template = versions.locked(LetterTemplate, code, seen)
    check_words(template, words)
    versions.keep_loaded(template, WORDS, written_at=now)
    return versions.write(template, author=actor, now=now, words=words)


@transaction.atomic
def propose_words(*, actor, code: str, seen: int) -> LetterVersion:
    """Ask for the approval of a draft.

    Raises:
        NotAllowed, StaleRequest: as for `write_words`.
        IllegalTransition: there is no draft.
    """
    if not reads_knowledge(actor):
        raise NotAllowed
    version = versions.propose(versions.locked(LetterTemplate, code, seen))
    mail.tell_proposed(version)
    return version


@transaction.atomic
def approve_words(*, actor, code: str, seen: int, now: datetime | None = None) -> LetterTemplate:
    """Let a letter leave with the proposed words from now on.

    Raises:
        NotAllowed: without the right, or one's own text.
        StaleRequest, IllegalTransition: another text was written, or nothing is proposed.
    """
    lock_loading()
    template = _to_decide(actor, code, seen)
    version = versions.in_state(template, VersionState.PROPOSED)
    if version.author_id == actor.pk:
        raise NotAllowed(_("Vous avez écrit ce texte : une autre personne l’approuve."))
    now = now or timezone.now()
    versions.let_through(version, actor=actor, now=now)
    for name in WORDS:
        setattr(template, name, getattr(version, name))
    template.taken_up_at, template.is_active = now, True  # one that an import brought is new
    template.save(update_fields=[*WORDS, "taken_up_at", "is_active"])
    mail.tell_decided(version)
    return template


@transaction.atomic
def send_back_words(
    *, actor, code: str, seen: int, why: str, now: datetime | None = None
) -> LetterVersion:
    """Give a proposed text back to its author, with what is to be changed."""
    template = _to_decide(actor, code, seen)
    version = versions.send_back(template, actor=actor, why=why, now=now or timezone.now())
    mail.tell_decided(version)
    return version


def check_words(template: LetterTemplate, words: dict[str, str]) -> None:
    """Refuse a text with which a letter could not leave, or would leave without its reasons."""
    require(words["subject"], _("Donnez un objet à la lettre."))
    require(words["body"], _("Écrivez le texte de la lettre."))
    if bool(words["subject_en"]) != bool(words["body_en"]):
        raise MissingInput(_("En anglais, il faut l’objet et le texte, ou aucun des deux."))
    if words["sms_body_en"] and not words["body_en"]:
        raise MissingInput(_("Le SMS anglais va avec une lettre en anglais."))
    if faults := list(_field_faults(template, words)):
        raise MissingInput(" ".join(faults))


def _field_faults(template: LetterTemplate, words: dict[str, str]) -> Iterator[str]:
    """What is wrong with the fields of a text, all of it: one by one would be a guessing game."""
    needs = {name: needs_of(text) for name, text in words.items()}  # each in the grammar, alone
    named = {name for of_one in needs.values() for name in of_one}
    for name in sorted(named - KNOWN):
        yield _("« %(field)s » n’est pas un champ connu.") % {"field": name}
    for text in dict.fromkeys(found for one in words.values() for found in lone_braces_of(one)):
        yield _brace_fault(text)
    french = _together(needs["subject"], needs["body"])
    english = needs["subject_en"].keys() | needs["body_en"].keys()
    for name in sorted((english & KNOWN) - french.keys()):
        yield _("Le texte anglais contient « %(field)s », que le texte français n’a pas.") % {
            "field": name
        }
    unsure = _required(french) - always_there(template)
    for name in words.keys() - set(FRENCH):
        unsure |= _required(needs[name]) - ALWAYS - _required(french)
    for name in sorted(unsure & KNOWN):
        yield _("« %(field)s » n’a pas toujours de valeur : mettez-le dans une condition.") % {
            "field": name
        }
    before = needs_of(template.subject).keys() | needs_of(template.body).keys()
    for name in sorted(before & OWN_WORDS.keys() - french.keys()):
        yield _("Gardez « %(field)s » : ce sont les mots de l’agent.") % {"field": label_of(name)}


def _brace_fault(text: str) -> str:
    if name := named_in_braces(text):
        meant = _(
            "« %(text)s » est ce que montre l’aperçu à la place d’un champ : écrivez %(field)s."
        )
        return meant % {"text": text, "field": f"{{{{ {name} }}}}"}
    return _(
        "« %(text)s » n’est pas un champ : le citoyen lirait les accolades. Copiez un des champs"
        " de fusion listés à côté du texte, avec ses doubles accolades."
    ) % {"text": text}


def _together(one: dict[str, bool], other: dict[str, bool]) -> dict[str, bool]:
    return {name: one.get(name, False) or other.get(name, False) for name in one | other}


def _required(needs: dict[str, bool]) -> set[str]:
    return {name for name, required in needs.items() if required}


def _to_decide(actor, code: str, seen: int) -> LetterTemplate:
    if not approves_letters(actor):
        raise NotAllowed
    return versions.locked(LetterTemplate, code, seen)
