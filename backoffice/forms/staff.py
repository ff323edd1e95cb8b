"""Staff accounts: the invitation and the roles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.actions.staff import DEPARTMENT_ROLES, TEAM_ROLES
from backoffice.handover import successors_of
from massy_grc.common.choices import offer_rows, show_when
from massy_grc.common.typed import TextField
from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import Department, Site, Team

NO_ROLE = "aucun"


class StaffFilterForm(forms.Form):
    """Which agents are listed; a place counts together with the role held there."""

    keep_selects = True

    q = TextField(label=_("Nom ou adresse"), max_length=100, required=False)
    role = forms.ChoiceField(
        label=_("Rôle"),
        choices=[("", _("Tous")), *Role.choices, (NO_ROLE, _("Sans rôle"))],
        required=False,
    )
    departement = forms.ModelChoiceField(
        label=_("Service métier"), queryset=Department.objects.none(), required=False
    )
    equipe = forms.ModelChoiceField(
        label=_("Équipe d’accueil"), queryset=Team.objects.none(), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "departement", Department.objects.all(), empty_label=_("Tous"))
        offer_rows(self, "equipe", Team.objects.all(), empty_label=_("Toutes"))


class MembershipForm(forms.Form):
    """A role and the place it is held at."""

    keep_selects = True

    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices)
    site = forms.ModelChoiceField(
        label=_("Site habituel"), queryset=Site.objects.none(), required=False
    )
    team = forms.ModelChoiceField(
        label=_("Équipe d’accueil"),
        queryset=Team.objects.none(),
        required=False,
        help_text=_("Pour un agent d’accueil."),
    )
    department = forms.ModelChoiceField(
        label=_("Service métier"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("Pour un agent ou un responsable de service."),
    )
    confirmed = forms.BooleanField(
        label=_("Je confirme le rôle d’administrateur"),
        required=False,
        help_text=_(
            "Il règle tout, et donne ou retire n’importe quel rôle. C’est inscrit au journal, et le"
            " délégué à la protection des données en est averti."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in (("team", Team), ("department", Department), ("site", Site)):
            none = _("Aucune") if name == "team" else _("Aucun")
            offer_rows(self, name, model.objects.filter(is_active=True), empty_label=none)
        show_when(self.fields["confirmed"], "role", "equals", Role.ADMINISTRATEUR.value)

    def clean(self):
        cleaned = super().clean() or {}
        role, confirmed = cleaned.get("role"), cleaned.pop("confirmed", False)
        if role == Role.ADMINISTRATEUR and not confirmed:
            self.add_error(
                "confirmed", _("Cochez la case « Je confirme le rôle d’administrateur ».")
            )
        if role in DEPARTMENT_ROLES and not cleaned.get("department"):
            self.add_error("department", _("Ce rôle a besoin d’un service métier."))
        if role in TEAM_ROLES and not cleaned.get("team"):
            self.add_error("team", _("Ce rôle a besoin d’une équipe d’accueil."))
        return cleaned


class InvitationForm(MembershipForm):
    """Who is invited, with a first role."""

    email = forms.EmailField(
        label=_("Adresse électronique professionnelle"),
        help_text=_("Le lien de l’invitation y est envoyé."),
    )
    first_name = TextField(label=_("Prénom"), max_length=100)
    last_name = TextField(label=_("Nom"), max_length=100)
    job_title = forms.CharField(
        label=_("Qualité"),
        max_length=150,
        required=False,
        help_text=_("Au bas des courriers : agent d’état civil."),
    )

    field_order = [
        "first_name",
        "last_name",
        "email",
        "job_title",
        "role",
        "site",
        "team",
        "department",
    ]


class HandoverForm(forms.Form):
    """Who gets the files of somebody who leaves or moves."""

    successor = forms.ModelChoiceField(
        label=_("Nouveau responsable"), queryset=User.objects.none(), required=False
    )

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(
            self,
            "successor",
            successors_of(person),
            empty_label=_("Personne : remettre à l’équipe ou au service"),
        )
