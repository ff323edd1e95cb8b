"""What the requester owes: asked for, and noted when it has arrived."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from backoffice.forms.verbs import VerbForm, text_area
from massy_grc.common.choices import offer
from prestations.enums import Channel, SilenceEffect
from prestations.forms import Questionnaire
from prestations.translation import catalogue_text
from requests.blocking import Standing, pieces_of
from requests.enums import PieceFault, PieceReason, UsualPiece
from requests.permissions import Right, scope_of

PIECES_DAYS = 15  # proposed time for the requester to send what is asked
# What the answer changes for the delay of the law (CRPA L114-5), by what silence does.
CLOCK = {
    SilenceEffect.ACCEPTATION: _(
        "S’il manque quelque chose, le délai au bout duquel le silence vaut acceptation repart de "
        "zéro quand tout est là. Si tout est là mais à corriger, il s’arrête puis continue."
    ),
    SilenceEffect.REJET: _(
        "Le délai au bout duquel le silence vaut rejet s’arrête jusqu’à l’arrivée des pièces, et "
        "jusqu’à la date limite au plus."
    ),
    SilenceEffect.NONE: _(
        "Le silence ne décide rien de cette demande : seul le délai annoncé s’arrête."
    ),
}


class AskPiecesForm(VerbForm):
    fault = forms.ChoiceField(
        label=_("Qu’est-ce qui ne va pas ?"),
        choices=PieceFault.choices,
        initial=PieceFault.INCOMPLETE,
        widget=forms.RadioSelect,
    )
    documents = forms.MultipleChoiceField(
        label=_("Pièces de la prestation"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une pièce à demander.")},
    )
    other = forms.CharField(label=_("Autre pièce"), max_length=250, required=False)
    reason = forms.CharField(
        label=_("Motif, en quelques mots"),
        max_length=300,
        required=False,
        help_text=_("Par exemple : la copie est illisible."),
    )
    due_on = forms.DateField(
        label=_("À fournir au plus tard le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def prepare(self) -> None:
        definition = Questionnaire(self.sr.form_version, self.sr.channel).definition
        self.known = {
            **{one.name: one.label for one in definition.documents},
            **{one.code: one.label for one in definition.to_bring},
            **{one.code: one.label for one in definition.later},
        }
        writes = scope_of(self.user).may(Right.FRONT_OFFICE)
        if not writes:  # only the front office has words of its own for the citizen
            with override("fr"):  # the letter's language
                usual = {code: str(label) for code, label in UsualPiece.choices}
            self.known = usual | self.known
            del self.fields["other"]
            self.fields["reason"] = forms.ChoiceField(
                label=_("Motif"), choices=[("", "—"), *PieceReason.choices], required=False
            )
        offer(self, "documents", [(k, catalogue_text(v)) for k, v in self.known.items()])
        if not self.known:
            del self.fields["documents"]
            self.fields["other"].required = True
        elif "other" in self.fields:
            self.fields["documents"].required = not (self["other"].data or "").strip()
            self.fields["documents"].help_text = _("Ou écrivez une autre pièce plus bas.")
        self.fields["fault"].help_text = CLOCK[SilenceEffect(self.sr.silence_effect)]
        self.initial.setdefault("due_on", timezone.localdate() + timedelta(days=PIECES_DAYS))
        self._propose()

    def _propose(self) -> None:
        """What is missing is asked for; what was refused again, each for its own reason."""
        awaited = set(
            self.sr.pieces.filter(received_at=None).values_list("document_code", flat=True)
        )
        pieces = pieces_of(self.sr)
        missing = [
            one.code
            for one in pieces
            if one.standing == Standing.MISSING and one.required and one.code not in awaited
        ]
        self.refused = {one.code: one.reason for one in pieces if one.standing == Standing.REFUSED}
        if proposed := [*self.refused, *missing]:
            self.initial.setdefault("documents", proposed)
        if self.refused and not missing:
            self.initial.setdefault("fault", PieceFault.INCORRECT)
        if len(set(self.refused.values())) == 1:
            self.initial.setdefault("reason", *set(self.refused.values()))
        elif self.refused:
            self.fields["reason"].help_text = _("Vide : le motif noté pour chaque pièce refusée.")

    def pieces(self) -> list[dict]:
        """The chosen pieces as `actions.ask_pieces` takes them.

        The reason is about the pieces that the file holds already, when some of those chosen are:
        nobody can have sent an illegible copy of what they never sent.
        """
        chosen = {code: self.known[code] for code in self.cleaned_data.get("documents") or ()}
        if other := self.cleaned_data.get("other"):
            chosen[""] = other
        held = set(self.sr.attachments.values_list("document_code", flat=True)) & chosen.keys()
        about = (held - {""}) or chosen.keys()
        reason = self.cleaned_data["reason"]
        return [
            {
                "document_code": code,
                "label": label,
                "reason": (reason or self.refused.get(code, "")) if code in about else "",
            }
            for code, label in chosen.items()
        ]


class SupplyForm(VerbForm):
    received_pieces = forms.TypedMultipleChoiceField(
        label=_("Pièces reçues"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    body = text_area(_("Ce que le citoyen a répondu"), rows=4, required=False)
    channel = forms.ChoiceField(label=_("Reçu par"), choices=Channel.choices)

    def prepare(self) -> None:
        missing = [
            (piece.pk, catalogue_text(piece.label))
            for piece in self.sr.pieces.all()
            if piece.received_at is None
        ]
        offer(self, "received_pieces", missing)
        if not missing:
            del self.fields["received_pieces"]
        self.initial.setdefault("channel", Channel.GUICHET)
