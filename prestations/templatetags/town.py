"""The town's own data in texts written without a page: mails of other applications."""

from django import template

from massy_grc.common.words import phone_words
from prestations.context_processors import current_town

register = template.Library()


@register.simple_tag
def town_phone() -> str:
    """Return the town's single number, as read aloud; empty before the first load."""
    town = current_town()
    return phone_words(town.phone) if town else ""
