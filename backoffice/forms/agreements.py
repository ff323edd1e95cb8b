"""What a department owes for a prestation, as an administrator sets it."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _days(label, help_text="") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=365, help_text=help_text
    )


class AgreementForm(forms.Form):
    """Delays in working days; what is left empty is not watched, or stays that of the contract."""

    take_days = _days(_("Prise en charge par le service, en jours ouvrés"))
    first_answer_days = _days(
        _("Première réponse au citoyen, en jours ouvrés"),
        _("Depuis l’arrivée : une question, une demande de pièces, un message ou la réponse."),
    )
    treat_days = _days(
        _("Retour du service à l’accueil, en jours ouvrés"),
        _("Vide : le délai du contrat, ou du service."),
    )
