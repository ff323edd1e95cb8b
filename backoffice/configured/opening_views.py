"""On which kept view the lists of a role open, among what is recorded of the configuration.

Who keeps a view is nobody else's setting: only the one that a whole role opens on is.
"""

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.actions.saved_views import OPENING, WORKING
from backoffice.configured.fields import SAYS
from backoffice.list_words import filters_of, list_words, view_named
from backoffice.models import SavedView
from backoffice.models.saved_views import NAME_LENGTH
from backoffice.queues import narrows
from massy_grc.common.locks import Alone, in_turn
from prestations.configuration import Kind, State
from prestations.enums import Role
from prestations.loading.shapes import mapping, one_of, text
from requests.permissions import RIGHTS

ROLES = [role for role in Role if RIGHTS[role] & WORKING]


def _opening() -> QuerySet[SavedView]:
    return SavedView.objects.filter(opens=True).order_by("role")


def _states() -> dict[str, State]:
    return {
        one.role: {"opens_for": one.role, "name": one.name, "query": one.query}
        for one in _opening()
    }


def _restore(key: str, state: State | None, *, actor) -> None:
    """Let a role open on such a view: the one that is there, else one that the actor keeps."""
    in_turn(Alone.OPENING_VIEW)
    _opening().filter(role=key).update(opens=False)
    if state is None:
        return
    same = SavedView.objects.filter(role=key, name=state["name"], query=state["query"])
    saved = same.first() or SavedView(
        owner=actor,
        name=_free_name(actor, state["name"]),
        query=state["query"],
        role=key,
        saved_at=timezone.now(),
    )
    saved.opens = True
    saved.save()


def _free_name(actor, name: str) -> str:
    """A name that none of the actor's own views has."""
    taken = set(SavedView.objects.filter(owner=actor).values_list("name", flat=True))
    others = (f"{name[: NAME_LENGTH - 4]} {number}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *others) if one not in taken)


def _faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return []
    view, query = view_named(state["query"]), state["query"]
    if key not in ROLES or (view and not view.rights & RIGHTS[Role(key)]):
        return [_("Ce rôle n’ouvre pas cette liste.")]
    if "vue" in QueryDict(query) and view is None:
        return [_("Cette liste n’existe pas.")]
    if not filters_of(query).form.is_valid():
        return [_("Un filtre de cette vue ne se lit pas ici.")]
    if not narrows(query):
        return [_("Cette vue ne choisit rien : une liste s’ouvre sur au moins un filtre.")]
    return []


def _portable(state: State) -> State | None:
    """A view without the agents it may name, who have no account elsewhere."""
    named = QueryDict(state["query"]).get("charge", "")
    return None if named.isdigit() else state


def _name(state: State) -> str:
    role = state["opens_for"]
    label = str(Role(role).label) if role in Role.values else role
    return f"{label} – {state['name']}"


KINDS = [
    Kind(
        code=OPENING,
        label=gettext_lazy("Vue d’ouverture d’un rôle"),
        keys=lambda: list(_states()),
        snapshot=lambda key: _states().get(key),
        listed=_states,
        name=_name,
        restore=_restore,
        faults=_faults,
        schema=mapping(
            {"opens_for": one_of(ROLES), "name": text(NAME_LENGTH), "query": text(2000)}
        ),
        portable=_portable,
        key_of=lambda state: state["opens_for"],
    )
]
SAYS["query"] = list_words
