"""The English that the town wrote, kept with the state of what it translates."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from prestations.configuration.kinds import Kind, State
from prestations.loading.shapes import text
from prestations.models import TownTranslation
from prestations.translation import begin_page, english_of, town_words

ENGLISH = "english"
SHAPE = {"type": "object", "additionalProperties": text(empty=True)}


def with_english(kind: Kind) -> Kind:
    """Return a kind whose states also hold the English that the town gave their texts.

    A state kept before English was says nothing of it: today's stays.
    """
    restore, listed = kind.restore, kind.listed
    assert restore is not None
    assert listed is not None

    def snapshot(key: str) -> State | None:
        state = kind.snapshot(key)
        return None if state is None else _spoken(state, town_words())

    def listed_so() -> dict[str, State]:
        words = town_words()
        return {key: _spoken(state, words) for key, state in listed().items()}

    def restore_so(key: str, state: State | None, *, actor) -> None:
        own = _without(state) if state is not None else None
        restore(key, own, actor=actor)
        if own is not None and state is not None and ENGLISH in state:
            _say(own, state[ENGLISH], actor)

    return replace(
        kind,
        snapshot=snapshot,
        listed=listed_so,
        restore=restore_so,
        schema=_shape(kind.schema or {}),
        filled=lambda state: state if ENGLISH in state else _spoken(state, town_words()),
    )


def in_english(state: State, words: Mapping[str, str]) -> State:
    """Return a state that a page wrote with the English of its texts: today's, then `words`.

    Args:
        words: {French: English} as typed; a blank one takes back what the town wrote.
    """
    spoken = _spoken(_without(state), town_words())
    known = spoken[ENGLISH]
    for french, english in words.items():
        if english and (french in known or english_of(french) != english):
            known[french] = english
        elif not english:
            known.pop(french, None)
    return spoken


def _spoken(state: State, words: Mapping[str, str]) -> State:
    texts = {one.strip() for one in _texts(state)}
    return {**state, ENGLISH: {one: words[one] for one in sorted(texts) if words.get(one)}}


def _say(state: State, wanted: Mapping[str, str], actor) -> None:
    """Make the town's English of a state's texts `wanted`; "" falls back to the data file's."""
    words, now = town_words(), timezone.now()
    rows = [
        TownTranslation(french=one, english=wanted.get(one, ""), actor=actor, at=now)
        for one in sorted({text.strip() for text in _texts(state)})
        if words.get(one, "") != wanted.get(one, "")
    ]
    if rows:
        TownTranslation.objects.bulk_create(rows)
        begin_page()


def _without(state: State) -> State:
    return {name: one for name, one in state.items() if name != ENGLISH}


def _shape(schema: dict[str, Any]) -> dict[str, Any]:
    if "if" in schema:
        return schema | {name: _shape(schema[name]) for name in ("then", "else")}
    return schema | {"properties": schema["properties"] | {ENGLISH: SHAPE}}


def _texts(state: Any) -> Iterator[str]:
    if isinstance(state, str):
        yield state
    elif isinstance(state, dict | list):
        for one in state.values() if isinstance(state, dict) else state:
            yield from _texts(one)
