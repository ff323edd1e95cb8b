"""What people write in the demo year: short, varied, everyday French."""

# By the beginning of the prestation's code; the last entry is for all the others.
PROBLEMS = {
    "voirie-graffitis": (
        "Le mur de l'école a été tagué dans la nuit de samedi à dimanche.",
        "De grandes lettres rouges sur le transformateur, visibles depuis l'avenue.",
    ),
    "voirie-mobilier": (
        "Un banc est cassé dans le square, une latte dépasse.",
        "Le panneau est tourné, les automobilistes prennent la rue à contresens.",
    ),
    "voirie": (
        "Un trou de trente centimètres s'est formé devant le 12, un vélo est tombé ce matin.",
        "Les poussettes ne passent plus, il faut descendre sur la chaussée.",
        "La bouche d'égout se bouche à chaque orage et l'eau entre dans le garage.",
    ),
    "eclairage": ("Le lampadaire clignote depuis une semaine et s'éteint vers 22 heures.",),
    "proprete": (
        "Des encombrants sont sur le trottoir : un matelas, deux chaises et un réfrigérateur.",
        "Il y a du verre brisé près de l'aire de jeux.",
    ),
    "espaces-verts": (
        "La haie déborde sur le passage, on ne voit plus les voitures en sortant.",
        "Une branche menace de tomber au-dessus du passage piéton.",
    ),
    "nuisances": ("Le bruit commence vers 6 heures, y compris le dimanche.",),
    "facture": (
        "La facture compte des repas alors que mon enfant était absent, j'avais prévenu.",
        "Je ne comprends pas le calcul de mon tarif, ma situation a changé au printemps.",
    ),
    "reclamation": (
        "Personne n'a répondu au téléphone malgré plusieurs essais en milieu de matinée.",
        "J'ai attendu quarante minutes au guichet, puis il manquait un formulaire.",
    ),
    "information": (
        "J'aimerais connaître les démarches pour organiser une fête des voisins.",
        "À quelle heure l'accueil ouvre-t-il le samedi ?",
    ),
    "": (
        "Je souhaite avancer sur ce dossier avant la fin du mois.",
        "Ma situation a changé au printemps, les justificatifs sont joints.",
    ),
}
LONG_TEXTS = (
    "Rien de particulier à signaler.",
    "Nous sommes quatre à la maison, dont deux enfants scolarisés.",
    "Une aide à domicile passe trois fois par semaine.",
    "Absent la première quinzaine d'août.",
    "Je préfère être joint en fin d'après-midi.",
    "Le dossier précédent avait été déposé à la mairie annexe.",
    "Merci de me dire s'il manque quelque chose.",
)
CITIZEN_MESSAGES = (
    "Bonjour, avez-vous pu avancer sur ma demande ? Merci.",
    "Bonjour, je vous confirme que le problème est toujours là ce matin.",
    "Merci pour votre retour rapide.",
    "Bonjour, j'ai déménagé au 2e étage depuis, le nom est sur la boîte aux lettres.",
    "Je serai absent la semaine prochaine, vous pouvez me joindre sur mon portable.",
    "Bonjour, voici la précision demandée : c'est bien le côté des numéros pairs.",
    "Je vous envoie le document demandé, désolé pour l'oubli.",
    "Bonjour, pouvez-vous me préciser les horaires pour venir retirer le document ?",
)
SUPPLIED = (
    "Bonjour, voici les pièces demandées. Cordialement.",
    "Vous trouverez le document ci-joint.",
    "Je viens d'ajouter la pièce manquante.",
    "Voici la réponse à votre question, n'hésitez pas si cela ne suffit pas.",
)
QUESTIONS = (
    "Bonjour, pouvez-vous nous préciser l'endroit exact (numéro ou repère) ? Merci.",
    "Bonjour, souhaitez-vous recevoir le document par courrier ou le retirer à l'accueil ?",
    "Bonjour, depuis quand constatez-vous ce problème ?",
    "Bonjour, à quel numéro pouvons-nous vous joindre pour fixer un passage ?",
)
TOWN_MESSAGES = (
    "Bonjour, votre demande est bien suivie. Le service concerné passe sur place cette semaine.",
    "Bonjour, nous avons relancé le service. Nous revenons vers vous dès que possible.",
    "Bonjour, votre dossier est complet, nous préparons la réponse.",
)
NOTES = (
    "Appel du demandeur, rassuré sur le délai.",
    "Vu avec l'équipe de terrain : à grouper avec la tournée de jeudi.",
    "Déjà signalé deux fois dans la rue cette année, à surveiller.",
    "Photo reçue, le désordre est confirmé.",
    "Attention, personne malentendante : préférer le courriel.",
    "Pièce d'identité contrôlée au guichet.",
    "Devis demandé à l'entreprise titulaire du marché.",
    "Dossier incomplet à l'arrivée, relance faite par téléphone.",
)
CONCLUSIONS_DONE = {
    "voirie-graffitis": ("Nettoyage à haute pression fait, support remis en peinture.",),
    "voirie-mobilier": ("Élément remplacé, scellement contrôlé le lendemain.",),
    "voirie": (
        "Reprise de l'enrobé sur deux mètres carrés, signalisation retirée.",
        "Intervention réalisée par l'équipe de secteur, contrôle fait le lendemain.",
    ),
    "eclairage": ("Lampe remplacée, réseau vérifié.",),
    "proprete": ("Enlèvement effectué lors de la tournée du matin.",),
    "espaces-verts": ("Taille effectuée, visibilité rétablie.",),
    "nuisances": ("Passage de la police municipale, rappel des horaires fait sur place.",),
    "reclamation": (
        "Réclamation fondée : l'équipe a été informée, un agent rappelle la personne.",
        "Le courrier avait été mal orienté. Une réponse est prête.",
    ),
    "": ("Dossier conforme, avis favorable.", "Demande instruite, les conditions sont remplies."),
}
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


def about(prestation: str, texts: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
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

# Subjects agents give instead of the prestation's label (S88), by prestation.
SUBJECTS = {
    "voirie-intervention-rapide": (
        "Nid-de-poule sur la chaussée",
        "Nid-de-poule sur le trottoir",
        "Affaissement devant un portail",
        "Grille d'égout descellée",
    ),
    "voirie-graffitis": ("Graffiti sur un mur d'école", "Tag sur un transformateur"),
    "voirie-mobilier-urbain": ("Banc cassé", "Potelet arraché", "Panneau tordu"),
    "eclairage-equipement-defectueux": ("Lampadaire éteint", "Lampadaire qui clignote"),
    "proprete-depot-sauvage": ("Dépôt de gravats", "Encombrants sur le trottoir"),
    "proprete-nettoyage": ("Verre brisé près des jeux", "Corbeille qui déborde"),
    "espaces-verts-entretien": ("Haie à tailler", "Branche dangereuse", "Pelouse non tondue"),
    "nuisances-voisinage": ("Bruit de chantier tôt le matin", "Aboiements répétés"),
    "reclamation-service-municipal": ("Attente trop longue au guichet", "Courrier sans réponse"),
    "information-generale": ("Horaires d'ouverture", "Fête des voisins", "Adresse d'un service"),
}

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
