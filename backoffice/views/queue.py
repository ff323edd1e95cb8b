"""The queue: one view of it, filtered, one keyset page (S37, use bar 27)."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.dashboard.links import WAY_BACK
from backoffice.filters import ContractFigure, QueueFilter
from backoffice.queues import (
    BEHIND_FIGURES,
    QueueView,
    base_rows,
    length_of,
    narrows,
    order_of,
    sees_figures_only,
    views_for,
)
from backoffice.rail import rail
from backoffice.saved_views import OPENED_BY, kept_query, opened
from backoffice.tables.queue import QueueTable, with_columns
from backoffice.views.requests import WORKERS
from massy_grc.common.paging import POSITION_PARAMS, keyset_page
from requests import actions
from requests.permissions import Right, scope_of

PAGE_SIZE = 50
PANEL = "filtrer"


@require_safe
@agent_page(*WORKERS, Right.SEE_DASHBOARD)
def queue(request: AgentRequest) -> HttpResponse:
    """Show a page of the view named by ``?vue=``; all filters stand in the address."""
    now = timezone.now()
    scope = scope_of(request.user)
    views = views_for(request.user)
    view = next((one for one in views if one.slug == request.GET.get("vue")), views[0])
    figures_only = sees_figures_only(scope, view)
    rows = view.rows(base_rows(request.user, view), request.user, now)
    filtered = None
    if request.GET.keys() & {PANEL, *QueueFilter.base_filters}:  # twenty fields, seldom asked for
        filtered = QueueFilter(
            request.GET,
            queryset=rows,
            user=request.user,
            now=now,
            figures_only=figures_only,
        )
        rows = filtered.qs
    order = order_of(view, request.GET.get("tri", ""))
    page = keyset_page(
        with_columns(rows, request.user), order=order, params=request.GET, size=PAGE_SIZE
    )
    table = QueueTable(
        page.rows,
        now=now,
        reader=request.user,
        figures_only=figures_only,
        caption=str(view.label),
    )
    chips = chips_of(filtered, request.GET) if filtered else []
    saved = opened(request.user, request.GET)
    may_keep = bool(scope.rights & {*WORKERS}) and not view.behind_figures
    understood = filtered is None or filtered.form.is_valid()
    query = kept_query(request.GET, view.slug)
    context = {
        "views": rail(request.user, now, active=view.slug, opened=saved),
        "view": view,
        "title": saved.name if saved else view.label,
        "saved": saved,
        "keep_query": query if may_keep and understood and narrows(query) else "",
        "is_changed": saved is not None and saved.query != query,
        "is_own": saved is not None and saved.owner_id == request.user.pk,
        "lists_views": may_keep,
        "table": table,
        "page": page,
        "length": length_of(rows, view),
        "filter": filtered,
        "panel_open": PANEL in request.GET,
        "chips": chips,
        "clear_url": view.url() if chips else "",
        "figures_only": figures_only,
        "may_take": bool(scope.rights & {*WORKERS}),
        "order": "recentes" if order.descending else "echeance",
        "order_urls": {
            "echeance": with_params(request.GET, tri="echeance"),
            "recentes": with_params(request.GET, tri="recentes"),
        },
        "panel_url": with_params(request.GET, **{PANEL: "oui"}),
        "kept": [
            (k, v) for k, v in request.GET.items() if k in {"vue", "tri", OPENED_BY, WAY_BACK}
        ],
        "way_back": _way_back(request, view),
    }
    return render(request, "backoffice/queue_list.html", context)


def _way_back(request: AgentRequest, view: QueueView) -> tuple[str, str] | None:
    """The address and name of the page whose figure opened this list, if one did."""
    if view.slug != BEHIND_FIGURES:
        return None
    if "renvoi" in request.GET and scope_of(request.user).may(Right.ADMINISTER):
        return reverse("backoffice:routing_rules"), _("Orientation des demandes")
    if figure := ContractFigure(request.GET.get("contrat", "")).parts:
        return reverse("backoffice:contract", args=[figure[2]]), _("Contrat de service")
    query = request.GET.get(WAY_BACK, "")[:500]
    return f"{reverse('backoffice:dashboard')}?{query}".rstrip("?"), _("Pilotage")


@require_POST
@agent_page(*WORKERS)
def take_next(request: AgentRequest) -> HttpResponse:
    """Give this person the next request that nobody has at their places; two never get the same."""
    taken = actions.take_next_request(actor=request.user)
    if taken is None:
        messages.info(request, _("Aucune demande n’attend d’être prise en charge."))
        return redirect("backoffice:queue")
    messages.success(
        request,
        _("Vous prenez en charge la demande %(reference)s.") % {"reference": taken.reference},
    )
    return redirect(taken.get_absolute_url())


def with_params(params: QueryDict, **changes: str) -> str:
    """The query string of `params` changed by `changes`, from the first page."""
    kept = params.copy()
    for name in POSITION_PARAMS:
        kept.pop(name, None)
    for name, value in changes.items():
        kept[name] = value
    return f"?{kept.urlencode()}"


def chips_of(filtered: QueueFilter, params: QueryDict) -> list[dict]:
    """Return the filters in force, each with the address that takes it off."""
    if not filtered.form.is_valid():
        return []
    chips = []
    for name, value in filtered.form.cleaned_data.items():
        if name not in filtered.filters or value in (None, "", [], False):
            continue
        field = filtered.form.fields[name]
        if isinstance(value, list):
            labels = dict(field.choices)
            pairs = [(labels.get(one, one), one) for one in value]
        elif value is True:
            pairs = [(_("oui"), None)]
        elif hasattr(field, "choices") and not hasattr(value, "pk"):
            pairs = [(dict(field.choices).get(value, value), None)]
        elif hasattr(value, "strftime"):
            pairs = [(value.strftime("%d/%m/%Y"), None)]
        else:
            pairs = [(str(value), None)]
        chips += [
            {
                "label": field.label,
                "value": words,
                "remove_url": _without(params, name, only=only),
            }
            for words, only in pairs
        ]
    return chips


def _without(params: QueryDict, name: str, *, only: str | None) -> str:
    kept = params.copy()
    for position in (*POSITION_PARAMS, PANEL):
        kept.pop(position, None)
    left = [value for value in kept.getlist(name) if only not in (None, value)]
    if left:
        kept.setlist(name, left)
    else:
        kept.pop(name, None)
    return f"?{kept.urlencode()}"
