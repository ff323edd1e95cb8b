"""What the demo's data-protection officer finds: approved rules, and a first count of them."""

from datetime import datetime

from massy_grc.users.models import User
from prestations.enums import Holds, Role
from prestations.models import Membership, Processing
from requests import actions
from requests.demo.people import demo_login
from requests.models import RetentionApproval

OFFICE = "protection-donnees"


def make_privacy(now: datetime) -> None:
    """Let the officer work in their department too, approve every rule and count what is due.

    Nothing is erased here: the rules run at night, as in any town.
    """
    officer = User.objects.filter(email=demo_login(Role.DPO)).first()
    if officer is None:
        return
    Membership.objects.get_or_create(user=officer, role=Role.AGENT_EXPERT, department_id=OFFICE)
    waiting = Processing.objects.exclude(holds=Holds.NONE).exclude(
        approvals__in=RetentionApproval.objects.filter(withdrawn_at=None)
    )
    for processing in waiting:
        actions.approve_rule(processing=processing, actor=officer, now=now)
    actions.apply_retention(dry_run=True, now=now)
