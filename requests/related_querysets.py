"""SQL vocabulary of what stands beside a request: messages, letters, tasks of people, followers."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value

from citizens.models import CitizenAccount
from massy_grc.common.folding import folded
from prestations.models import RightHolder
from requests.enums import ContactOutcome, NoteLevel, ProblemState, Relation
from requests.permissions import Right, scope_of

if TYPE_CHECKING:
    from requests import models as rows


def rows_of(model: Any, key: str) -> Any:
    """The manager of what a foreign key of `model` leads to."""
    return model._meta.get_field(key).related_model._default_manager


class ContactQuerySet(models.QuerySet["rows.Contact"]):
    """Contacts that needed no request."""

    def visible_to(self, user):
        """Those `user` may read: not about a prestation that is closed to them."""
        closed = scope_of(user).closed
        return self.exclude(prestation__in=closed) if closed else self

    def of_calls(self, user):
        """Questions of a call or visit that `user` may read to qualify them: their own, and those
        noted where they work; a place without a site is every one.
        """
        sites = set(user.memberships.values_list("site", flat=True))
        rows = self.visible_to(user).filter(conversation__isnull=False)
        if None in sites:
            return rows
        near = Q(site__in=sites) | Q(site=None)
        return rows.filter(near | Q(agent=user) | Q(taken_by=user))

    def to_qualify(self):
        """Those of which nobody has said yet what they become."""
        return self.filter(outcome=ContactOutcome.OPEN)

    def in_turn(self):
        """Those of a conversation in the order in which they were asked."""
        return self.order_by("place", "id")

    def kept_by(self, user):
        """Those that are `user`'s to qualify: taken over, or noted and left to them."""
        return self.filter(Q(taken_by=user) | Q(taken_by=None, agent=user))


class CallBackQuerySet(models.QuerySet["rows.CallBack"]):
    """Calls that were promised."""

    def visible_to(self, user):
        """Those about what `user` may read."""
        contacts, requests = rows_of(self.model, "contact"), rows_of(self.model, "request")
        about_contact = contacts.visible_to(user).filter(pk=OuterRef("contact"))
        about_request = requests.visible_to(user).filter(pk=OuterRef("request"))
        return self.filter(Exists(about_contact) | Exists(about_request))

    def waiting(self):
        """Those that nobody has made yet, the first slot first."""
        return self.filter(done_at=None).order_by("starts_at", "id")


class ProblemQuerySet(models.QuerySet["rows.Problem"]):
    """What several requests tell of."""

    def visible_to(self, user):
        """All of them for who handles complaints; others, those followed that tell of theirs."""
        if scope_of(user).may(Right.HANDLE_COMPLAINTS):
            return self
        members = self.model.members.rel.related_model._default_manager
        mine = members.filter(
            request__in=rows_of(members.model, "request").visible_to(user),
            accepted_at__isnull=False,
            removed_at=None,
        )
        known = (ProblemState.OPEN, ProblemState.CLOSED)
        return self.filter(state__in=known, pk__in=mine.values("problem"))


class SendingQuerySet(models.QuerySet["rows.Sending"]):
    """What agents have sent."""

    def leaving(self, now: datetime):
        """Those that may still be undone: nobody outside sees them."""
        return self.kept().filter(undone_by=None, until__gt=now)

    def kept(self):
        """Those that still know what would undo them."""
        return self.exclude(before={})


class ToldQuerySet(models.QuerySet):
    """What was said to the requester, or asked of them."""

    def told(self, now: datetime):
        """Those that the requester may read: not what may still be undone."""
        return self.filter(Q(told_from=None) | Q(told_from__lte=now))


class DocumentQuerySet(models.QuerySet["rows.Document"]):
    """The documents the town made."""

    def visible_to(self, user):
        """Those whose request is not closed to `user`, for pages of the front office."""
        closed = scope_of(user).closed
        return self.exclude(request__prestation__in=closed) if closed else self

    def to_post(self):
        """On paper, neither posted yet nor in a batch, oldest first."""
        return self.filter(to_print=True, printed_at=None, batch=None).order_by("id")

    def with_kind(self):
        """Each with its `kind`: the label without its day (« Réponse »)."""
        undated = Func(F("label"), Value(r" du \d.*$"), Value(""), function="regexp_replace")
        return self.annotate(kind=undated)


