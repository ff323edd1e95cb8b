"""Stable codes in addresses: typed, or made of the name beside them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from massy_grc.common.text import fold

NEW = "nouvelle"  # the address of the page that makes one


class CodeField(forms.SlugField):
    """A code that never changes; left empty, it is made of the field `source` (`free_code`)."""

    def __init__(self, *, source: str = "label", **kwargs: Any):
        known: dict[str, Any] = {
            "label": _("Code"),
            "max_length": 80,
            "help_text": _(
                "Dans l’adresse de la page : lettres sans accent, chiffres et tirets. Laissez"
                " vide : il est fait du nom. Il ne change plus ensuite."
            ),
        }
        # a script proposes it while the name is typed
        widget = forms.TextInput(attrs={"data-code-of": source, "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **{**known, **kwargs})
        self.source = source

    def clean(self, value):
        return super().clean(value).lower()


def free_code(form: forms.BaseForm, is_taken: Callable[[str], bool], refusal: Any) -> str:
    """Return the code that a form gives, or one made of its name; the next number where taken.

    Raises:
        ValidationError: the code that was typed is taken (`refusal`), or the name makes none.
    """
    field = form.fields["code"]
    assert isinstance(field, CodeField)
    typed = form.cleaned_data["code"]
    if typed:
        if typed == NEW or is_taken(typed):
            raise forms.ValidationError(refusal)
        return typed
    name = form.cleaned_data.get(field.source)
    longest = (field.max_length or 80) - len("-99")
    base = made_of(name or "", longest)
    if name and not base:
        raise forms.ValidationError(_("Écrivez un code : ce nom n’en donne pas."))
    return numbered(base, is_taken) if base else ""


def made_of(name: str, longest: int) -> str:
    """Return a code made of a name; "" when it gives none."""
    return slugify(fold(name).replace("'", " "))[:longest].strip("-_")


def numbered(base: str, is_taken: Callable[[str], bool]) -> str:
    """Return a code that is free: the next number where it is taken."""
    code, number = base, 2
    while code == NEW or is_taken(code):
        code, number = f"{base}-{number}", number + 1
    return code
