"""The views of the queue: which requests each shows, to whom, in which order at first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.forecast import VIEW, horizon
from backoffice.queue_orders import BY_DUE_DATE, DUE, NEWEST, RETURN, TURN
from backoffice.to_do import to_do
from massy_grc.common.charts import format_value
from massy_grc.common.paging import Position
from massy_grc.users.models import User
from requests.enums import STOPPED_STATES, State
from requests.models import ServiceRequest
from requests.permissions import Right, Scope, scope_of
from requests.querysets import ServiceRequestQuerySet
from requests.standing_in import rights_today, work_of

NOTHING_HERE = _("Aucune demande à cet endroit.")
BEHIND_FIGURES = "pilotage"
TO_DO = "a-traiter"
COUNT_CAP = 100  # a count stops here: the rail shows "99+"
LENGTH_CAP = 1000  # so does the length of a list, but for those behind figures


@dataclass(frozen=True)
class QueueView:
    """One view: `rows(visible, user, now)` narrows what the person may see.

    Attributes:
        order: the name of its own order, of `backoffice.queue_orders.ORDERS`.
    """

    slug: str
    label: str | Promise
    icon: str
    rows: Callable[[ServiceRequestQuerySet, User, datetime], ServiceRequestQuerySet]
    rights: frozenset[Right]
    order: str = DUE
    empty: str | Promise = NOTHING_HERE
    endless: bool = False  # closed ones too, more each year: not counted beside the lists
    behind_figures: bool = False  # all that the person's figures count; reached from them
    from_home: bool = False  # behind what the day's page shows of it; not beside the lists
    own: bool = False  # of this person alone; the others hold the same for their colleagues

    def url(self) -> str:
        return f"{reverse('backoffice:queue')}?vue={self.slug}"


_FRONT = frozenset({Right.FRONT_OFFICE})
_EXPERT = frozenset({Right.EXPERT_WORK})
_WORK = _FRONT | _EXPERT
_RETURNS = _EXPERT | {Right.SUPERVISE}  # who owes the conclusions, and who waits for all of them


def _of_my_places(
    visible: ServiceRequestQuerySet, user: User, now: datetime
) -> ServiceRequestQuerySet:
    """Open ones of the person's departments, or of their front-office teams."""
    scope = scope_of(user)
    running = to_work_on(visible)
    if scope.departments:
        return running.filter(department__in=scope.departments)
    return running.filter(team__in=scope.teams) if scope.teams else running


def _returns(visible: ServiceRequestQuerySet, user: User) -> ServiceRequestQuerySet:
    """Those on which the person's departments owe a conclusion; every department's to others."""
    owed, departments = visible.to_give_back(), scope_of(user).departments
    return owed.filter(department__in=departments) if departments else owed


def to_work_on(rows: ServiceRequestQuerySet) -> ServiceRequestQuerySet:
    """Open ones, but for those that follow another one, or only wait to be collected."""
    return rows.leading().exclude(state__in=STOPPED_STATES)


