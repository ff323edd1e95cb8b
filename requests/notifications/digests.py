"""One internal mail a day to each person: what is due, what is late, what waits."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from massy_grc.outbox.api import queue_delivery
from massy_grc.users.models import User, UserKind
from prestations.calendars import PARIS, midnight
from prestations.enums import AlertMail, Role, Rung
from prestations.models import AlertMailChoice, EscalationStep, Membership
from requests.actions.notices import notify
from requests.enums import AlertKind, NoticeKind
from requests.letters import words
from requests.models import Alert, Mention, RequestEvent, ServiceRequest, Watcher
from requests.notifications import alerts, parts
from requests.notifications.complaints import day_s_calls, day_s_problems
from requests.notifications.cooperation import WATCHED
from requests.notifications.repeats import day_s_repeats
from requests.notifications.sending import GREETING
from requests.notifications.tasks import day_s_tasks
from requests.permissions import Right, Scope, scope_of
from requests.standing_in import work_of

ONE_DAY = timedelta(days=1)
# gravest first: a request is named once, under the first heading that fits
HEADINGS = {
    AlertKind.THREE_TIMES_LATE: "Trois fois le délai passé",
    AlertKind.SEVERELY_LATE: "Retard grave",
    AlertKind.OVERDUE: "En retard",
    AlertKind.IMPLICIT_DECISION: "Le silence va décider, ou a décidé",
    AlertKind.UNACKNOWLEDGED: "Accusé de réception à envoyer",
    AlertKind.REASONS_SOON: "Motifs d'un refus bientôt attendus",
    AlertKind.REASONS_ASKED: "Motifs d'un refus à donner",
    AlertKind.MISROUTED: "Orientation à décider",
    AlertKind.CALL_LATE: "Rappel promis en retard",
    AlertKind.EXPERT_LATE: "Retour du service en retard",
    AlertKind.FIRST_ANSWER_LATE: "Première réponse en retard",
    AlertKind.UNASSIGNED: "Sans chargé de dossier",
    AlertKind.PIECES_OVERDUE: "Pièces non reçues à la date",
    AlertKind.QUESTION_UNANSWERED: "Question restée sans réponse",
    AlertKind.UNCOLLECTED: "Document non retiré, à clore",
    AlertKind.DUE_SOON: "Échéance proche",
}
# owed to each who asked, merged with another or not
OF_EACH = (AlertKind.IMPLICIT_DECISION, AlertKind.REASONS_SOON, AlertKind.REASONS_ASKED)
MENTIONED = "Une note vous nomme"
NEWS = "Du nouveau dans les demandes que vous suivez"
DUE_TODAY = "À rendre aujourd'hui"
WAITING = "En attente du demandeur, le délai est arrêté"


@dataclass(frozen=True)
class Part:
    """What stands under one heading: the oldest requests, and how many there are."""

    heading: str
    rows: list[ServiceRequest]
    count: int

    @property
    def text(self) -> str:
        return parts.part(self.heading, [_line(one) for one in self.rows], self.count)


def tell_day(since: datetime | None, *, now: datetime) -> int:
    """Write to each agent, head, supervisor and director what stands this morning.

    Nobody gets a mail without anything to do in it. Whoever chose another way for dates hears
    here only of what they watch, and of what is grave once some of it left no mail of its own.

    Args:
        since: when the mail before left: mentions and what is watched are told once. What is due
            or late is told for as long as it stands.

    Returns:
        How many people were written to.
    """
    ladder = EscalationStep.objects.in_bulk()
    since = since or now - ONE_DAY
    choices = dict(AlertMailChoice.objects.values_list("user", "choice"))
    readers = _readers()
    had_a_few = alerts.had_a_few(readers, since)
    told = 0
    for user in readers:
        choice = choices.get(user.pk, AlertMail.DAILY)
        _notice_today(user, now)
        texts = []
        if choice == AlertMail.DAILY:
            texts = [_text_for(user, ladder, since, now)]
        elif choice == AlertMail.GRAVE and user.pk in had_a_few:
            texts = [_grave_for(user, ladder)]
        text = "\n\n".join(filter(None, [*texts, _watched_by(user, since, now)]))
        if text:
            _mail(user, text, now)
            told += 1
    return told


def _readers() -> list[User]:
    """Everybody at work."""
    staff = User.objects.filter(kind=UserKind.AGENT, is_active=True, memberships__isnull=False)
    return list(staff.distinct().prefetch_related("memberships"))


def _text_for(user: User, ladder: dict[str, EscalationStep], since: datetime, now: datetime) -> str:
    scope = scope_of(user)
    told = [_mentions_of(user, since, now), *_parts_for(user, scope, ladder, now)]
    told = [part for part in told if part.count]
    if all(part.heading == WAITING for part in told):
        told = []
    texts = [part.text for part in told]
    mine = charges_of(user, scope)[Rung.AGENT]
    texts.append(day_s_repeats(user, mine, since, now))
    texts += [day_s_tasks(user), day_s_calls(user, now), day_s_problems(user, now)]
    if Role.MANAGER in scope.roles:
        texts.append(_director_s(ladder))
    return "\n\n".join(text for text in texts if text)


def _mentions_of(user: User, since: datetime, now: datetime) -> Part:
    """Where a note names them, or whom they stand in for, since the mail before."""
    mentions = Mention.objects.waiting(work_of(user)).filter(at__gt=since, at__lte=now)
    rows = ServiceRequest.objects.visible_to(user).filter(pk__in=mentions.values("note__request"))
    return _part(MENTIONED, rows, set())


def _notice_today(user: User, now: datetime) -> None:
    """How much is due today stands in the notification centre, whatever mail somebody wants."""
    mine = ServiceRequest.objects.visible_to(user).open().leading()
    mine = mine.filter(charges_of(user, scope_of(user))[Rung.AGENT])
    if count := _due_today(mine, now).count():
        key = f"due-today:{now.astimezone(PARIS).date().isoformat()}"
        notify([user], kind=NoticeKind.DUE_TODAY, key=key, about=str(count), now=now)


def _due_today(rows, now: datetime):
    return rows.running().filter(answered_at=None, due_at__gte=now, due_at__lt=_until_tonight(now))


def _watched_by(user: User, since: datetime, now: datetime) -> str:
    """What they watch and that somebody else has moved since the mail before."""
    watched = Watcher.objects.filter(user=user, at_once=False).values("request")
    events = (
        RequestEvent.objects.standing()
        .filter(request__in=watched, verb__in=WATCHED, at__gt=since, at__lte=now)
        .exclude(actor=user)
    )
    rows = ServiceRequest.objects.visible_to(user).filter(pk__in=events.values("request"))
    part = _part(NEWS, rows, set())
    return part.text if part.count else ""


def _grave_for(user: User, ladder: dict[str, EscalationStep]) -> str:
    """What is told at once, as it stands."""
    grave = [kind for kind in HEADINGS if ladder[kind].at_once]
    return "\n\n".join(part.text for part in _standing(user, grave, ladder, set()) if part.count)


def _parts_for(
    user: User, scope: Scope, ladder: dict[str, EscalationStep], now: datetime
) -> list[Part]:
    visible = ServiceRequest.objects.visible_to(user).open().leading()
    mine = visible.filter(charges_of(user, scope)[Rung.AGENT])
    named: set[int] = set()
    kinds = list(HEADINGS)
    late = kinds.index(AlertKind.OVERDUE) + 1
    return [
        *_standing(user, kinds[:late], ladder, named),
        _part(DUE_TODAY, _due_today(mine, now), named),
        *_standing(user, kinds[late:], ladder, named),
        _part(WAITING, mine.waiting_for_requester(), named),
    ]


def _standing(
    user: User, kinds: list[AlertKind], ladder: dict[str, EscalationStep], named: set[int]
) -> list[Part]:
    """What stands on the steps of the ladder where somebody answers for it."""
    visible = ServiceRequest.objects.visible_to(user).open()
    charges = charges_of(user, scope_of(user))
    found = []
    for kind in kinds:
        on_step = Q(pk__in=[])
        for rung in ladder[kind].told:
            on_step |= charges.get(Rung(rung), Q(pk__in=[]))
        standing = Alert.objects.filter(kind=kind, cleared_at=None).values("request")
        rows = visible if kind in OF_EACH else visible.leading()
        found.append(_part(HEADINGS[kind], rows.filter(on_step, pk__in=standing), named))
    return found


def charges_of(user: User, scope: Scope) -> dict[Rung, Q]:
    """Which requests somebody answers for on each rung of the ladder where they stand.

    What nobody holds is the supervisors' of its team (`recipients.holders`).
    """
    supervises = scope.may(Right.SUPERVISE)
    of_team = _supervised_by(user) if supervises else Q()
    people = work_of(user)
    mine = Q(assignee__in=people) | Q(assignee=None, front_agent__in=people)
    if supervises:
        mine |= of_team & Q(assignee=None, front_agent=None)
    charges = {Rung.AGENT: mine}
    if scope.may(Right.ASSIGN_IN_DEPARTMENT):
        charges[Rung.CHEF] = Q(department__in=scope.departments)
    if supervises:
        charges[Rung.SUPERVISEUR] = of_team
    return charges


def _supervised_by(user: User) -> Q:
    """A supervisor's teams, and those that have none of their own (`recipients.supervisors`)."""
    everyone = Membership.objects.filter(role=Role.SUPERVISEUR, user__is_active=True)
    own = set(everyone.filter(user=user).values_list("team", flat=True))
    led = set(everyone.values_list("team", flat=True))
    if None in own:
        return ~Q(pk__in=[])  # all of them: a bare Q() would vanish when it is joined by "or"
    mine = Q(team__in=own)
    return mine if None in led else mine | ~Q(team__in=led)


def _part(heading: str, rows, named: set[int]) -> Part:
    """The rows not named yet, the one due first at the head."""
    ids = list(rows.order_by("due_at", "pk").values_list("pk", flat=True))
    fresh = [pk for pk in ids if pk not in named]
    named.update(fresh)
    found = ServiceRequest.objects.select_related("prestation").in_bulk(fresh[: parts.NAMED])
    return Part(heading, [found[pk] for pk in fresh[: parts.NAMED]], len(fresh))


def _director_s(ladder: dict[str, EscalationStep]) -> str:
    """How many there are by department: a director reads figures, never one request."""
    kinds = [kind for kind in HEADINGS if Rung.DIRECTEUR in ladder[kind].told]
    standing = Alert.objects.filter(kind__in=kinds, cleared_at=None, request__merged_into=None)
    rows = standing.values_list("kind", "request__department__label", "request__team__label")
    counts = Counter((kind, department or team) for kind, department, team in rows)
    texts = []
    for kind in kinds:
        places = [(place, count) for (one, place), count in counts.items() if one == kind]
        if places:
            total = sum(count for _place, count in places)
            lines = [f"- {place} : {count}" for place, count in sorted(places)]
            texts.append("\n".join([f"{HEADINGS[kind]} : {total}", *lines]))
    return "\n\n".join(texts)


def _mail(user: User, text: str, now: datetime) -> None:
    day = now.astimezone(PARIS).date()
    choose = f"{settings.PUBLIC_URL}{reverse('backoffice:preferences')}"
    queue_delivery(
        key=f"digest:{user.pk}:{day.isoformat()}",
        to=str(user.email),  # an agent always has one
        subject=f"Vos échéances du {words.full_date(day)}",
        body=f"{GREETING}\n\n{text}\n\nVotre journée : "
        f"{settings.PUBLIC_URL}{reverse('backoffice:home')}\n\n"
        f"Choisir quand vous recevez ces courriels : {choose}",
    )


def _line(service_request: ServiceRequest) -> str:
    day = words.full_date(service_request.due_at)
    urgent = "URGENT, " if service_request.urgent else ""
    return f"{urgent}{service_request.reference}, {service_request.prestation.label}, pour le {day}"


def _until_tonight(now: datetime) -> datetime:
    return midnight(now.astimezone(PARIS).date() + timedelta(days=1))
