"""The merge fields of the letters to citizens, in words: for who writes a letter."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prestations.models import LetterTemplate
from requests.letters.asked import DERIVED, OWN_WORDS, VALUES
from requests.letters.engine import needs_of

# What the request, the town or the agent gives; the rest is asked for (`requests.letters.asked`).
GIVEN: dict[str, str | Promise] = {
    "requete.reference": _("Numéro de la demande"),
    "requete.objet": _("Objet de la demande"),
    "requete.date_reception": _("Jour où la demande est arrivée"),
    "requete.date_accuse": _("Jour de l’accusé de réception"),
    "requete.date_echeance": _("Jour où la réponse est promise"),
    "requete.promesse": _("Phrase qui dit quand vient la réponse"),
    "requete.lien_suivi": _("Adresse de la page de suivi"),
    "requete.code_suivi": _("Code de suivi"),
    "requete.date_decision_implicite": _("Jour où le silence vaut décision"),
    "requete.acceptee_depuis": _("Jour où le silence a valu accord"),
    "requete.canal": _("Par où la demande est arrivée"),
    "requete.libelle_public": _("Où en est la demande, comme le lit le citoyen"),
    "requete.regroupee_avec": _("Numéro de la demande avec laquelle elle est traitée"),
    "prestation.libelle": _("Nom de la prestation"),
    "prestation.pieces": _("Pièces à fournir pour cette prestation"),
    "demandeur.nom_courrier": _("Nom du demandeur"),
    "demandeur.prenom": _("Prénom du demandeur"),
    "demandeur.adresse": _("Adresse postale du demandeur"),
    "demandeur.joignable": _("Adresse électronique ou postale, vide sans l’une ni l’autre"),
    "agent.prenom": _("Prénom de l’agent"),
    "agent.nom": _("Nom de l’agent"),
    "agent.qualite": _("Qualité de l’agent"),
    "service.nom": _("Service chargé du dossier"),
    "service.adresse": _("Adresse de ce service"),
    "service.telephone": _("Téléphone de l’accueil"),
    "service.courriel": _("Courriel de l’accueil"),
    "service.suivi": _("Phrases qui nomment le service et l’interlocuteur"),
    "ville.nom": _("Nom de la ville"),
    "ville.adresse": _("Adresse de la mairie"),
    "ville.telephone": _("Téléphone de la mairie"),
    "ville.courriel": _("Courriel de la mairie"),
    "ville.site_web": _("Site de la ville"),
    "ville.dpo_courriel": _("Courriel du délégué à la protection des données"),
    "pieces.liste": _("Pièces réclamées"),
    "pieces.date_limite": _("Date limite pour ces pièces"),
    "pieces.a_corriger": _("Ce qui est à corriger"),
    "decision.date": _("Date de la décision"),
    "decision.voies_recours": _("Comment contester la décision"),
    "rdv.date": _("Jour du rendez-vous"),
    "rdv.heure": _("Heure du rendez-vous"),
    "rdv.lieu": _("Lieu du rendez-vous"),
    "rdv.pieces": _("Pièces à apporter au rendez-vous"),
    "retrait.horaires": _("Horaires du lieu de retrait"),
    "personne_inscrite.nom_courrier": _("Nom de la personne concernée"),
    "personne_inscrite.adresse": _("Adresse de la personne concernée"),
    "personne_inscrite.tiers": _("Qui a demandé pour elle"),
    "personne_inscrite.lien_opposition": _("Adresse où s’opposer, par courriel seulement"),
    "enquete.lien": _("Adresse du questionnaire de satisfaction"),
    "article.titre": _("Titre de l’article"),
    "probleme.autres": _("Combien d’autres demandes disent la même chose"),
    "message.texte": _("Question posée au demandeur"),
    "message.date": _("Jour du message"),
    "message.date_limite": _("Jour où la réponse est attendue"),
    "message.pieces": _("Pièces jointes au message"),
    "message.lien_reponse": _("Adresse où répondre"),
    "lien.url": _("Lien demandé vers le suivi"),
    "lien.expiration": _("Jusqu’à quand ce lien ouvre la page"),
    "compte.lien_activation": _("Lien qui active le compte"),
    "guichet.site": _("Site du guichet"),
    "guichet.adresse": _("Adresse du guichet"),
    "guichet.maniere": _("Comment la demande est venue au guichet"),
    "reouverture.date": _("Jour de la réouverture"),
    "reouverture.motif": _("Motif de la réouverture"),
    "desistement.date": _("Jour du retrait de la demande"),
    "desistement.motif": _("Motif du retrait de la demande"),
}
# of these, what a request has whatever it is about
ALWAYS = {f"ville.{name}" for name in ("nom", "telephone")} | {
    *("requete.reference", "requete.objet", "requete.date_reception", "requete.date_echeance"),
    *("requete.promesse", "requete.lien_suivi", "requete.code_suivi", "requete.canal"),
    *("requete.libelle_public", "prestation.libelle", "agent.prenom", "agent.nom"),
    *("agent.qualite", "service.nom", "service.suivi", "decision.voies_recours"),
}
ASKABLE = VALUES.keys() | OWN_WORDS.keys() | DERIVED.keys()  # agents are asked for them


def always_there(template: LetterTemplate) -> set[str]:
    """Return the fields on which any text of a letter can count.

    They are those of every request, those without which the text in use does not leave either,
    and, in a letter that agents send, those they are asked for.
    """
    in_use = (needs_of(template.subject), needs_of(template.body))
    required = {name for needs in in_use for name, must in needs.items() if must}
    return ALWAYS | required | (ASKABLE if template.uses else set())


def fields_by_use(template: LetterTemplate) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield what a letter may print, (name, label) under a heading that says how."""
    known = [*GIVEN, *VALUES, *OWN_WORDS]
    sure = always_there(template)
    asked = sure & (VALUES.keys() | OWN_WORDS.keys())
    for heading, names in (
        (_("Toujours renseignés"), sure - asked),
        (_("Demandés à l’agent quand il envoie la lettre"), asked),
        (_("Pas toujours renseignés : à mettre dans une condition"), set(known) - sure),
    ):
        yield str(heading), [(name, label_of(name)) for name in known if name in names]


def label_of(name: str) -> str:
    """A field in words; its own name for one that no letter to citizens uses."""
    if name in VALUES:
        return str(VALUES[name][0])
    return str(OWN_WORDS.get(name) or GIVEN.get(name) or name)


def named_in_braces(text: str) -> str | None:
    """Return the field that a preview shows as `text`, its label in single braces."""
    label = text.strip("{} \N{NO-BREAK SPACE}")
    known = (*GIVEN, *VALUES, *OWN_WORDS)
    return next((name for name in known if label in (name, label_of(name))), None)
