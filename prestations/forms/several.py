"""A question that takes several answers, ticked among those it proposes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

NOT_PROPOSED = _("Choisissez une des réponses proposées.")


class SeveralField(forms.MultipleChoiceField):
    """Boxes under one question, at least `least` and at most `most` of them ticked; 0: any number.

    One that is not mandatory may stay blank whatever `least` says. Its answers come in the order
    of the choices, each once.
    """

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": NOT_PROPOSED, "invalid_list": NOT_PROPOSED}

    def __init__(self, *, choices: Sequence[tuple[str, str]], least: int, most: int, **kwargs: Any):
        self.proposed = [value for value, _label in choices]
        self.least, self.most = least, most
        super().__init__(choices=choices, **kwargs)
        self.error_messages["required"] = self._too_few(max(1, least))

    def to_python(self, value: Any) -> list[str]:
        given = set(super().to_python(value))
        ordered = [one for one in self.proposed if one in given]
        return [*ordered, *given.difference(ordered)]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if value and len(value) < self.least:
            raise ValidationError(self._too_few(self.least), code="too_few")
        if self.most and len(value) > self.most:
            raise ValidationError(self._too_many(), code="too_many")

    def _too_few(self, least: int) -> str:
        words = ngettext(
            "Choisissez au moins une réponse à « %(label)s »",
            "Choisissez au moins %(number)d réponses à « %(label)s »",
            least,
        )
        return words % {"number": least, "label": self.label}

    def _too_many(self) -> str:
        words = ngettext(
            "Choisissez une seule réponse à « %(label)s »",
            "Choisissez au plus %(number)d réponses à « %(label)s »",
            self.most,
        )
        return words % {"number": self.most, "label": self.label}


def several_words(least: int, most: int) -> str:
    """Say how many answers may be ticked: « Plusieurs réponses possibles, 3 au plus. »."""
    if 0 < most < least:  # while it is being written
        return gettext("Plusieurs réponses possibles.")
    told = {"least": least, "most": most}
    if least > 1 and least == most:
        return gettext("Choisissez %(least)d réponses.") % told
    if least > 1 and most:
        return gettext("Choisissez de %(least)d à %(most)d réponses.") % told
    if least > 1:
        return gettext("Choisissez au moins %(least)d réponses.") % told
    if most:
        return gettext("Plusieurs réponses possibles, %(most)d au plus.") % told
    return gettext("Plusieurs réponses possibles.")