class PrintBatchQuerySet(models.QuerySet["rows.PrintBatch"]):
    """Letters printed together."""

    def visible_to(self, user):
        """Those without a letter whose request is closed to `user`."""
        closed = scope_of(user).closed
        if not closed:
            return self
        return self.exclude(letters__request__prestation__in=closed).exclude(
            removals__document__request__prestation__in=closed
        )


class ReportFollowerQuerySet(models.QuerySet["rows.ReportFollower"]):
    """Who follows a public report."""

    def of_account(self, account: CitizenAccount):
        """What an account follows: signed in, or by its address, which is proven as well."""
        by_address = Q(email=account.user.email or None, confirmed_at__isnull=False)
        return self.filter(Q(account=account) | by_address)

    def told(self):
        """Those who are written to."""
        return self.filter(confirmed_at__isnull=False).select_related("account__user")

    def identified(self):
        """Those that say who follows, by account or address."""
        return self.exclude(email="", account=None)


class ConcernedPersonQuerySet(models.QuerySet["rows.ConcernedPerson"]):
    """The people for whom somebody else filed."""

    def to_be_called(self):
        """Those whom only a telephone number reaches, and nobody called yet."""
        by_phone = self.filter(told_at=None, called_at=None, objected_at=None).exclude(phone="")
        return by_phone.exclude(relation=Relation.CHILD).filter(email="", address="")


class MentionQuerySet(models.QuerySet["rows.Mention"]):
    """Who is named in notes."""

    def waiting(self, people: Collection[int]):
        """Those of `people` (ids) that nobody has seen yet."""
        return self.filter(person__in=people, seen_at=None)


class PresenceQuerySet(models.QuerySet["rows.Presence"]):
    """Who has which page open."""

    def others(self, service_request: "rows.ServiceRequest", user, now: datetime):
        """Colleagues who have the request's page open beside `user`, those who write first.

        Each once, however many windows they have open.
        """
        there = self.filter(request=service_request, left=False, until__gte=now).exclude(user=user)
        each = there.order_by("user_id", "-writing").distinct("user_id")
        return (
            self.filter(pk__in=each.values("pk"))
            .select_related("user")
            .order_by("-writing", folded("user__last_name"), "user_id")
        )


class NoticeQuerySet(models.QuerySet["rows.Notice"]):
    """What agents are told of."""

    def unread(self, user):
        """What `user` has not read yet."""
        return self.filter(user=user, read_at=None)


class RekeyingQuerySet(models.QuerySet["rows.Rekeying"]):
    """Requests typed again in departments' own programs."""

    def standing(self):
        """Those that nobody took back."""
        return self.filter(taken_back_at=None)

    def in_own_program(self):
        """Those in the program that the request's prestation names today."""
        return self.filter(software=F("request__prestation__legacy_software"))


class SnoozeQuerySet(models.QuerySet["rows.Snooze"]):
    """Requests that agents have set aside."""

    def away(self):
        """Those that are not back yet."""
        return self.filter(back_at=None)

    def shown_to(self, user):
        """What `user` set aside: away, or back and not seen yet."""
        return self.filter(agent=user, seen_at=None)


class SpokenNewsQuerySet(models.QuerySet["rows.SpokenNews"]):
    """What agents tell."""

    def waiting(self):
        """Those that nobody has told yet, with whom to tell."""
        return self.filter(told_at=None, request__anonymised_at=None).select_related(
            "request__citizen", "request__prestation"
        )


class RecordNoteQuerySet(models.QuerySet["rows.RecordNote"]):
    """What agents noted on records."""

    def visible_to(self, user):
        """Those whose circle `user` belongs to, and their own; not what was withdrawn.

        What is for those named for a prestation, its author reads as long as they are one.
        """
        scope = scope_of(user)
        named = RightHolder.objects.current().filter(user=user)
        circles = Q(author=user, prestation=None) | Q(prestation__in=named.values("prestation"))
        circles |= Q(team__in=scope.teams) | Q(department__in=scope.departments)
        if scope.may(Right.FRONT_OFFICE):
            circles |= Q(level=NoteLevel.FRONT)
        return self.filter(circles, withdrawn_at=None)


class PersonalLetterQuerySet(models.QuerySet["rows.PersonalLetter"]):
    """Letters to people that belong to no request."""

    def to_post(self):
        """Those that wait for whoever prints and posts them."""
        return self.filter(printed_at=None).exclude(address="")
