"""Colleagues around one request: who is named in a note, who watches, who has its page open."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests.enums import SnoozePreset, WakeReason
from requests.models.conversation import InternalNote
from requests.models.request import ServiceRequest
from requests.related_querysets import MentionQuerySet, PresenceQuerySet, SnoozeQuerySet


class Presence(models.Model):
    """Somebody has a request's page open in a window; it says so itself every few seconds.

    Nothing that must last: the table is unlogged, and empty after a crash of the database.

    Attributes:
        window: a key that the page drew for itself when it was opened.
        writing: something is typed there that has not been sent.
        left: the page was closed; kept until then, for what it said before may arrive after.
        until: when it ends by itself, unless the page speaks again.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    window = models.CharField(max_length=32)
    writing = models.BooleanField(default=False)
    left = models.BooleanField(default=False)
    until = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "user", "window"], name="present_once_by_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.request_id}"


class Mention(models.Model):
    """A colleague named in an internal note; it waits until they act on the request or say so.

    Written by `requests.actions.add_note`, for those only who may see the request.
    """

    note = models.ForeignKey(InternalNote, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        indexes = [
            # the view "Mentions" of the queue, and the daily mail
            models.Index(fields=["person"], name="mention_waiting", condition=Q(seen_at=None))
        ]
        constraints = [
            models.UniqueConstraint(fields=["note", "person"], name="mentioned_once_by_note")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.note_id}"


class Watcher(models.Model):
    """An agent who is told of what happens to a request, for as long as they may see it.

    Attributes:
        at_once: by a mail at each event; otherwise in the daily mail.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at_once = models.BooleanField(default=False)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "user"], name="watches_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.request_id}"


class Pin(models.Model):
    """A request that an agent keeps at the head of their own; nobody else sees it."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="pins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # also read by an agent's own queue and home page
            models.UniqueConstraint(fields=["user", "request"], name="pinned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} pinned by {self.user_id}"


class Snooze(models.Model):
    """A request that somebody does not want among their own work until a moment (use bar 35).

    It hides nothing from anybody else, and stops no clock. Written by `requests.actions`.

    Attributes:
        reason: in the agent's words, shown to them and their colleagues; "" where they gave none.
        back_at: when it came back among their work; empty while it is away.
        seen_at: when they took note of that; until then it stands first, with its reason.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="snoozes")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    preset = models.CharField(max_length=10, choices=SnoozePreset.choices)
    reason = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField()
    until = models.DateTimeField()
    back_at = models.DateTimeField(null=True)
    back_why = models.CharField(max_length=10, choices=WakeReason.choices, blank=True)
    seen_at = models.DateTimeField(null=True)

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "agent"], name="snoozed_once", condition=Q(back_at=None)
            )
        ]
        indexes = [
            # read each minute: those whose moment has come
            models.Index(fields=["until"], name="snooze_away", condition=Q(back_at=None)),
            # an agent's own queue and home page
            models.Index(fields=["agent"], name="snooze_shown", condition=Q(seen_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} set aside by {self.agent_id}"
