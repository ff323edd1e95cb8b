"""`{% load privacy %}`: what becomes of the data, told where it is asked for."""

from django import template

from prestations.models import Prestation
from prestations.privacy import notice_of

register = template.Library()


@register.inclusion_tag("prestations/includes/privacy_notice.html")
def privacy_notice(*, prestation: Prestation) -> dict:
    """`{% privacy_notice prestation=prestation %}`: purpose, basis, recipients, terms, rights."""
    return {"notice": notice_of(prestation), "prestation": prestation}
