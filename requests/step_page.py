"""One page of a form as whoever fills it in sees it, or tries it before it is used."""

import json
from collections.abc import Mapping
from typing import Any

from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html

from prestations.forms import Questionnaire, Step
from prestations.forms.definition import ANSWERS
from prestations.forms.questions_form import QuestionsForm
from prestations.forms.steps import PAPERS
from prestations.forms.uploads import UploadField
from prestations.models import Prestation


def shown_step(
    prestation: Prestation,
    questionnaire: Questionnaire,
    step: Step,
    form: QuestionsForm,
    answers: Mapping,
) -> dict[str, Any]:
    """Return what `requests/filing_step.html` says of one page, whoever answers it.

    Args:
        answers: given so far; they decide what comes after and what is to be brought.
    """
    _link_national_forms(prestation, step, form)
    return {
        "prestation": prestation,
        "step": step,
        "total": len(questionnaire.steps(answers)),
        "form": form,
        "to_bring": questionnaire.documents_to_bring(answers) if step.kind == PAPERS else [],
        "rows": _with_danger(prestation, form),
        "multipart": any(question.is_upload for question in step.questions),
        "passed_by": _passed_by(step, form),
    }


def _passed_by(step: Step, form: QuestionsForm) -> str:
    """How a page whose documents are all optional is left: `empty`, `filled`; "" for others."""
    if step.kind != PAPERS or any(one.required for one in form.fields.values()):
        return ""
    joined = any(one.stored for one in form.fields.values() if isinstance(one, UploadField))
    return "filled" if joined else "empty"


def _link_national_forms(prestation: Prestation, step: Step, form: QuestionsForm) -> None:
    """Say beside a document that is a national form (« cerfa-12156 ») where that form is."""
    asked = {question.attachment_code: question.key for question in step.questions}
    for one in prestation.cerfa:
        if key := asked.get(f"cerfa-{one['number']}"):
            link = render_to_string("prestations/includes/national_form.html", {"form": one})
            field = form.fields[key]
            field.help_text = format_html("{} {}", field.help_text, link)


def _with_danger(prestation: Prestation, form: QuestionsForm) -> list[tuple[BoundField, str]]:
    """The fields, each with its answers that make it urgent: the notice stands under them."""
    rules: dict[str, list[dict]] = {}
    for rule in prestation.urgent_if:
        key = f"{ANSWERS}.{rule['field']}"
        rules.setdefault(key, []).append({**rule, "field": key})
    return [(one, json.dumps(rules[one.name]) if one.name in rules else "") for one in form]
