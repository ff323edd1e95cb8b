"""What is said about a request: public messages, internal notes, pieces asked for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from prestations.enums import Channel
from requests.enums import ContactOutcome, MessageDirection, Outcome, PieceFault
from requests.models.request import ServiceRequest
from requests.related_querysets import ContactQuerySet, ToldQuerySet


class Message(models.Model):
    """A message between the town and the requester; both sides read it."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=MessageDirection.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(max_length=250, blank=True)
    body = models.TextField(_("message"))
    template = models.CharField(max_length=80, blank=True)
    fields = models.JSONField(
        default=dict, blank=True, help_text='values of the template: {"intervention.date": "…"}'
    )
    signatory = models.ForeignKey(
        "prestations.Signatory", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    told_from = models.DateTimeField(
        null=True, blank=True, help_text="when the requester may read it; empty: at once"
    )

    objects = ToldQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.direction} {self.at:%Y-%m-%d}"


class InternalNote(models.Model):
    """A note between agents; a table of its own so that it can never reach a citizen."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("note interne"))
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.at:%Y-%m-%d}"


class PieceRequest(models.Model):
    """A document, or an answer of the form, that the requester owes until it is received."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="pieces")
    document_code = models.CharField(max_length=80)
    label = models.CharField(max_length=250)
    reason = models.CharField(max_length=300, blank=True)
    fault = models.CharField(
        max_length=10, choices=PieceFault.choices, default=PieceFault.INCOMPLETE
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    received_at = models.DateTimeField(null=True, blank=True)
    told_from = models.DateTimeField(
        null=True, blank=True, help_text="when the requester may read it; empty: at once"
    )

    objects = ToldQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.label}"

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer of the form (its key), and no document: CRPA L114-5 has both."""
        return "." in self.document_code


class ProposedQuestion(models.Model):
    """An expert's free question to the citizen, sent only once the front office approves it."""

    request = models.ForeignKey(
        ServiceRequest, on_delete=models.CASCADE, related_name="proposed_questions"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("question"))
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        ordering = ["proposed_at"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.proposed_at:%Y-%m-%d}"


class ProposedDecision(models.Model):
    """An answer that waits: a refusal for its signature, a favourable one for the head's approval.

    Nothing of it leaves before it is approved.
    """

    request = models.ForeignKey(
        ServiceRequest, on_delete=models.CASCADE, related_name="proposed_decisions"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20, help_text="what follows: answer, ready or close")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.NEGATIVE)
    subject = models.CharField(max_length=250, blank=True)
    body = models.TextField(_("réponse"), blank=True)
    template = models.CharField(max_length=80, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    closing_reason = models.ForeignKey(
        "prestations.ClosingReason", null=True, on_delete=models.PROTECT, related_name="+"
    )
    closes = models.BooleanField(default=True)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(decided_at=None),
                name="one_decision_waits_per_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.proposed_at:%Y-%m-%d}"

    @property
    def is_favourable(self) -> bool:
        return self.outcome == Outcome.POSITIVE


class Contact(models.Model):
    """What somebody asked: answered at once, followed by a `CallBack`, or by a request.

    Attributes:
        conversation: ties what was asked in one call or visit; None for a single question.
        place: which of the questions of a conversation it is, from 0.
        noted: the words of a question that was parted, where the parts do not say them all.
        caller: who they said they are, when no record was chosen.
        caller_phone: where to call them back, as it was noted.
        request: what the question became, or was added to.
        taken_by: the colleague who qualifies it in the place of `agent`.
    """

    channel = models.CharField(_("canal"), max_length=12, choices=Channel.choices)
    citizen = models.ForeignKey(
        "citizens.Citizen",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contacts",
    )
    prestation = models.ForeignKey(
        "prestations.Prestation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    question = models.CharField(_("question"), max_length=300)
    answer = models.TextField(_("réponse donnée"), blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contacts"
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey("prestations.Site", null=True, on_delete=models.PROTECT)
    post_type = models.ForeignKey("prestations.PostType", null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, choices=ContactOutcome.choices, default=ContactOutcome.ANSWERED
    )
    conversation = models.UUIDField(null=True)
    place = models.PositiveSmallIntegerField(default=0, db_default=0)
    noted = models.TextField(_("noté d’abord"), blank=True, db_default="")
    caller = models.CharField(_("qui appelle"), max_length=150, blank=True, db_default="")
    caller_phone = models.CharField(_("numéro"), max_length=30, blank=True, db_default="")
    request = models.ForeignKey(
        "requests.ServiceRequest", null=True, on_delete=models.SET_NULL, related_name="asked_in"
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["-at"], name="contact_newest"),  # read by the day's list
            # what an agent has noted and not qualified yet
            models.Index(
                fields=["agent", "at"],
                name="contact_to_qualify",
                condition=models.Q(outcome=ContactOutcome.OPEN),
            ),
            models.Index(  # the questions of one call
                fields=["conversation"],
                name="contact_of_call",
                condition=models.Q(conversation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def waits_for(self, user) -> bool:
        """Whether it is `user`'s to qualify, and nobody has yet."""
        return self.outcome == ContactOutcome.OPEN and self.kept_by(user)

    def kept_by(self, user) -> bool:
        """Whether it is `user`'s to qualify: taken over, or noted and left to them."""
        return (self.taken_by_id or self.agent_id) == user.pk

    @property
    def may_wait_again(self) -> bool:
        """Whether nothing followed that stays: an information given, or a call still to make."""
        if self.outcome == ContactOutcome.CALL_BACK:
            promised = getattr(self, "call_back", None)
            return promised is not None and promised.done_at is None
        return self.outcome == ContactOutcome.ANSWERED
