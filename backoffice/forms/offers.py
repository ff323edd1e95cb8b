"""A prestation as an administrator writes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.groupings import LABEL
from backoffice.forms.routing import CheckedRows, lines_of
from backoffice.forms.two_languages import both, english_pairs
from massy_grc.common.choices import offer, offer_rows, show_when
from massy_grc.common.typed import TextField
from prestations.enums import (
    Appointment,
    Channel,
    DelayUnit,
    DeliveryMode,
    Handling,
    PrestationStatus,
)
from prestations.loading.schema_catalogue import ARRIVAL_CHANNELS
from prestations.models import (
    Category,
    Department,
    PortalGroup,
    Prestation,
    Processing,
    Site,
    Software,
)
from prestations.translation import catalogue_text, english_of

RETIRED = "retirees"
TEXT = 2000
_LINES = forms.Textarea(attrs={"rows": 4})


class GroupsField(CheckedRows):
    """Groups of the citizens' page, each with its team: that of the category."""

    def label_from_instance(self, obj: PortalGroup) -> str:
        return f"{catalogue_text(obj.label)} ({obj.team})"


def free_label(label: str, code: str = "") -> str:
    """Return the name of a prestation when no other in use has it."""
    if Prestation.objects.listed().filter(label=label).exclude(pk=code).exists():
        raise forms.ValidationError(_("Une autre prestation porte ce nom."))
    return label


