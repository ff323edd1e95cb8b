"""The loader's checks in an administrator's words."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prestations.loading.problems import Fault

WORDS: dict[StrEnum, Promise] = {
    Fault.OTHER: _("Cette valeur ne convient pas."),
    Fault.SAME_NAME: _("Le même nom sert deux fois : changez l’un des deux."),
    Fault.UNKNOWN: _("Ce choix n’existe pas, ou plus : choisissez-en un autre."),
    Fault.PAGE_OF_DEPENDENT: _(
        "Une question posée selon une autre reste sur la page de celle-ci : enlevez le titre de"
        " page, ou la condition."
    ),
    Fault.DESCRIPTION_KIND: _("La description de l’affaire est un texte long."),
    Fault.DESCRIPTION_TWICE: _("Une seule question peut être la description de l’affaire."),
    Fault.DEPENDS_ON_LATER: _(
        "Elle dépend d’une question posée après elle : montez l’autre, ou descendez celle-ci."
    ),
    Fault.LIMIT_GONE: _("La question qui lui sert de maximum n’est plus dans le formulaire."),
    Fault.LIMIT_NUMBERS: _("Un maximum compare deux nombres."),
    Fault.NO_CHOICES: _("Une liste a besoin de réponses à proposer."),
    Fault.NEEDLESS_CHOICES: _("Seule une liste propose des réponses."),
    Fault.CONDITION_GONE: _(
        "La condition porte sur une question qui n’est plus dans le formulaire."
    ),
    Fault.CONDITION_VALUE: _(
        "La condition porte sur une réponse que l’autre question ne propose pas."
    ),
    Fault.CONDITION_NUMBER: _("La condition compare un nombre : choisissez une question à nombre."),
    Fault.ALWAYS_ASKED: _("Une pièce toujours obligatoire n’a pas de condition."),
    Fault.DUE_WITH_REQUEST: _("Une pièce toujours obligatoire est due avec la demande."),
    Fault.NO_SITUATION: _("Dites dans quelle situation la pièce est demandée."),
    Fault.PROOF_WITHOUT_TEXT: _(
        "Un justificatif de domicile ne se demande que si un texte le permet (CRPA R113-8) :"
        " citez-le."
    ),
    Fault.STOPS_TWICE: _("La même réponse arrête deux fois."),
    Fault.NO_WAY_ON: _("Aucune réponse ne permet de continuer."),
    Fault.NOT_A_CHOICE: _("La réponse remplit une question qui n’est pas une liste du formulaire."),
    Fault.NOT_A_DATE: _("L’âge se vérifie sur une question qui n’est pas une date du formulaire."),
    Fault.NOT_ONLINE: _(
        "Des questions préalables ne se posent qu’en ligne : la prestation n’est pas active sur"
        " internet."
    ),
    Fault.AUDIENCE_UNFIT: _(
        "Les questions sur le demandeur ne conviennent pas à un public de la prestation."
    ),
    Fault.NOT_ANONYMOUS: _(
        "La prestation accepte une demande anonyme, et les questions sur le demandeur exigent"
        " une identité."
    ),
    Fault.NEEDS_DEPARTMENT: _("Une prestation transmise a besoin d’un service métier."),
    Fault.NEEDLESS_DEPARTMENT: _("Une prestation traitée par l’accueil n’a pas de service métier."),
    Fault.NOT_ROUTED: _("Une prestation traitée par l’accueil n’a pas de règle d’orientation."),
    Fault.OTHER_TEAM: _("Sa catégorie est celle d’une autre équipe."),
    Fault.SILENCE_DELAY: _("L’effet du silence et son délai vont ensemble."),
    Fault.APPEAL_DELAY: _("Le recours doit dire son délai, en mois ou en jours."),
    Fault.APPOINTMENT_INFO: _("Dites comment prendre rendez-vous, et seulement s’il y en a."),
    Fault.REPLACED_BY: _(
        "Une prestation historique dit ce qui la remplace ; une autre n’en dit rien."
    ),
    Fault.ONLINE_TWICE: _(
        "Elle se demande sur un autre site : elle ne peut pas l’être aussi sur internet ici."
    ),
    Fault.FEE: _(
        "Une prestation payante dit son prix, à qui et comment payer ; une gratuite n’en dit rien."
    ),
    Fault.CERFA: _("Un formulaire national est nommé dans un texte sans être dans la liste."),
    Fault.EMPTY: _("Ce texte est vide."),
    Fault.TOO_LONG: _("Ce texte est trop long."),
}

# What of a prestation a problem speaks of, by the first word of its path.
SUBJECTS = {
    "label": _("Nom"),
    "summary": _("Résumé"),
    "eligibility": _("Qui peut demander"),
    "category": _("Catégorie"),
    "team": _("Équipe d’accueil"),
    "expert_department": _("Service métier"),
    "routing_rules": _("Règles d’orientation"),
    "sites": _("Sites"),
    "audiences": _("Publics"),
    "channels": _("Canaux"),
    "anonymous_allowed": _("Demande anonyme"),
    "target_delay": _("Délai visé"),
    "urgent_delay": _("Délai d’urgence"),
    "appointment_info": _("Rendez-vous"),
    "replaced_by": _("Ce qui la remplace"),
    "external_link": _("Site où la demander"),
    "fee": _("Tarif"),
    "delivery_modes": _("Remise"),
    "legal": _("Silence et recours"),
    "templates": _("Modèles de courriers"),
    "requester_block": _("Questions sur le demandeur"),
    "eligibility_questions": _("Questions préalables"),
    "on_behalf": _("Demande pour autrui"),
    "cerfa": _("Formulaires nationaux"),
    "processing": _("Registre des traitements"),
}
