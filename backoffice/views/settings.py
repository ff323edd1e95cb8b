"""What can be set up, and the sendings that failed."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.sorts import SORTS
from massy_grc.common.antivirus import antivirus_state, is_configured
from massy_grc.outbox.enums import DeliveryState
from massy_grc.outbox.models import Delivery, HandlerReceipt
from massy_grc.users.models import User, UserKind
from prestations.models import Department, Prestation, RightHolder, Team
from requests import actions
from requests.enums import BY_ITSELF
from requests.models import RoutingRule, ServiceRequest
from requests.permissions import KNOWLEDGE_READERS, Right, scope_of

SHOWN = 100
TO_STAFF = "agents"


@require_safe
@agent_page(Right.ADMINISTER, Right.SUPERVISE, needs_post=False)
def landing(request: AgentRequest) -> HttpResponse:
    """The list of what can be set up, with what needs a look."""
    named = RightHolder.objects.current().values("prestation")
    scope = scope_of(request.user)
    context = {
        "may_administer": scope.may(Right.ADMINISTER),
        "sorts": SORTS.values(),
        "reads_knowledge": bool(scope.rights & {*KNOWLEDGE_READERS}),
        "failed": Delivery.objects.failed()[:SHOWN].count(),
        "broken": HandlerReceipt.objects.given_up()[:SHOWN].count(),
        "rules_off": RoutingRule.objects.filter(switched_off_why__in=BY_ITSELF).count(),
        "unread": Prestation.objects.listed().restricted().exclude(pk__in=named).count(),
        "regimes": Prestation.objects.offered_or_made().silence_unconfirmed().count(),
        "antivirus": antivirus_state(),
        "held": actions.held_files() if is_configured() else 0,
    }
    return render(request, "backoffice/settings.html", context)


@require_safe
@agent_page(Right.ADMINISTER, Right.SUPERVISE, needs_post=False)
def deliveries(request: AgentRequest) -> HttpResponse:
    """Messages that did not leave, and handlers that gave up: each can be tried again.

    Those to the public first; ``?a=agents`` shows those to the staff. Bodies are not shown: they
    are the requester's business, not the administrator's.
    """
    waiting = Delivery.objects.filter(state__in=[DeliveryState.FAILED, DeliveryState.RETRY])
    to_staff = waiting.filter(_to_staff())
    to_public = waiting.exclude(_to_staff())
    for_staff = request.GET.get("a") == TO_STAFF
    chosen = to_staff if for_staff else to_public
    rows = [{"delivery": one, "reference": None} for one in chosen.order_by("-id")[:SHOWN]]
    _add_references(rows, request.user)
    broken = HandlerReceipt.objects.given_up().select_related("event").order_by("-id")[:SHOWN]
    context = {
        "rows": rows,
        "broken": broken,
        "for_staff": for_staff,
        "to_public": to_public.count(),
        "to_staff": to_staff.count(),
    }
    return render(request, "backoffice/delivery_list.html", context)


def _to_staff() -> Q:
    """Messages to an agent, a department or a front-office team."""
    agents = User.objects.filter(kind=UserKind.AGENT).values("email")
    places = (model.objects.exclude(email="").values("email") for model in (Department, Team))
    return reduce(or_, (Q(to__in=addresses) for addresses in (agents, *places)))


def _add_references(rows: list[dict], user) -> None:
    """Name the request each message speaks of, where this person may see it."""
    ids: dict[int, list[dict]] = {}
    for row in rows:
        kind, _colon, number = row["delivery"].about.partition(":")
        if kind == "request" and number.isdecimal():
            ids.setdefault(int(number), []).append(row)
    visible = ServiceRequest.objects.visible_to(user).filter(pk__in=ids)
    for pk, reference in visible.values_list("pk", "reference"):
        for row in ids[pk]:
            row["reference"] = reference


@require_POST
@agent_page(Right.ADMINISTER, Right.SUPERVISE, needs_post=False)
def try_again(request: AgentRequest, kind: str) -> HttpResponse:
    """Put one message or one handler, or all that failed, back to work."""
    now = timezone.now()
    done = {"envoi": _again_delivery, "traitement": _again_receipt}.get(kind)
    if done is None:
        raise Http404
    number = request.POST.get("id", "")
    if number and not (number.isdecimal() and len(number) < 18):
        raise Http404
    if done(int(number) if number else None, now):
        messages.success(request, _("Renvoi demandé."))
    else:
        messages.info(request, _("Il n’y avait plus rien à renvoyer."))
    return redirect("backoffice:deliveries")


def _again_delivery(pk: int | None, now: datetime) -> int:
    if pk is None:
        return Delivery.objects.try_again(now)
    one = Delivery.objects.filter(pk=pk)
    sooner = one.filter(state=DeliveryState.RETRY).update(next_attempt_at=now)
    return sooner or one.try_again(now)


def _again_receipt(pk: int | None, now: datetime) -> int:
    rows = HandlerReceipt.objects.all() if pk is None else HandlerReceipt.objects.filter(pk=pk)
    return rows.try_again(now)
