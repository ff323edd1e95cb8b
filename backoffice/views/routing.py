"""The town's routing rules: their order, each one's form, and its replay (S72)."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.routing import RuleForm, streets_within
from backoffice.queues import BEHIND_FIGURES
from backoffice.routing_words import RuleWords
from backoffice.sector_page import (
    GESTURE,
    gesture_refused,
    sector_context,
    sent,
    typed_conditions,
)
from backoffice.views.seen import Seen, changes_to
from massy_grc.common.posted import posted_id
from prestations.configuration import recorded
from prestations.exceptions import StalePage
from requests import actions
from requests.exceptions import RequestError, StaleRequest
from requests.models import RoutingReplay, RoutingRule, ServiceRequest
from requests.permissions import Right
from requests.routing.conditions import Conditions, Facts, TownHall
from requests.routing.misrouting import MONTHS, Route, Sent, sent_by_routes
from requests.routing.replay import digest_of, rules_beside
from requests.routing.sense import fault_of
from requests.routing.written import conditions_of, misread

PAGE_SIZE = 50
STREETS_SHOWN = 12
RULES = "routing_rules"
MOVES = ("monter", "descendre")
NUMBER = re.compile(r"[0-9]{1,9}")


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def routing_rules(request: AgentRequest) -> HttpResponse:
    """Every rule in its order, what it says, whether it is on, and what it sent wrong lately.

    Those filed away are apart.
    """
    rules = list(RoutingRule.objects.select_related("department", "team", "person"))
    words, sent = RuleWords(), sent_by_routes(timezone.now())
    rows: list[dict[str, Any]] = []
    filed: list[dict[str, Any]] = []
    for rule in rules:
        route = Route(rule=str(rule.pk))
        figures = sent.get(route, Sent())
        (filed if rule.is_filed else rows).append(
            {"rule": rule, **words.told(rule), "sent": figures, "url": _wrong_url(route, figures)}
        )
    context = {"rows": rows, "filed": filed, "months": MONTHS, **_by_catalogue(sent, words)}
    return render(request, "backoffice/routing_list.html", context)


def _wrong_url(route: Route, sent: Sent) -> str:
    """The list of what a route sent wrong; "" when there is nothing to open."""
    if not sent.elsewhere:
        return ""
    query = urlencode({"vue": BEHIND_FIGURES, "renvoi": route.code})
    return f"{reverse('backoffice:queue')}?{query}"


def _by_catalogue(sent: Mapping[Route, Sent], words: RuleWords) -> dict[str, Any]:
    """What the catalogue sent where no rule decided: the whole, and the routes that were wrong."""
    routes = {route: figures for route, figures in sent.items() if not route.rule}
    wrong = [(route, figures) for route, figures in routes.items() if figures.elsewhere]
    wrong.sort(key=lambda one: (-one[1].elsewhere, -one[1].percent, one[0].code))
    return {
        "catalogue": Sent.sum(routes.values()),
        "wrong": [
            {
                "prestation": words.prestation(route.prestation),
                "place": words.department(route.department),
                "sent": figures,
                "url": _wrong_url(route, figures),
            }
            for route, figures in wrong
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def routing_rule(request: AgentRequest, rule_id: int | None = None) -> HttpResponse:
    """Write a rule or change one; off by that, it is replayed at once."""
    rule = get_object_or_404(RoutingRule, pk=rule_id) if rule_id else None
    data, refused = (sent(request) if request.method == "POST" else None), ""
    if data is not None and GESTURE in data:
        refused = gesture_refused(data)
        form = RuleForm(rule=rule, typed=data)
    else:
        form = RuleForm(data, rule=rule)
    changes = changes_to(RULES, str(rule_id)) if rule else None
    seen = Seen(request, (lambda: str(rule.version)) if rule else None, changes, form)
    if form.is_valid():
        try:
            with recorded(RULES, str(rule_id or ""), actor=request.user) as kept:
                written = actions.write_rule(
                    actor=request.user,
                    rule_id=rule_id,
                    version=posted_id(seen.value),
                    **form.rule_values(),
                )
                kept.key = str(written.pk)
        except StaleRequest:
            seen.refuse(form, StalePage())
            data = cast(QueryDict, form.data)
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La règle est enregistrée."))
            if not written.enabled:
                _replay(request, written)
            return redirect("backoffice:routing_replay", written.pk)
    if data is not None:
        conditions = typed_conditions(data)
    else:
        conditions = conditions_of(rule) if rule else Conditions()
    inside = streets_within(conditions.area)
    context = {
        "form": form,
        "rule": rule,
        "misread": [*misread(rule.conditions).values()] if rule else [],
        "seen": seen,
        "inside": inside[:STREETS_SHOWN],
        "inside_count": len(inside),
        **sector_context(conditions, rule, data=data, refused=refused),
    }
    return render(request, "backoffice/routing_form.html", context)


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def routing_sector(request: AgentRequest) -> HttpResponse:
    """What is to be told of the outline as it is being drawn; nothing is kept."""
    number = request.GET.get("regle", "")
    known = RoutingRule.objects.filter(pk=int(number)) if NUMBER.fullmatch(number) else None
    data = sent(request)
    refused = gesture_refused(data)
    context = sector_context(
        typed_conditions(data), known.first() if known else None, data=data, refused=refused
    )
    return render(request, "backoffice/sector_outline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def routing_replay(request: AgentRequest, rule_id: int) -> HttpResponse:
    """What the rule would have changed last month; it is switched on from here, and only here."""
    rule = get_object_or_404(
        RoutingRule.objects.select_related("department", "team", "person"), pk=rule_id
    )
    if request.method == "POST":
        _replay(request, rule)
        return redirect("backoffice:routing_replay", rule.pk)
    words = RuleWords()
    replay = RoutingReplay.objects.filter(rule=rule).first()
    fault = fault_of(rule)
    context: dict[str, Any] = {
        "rule": rule,
        **words.told(rule),
        "fault": fault.label if fault else "",
        "replay": replay,
        "current": replay is not None and replay.digest == digest_of(rule, rules_beside(rule)),
    }
    conditions = conditions_of(rule)
    if conditions.area or conditions.streets:
        context |= sector_context(conditions, rule)
    if replay is not None:
        context |= _differences(request, replay, words) | _earlier(request, replay)
    return render(request, "backoffice/routing_replay.html", context)


def _replay(request: AgentRequest, rule: RoutingRule) -> None:
    try:
        actions.replay_rule(actor=request.user, rule_id=rule.pk)
    except RequestError as refusal:
        messages.error(request, str(refusal))


def _differences(request: AgentRequest, replay: RoutingReplay, words: RuleWords) -> dict[str, Any]:
    """A page of what would go elsewhere, and how many from each place.

    An administrator is told what kind of request each is; which one, only where they may see it.
    """
    differences = replay.differences
    last = max((len(differences) - 1) // PAGE_SIZE, 0)
    asked = request.GET.get("page", "")
    page = min(int(asked) if asked.isdecimal() and len(asked) < 6 else 0, last)
    shown = differences[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    rows, visible = _played(request, [pk for pk, _place in shown])
    rules = RoutingRule.objects.in_bulk({place.get("rule") for _pk, place in shown} - {None})
    conditions, town_hall = conditions_of(replay.rule), TownHall()
    counts = Counter(words.place(place) for _pk, place in differences)
    return {
        "counts": counts.most_common(),
        "rows": [
            {
                "sr": rows[pk],
                "before": words.place(place),
                "by": rules.get(place.get("rule")),
                "by_catalogue": place.get("rule", "") is None,
                "visible": pk in visible,
                "said": conditions.words_found(Facts(rows[pk], town_hall)),
            }
            for pk, place in shown
            if pk in rows
        ],
        "first": page * PAGE_SIZE + 1,
        "until": page * PAGE_SIZE + len(shown),
        "total": len(differences),
        "previous_url": f"?page={page - 1}" if page else "",
        "next_url": f"?page={page + 1}" if page < last else "",
    }


def _earlier(request: AgentRequest, replay: RoutingReplay) -> dict[str, Any]:
    """Of those that the rule holds for, what another one decides first: how many, the newest."""
    counts = Counter(rule for _pk, rule in replay.earlier)
    rules = RoutingRule.objects.in_bulk(counts)
    shown = replay.earlier[:PAGE_SIZE]
    rows, visible = _played(request, [pk for pk, _rule in shown])
    return {
        "earlier_total": len(replay.earlier),
        "earlier_rules": [(rules[pk], count) for pk, count in counts.most_common()],
        "earlier": [
            {"sr": rows[pk], "by": rules[rule], "visible": pk in visible}
            for pk, rule in shown
            if pk in rows
        ],
    }


def _played(request: AgentRequest, ids: list[int]) -> tuple[dict[int, ServiceRequest], set[int]]:
    """The requests of a replay by their ids, and which of them the administrator may read."""
    rows = ServiceRequest.objects.select_related("prestation", "form_version").in_bulk(ids)
    seen = ServiceRequest.objects.visible_to(request.user).filter(pk__in=ids)
    return rows, set(seen.values_list("pk", flat=True))


def _place_of(rule: RoutingRule) -> str:
    ids = [one.pk for one in RoutingRule.objects.all() if one == rule or not one.is_filed]
    told = _("« %(label)s » : place %(place)d sur %(count)d.")
    return told % {"label": rule.label, "place": ids.index(rule.pk) + 1, "count": len(ids)}


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def routing_act(request: AgentRequest, rule_id: int, verb: str) -> HttpResponse:
    """Move a rule, switch it on, file it away or take it up again; every refusal says why.

    Whoever moves one in force past another is asked first: it goes off by that.
    """
    rule = get_object_or_404(RoutingRule, pk=rule_id)
    common: dict[str, Any] = {"actor": request.user, "rule_id": rule.pk}
    back = redirect("backoffice:routing_rules")
    if verb in MOVES and request.POST.get("sur") != "oui":
        passed = actions.passed_by(rule=rule, up=verb == "monter")
        if passed:
            context = {"rule": rule, "passed": passed, "verb": verb}
            return render(request, "backoffice/routing_move.html", context)
    try:
        with recorded(RULES, str(rule.pk), actor=request.user):
            match verb:
                case "monter" | "descendre":
                    moved = actions.move_rule(**common, up=verb == "monter")
                    back = redirect(f"{reverse('backoffice:routing_rules')}#regle-{rule.pk}")
                    told = _place_of(moved)
                    if rule.enabled and not moved.enabled:
                        off = _("Elle est désactivée : rejouez-la pour la réactiver.")
                        messages.warning(request, f"{told} {off}")
                    else:
                        messages.success(request, told)
                case "activer":
                    back = redirect("backoffice:routing_replay", rule.pk)
                    actions.switch_on_rule(**common, digest=request.POST.get("digest", ""))
                    messages.success(request, _("La règle est en vigueur."))
                    back = redirect("backoffice:routing_rules")
                case "classer":
                    actions.file_rule(**common)
                    told = _("« %(label)s » est classée : elle ne décide plus de rien.")
                    messages.success(request, told % {"label": rule.label})
                case "remettre":
                    _replay(request, actions.take_up_rule(**common))
                    back = redirect("backoffice:routing_replay", rule.pk)
                    messages.success(
                        request, _("Règle remise : lisez son rejeu avant de l’activer.")
                    )
                case _other:
                    raise Http404
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return back
