"""The choice of site and post at the start of a session."""

from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.choices import offer_rows
from prestations.models import PostType, Site


class PostForm(forms.Form):
    """Site and kind of post, both shown as buttons to choose from."""

    site = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    post_type = forms.ModelChoiceField(
        label=_("Poste"),
        queryset=PostType.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "site", Site.objects.filter(is_active=True))
        offer_rows(self, "post_type", PostType.objects.filter(is_active=True))
