"""Sample data for templates/components/styleguide.html, which shows every component at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from massy_grc.common.choices import show_when


class SampleForm(forms.Form):
    """One field of each kind; bound with nothing, it shows every error."""

    nom = forms.CharField(
        label="Nom de famille",
        help_text="Comme sur votre carte d’identité.",
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    courriel = forms.EmailField(
        label="Adresse électronique",
        required=False,
        help_text="Exemple : nom@exemple.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    acte = forms.ChoiceField(
        label="Quel document demandez-vous ?",
        choices=[
            ("", "---------"),
            ("integrale", "Copie intégrale"),
            ("extrait", "Extrait avec filiation"),
            ("autre", "Autre document"),
        ],
    )
    precision = forms.CharField(label="Quel autre document ?")
    quartier = forms.ChoiceField(
        label="Quartier",
        required=False,
        choices=[("", "Choisissez")] + [(str(n), f"Quartier {n}") for n in range(1, 9)],
    )
    jours = forms.MultipleChoiceField(
        label="Jours où vous joindre",
        required=False,
        choices=[("lun", "Lundi"), ("mar", "Mardi"), ("mer", "Mercredi")],
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(label="Votre message", widget=forms.Textarea(attrs={"rows": 4}))
    photo = forms.FileField(label="Photo", required=False, help_text="JPEG ou PNG, 10 Mo au plus.")
    accord = forms.BooleanField(label="J’accepte que la ville garde mon adresse électronique")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        show_when(self.fields["precision"], "acte", "equals", "autre")


def styleguide_context() -> dict[str, Any]:
    """Everything the style-guide page needs besides its base."""
    now = timezone.now()
    today = timezone.localdate()
    return {
        "form": SampleForm(data={}),
        "blank_form": SampleForm(auto_id="vide_%s"),
        "states": [
            ("Reçue", "new"),
            ("À qualifier", "triage"),
            ("En cours de traitement", "progress"),
            ("Transmise au service", "transferred"),
            ("Pièces à fournir", "waiting"),
            ("Rendez-vous fixé", "appointment"),
            ("Réponse à envoyer", "answer"),
            ("À retirer", "ready"),
            ("Terminée", "done"),
            ("Annulée", "cancelled"),
        ],
        "now": now,
        "today": today,
        "due": today + dt.timedelta(days=9),
        "steps": [
            {"title": "Demande reçue", "when": "past", "date": today - dt.timedelta(days=6)},
            {
                "title": "Transmise au service Voirie",
                "when": "past",
                "date": today - dt.timedelta(days=4),
                "text": "Une équipe passera constater sur place.",
            },
            {"title": "Intervention en préparation", "when": "current"},
            {
                "title": "Réponse de la ville",
                "when": "next",
                "date": today + dt.timedelta(days=9),
            },
        ],
        "answers": [
            {"label": "Nom", "value": "Ndiaye-Lefebvre", "change_url": "#nom"},
            {
                "label": "Adresse",
                "value": "12 bis, avenue du Général-de-Gaulle\n91300 Massy",
                "change_url": "#adresse",
            },
            {"label": "Téléphone", "value": "", "change_url": "#telephone"},
        ],
        "chips": [
            {"label": "État :", "value": "À répondre", "remove_url": "?etat="},
            {"label": "Service :", "value": "Voirie assainissement", "remove_url": "?service="},
        ],
        "columns": [
            {"label": "Demandeur"},
            {"label": "Sujet", "sort_url": "?tri=sujet"},
            {"label": "État"},
            {"label": "Date", "sort_url": "?tri=date", "sorted": "descending", "numeric": True},
            {"label": "Échéance"},
        ],
        "bars": [
            ("Acte de naissance", 1284, "?p=naissance"),
            ("Carte d’identité et passeport", 962, "?p=cni"),
            ("Nid-de-poule", 411, "?p=voirie"),
            ("Dépôt sauvage", 87, None),
            ("Attestation d’accueil", 0, None),
        ],
        "points": [
            (month, value)
            for month, value in zip(
                ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept."),
                (320, 298, 410, 388, 352, 441, 260, 190, 512),
                strict=True,
            )
        ],
        "agent_post": "Guichet · annexe Villaine",
        "agent_nav": [
            {"label": "Demandes", "url": "#", "icon": "inbox", "active": True},
            {"label": "Accueil", "url": "#", "icon": "users", "active": False},
            {"label": "Citoyens", "url": "#", "icon": "contact", "active": False},
            {"label": "Tableaux de bord", "url": "#", "icon": "chart-column", "active": False},
        ],
        "views": [
            {
                "label": "Mes demandes",
                "url": "#",
                "count": 12,
                "unit": "demandes",
                "icon": "user",
                "active": True,
            },
            {
                "label": "À qualifier",
                "url": "#",
                "count": 4,
                "unit": "demandes",
                "icon": "inbox",
                "active": False,
            },
            {
                "label": "À répondre",
                "url": "#",
                "count": 6,
                "unit": "demandes",
                "icon": "reply",
                "active": False,
            },
            {
                "label": "En retard",
                "url": "#",
                "count": 3,
                "unit": "demandes",
                "icon": "alarm-clock",
                "active": False,
            },
        ],
    }
