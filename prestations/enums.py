"""Closed lists of the catalogue and of the organisation; codes are those of the data files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ArrivalMail(models.TextChoices):
    """When a department's people are written to about the requests that reach it."""

    EACH = "each", _("À chaque demande")
    DAILY = "daily", _("Une fois par jour ouvré, et tout de suite pour une urgence")
    NEVER = "never", _("Jamais")


class AlertMail(models.TextChoices):
    """When a person is written to about dates that come near or are missed."""

    DAILY = "daily", _("Une fois par jour ouvré, et tout de suite pour une alerte grave")
    EACH = "each", _("À chaque alerte")
    GRAVE = "grave", _("Seulement pour une alerte grave")


class Rung(models.TextChoices):
    """Who stands on the escalation ladder."""

    AGENT = "agent", _("Agent")
    CHEF = "chef", _("Responsable du service")
    SUPERVISEUR = "superviseur", _("Superviseur d’accueil")
    DIRECTEUR = "directeur", _("Directeur")


class Role(models.TextChoices):
    """What a membership allows; rights are in `requests.permissions`."""

    AGENT_EAS = "agent-eas", _("Agent d'accueil EAS")
    AGENT_PROXIMITE = "agent-proximite", _("Agent Proximité")
    AGENT_EXPERT = "agent-expert", _("Agent de service métier")
    CHEF_SERVICE = "chef-service", _("Responsable de service métier")
    SUPERVISEUR = "superviseur", _("Superviseur d'accueil")
    RESPONSABLE_CONNAISSANCE = (
        "responsable-connaissance",
        _("Responsable de la base de connaissance"),
    )
    REGISSEUR = "regisseur", _("Régisseur")
    MANAGER = "manager", _("Directeur ou élu (tableaux de bord)")
    MAIRE = "maire", _("Maire")
    FACILITATEUR = "facilitateur", _("Facilitateur de groupe participatif")
    DPO = "dpo", _("Délégué à la protection des données")
    ADMINISTRATEUR = "administrateur", _("Administrateur fonctionnel")


class Handling(models.TextChoices):
    SIMPLE = "simple", _("Traitée par l'accueil")
    COMPLEXE = "complexe", _("Transmise à un service métier")


