"""The components of every page: tags that declare what they take.

Django refuses an unknown or missing argument when it compiles the template; an argument that
is given but empty, or outside its list of values, raises ``ComponentError`` when it renders,
so that a misspelt variable fails at once instead of leaving a blank. docs/design-system.md shows
each of them.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from typing import TYPE_CHECKING, Any

from django import template
from django.contrib.messages import constants as message_levels
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lucide.templatetags.lucide import lucide as render_lucide

from massy_grc.common import charts, words
from massy_grc.common.fields import describe_field, worded_errors
from massy_grc.common.words import date_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.forms import BaseForm, BoundField

register = template.Library()

# State kind -> icon and tone. The word is always the caller's.
STATE_KINDS = {
    "draft": ("pencil", "quiet"),
    "new": ("inbox", "info"),
    "triage": ("circle-question-mark", "soon"),
    "progress": ("circle-play", "info"),
    "transferred": ("corner-up-right", "info"),
    "waiting": ("hourglass", "soon"),
    "appointment": ("calendar", "info"),
    "review": ("file-pen-line", "info"),
    "answer": ("reply", "soon"),
    "ready": ("package-check", "done"),
    "done": ("circle-check", "done"),
    "refused": ("circle-x", "quiet"),
    "cancelled": ("ban", "quiet"),
}
DELAY_STATUSES = ("late", "soon", "ok", "paused")
NOTICE_KINDS = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "octagon-alert",
}
CARD_ACCENTS = ("", "primary", "second")
MESSAGE_AUTHORS = ("citizen", "town")
TIMELINE_WHEN = ("past", "current", "next")
DOCUMENT_STATES = {
    "available": ("file-text", ""),
    "checking": ("shield-ellipsis", "soon"),
    "missing": ("file-question-mark", "soon"),
    "refused": ("file-x", "late"),
}


class ComponentError(ValueError):
    """A component was given an argument it cannot show."""


def _required(component: str, **arguments: object) -> None:
    for name, value in arguments.items():
        if value is None or str(value) == "":
            raise ComponentError(f"{component}: the argument {name!r} is empty")


def _one_of(component: str, name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        known = ", ".join(repr(item) for item in allowed)
        raise ComponentError(f"{component}: {name}={value!r} is not one of {known}")


def _keys(component: str, item: Mapping[str, Any], *, required: set[str], known: set[str]) -> None:
    missing, unknown = required - item.keys(), item.keys() - known - required
    if missing or unknown:
        raise ComponentError(
            f"{component}: missing {sorted(missing)}, unknown {sorted(unknown)} in {item!r}"
        )


# --- small things --------------------------------------------------------------------------------


@register.simple_tag
def icon(*, name: str, label: str = "") -> SafeString:
    """Lucide icon at text size, hidden from screen readers unless a label is given."""
    _required("icon", name=name)
    return _drawn_icon(str(name), str(label))


@functools.lru_cache(maxsize=256)
def _drawn_icon(name: str, label: str) -> SafeString:
    naming = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return mark_safe(  # noqa: S308 - drawn by the library, which escapes its attributes
        render_lucide(name, size=None, **{"class": "icon", "focusable": "false"}, **naming)
    )


@register.simple_tag
def brand_mark() -> SafeString:
    """The town's initial in a square; a drawing of ours, no coat of arms."""
    return format_html(
        '<svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">'
        '<rect width="32" height="32" rx="6" fill="currentColor"/>'
        '<path class="brand-mark-letter" d="M7 24V9l9 8 9-8v15" fill="none"'
        ' stroke-width="3.2" stroke-linejoin="round" stroke-linecap="round"/>{}</svg>',
        "",
    )


@register.simple_tag
def static_or_nothing(path: str) -> str:
    """Address of a static file, or nothing when it is not collected: for the 500 page only."""
    try:
        return staticfiles_storage.url(path)
    except ValueError:
        return ""


for said in (
    *(words.initials, words.person_name, words.phone_href, words.phone_words, words.file_size),
    *(words.date_words, words.time_words, words.moment_words, words.with_links),
):
    register.filter(said)


# --- state, delay, progress ----------------------------------------------------------------------


@register.inclusion_tag("components/badge.html")
def state_badge(*, label: str, kind: str) -> dict[str, Any]:
    """A request's state: icon and word. ``kind`` is a key of ``STATE_KINDS``."""
    _required("state_badge", label=label)
    _one_of("state_badge", "kind", kind, STATE_KINDS)
    icon_name, tone = STATE_KINDS[kind]
    return {"label": label, "icon_name": icon_name, "tone": tone}