VIEWS = (
    QueueView(
        "mes-demandes",
        _("Mes demandes"),
        "user-check",
        lambda visible, user, now: (
            to_work_on(visible.held_by(work_of(user))).not_set_aside_by(user).by_turn_of(user)
        ),
        _WORK,
        order=TURN,
        empty=_("Les demandes que vous traitez ou suivez pour le citoyen apparaîtront ici."),
        own=True,
    ),
    QueueView(
        TO_DO,
        _("À traiter en premier"),
        "list-checks",
        to_do,
        _WORK,
        order=TURN,
        own=True,
        from_home=True,
    ),
    QueueView(
        "de-cote",
        _("Mises de côté"),
        "moon",
        lambda visible, user, now: to_work_on(visible).set_aside_by(user),
        _WORK,
        empty=_("Une demande mise de côté quitte « Mes demandes » et attend ici son retour."),
        own=True,
    ),
    QueueView(
        "mon-service",
        _("Mon service"),
        "building",
        _of_my_places,
        _WORK,
        empty=_("Les demandes ouvertes de votre service apparaîtront ici."),
    ),
    QueueView(
        "messages",
        _("Nouveaux messages"),
        "message-circle",
        lambda visible, user, now: visible.unread(),
        _WORK,
        empty=_("Aucun envoi d’un citoyen n’attend d’être lu."),
    ),
    QueueView(
        "mentions",
        _("Mentions"),
        "at-sign",
        lambda visible, user, now: visible.mentioning(work_of(user)),
        _WORK,
        empty=_("Aucun collègue n’attend que vous lisiez une note où il vous nomme."),
        own=True,
    ),
    QueueView(
        "suivies",
        _("Suivies"),
        "bell",
        lambda visible, user, now: visible.watched_by(user),
        _WORK,
        order=NEWEST,
        empty=_("Ouvrez une demande et choisissez de la suivre : elle apparaîtra ici."),
        own=True,
    ),
    QueueView(
        "a-prendre",
        _("À prendre en charge"),
        "hand",
        lambda visible, user, now: to_work_on(visible.untaken_for(user)),
        _WORK,
        empty=_("Toutes les demandes de votre service ont un chargé de dossier."),
    ),
    QueueView(
        "travaux",
        _("Travaux demandés"),
        "users",
        lambda visible, user, now: visible.with_task_of(scope_of(user).departments),
        _EXPERT,
        empty=_("Aucun autre service n’attend de travail du vôtre."),
    ),
    QueueView(
        "a-qualifier",
        _("À qualifier"),
        "circle-question-mark",
        lambda visible, user, now: visible.leading().filter(state=State.A_QUALIFIER),
        _FRONT,
        empty=_("Toutes les demandes ont trouvé leur prestation."),
    ),
    QueueView(
        "a-repondre",
        _("À répondre"),
        "reply",
        lambda visible, user, now: visible.to_answer(),
        _FRONT,
        empty=_("Aucune réponse à envoyer. Les demandes traitées par les services arrivent ici."),
    ),
    QueueView(
        "a-approuver",
        _("Questions à valider"),
        "message-circle-question-mark",
        lambda visible, user, now: visible.with_pending_question(),
        _FRONT,
        empty=_("Aucune question d’un service n’attend votre accord."),
    ),
    QueueView(
        "a-signer",
        _("À signer ou approuver"),
        "file-pen-line",
        lambda visible, user, now: visible.to_sign(),
        frozenset({Right.SIGN, Right.SIGN_IN_DEPARTMENT}),
        empty=_("Aucun refus n’attend de signature, aucune réponse favorable d’approbation."),
    ),
    QueueView(
        "retours-en-retard",
        _("Retours en retard"),
        "timer",
        lambda visible, user, now: _returns(visible, user).filter(department_due_at__lt=now),
        _RETURNS,
        order=RETURN,
        empty=_("Aucun service n’a dépassé son jour de retour à l’accueil."),
    ),
    QueueView(
        "retours-sept-jours",
        _("Retours sous 7 jours"),
        "calendar-clock",
        lambda visible, user, now: _returns(visible, user).filter(
            department_due_at__gte=now, department_due_at__lt=horizon(now)
        ),
        _RETURNS,
        order=RETURN,
        empty=_("Aucun retour de service n’est attendu dans les 7 jours."),
    ),
    QueueView(
        "en-retard",
        _("Réponses en retard"),
        "alarm-clock",
        lambda visible, user, now: visible.overdue(now),
        _WORK | {Right.SEE_DASHBOARD},
        empty=_("Aucune demande n’a dépassé le jour promis au citoyen."),
    ),
    QueueView(
        VIEW,
        _("À risque sous 7 jours"),
        "calendar-clock",
        lambda visible, user, now: visible.late_by(now, horizon(now)),
        _WORK | {Right.SEE_DASHBOARD},
        empty=_("Aucune échéance ne tombe dans les 7 jours."),
    ),
    QueueView(
        "attente-citoyen",
        _("Attend le citoyen"),
        "hourglass",
        lambda visible, user, now: visible.waiting_for_requester(),
        _WORK,
        empty=_("Aucune demande n’attend une réponse ou des pièces du citoyen."),
    ),
    QueueView(
        "ouvertes",
        _("Ouvertes"),
        "folder-open",
        lambda visible, user, now: to_work_on(visible),
        _WORK | {Right.SEE_DASHBOARD},
    ),
    QueueView(
        "a-retirer",
        _("À retirer"),
        "package-check",
        lambda visible, user, now: visible.filter(state=State.A_RETIRER),
        _WORK,
        empty=_("Aucun document n’attend au guichet."),
    ),
    QueueView(
        "toutes",
        _("Toutes"),
        "archive",
        lambda visible, user, now: visible,
        _WORK | {Right.SEE_DASHBOARD},
        order=NEWEST,
        endless=True,
    ),
    QueueView(
        BEHIND_FIGURES,
        _("Demandes comptées"),
        "chart-column",
        lambda visible, user, now: visible,
        frozenset({Right.SEE_DASHBOARD}),
        order=NEWEST,
        endless=True,
        behind_figures=True,
    ),
)


