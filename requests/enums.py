"""Closed lists of the request's life; codes are those of reference.yaml."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a request stands, as agents see it. Public wording: `PUBLIC_LABELS`."""

    ENREGISTREE = "enregistree", _("Enregistrée")
    A_QUALIFIER = "a-qualifier", _("À qualifier")
    EN_COURS = "en-cours", _("En cours de traitement")
    TRANSMISE = "transmise", _("Transmise au service expert")
    ATTENTE_PIECES = "attente-pieces", _("En attente de pièces")
    ATTENTE_DEMANDEUR = "attente-demandeur", _("En attente d'une réponse du demandeur")
    ATTENTE_TIERS = "attente-tiers", _("En attente d'un tiers")
    RENDEZ_VOUS = "rendez-vous", _("Rendez-vous fixé")
    A_VALIDER = "a-valider", _("En attente de validation ou de signature")
    A_REPONDRE = "a-repondre", _("Traitée par l'expert - réponse à envoyer")
    A_RETIRER = "a-retirer", _("Prête - à retirer")
    CLOSE = "close", _("Clôturée")
    ANNULEE = "annulee", _("Annulée")


PUBLIC_LABELS = {
    State.ENREGISTREE: _("Reçue"),
    State.A_QUALIFIER: _("Reçue"),
    State.EN_COURS: _("En cours de traitement"),
    State.TRANSMISE: _("En cours de traitement"),
    State.ATTENTE_PIECES: _("Pièces à fournir"),
    State.ATTENTE_DEMANDEUR: _("Votre réponse est attendue"),
    State.ATTENTE_TIERS: _("En cours de traitement"),
    State.RENDEZ_VOUS: _("Rendez-vous fixé"),
    State.A_VALIDER: _("En cours de traitement"),
    State.A_REPONDRE: _("En cours de traitement"),
    State.A_RETIRER: _("À retirer"),
    State.CLOSE: _("Terminée"),
    State.ANNULEE: _("Annulée"),
}

PAUSED_STATES = (State.ATTENTE_PIECES, State.ATTENTE_DEMANDEUR)
AWAITING = (State.ATTENTE_DEMANDEUR, State.A_RETIRER)  # an answer, a visit: until a day
STOPPED_STATES = (State.A_RETIRER, State.CLOSE, State.ANNULEE)
FINAL_STATES = (State.CLOSE, State.ANNULEE)
OPEN_STATES = tuple(state for state in State if state not in FINAL_STATES)


