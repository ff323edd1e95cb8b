"""What a department owes for a prestation, as an administrator sets it."""

from django import forms
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.forms.routing import CheckedRows
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from prestations.agreements import Agreement
from prestations.enums import ContractSection
from prestations.models import Department, Prestation, ServiceContract


def _days(label, help_text="") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=365, help_text=help_text
    )


def _section(section: ContractSection) -> TextField:
    return TextField(
        multiline=True,
        label=section.label,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _empty(section)},
    )


def _empty(section: ContractSection):
    return format_lazy("{} « {} ».", _("Cette section du contrat est vide :"), section.label)


class ContractAnswerForm(forms.Form):
    """What the department's head says of a contract that they refuse."""

    why = TextField(
        label=_("Ce qui ne convient pas"),
        max_length=500,
        required=False,
        help_text=_("À dire pour refuser ; l’accord n’en a pas besoin."),
    )


class ContractForm(forms.Form):
    """The five sections of the contract with a department."""

    prestations = CheckedRows(
        label=ContractSection.PRESTATIONS.label,
        queryset=Prestation.objects.none(),
        error_messages={"required": _empty(ContractSection.PRESTATIONS)},
    )
    information = _section(ContractSection.INFORMATION)
    take_days = _days(_("Prise en charge par le service, en jours ouvrés"))
    treat_days = _days(_("Retour du service à l’accueil, en jours ouvrés"))
    on_time_percent = forms.IntegerField(
        label=_("Part tenue dans ces délais, en %"),
        min_value=1,
        max_value=100,
        help_text=_("Sur 90 jours. La page du contrat montre à côté ce qui a été mesuré."),
    )
    resources = _section(ContractSection.RESOURCES)
    evaluation = _section(ContractSection.EVALUATION)

    def __init__(self, *args, department: Department, contract: ServiceContract | None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("take_days", "treat_days", "on_time_percent"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _empty(ContractSection.PERFORMANCE)
        known = contract.prestations if contract else []
        offered = Prestation.objects.offered()
        own = offered.filter(Q(expert_department=department) | Q(pk__in=known))
        offer_rows(self, "prestations", own if own.exists() else offered)


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
