"""The builder's forms over forms of the catalogue: saved as it was read, nothing changes."""

from typing import Any

import pytest

from backoffice.forms.form_parts import DocumentForm, QuestionForm
from backoffice.forms.form_questions_before import BeforeForm
from prestations.editing.operations import CONDITIONS, DOCUMENTS, QUESTIONS
from prestations.models import Prestation

pytestmark = pytest.mark.django_db
FORMS = ((QUESTIONS, QuestionForm), (DOCUMENTS, DocumentForm), (CONDITIONS, BeforeForm))


def posted(form: Any, prefix: str = "") -> dict[str, Any]:
    """What a browser sends of a form that nobody touched."""
    data = {}
    for name in form.fields:
        value = form.get_initial_for_field(form.fields[name], name)
        if value is not None and value is not False:
            data[f"{prefix}{name}"] = "on" if value is True else value
    return data


def untouched(kind: Any, definition: dict, item: dict) -> Any:
    shown = kind(definition=definition, item=item)
    data = posted(shown)
    if rows := getattr(shown, "choices", None):
        data |= {
            "choices-TOTAL_FORMS": rows.total_form_count(),
            "choices-INITIAL_FORMS": rows.initial_form_count(),
        }
        for row in rows.forms:
            data |= posted(row, f"{row.prefix}-")
    return kind(data, definition=definition, item=item)


def test_what_is_saved_as_it_was_read_stays_as_it_is(catalogue):
    changed = []
    listed = Prestation.objects.listed().select_related("current_form").order_by("pk")
    for prestation in listed[::4]:  # all of them take nine seconds
        definition = prestation.current_form.definition
        for part, kind in FORMS:
            for item in part.items(definition):
                form = untouched(kind, definition, item)
                kept = form.named() if form.is_valid() else form.errors.as_json()
                if kept != item:
                    changed.append((prestation.pk, item[part.named_by], kept, item))
    assert changed == []
