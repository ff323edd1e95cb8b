"""Internal mail to the administrators about a routing rule that switched itself off."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from massy_grc.outbox.api import queue_delivery
from requests.models import RoutingRule
from requests.notifications.recipients import administrators
from requests.notifications.sending import GREETING


def tell_rule_off(rule: RoutingRule) -> None:
    """Write to each administrator, once for each time that it switches itself off."""
    with override("fr"):
        why = rule.get_switched_off_why_display()
    page = f"{settings.PUBLIC_URL}{reverse('backoffice:routing_rules')}"
    for one in administrators():
        queue_delivery(
            key=f"routing-rule:{rule.pk}:{rule.version}:{rule.switched_off_at}:{one.pk}",
            to=str(one.email),  # an agent always has one
            subject=f"Règle d'orientation désactivée : {rule.label}",
            body=f"{GREETING}\n\nLa règle « {rule.label} » s'est désactivée d'elle-même."
            f" Raison : {why[0].lower()}{why[1:]}.\n\n"
            "Les demandes suivent désormais les règles suivantes, sinon le catalogue."
            f" Pour la corriger, la rejouer et l'activer de nouveau : {page}",
            about=f"routing_rule:{rule.pk}",
        )
