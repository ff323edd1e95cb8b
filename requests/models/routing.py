"""The town's routing rules, and what each would have changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prestations.models import Department, Team
from requests.enums import RuleOff


class RoutingRule(models.Model):
    """Which requests go where (S72). The first that is on and holds decides; then the catalogue.

    Written by `requests.actions`: write_rule, move_rule, replay_rule, switch_on_rule,
    file_rule, take_up_rule. Never deleted: events name it.
    """

    order = models.PositiveIntegerField()
    label = models.CharField(_("nom"), max_length=120)
    conditions = models.JSONField(default=dict, help_text="requests.routing.conditions.Conditions")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_colleague = models.BooleanField(
        default=False, help_text="to whom is trained, present and has least to do"
    )
    version = models.PositiveIntegerField(default=1)
    enabled = models.BooleanField(default=False)
    switched_off_at = models.DateTimeField(null=True, blank=True)
    switched_off_why = models.CharField(max_length=20, choices=RuleOff.choices, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                name="rule_leads_somewhere",
                condition=Q(department__isnull=False)
                | Q(team__isnull=False)
                | Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_filed(self) -> bool:
        """Whether an administrator took it out of force for good."""
        return not self.enabled and self.switched_off_why == RuleOff.FILED


class RoutingReplay(models.Model):
    """A rule played against last month's requests: the last one of each rule.

    Attributes:
        digest: of the rule and those that are on; what was played is what may be switched on.
        differences, earlier: as `requests.routing.replay.Played` has them.
    """

    rule = models.OneToOneField(
        RoutingRule, primary_key=True, on_delete=models.CASCADE, related_name="replay"
    )
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    examined = models.PositiveIntegerField(help_text="requests of the month")
    held = models.PositiveIntegerField(help_text="those that the rule would have decided")
    differences = models.JSONField(default=list)
    earlier = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.rule_id} {self.at}"