class Verb(models.TextChoices):
    """What can be done to a request; each is an event kind and an action of `requests.actions`."""

    FILE = "file", _("Demande déposée")
    QUALIFY = "qualify", _("Demande qualifiée")
    ROUTE = "route", _("Demande orientée")
    TAKE = "take", _("Prise en charge")
    ASSIGN = "assign", _("Dossier confié à un agent")
    TRANSFER = "transfer", _("Transmise à un service")
    RETURN = "return", _("Rendue à l'accueil par le service")
    ASK_PIECES = "ask_pieces", _("Pièces demandées")
    ASK_QUESTION = "ask_question", _("Question posée au demandeur")
    PROPOSE_QUESTION = "propose_question", _("Question soumise à l'accueil")
    REFUSE_QUESTION = "refuse_question", _("Question non retenue par l'accueil")
    SUPPLY = "supply", _("Réponse ou pièces reçues")
    COMPLETE = "complete", _("Formulaire complété")
    RESUME = "resume", _("Traitement repris")
    WAIT_THIRD_PARTY = "wait_third_party", _("En attente d'un tiers")
    SET_APPOINTMENT = "set_appointment", _("Rendez-vous fixé")
    SUBMIT_APPROVAL = "submit_approval", _("Soumise à validation")
    CHECK = "check", _("Dossier vérifié")
    REKEY = "rekey", _("Ressaisie dans un autre logiciel")
    HAND_OVER = "hand_over", _("Document remis")
    OVERRIDE = "override", _("Blocage levé")
    SIGN = "sign", _("Décision signée")
    SEND_BACK = "send_back", _("Décision rendue à corriger")
    TREAT = "treat", _("Traitée par le service")
    READY = "ready", _("Document prêt à retirer")
    WRITE = "write", _("Message envoyé au demandeur")
    RECEIVE = "receive", _("Message reçu du demandeur")
    NOTE = "note", _("Note interne")
    ATTACH = "attach", _("Document ajouté")
    SET_URGENT = "set_urgent", _("Urgence modifiée")
    CORRECT_CONTACT = "correct_contact", _("Coordonnées corrigées")
    CORRECT = "correct", _("Réponses corrigées")
    ANSWER = "answer", _("Réponse envoyée")
    CLOSE = "close", _("Demande clôturée")
    FORWARD = "forward", _("Transmise à une autre administration")
    REOPEN = "reopen", _("Demande rouverte")
    WITHDRAW = "withdraw", _("Demande retirée par le demandeur")
    CANCEL = "cancel", _("Demande annulée")
    UNSEND = "unsend", _("Envoi annulé par son auteur : rien n’est parti")
    RATE = "rate", _("Avis du demandeur")
    ADOPT = "adopt", _("Ajoutée à l’espace du demandeur")
    OBJECT = "object", _("Opposition de la personne concernée")
    TELL_CONCERNED = "tell_concerned", _("Personne concernée prévenue")
    ASK_REASONS = "ask_reasons", _("Motifs du refus implicite demandés")
    GIVE_REASONS = "give_reasons", _("Motifs du refus implicite envoyés")
    ACKNOWLEDGE = "acknowledge", _("Accusé de réception envoyé")
    INTERIM = "interim", _("Point d'étape envoyé")
    RECALCULATE = "recalculate", _("Échéance recalculée")
    REMIND = "remind", _("Rappel envoyé au demandeur")
    ALERT = "alert", _("Alerte d'échéance")
    EXTEND = "extend", _("Délai prolongé")
    HOLD = "hold", _("Gel juridique posé")
    RELEASE = "release", _("Gel juridique levé")
    ASK_TASK = "ask_task", _("Travail demandé à un service")
    ACCEPT_TASK = "accept_task", _("Travail accepté")
    DECLINE_TASK = "decline_task", _("Travail refusé")
    CONCLUDE_TASK = "conclude_task", _("Travail rendu")
    CANCEL_TASK = "cancel_task", _("Travail retiré")
    MERGE = "merge", _("Regroupée avec une autre demande")
    UNMERGE = "unmerge", _("Regroupement défait")
    LEAD = "lead", _("Suit aussi une autre demande")
    RECEIVE_MERGED = "receive_merged", _("Message reçu sur une demande regroupée")
    SPLIT = "split", _("Demande scindée")
    LINK = "link", _("Liée à une autre demande")
    UNLINK = "unlink", _("Lien retiré")
    REPEAT = "repeat", _("Renouvellement")
    SNOOZE = "snooze", _("Mise de côté")
    WAKE = "wake", _("Revenue dans « Mes demandes »")
    QUARANTINE = "quarantine", _("Fichier bloqué par l’antivirus")
    PURGE_FILES = "purge_files", _("Pièces effacées")
    ANONYMISE = "anonymise", _("Données personnelles effacées")


class MessageDirection(models.TextChoices):
    INBOUND = "in", _("Du demandeur")
    OUTBOUND = "out", _("De la mairie")


class UsualPiece(models.TextChoices):
    """What a department may ask for beside the prestation's own documents; words of letters."""

    PHOTO = "photo", _("Une photo")
    PLAN = "plan", _("Un plan ou un croquis")
    PROOF = "justificatif", _("Un justificatif")
    QUOTE = "devis", _("Un devis")
    OWNER = "accord-proprietaire", _("L’accord écrit du propriétaire")


class PieceReason(models.TextChoices):
    """Why a piece is asked for, in the words of the letter; all that a department may say."""

    MISSING = "elle manque au dossier", _("elle manque au dossier")
    UNREADABLE = "la copie est illisible", _("la copie est illisible")
    INCOMPLETE = "il manque une page", _("il manque une page")
    EXPIRED = "le document est périmé", _("le document est périmé")
    OTHER = "ce n’est pas le document demandé", _("ce n’est pas le document demandé")


