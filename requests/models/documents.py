"""Files: what the requester sends, what the town makes, and drafts not yet filed."""

import re
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from massy_grc.common.antivirus import is_configured
from prestations.enums import Channel
from prestations.models import FormVersion, Prestation
from prestations.translation import catalogue_text, speaks_french
from requests.enums import UploadScan
from requests.models.request import ServiceRequest
from requests.related_querysets import DocumentQuerySet

# « Décision favorable du 30 novembre 2026 (2) », as `requests.notifications.sending` names a letter
DATED_LABEL = re.compile(r"(?P<what>.*?)(?: du \d\S* \w+ \d{4}(?P<rank> \(\d+\))?)?", re.DOTALL)


def stored_name(instance: "StoredFile", filename: str) -> str:
    """Disk path of a stored file: random, so that no name given by a person reaches the disk."""
    key = uuid.uuid4().hex
    return f"{instance.FOLDER}/{key[:2]}/{key}"


class FilingDraft(models.Model):
    """A form being filled in, on the portal or at the counter. Its token files once (R10)."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    prestation = models.ForeignKey(Prestation, on_delete=models.CASCADE, related_name="+")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    citizen = models.ForeignKey(
        "citizens.Citizen", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    account = models.ForeignKey(
        "citizens.CitizenAccount",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="drafts",
    )
    organisation = models.ForeignKey(
        "citizens.OrganisationAccount",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="drafts",
        help_text="in whose space it waits, for every member; `account` is who began it",
    )
    person = models.JSONField(
        null=True,
        blank=True,
        help_text="for whom, when for somebody else: {} until said, then {family_name…}",
    )
    answers = models.JSONField(default=dict, help_text='{"demandeur": {…}, "reponses": {…}}')
    papers = models.JSONField(default=list, help_text="documents seen or received on paper: codes")
    completes = models.ForeignKey(
        ServiceRequest,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="completions",
        help_text="the request whose form this fills in; empty: it files a new one",
    )
    eligibility = models.JSONField(
        default=dict, help_text="{code of the question asked before the form: answer}"
    )
    steps_done = models.JSONField(default=list)
    revision = models.PositiveIntegerField(
        default=0,
        help_text="grows with each page sent; a late autosave of an older page is ignored",
    )
    arrived_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=5, default="fr")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    filed_request = models.ForeignKey(
        ServiceRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [
            # read by purge_expired_drafts
            models.Index(
                fields=["updated_at"], name="draft_unfiled", condition=Q(filed_request=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.prestation_id} {self.token}"


class StoredFile(models.Model):
    """A file on disk under a random name, with what it really is."""

    FOLDER = "files"

    file = models.FileField(upload_to=stored_name, max_length=200)
    name = models.CharField(max_length=200, help_text="the name it was given, shown only")
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class ReceivedFile(StoredFile):
    """A file from outside: nobody gets it before the antivirus has looked, where there is one."""

    scan = models.CharField(max_length=12, choices=UploadScan.choices, default=UploadScan.UNSCANNED)
    scan_after = models.DateTimeField(
        null=True, default=timezone.now, help_text="when it is scanned next; empty: not any more"
    )
    scan_failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def is_quarantined(self) -> bool:
        """Whether something was found in it: nobody gets it any more."""
        return self.scan == UploadScan.QUARANTINED

    @property
    def is_held(self) -> bool:
        """Whether it waits for the antivirus."""
        return self.scan == UploadScan.UNSCANNED and is_configured()

    @property
    def may_be_read(self) -> bool:
        """Whether those who have the right to it get it."""
        return not (self.is_quarantined or self.is_held)


def to_be_scanned(name: str) -> models.Index:
    """The index that scan_due_files reads: what waits for the antivirus, oldest first."""
    return models.Index(
        fields=["scan_after"],
        name=name,
        condition=Q(scan=UploadScan.UNSCANNED, scan_after__isnull=False),
    )


class Attachment(ReceivedFile):
    """A file sent by or for the requester; it belongs to a draft until the filing."""

    FOLDER = "attachments"

    draft = models.ForeignKey(
        FilingDraft, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    request = models.ForeignKey(
        ServiceRequest, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    document_code = models.CharField(max_length=80, blank=True)
    label = models.CharField(max_length=250, blank=True)
    by_requester = models.BooleanField(default=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        indexes = [to_be_scanned("attachment_to_scan")]


class Document(StoredFile):
    """A document the town made about a request: receipt, acknowledgement, letter."""

    FOLDER = "documents"

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="documents")
    template = models.CharField(max_length=80)
    label = models.CharField(max_length=250)
    to_print = models.BooleanField(default=False, help_text="to be posted: waits for printing")
    recipient = models.TextField(
        blank=True, help_text="the lines of the address window of what is to be posted"
    )
    printed_at = models.DateTimeField(null=True, blank=True)
    batch = models.ForeignKey(
        "requests.PrintBatch",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="letters",
        help_text="with which it is printed and posted",
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            # a task that runs twice finds the document of its first run
            models.UniqueConstraint(fields=["request", "label"], name="one_document_per_label")
        ]
        indexes = [
            # read by the page of letters to post
            models.Index(
                fields=["id"],
                name="document_to_post",
                condition=Q(to_print=True, printed_at=None, batch=None),
            )
        ]

    @property
    def addressee(self) -> str:
        """Who it is posted to, and where, on one line."""
        return ", ".join(self.recipient.splitlines())

    @property
    def shown_label(self) -> str:
        """The label in the page's language; elsewhere than in French its day stands beside it."""
        if speaks_french():
            return self.label
        parts = DATED_LABEL.fullmatch(self.label)
        if parts is None:
            return catalogue_text(self.label)
        return catalogue_text(parts["what"]) + (parts["rank"] or "")
