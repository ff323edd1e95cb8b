"""What the town offers: categories, the citizen page's groups, prestations and their forms."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from prestations.enums import (
    Acknowledgement,
    Appointment,
    Audience,
    DelayUnit,
    Handling,
    Location,
    PrestationStatus,
    SilenceEffect,
)
from prestations.models.organisation import Coded, Department, Site, Team
from prestations.models.privacy import Processing
from prestations.models.software import Software
from prestations.querysets import PrestationQuerySet
from prestations.translation import catalogue_text

UNSORTED = "a-qualifier"  # the prestation of a letter or a note whose own is not known yet
UNSORTED_TOLD = "Votre message"  # its name for whoever wrote it


class Category(Coded):
    """The agents' classification (column « Service » of the queue)."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="categories")


class PortalGroup(Coded):
    """A group of the citizens' page, with its own wording."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="portal_groups")


class Prestation(Coded):
    """A service type of the catalogue. Loaded from catalogue.yaml; see its schema."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="prestations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="prestations")
    handling = models.CharField(max_length=10, choices=Handling.choices)
    expert_department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="prestations"
    )
    routing_rules = models.JSONField(default=list, help_text="[{when, expert_department}]")
    status = models.CharField(max_length=12, choices=PrestationStatus.choices)
    sites = models.ManyToManyField(Site, related_name="prestations", blank=True)
    audiences = ArrayField(models.CharField(max_length=20))
    channels = ArrayField(models.CharField(max_length=20))
    on_behalf = models.JSONField(
        default=dict, blank=True, help_text="{ask, person, when, instead}; prestations.behalf"
    )
    anonymous_allowed = models.BooleanField(default=False)
    residents_only = models.BooleanField(default=False)
    location = models.CharField(max_length=10, choices=Location.choices)
    immediate_at_counter = models.BooleanField(default=False)

    target_value = models.PositiveSmallIntegerField()
    target_unit = models.CharField(max_length=15, choices=DelayUnit.choices)
    target_kind = models.CharField(max_length=10)
    urgent_value = models.PositiveSmallIntegerField(null=True, blank=True)
    urgent_unit = models.CharField(max_length=15, choices=DelayUnit.choices, blank=True)
    urgent_condition = models.CharField(max_length=250, blank=True)
    urgent_if = models.JSONField(default=list, blank=True, help_text="[{field, operator, value}]")

    appointment = models.CharField(max_length=10, choices=Appointment.choices)
    appointment_info = models.TextField(blank=True)
    fee = models.JSONField(default=dict, help_text="{free, items, paid_to, payment, source}")
    delivery_modes = ArrayField(models.CharField(max_length=20), default=list)

    acknowledgement = models.CharField(max_length=15, choices=Acknowledgement.choices)
    silence_effect = models.CharField(max_length=12, choices=SilenceEffect.choices)
    silence_value = models.PositiveSmallIntegerField(null=True, blank=True)
    silence_unit = models.CharField(max_length=15, choices=DelayUnit.choices, blank=True)
    legal_basis = ArrayField(models.CharField(max_length=250), default=list)
    legal_confirmed = models.BooleanField(default=False)
    appeal = models.TextField(blank=True, help_text=_("vide : recours ordinaire"))
    legal_note = models.TextField(blank=True)

    acknowledgement_template = models.CharField(max_length=80)
    outcome_positive_template = models.CharField(max_length=80, blank=True)
    outcome_negative_template = models.CharField(max_length=80, blank=True)
    other_templates = ArrayField(models.CharField(max_length=80), default=list)

    summary = models.TextField(blank=True)
    eligibility = ArrayField(models.TextField(), default=list)
    replaced_by = models.TextField(blank=True)
    external_link = models.JSONField(null=True, blank=True, help_text="{label, url}")
    cerfa = models.JSONField(default=list, blank=True, help_text="[{number, label, url}]")
    open311_exposed = models.BooleanField(default=False)
    public_reports = models.BooleanField(
        default=False, help_text="its requests are on the public page: place, state, dates only"
    )
    restricted = models.CharField(
        max_length=250,
        blank=True,
        help_text="why named right-holders alone read its requests; blank: as work is given",
    )
    checks = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        help_text="what bars a favourable answer beside the mandatory documents: `Check`",
    )
    approval = models.CharField(
        max_length=250,
        blank=True,
        help_text="why a favourable answer waits for the department's head; blank: it does not",
    )
    nearby_metres = models.PositiveSmallIntegerField(
        default=100, help_text="open reports within it are proposed instead of a duplicate"
    )
    legacy_software = models.CharField(max_length=80, blank=True)
    keywords = ArrayField(models.CharField(max_length=100), default=list)
    notes = models.TextField(blank=True)
    demand = models.PositiveIntegerField(
        default=0, editable=False, help_text="requests of the last 90 days; actions.record_demand"
    )
    processing = models.ForeignKey(
        Processing, null=True, on_delete=models.PROTECT, related_name="prestations"
    )
    current_form = models.OneToOneField(
        "FormVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    usual_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="nine of ten requests closed lately took no longer; kept by requests.actions",
    )

    objects = PrestationQuerySet.as_manager()

    def __str__(self) -> str:
        return catalogue_text(self.label)

    @property
    def is_open(self) -> bool:
        """Whether a file may be opened at all (a historical one only informs)."""
        return self.is_active and self.status == PrestationStatus.ACTIVE

    @property
    def regime(self) -> str:
        """What silence does, and when, as a page names it: « rejet:2:months »."""
        return f"{self.silence_effect}:{self.silence_value or 0}:{self.silence_unit}"

    @property
    def is_unsorted(self) -> bool:
        """Whether it stands for what is not sorted yet: in no list, and no citizen's to choose."""
        return self.code == UNSORTED

    @property
    def told_label(self) -> str:
        """How whoever asked reads it: what is not sorted yet is nothing but their message."""
        return UNSORTED_TOLD if self.is_unsorted else self.label

    @cached_property
    def double_entry_in(self) -> Software | None:
        """The program where its requests are typed again (S53); None where nothing is."""
        named = Software.objects.double_entry().filter(pk=self.legacy_software)
        return named.first() if self.legacy_software else None

    def open_on(self, channel: str) -> bool:
        """Whether a request may arrive by `channel`."""
        return (self.is_open or self.is_unsorted) and channel in self.channels


