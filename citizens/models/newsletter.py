"""Newsletters: the lists, who receives them, and what was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from citizens.models.person import Citizen
from citizens.querysets import SubscriptionQuerySet


class Newsletter(models.Model):
    """A list that people may join, such as « Travaux et circulation ».

    A setting like another (`backoffice.configured.newsletters`): of those in use each has its name.

    Attributes:
        is_active: offered; one withdrawn keeps its readers.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True, help_text="never changes")
    label = models.CharField(_("nom"), max_length=120)
    label_en = models.CharField(_("nom en anglais"), max_length=120, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    description_en = models.CharField(_("description en anglais"), max_length=300, blank=True)
    order = models.PositiveIntegerField(_("place dans la liste"), default=0)
    is_active = models.BooleanField(_("proposée"), default=True)

    class Meta:
        verbose_name = _("lettre d’information")
        ordering = ["order", "label"]

    def __str__(self) -> str:
        return self.shown_label

    @property
    def shown_label(self) -> str:
        """Its name in the language of the page or mail; in French while it has no other."""
        return self.label if _in_french() else self.label_en or self.label

    @property
    def shown_description(self) -> str:
        """What it contains, in the same way."""
        return self.description if _in_french() else self.description_en or self.description


def _in_french() -> bool:
    return (get_language() or "fr").startswith("fr")


class Subscription(models.Model):
    """An address on a list: asked for, then confirmed by the link mailed to it; deleted on leaving.

    `citizen` is set when it was asked for from an account.
    """

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.CASCADE, related_name="subscriptions"
    )
    email = models.EmailField(max_length=254)
    citizen = models.ForeignKey(
        Citizen, null=True, on_delete=models.CASCADE, related_name="subscriptions"
    )
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("abonnement")
        constraints = [
            models.UniqueConstraint(
                fields=["newsletter", "email"], name="one_subscription_per_address"
            )
        ]
        indexes = [
            # read in batches by the sending of an issue
            models.Index(
                fields=["newsletter", "id"],
                name="subscription_confirmed",
                condition=Q(confirmed_at__isnull=False),
            ),
            # what an address receives: the account's page, and the end of a consent
            models.Index(fields=["email"], name="subscription_of_address"),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Issue(models.Model):
    """One number of a newsletter: written, read again, sent once."""

    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="issues")
    subject = models.CharField(_("objet"), max_length=150)
    body = models.TextField(_("texte"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recipients = models.PositiveIntegerField(default=0, help_text="mails queued so far")

    class Meta:
        verbose_name = _("numéro d’une lettre")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject
