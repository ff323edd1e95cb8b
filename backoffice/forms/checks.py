"""Forms of what an agent makes sure of: documents, identity, fee, hand-over, override."""

import json
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import VerbForm, text_area
from massy_grc.common.choices import offer
from prestations.enums import Check, PaymentMethod
from prestations.translation import catalogue_text
from requests import actions
from requests.blocking import (
    SIGNATURE_SIZE,
    Piece,
    Standing,
    fee_of,
    identity_of,
    obstacles,
    pieces_of,
)
from requests.enums import IdentityProof, PieceReason, Verb

ACCEPTED = "ok"
REFUSALS = [(one.value, one.label) for one in PieceReason if one != PieceReason.MISSING]
STANDING_WORDS = {
    Standing.MISSING: _("Pas encore reçue"),
    Standing.TO_CHECK: _("Reçue, à vérifier"),
}


class SignatureInput(forms.HiddenInput):
    """A frame to draw in; its strokes go into a hidden field. It needs JavaScript."""

    template_name = "backoffice/signature_input.html"
    input_type = "hidden"

    @property
    def is_hidden(self) -> bool:
        return False

    def get_context(self, name, value, attrs):
        width, height = SIGNATURE_SIZE
        return super().get_context(name, value, attrs) | {"width": width, "height": height}


class FindingsForm(VerbForm):
    """What may be made sure of on this request: its documents, the identity, the fee."""

    shows_optional = False

    def prepare(self) -> None:
        checks = self.sr.prestation.checks
        self.pieces = {f"piece_{one.code}": one for one in self.shown_pieces()}
        for name, piece in self.pieces.items():
            self.fields[name] = self.piece_field(piece)
        if Check.IDENTITY in checks and self.asks_identity():
            self.fields["proof"] = _proof_field()
        if Check.FEE in checks and fee_of(self.sr) is None:
            self._add_fee()

    def shown_pieces(self) -> list[Piece]:
        return pieces_of(self.sr)

    def piece_field(self, piece: Piece) -> forms.Field:
        """One list for a document: accepted, or refused and why."""
        undone = STANDING_WORDS.get(piece.standing)
        refused = [(value, _("Refusée : %(why)s") % {"why": why}) for value, why in REFUSALS]
        choices = [(ACCEPTED, _("Vue et acceptée")), (_("Refusée, à redemander"), refused)]
        return forms.ChoiceField(
            label=catalogue_text(piece.label),
            choices=[("", undone), *choices] if undone else choices,
            required=False,
            initial=ACCEPTED if piece.standing == Standing.ACCEPTED else piece.reason,
        )

    def asks_identity(self) -> bool:
        return identity_of(self.sr) is None

    def _add_fee(self) -> None:
        methods = self.sr.prestation.fee.get("payment", [])
        choices = [(one, PaymentMethod(one).label) for one in methods]
        self.fields["amount"] = forms.DecimalField(
            label=_("Montant payé, en euros"),
            required=False,
            min_value=Decimal(0),
            max_digits=8,
            decimal_places=2,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )
        self.fields["method"] = forms.ChoiceField(
            label=_("Moyen de paiement"), choices=[("", "—"), *choices], required=False
        )
        self.fields["receipt"] = forms.CharField(
            label=_("Numéro du reçu"), max_length=40, required=False
        )

    def clean(self):
        """A payment is noted whole or not at all."""
        cleaned = super().clean() or {}
        given = [cleaned.get(name) not in (None, "") for name in ("amount", "method", "receipt")]
        if any(given) and not all(given) and not self.errors:
            self.add_error(
                "receipt", _("Notez le montant, le moyen de paiement et le numéro du reçu.")
            )
        return cleaned

    def findings(self) -> dict:
        """What the agent made sure of, as the actions take it."""
        data = self.cleaned_data
        fee = None
        if data.get("receipt"):
            fee = actions.Fee(data["amount"], data["method"], data["receipt"])
        return {"pieces": self.judged(), "proof": data.get("proof", ""), "fee": fee}

    def judged(self) -> dict[str, str]:
        """By document code, "" when it is accepted, else why it is refused."""
        chosen = {one.code: self.cleaned_data[name] for name, one in self.pieces.items()}
        return {code: "" if value == ACCEPTED else value for code, value in chosen.items() if value}


class CheckForm(FindingsForm):
    """The whole file on one page."""


class HandOverForm(FindingsForm):
    """What is left to make sure of when the document is given: boxes to tick, then a signature."""

    def prepare(self) -> None:
        super().prepare()
        if Check.SIGNATURE not in self.sr.prestation.checks:
            return
        self.fields["collected_by"] = forms.CharField(
            label=_("Qui retire le document"), max_length=150
        )
        self.initial.setdefault("collected_by", self.sr.requester_name)
        self.fields["proof"] = _proof_field(required=True)
        self.fields["strokes"] = forms.CharField(
            label=_("Signature"), required=False, max_length=60_000, widget=SignatureInput
        )
        self.fields["initials"] = forms.CharField(
            label=_("Initiales de qui retire, si la personne ne signe pas à l’écran"),
            max_length=10,
            required=False,
        )
        others = [name for name in self.fields if name not in ("strokes", "initials")]
        self.order_fields([*others, "strokes", "initials"])

    def shown_pieces(self) -> list[Piece]:
        undone = [one for one in super().shown_pieces() if one.standing != Standing.ACCEPTED]
        return [one for one in undone if one.required]

    def piece_field(self, piece: Piece) -> forms.Field:
        label = _("Vue et acceptée : %(piece)s") % {"piece": catalogue_text(piece.label)}
        return forms.BooleanField(label=label, required=False)

    def judged(self) -> dict[str, str]:
        return {one.code: "" for name, one in self.pieces.items() if self.cleaned_data[name]}

    def clean_strokes(self) -> list:
        try:
            return json.loads(self.cleaned_data["strokes"] or "[]")
        except (ValueError, RecursionError):
            return []

    def clean(self):
        cleaned = super().clean()
        if "initials" in self.fields and not cleaned.get("strokes") and not cleaned.get("initials"):
            self.add_error(
                "initials", _("Faites signer, ou tapez les initiales de qui retire le document.")
            )
        return cleaned

    def handing(self) -> dict:
        """The whole hand-over, as the action takes it."""
        signed = ("collected_by", "strokes", "initials")
        given = {name: self.cleaned_data[name] for name in signed if name in self.fields}
        return {**self.findings(), **given}


class OverrideForm(VerbForm):
    lifted = forms.MultipleChoiceField(
        label=_("Ce que vous laissez passer"), widget=forms.CheckboxSelectMultiple
    )
    reason = text_area(
        _("Pourquoi"), rows=4, help_text=_("Gardé avec votre nom, et montré au fil de la demande.")
    )

    def prepare(self) -> None:
        found = obstacles(self.sr, Verb.CLOSE)
        offer(self, "lifted", [(one.key, one.words) for one in found])


def _proof_field(*, required: bool = False) -> forms.ChoiceField:
    empty = ("", _("Choisir") if required else _("Pas encore vue"))
    return forms.ChoiceField(
        label=_("Pièce d’identité vue"), choices=[empty, *IdentityProof.choices], required=required
    )
