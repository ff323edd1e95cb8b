"""Public places and the town itself, as an administrator writes them: with their week."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.coded import ContactForm, StateForm, several
from backoffice.forms.organisation import DAY_LABELS, HoursField, hours_said
from backoffice.forms.routing import lines_of
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from prestations.configuration import State
from prestations.loading.schema_reference import DAYS
from prestations.models import Facility, Site, Street, Town
from prestations.streets.names import canonical

_HOURS = _("Par exemple 8h30-12h30, 13h30-17h30. Vide : fermé ce jour-là.")
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_HTTPS = re.compile(r"https://[^\s/]+\.[^\s/]+\S*")
_POSTCODE = re.compile(r"[0-9]{5}")


class WeekForm(StateForm):
    """What has hours each day of the week."""

    def __init__(self, *args: Any, **kwargs: Any):
        for day, label in DAY_LABELS.items():
            hint = _HOURS if day == DAYS[0] else ""
            self.base_fields[day] = HoursField(
                label=label, max_length=100, required=False, help_text=hint
            )
        super().__init__(*args, **kwargs)

    def week(self) -> State:
        return {day: self.cleaned_data[day] for day in DAYS}


def _matched(value: str, shape: re.Pattern[str], words: Any) -> str:
    if not shape.fullmatch(value.upper()):
        raise forms.ValidationError(words)
    return value.upper()


def _postcode(value: str) -> str:
    return _matched(value, _POSTCODE, _("Un code postal a cinq chiffres."))


class FacilityForm(WeekForm, ContactForm):
    """A public place whose hours people ask for."""

    model = Facility
    doors = {_("Horaires d’ouverture"): tuple(DAYS)}

    kind = TextField(
        label=_("Nature"), max_length=40, help_text=_("Par exemple : médiathèque, piscine.")
    )
    site = forms.ModelChoiceField(
        label=_("Dans le site"),
        queryset=Site.objects.none(),
        required=False,
        help_text=_("S’il est dans une mairie où les agents reçoivent le public."),
    )

    def offer(self) -> None:
        offer_rows(self, "site", Site.objects.filter(is_active=True), empty_label=_("Aucun"))

    def initial_of(self, known: State) -> dict[str, Any]:
        return {**known, **hours_said(known["opening_hours"])}

    def own(self) -> State:
        given = self.cleaned_data
        return super().own() | {
            "kind": given["kind"],
            "site": given["site"].pk if given["site"] else None,
            "opening_hours": self.week(),
        }


class TownForm(WeekForm):
    """The town itself; the rest of its facts stays as it is."""

    model = Town
    doors = {
        _("Horaires du numéro unique"): tuple(DAYS),
        _("Relais téléphonique des personnes sourdes"): ("relay_url", "relay_ways", "relay_sure"),
    }

    name = TextField(label=_("Nom"), max_length=100)
    address = TextField(label=_("Adresse de la mairie"), max_length=250)
    phone = TextField(label=_("Numéro unique"), max_length=30)
    email = forms.EmailField(label=_("Courriel"))
    website = TextField(label=_("Site internet"), max_length=200, required=False)
    dpo_email = forms.EmailField(label=_("Courriel du délégué à la protection des données"))
    postcode = TextField(label=_("Code postal"), max_length=5)
    insee_code = TextField(
        label=_("Code INSEE"),
        max_length=5,
        help_text=_("Le répertoire des rues le porte : un autre demande d’importer ses rues."),
    )

    relay_url = TextField(label=_("Adresse du relais"), max_length=200, required=False)
    relay_ways = several(
        _("Comment on y parle"), required=False, help_text=_("Une façon par ligne.")
    )
    relay_sure = forms.BooleanField(label=_("Vérifié avec l’opérateur"), required=False)

    def initial_of(self, known: State) -> dict[str, Any]:
        relay = known["facts"].get("deaf_relay") or {}
        return {
            **known,
            **hours_said(known["facts"].get("phone_hours", {})),
            "relay_url": relay.get("url", ""),
            "relay_ways": "\n".join(relay.get("ways", ())),
            "relay_sure": relay.get("confirmed", False),
        }

    def clean(self):
        """A relay has its address and its ways, or is not there."""
        given = super().clean() or {}
        url, ways = given.get("relay_url", ""), given.get("relay_ways", "")
        if url and not _HTTPS.fullmatch(url):
            self.add_error("relay_url", _("Cette adresse commence par https://."))
        if url and not ways:
            self.add_error("relay_ways", _("Dites comment on peut parler par ce relais."))
        if ways and not url and "relay_url" not in self.errors:
            self.add_error("relay_url", _("Donnez l’adresse du relais."))
        return given

    def clean_postcode(self) -> str:
        return _postcode(self.cleaned_data["postcode"])

    def clean_insee_code(self) -> str:
        words = _("Un code INSEE ressemble à 91377.")
        return _matched(self.cleaned_data["insee_code"], _INSEE, words)

    def state(self) -> State:
        known = self.known or {"facts": {}}
        own = {name: self.cleaned_data[name] for name in known if name in self.cleaned_data}
        facts = {"phone_hours": self.week(), "deaf_relay": self._relay()}
        return {**known, **own, "facts": known["facts"] | facts}

    def _relay(self) -> State | None:
        given = self.cleaned_data
        if not given["relay_url"]:
            return None
        ways = lines_of(given["relay_ways"])
        return {"confirmed": given["relay_sure"], "url": given["relay_url"], "ways": ways}


def _degrees(label: Any, most: int) -> forms.FloatField:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.FloatField(
        label=label, min_value=-most, max_value=most, required=False, localize=True, widget=widget
    )


class StreetForm(StateForm):
    """One street of the register."""

    model = Street

    name = TextField(
        label=_("Nom"), max_length=200, help_text=_("Par exemple : rue de la République.")
    )
    postcode = TextField(label=_("Code postal"), max_length=5)
    latitude = _degrees(_("Latitude"), 90)
    longitude = _degrees(_("Longitude"), 180)

    def _initial(self, known: State | None) -> dict[str, Any]:
        town = Town.objects.first()
        return super()._initial(known) or {"postcode": town.postcode if town else ""}

    def clean_postcode(self) -> str:
        return _postcode(self.cleaned_data["postcode"])

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not canonical(name):
            raise forms.ValidationError(_("Écrivez le nom de la rue, avec des lettres."))
        return name

    def clean(self):
        given = super().clean() or {}
        for name, other in (("latitude", "longitude"), ("longitude", "latitude")):
            alone = given.get(name) is None and given.get(other) is not None
            if alone and name not in self.errors:
                self.add_error(name, _("Donnez la latitude et la longitude, ou aucune."))
        return given

    def identity(self) -> State:
        """A key of the commune's that no address file gives."""
        insee = Town.objects.values_list("insee_code", flat=True).get()
        made = Street.objects.filter(key__startswith=f"{insee}_v").count()
        return {"key": f"{insee}_v{made + 1:05d}"}

    def own(self) -> State:
        return {
            name: self.cleaned_data[name] for name in ("name", "postcode", "latitude", "longitude")
        }
