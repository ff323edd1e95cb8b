"""A question asked before a form, as an administrator writes it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.form_choices import LABEL, DifferentAnswers
from backoffice.forms.two_languages import Texts, TwoLanguages, both, shown_before
from massy_grc.common.choices import offer, offer_rows
from massy_grc.common.typed import TextField
from prestations.editing.operations import CONDITIONS, QUESTIONS, new_name
from prestations.enums import FieldType
from prestations.loading.checks_eligibility import YES_NO
from prestations.models import Prestation
from prestations.translation import catalogue_text, english_of

YES_NO_LABELS = ("Oui", "Non")


class AnswerRow(forms.Form):
    """One answer; when it ends the way, why, and what to do instead."""

    value = forms.CharField(required=False, widget=forms.HiddenInput)
    label = TextField(label=_("Réponse"), max_length=LABEL, required=False)
    label_en = TextField(label=_("Réponse en anglais"), max_length=LABEL, required=False)
    stops = forms.BooleanField(label=_("Cette réponse arrête la demande"), required=False)
    because = TextField(label=_("Pourquoi"), max_length=LABEL, required=False)
    because_en = TextField(label=_("Pourquoi, en anglais"), max_length=LABEL, required=False)
    instead = TextField(label=_("Que faire"), max_length=LABEL, required=False)
    instead_en = TextField(label=_("Que faire, en anglais"), max_length=LABEL, required=False)
    prestation = forms.ModelChoiceField(
        label=_("Prestation qui convient"), queryset=Prestation.objects.none(), required=False
    )
    link_label = TextField(label=_("Site qui convient"), max_length=LABEL, required=False)
    link_url = forms.URLField(
        label=_("Son adresse"), required=False, assume_scheme="https", widget=forms.TextInput
    )

    def __init__(self, *args: Any, prestations, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_rows(self, "prestation", prestations, empty_label=_("Aucune"))

    def clean(self):
        values = super().clean() or {}
        if values.get("stops"):
            for name in ("because", "instead"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Dites-le : la personne ne peut pas continuer."))
        url = values.get("link_url") or ""
        if bool(url) != bool(values.get("link_label")):
            self.add_error("link_label", _("Donnez le nom du site et son adresse."))
        elif url and not url.startswith("https://"):
            self.add_error("link_url", _("L’adresse commence par https://."))
        return values

    def stop(self) -> dict[str, Any]:
        """What a definition says of an answer that ends the way, without the answer."""
        values = self.cleaned_data
        made: dict[str, Any] = {"because": values["because"], "instead": values["instead"]}
        if values["prestation"]:
            made["prestation"] = values["prestation"].pk
        if values["link_url"]:
            made["link"] = {"label": values["link_label"], "url": values["link_url"]}
        return made


AnswerRows = forms.formset_factory(AnswerRow, DifferentAnswers, extra=1, max_num=30)


class BeforeForm(TwoLanguages, forms.Form):
    """One question asked before the form: its answers, and those that end the way."""

    keep_selects = True

    question = TextField(label=_("Question"), max_length=LABEL)
    question_en = TextField(label=_("Question en anglais"), max_length=LABEL, required=False)
    help = TextField(label=_("Aide"), max_length=LABEL, required=False)
    help_en = TextField(label=_("Aide en anglais"), max_length=LABEL, required=False)
    fills = forms.ChoiceField(
        label=_("Remplit la question du formulaire"),
        required=False,
        help_text=_("Une liste qui propose les mêmes réponses : elle n’est plus demandée."),
    )

    def __init__(self, data: Any = None, *, definition: dict, item: dict | None = None):
        self.definition, self.item = definition, item or {}
        initial = both(self.item, "question", "help") | {"fills": self.item.get("field", "")}
        super().__init__(data, initial=initial)
        lists = [one for one in QUESTIONS.items(definition) if one["type"] == FieldType.SELECT]
        labels = [(one["name"], catalogue_text(one["label"])) for one in lists]
        offer(self, "fills", [("", _("Aucune")), *labels])
        self.choices = AnswerRows(
            data,
            prefix="choices",
            initial=_rows(self.item),
            form_kwargs={"prestations": Prestation.objects.listed().order_by("order")},
        )

    def is_valid(self) -> bool:
        if not (super().is_valid() and self.choices.is_valid()):
            return False
        if not any(one.cleaned_data["stops"] for one in self._answers()):
            self.add_error(None, _("Cochez au moins une réponse qui arrête la demande."))
        return not self.errors

    def _answers(self) -> list[AnswerRow]:
        return [one for one in self.choices.forms if one.cleaned_data.get("label")]

    def named(self) -> dict[str, Any]:
        """The question as a definition keeps it."""
        values, taken = self.cleaned_data, set(YES_NO)
        codes = [one["code"] for one in CONDITIONS.items(self.definition)]
        choices, stops = [], list[dict[str, Any]]()
        for row in self._answers():
            label = row.cleaned_data["label"]
            value = row.cleaned_data["value"] or new_name(label, taken)
            taken.add(value)
            choices.append({"value": value, "label": label})
            if row.cleaned_data["stops"]:
                _add_stop(stops, value, row.stop())
        made: dict[str, Any] = {
            "code": self.item.get("code") or new_name(values["question"], codes),
            "question": values["question"],
            "stops": stops,
        }
        if values["help"]:
            made["help"] = values["help"]
        if [(one["value"], one["label"]) for one in choices] != _yes_no():
            made["choices"] = choices
        if values["fills"]:
            made["field"] = values["fills"]
        rare = ("by_organisation", "least_age")
        return made | {key: self.item[key] for key in rare if key in self.item}

    def texts(self) -> Iterator[Texts]:
        yield self.cleaned_data, ("question", "help"), self.initial
        for row in self._answers():
            before = shown_before(self.choices, row.cleaned_data)
            yield row.cleaned_data, ("label", "because", "instead"), before


def _add_stop(stops: list[dict[str, Any]], value: str, stop: dict[str, Any]) -> None:
    """Answers that end the way for the same reason are one stop."""
    for known in stops:
        if {key: one for key, one in known.items() if key != "values"} == stop:
            known["values"].append(value)
            return
    stops.append({"values": [value], **stop})


def _yes_no() -> list[tuple[str, str]]:
    return list(zip(YES_NO, YES_NO_LABELS, strict=True))


def _rows(item: dict[str, Any]) -> list[dict[str, Any]]:
    choices = [(one["value"], one["label"]) for one in item.get("choices") or ()] or _yes_no()
    stops = {value: stop for stop in item.get("stops", ()) for value in stop["values"]}
    rows = []
    for value, label in choices:
        stop = stops.get(value, {})
        link = stop.get("link") or {}
        rows.append(
            {"value": value, "label": label, "label_en": english_of(label) or ""}
            | both(stop, "because", "instead")
            | {
                "stops": bool(stop),
                "prestation": stop.get("prestation"),
                "link_label": link.get("label", ""),
                "link_url": link.get("url", ""),
            }
        )
    return rows
