"""Campaigns."""

from datetime import date, timedelta

from django.utils import timezone

from massy_grc.users.models import User
from prestations.actions import write_campaign
from prestations.enums import Role
from prestations.models import Campaign
from tests.factories.users import AgentFactory


def make_campaign(
    *,
    code: str = "campagne",
    first_day: date | timedelta = timedelta(days=-10),
    last_day: date | timedelta = timedelta(days=10),
    actor: User | None = None,
    **fields,
) -> Campaign:
    """Return a campaign; days may be told from today on."""
    today = timezone.localdate()
    days = [today + one if isinstance(one, timedelta) else one for one in (first_day, last_day)]
    values = {"name": "Une campagne", "text": "Ce qu’elle dit.", "channels": ["poster"], **fields}
    return write_campaign(
        actor=actor or AgentFactory(role=Role.ADMINISTRATEUR),
        code=code,
        first_day=days[0],
        last_day=days[1],
        **values,
    )
