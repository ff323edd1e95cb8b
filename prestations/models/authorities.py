"""The other administrations to which the town sends on what is theirs (L5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from prestations.models.organisation import Coded


class Authority(Coded):
    """An administration that answers in the town's place, and where to write to it."""

    address = models.CharField(_("adresse"), max_length=250)
    email = models.EmailField(blank=True, help_text="blank: a letter on paper")

    class Meta(Coded.Meta):
        verbose_name_plural = "authorities"
