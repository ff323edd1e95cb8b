"""What the draft of a form changes, with the rules that wait for it, and what is wrong with it."""

from copy import copy
from typing import Any

from backoffice.configured.differences import differences
from backoffice.offer_way import placed
from prestations.configuration.offer import prestation_item
from prestations.editing.actions import asks_the_same
from prestations.editing.checking import form_problems_of, problems_of, same_words
from prestations.editing.comparing import compare_forms
from prestations.editing.rules import with_rules
from prestations.enums import PrestationStatus
from prestations.models import FormDraft, Prestation

_RULES = ("urgent_delay", "routing_rules", "on_behalf")


def changes_of(prestation: Prestation, draft: FormDraft) -> dict[str, Any]:
    """Return what a page about a draft says of it."""
    current = prestation.current_form
    changed = with_rules(copy(prestation), draft.rules)
    fields = [*(current.definition["fields"] if current else ()), *draft.definition["fields"]]
    questions = list({one["name"]: one for one in fields}.values())
    # the settings of one that is not in use yet may follow its form
    problems = form_problems_of if changed.status == PrestationStatus.DRAFT else problems_of
    return {
        "changes": compare_forms(current.definition, draft.definition) if current else [],
        "rules": differences(_rules(prestation, questions), _rules(changed, questions)),
        "problems": placed(prestation, problems(changed, draft.definition)),
        "same": asks_the_same(draft),
        "same_words": same_words(draft.definition),
    }


def _rules(prestation: Prestation, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """The rules of a prestation, with the questions that their conditions may name."""
    item = prestation_item(prestation)
    return {key: item[key] for key in _RULES} | {"form_fields": questions}