class PieceFault(models.TextChoices):
    """What is wrong with a file: it decides what the law's clock does (CRPA L114-5, L114-6)."""

    INCOMPLETE = "incomplete", _("Il manque quelque chose")
    INCORRECT = "incorrect", _("Tout est là, mais quelque chose est à corriger")


class CheckKind(models.TextChoices):
    """What an agent makes sure of before a favourable answer or a delivery."""

    PIECE = "piece", _("Pièce")
    IDENTITY = "identity", _("Identité")
    FEE = "fee", _("Paiement")


class IdentityProof(models.TextChoices):
    """What was seen of whoever is there."""

    CARD = "carte", _("Carte d’identité")
    PASSPORT = "passeport", _("Passeport")
    PERMIT = "titre-sejour", _("Titre de séjour")
    LICENCE = "permis", _("Permis de conduire")
    PROXY = "procuration", _("Procuration, avec les deux pièces d’identité")


class Outcome(models.TextChoices):
    POSITIVE = "positive", _("Favorable")
    NEGATIVE = "negative", _("Défavorable")


class RatingScore(models.IntegerChoices):
    VERY_GOOD = 4, _("Très bien")
    GOOD = 3, _("Bien")
    BAD = 2, _("Mal")
    VERY_BAD = 1, _("Très mal")


class AlertKind(models.TextChoices):
    DUE_SOON = "due-soon", _("Échéance proche")
    OVERDUE = "overdue", _("Échéance dépassée")
    SEVERELY_LATE = "severely-late", _("Retard grave")
    THREE_TIMES_LATE = "three-times-late", _("Trois fois le délai")
    EXPERT_LATE = "expert-late", _("Retour du service en retard")
    FIRST_ANSWER_LATE = "first-answer-late", _("Première réponse en retard")
    UNASSIGNED = "unassigned", _("Sans chargé de dossier")
    IMPLICIT_DECISION = "implicit-decision", _("Décision implicite")
    PIECES_OVERDUE = "pieces-overdue", _("Pièces non reçues à la date")
    QUESTION_UNANSWERED = "question-unanswered", _("Question restée sans réponse")
    UNCOLLECTED = "uncollected", _("Document non retiré à la date")
    INTERIM_REPLY = "interim-reply", _("Point d'étape envoyé")
    REASONS_ASKED = "reasons-asked", _("Motifs d’un refus implicite à donner")
    REASONS_SOON = "reasons-soon", _("Motifs d’un refus implicite bientôt attendus")
    UNACKNOWLEDGED = "unacknowledged", _("Accusé de réception à envoyer")
    MISROUTED = "misrouted", _("Orientation à décider")
    CALL_LATE = "call-late", _("Rappel promis en retard")
    TASK_SOON = "task-soon", _("Travail d’un service bientôt attendu")
    TASK_LATE = "task-late", _("Travail d’un service en retard")
    TASK_UNANSWERED = "task-unanswered", _("Travail ni accepté ni refusé")


class TaskKind(models.TextChoices):
    """What another department is asked to do on a request."""

    WORK = "work", _("Une intervention ou un travail")
    OPINION = "opinion", _("Un avis")


class TaskEnd(models.TextChoices):
    """How a task ended."""

    DONE = "done", _("Rendu")
    DECLINED = "declined", _("Refusé")
    CANCELLED = "cancelled", _("Retiré")


class Opinion(models.TextChoices):
    FAVOURABLE = "favourable", _("Avis favorable")
    RESERVED = "reserved", _("Avis réservé")
    UNFAVOURABLE = "unfavourable", _("Avis défavorable")


class DailyWork(models.TextChoices):
    ARRIVALS = "arrivals", _("Nouvelles demandes du jour")
    DIGEST = "digest", _("Échéances du jour")


