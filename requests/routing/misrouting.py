"""Which requests were sent to the wrong place, and by which rule or catalogue route (S72)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from requests.enums import Verb
from requests.models import RequestEvent

MONTHS = 3
SETTLED = (Verb.TREAT, Verb.ANSWER, Verb.CLOSE)  # what comes after these is no correction
CORRECTED = Q(after__isnull=False) & ~Q(after__in=SETTLED)
NOTHING = Value("", TextField())
RULE, CATALOGUE = "regle", "catalogue"


@dataclass(frozen=True)
class Route:
    """What sends requests somewhere: a rule of the town, else the catalogue for a prestation.

    Attributes:
        rule: id of the rule; "" for the catalogue.
        prestation, department: codes; "" for a rule. No department is the front office.
    """

    rule: str = ""
    prestation: str = ""
    department: str = ""

    @property
    def code(self) -> str:
        """What an address names it by."""
        if self.rule:
            return f"{RULE}:{self.rule}"
        return f"{CATALOGUE}:{self.prestation}:{self.department}"

    @classmethod
    def read(cls, code: str) -> "Route | None":
        """Return the route of an address; None when it names none."""
        match code.split(":"):
            case [kind, rule] if kind == RULE and rule.isdecimal():
                return cls(rule=rule)
            case [kind, prestation, department] if kind == CATALOGUE and prestation:
                return cls(prestation=prestation, department=department)
        return None


@dataclass(frozen=True)
class Sent:
    """How many requests a route sent, and how many of these were then sent elsewhere."""

    routed: int = 0
    elsewhere: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.elsewhere / self.routed) if self.routed else 0

    @classmethod
    def sum(cls, many: Iterable["Sent"]) -> "Sent":
        """Return several as one."""
        sent = list(many)
        return cls(sum(one.routed for one in sent), sum(one.elsewhere for one in sent))


def sent_by_routes(now: datetime) -> dict[Route, Sent]:
    """Return what each route sent in the last `MONTHS`, in one query."""
    counted = _lately(now).order_by().values("rule", "prestation", "department")
    sent = counted.annotate(
        routed=Count("request", distinct=True),
        elsewhere=Count("request", distinct=True, filter=CORRECTED),
    )
    return {
        Route(one["rule"], one["prestation"], one["department"]): Sent(
            one["routed"], one["elsewhere"]
        )
        for one in sent
    }


def sent_elsewhere(route: Route, now: datetime) -> QuerySet[RequestEvent]:
    """Return the decisions of a route in the last `MONTHS` that were then corrected."""
    return _lately(now).filter(CORRECTED, **asdict(route))


def _lately(now: datetime):
    return decisions().filter(at__gt=now - relativedelta(months=MONTHS))


def decisions():
    """Return the events that sent a request somewhere, with their `Route` and what came `after`.

    `after` is a verb of `SETTLED`, or one that sent the request elsewhere first: to a department,
    back to the front office, to another prestation, or away from the person that a rule had chosen.
    A department's closing and an agent's leaving correct nothing.
    """
    filed = RequestEvent.objects.filter(request=OuterRef("request"), verb=Verb.FILE)
    elsewhere = (
        Q(verb=Verb.TRANSFER) & ~Q(data__has_key="successor_of")
        | Q(verb=Verb.RETURN) & ~Q(data__has_key="closed_department")
        | Q(verb=Verb.QUALIFY, data__has_key="prestation")
        | Q(verb=Verb.ASSIGN) & ~Q(data__has_key="from") & ~Q(given=OuterRef("chosen"))
    )
    later = RequestEvent.objects.annotate(given=KT("data__assignee")).filter(
        elsewhere | Q(verb__in=SETTLED),
        request=OuterRef("request"),
        number__gt=OuterRef("number"),
    )
    decided = RequestEvent.objects.filter(
        verb__in=(Verb.ROUTE, Verb.QUALIFY), data__has_key="department"
    )
    known = Coalesce(
        KT("data__prestation__1"), Subquery(filed.values_list(KT("data__prestation"))[:1])
    )
    return decided.annotate(
        rule=Coalesce(KT("data__routing_rule"), NOTHING),
        prestation=Case(When(rule="", then=known), default=NOTHING),
        department=Case(
            When(rule="", then=Coalesce(KT("data__department"), NOTHING)), default=NOTHING
        ),
        chosen=KT("data__assignee"),
        after=Subquery(later.order_by("number").values("verb")[:1]),
    )
