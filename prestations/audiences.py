"""For whom a prestation is: what the catalogue says, and what the town chose on top of it (S21)."""

from collections import defaultdict
from collections.abc import Iterable

from prestations.enums import Audience, RequesterKind
from prestations.models import AudienceChoice, Prestation

# rules.audience_requester_kinds of the catalogue; a test proves them equal
KINDS = {
    Audience.CITOYEN: (RequesterKind.CITOYEN, RequesterKind.ANONYME),
    Audience.ASSOCIATION: (RequesterKind.ASSOCIATION,),
    Audience.ENTREPRISE: (RequesterKind.ENTREPRISE,),
    Audience.ADMINISTRATION: (RequesterKind.AUTRE_ADMINISTRATION,),
}


def audience_of(kind: str) -> Audience:
    """Return the audience to which a kind of requester belongs.

    Raises:
        StopIteration: an unknown kind.
    """
    return next(audience for audience, kinds in KINDS.items() if kind in kinds)


def possible_audiences(prestation: Prestation) -> list[Audience]:
    """Return the audiences that the prestation's form can serve: its requester block knows them."""
    if prestation.current_form is None:
        return []
    known = set(prestation.current_form.definition["requester_block"]["requester_kinds"])
    return [audience for audience, kinds in KINDS.items() if known.intersection(kinds)]


def chosen(codes: Iterable[str]) -> dict[str, dict[str, bool]]:
    """Return what the town chose, as {prestation: {audience: open}}; one query."""
    choices: dict[str, dict[str, bool]] = defaultdict(dict)
    rows = AudienceChoice.objects.filter(prestation__in=list(codes)).order_by("pk")
    for code, audience, is_open in rows.values_list("prestation", "audience", "is_open"):
        choices[code][audience] = is_open
    return choices


def applied(listed: list[str], choices: dict[str, bool]) -> list[str]:
    """Return the catalogue's audiences with the town's choices, in the catalogue's order."""
    kept = [audience for audience in listed if choices.get(audience, True)]
    added = [audience for audience, is_open in choices.items() if is_open and audience not in kept]
    return [*kept, *sorted(added)]
