"""Closed lists of the back office."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# what the address of a list says for none
NOBODY = "personne"
NO_DEPARTMENT = "aucun"

LEVEL = "delais:"  # a notice of contracts that is about delays of one prestation


class Measure(models.TextChoices):
    """What a daily figure counts; defined in `requests.figures`."""

    FILED = "filed", _("Déposées")
    CLOSED = "closed", _("Closes")
    ENDED = "ended", _("Retirées ou annulées")


class SheetFormat(models.TextChoices):
    """The kinds of file a list is exported to; the value ends the file's name."""

    XLSX = "xlsx", _("Excel (XLSX)")
    CSV = "csv", _("CSV, points-virgules")

    @property
    def media_type(self) -> str:
        if self == SheetFormat.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListExportState(models.TextChoices):
    """Where the export of a list stands; only the first is not an end of the work."""

    ASKED = "asked", _("En préparation")
    READY = "ready", _("Prêt")
    CANCELLED = "cancelled", _("Annulé")
    REFUSED = "refused", _("Refusé")
    FAILED = "failed", _("Non préparé")
    EXPIRED = "expired", _("Effacé")


class RowOutcome(models.TextChoices):
    """What became of one request of a bulk act."""

    WAITING = "waiting", _("En attente")
    DONE = "done", _("Faite")
    REFUSED = "refused", _("Refusée")
    SKIPPED = "skipped", _("Laissée")


class RowUndoing(models.TextChoices):
    """What became of its undoing, once that was asked for."""

    WAITING = "asked", _("Annulation en attente")
    DONE = "undone", _("Annulée")
    REFUSED = "kept", _("Non annulée")


class ImportKind(models.TextChoices):
    """What a file changes."""

    CONFIGURATION = "configuration", _("Tout le paramétrage (YAML exporté)")
    AGENTS = "agents", _("Agents à inviter (CSV ou XLSX)")
    CLOSURES = "closures", _("Jours de fermeture (CSV ou XLSX)")
    STREETS = "streets", _("Répertoire des rues (CSV : BAL ou base adresse nationale)")


class ImportState(models.TextChoices):
    """Where a file that changes settings stands."""

    EXAMINING = "examining", _("Examen en cours")
    EXAMINED = "examined", _("À relire")
    REFUSED = "refused", _("Ne peut pas être importé")
    IMPORTING = "importing", _("Import en cours")
    DONE = "done", _("Importé")


class LookReason(models.TextChoices):
    """What tied an agent to a person at the moment of a look at their record."""

    IN_CHARGE = "charge", _("chargé d’une de ses demandes en cours")
    CONTACT = "contact", _("a noté un contact avec la personne le jour même")
    OPEN = "open", _("une demande en cours que l’agent peut traiter")
    RECEPTION = "reception", _("choisie à l’accueil ce jour-là")
    COMPARED = "compared", _("deux fiches comparées ou réunies")
    CALL_NOTES = "call-notes", _("notes d’appel d’un collègue, à qualifier")
    RIGHTS = "rights", _("droits de la personne")
    NONE = "none", _("aucun lien constaté")


class Dealing(models.TextChoices):
    """What a record's chronology lists; the values stand in its address."""

    REQUEST = "demandes", _("Demande")
    CALL = "appels", _("Appel")
    VISIT = "visites", _("Visite")
    LETTER = "courriers", _("Courrier")
    MESSAGE = "messages", _("Message")

    @property
    def plural(self) -> str:
        """The word of the filter."""
        return str(_DEALINGS[self])


_DEALINGS = {
    Dealing.REQUEST: _("Demandes"),
    Dealing.CALL: _("Appels"),
    Dealing.VISIT: _("Visites"),
    Dealing.LETTER: _("Courriers"),
    Dealing.MESSAGE: _("Messages"),
}