class PrestationForm(forms.Form):
    """The settings of a prestation that no other page owns."""

    keep_selects = True

    label = TextField(label=_("Nom"), max_length=LABEL)
    label_en = TextField(label=_("Nom en anglais"), max_length=LABEL, required=False)
    summary = TextField(label=_("Résumé"), max_length=TEXT, multiline=True, widget=_LINES)
    summary_en = TextField(
        label=_("Résumé en anglais"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=_LINES,
    )
    eligibility = TextField(
        label=_("Qui peut demander"),
        max_length=TEXT,
        multiline=True,
        widget=_LINES,
        help_text=_("Une phrase par ligne."),
    )
    eligibility_en = TextField(
        label=_("Qui peut demander, en anglais"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=_LINES,
        help_text=_("Autant de lignes, dans le même ordre."),
    )
    keywords = TextField(
        label=_("Mots pour la trouver"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=_LINES,
        help_text=_("Un mot ou une expression par ligne."),
    )
    category = forms.ModelChoiceField(
        label=_("Catégorie"),
        queryset=Category.objects.none(),
        help_text=_("L’équipe d’accueil est celle de la catégorie."),
    )
    groups = GroupsField(
        label=_("Rubriques de la page des habitants"),
        queryset=PortalGroup.objects.none(),
        required=False,
        help_text=_(
            "Elle y paraît dès qu’elle est active et ouverte sur internet. Une prestation"
            " historique ou retirée les quitte."
        ),
    )
    handling = forms.ChoiceField(
        label=_("Qui la traite"), choices=Handling.choices, widget=forms.RadioSelect
    )
    expert_department = forms.ModelChoiceField(
        label=_("Service métier"), queryset=Department.objects.none(), required=False
    )
    legacy_software = forms.ModelChoiceField(
        label=_("Logiciel du service"),
        queryset=Software.objects.none(),
        required=False,
        help_text=_(
            "Celui où ses demandes sont ressaisies : les agents le notent, le pilotage les compte."
        ),
    )
    sites = CheckedRows(label=_("Sites"), queryset=Site.objects.none(), required=False)
    channels = forms.MultipleChoiceField(
        label=_("Canaux"),
        choices=[pair for pair in Channel.choices if pair[0] in ARRIVAL_CHANNELS],
        widget=forms.CheckboxSelectMultiple,
    )
    anonymous_allowed = forms.BooleanField(label=_("Demande anonyme possible"), required=False)
    residents_only = forms.BooleanField(label=_("Réservée aux habitants"), required=False)
    target_value = forms.IntegerField(
        label=_("Délai visé"), min_value=1, max_value=999, widget=forms.TextInput
    )
    target_unit = forms.ChoiceField(label=_("Unité"), choices=DelayUnit.choices)
    appointment = forms.ChoiceField(
        label=_("Rendez-vous"), choices=Appointment.choices, widget=forms.RadioSelect
    )
    appointment_info = TextField(
        label=_("Comment le prendre"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=_LINES,
    )
    delivery_modes = forms.MultipleChoiceField(
        label=_("Comment la réponse arrive"),
        choices=DeliveryMode.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    processing = forms.ModelChoiceField(
        label=_("Registre des traitements"),
        queryset=Processing.objects.none(),
        required=False,
        help_text=_("Le formulaire affiche ce que devient chaque donnée."),
    )
    status = forms.ChoiceField(label=_("État"), widget=forms.RadioSelect)
    replaced_by = TextField(
        label=_("Ce qui la remplace"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=_LINES,
    )
    replaced_by_en = TextField(
        label=_("Ce qui la remplace, en anglais"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=_LINES,
    )
    link_label = TextField(label=_("Site où la demander"), max_length=LABEL, required=False)
    link_url = forms.URLField(
        label=_("Son adresse"), required=False, assume_scheme="https", widget=forms.TextInput
    )
    notes = TextField(
        label=_("Notes pour les agents"),
        max_length=TEXT,
        multiline=True,
        required=False,
        widget=_LINES,
    )

    def __init__(self, data: Any = None, *, prestation: Prestation):
        self.prestation = prestation
        super().__init__(data, initial=_initial(prestation))
        offer_rows(self, "category", Category.objects.filter(is_active=True))
        groups = PortalGroup.objects.filter(is_active=True).select_related("team")
        offer_rows(self, "groups", groups.order_by("team__order", "order"))
        departments = Department.objects.filter(is_active=True)
        offer_rows(self, "expert_department", departments, empty_label=_("Aucun"))
        named = Software.objects.filter(pk=prestation.legacy_software)
        software = Software.objects.double_entry() | named
        offer_rows(self, "legacy_software", software, empty_label=_("Aucun"))
        offer_rows(self, "sites", Site.objects.filter(is_active=True))
        register = Processing.objects.filter(is_active=True)
        offer_rows(
            self, "processing", register, empty_label=_("À choisir avant la mise en service")
        )
        offer(
            self,
            "status",
            [
                (PrestationStatus.DRAFT, _("Brouillon : personne ne la voit")),
                (PrestationStatus.ACTIVE, _("Active : elle peut être demandée")),
                (PrestationStatus.HISTORICAL, _("Historique : elle informe, sans demande")),
                (RETIRED, _("Retirée : plus personne ne la voit, ses demandes continuent")),
            ],
        )
        show_when(self.fields["expert_department"], "handling", "equals", Handling.COMPLEXE.value)
        needs = [Appointment.OPTIONAL.value, Appointment.REQUIRED.value]
        show_when(self.fields["appointment_info"], "appointment", "in", needs)
        for name in ("replaced_by", "replaced_by_en"):
            show_when(self.fields[name], "status", "equals", PrestationStatus.HISTORICAL.value)

    def clean_label(self) -> str:
        return free_label(self.cleaned_data["label"], self.prestation.pk)

    def clean(self):
        values = super().clean() or {}
        url, words = values.get("link_url") or "", values.get("link_label") or ""
        if bool(url) != bool(words):
            self.add_error("link_label", _("Donnez le nom du site et son adresse."))
        elif url and not url.startswith("https://"):
            self.add_error("link_url", _("L’adresse commence par https://."))
        lines = lines_of(values.get("eligibility") or "")
        english = lines_of(values.get("eligibility_en") or "")
        if english and len(english) != len(lines):
            self.add_error("eligibility_en", _("Écrivez autant de lignes qu’en français."))
        self._check_groups(values)
        return values

    def _check_groups(self, values: dict[str, Any]) -> None:
        """A draft may name its groups, which show it once it is in use."""
        status, category = values.get("status"), values.get("category")
        if status not in (PrestationStatus.ACTIVE, PrestationStatus.DRAFT):
            values["groups"] = []
        for group in values.get("groups") or ():
            if category and group.team_id != category.team_id:
                words = _("« %(group)s » est une rubrique de l’équipe « %(team)s ».")
                self.add_error("groups", words % {"group": group, "team": group.team})
        is_online = Channel.WEB in values.get("channels", ())
        if values.get("groups") and status == PrestationStatus.ACTIVE and not is_online:
            self.add_error("groups", _("Ouvrez-la sur internet, ou décochez ses rubriques."))

    def columns(self) -> dict[str, Any]:
        """What was written, as columns of a prestation."""
        values = self.cleaned_data
        same = (
            *("label", "summary", "category", "handling", "channels", "anonymous_allowed"),
            *("residents_only", "target_value", "target_unit", "appointment", "delivery_modes"),
            *("processing", "notes"),
        )
        complex_one = values["handling"] == Handling.COMPLEXE
        historical = values["status"] == PrestationStatus.HISTORICAL
        with_appointment = values["appointment"] != Appointment.NONE
        is_retired = values["status"] == RETIRED
        software = values["legacy_software"]
        known = self.prestation.status  # a retired one keeps it, but a draft is no draft any more
        known = PrestationStatus.HISTORICAL if known == PrestationStatus.DRAFT else known
        link = {"label": values["link_label"], "url": values["link_url"]}
        return {name: values[name] for name in same} | {
            "eligibility": lines_of(values["eligibility"]),
            "keywords": lines_of(values["keywords"]),
            "expert_department": values["expert_department"] if complex_one else None,
            "legacy_software": software.pk if software else "",
            "appointment_info": values["appointment_info"] if with_appointment else "",
            "replaced_by": values["replaced_by"] if historical or is_retired else "",
            "external_link": link if values["link_url"] else None,
            "status": known if is_retired else values["status"],
            "is_active": not is_retired and values["status"] != PrestationStatus.DRAFT,
        }

    def english(self) -> dict[str, str]:
        """Its texts in both languages."""
        values = self.cleaned_data
        lines, said = lines_of(values["eligibility"]), lines_of(values["eligibility_en"])
        pairs = english_pairs(values, "label", "summary", "replaced_by")
        return pairs | dict(zip(lines, said, strict=False))


def _initial(prestation: Prestation) -> dict[str, Any]:
    same = (
        *("handling", "channels", "anonymous_allowed", "residents_only", "target_value"),
        *("target_unit", "appointment", "appointment_info", "delivery_modes", "notes"),
        "legacy_software",
    )
    texts = {name: getattr(prestation, name) for name in ("label", "summary", "replaced_by")}
    said = [english_of(one) for one in prestation.eligibility]
    link = prestation.external_link or {}
    is_retired = not prestation.is_active and prestation.status != PrestationStatus.DRAFT
    return (
        both(texts, *texts)
        | {name: getattr(prestation, name) for name in same}
        | {
            "eligibility": "\n".join(prestation.eligibility),
            "eligibility_en": "\n".join(one or "" for one in said) if all(said) else "",
            "keywords": "\n".join(prestation.keywords),
            "category": prestation.category_id,
            "groups": list(prestation.portal_entries.values_list("group", flat=True)),
            "expert_department": prestation.expert_department_id,
            "sites": [site.pk for site in prestation.sites.all()],
            "processing": prestation.processing_id,
            "status": RETIRED if is_retired else prestation.status,
            "link_label": link.get("label", ""),
            "link_url": link.get("url", ""),
        }
    )
