"""Words to the reader: notices, messages, errors, what is empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.contrib.messages import constants as message_levels
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from massy_grc.common.components.arguments import ComponentError, one_of, required
from massy_grc.common.fields import describe_field, worded_errors

register = template.Library()

NOTICE_KINDS = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "octagon-alert",
}


@register.simple_block_tag
def notice(content: str, *, kind: str, title: str = "", role: str = "") -> str:
    """A notice with an icon and a word, around what it says."""
    one_of("notice", "kind", kind, NOTICE_KINDS)
    one_of("notice", "role", role, ("", "status", "alert"))
    return render_to_string("components/notice.html", _notice(kind, title, role, content))


def _notice(kind: str, title: str, role: str, content: str) -> dict[str, Any]:
    word = {
        "info": _("Information"),
        "success": _("C’est fait"),
        "warning": _("Attention"),
        "danger": _("Important"),
    }[kind]
    return {
        "kind": kind,
        "icon_name": NOTICE_KINDS[kind],
        "title": title,
        "word": word,
        "role": role,
        "content": content,
    }


@register.inclusion_tag("components/messages.html")
def ui_messages(*, messages: Iterable[Any]) -> dict[str, Any]:
    """The messages of django.contrib.messages as notices."""
    kinds = {
        message_levels.SUCCESS: "success",
        message_levels.WARNING: "warning",
        message_levels.ERROR: "danger",
    }
    return {
        "notices": [
            _notice(
                kinds.get(message.level, "info"),
                "",
                "alert" if message.level >= message_levels.ERROR else "status",
                message.message,
            )
            for message in messages or ()
        ]
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*, form: BaseForm | None = None, forms: Iterable[BaseForm] = ()):
    """Everything to correct, above the h1, each line a link to its field; nothing without errors.

    The words are those beside the fields: both come from ``worded_errors``. Read without the
    fields, they name theirs.
    """
    everyone = [*([form] if form is not None else []), *forms]
    entries = [entry for one in everyone for entry in _summary_entries(one)]
    return {"entries": entries}


def _summary_entries(form: BaseForm) -> list[dict[str, str]]:
    entries = [{"href": "", "text": str(text)} for text in form.non_field_errors()]
    for field in form:
        texts = worded_errors(field)
        if field.is_hidden:
            entries += [{"href": "", "text": text} for text in texts]
        elif texts:
            target = describe_field(field).target_id
            label = str(field.label)
            entries += [{"href": f"#{target}", "text": _named(label, text)} for text in texts]
    return entries


def _named(label: str, text: str) -> str:
    """What is wrong, behind the label of its field where the words do not tell which it is."""
    if label.rstrip("?").strip().casefold() in text.casefold():
        return text
    if label.endswith("?"):
        return f"{label} {text}"
    return _("%(field)s : %(problem)s") % {"field": label, "problem": text}


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    *, title: str, text: str, url: str = "", action: str = "", icon_name: str = "inbox"
) -> dict[str, Any]:
    """What will appear here, and the one thing to do next."""
    required("empty_state", title=title, text=text)
    if bool(url) != bool(action):
        raise ComponentError("empty_state: 'url' and 'action' go together")
    return {"title": title, "text": text, "url": url, "action": action, "icon_name": icon_name}
