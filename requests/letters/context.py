"""What a letter may say about a request: the variables of its template."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from massy_grc.users.models import User
from prestations.enums import Channel
from prestations.models import Prestation, Town
from requests.deadlines import accepted_on
from requests.enums import WalletKind
from requests.letters import words
from requests.models import Attachment, ServiceRequest
from requests.opinions import opinion_link
from requests.promises import promise_in_letter
from requests.shared_answers import same_person
from requests.tracking import tracking_link

# reference.yaml `template_variables`; a test proves them equal
VARIABLES: dict[str, tuple[str, ...]] = {
    "ville": ("nom", "adresse", "telephone", "courriel", "site_web", "dpo_courriel"),
    "requete": (
        "reference",
        "objet",
        "date_reception",
        "date_echeance",
        "promesse",
        "date_accuse",
        "lien_suivi",
        "code_suivi",
        "date_decision_implicite",
        "acceptee_depuis",
        "canal",
        "libelle_public",
        "regroupee_avec",
    ),
    "prestation": ("libelle", "pieces"),
    "demandeur": ("nom_courrier", "prenom", "adresse", "joignable"),
    "agent": ("prenom", "nom", "qualite"),
    "service": ("nom", "adresse", "telephone", "courriel", "suivi"),
    "pieces": ("liste", "date_limite", "a_corriger"),
    "decision": ("date", "motifs", "texte", "voies_recours"),
    "rdv": ("date", "heure", "lieu", "pieces"),
    "retrait": ("lieu", "date_limite", "horaires"),
    "intervention": ("date", "compte_rendu"),
    "transmission": ("administration", "adresse", "date"),
    "facture": ("numero", "montant", "date_limite", "lien_paiement", "mois"),
    "qf": ("valeur", "tranche", "date_debut", "date_fin"),
    "famille": ("code", "lien_portail"),
    "personne_inscrite": ("nom_courrier", "adresse", "tiers", "lien_opposition"),
    "enquete": ("lien",),
    "article": ("titre", "texte", "lien"),
    "probleme": ("autres",),
    "liste": ("rang", "date_prochaine_commission"),
    "pv": ("autorite", "reference", "date_remise", "resultat"),
    "compte": ("lien_activation", "expiration"),
    "lien": ("url", "expiration"),
    "invitation": ("prenom", "nom", "role", "service", "auteur"),
    "alerte": ("date", "delai_restant", "retard", "raison", "charge_dossier", "action", "lien"),
    "message": ("texte", "date", "date_limite", "pieces", "lien_reponse"),
    "reouverture": ("date", "motif"),
    "desistement": ("date", "motif"),
    "guichet": ("site", "adresse", "maniere"),
    "retour": ("date",),
    "site": ("prochaine_ouverture",),
    "lieu": ("nom", "adresse", "horaires_jour"),
    "file": ("attente_minutes",),
}

# CRPA L410-1, L411-2; CJA R421-1, R421-5
ORDINARY_REMEDY = (
    "Dans les deux mois qui suivent la décision, vous pouvez demander au maire de la revoir "
    "(recours gracieux) ou saisir le tribunal administratif de Versailles (www.telerecours.fr)."
)
TEAM_FIRST_NAME = "l'équipe"
TEAM_QUALITY = "accueil des usagers"


def context_for(
    service_request: ServiceRequest, **extra: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return every variable of the templates with its value for this request, "" when none.

    Args:
        extra: groups to fill or correct: ``pieces={"liste": …, "date_limite": …}``.

    Raises:
        KeyError: `extra` names a variable that no template may use.
    """
    town = town_or_default()
    values = {group: dict.fromkeys(names, "") for group, names in VARIABLES.items()}
    values["ville"].update(_town(town))
    values["requete"].update(_request(service_request))
    values["prestation"].update(_prestation(service_request))
    values["demandeur"].update(_requester(service_request))
    values["agent"].update(agent_of(service_request))
    values["service"].update(service_of(service_request, town))
    values["pieces"].update(_pieces(service_request))
    values["decision"].update(voies_recours=remedy_of(service_request.prestation))
    values["personne_inscrite"].update(registered_person(service_request))
    values["enquete"].update(lien=opinion_link(service_request))
    for group, given in extra.items():
        for name, value in given.items():
            if name not in values[group]:
                raise KeyError(f"{group}.{name}")
            values[group][name] = str(value or "")
    return values


