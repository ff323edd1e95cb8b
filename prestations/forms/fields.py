"""The Django field of each question."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from massy_grc.common.addresses import ascii_domain, check_letters, local_part_fits
from massy_grc.common.choices import may_come_later
from massy_grc.common.typed import NameField, NumberedField, TextField, clean_rna, clean_siret
from prestations.enums import Channel, FieldType
from prestations.forms.address import AddressField
from prestations.forms.definition import DOCUMENT, REQUESTER, Question
from prestations.forms.several import NOT_PROPOSED, SeveralField, several_words
from prestations.forms.uploads import UploadField
from prestations.forms.validators import check_date, range_of
from prestations.forms.wording import said

SHORT, LONG = 250, 5000
NAME = 120  # family and given name together fit the requester's name on lists
_ORGANISATION = ("association_nom", "raison_sociale", "administration", "organisme")
_PERSON = ("nom_famille", "nom_usage", "prenom")
AUTOCOMPLETE = {
    "nom_famille": "family-name",
    "prenom": "given-name",
    "email": "email",
    "telephone": "tel",
    **dict.fromkeys(_ORGANISATION, "organization"),
}
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d%m%Y"]
_SPACES = re.compile(r"[ \u00a0\u202f]")
_PAST = ("naissance", "deces", "mariage", "reconnaissance", "faits", "depot")


_NO_ADDRESS = _("Cette adresse n’est pas valable. Écrivez-la ainsi : nom@exemple.fr.")


class WordedEmailField(forms.EmailField):
    """An e-mail address, with an example in its error; its domain in ASCII (`ascii_domain`)."""

    default_validators = [EmailValidator(_NO_ADDRESS), local_part_fits]

    def to_python(self, value):
        typed = super().to_python(value) or ""
        address = ascii_domain(typed)
        if not address.isascii():
            raise ValidationError(_NO_ADDRESS, code="invalid")
        check_letters(typed, address)
        return address


class PlausibleDateField(forms.DateField):
    """A date that can be meant: not in the year 205, no birth tomorrow."""

    default_error_messages = {
        "invalid": _("Cette date n’est pas valable. Écrivez-la ainsi : 31/12/1980."),
    }

    def __init__(self, *, past: bool, **kwargs):
        self.past = past
        super().__init__(input_formats=DATE_FORMATS, **kwargs)

    def validate(self, value):
        super().validate(value)
        if value:
            check_date(value, past=self.past)


class CommaDecimalField(forms.DecimalField):
    """A number as a French keyboard writes it: « 1 234,50 »."""

    default_error_messages = {"invalid": _("Écrivez un nombre, par exemple 12,5.")}

    def to_python(self, value):
        if isinstance(value, str):
            value = _SPACES.sub("", value).replace("€", "").replace(",", ".")
        return super().to_python(value)


class WholeNumberField(forms.IntegerField):
    """A whole number, spaces allowed."""

    default_error_messages = {"invalid": _("Écrivez un nombre entier, sans virgule.")}

    def to_python(self, value):
        if isinstance(value, str):
            value = _SPACES.sub("", value)
        return super().to_python(value)


def make_field(
    question: Question, channel: str, *, stored: Iterable[Any] = (), refused: Iterable[str] = ()
) -> forms.Field:
    """Return the Django field of `question`.

    Args:
        channel: by which the request comes; decides what is mandatory and what the browser may
            fill in by itself (nothing on an agent's screen).
        stored: attachments already kept for an upload.
        refused: why files just sent were not kept.
    """
    own = channel in (Channel.WEB, Channel.EMAIL)
    common: dict[str, Any] = {
        "label": said(question.label),
        "required": question.required_by(channel),
        "help_text": _help(question),
    }
    field = _make(question, common, own=own, stored=stored, refused=refused)
    if not own and not question.is_upload:
        _ease_typing(field)
    if question.is_upload and question.required and not field.required:
        may_come_later(field)
    if question.is_upload or isinstance(field, AddressField):
        return field
    if not own:
        field.widget.attrs["autocomplete"] = "off"
    elif question.scope == REQUESTER and question.name in AUTOCOMPLETE:
        field.widget.attrs["autocomplete"] = AUTOCOMPLETE[question.name]
    return field


def _ease_typing(field: forms.Field) -> None:
    """On an agent's screen hands stay on the keyboard.

    A choice is made by its first letters, a date is typed in one go, and the script that leads
    from one question to the next (static/js/enter-sends.js) knows which are mandatory.
    """
    widget = field.widget
    if isinstance(widget, forms.Select):
        widget.attrs["data-keep-select"] = ""
    if isinstance(widget, forms.DateInput):
        field.widget = widget = forms.DateInput(
            format="%d/%m/%Y",
            attrs={"inputmode": "numeric", "class": "input-date", "placeholder": _("jj/mm/aaaa")},
        )
    if not field.required:
        return
    if isinstance(field, AddressField):
        field.mark_mandatory()
    elif isinstance(field, SeveralField):
        widget.attrs["data-enter-among"] = ""
    else:
        widget.attrs["aria-required"] = "true"


def _help(question: Question) -> str:
    words = [said(question.help)] if question.help else []
    if question.is_upload:
        words = [text if text.endswith((".", "?", "!")) else f"{text}." for text in words]
        words.append(gettext("PDF, JPEG ou PNG, 10 Mo au plus par fichier."))
    if question.many:
        words.append(several_words(question.least_answers, question.most_answers))
    if question.leads_to:
        code, link = question.leads_to
        page = reverse("prestations:detail", args=[code])
        words.append(format_html('<a href="{}">{}</a>', page, said(link)))
    return format_html_join(" ", "{}", ((text,) for text in words))


def _make(question: Question, common: dict, *, own: bool, stored, refused) -> forms.Field:
    match question.kind:
        case FieldType.TEXT:
            return _text(question, common)
        case FieldType.TEXTAREA:
            area = forms.Textarea(attrs={"rows": 5})
            return TextField(multiline=True, max_length=LONG, widget=area, **common)
        case FieldType.DATE:
            return PlausibleDateField(
                past=any(word in question.name for word in _PAST)
                and "prévue" not in question.label,
                widget=_calendar(),
                **common,
            )
        case FieldType.TIME:
            return _time(common)
        case FieldType.EMAIL:
            return _email(common)
        case FieldType.PHONE:
            return _phone(common)
        case FieldType.SELECT:
            return _select(question, common)
        case FieldType.SELECTBOXES:
            return SeveralField(
                least=question.least_answers,
                most=question.most_answers,
                choices=_choices(question),
                **common,
            )
        case FieldType.CHECKBOX:
            return forms.BooleanField(**common)
        case FieldType.ADDRESS:
            return AddressField(
                spot=question.is_spot,
                landmark=question.with_landmark,
                strict=own,
                autocomplete=("home" if question.scope == REQUESTER else "") if own else "off",
                **common,
            )
        case FieldType.INTEGER:
            lowest, highest = range_of(question.name, question.help)
            return WholeNumberField(
                min_value=lowest, max_value=highest, widget=_typed("numeric"), **common
            )
        case FieldType.DECIMAL:
            return CommaDecimalField(
                min_value=Decimal(0),
                max_digits=12,
                decimal_places=2,
                widget=_typed("decimal"),
                **common,
            )
        case FieldType.FILE:
            return UploadField(stored=stored, refused=refused, **common)
        case kind if kind == DOCUMENT:
            return UploadField(stored=stored, refused=refused, **common)
    raise ValueError(f"unknown field type {question.kind!r}")


def _text(question: Question, common: dict) -> forms.Field:
    if question.name == "siret":
        return NumberedField(cleaner=clean_siret, max_length=30, widget=_typed("numeric"), **common)
    if question.name == "rna":
        return NumberedField(cleaner=clean_rna, max_length=30, **common)
    if question.scope == REQUESTER and question.name in _PERSON:
        return NameField(max_length=NAME, **common)
    return TextField(max_length=SHORT, **common)


def _calendar() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input-date"})


def _time(common: dict) -> forms.TimeField:
    control = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-date"})
    written = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h"]
    field = forms.TimeField(input_formats=written, widget=control, **common)
    field.error_messages["invalid"] = _("Écrivez l’heure ainsi : 14:30.")
    return field


def _typed(mode: str) -> forms.TextInput:
    """A text input with the keyboard for numbers: a number control would swallow what is wrong."""
    return forms.TextInput(attrs={"inputmode": mode, "class": "input-number"})


def _email(common: dict) -> forms.EmailField:
    field = WordedEmailField(max_length=254, **common)
    field.error_messages["max_length"] = _("Cette adresse est trop longue.")
    field.widget.attrs.update(inputmode="email", spellcheck="false")
    return field


def _phone(common: dict) -> PhoneNumberField:
    field = PhoneNumberField(region="FR", **common)
    field.error_messages["invalid"] = _(
        "Ce numéro n’est pas valable. Écrivez-le ainsi : 06 12 34 56 78, ou +44… pour l’étranger."
    )
    field.widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "maxlength": 30})
    return field


def _select(question: Question, common: dict) -> forms.ChoiceField:
    choices = [("", _("Choisissez…")), *_choices(question)]
    field = forms.ChoiceField(choices=choices, **common)
    field.error_messages["invalid_choice"] = NOT_PROPOSED
    return field


def _choices(question: Question) -> list[tuple[str, str]]:
    return [(value, said(label)) for value, label in question.choices]