class AudienceChoice(models.Model):
    """An administrator's tick: a prestation opened to an audience, or closed to it (S21).

    Append-only: this journal is the town's choice, the last row of a pair counts, and a new load
    of the catalogue keeps it (`prestations.audiences`).
    """

    APPEND_ONLY = True

    prestation = models.ForeignKey(
        Prestation, on_delete=models.CASCADE, related_name="audience_choices"
    )
    audience = models.CharField(max_length=20, choices=Audience.choices)
    is_open = models.BooleanField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.prestation_id} {self.audience}: {self.is_open}"


class PortalEntry(models.Model):
    """A prestation shown in a group of the citizens' page, under its wording there."""

    group = models.ForeignKey(PortalGroup, on_delete=models.CASCADE, related_name="entries")
    prestation = models.ForeignKey(
        Prestation, on_delete=models.CASCADE, related_name="portal_entries"
    )
    portal_label = models.CharField(max_length=250, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["group", "prestation"], name="one_entry_per_group")
        ]

    def __str__(self) -> str:
        return catalogue_text(self.portal_label or self.prestation.label)


class FormVersion(models.Model):
    """A form as it was at one time. Never edited: a request keeps the version it was filed with.

    `definition` holds ``{"requester_block": {code, label, requester_kinds, fields: […]},
    "fields": […], "documents": […], "location": "street"}`` in the catalogue's own schema, and
    ``"eligibility": […]`` where questions are asked before the form.
    """

    prestation = models.ForeignKey(
        Prestation, on_delete=models.CASCADE, related_name="form_versions"
    )
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    checksum = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["prestation", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["prestation", "number"], name="one_form_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.prestation_id} v{self.number}"
