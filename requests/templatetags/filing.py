"""What the portal's pages say of requests begun and not sent."""

from typing import Any

from django import template

from prestations.models import Prestation
from requests import actions
from requests.drafts import resume_url, unfiled_drafts

register = template.Library()
MOST = 3  # on one page


@register.simple_tag
def draft_days() -> dict[str, int]:
    """How many days a form begun is kept, without and with an account."""
    return {
        "without_account": actions.DRAFT_LIFE.days,
        "with_account": actions.ACCOUNT_DRAFT_LIFE.days,
    }


@register.inclusion_tag("requests/filing_begun.html", takes_context=True)
def begun_requests(context: template.Context, prestation: Prestation | None = None) -> dict:
    """« Reprendre votre demande de … »; nothing when this browser began none.

    Args:
        prestation: only those of this one, on its own page.
    """
    drafts = unfiled_drafts(context["request"], prestation)[:MOST]
    begun: list[dict[str, Any]] = [
        {"prestation": draft.prestation, "url": resume_url(draft)} for draft in drafts
    ]
    return {"begun": begun}
