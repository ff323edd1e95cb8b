"""Two records made one, and all that is needed to make them two again."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import MergeGround
from citizens.models.person import Citizen
from citizens.querysets import CitizenMergeQuerySet

UNDO_FOR = timedelta(days=30)


class CitizenMerge(models.Model):
    """A record given up for another. It stays as it was, pointing to the one that was kept.

    Written by `citizens.actions.merging`. While it can be undone, the owner of the kept record's
    account is shown nothing that it brought; then it is settled, and the given up record emptied.
    """

    kept = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="given_up_in")
    reasons = models.JSONField(default=list, help_text="codes of `DuplicateReason`")
    ground = models.CharField(_("vérifié par"), max_length=12, choices=MergeGround.choices)
    moved = models.JSONField(default=dict, help_text="{app.Model.column: [ids]}")
    before = models.JSONField(
        default=dict,
        encoder=DjangoJSONEncoder,
        help_text="what the kept record said where the other's value was taken",
    )
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = CitizenMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiches réunies")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], name="one_merge_of_a_record", condition=Q(undone_at=None)
            )
        ]
        indexes = [
            # read by the task that settles what can no longer be undone
            models.Index(
                fields=["merged_at"],
                name="merge_to_settle",
                condition=Q(undone_at=None, settled_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} > {self.kept_id}"

    @property
    def kept_as_it_was(self) -> str:
        """The kept record's name before it took the other's values."""
        names = ("family_name", "given_name")
        said = {name: self.before.get(name, getattr(self.kept, name)) for name in names}
        return Citizen(**said).list_name

    @property
    def undo_until(self) -> datetime:
        """The last moment at which it can be undone."""
        return self.merged_at + UNDO_FOR
