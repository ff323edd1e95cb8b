"""What an address of the list of requests asks for, in words: its view, filters and layout."""

from collections.abc import Iterator
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from backoffice.filters import QueueFilter
from backoffice.queue_layout import told as layout_told
from backoffice.queues import VIEWS, QueueView
from backoffice.saved_views import KEPT
from requests.models import ServiceRequest


class FilterWords(NamedTuple):
    """One filter in force.

    Attributes:
        words: "" where its label says all.
        only: its value, where the filter may have several.
    """

    name: str
    label: str
    words: str
    only: str | None = None


def filter_words(filtered: QueueFilter) -> Iterator[FilterWords]:
    """Yield the filters in force; none of an address that cannot be read."""
    if not filtered.form.is_valid():
        return
    for name, value in filtered.form.cleaned_data.items():
        if name not in filtered.filters or value in (None, "", [], False):
            continue
        field = filtered.form.fields[name]
        label = str(field.label)
        if isinstance(value, list):
            labels = dict(field.choices)
            yield from (FilterWords(name, label, str(labels.get(one, one)), one) for one in value)
        elif value is True:
            yield FilterWords(name, label, "")
        elif hasattr(field, "choices") and not hasattr(value, "pk"):
            yield FilterWords(name, label, str(dict(field.choices).get(value, value)))
        elif hasattr(value, "strftime"):
            yield FilterWords(name, label, value.strftime("%d/%m/%Y"))
        else:
            yield FilterWords(name, label, str(value))


def filters_of(query: str) -> QueueFilter:
    """Return the filters of a kept query, to be read, not used."""
    params = QueryDict(query)
    rows = ServiceRequest.objects.none()
    return QueueFilter(params, queryset=rows, user=None, only=params.keys() & KEPT)


def view_named(query: str) -> QueueView | None:
    """Return the view that a query names, whoever may open it."""
    slug = QueryDict(query).get("vue")
    return next((view for view in VIEWS if view.slug == slug), None)


def list_told(query: str, view: QueueView | None) -> list[tuple[str, str]]:
    """Return what a kept query holds, as pairs of a label and words.

    Args:
        view: the one that it narrows.
    """
    told = [(_("Liste"), str(view.label))] if view else []
    told += [(one.label, one.words or _("oui")) for one in filter_words(filters_of(query))]
    return told + layout_told(QueryDict(query))


def list_words(query: str) -> str:
    """Return what a kept query holds, in one line."""
    found: dict[str, list[str]] = {}
    for label, words in list_told(query, view_named(query)):
        found.setdefault(label, []).append(words)
    return " · ".join(f"{label}\u00a0: {', '.join(words)}" for label, words in found.items())