class PrestationStatus(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    ACTIVE = "active", _("Active")
    HISTORICAL = "historical", _("Historique")


class Channel(models.TextChoices):
    WEB = "web", _("Internet")
    GUICHET = "guichet", _("Guichet")
    TELEPHONE = "telephone", _("Téléphone")
    COURRIER = "courrier", _("Courrier")
    EMAIL = "email", _("Courriel")
    SMS = "sms", _("SMS")
    SVI = "svi", _("Serveur vocal interactif")
    API = "api", _("API Open311")


# what arrives by these falls under the law of electronic filings (CRPA L112-8 to L112-11)
ELECTRONIC_CHANNELS = (Channel.WEB, Channel.EMAIL, Channel.API, Channel.SMS)


class Location(models.TextChoices):
    NONE = "none", _("Sans lieu")
    ADDRESS = "address", _("Adresse postale")
    STREET = "street", _("Rue")
    MAP = "map", _("Point ou zone")


class DelayUnit(models.TextChoices):
    CALENDAR_DAYS = "calendar_days", _("jours")
    WORKING_DAYS = "working_days", _("jours ouvrés")
    MONTHS = "months", _("mois")


class CampaignChannel(models.TextChoices):
    """Where a campaign is seen."""

    POSTER = "poster", _("Affiche")
    MAGAZINE = "magazine", _("Journal municipal")
    NEWSLETTER = "newsletter", _("Lettre d’information")
    WEB = "web", _("Site de la ville")
    SMS = "sms", _("SMS")


class Appointment(models.TextChoices):
    NONE = "none", _("Sans rendez-vous")
    OPTIONAL = "optional", _("Rendez-vous possible")
    REQUIRED = "required", _("Sur rendez-vous")


class Acknowledgement(models.TextChoices):
    REQUIRED = "required", _("Accusé de réception obligatoire")
    EXEMPT_PAPER = "exempt_paper", _("Dispensé sur papier et au guichet")


class SilenceEffect(models.TextChoices):
    ACCEPTATION = "acceptation", _("Le silence vaut acceptation")
    REJET = "rejet", _("Le silence vaut rejet")
    NONE = "none", _("Sans décision implicite")


class Audience(models.TextChoices):
    CITOYEN = "citoyen", _("Particuliers")
    ASSOCIATION = "association", _("Associations")
    ENTREPRISE = "entreprise", _("Entreprises")
    ADMINISTRATION = "administration", _("Administrations")


class DeliveryMode(models.TextChoices):
    RETRAIT = "retrait", _("Vous venez retirer le document en mairie.")
    COURRIER = "courrier", _("Vous recevez un courrier.")
    EN_LIGNE = "en_ligne", _("Vous recevez la réponse par courriel.")
    INTERVENTION = "intervention", _("Une équipe intervient sur place, puis nous vous écrivons.")


class PaymentMethod(models.TextChoices):
    PAYFIP = "payfip", _("en ligne (PayFiP)")
    PRELEVEMENT = "prelevement", _("par prélèvement automatique")
    CARTE = "carte", _("par carte bancaire au guichet")
    CHEQUE = "cheque", _("par chèque")
    ESPECES = "especes", _("en espèces")
    CESU = "cesu", _("en chèque emploi service universel")
    VIREMENT = "virement", _("par virement")
    REGIE = "regie", _("au guichet de la régie")
    TIMBRE_FISCAL = "timbre_fiscal", _("en timbre fiscal")


class Check(models.TextChoices):
    """What must be made sure of before a favourable answer, beside the documents."""

    IDENTITY = "identity", _("Identité vérifiée")
    FEE = "fee", _("Tarif payé avant la remise")
    SIGNATURE = "signature", _("Remise contre signature")


class PaidTo(models.TextChoices):
    COMMUNE = "commune", _("à la ville")
    ETAT = "etat", _("à l’État")
    AUTRE = "autre", _("à un autre organisme")


class LegalBasis(models.TextChoices):
    """Why the town may hold the data (RGPD art. 6.1), as people read it."""

    MISSION = "mission", _("C’est une mission de service public de la commune.")
    OBLIGATION = "obligation", _("La loi nous le demande.")
    CONTRAT = "contrat", _("C’est nécessaire au contrat que vous signez avec la commune.")
    CONSENTEMENT = "consentement", _("Vous l’avez accepté, et vous pouvez changer d’avis.")


class Holds(models.TextChoices):
    """What the term of a processing applies to."""

    REQUESTS = "requests", _("Demandes")
    CONTACTS = "contacts", _("Contacts sans demande")
    ACCOUNTS = "accounts", _("Comptes citoyens")
    RECORDS = "records", _("Fiches citoyens")
    DELIVERIES = "deliveries", _("Messages envoyés")
    WALLET = "wallet", _("Porte-documents")
    NONE = "none", _("Rien à effacer")


class Access(models.TextChoices):
    """What people need to know before they come to a site (S74)."""

    MARCHES = "marches", _("Entrée sans marche")
    FAUTEUIL = "fauteuil", _("Fauteuil roulant")
    ASCENSEUR = "ascenseur", _("Ascenseur")
    BOUCLE = "boucle", _("Boucle magnétique pour appareils auditifs")
    TOILETTES = "toilettes", _("Toilettes adaptées")
    STATIONNEMENT = "stationnement", _("Stationnement réservé")
    GUIDAGE = "guidage", _("Guidage au sol")
    ASSISE = "assise", _("Sièges pour attendre")
    CHIEN = "chien", _("Chien guide ou d’assistance")
    LSF = "lsf", _("Langue des signes")


class AccessAnswer(models.TextChoices):
    """How far a site provides for it."""

    OUI = "oui", _("Oui")
    PARTIEL = "partiel", _("En partie")
    NON = "non", _("Non")
    SANS_OBJET = "sans-objet", _("Sans objet")


class ArticleState(models.TextChoices):
    """Life of an article of the knowledge base; only a published one is shown to the public."""

    BROUILLON = "brouillon", _("Brouillon")
    A_VALIDER = "a-valider-par-expert", _("Proposé, à valider")
    PUBLIE = "publie", _("Validé")
    A_REVOIR = "a-revoir", _("Retiré, à revoir")
    ARCHIVE = "archive", _("Archivé")


class VersionState(models.TextChoices):
    """Where one text of an article stands."""

    DRAFT = "brouillon", _("Brouillon")
    PROPOSED = "proposee", _("Proposée à la validation")
    VALIDATED = "validee", _("Validée")
    REPLACED = "remplacee", _("Remplacée avant validation")
    WITHDRAWN = "retiree", _("Retirée avant validation")


UNDER_WAY = (VersionState.DRAFT, VersionState.PROPOSED)


class MissingFate(models.TextChoices):
    """What the knowledge manager decided about words that find nothing."""

    WRITTEN = "written", _("Un article est écrit")
    LINKED = "linked", _("Reliée à un article")
    IGNORED = "ignored", _("Rien à faire")


class StepKind(models.TextChoices):
    """What a step of a procedure asks of the agent."""

    CHECK = "check", _("À vérifier")
    ASK = "ask", _("À demander")
    LINK = "link", _("À ouvrir")


class EntryKind(models.TextChoices):
    """What a search can find; the public search box leaves out what is internal."""

    PRESTATION = "prestation", _("Démarche")
    ARTICLE = "article", _("Réponse à une question")
    PLACE = "place", _("Lieu")
    PAGE = "page", _("Page du site")
    ELSEWHERE = "elsewhere", _("Ailleurs qu’à la mairie")
    INTERNAL = "internal", _("Article interne")


class FieldType(models.TextChoices):
    TEXT = "text", _("Texte court")
    TEXTAREA = "textarea", _("Texte long")
    DATE = "date", _("Date")
    TIME = "time", _("Heure")
    EMAIL = "email", _("Adresse électronique")
    PHONE = "phone", _("Téléphone")
    SELECT = "select", _("Choix d’une réponse")
    SELECTBOXES = "selectboxes", _("Choix de plusieurs réponses")
    CHECKBOX = "checkbox", _("Case à cocher")
    ADDRESS = "address", _("Adresse")
    FILE = "file", _("Fichier")
    INTEGER = "integer", _("Nombre entier")
    DECIMAL = "decimal", _("Nombre décimal")

    @property
    def has_choices(self) -> bool:
        """Whether the question proposes its answers."""
        return self in (FieldType.SELECT, FieldType.SELECTBOXES)

    @property
    def many(self) -> bool:
        """Whether several answers may be given: they are kept as a list."""
        return self is FieldType.SELECTBOXES


class LetterUse(models.TextChoices):
    """Where agents are offered a letter template, or why they are not."""

    FAVOURABLE = "favourable", _("Réponse favorable")
    REFUSAL = "refusal", _("Réponse défavorable")
    CLOSING = "closing", _("Clôture")
    COLLECTION = "collection", _("Document prêt à retirer")
    MESSAGE = "message", _("Message")
    AUTOMATIC = "automatic", _("Envoi automatique")
    LATER = "later", _("Partie à venir")


class RequesterKind(models.TextChoices):
    CITOYEN = "citoyen", _("Citoyen")
    ANONYME = "anonyme", _("Citoyen anonyme")
    ASSOCIATION = "association", _("Association")
    ENTREPRISE = "entreprise", _("Entreprise")
    AUTRE_ADMINISTRATION = "autre_administration", _("Autre administration")


class ContractSection(models.TextChoices):
    """What a contract between the front office and a department states; all of it (S77)."""

    PRESTATIONS = "prestations", _("Prestations prises en charge par l’accueil")
    INFORMATION = "information", _("Niveau d’information donné")
    PERFORMANCE = "performance", _("Performance attendue")
    RESOURCES = "resources", _("Ressources nécessaires")
    EVALUATION = "evaluation", _("Modalités d’évaluation de la qualité")