class Opening(models.TextChoices):
    """Whether the town hall received the public when a request arrived."""

    OPEN = "open", _("Pendant les heures d’ouverture de la mairie")
    CLOSED = "closed", _("En dehors des heures d’ouverture de la mairie")


class RuleOff(models.TextChoices):
    """Why a routing rule is off; what an administrator did, then what it found by itself."""

    FILED = "by-hand", _("Classée par un administrateur")
    CHANGED = "changed", _("Modifiée : à rejouer avant de l’activer de nouveau")
    MOVED = "moved", _("Déplacée : à rejouer avant de l’activer de nouveau")
    TAKEN_UP = "taken-up", _("Remise : à rejouer avant de l’activer de nouveau")
    PERSON_LEFT = "person-left", _("La personne désignée n’a plus d’accès")
    PERSON_MOVED = "person-moved", _("La personne désignée ne travaille plus à cet endroit")
    DEPARTMENT_CLOSED = "department-closed", _("Le service désigné est fermé")
    TEAM_CLOSED = "team-closed", _("L’équipe désignée est fermée")
    PRESTATION_GONE = "prestation-gone", _("Aucune de ses prestations n’est encore proposée")
    STREETS_GONE = "streets-gone", _("Aucune de ses rues n’est encore au répertoire")
    UNREADABLE = "unreadable", _("Une de ses conditions ne se lit pas")


TO_REPLAY = (RuleOff.CHANGED, RuleOff.MOVED, RuleOff.TAKEN_UP)
BY_ADMINISTRATOR = (RuleOff.FILED, *TO_REPLAY)
BY_ITSELF = tuple(why for why in RuleOff if why not in BY_ADMINISTRATOR)

# told of one due date: they end together when it moves
LATENESS = (
    AlertKind.DUE_SOON,
    AlertKind.OVERDUE,
    AlertKind.SEVERELY_LATE,
    AlertKind.THREE_TIMES_LATE,
)
# told of what the requester was awaited for: they end with it
AWAITED = (AlertKind.QUESTION_UNANSWERED, AlertKind.UNCOLLECTED)
# told of one department's work, each apart
TASK_ALERTS = (AlertKind.TASK_LATE, AlertKind.TASK_SOON, AlertKind.TASK_UNANSWERED)
GRAVE = (AlertKind.SEVERELY_LATE, AlertKind.THREE_TIMES_LATE)


class ContactOutcome(models.TextChoices):
    """How a contact that needs no request ended."""

    ANSWERED = "answered", _("Répondu tout de suite")
    CALL_BACK = "call-back", _("À rappeler")
    OPEN = "open", _("À qualifier")
    REQUEST = "request", _("Demande ouverte")

    @classmethod
    def at_once(cls) -> tuple["ContactOutcome", ...]:
        """How a question ends that is noted with its end."""
        return cls.ANSWERED, cls.CALL_BACK


class NoticeKind(models.TextChoices):
    """What the notification centre tells an agent of."""

    MENTION = "mention", _("Une note vous nomme")
    ASSIGNED = "assigned", _("Une demande vous est confiée")
    MESSAGE = "message", _("Le demandeur a écrit, sur une demande que vous tenez")
    RETURNED = "returned", _("Un service rend une demande que vous suivez")
    TASK = "task", _("Un travail est demandé à votre service, vous est rendu ou refusé")
    DECISION = "decision", _("Une réponse attend votre signature, ou vous revient")
    WATCHED = "watched", _("Du nouveau dans une demande que vous suivez")
    ALERT = "alert", _("Échéances et retards")
    DUE_TODAY = "due-today", _("Ce qui est à rendre aujourd’hui")
    CALL_BACK = "call-back", _("Un rappel promis approche")
    EXPORT = "export", _("Un export est prêt")
    CONTRACT = "contract", _("Un contrat de service attend votre accord, ou reçoit sa réponse")
    ACCESS = "access", _("Quelqu’un devient administrateur")
    TEXT = "text", _("Un texte attend votre accord, est retiré, ou reçoit sa réponse")


