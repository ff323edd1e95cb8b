"""What a prestation costs, as an administrator writes it."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.routing import lines_of
from massy_grc.common.choices import show_when
from massy_grc.common.typed import TextField
from prestations.editing.items import NOT_KEPT
from prestations.enums import PaidTo, PaymentMethod

LABEL, UNIT, TEXT = 250, 80, 2000


class FeeForm(forms.Form):
    """Free, or with its prices, to whom and how they are paid."""

    keep_selects = True

    is_free = forms.BooleanField(label=_("Gratuite"), required=False)
    prices = TextField(
        label=_("Prix"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Un par ligne : ce qu’on paie | montant en euros | unité. Sans montant unique,"
            " laissez-le vide : « Carte | 15,50 | an », « Repas | | selon le quotient »."
        ),
    )
    paid_to = forms.ChoiceField(
        label=_("À qui on paie"), choices=[("", "–"), *PaidTo.choices], required=False
    )
    payment = forms.MultipleChoiceField(
        label=_("Comment payer"),
        choices=PaymentMethod.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, fee: dict[str, Any]):
        self.before = fee
        lines = [_line(one) for one in fee.get("items", ())]
        initial = {
            "is_free": fee.get("free", True),
            "prices": "\n".join(lines),
            "paid_to": fee.get("paid_to") or "",
            "payment": fee.get("payment", []),
        }
        super().__init__(data, prefix="tarif", initial=initial)
        for name in ("prices", "paid_to", "payment"):
            show_when(self.fields[name], self.add_prefix("is_free"), "equals", value=False)

    def clean_prices(self) -> list[dict[str, Any]]:
        return [_price(line) for line in lines_of(self.cleaned_data["prices"])]

    def fee(self) -> dict[str, Any]:
        """What it costs, as a prestation keeps it."""
        values = self.cleaned_data
        source = self.before.get("source") or NOT_KEPT
        if values["is_free"]:
            nothing: dict[str, Any] = {"free": True, "items": [], "paid_to": None, "payment": []}
            return nothing | {"source": source}
        return {
            "free": False,
            "items": values["prices"],
            "paid_to": values["paid_to"] or None,
            "payment": values["payment"],
            "source": source,
        }


def _line(item: dict[str, Any]) -> str:
    amount = "" if item["amount"] is None else str(item["amount"]).replace(".", ",")
    return f"{item['label']} | {amount} | {item['unit'] or ''}"


def _price(line: str) -> dict[str, Any]:
    """One line of the price list.

    Raises:
        ValidationError: it is not written as it should be.
    """
    label, amount, unit, *more = [*(part.strip() for part in line.split("|")), "", ""][:4]
    if not label or len(label) > LABEL or len(unit) > UNIT or any(more):
        raise forms.ValidationError(_wrong(line))
    if not amount and not unit:  # what the price depends on, at least
        raise forms.ValidationError(_wrong(line))
    if not amount:
        return {"label": label, "amount": None, "unit": unit or None}
    try:
        euros = Decimal(amount.replace(",", ".").replace("€", "").replace("\u00a0", "").strip())
    except InvalidOperation as error:
        raise forms.ValidationError(_wrong(line)) from error
    if not euros.is_finite() or not 0 <= euros < 1_000_000:
        raise forms.ValidationError(_wrong(line))
    number = int(euros) if euros == int(euros) else float(euros)
    return {"label": label, "amount": number, "unit": unit or None}


def _wrong(line: str) -> str:
    return _("Cette ligne n’est pas un prix : « %(line)s ».") % {"line": line[:80]}
