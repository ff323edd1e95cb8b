"""Why a verb refuses; each message tells a person what to do."""

from django.utils.translation import gettext_lazy as _


class RequestError(Exception):
    """A verb refused. `message` is for the person who asked."""

    message = _("Cette action n'est pas possible.")

    def __init__(self, message=None):
        self.message = message or self.message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class StaleRequest(RequestError):
    """The page showed an older version: someone else acted meanwhile (R11)."""

    message = _(
        "Cette demande a changé pendant que vous la lisiez. Votre texte est gardé : "
        "relisez la demande, puis recommencez."
    )


class NotAllowed(RequestError):
    """The person has not the right."""

    message = _("Vous n'avez pas le droit de faire cette action sur cette demande.")


class IllegalTransition(RequestError):
    """The request's state does not allow the verb."""

    message = _("L'état actuel de la demande ne permet pas cette action.")


class TooLate(RequestError):
    """What was sent has left: it cannot be undone any more."""

    message = _("Trop tard : les 10 secondes sont passées, l’envoi est parti.")


class AlreadySent(RequestError):
    """The same words were sent a second time by the same form: they are here already."""

    message = _("Cet envoi est déjà arrivé.")


class TooManyFiles(RequestError):
    """The requester has sent as many files as a request may hold."""

    message = _(
        "Cette demande a déjà beaucoup de fichiers. Apportez les suivants à la mairie, "
        "ou appelez-nous."
    )


class NothingToErase(RequestError):
    """An erasure that would erase nothing: the person would be told of something not done."""

    message = _(
        "Rien ne peut être effacé avec ces choix : aucune demande n’est cochée, et la fiche "
        "reste tant qu’une demande reste."
    )


class WrongAudience(RequestError):
    """The prestation is not open to this kind of requester (S21)."""

    message = _("Cette démarche n’est pas ouverte à ce public.")


class PrestationClosed(RequestError):
    """The prestation takes no request (historical, closed, or not on this channel)."""

    message = _("Cette prestation n'est pas ouverte par ce canal.")


class NotEligible(RequestError):
    """A question asked before the form was not answered, or its answer ends the way."""

    message = _("Répondez d’abord aux questions posées avant le formulaire.")


class MissingInput(RequestError):
    """Something the verb needs was not given."""

    message = _("Il manque une information pour faire cette action.")


class Blocked(RequestError):
    """Something must be made sure of first (S55): the message says what, and who can lift it."""

    message = _("Il manque quelque chose pour accepter cette demande.")


class StillOpen(RequestError):
    """Nothing of a request under way may be erased."""

    message = _("Cette demande est encore en cours : elle ne peut pas être effacée.")


class Held(RequestError):
    """A legal hold keeps the request as it is."""

    message = _("Cette demande est gelée pour une raison juridique : rien n’en est effacé.")
