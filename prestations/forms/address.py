"""An address as an answer: postal, or a spot in town where a street alone is enough (S39).

The answer is ``{"numero", "voie", "complement", "code_postal", "commune"}``; a part not given is
None. A street number 0 or 99999 means "none" in the town's files and becomes None. What the street
register knows comes with it (`prestations.forms.register`).
"""

import json
import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from massy_grc.common.typed import clean_text
from prestations.forms.register import pin_of, read_pin, registered, street_at
from prestations.streets.lookup import active_streets

PARTS = ("numero", "voie", "complement", "code_postal", "commune")
PIN = "position"  # of a spot: where the visitor put the pin on the plan, in a hidden input
LONGEST = {"numero": 10, "voie": 120, "complement": 80, "code_postal": 10, "commune": 60, PIN: 40}
_NO_NUMBER = "99999"  # what the national address base writes for a street without numbers
_NUMBER_FIRST = re.compile(
    r"^(?P<numero>[0-9]{1,4}(?:\s?(?:bis|ter|quater|[a-f])\b)?)\s*,?\s+(?P<voie>\S.*)$", re.I
)
_POSTCODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z -]{1,9}")
_ONE_LINE = re.compile(r"^(?P<street>.+?),?\s+(?P<code_postal>[0-9]{5})\s+(?P<commune>.+)$")

_LABELS = {
    "numero": _("Numéro"),
    "voie": _("Rue ou lieu"),
    "complement": _("Complément : bâtiment, étage, chez…"),
    "code_postal": _("Code postal"),
    "commune": _("Commune, et pays hors de France"),
}
# What the scripts say (static/js/address.js, static/js/plan.js).
SCRIPT_WORDS = {
    "proposed": _("Propositions : %n. Flèches haut et bas pour choisir."),
    "nothing": _("Aucune rue trouvée. Vous pouvez continuer avec ce que vous avez écrit."),
    "list": _("Rues proposées"),
    "open": _("Montrer l’endroit sur le plan"),
    "close": _("Fermer le plan"),
    "remove": _("Retirer le repère"),
    "plan": _("Plan de la ville"),
    "pin": _("Repère"),
    "help": _(
        "Touchez le plan pour poser le repère. Au clavier : allez sur le plan, appuyez sur "
        "Entrée, puis déplacez le repère avec les flèches."
    ),
    "near": _("Repère posé près de : %a."),
    "placed": _("Repère posé. Aucune adresse connue à cet endroit."),
    "outside": _("Le plan ne s’affiche pas. Écrivez la rue ci-dessus : cela suffit."),
    "zoomIn": _("Agrandir"),
    "zoomOut": _("Réduire"),
}
_AUTOCOMPLETE = {
    "voie": "address-line1",
    "complement": "address-line2",
    "code_postal": "postal-code",
    "commune": "address-level2",
}


def split_number(street: str) -> tuple[str | None, str]:
    """Return the number and the street of « 12 bis rue Jean Mermoz »; None without number.

    >>> split_number("0 rue Jean Mermoz")
    (None, 'rue Jean Mermoz')
    """
    found = _NUMBER_FIRST.match(street)
    if not found:
        return None, street
    return clean_number(found["numero"]), found["voie"]


def clean_number(number: str) -> str | None:
    """Return a street number, None for a blank one, for 0 or for 99999."""
    number = number.strip()
    return number if number.strip("0") and number != _NO_NUMBER else None


def parse_address(text: str) -> dict[str, str | None]:
    """Read an address written on one line, to fill a form from a citizen's record."""
    found = _ONE_LINE.match(text.replace("\n", ", ").strip())
    street = found["street"].rstrip(",") if found else text.strip()
    number, street = split_number(street)
    street, _comma, extra = street.partition(", ")
    parts = dict.fromkeys(PARTS)
    parts.update(numero=number, voie=street[: LONGEST["voie"]] or None)
    parts["complement"] = extra[: LONGEST["complement"]] or None
    if found:
        parts.update(code_postal=found["code_postal"], commune=found["commune"])
    return parts


def address_text(value: Any) -> str:
    """Return an address on one line, in postal order; a plain text as it stands."""
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    street = " ".join(value[part] for part in ("numero", "voie") if value.get(part))
    city = " ".join(value[part] for part in ("code_postal", "commune") if value.get(part))
    return ", ".join(part for part in (street, value.get("complement"), city) if part)


