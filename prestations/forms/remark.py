"""What a reader of the portal finds out of date in an article."""

from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.typed import TextField


class RemarkForm(forms.Form):
    """A few words, without a name."""

    text = TextField(
        label=_("Qu’est-ce qui n’est pas à jour ?"),
        multiline=True,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("N’écrivez rien sur vous : votre nom n’est pas demandé."),
    )
