"""In which kind of file a list is exported."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.enums import SheetFormat


class ListExportForm(forms.Form):
    """One choice; the list itself stands in the address."""

    format = forms.ChoiceField(
        label=_("Format du fichier"),
        choices=SheetFormat.choices,
        initial=SheetFormat.XLSX,
        widget=forms.RadioSelect,
    )
