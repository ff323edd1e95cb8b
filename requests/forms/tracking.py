"""The forms of the tracking pages."""

from typing import cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from massy_grc.common.text import as_sentence
from massy_grc.common.typed import TextField
from prestations.translation import catalogue_text
from requests.enums import RatingScore
from requests.models import PieceRequest
from requests.references import parse_reference
from requests.uploads import HELP, ManyUploadsField, UploadField

MESSAGE_LENGTH = 5000


class LookupForm(forms.Form):
    """A reference and what only its requester knows."""

    reference = forms.CharField(
        label=_("Référence de la demande"),
        help_text=_("Elle ressemble à 2026-004512-7. Les tirets sont facultatifs."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    secret = forms.CharField(
        label=_("Adresse électronique ou code de suivi"),
        help_text=_(
            "L’adresse que vous avez donnée avec la demande. Sans adresse : le code à huit "
            "chiffres remis avec la référence."
        ),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_reference(self) -> str:
        """Return the reference as we write it; a slip of the finger is found by its last digit."""
        reference = parse_reference(self.cleaned_data["reference"])
        if reference is None:
            raise forms.ValidationError(
                _(
                    "Cette référence comporte une erreur de frappe. Recopiez ses onze chiffres "
                    "depuis votre récépissé ou votre courriel."
                )
            )
        return reference


class SendLinkForm(LookupForm):
    """A reference and the address to which its link goes."""

    secret = forms.EmailField(
        label=_("Adresse électronique"),
        help_text=_("L’adresse que vous avez donnée avec la demande."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class MessageForm(forms.Form):
    """A message of the requester about the request."""

    body = TextField(
        label=_("Votre message"),
        max_length=MESSAGE_LENGTH,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    file = UploadField(label=_("Document à joindre"), required=False)

    def __init__(self, *args, label=None, **kwargs):
        super().__init__(*args, **kwargs)
        if label:
            self.fields["body"].label = label


class RatingForm(forms.Form):
    """What the requester thinks, after the closing.

    Args:
        ask_solved: whether the matter may be settled at all (not after a refusal).
        reopens: whether « no » opens the request again, and so must say why.
    """

    solved = forms.TypedChoiceField(
        label=_("Votre demande est-elle réglée ?"),
        choices=[("oui", _("Oui")), ("non", _("Non"))],
        coerce=lambda answer: answer == "oui",
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites si votre demande est réglée.")},
    )
    score = forms.TypedChoiceField(
        label=_("Comment la mairie a-t-elle traité votre demande ?"),
        choices=RatingScore.choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    comment = TextField(
        label=_("Votre commentaire"),
        required=False,
        max_length=1000,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, ask_solved: bool, reopens: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.reopens = reopens
        if not ask_solved:
            del self.fields["solved"]
            return
        self.fields["score"].help_text = _("Facultatif si ce n’est pas réglé.")
        if reopens:
            self.fields["comment"].help_text = _(
                "Si ce n’est pas réglé, dites pourquoi : nous reprenons votre demande."
            )

    def clean(self) -> dict:
        """« Not settled » needs no score; it opens the request again: its agents must know why."""
        cleaned = super().clean() or {}
        if cleaned.get("solved") is False and self.has_error("score", "required"):
            del self.errors["score"]
            cleaned["score"] = None
        if self.reopens and cleaned.get("solved") is False and not cleaned.get("comment"):
            self.add_error("comment", _("Dites ce qui n’est pas réglé."))
        return cleaned


class ReopenForm(forms.Form):
    """Why the matter is not settled, or what is contested."""

    reason = TextField(
        label=_("Dites-nous pourquoi"),
        help_text=_("Une ou deux phrases suffisent."),
        max_length=1000,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class PiecesForm(forms.Form):
    """Files for each piece asked for; what is not there yet can come later.

    Args:
        pieces: the pieces still missing.
    """

    def __init__(self, *args, pieces: list[PieceRequest], **kwargs):
        super().__init__(*args, **kwargs)
        self.pieces = pieces
        for piece in pieces:
            help_text = " ".join(filter(None, [as_sentence(piece.reason), str(HELP)]))
            label = catalogue_text(piece.label)
            self.fields[f"piece_{piece.pk}"] = ManyUploadsField(label=label, help_text=help_text)

    def clean(self) -> dict:
        """Accept what can be kept; it is an error only when nothing can."""
        cleaned = super().clean() or {}
        if any(cleaned.values()):
            self.errors.clear()
        return cleaned

    def files_by_piece(self) -> list[tuple[PieceRequest, list[UploadedFile]]]:
        """Return the pieces that came, each with its files."""
        given = ((piece, self.cleaned_data.get(f"piece_{piece.pk}")) for piece in self.pieces)
        return [(piece, files) for piece, files in given if files]

    def refusals(self) -> list[str]:
        """Why some of the files were not kept, in words for their sender."""
        fields = cast("dict[str, ManyUploadsField]", self.fields)
        return [refusal for field in fields.values() for refusal in field.refusals]
