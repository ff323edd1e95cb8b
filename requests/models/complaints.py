"""What dissatisfaction leaves behind: how grave, why, whom to call back, what keeps happening."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from massy_grc.common.words import date_words, time_words
from prestations.models import Category, RootCause, Severity, Street
from requests.enums import ProblemState
from requests.models.conversation import Contact, Message
from requests.models.request import ServiceRequest
from requests.related_querysets import CallBackQuerySet, ProblemQuerySet


class Complaint(models.Model):
    """What Proximité alone notes about a complaint; neither departments nor citizens read it.

    It is no event of the log: the copy of a person's data tells the log.

    Attributes:
        abusive: it gets neutral letters only (S34).
        action: what puts this one right; the cause is for the next ones (S33).
    """

    request = models.OneToOneField(
        ServiceRequest, primary_key=True, on_delete=models.CASCADE, related_name="complaint"
    )
    version = models.PositiveIntegerField(default=0)
    severity = models.ForeignKey(Severity, null=True, on_delete=models.PROTECT, related_name="+")
    abusive = models.BooleanField(default=False)
    cause = models.ForeignKey(
        RootCause, null=True, on_delete=models.PROTECT, related_name="complaints"
    )
    action = models.TextField(blank=True)
    action_on = models.DateField(null=True)
    action_done = models.BooleanField(default=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request_id} {self.severity_id or ''}"


class CallBack(models.Model):
    """A call that was promised, about a request or after a contact that needed none.

    Attributes:
        starts_at, ends_at: the promised slot.
        owner: who calls; whoever receives the public may do it instead.
    """

    request = models.ForeignKey(
        ServiceRequest, null=True, on_delete=models.CASCADE, related_name="call_backs"
    )
    contact = models.OneToOneField(
        Contact, null=True, on_delete=models.CASCADE, related_name="call_back"
    )
    phone = models.CharField(_("numéro à rappeler"), max_length=30)
    about = models.CharField(_("à quel sujet"), max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    promised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    promised_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CallBackQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            # read by the list of people to call back, each minute by the reminders, each morning
            models.Index(
                fields=["starts_at", "id"], name="call_back_waiting", condition=Q(done_at=None)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(request=None, contact__isnull=False)
                | Q(request__isnull=False, contact=None),
                name="call_back_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(done_at=None), name="one_call_back_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def slot_words(self) -> str:
        """« lundi 30 novembre, 9 h – 10 h »; until which day for one as soon as possible."""
        first, last = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        day = date_words(last.date())
        if first.date() != last.date():
            return gettext("dès que possible, au plus tard %(day)s") % {"day": day}
        return f"{day}, {time_words(first)} – {time_words(last)}"


class Problem(models.Model):
    """Something that keeps happening, told by several requests (S33).

    Attributes:
        action: what will end it for good, done by `action_on`.
        answer: what all its members are told, once; without `answered_at`, a draft.
        leaves_at: when the answer leaves; it may be undone before.
        created_by: None when it was found by night.
    """

    version = models.PositiveIntegerField(default=1)
    title = models.CharField(_("titre"), max_length=200)
    state = models.CharField(max_length=10, choices=ProblemState.choices)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    street = models.ForeignKey(Street, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cause = models.ForeignKey(
        RootCause, null=True, on_delete=models.PROTECT, related_name="problems"
    )
    action = models.TextField(_("action de fond"), blank=True)
    action_on = models.DateField(null=True)
    action_done = models.BooleanField(default=False)
    answer = models.TextField(_("réponse commune"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    leaves_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title


class ProblemMember(models.Model):
    """A request that tells of a problem.

    Attributes:
        accepted_at: None while it is only proposed.
        removed_at: taken out; it is not proposed again.
        message: what its requester was told of the problem.
        barred: why its requester could not be told.
    """

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="members")
    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="problems")
    added_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField(null=True)
    barred = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["request__arrived_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "request"], name="once_in_a_problem")
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.request_id}"
