"""An earlier state of one object of the configuration, put back: itself a change that is kept."""

import hashlib
import json

from django.utils.translation import gettext as _

from prestations.configuration.kinds import Kind, State, kind_of
from prestations.configuration.recording import recorded
from prestations.exceptions import ChangeRefused
from prestations.loading.search_index import index_search
from prestations.models import ConfigurationChange


def digest_of(state: State | None) -> str:
    """Name a state: a form that showed another one is refused."""
    written = json.dumps(state, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def refusals(kind: Kind, key: str, wanted: State | None) -> list[str]:
    """Return why an object cannot become so; empty when it can."""
    if kind.fixed or kind.restore is None:
        return [str(kind.fixed)]
    if kind.snapshot(key) == wanted:
        return [_("C’est déjà son état d’aujourd’hui.")]
    return kind.faults(key, wanted)


def bring_back(
    *, change: ConfigurationChange, wanted: State | None, seen: str, actor, reason: str = ""
) -> ConfigurationChange | None:
    """Put back one of the two states of a change.

    Args:
        wanted: `change.before` or `change.after`.
        seen: `digest_of` today's state, as the preview showed it.
        actor: whose right the caller has checked.

    Raises:
        ChangeRefused: it changed meanwhile, or that state does not make sense any more.
    """
    kind = kind_of(change.kind)
    with recorded(kind.code, change.key, actor=actor, reason=reason, reverts=change) as kept:
        if digest_of(kind.snapshot(change.key)) != seen:
            raise ChangeRefused(
                [_("Cet objet a changé pendant que vous lisiez : relisez la comparaison.")]
            )
        if faults := refusals(kind, change.key, wanted):
            raise ChangeRefused(faults)
        assert kind.restore is not None
        kind.restore(change.key, wanted, actor=actor)
        if kind.searched:
            index_search()
    return kept.change
