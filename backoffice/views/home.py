"""The agent's day, and where they sit."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forecast import forecast
from backoffice.forms.posts import PostForm
from backoffice.knowledge_waits import knowledge_waits
from backoffice.neighbours import carrying
from backoffice.posts import choose_post, post_of
from backoffice.presenting import delay_badge, pin_badge, return_badge, state_badge
from backoffice.queue_orders import BY_TURN
from backoffice.queues import TO_DO
from backoffice.rail import rail
from backoffice.satisfaction import satisfaction_of
from backoffice.saved_views import beside_lists, offered_views
from backoffice.shown_day import day_of
from backoffice.to_do import to_do
from massy_grc.common.posted import safe_next
from massy_grc.users.models import User
from prestations.calendars import midnight
from prestations.models import Absence
from requests.models import ServiceRequest
from requests.permissions import Right, scope_of
from requests.standing_in import stands_in_for

FIRST_ONES = 10
TILES = (
    "mes-demandes",
    "mentions",
    "retours-en-retard",
    "retours-sept-jours",
    "messages",
    "a-prendre",
    "travaux",
    "a-qualifier",
    "a-repondre",
    "a-approuver",
    "a-signer",
    "en-retard",
)


@require_safe
@agent_page()
def home(request: AgentRequest) -> HttpResponse:
    """What waits for this person today: counts that open their lists, and the first ones to do."""
    now = timezone.now()
    scope = scope_of(request.user)
    works = scope.may(Right.FRONT_OFFICE) or scope.may(Right.EXPERT_WORK)
    views = rail(request.user, now, beside_lists(offered_views(request.user), request.user))
    by_slug = {view["slug"]: view for view in views}
    tiles = [by_slug[slug] for slug in TILES if slug in by_slug]
    shared = [tile for tile in tiles if not tile["own"]]
    first, due = [], {}
    if works:
        rows = to_do(ServiceRequest.objects.visible_to(request.user), request.user, now)
        address_end = carrying(urlencode({"vue": TO_DO}), BY_TURN)
        first = [
            _line(sr, scope.departments, now) | {"url": sr.get_absolute_url() + address_end(sr)}
            for sr in rows.with_pins_of(request.user)
            .select_related("prestation")
            .order_by(*BY_TURN.ordering())[: FIRST_ONES + 1]
        ]
        tomorrow = midnight(timezone.localdate(now) + timedelta(days=1))
        due = rows.aggregate(
            late=Count("pk", filter=Q(own_date__lt=now)),
            today=Count("pk", filter=Q(own_date__gte=now, own_date__lt=tomorrow)),
        )
    keeps = scope.may(Right.KEEP_KNOWLEDGE)
    leads = scope.may(Right.ASSIGN_IN_DEPARTMENT) or scope.may(Right.SUPERVISE)
    return render(
        request,
        "backoffice/home.html",
        {
            "views": views,
            "own_tiles": [tile for tile in tiles if tile["own"]],
            "shared_tiles": shared,
            "shared_waits": any(tile["count"] != "0" for tile in shared),
            "in_department": bool(scope.departments),
            "heads": scope.may(Right.ASSIGN_IN_DEPARTMENT),
            "supervises": scope.may(Right.SUPERVISE),
            **day_of(request.user),
            "first": first[:FIRST_ONES],
            "more_to_do": len(first) > FIRST_ONES,
            "due": due,
            "works": works,
            "forecast": forecast(ServiceRequest.objects.visible_to(request.user), now)
            if leads
            else None,
            "today": timezone.localdate(now),
            "standing_in": _standing_in(request.user, now),
            "satisfaction": satisfaction_of(scope.departments, now),
            "may_log": scope.may(Right.LOG_REQUEST),
            "may_see_figures": scope.may(Right.SEE_DASHBOARD),
            "may_administer": scope.may(Right.ADMINISTER),
            "may_keep_knowledge": keeps,
            "knowledge_waits": knowledge_waits(timezone.localdate(now)) if keeps else [],
        },
    )


def _line(sr: ServiceRequest, departments: Collection[str], now: datetime) -> dict[str, Any]:
    """A request as the list shows it: the department's own day first, where that is the nearer."""
    badges = [state_badge(sr), delay_badge(sr, now)]
    owed_at = sr.department_due_at if sr.department_id in departments else None
    if owed_at and owed_at < sr.due_at:
        badges.insert(0, return_badge(owed_at, now))
    if getattr(sr, "pinned", False):
        badges.insert(0, pin_badge())
    return {"sr": sr, "badges": badges}


def _standing_in(user: User, now: datetime) -> QuerySet[Absence]:
    """The absences of those whom this person stands in for."""
    away = Absence.objects.on(timezone.localdate(now)).filter(person__in=stands_in_for(user))
    return away.select_related("person")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.FRONT_OFFICE, needs_post=False)
def choose(request: AgentRequest) -> HttpResponse:
    """Choose the site and the post of this session, then go on to where one was going."""
    current = post_of(request)
    initial = {"site": current.site, "post_type": current.post_type} if current else {}
    if not initial:
        usual = request.user.memberships.exclude(site=None).values_list("site", flat=True).first()
        initial = {"site": usual or "", "post_type": "guichet"}
    form = PostForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_post(
            request, site=form.cleaned_data["site"], post_type=form.cleaned_data["post_type"]
        )
        return redirect(safe_next(request, reverse("backoffice:home")))
    return render(
        request,
        "backoffice/post_choose.html",
        {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")},
    )
