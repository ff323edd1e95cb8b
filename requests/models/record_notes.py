"""What agents note on a person's record, and who of them reads it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Citizen
from prestations.models import Department, Prestation, Team
from requests.enums import NoteLevel
from requests.related_querysets import RecordNoteQuerySet


class RecordNote(models.Model):
    """A note on a record, for the circle of agents that its author chose.

    Written by `requests.actions`. A withdrawn one loses its text; that there was one stays.

    Attributes:
        team, department, prestation: the circle, as its level says; none for all of the front
            office. A prestation stands for those who are named for it.
        pinned_at: it stands first, for all who read it.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="record_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("qui la lit"), max_length=12, choices=NoteLevel.choices)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, null=True, on_delete=models.PROTECT, related_name="+"
    )
    prestation = models.ForeignKey(
        Prestation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    body = models.TextField(_("note"))
    at = models.DateTimeField()
    pinned_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = RecordNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note sur une fiche")
        ordering = [models.F("pinned_at").desc(nulls_last=True), "-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    level=NoteLevel.TEAM, team__isnull=False, department=None, prestation=None
                )
                | Q(
                    level=NoteLevel.DEPARTMENT, department__isnull=False, team=None, prestation=None
                )
                | Q(level=NoteLevel.HOLDERS, prestation__isnull=False, team=None, department=None)
                | Q(level=NoteLevel.FRONT, team=None, department=None, prestation=None),
                name="record_note_for_one_circle",
            )
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} {self.at:%Y-%m-%d}"

    @property
    def circle(self) -> Team | Department | Prestation | None:
        """The team or department that reads it, or the prestation whose named agents do; None: all
        of the front office.
        """
        return self.team or self.department or self.prestation
