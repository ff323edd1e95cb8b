"""Closed lists about people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResidenceKind(models.TextChoices):
    MASSICOIS = "massicois", _("Massicois")
    EXTERIEUR = "exterieur", _("Extérieur")
    INCONNU = "inconnu", _("Non renseigné")


class Gender(models.TextChoices):
    """As identity providers say it (OpenID Connect Core, section 5.1)."""

    FEMALE = "female", _("Féminin")
    MALE = "male", _("Masculin")


class ReplyChannel(models.TextChoices):
    EMAIL = "email", _("Courriel")
    COURRIER = "courrier", _("Courrier")
    SMS = "sms", _("SMS")
    TELEPHONE = "telephone", _("Téléphone")
    GUICHET = "guichet", _("Au guichet")


class MailPurpose(models.TextChoices):
    SIGN_UP = "sign-up", _("Créer un compte")
    PASSWORD = "password", _("Choisir un nouveau mot de passe")


class ChangeEnd(models.TextChoices):
    """The two ends of a change of address."""

    OLD = "old", _("Adresse actuelle")
    NEW = "new", _("Nouvelle adresse")


class DuplicateReason(models.TextChoices):
    """What two records have in common; the last ones speak against one person or bar a link."""

    NAME = "name", _("même nom et même prénom")
    FAMILY = "family", _("même nom de famille")
    GIVEN = "given", _("même prénom")
    MARRIED = "married", _("le nom de famille de l’une est le nom d’usage de l’autre")
    SOUND = "sound", _("noms qui se prononcent de même")
    TYPO = "typo", _("noms à une faute de frappe près")
    PART = "part", _("l’un des noms contient l’autre")
    GENDERED = "gendered", _("prénoms masculin et féminin qui se ressemblent")
    SWAPPED = "swapped", _("nom et prénom échangés")
    BIRTH = "birth", _("même date de naissance")
    BIRTH_SWAPPED = "birth_swapped", _("jour et mois de naissance échangés")
    BIRTH_NEAR = "birth_near", _("dates de naissance à un chiffre près")
    EMAIL = "email", _("même adresse électronique")
    PHONE = "phone", _("même téléphone")
    ADDRESS = "address", _("même adresse postale")
    OTHER_PLACE = "other_place", _("mais lieux de naissance différents")
    OTHER_GENDER = "other_gender", _("mais sexes différents")
    AMBIGUOUS = "ambiguous", _("même identité complète")
    ACCOUNT = "account", _("même identité, mais la fiche a déjà un compte")


class DuplicateState(models.TextChoices):
    OPEN = "open", _("À examiner")
    SAME = "same", _("Même personne")
    DIFFERENT = "different", _("Deux personnes")


class MergeGround(models.TextChoices):
    """How an agent made sure that two records are one person's."""

    PROOF = "proof", _("Pièce d’identité vue")
    ASKED = "asked", _("La personne l’a confirmé")
    RECORDS = "records", _("Les deux fiches et leurs demandes concordent")


class HouseholdQuality(models.TextChoices):
    """What one member of a household is to another."""

    SPOUSE = "spouse", _("conjoint ou partenaire")
    PARENT = "parent", _("parent")
    CHILD = "child", _("enfant")
    SIBLING = "sibling", _("frère ou sœur")
    GUARDIAN = "guardian", _("tuteur ou curateur")
    WARD = "ward", _("personne protégée")
    OTHER = "other", _("autre proche")

    @property
    def inverse(self) -> "HouseholdQuality":
        """What the first is to the second."""
        return _INVERSE.get(self, self)


_INVERSE = {
    HouseholdQuality.PARENT: HouseholdQuality.CHILD,
    HouseholdQuality.CHILD: HouseholdQuality.PARENT,
    HouseholdQuality.GUARDIAN: HouseholdQuality.WARD,
    HouseholdQuality.WARD: HouseholdQuality.GUARDIAN,
}


class HouseholdGround(models.TextChoices):
    """How an agent knows of a household."""

    DECLARED = "declared", _("Déclaré par la personne")
    PROOF = "proof", _("Pièce vue (livret de famille, jugement…)")


class ConsentKind(models.TextChoices):
    """What somebody may agree to, or not."""

    SATISFACTION = "satisfaction", _("Être interrogé après une demande")
    FOLLOW = "follow", _("Suivre des signalements")
    NEWSLETTER = "newsletter", _("Recevoir les lettres d’information")


class ConsentSource(models.TextChoices):
    """Where somebody said so."""

    ACCOUNT = "account", _("Depuis le compte")
    LINK = "link", _("Par le lien d’un message")
    FORM = "form", _("Dans un formulaire")
    COUNTER = "counter", _("Auprès d’un agent")


class NewsChannel(models.TextChoices):
    """The ways by which news may come.

    An SMS, a call or an agent at the counter says that there is news; the mail says which.
    """

    EMAIL = "email", _("Courriel")
    SMS = "sms", _("SMS et courriel")
    COURRIER = "courrier", _("Courrier")
    TELEPHONE = "telephone", _("Appel d’un agent et courriel")
    GUICHET = "guichet", _("Au guichet, à votre prochaine visite, et courriel")


class OrganisationKind(models.TextChoices):
    """The organisations that have accounts; codes of the prestations' audiences (S21)."""

    ASSOCIATION = "association", _("Association")
    ENTREPRISE = "entreprise", _("Entreprise")


class MemberRole(models.TextChoices):
    ADMINISTRATOR = "administrateur", _("Administrateur")
    MEMBER = "membre", _("Membre")


class ChangeState(models.TextChoices):
    """What became of a correction that an organisation proposed for the town's record."""

    PROPOSED = "proposed", _("À reprendre")
    REPLACED = "replaced", _("Remplacée par une autre")
    TAKEN = "taken", _("Reprise dans la fiche")
    REFUSED = "refused", _("Non reprise")


class CheckState(models.TextChoices):
    """Whether an agent has checked who declares an organisation."""

    PENDING = "pending", _("À vérifier")
    VERIFIED = "verified", _("Vérifié")
    REFUSED = "refused", _("Refusé")
