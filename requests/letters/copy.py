"""The readable copy of one's data, as PDF: every heading and value of the JSON, in French words."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from citizens.models import Citizen
from massy_grc.common.words import file_size
from requests.letters import words
from requests.letters.context import town_or_default
from requests.letters.pdf import print_html

TITLES = {
    "fiche": "Votre fiche",
    "comptes": "Votre compte citoyen",
    "demandes": "Vos demandes",
    "demandes_pour_un_organisme": "Vos demandes au nom d’un organisme",
    "organismes": "Vos organismes",
    "brouillons": "Vos brouillons",
    "porte_documents": "Votre porte-documents",
    "contacts": "Vos questions au guichet et au téléphone",
    "foyer": "Votre foyer et vos proches",
    "lettres_d_information": "Vos lettres d’information",
    "signalements_suivis": "Signalements que vous suivez",
    "accords": "Vos accords",
    "lettres": "Lettres de la mairie",
    "messages_envoyes": "Messages que nous vous avons envoyés",
    "consultations_par_les_agents": "Consultations par les agents",
}
# the names of the JSON, in words
LABELS = {
    "nom_de_famille": "Nom de famille",
    "nom_d_usage": "Nom d’usage",
    "prenom": "Prénom",
    "date_de_naissance": "Date de naissance",
    "lieu_de_naissance": "Lieu de naissance",
    "sexe": "Sexe",
    "adresse_electronique": "Adresse électronique",
    "telephone": "Téléphone",
    "adresse_postale": "Adresse postale",
    "residence": "Résidence",
    "reponse_preferee_par": "Réponse préférée par",
    "avancement_par": "Avancement des demandes par",
    "documents_prets_par": "Documents prêts par",
    "langue": "Langue",
    "fiche_creee_le": "Fiche créée le",
    "adresse_de_connexion": "Adresse de connexion",
    "ouvert_le": "Ouvert le",
    "ferme_le": "Fermé le",
    "vu_le": "Dernière visite",
    "conditions_acceptees": "Conditions acceptées, version",
    "appareils": "Appareil",
    "appareil": "Nom",
    "connecte_le": "Connecté le",
    "numero": "Numéro",
    "prestation": "Démarche",
    "sujet": "Sujet",
    "etat": "État",
    "deposee_le": "Déposée le",
    "canal": "Canal",
    "reponses": "Réponses",
    "lieu": "Lieu",
    "pour": "Pour",
    "nom": "Nom",
    "lien": "Lien",
    "service": "Service",
    "close_le": "Close le",
    "motif_de_cloture": "Motif de clôture",
    "transmise_a": "Transmise à",
    "remises": "Remise",
    "piece_vue": "Pièce d’identité vue",
    "signature": "Signature",
    "histoire": "Étape",
    "date": "Date",
    "acte": "Acte",
    "message": "Votre message",
    "messages": "Message",
    "sens": "Sens",
    "objet": "Objet",
    "texte": "Texte",
    "pieces_demandees": "Pièce demandée",
    "piece": "Pièce",
    "pourquoi": "Pourquoi",
    "recue_le": "Reçue le",
    "avis": "Avis",
    "note": "Note",
    "rappel": "Rappel promis",
    "rappels_promis": "Rappel promis",
    "ressaisies": "Ressaisie dans un autre logiciel",
    "logiciel": "Logiciel",
    "promis_entre": "Promis entre",
    "et": "Et",
    "fait_le": "Fait le",
    "classement": "Classement automatique",
    "propositions": "Proposition",
    "score": "Score",
    "mots": "Mot",
    "oriente_sans_agent": "Orientée sans agent",
    "documents": "Document",
    "taille": "Taille",
    "de": "De",
    "organisme": "Organisme",
    "role": "Rôle",
    "depuis": "Depuis",
    "document": "Document",
    "date_du_document": "Date du document",
    "valable_jusqu_au": "Valable jusqu’au",
    "garde_depuis": "Gardé depuis",
    "question": "Question",
    "reponse": "Réponse",
    "lettre": "Lettre",
    "adresse": "Adresse",
    "postee_le": "Postée le",
    "demandee_le": "Demandée le",
    "confirmee_le": "Confirmée le",
    "signalement": "Signalement",
    "accord": "Accord",
    "version": "Version",
    "donne": "Donné",
    "par": "Par",
    "a": "À",
    "jour": "Jour",
    "consultations": "Consultations",
    "commence_le": "Commencé le",
    "modifie_le": "Modifié le",
    "proche": "Un proche",
    "meme_adresse": "Vit à la même adresse",
    "source": "Vérifié par",
    "note_le": "Noté le",
    "termine_le": "Terminé le",
}
CODES = ("codes_des_reponses",)  # for programs: the readable copy has the questions and answers

# values that are numbers and codes in the JSON
SAID: dict[str, Callable[[Any], str]] = {
    "taille": file_size,
    "langue": lambda code: str(translation.get_language_info(code)["name_local"]),
}

REQUESTS_A_FILE = 40  # what is laid out at once takes memory: some 3.5 MB a request


def copy_pdfs(citizen: Citizen, data: dict[str, Any], now: datetime) -> Iterator[bytes]:
    """Yield the copy as PDF files: everything, then the requests that the first has no room for.

    Args:
        data: as `requests.copies.gather` gives it.

    Raises:
        PdfUnavailable: Pango is missing.
    """
    for first in range(0, max(len(data["demandes"]), 1), REQUESTS_A_FILE):
        some = data["demandes"][first : first + REQUESTS_A_FILE]
        yield _pdf(citizen, {**data, "demandes": some} if first == 0 else {"demandes": some}, now)


def _pdf(citizen: Citizen, data: dict[str, Any], now: datetime) -> bytes:
    with translation.override("fr"):
        context = {
            "town": town_or_default(),
            "name": citizen.letter_name,
            "date": words.plain_date(now),
            "sections": sections_of(data),
        }
        return print_html(render_to_string("letters/data_copy.html", context))


def sections_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the copy as headings with rows (label, value), for a page or a letter.

    Args:
        data: as `requests.copies.gather` gives it.

    Raises:
        KeyError: a part of the copy has no heading, or a name no words.
    """
    return [
        {
            "title": TITLES[key],
            "items": [_rows(item) for item in (part if isinstance(part, list) else [part])],
        }
        for key, part in data.items()
    ]


def _rows(item: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Flatten one item into rows (label, value); what is empty is left out."""
    rows: list[tuple[str, str]] = []
    for key, value in item.items():
        if key in CODES:
            continue
        label = f"{prefix}{LABELS[key]}"
        if key == "reponses":
            rows += [(one["question"], _say(one["reponse"])) for one in value]
        elif isinstance(value, dict):
            rows += _rows(value, f"{label}, ")
        elif isinstance(value, (list, tuple)):
            for number, one in enumerate(value, start=1):
                mark = f"{label} {number}"
                rows += _rows(one, f"{mark}, ") if isinstance(one, dict) else [(mark, _say(one))]
        elif value not in (None, ""):
            rows.append((label, SAID.get(key, _say)(value)))
    return rows


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{words.plain_date(value)}, {words.clock(value)}"
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)
