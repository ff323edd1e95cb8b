"""The mistakes that the loader's checks find, in the words of whoever reads a page."""

import re
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prestations.loading.problems import Fault, Problem

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
    Fault.ANSWERS_COUNTED: _("Seul un choix de plusieurs réponses dit combien en donner."),
    Fault.ANSWERS_NUMBER: _(
        "Le nombre de réponses demandé ne va pas avec celui des réponses proposées."
    ),
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
    Fault.FEE: _("Une prestation payante dit son prix ; une gratuite n’en a pas."),
    Fault.FEE_PAYEE: _("Une prestation payante dit à qui on paie ; une gratuite n’en dit rien."),
    Fault.FEE_METHOD: _("Une prestation payante dit comment payer ; une gratuite n’en dit rien."),
    Fault.CERFA: _("Un formulaire national est nommé dans un texte sans être dans la liste."),
    Fault.EMPTY: _("Ce texte est vide."),
    Fault.TOO_LONG: _("Ce texte est trop long."),
    Fault.MISSING: _("Cette clé manque."),
    Fault.NOT_A_KEY: _("Cette clé n’est pas connue."),
    Fault.KEY_TWICE: _("Une même clé est écrite deux fois."),
    Fault.NOT_YAML: _("Ce fichier ne se lit pas comme du YAML."),
    Fault.ALIASES: _("Le fichier contient des renvois YAML : il n’est pas lu."),
    Fault.TYPE: _("Cette valeur n’est pas du bon type (texte, nombre, liste…)."),
    Fault.FORM: _("Cette valeur n’a pas la forme attendue."),
    Fault.LISTED_TWICE: _("La même valeur est deux fois dans la liste."),
    Fault.TOO_SMALL: _("Ce nombre est trop petit."),
    Fault.CLOSED_ON_WEB: _("Cette prestation n’est pas active sur internet."),
    Fault.GROUP_OF_TEAM: _("Cette prestation est celle d’une autre équipe que la rubrique."),
    Fault.NO_FEE: _("Elle n’a pas de tarif versé à la commune à contrôler."),
    Fault.NOBODY_SIGNS: _("Elle n’est pas seulement retirée sur place : personne ne signerait."),
    Fault.NO_HEAD: _("Elle n’a pas de service métier dont le chef approuverait la réponse."),
    Fault.NO_PUBLIC_PLACE: _("Elle n’a pas de lieu public (rue ou carte) à montrer."),
    Fault.TERM_OF_NOTHING: _("Une durée va avec des données à effacer, et seulement avec elles."),
    Fault.NOTE_OR_TERM: _("Une explication remplace une durée en mois : l’une ou l’autre."),
    Fault.ONLY_REQUESTS: _("Seules des demandes ont des prestations et des pièces."),
    Fault.FILES_FIRST: _("Les pièces s’effacent avant le reste, pas après."),
    Fault.COPIES: _("Au-delà de trois mois, il faut un texte propre à ces copies."),
}
_LINE = re.compile(r"line (?P<line>\d+), column (?P<column>\d+)")


def told(problem: Problem) -> str:
    """Say one mistake in the reader's language, behind its place in the file and its value."""
    given = {"place": problem.path, "value": problem.value, "message": WORDS[problem.fault]}
    if found := _LINE.fullmatch(problem.path):
        return gettext("Ligne %(line)s, colonne %(column)s : %(words)s") % {
            **found.groupdict(),
            "words": given["message"],
        }
    if not problem.path:
        return str(given["message"])
    if problem.value:
        return gettext("%(place)s (« %(value)s ») : %(message)s") % given
    return gettext("%(place)s : %(message)s") % given