class ProblemState(models.TextChoices):
    """Where a problem stands: something that several requests tell of (S33)."""

    PROPOSED = "proposed", _("Proposé, à examiner")
    OPEN = "open", _("Suivi")
    CLOSED = "closed", _("Réglé")
    DISMISSED = "dismissed", _("Écarté")


class LinkKind(models.TextChoices):
    """Why two requests are shown beside each other."""

    RELATED = "related", _("Liée")
    SPLIT = "split", _("Issue de la même demande")
    REPEAT = "repeat", _("Renouvelée")


class Rhythm(models.TextChoices):
    """How often a request is opened again."""

    MONTH = "month", _("chaque mois")
    QUARTER = "quarter", _("tous les trois mois")
    YEAR = "year", _("chaque année")

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


class SnoozePreset(models.TextChoices):
    """Until when an agent sets a request aside; the moments are those of `requests.snoozes`."""

    LATER = "later", _("Plus tard aujourd’hui")
    AFTERNOON = "afternoon", _("Cet après-midi")
    TOMORROW = "tomorrow", _("Demain matin")
    DAYS = "days", _("Dans 3 jours")
    MONDAY = "monday", _("Lundi prochain")
    WEEK = "week", _("Dans une semaine")
    DAY = "day", _("Un autre jour")


class WakeReason(models.TextChoices):
    """Why a request that was set aside is back."""

    TIME = "time", _("le moment est venu")
    REQUESTER = "requester", _("le demandeur a écrit")
    DEPARTMENT = "department", _("un service a répondu")
    HANDS = "hands", _("la demande a changé de mains")
    BY_HAND = "by-hand", _("reprise à la main")
    OVER = "over", _("il n’y a plus rien à y faire")


class UploadScan(models.TextChoices):
    """What the antivirus says of a file. Unscanned ones are held as soon as there is one."""

    CLEAN = "clean", _("Vérifié")
    UNSCANNED = "unscanned", _("Non analysé")
    QUARANTINED = "quarantined", _("En quarantaine")


class ExportState(models.TextChoices):
    ASKED = "asked", _("En préparation")
    READY = "ready", _("Prête")
    EXPIRED = "expired", _("Effacée")


class IdentityCheck(models.TextChoices):
    """How an agent made sure who asks for a copy or an erasure of their data (RGPD art. 12.6)."""

    KNOWN = "known", _("La personne est connue du service")
    DOCUMENT = "document", _("Une pièce d’identité a été présentée")
    MAIL = "mail", _("La demande vient de son adresse connue")
    REPRESENTED = "represented", _("Son représentant a montré une pièce d’identité et sa preuve")


class WalletKind(models.TextChoices):
    """What the wallet keeps; the codes are those by which forms ask for documents."""

    IDENTITY = "piece-identite", _("Pièce d’identité")
    HOME = "justificatif-domicile", _("Justificatif de domicile")
    FAMILY = "livret-famille", _("Livret de famille")
    TAX = "avis-imposition", _("Avis d’imposition")
    BANK = "rib", _("Relevé d’identité bancaire")
    QUOTIENT = "attestation-qf", _("Attestation de quotient familial")
    INSURANCE = "attestation-assurance", _("Attestation d’assurance scolaire")
    VEHICLE = "certificat-immatriculation", _("Certificat d’immatriculation")


class NoteLevel(models.TextChoices):
    """Which agents read a note on a record."""

    TEAM = "team", _("Mon équipe")
    DEPARTMENT = "department", _("Mon service")
    FRONT = "front", _("Tous les agents d’accueil")
    HOLDERS = "holders", _("Les agents nommés pour une prestation réservée")


class Relation(models.TextChoices):
    """Who somebody is to the person for whom they file."""

    CHILD = "enfant", _("Mon enfant mineur")
    PROTECTED = "protege", _("Une personne dont je suis tuteur ou curateur")
    PARTNER = "conjoint", _("Mon conjoint, mon partenaire")
    FAMILY = "famille", _("Un autre membre de ma famille")
    OTHER = "autre", _("Une autre personne, avec son accord")