@register.inclusion_tag("components/badge.html")
def delay_badge(*, status: str, days: int | None = None, due: dt.date | None = None):
    """How a deadline stands, in words.

    ``status`` is late, soon, ok or paused; ``days`` counts whole days past or left; ``due`` is
    shown in full for "ok".
    """
    _one_of("delay_badge", "status", status, DELAY_STATUSES)
    icon_name, tone, label = {
        "late": ("alarm-clock", "late", _late_words(days)),
        "soon": ("clock", "soon", _soon_words(days, due)),
        "ok": ("calendar-check", "quiet", _ok_words(due)),
        "paused": ("circle-pause", "quiet", _("Suspendu")),
    }[status]
    return {"label": label, "icon_name": icon_name, "tone": tone}


def _late_words(days: int | None) -> str:
    if not days:
        return _("En retard")
    return ngettext("En retard de %(days)d jour", "En retard de %(days)d jours", days) % {
        "days": days
    }


def _soon_words(days: int | None, due: dt.date | None) -> str:
    if days is None:
        return _ok_words(due)
    if days == 0:
        return _("Échéance aujourd’hui")
    if days == 1:
        return _("Échéance demain")
    return ngettext("Échéance dans %(days)d jour", "Échéance dans %(days)d jours", days) % {
        "days": days
    }


def _ok_words(due: dt.date | None) -> str:
    if due is None:
        return _("Dans les délais")
    return _("Échéance %(date)s") % {"date": date_words(due)}


@register.inclusion_tag("components/step_progress.html")
def step_progress(*, current: int, total: int, title: str) -> dict[str, Any]:
    """« Étape 2 sur 4 · Votre acte », with a thin bar."""
    _required("step_progress", title=title)
    if not 1 <= int(current) <= int(total):
        raise ComponentError(f"step_progress: step {current} of {total}")
    return {
        "current": int(current),
        "total": int(total),
        "title": title,
        "segments": [number <= int(current) for number in range(1, int(total) + 1)],
    }


@register.inclusion_tag("components/timeline.html")
def timeline(*, steps: Sequence[Mapping[str, Any]], label: str) -> dict[str, Any]:
    """A vertical line of steps ``{title, when, date?, text?}``; when is past, current or next."""
    _required("timeline", label=label)
    for step in steps:
        _keys("timeline", step, required={"title", "when"}, known={"date", "text"})
        _one_of("timeline", "when", step["when"], TIMELINE_WHEN)
    return {"steps": steps, "label": label}


# --- words to the reader -------------------------------------------------------------------------


@register.simple_block_tag
def notice(content: str, *, kind: str, title: str = "", role: str = "") -> str:
    """A notice with an icon and a word, around what it says."""
    _one_of("notice", "kind", kind, NOTICE_KINDS)
    _one_of("notice", "role", role, ("", "status", "alert"))
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

    The words are those beside the fields: both come from ``worded_errors``.
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
            entries += [{"href": f"#{target}", "text": text} for text in texts]
    return entries


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    *, title: str, text: str, url: str = "", action: str = "", icon_name: str = "inbox"
) -> dict[str, Any]:
    """What will appear here, and the one thing to do next."""
    _required("empty_state", title=title, text=text)
    if bool(url) != bool(action):
        raise ComponentError("empty_state: 'url' and 'action' go together")
    return {"title": title, "text": text, "url": url, "action": action, "icon_name": icon_name}


# --- answers, conversation, documents ------------------------------------------------------------


