"""A routing rule as an administrator writes it, and what an agent is trained for."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.outlines import FROM_FILE, OutlineError, read_outlines, written
from backoffice.sector_streets import TypedStreets, read_streets, streets_written
from massy_grc.common.choices import offer_rows, tell_at
from massy_grc.common.typed import TextField
from massy_grc.users.models import User
from prestations.enums import Channel, PrestationStatus, RequesterKind
from prestations.models import Category, Department, Membership, Prestation, Street, Team
from prestations.streets.lookup import active_streets
from requests.enums import Opening
from requests.models import RoutingRule
from requests.routing.areas import is_inside
from requests.routing.conditions import Conditions
from requests.routing.people import EXPERT_ROLES, FRONT_ROLES
from requests.routing.sectors import Register, crossing_words
from requests.routing.written import conditions_of

LONG = 100_000  # characters: a sector drawn corner by corner
YES, NO = "oui", "non"


class CheckedRows(forms.ModelMultipleChoiceField):
    """Rows of the catalogue, each with its box."""

    widget = forms.CheckboxSelectMultiple


class MadeOrBeingMade(CheckedRows):
    """Prestations in use, and drafts: a rule may be ready before they are."""

    def label_from_instance(self, obj: Prestation) -> str:
        is_draft = obj.status == PrestationStatus.DRAFT
        return _("%(label)s (brouillon)") % {"label": obj} if is_draft else str(obj)


class PersonField(forms.ModelChoiceField):
    """An agent, with where they work: names alone may be shared."""

    def label_from_instance(self, obj: User) -> str:
        places = {str(one.department or one.team) for one in obj.memberships.all()} - {"None"}
        return f"{obj.list_name} ({', '.join(sorted(places))})" if places else obj.list_name


def lines_of(text: str) -> list[str]:
    """What was typed one a line, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def open_prestations():
    """The prestations that may be asked for, by category."""
    return Prestation.objects.offered().order_by("category__order", "order")


