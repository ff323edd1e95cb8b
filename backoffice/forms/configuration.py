"""What administrators ask of the history of the configuration, and say when they go back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.enums import ImportKind
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from massy_grc.users.models import User
from prestations.configuration import all_kinds
from prestations.models import ConfigurationChange

ALL = ("", _("Tous"))


class HistoryForm(forms.Form):
    """Which changes to show; all fields may be empty."""

    kind = forms.ChoiceField(label=_("Nature"), required=False)
    who = forms.ModelChoiceField(
        label=_("Par"), queryset=User.objects.none(), required=False, empty_label=_("Tous")
    )
    q = TextField(label=_("Objet"), max_length=200, required=False)
    since = forms.DateField(
        label=_("Depuis"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=_("Jusqu’au"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [ALL, *((one.code, one.label) for one in all_kinds())]
        actors = ConfigurationChange.objects.order_by().values("actor").distinct()
        offer_rows(self, "who", User.objects.filter(pk__in=actors))


class ReasonForm(forms.Form):
    """Why a setting is changed."""

    reason = TextField(label=_("Pourquoi"), max_length=500, required=False)


class ImportForm(forms.Form):
    """A file, and what it changes."""

    kind = forms.ChoiceField(label=_("Ce que contient le fichier"), choices=ImportKind.choices)
    file = forms.FileField(label=_("Fichier"), help_text=_("10 Mo au plus."))
