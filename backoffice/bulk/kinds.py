"""The acts that an agent may do to many requests at once.

What sends a letter, or decides, is not among them: that is read case by case.
"""

from django.utils.translation import gettext_lazy

from backoffice.bulk import doing
from backoffice.bulk.kind import Kind
from massy_grc.users.models import User
from requests.enums import Verb

KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "take",
            Verb.TAKE,
            gettext_lazy("Prendre en charge"),
            "hand",
            doing.will_take,
            doing.take,
            doing.has_taken,
            doing.taking_lasts,
            doing.put_back,
        ),
        Kind(
            "assign",
            Verb.ASSIGN,
            gettext_lazy("Confier à un collègue"),
            "user-plus",
            doing.will_assign,
            doing.assign,
            doing.has_it,
            undo=doing.put_back,
        ),
        Kind(
            "transfer",
            Verb.TRANSFER,
            gettext_lazy("Transmettre à un service"),
            "corner-up-right",
            doing.will_transfer,
            doing.transfer,
            doing.is_there,
            doing.transfer_lasts,
            doing.put_back,
        ),
        Kind(
            "snooze",
            Verb.SNOOZE,
            gettext_lazy("Mettre de côté"),
            "moon",
            doing.will_snooze,
            doing.snooze,
            lasting=doing.snooze_lasts,
            undo=doing.take_up_again,
            shut=gettext_lazy("Elle n’est pas parmi vos demandes."),
        ),
        Kind(
            "watch",
            None,
            gettext_lazy("Suivre"),
            "eye",
            doing.will_watch,
            doing.watch,
            doing.watches,
            undo=doing.watch_as_before,
            versioned=False,
        ),
        Kind(
            "unwatch",
            None,
            gettext_lazy("Ne plus suivre"),
            "eye-off",
            doing.will_unwatch,
            doing.unwatch,
            doing.watches_not,
            undo=doing.watch_as_before,
            versioned=False,
        ),
        Kind(
            "urgency",
            Verb.SET_URGENT,
            gettext_lazy("Changer l’urgence"),
            "zap",
            doing.will_set_urgent,
            doing.set_urgent,
            doing.is_urgent,
            undo=doing.put_back,
        ),
        Kind(
            "rekey",
            Verb.REKEY,
            gettext_lazy("Noter la ressaisie"),
            "keyboard",
            doing.will_rekey,
            doing.rekey,
            doing.is_rekeyed,
            undo=doing.unrekey,
        ),
        Kind(
            "note",
            Verb.NOTE,
            gettext_lazy("Ajouter une note interne"),
            "lock",
            doing.will_note,
            doing.note,
            lasting=doing.note_lasts,
        ),
    )
}


def kinds_for(user: User) -> list[Kind]:
    """The acts offered to this person, in the order of their list."""
    return [kind for kind in KINDS.values() if kind.offered_to(user)]
