"""The queue: one view of it, filtered, one keyset page (S37, use bar 27)."""

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from backoffice import split as split_view
from backoffice.access import AgentRequest, agent_page
from backoffice.actions.bulk import MOST
from backoffice.bulk.kinds import kinds_for
from backoffice.dashboard.links import WAY_BACK
from backoffice.exported_lists import SEARCH, exported_query
from backoffice.figure_filters import CONTRACT, ContractFigure
from backoffice.filters import QueueFilter
from backoffice.forms.queue_layout import LayoutForm
from backoffice.list_words import filter_words
from backoffice.listed import listed_requests
from backoffice.middleware import BY_ITSELF
from backoffice.neighbours import LIST, carried_to, carrying, list_behind, list_query
from backoffice.queue_layout import PARAMS as LAYOUT
from backoffice.queue_layout import SEEDS_TEN, Layout, layout_of, sizes_of
from backoffice.queues import (
    BEHIND_FIGURES,
    QueueView,
    base_rows,
    length_words,
    narrows,
    number_of,
    sees_figures_only,
    views_for,
)
from backoffice.rail import rail
from backoffice.saved_views import (
    OPENED_BY,
    address_of,
    beside_lists,
    first_opened,
    kept_query,
    offered_views,
    opened,
)
from backoffice.split import BESIDE
from backoffice.tables.queue import PERSONAL_COLUMNS, QueueTable, with_columns
from backoffice.views.requests import WORKERS
from massy_grc.common.paging import POSITION_PARAMS, keyset_page
from requests import actions
from requests.enums import PAUSED_STATES
from requests.models import ServiceRequest
from requests.permissions import Right, scope_of

PAGE_SIZE = 50
PANEL = "filtrer"
LAYOUT_PANEL = "presenter"
TO_TAKE = "vue=a-prendre"


@require_safe
@agent_page(*WORKERS, Right.SEE_DASHBOARD)
def queue(request: AgentRequest) -> HttpResponse:
    """Show a page of the view named by ``?vue=``; all filters stand in the address.

    Without any it is the list that the person's role opens on. With htmx only the request that is
    opened beside the list comes back.
    """
    now = timezone.now()
    scope = scope_of(request.user)
    may_work = bool(scope.rights & {*WORKERS})
    if request.htmx.target == BESIDE and may_work:
        pane = split_view.pane_of(request, request.GET.get(BESIDE, ""))
        return render(request, "backoffice/queue_pane.html", pane)
    offered = offered_views(request.user)
    if not request.GET and (first := first_opened(offered, request.user)):
        return redirect(address_of(first))
    views = views_for(request.user)
    view = next((one for one in views if one.slug == request.GET.get("vue")), views[0])
    figures_only = sees_figures_only(scope, view)
    rows = view.rows(
        base_rows(request.user, view, of_contract=CONTRACT in request.GET), request.user, now
    )
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
    absent = PERSONAL_COLUMNS if figures_only else ()
    renewed = BY_ITSELF in request.headers  # its rows alone: nobody looks at the request beside
    split = BESIDE in request.GET and may_work
    usual = split_view.COLUMNS if split else SEEDS_TEN
    number = number_of(rows, view)
    layout = layout_of(request.GET, view, number=lambda: number, absent=absent, usual=usual)
    rows = layout.arrange(rows)
    page = keyset_page(
        with_columns(rows, request.user), order=layout.order, params=request.GET, size=PAGE_SIZE
    )
    beside = split_view.reference_beside(request.GET, page.rows) if split else ""
    table = QueueTable(
        page.rows,
        now=now,
        reader=request.user,
        layout=layout,
        ordering=lambda name: with_params(request.GET, tri=name),
        carried=carrying(list_query(request.GET), layout.order),
        sizes=sizes_of(rows) if layout.group else {},
        opening=split_view.opening(request.GET) if split else "",
        beside=beside,
        figures_only=figures_only,
        choosing=not figures_only,
        caption=str(view.label),
    )
    chips = chips_of(filtered, request.GET) if filtered else []
    saved = opened(offered, request.user, request.GET)
    may_keep = may_work and not view.behind_figures
    understood = filtered is None or filtered.form.is_valid()
    query = kept_query(request.GET, view.slug)
    is_whole = saved.query == query if saved else filtered is None
    context = {
        "views": rail(
            request.user,
            now,
            beside_lists(offered, request.user),
            active=view.slug,
            opened=saved,
            number=number if is_whole else None,
        ),
        "view": view,
        "title": saved.name if saved else view.label,
        "saved": saved,
        "keep_query": query if may_keep and understood and narrows(query) else "",
        "is_changed": saved is not None and saved.query != query,
        "is_own": saved is not None and saved.owner_id == request.user.pk,
        "lists_views": may_keep,
        "table": table,
        "page": page,
        "length": length_words(number, view),
        "filter": filtered,
        "panel_open": PANEL in request.GET,
        "chips": chips,
        "clear_url": f"?{urlencode(_pairs(request.GET, {'vue', WAY_BACK, BESIDE, *LAYOUT}))}",
        "figures_only": figures_only,
        "bulk_kinds": [] if figures_only else kinds_for(request.user),
        "bulk_most": MOST if not view.behind_figures else 0,
        "may_take": may_work,
        "take_end": "" if view.own else _taken_from(request.GET),
        "in_department": bool(scope.departments),
        "split": split,
        "pane": split_view.pane_of(request, beside) if beside and not renewed else {},
        "split_url": split_view.closing(request.GET)
        if split
        else f"{split_view.opening(request.GET)}{split_view.FIRST}",
        "layout": layout,
        "panel_url": with_params(request.GET, **{PANEL: "oui"}),
        "export_url": _export_url(request.GET, view),
        "kept": _pairs(request.GET, {"vue", OPENED_BY, WAY_BACK, BESIDE, *LAYOUT}),
        **_layout_panel(request, layout, absent),
        "way_back": _way_back(request, view),
    }
    return render(request, "backoffice/queue_list.html", context)