@register.inclusion_tag("components/definition_list.html")
def definition_list(*, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Answers ``{label, value, change_url?}``; an empty value reads « Non renseigné »."""
    for row in rows:
        _keys("definition_list", row, required={"label", "value"}, known={"change_url"})
    return {"rows": rows}


@register.simple_block_tag
def message_bubble(
    content: str, *, author: str, author_name: str, sent_at: dt.datetime, channel: str = ""
) -> str:
    """A message of the conversation: the citizen's on the left, the town's on the right."""
    _one_of("message_bubble", "author", author, MESSAGE_AUTHORS)
    _required("message_bubble", author_name=author_name, sent_at=sent_at)
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
    _required("internal_note", author_name=author_name, written_at=written_at)
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
    _required("document_row", name=name)
    _one_of("document_row", "state", state, DOCUMENT_STATES)
    if state != "available":
        _required("document_row", state_label=state_label)
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


# --- frames --------------------------------------------------------------------------------------


@register.simple_block_tag
def card(
    content: str,
    *,
    title: str = "",
    level: int = 2,
    accent: str = "",
    icon_name: str = "",
    url: str = "",
) -> str:
    """A framed part of a page. ``level`` is that of its heading, ``url`` makes the title a link."""
    _one_of("card", "accent", accent, CARD_ACCENTS)
    if url:
        _required("card", title=title)
    return render_to_string(
        "components/card.html",
        {
            "content": content,
            "title": title,
            "heading": f"h{int(level)}",
            "accent": accent,
            "icon_name": icon_name,
            "url": url,
        },
    )


@register.simple_block_tag
def data_table(
    content: str,
    *,
    caption: str,
    columns: Sequence[Mapping[str, Any]],
    caption_hidden: bool = False,
    dense: bool = False,
) -> str:
    """The frame of a table around its ``<tr>`` rows.

    ``columns`` are ``{label, numeric?, hidden?, sort_url?, sorted?}``; sorted is "ascending" or
    "descending", hidden keeps the label for screen readers only.
    """
    _required("data_table", caption=caption)
    for column in columns:
        _keys(
            "data_table",
            column,
            required={"label"},
            known={"numeric", "hidden", "sort_url", "sorted"},
        )
    return render_to_string(
        "components/data_table.html",
        {
            "content": content,
            "caption": caption,
            "columns": columns,
            "caption_hidden": caption_hidden,
            "dense": dense,
        },
    )


@register.inclusion_tag("components/pager.html")
def pager(*, previous_url: str, next_url: str, label: str, summary: str = "") -> dict[str, Any]:
    """Previous and next of a keyset list; an empty address means that there is none."""
    _required("pager", label=label)
    return {
        "previous_url": previous_url,
        "next_url": next_url,
        "label": label,
        "summary": summary,
    }


@register.inclusion_tag("components/filter_chips.html")
def filter_chips(*, chips: Sequence[Mapping[str, Any]], clear_url: str = "") -> dict[str, Any]:
    """The filters in force ``{label, value, remove_url}``, each one removable."""
    for chip in chips:
        _keys("filter_chips", chip, required={"label", "value", "remove_url"}, known=set())
    return {"chips": chips, "clear_url": clear_url}


@register.inclusion_tag("components/figure_tile.html")
def figure_tile(
    *,
    label: str,
    value: object,
    unit: str = "",
    trend: str = "",
    direction: str = "",
    url: str = "",
) -> dict[str, Any]:
    """A figure with its trend in words; ``url`` opens the very list behind the number."""
    _required("figure_tile", label=label, value=value)
    _one_of("figure_tile", "direction", direction, ("", "up", "down", "flat"))
    icons = {"up": "trending-up", "down": "trending-down", "flat": "move-right", "": ""}
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "trend": trend,
        "trend_icon": icons[direction],
        "url": url,
    }


# --- figures -------------------------------------------------------------------------------------


@register.simple_tag
def bar_chart(*, title: str, rows: Sequence[charts.BarRow], unit: str = "") -> SafeString:
    """Horizontal bars; see ``charts.bar_chart``."""
    return charts.bar_chart(title, rows=rows, unit=unit)


@register.simple_tag
def line_chart(*, title: str, points: Sequence[charts.Point], unit: str = "") -> SafeString:
    """A line over time; see ``charts.line_chart``."""
    return charts.line_chart(title, points=points, unit=unit)


@register.inclusion_tag("components/chart_table.html")
def chart_table(
    *, caption: str, head: str, rows: Sequence[Sequence[Any]], unit: str = ""
) -> dict[str, Any]:
    """The figures of a chart as a table, folded under « Voir les chiffres »."""
    _required("chart_table", caption=caption, head=head)
    return {
        "caption": caption,
        "head": head,
        "unit": unit,
        "rows": [
            {
                "label": row[0],
                "value": charts.format_value(row[1]),
                "url": row[2] if len(row) > 2 else None,
            }
            for row in rows
        ],
    }


# --- forms ---------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def form_field(
    *,
    field: BoundField,
    wrapper_class: str = "",
    show_label: bool = True,
    show_optional: bool = True,
) -> dict[str, Any]:
    """A whole field: label, « (facultatif) », help, error, then the control.

    Args:
        show_optional: False in a search, where everything is.
    """
    if not field:
        raise ComponentError("form_field: the argument 'field' is empty")
    described = describe_field(field)
    return {
        "field": field,
        "described": described,
        "wrapper_class": wrapper_class,
        "show_label": show_label,
        "show_optional": show_optional,
        "visible_if": json.dumps(described.visible_if) if described.visible_if else "",
    }
