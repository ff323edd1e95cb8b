"""What people write in the demo year: short, varied, everyday French."""

from typing import TypeVar

Text = TypeVar("Text")

OUTSIDE = ("voirie", "eclairage", "proprete", "espaces-verts", "nuisances")  # what is seen in town

DESCRIPTIONS = (
    "Je souhaite avancer sur ce dossier avant la fin du mois.",
    "Ma situation a changé au printemps, les justificatifs sont joints.",
)
LONG_TEXTS = (
    "Rien de particulier à signaler.",
    "Nous sommes quatre à la maison, dont deux enfants scolarisés.",
    "Une aide à domicile passe trois fois par semaine.",
    "Absent la première quinzaine d'août.",
    "Je préfère être joint en fin d'après-midi.",
    "Le dossier précédent avait été déposé à la mairie annexe.",
    "Merci de me dire s'il manque quelque chose.",
)


def _split(outside: tuple[str, ...], others: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Texts by the beginning of a prestation's code: of what is seen in town, and of the others."""
    return {**dict.fromkeys(OUTSIDE, outside), "": others}


CITIZEN_MESSAGES = _split(
    (
        "Bonjour, avez-vous pu avancer sur ma demande ? Merci.",
        "Bonjour, je vous confirme que le problème est toujours là ce matin.",
        "Merci pour votre retour rapide.",
        "Bonjour, je précise : c'est du côté des numéros pairs.",
        "Bonjour, une voisine a pris une photo, je peux vous l'envoyer.",
    ),
    (
        "Bonjour, avez-vous pu avancer sur ma demande ? Merci.",
        "Merci pour votre retour rapide.",
        "Bonjour, j'ai déménagé au 2e étage depuis, le nom est sur la boîte aux lettres.",
        "Je serai absent la semaine prochaine, vous pouvez me joindre sur mon portable.",
        "Bonjour, pouvez-vous me préciser vos horaires d'ouverture ?",
    ),
)
SUPPLIED_PIECES = (
    "Bonjour, voici les pièces demandées. Cordialement.",
    "Je vous envoie le document demandé, désolé pour l'oubli.",
    "Vous trouverez le document ci-joint.",
    "Je viens d'ajouter la pièce manquante.",
)
# questions, each with what is answered to it
QUESTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(
        OUTSIDE,
        (
            (
                "Bonjour, pouvez-vous nous préciser l'endroit exact (numéro ou repère) ? Merci.",
                "C'est juste après l'arrêt de bus, du côté des numéros pairs.",
            ),
            (
                "Bonjour, depuis quand constatez-vous ce problème ?",
                "Depuis une dizaine de jours, et c'est pire le soir.",
            ),
            (
                "Bonjour, le passage est-il encore possible à pied ? Merci.",
                "Oui, mais pas avec une poussette.",
            ),
        ),
    ),
    "": (
        (
            "Bonjour, à quelle adresse souhaitez-vous recevoir notre réponse ?",
            "À mon adresse actuelle, celle de ma demande. Merci.",
        ),
        (
            "Bonjour, à quel numéro pouvons-nous vous joindre si besoin ?",
            "Au numéro indiqué dans ma demande, de préférence après 17 heures.",
        ),
        (
            "Bonjour, avez-vous déjà fait cette demande auprès de nous ? Si oui, quand ?",
            "Non, c'est la première fois.",
        ),
    ),
}
TOWN_MESSAGES = _split(
    (
        "Bonjour, votre demande est bien suivie. L'équipe passe sur place cette semaine.",
        "Bonjour, nous avons relancé l'équipe. Nous revenons vers vous dès que possible.",
    ),
    (
        "Bonjour, votre demande est bien suivie. Nous revenons vers vous dès que possible.",
        "Bonjour, votre dossier est complet, nous préparons la réponse.",
    ),
)
NOTES = _split(
    (
        "Appel du demandeur, rassuré sur le délai.",
        "Vu avec l'équipe de terrain : à grouper avec la tournée de jeudi.",
        "Déjà signalé deux fois dans la rue cette année, à surveiller.",
        "Constaté sur place par l'agent de secteur.",
        "Devis demandé à l'entreprise titulaire du marché.",
    ),
    (
        "Appel du demandeur, rassuré sur le délai.",
        "Attention, personne malentendante : préférer le courriel.",
        "Pièce d'identité contrôlée au guichet.",
        "Dossier incomplet à l'arrivée, relance faite par téléphone.",
        "Dossier relu avec la personne, rien ne manque.",
    ),
)
COME_BACK = _split(
    ("Bonjour, le problème n'est pas réglé, il est revenu.",),
    ("Bonjour, ma demande n'est pas réglée : il manque encore quelque chose.",),
)
CONCLUSIONS_DONE = (
    "Dossier conforme, avis favorable.",
    "Demande instruite, les conditions sont remplies.",
)
_NOTHING_FOUND = (
    "Passage sur place : rien à signaler à cette date.",
    "Voie privée : à traiter par le syndic de copropriété.",
    "Route départementale : transmis au gestionnaire.",
)
CONCLUSIONS_REFUSED = {
    "voirie": _NOTHING_FOUND,
    "eclairage": _NOTHING_FOUND,
    "proprete": _NOTHING_FOUND,
    "espaces-verts": _NOTHING_FOUND,
    "nuisances": _NOTHING_FOUND[:1],
    "reclamation": ("Les délais annoncés ont été tenus : rien à reprendre.",),
    "": (
        "Conditions de ressources non remplies au regard du barème.",
        "Plus de place disponible sur la période demandée.",
    ),
}


