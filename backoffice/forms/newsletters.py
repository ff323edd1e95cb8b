"""Forms of newsletters: a list, and an issue of one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.coded import CodedForm, free_of
from citizens.models import Newsletter
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from prestations.configuration import State


class NewsletterForm(CodedForm):
    """A list: its name, what it tells, and its place among the others."""

    model = Newsletter
    spoken = ()  # its English stands beside it, as whoever reads it by mail needs it
    blamed = "label"

    label = TextField(label=_("Nom"), max_length=120)
    label_en = TextField(
        label=_("Nom en anglais"),
        max_length=120,
        required=False,
        help_text=_("Pour les pages en anglais. Sans lui, elles montrent le nom français."),
    )
    description = TextField(label=_("Ce qu’elle contient, en une phrase"), max_length=300)
    description_en = TextField(label=_("La même phrase en anglais"), max_length=300, required=False)

    def identity(self) -> State:
        reserved = "numeros"  # the address of the page that writes an issue
        codes = {reserved, *Newsletter.objects.values_list("code", flat=True)}
        return {"code": free_of(codes, self.named(), "lettre")}

    def own(self) -> State:
        names = ("label_en", "description", "description_en")
        return {name: self.cleaned_data[name] for name in names}


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
