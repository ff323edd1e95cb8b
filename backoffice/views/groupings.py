"""The agents' categories, and the groups of the citizens' page."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.groupings import EntryForm, GroupingForm
from backoffice.forms.two_languages import english_pairs
from backoffice.views.seen import Seen, changes_to
from prestations.configuration import seen_of
from prestations.editing.offers import (
    KIND_OF,
    arrange_group,
    remove_grouping,
    users_of,
    write_grouping,
)
from prestations.exceptions import CatalogueError, StillUsed
from prestations.models import Category, PortalGroup
from prestations.models.catalogue import UNSORTED
from requests.models import RoutingRule
from requests.permissions import Right

REMOVE = "retirer"


@dataclass(frozen=True)
class Sort:
    """One of the two groupings: its words, its addresses, through what it holds prestations."""

    code: str
    model: type[Category | PortalGroup]
    title: str | Promise
    help: str | Promise
    more: str | Promise
    holds: str


SORTS = {
    "categories": Sort(
        "categories",
        Category,
        gettext_lazy("Catégories"),
        gettext_lazy("Le classement des agents : colonne « Service » des listes."),
        gettext_lazy("Créer une catégorie"),
        "prestations",
    ),
    "rubriques": Sort(
        "rubriques",
        PortalGroup,
        gettext_lazy("Rubriques de la page des habitants"),
        gettext_lazy("Ce que les habitants voient sur la page d’accueil, avec ses mots à elle."),
        gettext_lazy("Créer une rubrique"),
        "entries",
    ),
}


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def groupings(request: AgentRequest, sort: str) -> HttpResponse:
    """All of one sort, in their order."""
    asked = SORTS[sort]
    rows = asked.model.objects.filter(is_active=True).exclude(pk=UNSORTED)
    counted = rows.select_related("team").annotate(number=Count(asked.holds))
    return render(
        request,
        "backoffice/grouping_list.html",
        {"sort": asked, "rows": counted.order_by("team__order", "order", "label")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def grouping(request: AgentRequest, sort: str, code: str = "") -> HttpResponse:
    """Make one, write its names and its place, or remove it when nothing needs it."""
    asked = SORTS[sort]
    rows: QuerySet[Any] = asked.model.objects.exclude(pk=UNSORTED)
    known = get_object_or_404(rows, pk=code) if code else None
    posted = request.POST if request.method == "POST" else None
    if known and posted is not None and posted.get("action") == REMOVE:
        return _remove(request, asked, known)
    last = rows.aggregate(last=Max("order"))["last"] or 0
    form = GroupingForm(posted, model=asked.model, known=known, last=last)
    entries = _entries(known, posted)
    seen = Seen(
        request,
        partial(seen_of, KIND_OF[asked.model], code) if known else None,
        changes_to(KIND_OF[asked.model], code),
        form,
        *entries,
    )
    if form.is_valid() and all(one.is_valid() for one in entries):
        try:
            _write(form, entries, known, asked, request.user, seen)
        except CatalogueError as refusal:
            seen.refuse(form, refusal, "team")
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect(f"backoffice:{sort}")
    context = {
        "sort": asked,
        "known": known,
        "form": form,
        "entries": entries,
        "seen": seen,
        "users": users_of(known) if isinstance(known, Category) else [],
        "has_errors": any(one.errors for one in entries),
    }
    return render(request, "backoffice/grouping_detail.html", context)


def _entries(known: Category | PortalGroup | None, posted: Any) -> list[EntryForm]:
    if not isinstance(known, PortalGroup):
        return []
    rows = known.entries.select_related("prestation").order_by("order", "pk")
    return [EntryForm(posted, entry=one) for one in rows]


@transaction.atomic
def _write(form, entries: list[EntryForm], known, asked: Sort, actor, seen: Seen) -> None:
    written = write_grouping(
        model=asked.model,
        code=known.pk if known else form.cleaned_data["code"],
        values=form.columns(),
        english=form.english(),
        actor=actor,
        seen=seen.value,
    )
    if not isinstance(written, PortalGroup):
        return
    english: dict[str, str] = {}
    arranged = []
    for one in entries:
        values = one.cleaned_data
        english |= english_pairs(values, "wording")
        arranged.append((one.entry, values["wording"], values["order"]))
    arrange_group(group=written, entries=arranged, english=english, actor=actor)


def _remove(request: AgentRequest, asked: Sort, known: Category | PortalGroup) -> HttpResponse:
    try:
        rules = RoutingRule.objects.filter(conditions__categories__contains=[known.pk])
        if asked.model is Category and rules:
            raise StillUsed(rule.label for rule in rules)
        remove_grouping(model=asked.model, code=known.pk, actor=request.user)
    except CatalogueError as refusal:
        messages.error(request, str(refusal))
        return redirect(f"backoffice:{asked.code}_edit", known.pk)
    messages.success(request, _("C’est retiré."))
    return redirect(f"backoffice:{asked.code}")