class AddressInput(forms.MultiWidget):
    """The inputs of an address, each with its own label.

    The script completes what is typed from the street register. A spot also has the list of the
    streets, which works without script, and the plan, which the script opens.
    """

    template_name = "prestations/forms/address_input.html"
    use_fieldset = True

    class Media:
        css = {"all": ["css/filing.css"]}

    def __init__(self, parts: tuple[str, ...], labels: dict[str, Any], autocomplete: str):
        self.parts = parts
        self.labels = labels
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {}
        for part in parts:
            if part == PIN:
                widgets[part] = forms.HiddenInput()
                continue
            attrs: dict[str, Any] = {"maxlength": LONGEST[part]}
            if autocomplete == "home" and part in _AUTOCOMPLETE:
                attrs["autocomplete"] = _AUTOCOMPLETE[part]
            elif autocomplete == "off":
                attrs["autocomplete"] = "off"
            widgets[part] = forms.TextInput(attrs=attrs)
        super().__init__(widgets)

    def decompress(self, value):
        if not value:
            return [None] * len(self.parts)
        value = parse_address(value) if isinstance(value, str) else dict(value)
        if "numero" not in self.parts and value.get("numero"):
            value["voie"] = f"{value['numero']} {value.get('voie') or ''}".strip()
        value[PIN] = pin_of(value)
        return [value.get(part) for part in self.parts]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        rows = list(zip(self.parts, context["widget"]["subwidgets"], strict=True))
        context["rows"] = [
            {
                "part": part,
                "label": self.labels[part][0],
                "optional": self.labels[part][1],
                "widget": widget,
            }
            for part, widget in rows
            if part != PIN
        ]
        context["suggestions_url"] = reverse("prestations:addresses")
        context["words"] = json.dumps({key: str(text) for key, text in SCRIPT_WORDS.items()})
        if PIN in self.parts:
            context["pin"] = rows[self.parts.index(PIN)][1]
            context["streets"] = active_streets().values_list("name", flat=True)
            street = rows[self.parts.index("voie")][1]
            context["list_id"] = street["attrs"]["list"] = f"{street['attrs'].get('id')}_rues"
            context["tiles"] = settings.MAP_TILES_URL
            context["attribution"] = settings.MAP_ATTRIBUTION
        return context


class AddressField(forms.Field):
    """An address.

    Args:
        spot: a place in town: a street is enough, its number is optional.
        landmark: for a spot, ask for a landmark too (the form has no question for it).
        strict: a postal address needs its postcode and its town (agents may leave them out).
        autocomplete: "home" for the visitor's own address, "off" for an agent's screen, "" else.
    """

    def __init__(self, *, spot=False, landmark=False, strict=True, autocomplete="", **kwargs):
        self.spot = spot
        self.mandatory = ("voie",) if spot or not strict else ("voie", "code_postal", "commune")
        labels = dict(_LABELS)
        if spot:
            parts = ("voie", "numero", *(("complement",) if landmark else ()), PIN)
            labels["complement"] = _("Repère : devant, en face de, entre deux numéros")
        else:
            parts = ("voie", "complement", "code_postal", "commune")
            labels["voie"] = _("Numéro et rue")
        self.parts = parts
        flags = {part: (labels[part], part not in self.mandatory) for part in labels}
        super().__init__(widget=AddressInput(parts, flags, autocomplete), **kwargs)

    def mark_mandatory(self) -> None:
        """Tell scripts and screen readers which parts must be given."""
        for part, widget in zip(self.parts, self.widget.widgets, strict=True):
            if part in self.mandatory:
                widget.attrs["aria-required"] = "true"

    def begun(self, value) -> dict[str, str | None]:
        """What is typed so far of an address that is not whole yet, to be gone on with."""
        typed = self._typed(value)
        return {part: typed.get(part) or None for part in PARTS}

    def _typed(self, value) -> dict[str, str]:
        typed = dict(zip(self.parts, value or (), strict=False))
        return {part: clean_text(text or "") for part, text in typed.items()}

    def clean(self, value):
        typed = self._typed(value)
        if not any(typed.values()):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        pin = read_pin(typed.get(PIN, ""))
        if pin and not typed["voie"]:
            typed["voie"] = street_at(pin)
        errors = [*self._missing(typed), *self._malformed(typed)]
        if errors:
            raise ValidationError(errors)
        address = {part: typed.get(part) or None for part in PARTS}
        if self.spot:
            address["numero"] = clean_number(typed.get("numero", ""))
        if not address["numero"]:
            address["numero"], address["voie"] = split_number(typed["voie"])
        return registered(address, pin)

    def _missing(self, typed: dict[str, str]) -> list[ValidationError]:
        words = {
            "voie": _("Indiquez la rue ou le lieu."),
            "code_postal": _("Indiquez le code postal."),
            "commune": _("Indiquez la commune."),
        }
        return [
            ValidationError(words[part], code="incomplete")
            for part in self.mandatory
            if not typed.get(part)
        ]

    def _malformed(self, typed: dict[str, str]) -> list[ValidationError]:
        errors = [
            ValidationError(
                _("« %(label)s » est trop long : %(limit)d caractères au plus."),
                code="too_long",
                params={"label": _LABELS[part], "limit": LONGEST[part]},
            )
            for part, text in typed.items()
            if len(text) > LONGEST[part]
        ]
        postcode = typed.get("code_postal")
        if postcode and not _POSTCODE.fullmatch(postcode):
            errors.append(
                ValidationError(
                    _("Vérifiez le code postal : cinq chiffres en France."), code="code"
                )
            )
        return errors
