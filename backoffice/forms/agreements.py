"""What a department owes for a prestation, as an administrator sets it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from prestations.agreements import Agreement


def _days(label, help_text="") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=365, help_text=help_text
    )


class AgreementForm(forms.Form):
    """Delays in working days; what is left empty stays that of the contract, or is not watched."""

    def __init__(self, *args, contract: Agreement, **kwargs):
        super().__init__(*args, **kwargs)
        if contract.take_days:
            of_contract = _("Vide : le délai du contrat, %(days)d.")
            self.fields["take_days"].help_text = of_contract % {"days": contract.take_days}
        own = _("Vide : le délai du contrat, ou du service, %(days)d.")
        self.fields["treat_days"].help_text = own % {"days": contract.treat_days}

    take_days = _days(_("Prise en charge par le service, en jours ouvrés"))
    first_answer_days = _days(
        _("Première réponse au citoyen, en jours ouvrés"),
        _("Depuis l’arrivée : une question, une demande de pièces, un message ou la réponse."),
    )
    treat_days = _days(_("Retour du service à l’accueil, en jours ouvrés"))
