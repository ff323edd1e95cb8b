"""Who offers: the town, its sites, directions, departments, front-office teams and people."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from massy_grc.common.words import clock_words
from prestations.enums import ArrivalMail, Role
from prestations.querysets import ClosureQuerySet, FacilityQuerySet
from prestations.translation import catalogue_text


class Town(models.Model):
    """The town itself: one row, loaded from reference.yaml."""

    code = models.CharField(max_length=20, primary_key=True, default="town")
    name = models.CharField(max_length=100)
    insee_code = models.CharField(max_length=5)
    postcode = models.CharField(max_length=5)
    phone = models.CharField(max_length=30)
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=200, blank=True)
    dpo_email = models.EmailField(blank=True)
    address = models.CharField(max_length=250, blank=True)
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class Coded(models.Model):
    """A row of reference data: stable code, French label, order, still in use or not."""

    code = models.SlugField(max_length=80, primary_key=True)
    label = models.CharField(_("libellé"), max_length=250)
    order = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        abstract = True
        ordering = ["order", "label"]

    def __str__(self) -> str:
        return catalogue_text(self.label)


class Direction(Coded):
    """A group of departments (direction)."""


class Department(Coded):
    """An expert department (service métier): treats, never answers the citizen."""

    direction = models.ForeignKey(Direction, on_delete=models.PROTECT, related_name="departments")
    target_return_days = models.PositiveSmallIntegerField(default=10)
    successor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="of a closed one: who takes on its work; empty: the front office",
    )
    address = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)


class Team(Coded):
    """A front-office team: the citizen's only interlocutor (EAS, Proximité)."""

    direction = models.ForeignKey(Direction, on_delete=models.PROTECT, related_name="teams")
    role_text = models.TextField(blank=True)
    address = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)


class Site(Coded):
    """A place where agents receive the public."""

    address = models.CharField(max_length=250)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    counters = models.PositiveSmallIntegerField(default=0)
    successor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="of a closed one: where its public is received now; empty: nowhere in its place",
    )
    opening_hours = models.JSONField(
        default=dict, help_text='{"monday": [["08:30", "12:30"], …], …}'
    )
    visit = models.JSONField(
        default=dict, help_text="{come: [{mode, text}], access: [{code, answer, text}], confirmed}"
    )


class PostType(Coded):
    """A kind of post an agent takes for a session (pré-accueil, guichet, téléphone…)."""

    task = models.TextField(blank=True)


class Facility(Coded):
    """A public place whose hours people ask for."""

    kind = models.CharField(max_length=40)
    address = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.SET_NULL, related_name="facilities"
    )
    opening_hours = models.JSONField(default=dict)

    objects = FacilityQuerySet.as_manager()


class Closure(models.Model):
    """Days when a site, or every site (`site` empty), is closed or opens for shorter hours.

    Without `opens_at` and `closes_at` it is closed all day.
    """

    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.CASCADE)
    start = models.DateField()
    end = models.DateField()
    opens_at = models.TimeField(null=True, blank=True, help_text=_("ouverture retardée"))
    closes_at = models.TimeField(null=True, blank=True, help_text=_("fermeture avancée"))
    label = models.CharField(max_length=200)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the administrator who added it; empty when it was loaded",
    )
    counted = models.BooleanField(
        default=True, help_text="delays leave its days out; a loaded one waits for a decision"
    )
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="it stays for what it moved; still counted: to be decided"
    )

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["start"]

    def __str__(self) -> str:
        return f"{self.label} ({self.start})"

    @property
    def is_whole_town(self) -> bool:
        """Whether delays leave its days out: whole days of every site."""
        return not (self.site_id or self.opens_at or self.closes_at)

    @property
    def hours_words(self) -> str:
        """The shorter hours of these days; "" when they are closed all day."""
        if self.opens_at and self.closes_at:
            given = {"start": clock_words(self.opens_at), "end": clock_words(self.closes_at)}
            return gettext("ouvert au plus de %(start)s à %(end)s") % given
        if self.opens_at:
            return gettext("n’ouvre qu’à %(time)s") % {"time": clock_words(self.opens_at)}
        if self.closes_at:
            return gettext("ferme dès %(time)s") % {"time": clock_words(self.closes_at)}
        return ""


class Membership(models.Model):
    """What one person does where. A person may hold several; rights add up."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=40, choices=Role.choices)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT)
    arrival_mail = models.CharField(
        max_length=8,
        choices=ArrivalMail.choices,
        default=ArrivalMail.DAILY,
        help_text="Of use where there is a department.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "team", "department", "site"],
                nulls_distinct=False,
                name="one_membership_per_place",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.AGENT_EXPERT, Role.CHEF_SERVICE])
                | Q(department__isnull=False),
                name="experts_have_a_department",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.AGENT_EAS, Role.AGENT_PROXIMITE])
                | Q(team__isnull=False),
                name="front_office_has_a_team",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
