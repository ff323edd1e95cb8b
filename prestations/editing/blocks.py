"""The questions about the requester, which forms share by blocks: written once for all of them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from prestations.configuration import kind_of
from prestations.configuration.english import ENGLISH
from prestations.configuration.exchange import put_in_force
from prestations.configuration.recording import digest_of
from prestations.editing.items import known_blocks
from prestations.exceptions import StalePage
from prestations.loading.rows import lock_loading
from prestations.models import FormDraft, Prestation
from prestations.translation import english_of

Block = dict[str, Any]


def seen_of_block(code: str) -> str:
    """Name what a page shows of a block."""
    return digest_of(known_blocks().get(code))


def users_of_block(code: str) -> list[Prestation]:
    """Return the prestations whose form has the block."""
    rows = Prestation.objects.filter(current_form__definition__requester_block__code=code)
    return list(rows.order_by("order"))


@transaction.atomic
def write_block(
    *,
    code: str,
    fields: Mapping[str, Mapping[str, Any]],
    english: Mapping[str, str],
    seen: str,
    reason: str,
    actor,
) -> int:
    """Change the words of a block's questions and where they must be answered.

    Each form in use that has the block gets a new version; a request keeps that of its day. A
    draft begun takes the new block on, else its publication would bring the old one back.

    Args:
        fields: of each question by its name, what becomes of its properties.
        english: {French: English} of its texts.
        seen: `seen_of_block`, when the page was read.
        actor: the administrator, whose right the caller has checked.

    Returns:
        How many forms changed.

    Raises:
        StalePage: somebody else has changed it since.
        ChangeRefused: a prestation would not go with it.
        KeyError: no form has such a block.
    """
    lock_loading()
    if seen != seen_of_block(code):
        raise StalePage
    block = known_blocks()[code]
    english = {french: said for french, said in english.items() if english_of(french) != said}
    block = block | {"fields": [one | dict(fields.get(one["name"], {})) for one in block["fields"]]}
    data = {
        "prestations": [
            _with_block(state, block, english) for state in kind_of("prestations").states().values()
        ]
    }
    done = put_in_force(data, actor=actor, reason=reason)
    for draft in FormDraft.objects.filter(definition__requester_block__code=code):
        draft.definition = draft.definition | {"requester_block": block}
        draft.revision = F("revision") + 1
        draft.changed_at, draft.changed_by = timezone.now(), actor
        draft.save()
    return len(done)


def _with_block(state: dict[str, Any], block: Block, english: Mapping[str, str]) -> dict[str, Any]:
    known = state["requester_block"]
    if known is None or known["code"] != block["code"]:
        return state
    return state | {"requester_block": block, ENGLISH: {**state[ENGLISH], **english}}
