"""What law asks of a prestation: the silence, what is made sure of, who reads its requests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.routing import lines_of
from massy_grc.common.choices import offer, show_when
from massy_grc.common.typed import TextField
from prestations.enums import Check, DelayUnit, SilenceEffect
from prestations.loading.files import check_schema
from prestations.loading.schema_catalogue import CERFA
from prestations.models import Prestation
from prestations.translation import catalogue_text

TEXT, REASON = 2000, 250
OTHER = "autre"
# Why requests are read by named agents alone, in the catalogue's own words.
FAMILIES = (
    "données sociales\u00a0: ressources et situation du foyer",
    "registre canicule\u00a0: personnes isolées et leur santé (décret 2004-926)",
    "police municipale\u00a0: mise en cause de personnes",
)
_SAME = ("silence_effect", "silence_value", "checks", "approval", "immediate_at_counter")
_LINES = forms.Textarea(attrs={"rows": 3})


class OfferLawForm(forms.Form):
    """Silence, checks, the counter, the public map, national forms, named access."""

    keep_selects = True

    silence_effect = forms.ChoiceField(
        label=_("Effet du silence"), choices=SilenceEffect.choices, widget=forms.RadioSelect
    )
    silence_value = forms.IntegerField(
        label=_("Au bout de"), min_value=1, max_value=999, required=False, widget=forms.TextInput
    )
    silence_unit = forms.ChoiceField(label=_("Unité"), choices=DelayUnit.choices, required=False)
    legal_basis = TextField(
        label=_("Textes sur quoi repose ce régime"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=_LINES,
        help_text=_("Un par ligne."),
    )
    checks = forms.MultipleChoiceField(
        label=_("Vérifications"),
        choices=Check.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sans elles, aucune réponse favorable, en plus des pièces obligatoires."),
    )
    approval = TextField(
        label=_("Approbation du chef de service"),
        max_length=REASON,
        required=False,
        help_text=_(
            "Pourquoi une réponse favorable l’attend : « l’aménagement engage une"
            " dépense ». Vide : elle ne l’attend pas."
        ),
    )
    immediate_at_counter = forms.BooleanField(
        label=_("Peut être remise tout de suite au guichet"), required=False
    )
    public_reports = forms.BooleanField(
        label=_("Ses demandes sont sur la carte publique des signalements"),
        required=False,
        help_text=_("Le lieu, l’état et les dates, rien d’autre."),
    )
    nearby_metres = forms.IntegerField(
        label=_("Signalements proches, à moins de (mètres)"),
        min_value=1,
        max_value=5000,
        required=False,
        widget=forms.TextInput,
        help_text=_("Ils sont proposés à qui signale, au lieu d’un doublon."),
    )
    cerfa = TextField(
        label=_("Formulaires nationaux"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=_LINES,
        help_text=_(
            "Un par ligne : numéro | nom | adresse. « 12485*03 | Demande de logement |"
            " https://www.service-public.fr/… »"
        ),
    )
    restricted = forms.ChoiceField(
        label=_("Qui lit ses demandes"), required=False, widget=forms.RadioSelect
    )
    restricted_why = TextField(
        label=_("Pourquoi elle est réservée"), max_length=REASON, required=False
    )
    opening = forms.BooleanField(
        label=_(
            "Je confirme l’ouverture : les agents à qui le travail est confié liront toutes"
            " ses demandes, les anciennes comprises"
        ),
        required=False,
        help_text=_("L’ouverture est inscrite au journal des accès, et le délégué en est averti."),
    )

    def __init__(self, data: Any = None, *, prestation: Prestation):
        self.prestation = prestation
        super().__init__(data, initial=_initial(prestation))
        known = Prestation.objects.restricted().order_by("order")
        families = [*FAMILIES, *known.values_list("restricted", flat=True)]
        offer(
            self,
            "restricted",
            [
                ("", _("Les agents à qui le travail est confié")),
                *((one, _reason(one)) for one in dict.fromkeys(families)),
                (OTHER, _("Réservée pour une autre raison")),
            ],
        )
        has_effect = [one for one in SilenceEffect.values if one != SilenceEffect.NONE]
        for name in ("silence_value", "silence_unit"):
            show_when(self.fields[name], "silence_effect", "in", has_effect)
        show_when(self.fields["nearby_metres"], "public_reports", "equals", value=True)
        show_when(self.fields["restricted_why"], "restricted", "equals", OTHER)
        show_when(self.fields["opening"], "restricted", "equals", "")
        if not prestation.restricted:
            del self.fields["opening"]

    def clean_cerfa(self) -> list[dict[str, str]]:
        return [_national_form(line) for line in lines_of(self.cleaned_data["cerfa"])]

    def clean_legal_basis(self) -> list[str]:
        lines = lines_of(self.cleaned_data["legal_basis"])
        if any(len(line) > REASON for line in lines):
            raise forms.ValidationError(_("Une ligne est trop longue."))
        return lines

    def clean(self):
        values = super().clean() or {}
        if values.get("silence_effect") == SilenceEffect.NONE:
            values |= {"silence_value": None, "silence_unit": ""}
        elif not self.errors and not values["silence_value"]:
            self.add_error("silence_value", _("Dites au bout de combien de temps."))
        elif not self.errors and not values["silence_unit"]:
            self.add_error("silence_unit", _("Choisissez une unité."))
        if values.get("restricted") == OTHER and not values.get("restricted_why"):
            self.add_error("restricted_why", _("Dites pourquoi elle est réservée."))
        if not values.get("restricted") and "opening" in self.fields and not values.get("opening"):
            self.add_error("opening", _("Confirmez l’ouverture, ou gardez-la réservée."))
        if values.get("restricted") and values.get("public_reports"):
            self.add_error("public_reports", _("Une prestation réservée n’a rien de public."))
        return values

    def columns(self) -> dict[str, Any]:
        """What was written, as columns of a prestation."""
        values = self.cleaned_data
        metres = values["nearby_metres"] or self.prestation.nearby_metres
        own = values["restricted"] == OTHER
        return {name: values[name] for name in (*_SAME, "silence_unit", "cerfa")} | {
            "legal_basis": values["legal_basis"],
            "public_reports": values["public_reports"],
            "nearby_metres": metres,
            "restricted": values["restricted_why"] if own else values["restricted"],
        }


def _initial(prestation: Prestation) -> dict[str, Any]:
    same = (*_SAME, "public_reports", "nearby_metres", "restricted")
    lines = [" | ".join((one["number"], one["label"], one["url"])) for one in prestation.cerfa]
    return {name: getattr(prestation, name) for name in same} | {
        "silence_unit": prestation.silence_unit or DelayUnit.MONTHS,
        "legal_basis": "\n".join(prestation.legal_basis),
        "cerfa": "\n".join(lines),
    }


def _reason(text: str) -> str:
    said = catalogue_text(text)
    return f"{said[:1].upper()}{said[1:]}"


def _national_form(line: str) -> dict[str, str]:
    """One line of the national forms.

    Raises:
        ValidationError: it has not its three parts, or the loader would refuse one.
    """
    names = ("number", "label", "url")
    form = dict(zip(names, (part.strip() for part in line.split("|", 2)), strict=False))
    if check_schema(form, CERFA):
        said = _("Cette ligne n’est pas un formulaire national : « %(line)s ».")
        raise forms.ValidationError(said, params={"line": line[:80]})
    return form
