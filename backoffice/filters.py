"""The queue's filters: what they are called in the address, and what they narrow."""

from collections.abc import Collection

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backoffice.enums import NO_DEPARTMENT, NOBODY
from backoffice.figure_filters import (
    ContractFigureFilter,
    OtherPrestationsFilter,
    SentByFilter,
)
from citizens.enums import ResidenceKind
from massy_grc.users.models import User
from prestations.calendars import midnight, midnight_after
from prestations.enums import Channel, RequesterKind
from prestations.models import (
    Authority,
    Campaign,
    Category,
    Department,
    Prestation,
    Site,
    Software,
    Street,
    Team,
)
from requests.enums import State
from requests.figures import on_time, too_late
from requests.models import ServiceRequest
from requests.performance import behind
from requests.permissions import RIGHTS, Right, scope_of
from requests.rekeying import Part as Rekeyed
from requests.rekeying import counted_in, part_of
from requests.routing.misrouting import Route, sent_elsewhere

ANY = gettext_lazy("Tous")
ANY_FEMININE = gettext_lazy("Toutes")
FEMININE = ("equipe", "categorie", "prestation", "residence", "campagne", "ressaisie")
MYSELF = "moi"
KEPT, MISSED = "tenu", "depasse"


def agent_choices() -> list[tuple[str, str]]:
    """Everyone who can be in charge of a request; read only when the form is shown or used."""
    working = [
        role for role, rights in RIGHTS.items() if rights & {Right.FRONT_OFFICE, Right.EXPERT_WORK}
    ]
    agents = User.objects.filter(is_active=True, memberships__role__in=working).distinct()
    return [
        (MYSELF, _("Moi")),
        (NOBODY, _("Sans chargé de dossier")),
        *((str(agent.pk), agent.list_name) for agent in agents),
    ]