def without_keys(values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The same values as an agent may read them: what opens a page by itself is the requester's.

    The link to the page of a request leads to where its number and code are typed.
    """
    lookup = f"{settings.PUBLIC_URL}{reverse('requests:track_lookup')}"
    hidden = {
        "requete": {"lien_suivi": lookup, "code_suivi": ""},
        "enquete": {"lien": ""},
        "personne_inscrite": {"lien_opposition": ""},
        "compte": {"lien_activation": ""},
    }
    return {group: named | hidden.get(group, {}) for group, named in values.items()}


def town_or_default() -> Town:
    """The town; an unnamed one before the reference data is loaded."""
    return Town.objects.first() or Town(name="Massy")


def remedy_of(prestation: Prestation) -> str:
    """How to contest a decision: the prestation's own way, or the ordinary one."""
    return prestation.appeal or ORDINARY_REMEDY


def contact_of(service_request: ServiceRequest) -> User | None:
    """Who follows the file for its requester; None while its team does."""
    treated_here = service_request.department_id is None
    return service_request.front_agent or (service_request.assignee if treated_here else None)


def agent_of(service_request: ServiceRequest) -> dict[str, str]:
    """First name, name and quality of who follows the file (CRPA L111-2); else its team.

    Never the expert's: the requester has one interlocutor (S27).
    """
    agent = contact_of(service_request)
    if agent is None:
        team = service_request.team.label.removeprefix("Service ")
        return {"prenom": TEAM_FIRST_NAME, "nom": team, "qualite": TEAM_QUALITY}
    return agent_named(agent)


def agent_named(agent: User) -> dict[str, str]:
    """First name, name and quality of an agent, as a letter says them (CRPA L111-2)."""
    return {
        "prenom": agent.first_name,
        "nom": agent.last_name,
        "qualite": agent.job_title or "agent de la ville",
    }


def service_of(service_request: ServiceRequest, town: Town | None = None) -> dict[str, str]:
    """Name and address of the service responsible, with whom to speak to (CRPA R112-5).

    A department is named; it is reached through the front office, the one interlocutor (S27).
    """
    town = town or town_or_default()
    department, team = service_request.department, service_request.team
    return {
        "nom": department.label if department else team.label,
        "adresse": (department and department.address) or team.address or town.address,
        "telephone": team.phone or town.phone,
        "courriel": team.email or town.email,
        "suivi": _follow_up(service_request, town),
    }


def _follow_up(service_request: ServiceRequest, town: Town) -> str:
    """Who has the file, and whom to speak to: always the front office, with its contact (S27)."""
    team = service_request.team
    parts = (
        team.label,
        team.address or town.address,
        team.phone or town.phone,
        team.email or town.email,
    )
    contact = ", ".join(part for part in parts if part)
    if service_request.department is None:
        return f"Service chargé du dossier : {contact}."
    return (
        f"Service chargé du dossier : {service_request.department.label}. "
        f"Votre interlocuteur : {contact}."
    )


def full_name(service_request: ServiceRequest) -> list[str]:
    """The lines naming the requester at the head of a letter; none for an anonymous one."""
    lines = []
    declared = service_request.organisation_account or service_request.organisation
    if declared:
        lines.append(declared.name)
    if service_request.citizen:
        lines.append(service_request.citizen.letter_name)
    elif service_request.organisation and service_request.organisation.representative:
        lines.append(service_request.organisation.representative)
    return lines or [name for name in [service_request.requester_name] if name]


def document_labels(service_request: ServiceRequest) -> dict[str, str]:
    """The supporting documents of the form the request was filed with: code to label."""
    definition = service_request.form_version.definition
    return {doc["code"]: doc["label"] for doc in definition.get("documents", [])}


def labels_to_bring(service_request: ServiceRequest) -> list[str]:
    """The same without those that are due later, after an agreement or in case of doubt."""
    documents = service_request.form_version.definition.get("documents", [])
    return [one["label"] for one in documents if not one.get("later")]


def paper_labels(service_request: ServiceRequest) -> list[str]:
    """Labels of the documents that an agent saw, or received on paper."""
    # the identity of whoever is there may be seen where the form asks for no such document
    labels = {WalletKind.IDENTITY.value: str(WalletKind.IDENTITY.label)} | document_labels(
        service_request
    )
    return [labels.get(code, code) for code in service_request.papers]


def registered_person(service_request: ServiceRequest) -> dict[str, str]:
    """Who is concerned, when the form or whoever filed names somebody else; else the requester.

    ``tiers`` is who filed it then: the person concerned is told by whom.
    """
    given = service_request.answers.get("reponses", {})
    name = f"{given.get('inscrit_prenom') or ''} {given.get('inscrit_nom') or ''}".strip()
    address = _address_line(given.get("inscrit_adresse"))
    concerned = getattr(service_request, "concerned", None)
    if concerned:
        name, address = concerned.name, address or concerned.address
    requester = " ".join(full_name(service_request))
    return {
        "nom_courrier": name or " ".join(full_name(service_request)[-1:]),
        "adresse": address or _address_line(service_request.requester_address),
        "tiers": requester if concerned else "",
    }


def _address_line(value) -> str:
    if isinstance(value, Mapping):
        parts = ("numero", "voie", "complement", "code_postal", "commune")
        return " ".join(str(value[part]) for part in parts if value.get(part))
    return str(value or "")


def _town(town: Town) -> dict[str, str]:
    return {
        "nom": town.name,
        "adresse": town.address,
        "telephone": town.phone,
        "courriel": town.email,
        "site_web": town.website,
        "dpo_courriel": town.dpo_email,
    }


def _request(service_request: ServiceRequest) -> dict[str, str]:
    return {
        "reference": service_request.reference,
        "objet": service_request.subject,
        "date_reception": words.full_date(service_request.arrived_at),
        "date_echeance": words.full_date(service_request.due_at),
        # as of the filing; a letter that leaves later corrects it
        "promesse": promise_in_letter(service_request, service_request.filed_at),
        "lien_suivi": tracking_link(service_request),
        "code_suivi": service_request.tracking_code,
        "date_decision_implicite": words.full_date(service_request.implicit_decision_at),
        "acceptee_depuis": words.full_date(accepted_on(service_request, timezone.localdate())),
        "canal": str(Channel(service_request.channel).label),
        "libelle_public": str(service_request.public_state),
        "regroupee_avec": _own_lead(service_request),
    }


def _own_lead(service_request: ServiceRequest) -> str:
    """The number of the request that it follows; "" when that is somebody else's."""
    lead = service_request.merged_into
    return lead.reference if lead is not None and same_person(service_request, lead) else ""


def _prestation(service_request: ServiceRequest) -> dict[str, str]:
    return {
        "libelle": service_request.prestation.told_label,
        "pieces": words.bullets(labels_to_bring(service_request)),
    }


def _requester(service_request: ServiceRequest) -> dict[str, str]:
    citizen = service_request.citizen
    if citizen:
        name, given = citizen.usage_name or citizen.family_name, citizen.given_name
    else:
        name, given = " ".join(full_name(service_request)), ""
    return {
        "nom_courrier": name,
        "prenom": given,
        "adresse": service_request.requester_address,
        "joignable": service_request.requester_email or service_request.requester_address,
    }


def file_names(files: Iterable[Attachment]) -> list[str]:
    """What the requester sent, as they call it; with the file's name where two are alike."""
    files = list(files)
    labels = Counter(file.label or file.name for file in files)
    return [
        f"{file.label} ({file.name})"
        if file.label and labels[file.label] > 1
        else file.label or file.name
        for file in files
    ]


def _pieces(service_request: ServiceRequest) -> dict[str, str]:
    asked = list(service_request.pieces.filter(received_at=None))
    return {
        "liste": words.bullets(
            f"{piece.label} ({piece.reason})" if piece.reason else piece.label for piece in asked
        ),
        "date_limite": words.full_date(min((piece.due_on for piece in asked), default=None)),
        "a_corriger": "",
    }


def staff_link(service_request: ServiceRequest) -> str:
    """The agents' page, for internal mail only."""
    return f"{settings.PUBLIC_URL}{service_request.get_absolute_url()}"


def way_to(service_request: ServiceRequest) -> str:
    """The sentence of an internal mail that leads to the request."""
    return f"Pour l'ouvrir dans l'espace agents : {staff_link(service_request)}"
