"""Lists that agents keep under a name: filters of the queue, nobody's data."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.querysets import SavedViewQuerySet
from prestations.enums import Role
from prestations.models import Department, Team

NAME_LENGTH = 60


class SavedView(models.Model):
    """A view of the queue with filters, for its owner alone or for one group of colleagues.

    It gives nobody a right: each reads in it what they may read anyway.

    Attributes:
        opens: whether the list of those it is shared with, a role, opens on it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(_("nom"), max_length=NAME_LENGTH)
    query = models.TextField(help_text="as in the address of the list, its names sorted")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    opens = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_saved_view_of_a_name"),
            models.CheckConstraint(
                condition=Q(team=None, department=None)
                | Q(team=None, role="")
                | Q(department=None, role=""),
                name="saved_view_shared_with_one_group",
            ),
            models.CheckConstraint(
                condition=Q(opens=False) | ~Q(role=""), name="saved_view_opens_for_a_role"
            ),
            models.UniqueConstraint(
                fields=["role"], condition=Q(opens=True), name="one_saved_view_opens_for_a_role"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return bool(self.team_id or self.department_id or self.role)
