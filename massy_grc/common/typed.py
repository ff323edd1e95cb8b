"""Text and numbers as people type them: one rule, one message, whatever the form."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.fr import siret as siret_number

# Embeddings, overrides and isolates: « fdp.exe » could read as « exe.pdf ».
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK = frozenset({"Zs", "Zl", "Zp", "Cf"})
# Letters by their category that show nothing: fillers.
_FILLERS = frozenset("\u3164\u115f\u1160\uffa0\u2800")
_ADDRESS = re.compile(r"://|@|\bwww\.|\b[\w-]{2,}\.[a-z]{2,}\b", re.IGNORECASE)
_RNA = re.compile(r"W[0-9]{9}")


def clean_text(text: str, *, multiline: bool = False) -> str:
    """Return `text` composed (NFC), with plain line ends, trimmed; nothing when nothing shows.

    Raises:
        ValidationError: for control characters (NUL, escape…), for marks that turn the direction
            of reading around, and in a short text for line breaks, which could forge a mail
            header.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text).strip()
    allowed = "\n\t" if multiline else ""
    if any(_is_refused(char) and char not in allowed for char in text):
        raise ValidationError(
            _("Ce texte contient des caractères invisibles. Retapez-le sans copier-coller."),
            code="control",
        )
    # spaces, format marks and fillers show nothing; a character newer than our tables (Cn) may
    shows = any(unicodedata.category(char) not in _BLANK and char not in _FILLERS for char in text)
    return text if shows else ""


def check_no_address(text: str) -> None:
    """Refuse an address of a site or a mailbox in a name: the town's own mails would carry it.

    Raises:
        ValidationError: there is one.
    """
    if _ADDRESS.search(text):
        raise ValidationError(
            _("Écrivez seulement le nom, sans adresse de site ni de messagerie."), code="address"
        )


def _is_refused(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") or char in _TURNING


def clean_siret(text: str) -> str:
    """Return a SIRET as 14 digits: Luhn, with La Poste's exception (L15).

    Raises:
        ValidationError: when it is not a SIRET.
    """
    try:
        return siret_number.validate(text)
    except InvalidNumber:
        raise ValidationError(
            _("Ce numéro SIRET n’existe pas. Vérifiez ses 14 chiffres."), code="siret"
        ) from None


def clean_rna(text: str) -> str:
    """Return an RNA number: W and nine digits (L15).

    Raises:
        ValidationError: when it is not one.
    """
    number = re.sub(r"[\s.-]", "", text).upper()
    if not _RNA.fullmatch(number):
        raise ValidationError(
            _("Ce numéro RNA n’est pas valable. Il commence par W, suivi de neuf chiffres."),
            code="rna",
        )
    return number


class TextField(forms.CharField):
    """Text without control characters; a short one without line breaks."""

    default_error_messages = {
        "max_length": gettext_lazy("Ce texte est trop long : %(limit_value)d caractères au plus."),
    }

    def __init__(self, *, multiline: bool = False, **kwargs):
        self.multiline = multiline
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        return clean_text(super().to_python(value) or "", multiline=self.multiline)


class NameField(TextField):
    """The name of a person: the town's mails to others may carry it, so it holds no address."""

    default_validators = [check_no_address]


class NumberedField(TextField):
    """A number with a check of its own: a SIRET, an RNA number."""

    def __init__(self, *, cleaner, **kwargs):
        self.cleaner = cleaner
        super().__init__(**kwargs)

    def clean(self, value):
        value = super().clean(value)
        return self.cleaner(value) if value else ""