class FilterForm(forms.Form):
    """How the filters are asked: dense, « Tous » or « Toutes » for none, days from a calendar."""

    keep_selects = True
    seldom_asked = (
        *("source", "residence", "site", "equipe", "categorie", "clos_du", "clos_au", "delai"),
        *("campagne", "administration", "logiciel", "ressaisie"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and field.empty_label:
                field.empty_label = ANY_FEMININE if name in FEMININE else ANY
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def boxes(self) -> list[forms.BoundField]:
        """The choices of several, each on a line of its own."""
        return [self[name] for name in ("etat", "canal")]

    def flags(self) -> list[forms.BoundField]:
        """What a single tick asks."""
        return [field for field in self if isinstance(field.field.widget, forms.CheckboxInput)]

    def everyday(self) -> list[forms.BoundField]:
        """All other fields but those seldom asked."""
        apart = {field.name for field in [*self.boxes(), *self.flags(), *self.seldom()]}
        return [field for field in self if field.name not in apart]

    def seldom(self) -> list[forms.BoundField]:
        """The fields folded away."""
        return [self[name] for name in self.seldom_asked]

    def unfolded(self) -> bool:
        """Whether one of those folded away is in use."""
        return any(field.value() or field.errors for field in self.seldom())


class QueueFilter(filters.FilterSet):
    """A plain GET form. Without a value a filter asks the database nothing."""

    q = filters.CharFilter(label=gettext_lazy("Texte"), method="search")
    etat = filters.MultipleChoiceFilter(
        label=gettext_lazy("États"),
        field_name="state",
        distinct=False,
        choices=State.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    canal = filters.MultipleChoiceFilter(
        label=gettext_lazy("Canaux"),
        field_name="channel",
        distinct=False,
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    mes_services = filters.BooleanFilter(
        label=gettext_lazy("Mes services seulement"),
        method="of_my_services",
        widget=forms.CheckboxInput,
    )
    retard = filters.BooleanFilter(
        label=gettext_lazy("En retard seulement"), method="late", widget=forms.CheckboxInput
    )
    urgent = filters.BooleanFilter(
        label=gettext_lazy("Urgentes seulement"), method="only_urgent", widget=forms.CheckboxInput
    )
    ouvertes = filters.BooleanFilter(
        label=gettext_lazy("Ouvertes seulement"), method="only_open", widget=forms.CheckboxInput
    )
    source = filters.ChoiceFilter(
        label=gettext_lazy("Source"),
        field_name="requester_kind",
        choices=RequesterKind.choices,
        empty_label=ANY_FEMININE,
    )
    residence = filters.ChoiceFilter(
        label=gettext_lazy("Domicile du demandeur"),
        choices=ResidenceKind.choices,
        empty_label=ANY_FEMININE,
    )
    site = filters.ModelChoiceFilter(label=gettext_lazy("Site"), queryset=Site.objects.all())
    equipe = filters.ModelChoiceFilter(
        label=gettext_lazy("Équipe d’accueil"), field_name="team", queryset=Team.objects.all()
    )
    departement = filters.ModelChoiceFilter(
        label=gettext_lazy("Service responsable"),
        field_name="department",
        queryset=Department.objects.all(),
        null_label=gettext_lazy("Sans service responsable"),
        null_value=NO_DEPARTMENT,
    )
    categorie = filters.ModelChoiceFilter(
        label=pgettext_lazy("la colonne", "Service"),
        field_name="category",
        queryset=Category.objects.all(),
    )
    prestation = filters.ModelChoiceFilter(
        label=gettext_lazy("Téléprocédure"), queryset=Prestation.objects.all()
    )
    campagne = filters.ModelChoiceFilter(
        label=gettext_lazy("Campagne"),
        field_name="campaign",
        queryset=Campaign.objects.all(),
        to_field_name="code",
    )
    administration = filters.ModelChoiceFilter(
        label=gettext_lazy("Transmise à"),
        field_name="forwarded_to",
        queryset=Authority.objects.all(),
    )
    logiciel = filters.ModelChoiceFilter(
        label=gettext_lazy("Logiciel métier"),
        queryset=lambda request: Software.objects.ever_typed_in(),
        method="in_program",
    )
    ressaisie = filters.ChoiceFilter(
        label=gettext_lazy("Ressaisie"),
        choices=(
            (Rekeyed.LEFT.value, gettext_lazy("À faire")),
            (Rekeyed.DONE.value, gettext_lazy("Faite")),
        ),
        method="typed_again",
        empty_label=ANY_FEMININE,
    )
    rue = filters.ModelChoiceFilter(  # from the search box
        label=gettext_lazy("Rue"),
        field_name="street",
        queryset=Street.objects.all(),
        widget=forms.HiddenInput,
    )
    sauf = OtherPrestationsFilter(
        label=gettext_lazy("Prestations"), method="but_for", widget=forms.HiddenInput
    )
    renvoi = SentByFilter(
        label=gettext_lazy("Envoyées ailleurs après"),
        method="sent_elsewhere",
        widget=forms.HiddenInput,
    )
    contrat = ContractFigureFilter(
        label=gettext_lazy("Contrat de service"),
        method="of_contract",
        widget=forms.HiddenInput,
    )
    charge = filters.ChoiceFilter(
        label=gettext_lazy("Chargé de dossier"),
        choices=agent_choices,
        method="in_charge_of",
        empty_label=ANY,
    )
    du = filters.DateFilter(
        label=gettext_lazy("Arrivées depuis le"), field_name="arrived_at", method="from_day"
    )
    au = filters.DateFilter(
        label=gettext_lazy("Arrivées jusqu’au"), field_name="arrived_at", method="to_day"
    )
    clos_du = filters.DateFilter(
        label=gettext_lazy("Closes depuis le"), field_name="closed_at", method="from_day"
    )
    clos_au = filters.DateFilter(
        label=gettext_lazy("Closes jusqu’au"), field_name="closed_at", method="to_day"
    )
    delai = filters.ChoiceFilter(
        label=gettext_lazy("Délai des demandes closes"),
        choices=((KEPT, gettext_lazy("Tenu")), (MISSED, gettext_lazy("Dépassé"))),
        method="delay_kept",
        empty_label=ANY,
    )

    class Meta:
        model = ServiceRequest
        form = FilterForm
        fields: list[str] = []

    def __init__(
        self,
        *args,
        user,
        now=None,
        figures_only: bool = False,
        only: Collection[str] | None = None,
        **kwargs,
    ):
        self.user = user
        self.now = now or timezone.now()
        super().__init__(*args, **kwargs)
        if only is not None:  # those that are in use: the others cost as much to make
            for name in set(self.filters) - set(only):
                del self.filters[name]
        if figures_only:  # no search by name where names are hidden
            del self.filters["q"], self.filters["mes_services"]

    def search(self, queryset, name, value):
        """Requests whose reference, subject, requester or street begins with each word."""
        return queryset.matching_words(value).visible_to(self.user)  # behind figures too

    def of_my_services(self, queryset, name, value):
        if not value:
            return queryset
        scope = scope_of(self.user)
        return queryset.filter(Q(team__in=scope.teams) | Q(department__in=scope.departments))

    def late(self, queryset, name, value):
        return queryset.overdue(self.now) if value else queryset

    def only_urgent(self, queryset, name, value):
        return queryset.filter(urgent=True) if value else queryset

    def only_open(self, queryset, name, value):
        return queryset.open().leading() if value else queryset

    def in_charge_of(self, queryset, name, value):
        if value == NOBODY:
            return queryset.filter(assignee=None)
        return queryset.filter(assignee=self.user.pk if value == MYSELF else value)

    def but_for(self, queryset, name, value):
        return queryset.exclude(prestation__in=value.codes)

    def sent_elsewhere(self, queryset, name, value):
        route = Route.read(value)
        if route is None:
            return queryset.none()
        return queryset.filter(pk__in=sent_elsewhere(route, self.now).values("request"))

    def of_contract(self, queryset, name, value):
        if value.parts is None:
            return queryset.none()
        promise, part, department = value.parts
        return queryset.filter(behind(promise, part, department, self.now))

    def delay_kept(self, queryset, name, value):
        closed = queryset.filter(state=State.CLOSE)
        return on_time(closed) if value == KEPT else too_late(closed)

    def in_program(self, queryset, name, value):
        return queryset.filter(counted_in(value))

    def typed_again(self, queryset, name, value):
        """In the program that is chosen too, if one is."""
        software = self.form.cleaned_data.get("logiciel")
        return queryset.filter(part_of(Rekeyed(value), software))

    def from_day(self, queryset, name, value):
        return queryset.filter(**{f"{name}__gte": midnight(value)})

    def to_day(self, queryset, name, value):
        return queryset.filter(**{f"{name}__lt": midnight_after(value)})