def _layout_panel(request: AgentRequest, layout: Layout, absent: Collection[str]) -> dict:
    """What the panel that lays the list out needs, when it is open."""
    url = with_params(request.GET, **{LAYOUT_PANEL: "oui"})
    if LAYOUT_PANEL not in request.GET:
        return {"layout_url": url}
    others = request.GET.keys() - {*LAYOUT, *POSITION_PARAMS, LAYOUT_PANEL, PANEL}
    kept = _pairs(request.GET, others)
    return {
        "layout_url": url,
        "layout_form": LayoutForm(layout=layout, absent=absent),
        "layout_kept": kept,
        "plain_url": f"?{urlencode(kept)}",
    }


def _pairs(params: QueryDict, names: Collection[str]) -> list[tuple[str, str]]:
    """The parameters of these names, each value on its own."""
    return [(name, value) for name in params if name in names for value in params.getlist(name)]


def _export_url(params: QueryDict, view: QueueView) -> str:
    """Where the list is exported; that page says so when a text is searched for."""
    asked = QueryDict(exported_query(params, view.slug), mutable=True)
    if searched := params.get(SEARCH):
        asked[SEARCH] = str(searched)
    return f"{reverse('backoffice:list_export_new')}?{asked.urlencode()}"


def _way_back(request: AgentRequest, view: QueueView) -> tuple[str, str] | None:
    """The address and name of the page whose figure opened this list, if one did."""
    if view.slug != BEHIND_FIGURES:
        return None
    if "renvoi" in request.GET and scope_of(request.user).may(Right.ADMINISTER):
        return reverse("backoffice:routing_rules"), _("Orientation des demandes")
    if figure := ContractFigure(request.GET.get(CONTRACT, "")).parts:
        return reverse("backoffice:contract", args=[figure[2]]), _("Contrat de service")
    query = request.GET.get(WAY_BACK, "")[:500]
    if "logiciel" in request.GET:
        return f"{reverse('backoffice:rekeyed')}?{query}".rstrip("?"), _("Ressaisies")
    return f"{reverse('backoffice:dashboard')}?{query}".rstrip("?"), _("Pilotage")


@require_POST
@agent_page(*WORKERS)
def take_next(request: AgentRequest) -> HttpResponse:
    """Give this person the next request that nobody has at their places; two never get the same.

    Of the list that `?liste=` carries, where it carries one.
    """
    now, behind = timezone.now(), list_behind(request.GET)
    query = request.GET[LIST] if behind else TO_TAKE
    listed = listed_requests(query, request.user, now, behind_figures=True)
    if listed is None or not listed.is_understood:
        messages.info(request, _("Cette liste n’est plus la vôtre."))
        return redirect("backoffice:queue")
    taken = actions.take_next_request(
        actor=request.user, among=listed.rows if behind else None, now=now
    )
    if taken is None and behind:
        messages.info(request, _("Aucune demande de cette liste n’attend d’être prise en charge."))
        return redirect(behind["list_url"])
    if taken is None:
        return _none_to_take(request)
    messages.success(
        request,
        _("Vous prenez en charge la demande %(reference)s.") % {"reference": taken.reference},
    )
    return redirect(taken.get_absolute_url() + carried_to(taken, query, request.user, now))


def _taken_from(params: QueryDict) -> str:
    """What ends the address that takes the next request of the list shown."""
    carried = QueryDict(urlencode({LIST: list_query(params)}))
    return list_behind(carried).get("list_end", "")


def _none_to_take(request: AgentRequest) -> HttpResponse:
    """Say that nothing waits; of what the list still shows, that it waits for the requester."""
    visible = ServiceRequest.objects.visible_to(request.user)
    left = visible.untaken_for(request.user).filter(state__in=PAUSED_STATES).count()
    if not left:
        messages.info(request, _("Aucune demande n’attend d’être prise en charge."))
        return redirect("backoffice:queue")
    words = ngettext(
        "Rien à traiter maintenant : la demande qui reste attend le demandeur.",
        "Rien à traiter maintenant : les %(n)d demandes qui restent attendent le demandeur.",
        left,
    )
    messages.info(request, words % {"n": left})
    return redirect(f"{reverse('backoffice:queue')}?{TO_TAKE}")


def with_params(params: QueryDict, **changes: str) -> str:
    """The query string of `params` changed by `changes`, from the first page."""
    kept = params.copy()
    for name in (*POSITION_PARAMS, PANEL, LAYOUT_PANEL):
        kept.pop(name, None)
    for name, value in changes.items():
        kept[name] = value
    return f"?{kept.urlencode()}"


def chips_of(filtered: QueueFilter, params: QueryDict) -> list[dict]:
    """Return the filters in force, each with the address that takes it off."""
    return [
        {
            "label": one.label,
            "value": one.words,
            "remove_url": _without(params, one.name, only=one.only),
        }
        for one in filter_words(filtered)
    ]


def _without(params: QueryDict, name: str, *, only: str | None) -> str:
    kept = params.copy()
    for position in (*POSITION_PARAMS, PANEL, LAYOUT_PANEL):
        kept.pop(position, None)
    left = [value for value in kept.getlist(name) if only not in (None, value)]
    if left:
        kept.setlist(name, left)
    else:
        kept.pop(name, None)
    return f"?{kept.urlencode()}"
