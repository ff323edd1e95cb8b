"""A state given to one object of the configuration: one that a page wrote, or an earlier one."""

from typing import Any

from django.utils.translation import gettext as _

from prestations.configuration.kinds import Kind, State, kind_of
from prestations.configuration.recording import digest_of, recorded
from prestations.exceptions import ChangeRefused
from prestations.loading.search_index import index_search
from prestations.models import ConfigurationChange


def can_go_back(kind: Kind) -> bool:
    """Whether an earlier state is put back from the history, or at least put forward."""
    return not kind.fixed and bool(kind.restore or kind.propose)


def earlier(kind: Kind, state: State | None) -> State | None:
    """Return a kept state with all that a state says today."""
    return kind.filled(state) if state is not None else None


def returned(kind: Kind, key: str, state: State | None) -> State | None:
    """Return what putting a kept state back makes of an object today."""
    known = earlier(kind, state)
    return kind.returned(key, known) if known is not None else None


def refusals(kind: Kind, key: str, wanted: State | None) -> list[str]:
    """Return why an object cannot become so; empty when it can."""
    if not can_go_back(kind):
        return [str(kind.fixed)]
    if kind.is_now(key, wanted):
        return [_nothing(kind, wanted)]
    return kind.faults(key, wanted)


def _nothing(kind: Kind, wanted: State | None) -> str:
    why = str(kind.not_returned) if wanted is not None else ""
    return why or _("C’est déjà son état d’aujourd’hui.")


def put_state(
    kind: str,
    key: str,
    wanted: State | None,
    *,
    actor,
    reason: str = "",
    seen: str | None = None,
) -> ConfigurationChange | None:
    """Make one object so, and keep the change; None when nothing differs.

    Args:
        seen: see `recorded`.

    Raises:
        ChangeRefused: the state does not go with the rest.
        StalePage: see `recorded`.
    """
    with recorded(kind, key, actor=actor, reason=reason, seen=seen) as kept:
        _put(kind_of(kind), key, wanted, actor)
    return kept.change


def take_up_again(
    kind: str, key: str, row: Any, *, actor, reason: str = ""
) -> ConfigurationChange | None:
    """Put a row that was taken out of use in use again, as it was.

    Args:
        key: of the row, in its kind.

    Raises:
        ChangeRefused: it does not go with the rest any more.
    """
    known = kind_of(kind)
    with recorded(kind, key, actor=actor, reason=reason) as kept:
        row.is_active = True
        row.save(update_fields=["is_active"])
        if faults := known.faults(key, known.snapshot(key)):
            raise ChangeRefused(faults)
        if known.searched:
            index_search()
    return kept.change


def _put(kind: Kind, key: str, wanted: State | None, actor) -> None:
    if faults := kind.faults(key, wanted):
        raise ChangeRefused(faults)
    kind.put(key, wanted, actor=actor)
    if kind.searched:
        index_search()


def bring_back(
    *, change: ConfigurationChange, wanted: State | None, seen: str, actor, reason: str = ""
) -> ConfigurationChange | None:
    """Put back one of the two states of a change.

    Args:
        wanted: `change.before` or `change.after`, as `returned` gives it.
        seen: `digest_of` today's state, as the preview showed it.
        actor: whose right the caller has checked.

    Returns:
        What was kept; None when nothing differs yet: a second person has to agree (`Kind.propose`).

    Raises:
        ChangeRefused: it changed meanwhile, nothing would change, or that state does not make
            sense any more.
    """
    kind = kind_of(change.kind)
    with recorded(kind.code, change.key, actor=actor, reason=reason, reverts=change) as kept:
        if digest_of(kind.snapshot(change.key)) != seen:
            raise ChangeRefused(
                [_("Cet objet a changé pendant que vous lisiez : relisez la comparaison.")]
            )
        if faults := refusals(kind, change.key, wanted):
            raise ChangeRefused(faults)
        _put(kind, change.key, wanted, actor)
        if kind.propose is None and wanted and digest_of(kind.snapshot(change.key)) == seen:
            raise ChangeRefused([_nothing(kind, wanted)])
    return kept.change
