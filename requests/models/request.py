"""The request itself."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from citizens.enums import ResidenceKind
from citizens.models import Citizen, CitizenAccount, Organisation, OrganisationAccount
from prestations.enums import Channel, RequesterKind, SilenceEffect
from prestations.models import (
    Authority,
    Campaign,
    Category,
    ClosingReason,
    Department,
    FormVersion,
    PostType,
    Prestation,
    Site,
    Street,
    Team,
)
from requests.enums import FINAL_STATES, PUBLIC_LABELS, STOPPED_STATES, Outcome, Rhythm, State
from requests.querysets import FIRST, ServiceRequestQuerySet

OPEN = ~Q(state__in=[str(state) for state in FINAL_STATES])
TO_WORK_ON = ~Q(state__in=[str(state) for state in STOPPED_STATES])
# what the town owes inside: they follow the announced date's clock, and never pass it
OWED_DATES = ("department_due_at", "take_due_at", "first_answer_due_at")


class ServiceRequest(models.Model):
    """One thing asked of the town, from filing to final answer.

    Changed only by the verbs of `requests.actions`: file, qualify, route, take, assign,
    transfer, ask_pieces, check, rekey, ask_question, supply, complete, resume, treat, correct,
    correct_contact, ready, hand_over, answer, forward, close, reopen, withdraw, cancel. Subject,
    prestation and category are three things (S88).
    """

    reference = models.CharField(_("référence"), max_length=13, unique=True)
    tracking_code = models.CharField(_("code de suivi"), max_length=8)
    idempotency_key = models.CharField(max_length=80, unique=True)
    version = models.PositiveIntegerField(default=1)
    event_count = models.PositiveIntegerField(default=0)
    state = models.CharField(_("état"), max_length=20, choices=State.choices)

    prestation = models.ForeignKey(Prestation, on_delete=models.PROTECT, related_name="requests")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("sujet"), max_length=250)
    answers = models.JSONField(default=dict, help_text='{"demandeur": {…}, "reponses": {…}}')
    papers = models.JSONField(default=list, help_text="documents seen or received on paper: codes")

    channel = models.CharField(_("canal"), max_length=12, choices=Channel.choices)
    requester_kind = models.CharField(_("source"), max_length=25, choices=RequesterKind.choices)
    citizen = models.ForeignKey(
        Citizen, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    # Who follows it from their space: it was filed signed in, or proved later to be theirs.
    account = models.ForeignKey(
        CitizenAccount,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
        db_index=False,
    )
    account_read_at = models.DateTimeField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    # In whose space it stands, for every member, when it was filed for an organisation.
    organisation_account = models.ForeignKey(
        OrganisationAccount,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
        db_index=False,
    )
    # The campaign whose page the browser had opened before the form was begun.
    campaign = models.ForeignKey(
        Campaign,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
        db_index=False,
    )
    requester_name = models.CharField(max_length=250, blank=True)
    requester_email = models.EmailField(blank=True)
    requester_phone = models.CharField(max_length=30, blank=True)
    requester_address = models.CharField(max_length=300, blank=True)
    reply_channel = models.CharField(max_length=12, blank=True)
    language = models.CharField(max_length=5, default="fr")
    residence = models.CharField(
        max_length=12, choices=ResidenceKind.choices, default=ResidenceKind.INCONNU
    )
    place = models.CharField(_("lieu"), max_length=300, blank=True)
    # Where the street register or the pin on the plan puts it; WGS 84 degrees.
    street = models.ForeignKey(
        Street, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    street_number = models.CharField(max_length=30, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    outside_town = models.BooleanField(default=False)
    urgent = models.BooleanField(_("urgent"), default=False)

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_requests",
        verbose_name=_("chargé de dossier"),
    )
    front_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_requests",
        verbose_name=_("interlocuteur du citoyen"),
    )
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT)
    post_type = models.ForeignKey(PostType, null=True, blank=True, on_delete=models.PROTECT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="logged_requests",
    )

    # Time. Every clock starts at `arrived_at`; `filed_at` is when it was entered.
    arrived_at = models.DateTimeField(_("date"))
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(_("échéance"))
    paused_at = models.DateTimeField(null=True, blank=True)
    department_since = models.DateTimeField(null=True, blank=True)
    department_due_at = models.DateTimeField(null=True, blank=True)
    # what is agreed with the department (S77): taken there, first words to the requester
    take_due_at = models.DateTimeField(null=True, blank=True)
    first_answer_due_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    silence_effect = models.CharField(
        max_length=12, choices=SilenceEffect.choices, default=SilenceEffect.NONE
    )
    implicit_decision_at = models.DateField(_("décision implicite"), null=True, blank=True)
    legal_paused_at = models.DateTimeField(null=True, blank=True)
    # days the law's clock stood still: in all, and since the file was complete
    legal_suspended_days = models.PositiveSmallIntegerField(default=0)
    corrected_days = models.PositiveSmallIntegerField(default=0)
    completed_at = models.DateTimeField(null=True, blank=True)
    interim_due_at = models.DateTimeField(null=True, blank=True)
    interim_sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    # of a tacit refusal, when the requester has asked for them (CRPA L232-4)
    reasons_due_at = models.DateTimeField(null=True, blank=True)
    reasons_given_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.TextField(blank=True)
    conclusion_outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.ForeignKey(
        ClosingReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # the administration that it was sent on to, which answers in the town's place
    forwarded_to = models.ForeignKey(
        Authority,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    # the day until which the requester's answer to a question, or their coming, is awaited
    awaited_until = models.DateField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    appointment_at = models.DateTimeField(null=True, blank=True)
    unread_since = models.DateTimeField(null=True, blank=True)  # see `workflow.unread_since`
    # the request that is worked on in its place, because both ask the same (`actions.merging`)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        db_index=False,
    )
    # it is opened again on that day, and then the new one has the rule (`actions.repeating`)
    repeats = models.CharField(max_length=10, blank=True, choices=Rhythm.choices)
    repeats_on = models.DateField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    search_vector = SearchVectorField(null=True, editable=False)

    # Personal data: what the retention has taken away already.
    files_deleted_at = models.DateTimeField(null=True, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceRequestQuerySet.as_manager()

    due_before: datetime | None = None  # the date announced before the verb under way
    acting_for: int | None = None  # the absent colleague in whose stead that verb is done

    class Meta:
        verbose_name = _("demande")
        indexes = [
            # the queue "all I may see", newest first, and its keyset pages
            models.Index(fields=["-arrived_at", "-id"], name="request_newest"),
            # open queues by team / department / case officer, by due date
            models.Index(fields=["due_at", "id"], name="request_open_due", condition=OPEN),
            models.Index(
                fields=["department", "due_at", "id"],
                name="request_open_department",
                condition=OPEN,
            ),
            models.Index(
                fields=["assignee", "due_at", "id"], name="request_open_assignee", condition=OPEN
            ),
            models.Index(
                fields=["front_agent", "due_at", "id"], name="request_open_front", condition=OPEN
            ),
            # the views and counts of work to do and of late work: what waits to be collected
            # would stand in front of it, its due date long past
            models.Index(fields=["due_at", "id"], name="request_work_due", condition=TO_WORK_ON),
            # the view and the count of new messages, by due date: few rows, however many are open
            models.Index(
                fields=["due_at", "id"],
                name="request_unread_due",
                condition=OPEN & Q(unread_since__isnull=False),
            ),
            # the queue filtered by state, newest first
            models.Index(fields=["state", "-arrived_at", "-id"], name="request_state_newest"),
            # the department's whole history, newest first
            models.Index(
                fields=["department", "-arrived_at", "-id"], name="request_department_newest"
            ),
            # a prestation's or a category's requests, newest first
            models.Index(
                fields=["prestation", "-arrived_at", "-id"], name="request_prestation_newest"
            ),
            # what a campaign brought, newest first
            models.Index(
                fields=["campaign", "-arrived_at", "-id"],
                name="request_campaign_newest",
                condition=Q(campaign__isnull=False),
            ),
            # open reports around a place, before one more is filed
            models.Index(
                fields=["latitude", "longitude"],
                name="request_open_near",
                condition=OPEN & Q(latitude__isnull=False),
            ),
            # a street's reports: the public page, and look-alikes without coordinates
            models.Index(
                fields=["street", "-arrived_at", "-id"],
                name="request_street_newest",
                condition=Q(street__isnull=False),
            ),
            # the citizen record's history
            models.Index(fields=["citizen", "-arrived_at"], name="request_citizen_newest"),
            # the space of a citizen's account, newest first
            models.Index(
                fields=["account", "-arrived_at", "-id"],
                name="request_account_newest",
                condition=Q(account__isnull=False),
            ),
            # the space of an organisation, newest first
            models.Index(
                fields=["organisation_account", "-arrived_at", "-id"],
                name="request_organisation_newest",
                condition=Q(organisation_account__isnull=False),
            ),
            # what was filed with an address, before its owner had a space
            models.Index(
                Upper("requester_email"),
                name="request_email_unfollowed",
                condition=Q(account__isnull=True) & ~Q(requester_email=""),
            ),
            # read each minute: the reminders that are due
            models.Index(
                fields=["remind_at", "id"],
                name="request_remind",
                condition=Q(remind_at__isnull=False),
            ),
            # read by the chase
            models.Index(
                fields=["repeats_on"],
                name="request_repeats",
                condition=Q(repeats_on__isnull=False),
            ),
            # those that follow a request
            models.Index(
                fields=["merged_into"],
                name="request_merged",
                condition=Q(merged_into__isnull=False),
            ),
            # what went to other administrations: the dashboard and its lists
            models.Index(
                fields=["forwarded_to", "closed_at"],
                name="request_forwarded",
                condition=Q(forwarded_to__isnull=False),
            ),
            # flows of the dashboard and their lists
            models.Index(fields=["closed_at"], name="request_closed"),
            # the queue "all I may see", the latest closed first; open ones stand after those
            models.Index(
                Coalesce("closed_at", Value(FIRST, output_field=models.DateTimeField())).desc(),
                F("id").desc(),
                name="request_last_closed",
            ),
            # free-text search: of the whole town, and of what one department leads
            GinIndex(fields=["search_vector", "department"], name="request_words"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.subject}"

    def get_absolute_url(self) -> str:
        """The agents' page (citizens have the tracking page)."""
        return reverse("backoffice:request", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.state not in FINAL_STATES

    @property
    def has_other_form(self) -> bool:
        """Whether its answers are those of another prestation than it turned out to be about."""
        return self.form_version.prestation_id != self.prestation_id

    @property
    def owed_dates(self) -> dict[str, datetime]:
        """The dates of `OWED_DATES` that are set, by field."""
        dates = {name: getattr(self, name) for name in OWED_DATES}
        return {name: moment for name, moment in dates.items() if moment is not None}

    @property
    def public_state(self) -> str:
        """The state in the citizen's words; experts' work is not told apart (S27)."""
        return str(PUBLIC_LABELS[State(self.state)])

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None
