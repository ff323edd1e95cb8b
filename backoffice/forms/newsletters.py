"""Forms of newsletters: a list, and an issue of one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from citizens.models import Newsletter
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField


class NewsletterForm(forms.ModelForm):
    """A list: its name, what it tells, and whether it is offered."""

    label = TextField(label=_("Nom"), max_length=120)
    description = TextField(label=_("Ce qu’elle contient, en une phrase"), max_length=300)
    label_en = TextField(
        label=_("Nom en anglais"),
        max_length=120,
        required=False,
        help_text=_("Pour les pages en anglais. Sans lui, elles montrent le nom français."),
    )
    description_en = TextField(label=_("La même phrase en anglais"), max_length=300, required=False)
    is_active = forms.BooleanField(label=_("Proposée sur le portail"), required=False, initial=True)

    class Meta:
        model = Newsletter
        fields = ("label", "description", "label_en", "description_en", "is_active")


class IssueForm(forms.Form):
    """An issue: for which list, and its words."""

    newsletter = forms.ModelChoiceField(
        label=_("Lettre"), queryset=Newsletter.objects.none(), empty_label=_("Choisir")
    )
    subject = TextField(label=_("Objet"), max_length=150)
    body = TextField(
        label=_("Texte"),
        multiline=True,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Le lien pour ne plus la recevoir s’ajoute tout seul à la fin."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "newsletter", Newsletter.objects.all())
