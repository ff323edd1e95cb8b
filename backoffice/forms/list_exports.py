"""In which kind of file a list is exported, with which of its columns, and with answers or not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.enums import SheetFormat

EVERY_COLUMN = "toutes"


class ListExportForm(forms.Form):
    """The list itself stands in the address.

    Args:
        may_have_answers: whether it is of one prestation, whose answers the reader may read.
    """

    columns = forms.ChoiceField(
        label=_("Colonnes du fichier"),
        choices=[("", _("Celles de la liste")), (EVERY_COLUMN, _("Toutes les colonnes"))],
        required=False,
        widget=forms.RadioSelect,
    )
    answers = forms.BooleanField(
        label=_("Avec les réponses du formulaire"),
        required=False,
        help_text=_(
            "Une colonne par question, après celles de la liste ; les fichiers joints n’y sont "
            "pas. Ce que les demandeurs vous ont confié part alors dans le fichier : ne le prenez "
            "que s’il sert à traiter ces demandes."
        ),
    )
    format = forms.ChoiceField(
        label=_("Format du fichier"),
        choices=SheetFormat.choices,
        initial=SheetFormat.XLSX,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, may_have_answers: bool, **kwargs: Any) -> None:
        self.may_have_answers = may_have_answers
        super().__init__(*args, **kwargs)

    def clean_answers(self) -> bool:
        asked: bool = self.cleaned_data["answers"]
        if asked and not self.may_have_answers:
            raise forms.ValidationError(
                _("Les réponses ne s’exportent que d’une liste d’une seule téléprocédure.")
            )
        return asked
