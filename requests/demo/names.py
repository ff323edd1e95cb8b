"""Invented names and streets. Nobody is meant: family and given names are drawn apart."""

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN_NAMES = _words(
    "Adèle Agathe Aïcha Alain Albert Alice Aline Amadou Amina Anaïs André Anne Antoine Arthur "
    "Assia Baptiste Bernard Binta Brigitte Camille Carmen Catherine Cécile Chantal Chloé "
    "Christian Clément Colette Daniel Denis Diego Dominique Driss Éléonore Élodie Émile Emma "
    "Estelle Fanta Farid Fatou Fernando Florence François Gabriel Georges Ghislaine Gisèle "
    "Hélène Henri Hugo Ibrahima Inès Irène Isabelle Jacques Jeanne Jérôme Joëlle José Julie "
    "Karim Khadija Laure Léa Léon Linh Louis Louise Lucas Lucie Malika Manon Marcel Margaux "
    "Maria Marion Mathilde Maurice Mehdi Michel Mireille Moussa Nadia Nathan Nicole Noémie "
    "Odette Olivier Pascale Paul Pauline Philippe Pierre Quentin Rachid Raphaël Rémi Renée "
    "Rita Robert Rose Salimata Samir Sandrine Sébastien Simone Sofia Solange Sylvie Théo "
    "Thérèse Thomas Tiago Valérie Victor Viviane Wei Yasmine Yves Zoé"
)

FAMILY_NAMES = _words(
    "Abadie Achard Aït-Saïd Almeida Amrani Andrieux Aubin Auclair Ba Barbier Bastien Baudry "
    "Bellamy Benali Benhamou Bérard Bertin Besnard Blanchet Boisson Bonnafous Bouchard "
    "Bourgoin Brunet Cabrol Camara Carvalho Castel Chabert Chauvin Chevrier Cissé Clavel "
    "Collet Cordier Costa Courtois Da-Silva Dang Dauphin Delmas Demange Descamps Diallo "
    "Diarra Dos-Santos Drouet Dubreuil Dumont El-Fassi Escoffier Estève Fabre Faivre Ferreira "
    "Flamant Fofana Fontanel Gallois Garnier Gaudin Germain Giraud Gomis Goujon Gravier "
    "Grenier Guérin Guichard Haddad Hamel Hervé Huet Imbert Jacquet Jolivet Kaci Kaboré Keïta "
    "Lacaze Lafarge Lambert Lanoë Larroque Lebreton Lefort Lemaître Leroux Lévêque Lopes "
    "Loubet Maillard Mansouri Marchal Marais Martel Maurin Meunier Mokrani Monnier Moreira "
    "Mounier N'Diaye Navarro Nguyen Normand Oliveira Ouédraogo Pages Pasquier Pelletier "
    "Perrault Pham Picard Pineau Poirier Prévost Raynal Renault Ribeiro Rivière Rocher "
    "Rousset Sabatier Sagna Salmon Sanchez Saunier Seguin Sow Tavares Teissier Texier Tessier "
    "Thévenin Touré Tournier Traoré Tran Vallet Vasseur Verdier Vialard Vidal Villard Vincent "
    "Weiss Yilmaz Zerrouki"
)

# The first four are named by the seeds' agents' list; the others are common French street names.
STREETS = (
    "rue Jean Mermoz",
    "rue de Moscou",
    "allée Jules Guesde",
    "rue Henri Gilbert",
    "avenue Carnot",
    "avenue du Général-de-Gaulle",
    "allée des Tilleuls",
    "rue des Érables",
    "rue du Nord",
    "rue du Midi",
    "chemin de la Carrière",
    "place des Arts",
    "rue Victor Hugo",
    "rue Pasteur",
    "rue de la République",
    "rue des Écoles",
    "avenue de la Gare",
    "boulevard de la Paix",
    "rue du Moulin",
    "rue des Lilas",
    "rue des Acacias",
    "impasse des Jardins",
    "square du Belvédère",
    "rue Marie Curie",
    "rue Louis Braille",
    "allée du Parc",
    "rue du Clos",
    "rue de la Source",
    "avenue des Peupliers",
    "rue de l'Industrie",
)
NEIGHBOURS = (
    ("Palaiseau", "91120"),
    ("Antony", "92160"),
    ("Verrières-le-Buisson", "91370"),
    ("Igny", "91430"),
    ("Chilly-Mazarin", "91380"),
    ("Longjumeau", "91160"),
    ("Paris", "75014"),
)
ASSOCIATIONS = (
    "Les Jardins du Belvédère",
    "Massy Lecture pour tous",
    "Club des aînés des Tilleuls",
    "Atelier vélo solidaire",
    "Chorale du Moulin",
    "Amicale des locataires du Parc",
    "Football club des Lilas",
    "Théâtre du Lavoir",
)
COMPANIES = (
    "Boulangerie du Clos",
    "Menuiserie Beaulieu",
    "Café de la Source",
    "Pharmacie des Acacias",
    "Garage du Midi",
    "Fleurs et Jardins",
    "Librairie des Arts",
    "Maçonnerie Vallon",
)

# Numbers that Arcep keeps for fiction: well formed, and nobody's.
_PHONES = ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649")


def invented_phone(random: Random) -> str:
    """Return a telephone number that rings nowhere."""
    number = random.randrange(10**8)
    return f"{_PHONES[number % len(_PHONES)]}{number // 10**4:04d}"
