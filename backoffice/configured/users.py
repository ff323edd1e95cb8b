"""What uses the settings that are only taken out of use once nothing does."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prestations.configuration import Kind, State, kind_of
from prestations.enums import LetterUse
from prestations.models import (
    Category,
    Department,
    LetterTemplate,
    Membership,
    PostType,
    Prestation,
    Severity,
    Signatory,
    Team,
)
from requests.actions.decisions import REASON_OF_TEMPLATE, USUAL_REASON
from requests.actions.forwarding import FORWARDED
from requests.actions.outcome import UNCOLLECTED
from requests.blocking import NOBODY_TO_CALL
from requests.letters.named import NAMED
from requests.models import Complaint, Problem, ProposedDecision, RoutingRule, ServiceRequest
from requests.permissions import COMPLAINTS_TEAM
from requests.routing.sense import rules_in_use

Users = Callable[[str], Iterable[str]]
MOST_USERS = 12  # that are named; the others are counted
OWN_REASONS = frozenset(
    {
        *(*USUAL_REASON.values(), *REASON_OF_TEMPLATE.values()),
        *(FORWARDED, UNCOLLECTED, *NOBODY_TO_CALL),
    }
)


def users_of(kind: str, key: str) -> list[str]:
    """Return what uses one, in words; empty when it may be taken out of use."""
    return list(USERS[kind](key)) if kind in USERS else []


def with_users() -> list[Kind]:
    """Return the kinds of which a page, a file or the history only withdraws what nothing uses."""
    return [_guarded(kind_of(code)) for code in USERS]


def _guarded(kind: Kind) -> Kind:
    def faults(key: str, state: State | None) -> list[str]:
        if state is None and (users := users_of(kind.code, key)):
            return [*kind.faults(key, None), _still(users)]
        return kind.faults(key, state)

    return replace(kind, faults=faults)


def _still(users: list[str]) -> str:
    more = len(users[MOST_USERS:])
    if more:
        others = ngettext("et %(count)d autre", "et %(count)d autres", more) % {"count": more}
        users = [*users[:MOST_USERS], others]
    return _("Cela sert encore : %(names)s.") % {"names": ", ".join(users)}


def _itself() -> str:
    return _("le programme lui-même, qui le nomme")


def _of_direction(key: str) -> Iterable[str]:
    yield from map(str, Department.objects.filter(direction=key, is_active=True))
    yield from map(str, Team.objects.filter(direction=key, is_active=True))


def _of_team(key: str) -> Iterable[str]:
    if key == COMPLAINTS_TEAM:
        yield _itself()
    yield from map(str, Category.objects.filter(team=key, is_active=True))
    yield from map(str, RoutingRule.objects.filter(team=key, enabled=True))
    agents = Membership.objects.filter(team=key, user__is_active=True).count()
    if agents:
        yield ngettext("%(count)d agent", "%(count)d agents", agents) % {"count": agents}
    if waiting := ServiceRequest.objects.filter(team=key, closed_at=None).count():
        yield _requests(waiting)


def _of_post(key: str) -> Iterable[str]:
    if not PostType.objects.filter(is_active=True).exclude(pk=key).exists():
        yield _("les agents, qui en choisissent un")


def _of_reason(key: str) -> Iterable[str]:
    if key in OWN_REASONS:
        yield _itself()
    if waiting := ProposedDecision.objects.filter(closing_reason=key, decided_at=None).count():
        yield ngettext(
            "%(count)d réponse qui attend son accord",
            "%(count)d réponses qui attendent leur accord",
            waiting,
        ) % {"count": waiting}


def _of_severity(key: str) -> Iterable[str]:
    if not Severity.objects.filter(is_active=True).exclude(pk=key).exists():
        yield _("les réclamations, qui en demandent une")
    if waiting := Complaint.objects.filter(severity=key, request__closed_at=None).count():
        yield _requests(waiting)


def _of_cause(key: str) -> Iterable[str]:
    yield from map(str, Problem.objects.filter(cause=key, ended_at=None))


def _of_software(key: str) -> Iterable[str]:
    yield from map(str, Prestation.objects.naming(key))


def _of_letter(key: str) -> Iterable[str]:
    sent = LetterTemplate.objects.filter(pk=key, uses__contains=[LetterUse.AUTOMATIC])
    if key in NAMED or (sent.exists() and not sent.made_here().exists()):
        yield _itself()
    named = Q(acknowledgement_template=key) | Q(other_templates__contains=[key])
    named |= Q(outcome_positive_template=key) | Q(outcome_negative_template=key)
    yield from map(str, Prestation.objects.listed().filter(named))
    yield from map(str, Signatory.objects.filter(templates__contains=[key], is_active=True))


def _of_street(key: str) -> Iterable[str]:
    yield from map(str, rules_in_use().filter(conditions__streets__contains=[key]))


def _requests(number: int) -> str:
    return ngettext("%(count)d demande en cours", "%(count)d demandes en cours", number) % {
        "count": number
    }


USERS: dict[str, Users] = {
    "directions": _of_direction,
    "teams": _of_team,
    "post_types": _of_post,
    "closing_reasons": _of_reason,
    "complaint_severities": _of_severity,
    "root_causes": _of_cause,
    "software": _of_software,
    "templates": _of_letter,
    "street": _of_street,
}
