"""Choosing the letters of a batch, and taking one out of it."""

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from massy_grc.common.choices import offer, offer_rows
from massy_grc.common.typed import TextField
from prestations.models import Site
from prestations.translation import catalogue_text
from requests.models import Document


class BatchForm(forms.Form):
    """Which of the waiting letters to print together."""

    site = forms.ModelChoiceField(
        label=_("Site de la demande"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=_("Tous les sites"),
    )
    kind = forms.ChoiceField(label=_("Courriers"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "site", Site.objects.filter(is_active=True))
        waiting = Document.objects.to_post().order_by().with_kind()
        kinds = waiting.values_list("kind").annotate(count=Count("pk")).order_by("kind")
        named = [(kind, f"{catalogue_text(kind)} ({count})") for kind, count in kinds]
        offer(self, "kind", [("", _("Tous les courriers")), *named])


class TakeOutForm(forms.Form):
    reason = TextField(
        label=_("Pourquoi ce courrier ne part pas avec le lot"),
        max_length=300,
        help_text=_("Il revient dans la liste des courriers à poster."),
    )
