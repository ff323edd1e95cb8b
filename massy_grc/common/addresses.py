"""E-mail addresses as they are compared and kept."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADDRESS_LENGTH = 254  # RFC 5321, 4.5.3.1.3
LOCAL_PART_LENGTH = 64  # RFC 5321, 4.5.3.1.1: what stands before the @
_TOO_LONG = _("Cette adresse est trop longue.")


def ascii_domain(text: str) -> str:
    """Return an address with its domain in ASCII; as it is when it has none that can be.

    Whoever reads « xn--pris-53d.example » does not take it for « paris.example », as they would
    with a Cyrillic « а » in it.
    """
    name, at, domain = text.strip().rpartition("@")
    try:
        return f"{name}{at}{domain.encode('idna').decode('ascii')}" if domain else text
    except UnicodeError:
        return text


def local_part_fits(address: str) -> None:
    """Raise ValidationError when what stands before the @ is too long for a mail server.

    Or when it is an encoded word (RFC 2047), in which a mail program would read another name.
    """
    local = address.rpartition("@")[0]
    if len(local) > LOCAL_PART_LENGTH:
        raise ValidationError(_TOO_LONG)
    if local.startswith("=?"):
        raise ValidationError(_("Cette adresse n’existe pas sous cette forme."))


def check_letters(typed: str, address: str) -> None:
    """Raise ValidationError when an address was typed in letters easily taken for others.

    « а » of the Cyrillic alphabet makes another domain, of another owner. Whoever means it types
    the domain as mail servers know it, which the error tells.

    Args:
        typed: the address as it was typed.
        address: the same with its domain in ASCII.
    """
    odd = [char for char in dict.fromkeys(typed.strip()) if not char.isascii()]
    if odd and "xn--" in address:
        words = _(
            "Dans cette adresse, « %(letter)s » (%(alphabet)s) se prend pour une autre lettre. "
            "Retapez-la ; si elle s’écrit vraiment ainsi, tapez %(address)s."
        )
        told = {"letter": odd[0], "alphabet": _alphabet(odd[0]), "address": address}
        raise ValidationError(words, code="look-alike", params=told)


def normalise_email(text: str) -> str:
    """Return an address in the one form in which it is kept and looked up.

    Small letters, and the domain in its ASCII form.

    Raises:
        ValidationError: for what is no address, has other than ASCII letters before the @, or
            look-alike letters behind it (`check_letters`).
    """
    name, at, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValidationError(_("Cette adresse n’existe pas sous cette forme.")) from error
    address = f"{name}{at}{domain}".lower()
    if not address.isascii():
        raise ValidationError(_("Écrivez l’adresse sans accent ni lettre d’un autre alphabet."))
    check_letters(text, address)
    validate_email(address)
    if len(address) > ADDRESS_LENGTH:
        raise ValidationError(_TOO_LONG)
    local_part_fits(address)
    return address


ALPHABETS = {
    "LATIN": _("alphabet latin, avec un signe en plus"),
    "CYRILLIC": _("alphabet cyrillique"),
    "GREEK": _("alphabet grec"),
    "ARMENIAN": _("alphabet arménien"),
    "ARABIC": _("alphabet arabe"),
    "HEBREW": _("alphabet hébreu"),
    "CJK": _("caractère chinois"),
}


def _alphabet(char: str) -> str | Promise:
    return ALPHABETS.get(unicodedata.name(char, "").split(" ", 1)[0], _("autre alphabet"))


class AddressField(forms.EmailField):
    """An e-mail address, cleaned by `normalise_email`.

    Args:
        autocomplete: "off" for somebody else's address (RGAA 11.13 is about one's own).
    """

    default_validators: list = []  # `normalise_email` checks, after it has made the domain ASCII

    def __init__(self, *, autocomplete: str = "email", **kwargs):
        kwargs.setdefault("label", _("Adresse électronique"))
        super().__init__(max_length=None, **kwargs)
        self.widget.attrs.update(autocomplete=autocomplete, spellcheck="false", maxlength=320)

    def to_python(self, value):
        text = super().to_python(value)
        return normalise_email(text) if text else text
