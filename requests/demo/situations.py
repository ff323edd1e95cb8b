"""What people tell the town of, so that subject, answers and conclusion speak of the same thing."""

from dataclasses import dataclass
from random import Random

NAMED = 0.8  # of the requests whose situation has a subject


@dataclass(frozen=True)
class Situation:
    """One thing that happened: the subject an agent gives it (S88), its answers, what was done."""

    subject: str
    answers: dict[str, str]
    done: str = ""


# By prestation; the answers by name of the form's field.
SITUATIONS: dict[str, tuple[Situation, ...]] = {
    "voirie-intervention-rapide": (
        Situation(
            "Nid-de-poule sur la chaussée",
            {
                "type_desordre": "nid_poule",
                "emplacement": "chaussee",
                "description": "Un trou de trente centimètres s'est formé, un vélo est tombé.",
            },
            "Reprise de l'enrobé sur deux mètres carrés, signalisation retirée.",
        ),
        Situation(
            "Nid-de-poule sur le trottoir",
            {
                "type_desordre": "nid_poule",
                "emplacement": "trottoir",
                "description": "Les poussettes ne passent plus, il faut descendre sur la chaussée.",
            },
            "Trou rebouché à l'enrobé à froid, reprise définitive faite le lendemain.",
        ),
        Situation(
            "Affaissement devant un portail",
            {
                "type_desordre": "affaissement",
                "emplacement": "trottoir",
                "description": "Le sol s'est enfoncé devant le portail, la voiture frotte.",
            },
            "Fouille ouverte, remblai compacté, bordure reposée.",
        ),
        Situation(
            "Grille d'égout bouchée",
            {
                "type_desordre": "regard",
                "emplacement": "chaussee",
                "description": "La bouche d'égout se bouche à chaque orage, l'eau entre au garage.",
            },
            "Avaloir curé, écoulement vérifié à l'eau claire.",
        ),
    ),
    "voirie-graffitis": (
        Situation(
            "Graffiti sur un mur d'école",
            {"support": "public", "precision_lieu": "mur de l'école, côté cour"},
            "Nettoyage à haute pression fait, support remis en peinture.",
        ),
        Situation(
            "Tag sur un transformateur",
            {"support": "mobilier", "precision_lieu": "transformateur, visible de l'avenue"},
            "Transformateur repeint avec l'accord du distributeur.",
        ),
    ),
    "voirie-mobilier-urbain": (
        Situation(
            "Banc cassé",
            {
                "type_mobilier": "banc",
                "demande": "reparer",
                "description": "Un banc est cassé dans le square, une latte dépasse.",
            },
            "Latte remplacée, scellement contrôlé le lendemain.",
        ),
        Situation(
            "Potelet arraché",
            {
                "type_mobilier": "potelet",
                "demande": "remplacer",
                "description": "Un potelet est couché sur le trottoir, les voitures s'y garent.",
            },
            "Potelet remplacé, scellement contrôlé le lendemain.",
        ),
        Situation(
            "Corbeille arrachée",
            {
                "type_mobilier": "corbeille",
                "demande": "remplacer",
                "description": "La corbeille a été arrachée, les déchets restent au sol.",
            },
            "Corbeille neuve posée sur le même support.",
        ),
    ),
    "eclairage-equipement-defectueux": (
        Situation(
            "Lampadaire éteint", {"panne": "eteint"}, "Lampe remplacée, allumage vérifié le soir."
        ),
        Situation(
            "Lampadaire qui clignote",
            {"panne": "clignote"},
            "Ballast remplacé, réseau vérifié.",
        ),
        Situation(
            "Rue sans éclairage",
            {"panne": "rue"},
            "Disjoncteur de l'armoire réarmé, câble contrôlé.",
        ),
    ),
    "proprete-depot-sauvage": (
        Situation(
            "Dépôt de gravats",
            {"nature": "gravats"},
            "Gravats évacués en benne, trottoir balayé.",
        ),
        Situation(
            "Encombrants sur le trottoir",
            {"nature": "encombrants"},
            "Enlèvement effectué lors de la tournée du matin.",
        ),
    ),
    "proprete-nettoyage": (
        Situation(
            "Verre brisé près des jeux",
            {"objet": "rue", "description": "Il y a du verre brisé près de l'aire de jeux."},
            "Verre ramassé, aire de jeux contrôlée.",
        ),
        Situation(
            "Corbeille qui déborde",
            {
                "objet": "corbeille",
                "description": "La corbeille déborde depuis trois jours, le vent disperse tout.",
            },
            "Corbeille vidée, passage ajouté à la tournée du vendredi.",
        ),
    ),
    "espaces-verts-entretien": (
        Situation(
            "Haie à tailler",
            {
                "type_entretien": "haie",
                "domaine": "public",
                "description": "La haie déborde, on ne voit plus les voitures en sortant.",
            },
            "Taille effectuée, visibilité rétablie.",
        ),
        Situation(
            "Branche dangereuse",
            {
                "type_entretien": "arbre",
                "domaine": "public",
                "description": "Une branche menace de tomber au-dessus du passage piéton.",
            },
            "Branche coupée, arbre examiné par l'élagueur.",
        ),
        Situation(
            "Pelouse non tondue",
            {
                "type_entretien": "pelouse",
                "domaine": "public",
                "description": "L'herbe est si haute que les enfants n'y jouent plus.",
            },
            "Tonte faite avec celle du secteur.",
        ),
    ),
    "nuisances-voisinage": (
        Situation(
            "Bruit de chantier tôt le matin",
            {
                "type": "chantier",
                "description": "Le bruit commence vers 6 heures, y compris le dimanche.",
            },
            "Passage de la police municipale, rappel des horaires fait au chef de chantier.",
        ),
        Situation(
            "Aboiements répétés",
            {
                "type": "animaux",
                "description": "Un chien aboie toute la journée dès que ses maîtres sont partis.",
            },
            "Propriétaire rencontré par la police municipale, rappel des règles fait.",
        ),
    ),
    "reclamation-service-municipal": (
        Situation(
            "Attente trop longue au guichet",
            {
                "service_concerne": "accueil",
                "type": "accueil",
                "description": "J'ai attendu quarante minutes, puis il manquait un formulaire.",
            },
            "Réclamation fondée : l'équipe a été informée, un agent rappelle la personne.",
        ),
        Situation(
            "Courrier sans réponse",
            {
                "service_concerne": "accueil",
                "type": "retard",
                "description": "Mon courrier du mois dernier est resté sans réponse.",
            },
            "Le courrier avait été mal orienté. Une réponse est prête.",
        ),
    ),
    "information-generale": (
        Situation(
            "Horaires d'ouverture",
            {"theme": "horaires", "question": "À quelle heure l'accueil ouvre-t-il le samedi ?"},
        ),
        Situation(
            "Fête des voisins",
            {
                "theme": "evenement",
                "question": "Quelles démarches pour organiser une fête des voisins dans ma rue ?",
            },
        ),
    ),
    "facture-contestation": (
        Situation(
            "Repas facturés pendant une absence",
            {
                "type_facture": "restauration",
                "demande": "absence",
                "explication": "Mon enfant était absent et j'avais prévenu l'école.",
            },
            "Repas retirés, facture rectifiée.",
        ),
        Situation(
            "Tarif appliqué à tort",
            {
                "type_facture": "loisirs",
                "demande": "erreur",
                "explication": "Ma situation a changé au printemps, le tarif est resté l'ancien.",
            },
            "Quotient recalculé, facture rectifiée.",
        ),
    ),
}
NOTHING_SPECIAL = Situation("", {})


def situation_of(random: Random, prestation: str) -> Situation:
    """Draw what somebody tells of with a prestation; nothing in particular for most of them."""
    return random.choice(SITUATIONS.get(prestation, (NOTHING_SPECIAL,)))


def subject_of(random: Random, situation: Situation, label: str) -> str:
    """What the agent calls the request: one in five keeps the prestation's label."""
    return situation.subject if situation.subject and random.random() < NAMED else label[:250]
