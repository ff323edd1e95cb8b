"""What the data-protection officer keeps: holds, approvals, runs, erasures, copies, letters."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citizens.models import Citizen
from prestations.models import Processing
from requests.enums import ExportState, IdentityCheck
from requests.models.documents import stored_name
from requests.models.request import ServiceRequest
from requests.related_querysets import PersonalLetterQuerySet

STAFF = settings.AUTH_USER_MODEL


class LegalHold(models.Model):
    """A reason to erase nothing of a request (a lawsuit, an inquiry), until it is lifted."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField(_("motif"))
    placed_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(STAFF, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-placed_at"]
        constraints = [
            # also read by the retention: requests held now
            models.UniqueConstraint(
                fields=["request"], name="one_hold_at_a_time", condition=Q(lifted_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.placed_at:%Y-%m-%d}"


class RetentionApproval(models.Model):
    """The officer's approval of one rule as it stands; without it nothing is erased by itself."""

    processing = models.ForeignKey(Processing, on_delete=models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=64, help_text="Processing.digest: the terms approved")
    visa = models.CharField(
        _("visa d’élimination des archives départementales"), max_length=200, blank=True
    )
    approved_by = models.ForeignKey(STAFF, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(STAFF, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-approved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["processing"], name="one_approval_per_rule", condition=Q(withdrawn_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.processing_id} {self.approved_at:%Y-%m-%d}"


class RetentionRun(models.Model):
    """One application of the rules, for real or dry: what was due and what was done, in numbers."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    dry_run = models.BooleanField(default=False)
    lines = models.JSONField(
        default=list, help_text="[{rule, what, due, done, held, failed, approved}]"
    )

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class Erasure(models.Model):
    """An erasure the officer carried out for one person: what went, what stays and why."""

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="erasures")
    rights_request = models.ForeignKey(
        ServiceRequest, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    requests = models.JSONField(default=list, help_text="ids of the requests erased")
    kept = models.JSONField(default=list, help_text="[[id, reason code]] of those that stay")
    record_erased = models.BooleanField(default=False)
    identity = models.CharField(
        max_length=30,
        blank=True,
        choices=IdentityCheck.choices,
        help_text="how an agent checked who asks; empty: the person has an account",
    )

    class Meta:
        ordering = ["-done_at"]

    def __str__(self) -> str:
        return f"{self.citizen_id} {self.done_at:%Y-%m-%d}"


class DataExport(models.Model):
    """A copy of what the town holds about one person (RGPD art. 15 and 20), for seven days."""

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="exports")
    asked_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(
        max_length=30, blank=True, help_text="how an agent checked who asks; empty: by the person"
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.ASKED)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to=stored_name, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    FOLDER = "exports"

    class Meta:
        ordering = ["-asked_at"]
        indexes = [
            # read by the sweep of copies that are over
            models.Index(fields=["expires_at"], name="export_expiring", condition=~Q(file="")),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} {self.asked_at:%Y-%m-%d}"


class PersonalLetter(models.Model):
    """A letter about a person's data that belongs to no request, for whoever has no e-mail.

    Written once, by `requests.notifications.privacy`. Without a postal address it cannot leave;
    the row is then the record that it could not.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="letters")
    key = models.CharField(max_length=120, unique=True, help_text="the same news is told once")
    address = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(null=True)

    objects = PersonalLetterQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            # read by the page of letters to post
            models.Index(
                fields=["id"],
                name="personal_letter_to_post",
                condition=Q(printed_at=None) & ~Q(address=""),
            )
        ]

    def __str__(self) -> str:
        return self.subject
