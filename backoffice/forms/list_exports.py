"""In which kind of file a list is exported, and with which of its columns."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.enums import SheetFormat

EVERY_COLUMN = "toutes"


class ListExportForm(forms.Form):
    """Two choices; the list itself stands in the address."""

    columns = forms.ChoiceField(
        label=_("Colonnes du fichier"),
        choices=[("", _("Celles de la liste")), (EVERY_COLUMN, _("Toutes les colonnes"))],
        required=False,
        widget=forms.RadioSelect,
    )
    format = forms.ChoiceField(
        label=_("Format du fichier"),
        choices=SheetFormat.choices,
        initial=SheetFormat.XLSX,
        widget=forms.RadioSelect,
    )