def sees_figures_only(scope: Scope, view: QueueView | None = None) -> bool:
    """Whether lists must hide people: the right to figures, without that to personal data.

    So must the list behind the figures of a person who may read a part of what they count.
    """
    if view is not None and view.behind_figures and scope.counts_everything:
        return not scope.everything
    return not scope.may(Right.SEE_PERSONAL_DATA)


def base_rows(
    user: User, view: QueueView | None = None, *, of_contract: bool = False
) -> ServiceRequestQuerySet:
    """The requests `user` may list; for managers and behind figures, those that they count.

    Args:
        of_contract: behind a figure of a contract, which also tells of what other departments lead.
    """
    behind_figures = view is not None and view.behind_figures and not of_contract
    if sees_figures_only(scope_of(user)) or behind_figures:
        return ServiceRequest.objects.countable_by(user)
    return ServiceRequest.objects.visible_to(user)


def next_to_do(user: User, after: ServiceRequest, *, signing: bool) -> ServiceRequest | None:
    """What somebody turns to after a request: of what is in their hands, what is due next.

    Args:
        signing: the next decision to sign, for who has just signed one.
    """
    visible = ServiceRequest.objects.visible_to(user)
    # neither what a department works on, nor what waits for a signature
    held = Q(assignee=user) | Q(department_since=None)
    mine = visible.mine(user).running().not_set_aside_by(user).filter(held)
    mine = mine.exclude(state=State.A_VALIDER)
    rows = visible.to_sign() if signing else mine
    here = Position(after.due_at, after.pk)
    rows = rows.filter(BY_DUE_DATE.beyond(here, backwards=False))
    return rows.order_by(*BY_DUE_DATE.ordering()).first()


def views_for(user: User) -> list[QueueView]:
    """The views `user` may open today."""
    rights = rights_today(user)
    return [view for view in VIEWS if view.rights & rights]


def narrows(query: str) -> bool:
    """Whether a kept query says more than which view it is of."""
    return bool(QueryDict(query).keys() - {"vue"})


def view_of(query: str, user: User, *, behind_figures: bool = False) -> QueueView | None:
    """The queue's own view that a query narrows; None when `user` may not open it.

    Args:
        behind_figures: whether it may be the list behind a person's figures.
    """
    slug = QueryDict(query).get("vue")
    views = [view for view in views_for(user) if behind_figures or not view.behind_figures]
    if slug is None:
        return views[0] if views else None
    return next((view for view in views if view.slug == slug), None)


def counts_of(lists: Mapping[str, QuerySet]) -> dict[str, str]:
    """Return how many rows each list holds, as the rail shows it, in one query.

    Each count stops at `COUNT_CAP` rows, so its cost does not grow with the table.
    """
    if not lists:
        return {}
    parts: list[str] = []
    params: list = []
    for rows in lists.values():
        shown = rows.order_by().values("pk")[:COUNT_CAP]
        try:
            sql, values = shown.query.sql_with_params()
        except EmptyResultSet:
            sql, values = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS v)")  # noqa: S608 - Django made it of a queryset
        params.extend(values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        numbers = cursor.fetchone()
    return {name: short_count(number) for name, number in zip(lists, numbers, strict=True)}


def short_count(number: int) -> str:
    """A number of requests as the rail shows it."""
    return f"{COUNT_CAP - 1}+" if number >= COUNT_CAP else str(number)


def number_of(rows: ServiceRequestQuerySet, view: QueueView) -> int:
    """How many requests the list of `rows` holds, in one query; `LENGTH_CAP` + 1 stands for more.

    Exact behind a figure, which has to find its number again; elsewhere the count stops, so that
    its cost does not grow with the table.
    """
    if view.behind_figures:
        return rows.order_by().count()
    return rows.order_by().values("pk")[: LENGTH_CAP + 1].count()


def length_words(number: int, view: QueueView) -> str:
    """A list's `number_of` requests in words."""
    if number > LENGTH_CAP and not view.behind_figures:
        return gettext("Plus de %(n)s demandes") % {"n": format_value(LENGTH_CAP)}
    words = ngettext("%(n)s demande", "%(n)s demandes", number)
    return words % {"n": format_value(number)}