class RuleForm(forms.Form):
    """Conditions, then where to. `rule` is the one to change, None for a new one; `typed` is
    shown again without being judged."""

    keep_selects = True

    label = TextField(
        label=_("Nom de la règle"),
        max_length=120,
        help_text=_("Il paraît dans le fil des demandes : « Graffitis du quartier Vilmorin »."),
    )
    prestations = MadeOrBeingMade(
        label=_("Prestations"), queryset=Prestation.objects.none(), required=False
    )
    categories = CheckedRows(
        label=_("Catégories entières"), queryset=Category.objects.none(), required=False
    )
    sector = TextField(
        label=_("Nom du secteur"),
        max_length=80,
        required=False,
        help_text=_("Le nom que vous donnez aux rues ou au contour ci-dessous."),
    )
    streets = TextField(
        multiline=True,
        label=_("Rues du secteur"),
        max_length=LONG,
        required=False,
        help_text=_(
            "Une par ligne, comme dans le répertoire des rues. Une partie seulement :"
            " « rue Jean Mermoz, 2 à 40, pairs », « rue du Moulin, impairs »."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    area = forms.CharField(
        label=_("Contour en GeoJSON"),
        max_length=LONG,
        required=False,
        help_text=_(
            "Tel que l’exporte un logiciel de cartes : longitude puis latitude. Le plan et la liste"
            " des points l’écrivent pour vous."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    area_file = forms.FileField(
        label=_("Fichier GeoJSON"),
        required=False,
        help_text=_("Il remplace le contour. 100 000 caractères et 1 000 points au plus."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    requester_kinds = forms.MultipleChoiceField(
        label=_("Demandeurs"),
        choices=RequesterKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channels = forms.MultipleChoiceField(
        label=_("Canaux"),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    keywords = TextField(
        multiline=True,
        label=_("Mots"),
        max_length=2000,
        required=False,
        help_text=_(
            "Un mot ou une expression par ligne, au singulier : l’un d’eux dans le sujet ou la"
            " description suffit. Accents et majuscules ne comptent pas."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    urgent = forms.ChoiceField(
        label=_("Urgence"),
        choices=[("", _("Peu importe")), (YES, _("Urgente")), (NO, _("Non urgente"))],
        required=False,
    )
    opening = forms.ChoiceField(
        label=_("Arrivée de la demande"),
        choices=[("", _("Peu importe")), *Opening.choices],
        required=False,
    )
    department = forms.ModelChoiceField(
        label=_("Service responsable"), queryset=Department.objects.none(), required=False
    )
    team = forms.ModelChoiceField(
        label=_("Équipe d’accueil"), queryset=Team.objects.none(), required=False
    )
    person = PersonField(
        label=_("Personne"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Choisissez aussi le service ou l’équipe où elle travaille."),
    )
    to_colleague = forms.BooleanField(
        label=_("Confier chaque demande à une personne du service ou de l’équipe"),
        required=False,
        help_text=_(
            "Parmi ceux qui sont formés à la prestation et présents ce jour, celui qui a le moins"
            " de demandes ouvertes. Sans personne, la demande attend d’être prise."
        ),
    )

    def __init__(
        self, data=None, *, rule: RoutingRule | None = None, typed: QueryDict | None = None
    ):
        super().__init__(data, initial=_initial(rule) if rule else None)
        if typed is not None:
            self.initial = {
                name: field.widget.value_from_datadict(typed, MultiValueDict(), name)
                for name, field in self.fields.items()
            }
        offered = Prestation.objects.offered() | Prestation.objects.being_made()
        offer_rows(self, "prestations", offered.order_by("category__order", "order"))
        offer_rows(self, "categories", Category.objects.filter(is_active=True))
        offer_rows(
            self, "department", Department.objects.filter(is_active=True), empty_label=_("Aucun")
        )
        offer_rows(
            self,
            "team",
            Team.objects.filter(is_active=True),
            empty_label=_("Celle de la prestation"),
        )
        posts = Membership.objects.filter(
            user=OuterRef("pk"), role__in=[*EXPERT_ROLES, *FRONT_ROLES]
        )
        people = User.objects.filter(Exists(posts), is_active=True).prefetch_related(
            "memberships__department", "memberships__team"
        )
        offer_rows(self, "person", people, empty_label=_("Personne en particulier"))

    def clean_streets(self) -> TypedStreets:
        """The streets, whole or in part; every line must be a street of the register."""
        typed = read_streets(self.cleaned_data["streets"])
        faults = list(typed.faults)
        if typed.unknown:
            told = ngettext(
                "Cette rue n’est pas au répertoire : %(names)s.",
                "Ces rues ne sont pas au répertoire : %(names)s.",
                len(typed.unknown),
            )
            faults.append(told % {"names": "\u00a0; ".join(typed.unknown)})
        if faults:
            raise forms.ValidationError(faults)
        return typed

    def clean_area(self) -> list:
        """The rings; one that crosses itself, or holds nothing of the town, is a mistake."""
        try:
            rings = read_outlines(self.cleaned_data["area"], from_file=FROM_FILE in self.data)
        except OutlineError as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if not rings:
            return []
        tell_at(self.fields["area"], "contour")  # drawn, not written: told beside the plan
        register = Register()
        if crossed := crossing_words(rings, register):
            raise forms.ValidationError(crossed)
        empty = not streets_within(rings) and not register.within(Conditions(area=rings))
        if empty and active_streets().exists():
            raise forms.ValidationError(
                _(
                    "Aucune rue de la commune n’est dans ce polygone. La longitude vient-elle bien"
                    " avant la latitude ?"
                )
            )
        return rings

    def rule_values(self) -> dict[str, Any]:
        """What `requests.actions.write_rule` takes of a valid form."""
        given = self.cleaned_data
        conditions = {
            "prestations": [one.pk for one in given["prestations"]],
            "categories": [one.pk for one in given["categories"]],
            "keywords": lines_of(given["keywords"]),
            "urgent": {YES: True, NO: False}.get(given["urgent"]),
            **{
                name: given[name]
                for name in ("sector", "area", "requester_kinds", "channels", "opening")
            },
            "streets": given["streets"].keys,
            "numbers": given["streets"].numbers,
        }
        places = ("label", "department", "team", "person", "to_colleague")
        return {"conditions": conditions, **{name: given[name] for name in places}}


def streets_within(rings) -> list[Street]:
    """The streets of the register whose middle lies in an area, by name."""
    return [
        one
        for one in active_streets()
        if one.longitude is not None
        and one.latitude is not None
        and is_inside(rings, one.longitude, one.latitude)
    ]


def _initial(rule: RoutingRule) -> dict[str, Any]:
    known = conditions_of(rule)
    return {
        "label": rule.label,
        "prestations": known.prestations,
        "categories": known.categories,
        "sector": known.sector,
        "streets": "\n".join(streets_written(known)),
        "area": written(known.area),
        "requester_kinds": known.requester_kinds,
        "channels": known.channels,
        "keywords": "\n".join(known.keywords),
        "urgent": "" if known.urgent is None else YES if known.urgent else NO,
        "opening": known.opening,
        "department": rule.department_id,
        "team": rule.team_id,
        "person": rule.person_id,
        "to_colleague": rule.to_colleague,
    }


class TrainingForm(forms.Form):
    """The prestations that an agent can treat alone."""

    prestations = CheckedRows(
        label=_("Formée ou formé à"), queryset=Prestation.objects.none(), required=False
    )

    def __init__(self, data=None, *, person: User):
        known = list(person.trainings.values_list("prestation", flat=True))
        super().__init__(data, initial={"prestations": known})
        offer_rows(self, "prestations", open_prestations())
