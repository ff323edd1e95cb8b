"""The verbs of the form builder: a draft begun, written, given up, published."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from prestations.configuration import recorded
from prestations.editing.checking import form_problems_of, problems_of
from prestations.editing.english import new_english, say_in_english
from prestations.editing.rules import RULES, with_rules
from prestations.enums import Location, PrestationStatus
from prestations.exceptions import NothingNew, StaleDraft, StillWrong
from prestations.loading.catalogue import checksum_of
from prestations.models import FormDraft, FormPublication, FormVersion, Prestation


def first_definition(block: dict[str, Any]) -> dict[str, Any]:
    """The form of a new prestation: it only asks who one is."""
    return {
        "requester_block": block,
        "fields": [],
        "documents": [],
        "location": Location.NONE.value,
    }


@transaction.atomic
def begin_draft(*, prestation_id: str, block: dict[str, Any], actor) -> FormDraft:
    """Begin the next version of a form, or go on with the one begun.

    Args:
        block: the questions about the requester, for a prestation without form.
        actor: the administrator, whose right the caller has checked.

    Raises:
        Prestation.DoesNotExist: unknown.
    """
    prestation = _prestation(prestation_id)
    base, now = prestation.current_form, timezone.now()
    draft, _made = FormDraft.objects.get_or_create(
        prestation=prestation,
        defaults={
            "base": base,
            "definition": base.definition if base else first_definition(block),
            "revision": int(1000 * now.timestamp()),
            "changed_at": now,
            "changed_by": actor,
        },
    )
    return draft


@transaction.atomic
def write_draft(
    *,
    prestation_id: str,
    revision: int,
    definition: dict[str, Any] | None = None,
    english: Mapping[str, str] | None = None,
    rules: Mapping[str, Any] | None = None,
    actor,
) -> FormDraft:
    """Change the draft of a form.

    Args:
        revision: of the draft that was read.
        definition: None leaves it.
        english: translations of texts, {French: English}, beside those it has.
        rules: columns of `RULES`, in force when the draft is published; None leaves those it has.

    Raises:
        StaleDraft: it has changed since, or was published or given up.
    """
    draft = _locked(prestation_id, revision)
    if definition is not None:
        draft.definition = definition
    if rules is not None:
        draft.rules = dict(rules)
    draft.english = draft.english | dict(english or {})
    draft.revision += 1
    draft.changed_at, draft.changed_by = timezone.now(), actor
    draft.save()
    return draft


@transaction.atomic
def discard_draft(*, prestation_id: str, revision: int) -> None:
    """Give the draft of a form up; the version in force stays.

    Raises:
        StaleDraft: it has changed since it was read.
    """
    _locked(prestation_id, revision).delete()


@transaction.atomic
def publish_draft(*, prestation_id: str, revision: int, note: str, actor) -> FormVersion | None:
    """Put the draft in force: whoever begins now answers it, what was begun keeps its version.

    The rules that wait for it come in force with it.

    Args:
        note: what changes and why, for the next reader of the versions.

    Returns:
        The new version; None where the form stays, as rules or English alone have changed.

    Raises:
        StaleDraft: it has changed since it was read.
        NothingNew: it says what is in force.
        StillWrong: the loader would refuse such a form, or such rules with it.
    """
    with recorded("prestations", prestation_id, actor=actor, reason=note):
        draft = _locked(prestation_id, revision)
        if asks_the_same(draft):
            version = None
            _put_rules(draft)
        else:
            prestation = with_rules(draft.prestation, draft.rules)
            version = _publish(prestation, draft.definition, note, actor)
        say_in_english(draft.english, actor=actor)
        draft.delete()
    return version


def asks_the_same(draft: FormDraft) -> bool:
    """Whether the form of a draft is the one in force; its rules or its English may be others."""
    current = draft.prestation.current_form
    return current is not None and current.checksum == checksum_of(draft.definition)


def _put_rules(draft: FormDraft) -> None:
    """Put the rules of a draft in force over the form that stays."""
    prestation = draft.prestation
    changed = {name: one for name, one in draft.rules.items() if getattr(prestation, name) != one}
    if not changed and not new_english(draft.english):
        raise NothingNew
    with_rules(prestation, changed)
    _check(prestation, draft.definition)
    prestation.save(update_fields=[*changed])


@transaction.atomic
def publish_again(*, prestation_id: str, number: int, note: str, actor) -> FormVersion:
    """Put an older version in force again, as a new one.

    Raises:
        FormVersion.DoesNotExist: there is no such version.
        NothingNew: it is the one in force, or says the same.
        StillWrong: what it refers to has changed since.
    """
    with recorded("prestations", prestation_id, actor=actor, reason=note):
        prestation = _prestation(prestation_id)
        older = FormVersion.objects.get(prestation=prestation, number=number)
        return _publish(prestation, older.definition, note, actor)


def _prestation(prestation_id: str) -> Prestation:
    return Prestation.objects.select_for_update(no_key=True, of=("self",)).get(pk=prestation_id)


def _locked(prestation_id: str, revision: int) -> FormDraft:
    draft = (
        FormDraft.objects.select_for_update(of=("self", "prestation"))
        .select_related("prestation")
        .filter(prestation=prestation_id)
        .first()
    )
    if draft is None or draft.revision != revision:
        raise StaleDraft
    return draft


def _check(prestation: Prestation, definition: dict[str, Any]) -> None:
    in_use = prestation.status != PrestationStatus.DRAFT
    wrong = (
        problems_of(prestation, definition) if in_use else form_problems_of(prestation, definition)
    )
    if problems := list(wrong):
        raise StillWrong(problems)


def _publish(prestation: Prestation, definition: dict, note: str, actor) -> FormVersion:
    checksum = checksum_of(definition)
    latest = FormVersion.objects.filter(prestation=prestation).order_by("number").last()
    current = prestation.current_form
    if current and current.checksum == checksum:
        raise NothingNew
    prestation.location = definition["location"]
    _check(prestation, definition)
    version = FormVersion.objects.create(
        prestation=prestation,
        number=latest.number + 1 if latest else 1,
        definition=definition,
        checksum=checksum,
    )
    FormPublication.objects.create(version=version, note=note, by=actor)
    prestation.current_form = version
    prestation.save(update_fields=["current_form", "location", *RULES])
    return version