def about(prestation: str, texts: dict[str, tuple[Text, ...]]) -> tuple[Text, ...]:
    """Return the texts that suit a prestation's code: those of the first beginning it has."""
    return next(some for beginning, some in texts.items() if prestation.startswith(beginning))


# What the final answer says, between « Bonjour, » and the signature, by closing reason.
ANSWERS = {
    "satisfaite": (
        "Votre demande a été traitée. Nous restons à votre disposition.",
        "Votre dossier est accepté. Vous n'avez plus rien à faire.",
    ),
    "document-remis": (
        "Votre document est établi. Il vous a été remis ou envoyé.",
        "Votre document est prêt et vous est envoyé ce jour.",
    ),
    "intervention-realisee": (
        "L'intervention a été réalisée. Si le problème revient, répondez à ce message.",
        "Notre équipe est passée et a fait le nécessaire. Merci de votre signalement.",
    ),
    "information-donnee": (
        "Voici les renseignements demandés. N'hésitez pas à nous écrire de nouveau.",
    ),
    "refusee": (
        "Nous ne pouvons pas donner une suite favorable : les conditions ne sont pas remplies.",
    ),
    "non-constate": (
        "Notre équipe est passée et n'a pas constaté le problème. Dites-nous s'il revient.",
    ),
    "hors-competence": (
        "Votre demande ne relève pas de la commune. Nous l'avons transmise à qui de droit.",
    ),
    "doublon": ("Ce point nous a déjà été signalé : nous suivons la première demande.",),
    "injoignable": ("Nous n'avons pas réussi à vous joindre, et devons clore votre demande.",),
}
CONTACT_QUESTIONS = (
    ("Horaires d'ouverture du samedi ?", "De 8 h 30 à 12 h 30 dans les deux mairies."),
    (
        "Quelles pièces pour renouveler une carte d'identité ?",
        "Liste remise, rendez-vous conseillé.",
    ),
    ("Où retirer un sac de tri ?", "À l'accueil de la mairie annexe, un rouleau par foyer."),
    ("La piscine est-elle ouverte ce jeudi ?", "Oui, de 12 h à 20 h."),
    ("Comment payer la facture de cantine ?", "En ligne ou au guichet de la régie."),
    ("Qui contacter pour une fuite d'eau ?", "Le distributeur d'eau : numéro donné."),
)

OPINIONS = {
    4: (
        "Réponse rapide et claire, merci.",
        "Très bon accueil, tout était prêt quand je suis passée.",
        "Réparé en deux jours, bravo aux équipes.",
    ),
    3: (
        "Bien, mais j'ai dû rappeler une fois.",
        "Dossier simple à remplir.",
        "C'est fait, un peu plus tard que prévu.",
    ),
    2: (
        "J'aurais aimé être prévenu du retard.",
        "La réponse est difficile à comprendre.",
        "On m'a demandé deux fois le même document.",
    ),
    1: (
        "Aucune nouvelle pendant un mois.",
        "Je ne comprends pas ce refus.",
    ),
}

# notes that name a colleague: to the demo's expert or, if not, to its front-office agent
MENTIONS = (
    (True, "la personne a rappelé ce matin : une date de passage est-elle fixée ?"),
    (False, "le devis est arrivé. Peux-tu prévenir la famille que les travaux sont pour bientôt ?"),
    (True, "même adresse que la demande du mois dernier, à traiter ensemble ?"),
)
