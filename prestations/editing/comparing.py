"""What a version of a form changes, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.editing.operations import CONDITIONS, DOCUMENTS, QUESTIONS, Part
from prestations.editing.wording import shown
from prestations.enums import Location
from prestations.translation import catalogue_text


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"
    CHANGED = "changed"


KIND_WORDS = {
    Kind.ADDED: gettext_lazy("Ajouté"),
    Kind.REMOVED: gettext_lazy("Enlevé"),
    Kind.MOVED: gettext_lazy("Déplacé"),
    Kind.RENAMED: gettext_lazy("Renommé"),
    Kind.CHANGED: gettext_lazy("Modifié"),
}


@dataclass(frozen=True)
class Detail:
    """One property that changed, with what it said before and says now, in words; "": nothing."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One question, document or setting that differs."""

    kind: Kind
    about: str
    label: str
    details: tuple[Detail, ...] = ()

    @property
    def words(self) -> str:
        return str(KIND_WORDS[self.kind])


_ABOUT = (
    (CONDITIONS, gettext_lazy("Question préalable")),
    (QUESTIONS, gettext_lazy("Question")),
    (DOCUMENTS, gettext_lazy("Pièce")),
)


def compare_forms(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return what `new` changes of `old`, in the order of the form."""
    changes = [change for part, about in _ABOUT for change in _part(old, new, part, str(about))]
    before, after = old["requester_block"], new["requester_block"]
    about = _("Questions sur le demandeur")
    if before["code"] != after["code"]:
        detail = Detail(about, catalogue_text(before["label"]), catalogue_text(after["label"]))
        changes.append(Change(Kind.CHANGED, about, detail.after, (detail,)))
    else:
        changes += _part(before, after, QUESTIONS, about)
    if old["location"] != new["location"]:
        place = _("Le lieu")
        was, is_now = (str(Location(one["location"]).label) for one in (old, new))
        detail = Detail(place, was, is_now)
        changes.append(Change(Kind.CHANGED, _("Formulaire"), place, (detail,)))
    return changes


def _part(old: dict, new: dict, part: Part, about: str) -> Iterator[Change]:
    before = {item[part.named_by]: item for item in part.items(old)}
    after = {item[part.named_by]: item for item in part.items(new)}
    for name, item in before.items():
        if name not in after:
            yield Change(Kind.REMOVED, about, _label(item))
    moved = _moved([name for name in before if name in after], [n for n in after if n in before])
    for name, item in after.items():
        if name not in before:
            yield Change(Kind.ADDED, about, _label(item))
            continue
        if name in moved:
            yield Change(Kind.MOVED, about, _label(item))
        if details := tuple(_details(before[name], item, old, new)):
            kind = Kind.RENAMED if _is_renamed(before[name], item) else Kind.CHANGED
            yield Change(kind, about, _label(item), details)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Those that do not stand any more in the order in which the others stayed."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    stayed = {
        before[index]
        for block in matcher.get_matching_blocks()
        for index in range(block.a, block.a + block.size)
    }
    return set(before) - stayed


def _is_renamed(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether the words that people know it by are all that changed."""
    words = {"label", "question"}
    return all(before.get(key) == after.get(key) for key in {*before, *after} - words)


def _label(item: dict[str, Any]) -> str:
    return catalogue_text(item.get("label") or item["question"])


def _details(before: dict, after: dict, old: dict, new: dict) -> Iterator[Detail]:
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if one == other:
            continue
        if key == "choices":
            yield from _answers(one or (), other or ())
        else:
            what, said = shown(key, one, old)
            yield Detail(what, said, shown(key, other, new)[1])


def _answers(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> Iterator[Detail]:
    """What becomes of the answers that a question proposes; their values tell which is which."""
    was, now = (
        {one["value"]: catalogue_text(one["label"]) for one in side} for side in (before, after)
    )
    for value, label in was.items():
        if value not in now:
            yield Detail(_("Réponse enlevée"), label, "")
        elif now[value] != label:
            yield Detail(_("Réponse renommée"), label, now[value])
    for value, label in now.items():
        if value not in was:
            yield Detail(_("Réponse ajoutée"), "", label)
    if [one for one in was if one in now] != [one for one in now if one in was]:
        yield Detail(_("Ordre des réponses"), ", ".join(was.values()), ", ".join(now.values()))
