"""Answers, messages, notes and documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string

from massy_grc.common.components.arguments import keys, one_of, required

register = template.Library()

MESSAGE_AUTHORS = ("citizen", "town")
DOCUMENT_STATES = {
    "available": ("file-text", ""),
    "checking": ("shield-ellipsis", "soon"),
    "missing": ("file-question-mark", "soon"),
    "refused": ("file-x", "late"),
}


@register.inclusion_tag("components/definition_list.html")
def definition_list(*, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Answers ``{label, value, change_url?}``; an empty value reads « Non renseigné »."""
    for row in rows:
        keys("definition_list", row, required={"label", "value"}, known={"change_url"})
    return {"rows": rows}


@register.simple_block_tag
def message_bubble(
    content: str, *, author: str, author_name: str, sent_at: dt.datetime, channel: str = ""
) -> str:
    """A message of the conversation: the citizen's on the left, the town's on the right."""
    one_of("message_bubble", "author", author, MESSAGE_AUTHORS)
    required("message_bubble", author_name=author_name, sent_at=sent_at)
    return render_to_string(
        "components/message_bubble.html",
        {
            "content": content,
            "author": author,
            "author_name": author_name,
            "sent_at": sent_at,
            "channel": channel,
        },
    )


@register.simple_block_tag
def internal_note(content: str, *, author_name: str, written_at: dt.datetime) -> str:
    """A note that no citizen ever sees: yellow, a lock and the words « Note interne »."""
    required("internal_note", author_name=author_name, written_at=written_at)
    return render_to_string(
        "components/internal_note.html",
        {"content": content, "author_name": author_name, "written_at": written_at},
    )


@register.inclusion_tag("components/document_row.html")
def document_row(
    *,
    name: str,
    url: str = "",
    size: int | None = None,
    kind: str = "",
    added_at: dt.datetime | None = None,
    state: str = "available",
    state_label: str = "",
) -> dict[str, Any]:
    """A document: name, kind (« PDF »), size in bytes, and its state in words if not available."""
    required("document_row", name=name)
    one_of("document_row", "state", state, DOCUMENT_STATES)
    if state != "available":
        required("document_row", state_label=state_label)
    icon_name, tone = DOCUMENT_STATES[state]
    return {
        "name": name,
        "url": url,
        "size": size,
        "kind": kind,
        "added_at": added_at,
        "state_label": state_label,
        "icon_name": icon_name,
        "tone": tone,
    }
