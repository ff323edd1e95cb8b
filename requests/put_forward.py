"""Texts that a file or an earlier state of the configuration brings: proposed, never in force.

Whoever brings them is their author; the pages' second person approves or validates them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from massy_grc.common.folding import folded
from prestations.calendars import midnight
from prestations.configuration import Kind, PutForward, State, act_of_now, kind_of
from prestations.enums import ArticleState, VersionState
from prestations.exceptions import ChangeRefused
from prestations.models import ArticleVersion, KnowledgeArticle, LetterTemplate, LetterVersion
from requests.actions import versions
from requests.actions.articles import WORDS as ARTICLE_WORDS
from requests.actions.letter_words import WORDS, check_words
from requests.actions.versions import Version
from requests.exceptions import RequestError
from requests.notifications import knowledge as mail


def with_second_person() -> list[Kind]:
    """Return the kinds whose words two people answer for."""
    return [
        replace(
            kind_of("templates"),
            propose=_propose_letter,
            needed_at_first=True,
            put_forward=lambda act: _put_forward_by(act, LetterVersion, "templates", "template"),
        ),
        replace(
            kind_of("articles"),
            propose=_propose_article,
            put_forward=lambda act: _put_forward_by(act, ArticleVersion, "articles", "article"),
        ),
    ]


def _propose_letter(key: str, state: State | None, *, actor) -> bool:
    """Write what surrounds the words of a letter; one never approved here serves nothing yet."""
    kind, known = kind_of("templates"), LetterTemplate.objects.filter(pk=key).first()
    assert kind.restore is not None
    if state is None:
        kind.restore(key, None, actor=actor)
        return False
    wanted = {name: state[name] for name in WORDS}
    is_new = known is None or LetterTemplate.objects.awaited().filter(pk=key).exists()
    standing = wanted if known is None else {name: getattr(known, name) for name in WORDS}
    kind.restore(key, state | standing, actor=actor)
    row = LetterTemplate.objects.get(pk=key)
    if is_new:
        row.is_active = False
        row.save(update_fields=["is_active"])
    elif standing == wanted:
        return False
    try:
        check_words(row, wanted)
    except RequestError as refusal:
        raise ChangeRefused([f"{row.label}\u00a0: {refusal}"]) from refusal
    now = timezone.now()
    if not is_new:
        versions.keep_loaded(row, WORDS, written_at=now)
    _put_forward(row, wanted, actor, now)
    return True


def _propose_article(key: str, state: State | None, *, actor) -> bool:
    """Give an article its words to be validated; its readers keep those of now."""
    assert state is not None  # its kind refuses that
    now = timezone.now()
    wanted = {name: state[name] for name in ARTICLE_WORDS}
    found = {name: state[name] for name in ("slug", "synonyms", "order") if name in state}
    row = KnowledgeArticle.objects.filter(pk=key).first()
    if row is None:
        row = KnowledgeArticle(code=key, owner=actor)
        row.label, row.text, row.state = state["label"], state["text"], ArticleState.A_VALIDER
    for name, value in found.items():
        setattr(row, name, value)
    row.is_active, row.taken_up_at = True, now
    row.save()
    if row.verified_on is not None:
        same = {name: getattr(row, name) for name in ARTICLE_WORDS} == wanted
        if same and row.state == ArticleState.PUBLIE:
            return False
        versions.keep_loaded(row, ARTICLE_WORDS, written_at=midnight(row.verified_on))
    _put_forward(row, wanted, actor, now)
    return True


def _put_forward_by(act: UUID, model: type[Version], kind: str, of: str) -> list[PutForward]:
    """The texts that an act proposed, unless they were replaced or withdrawn since.

    Args:
        of: the name of what they are texts of, in their table.
    """
    rows = model._default_manager.filter(act=act).exclude(
        state__in=(VersionState.REPLACED, VersionState.WITHDRAWN)
    )
    return [
        PutForward(
            mark=f"{kind}:{row.pk}",
            name=str(getattr(row, of)),
            kind=kind_of(kind).label,
            actor=row.author,
            at=row.written_at,
            take_back=partial(_take_back, getattr(row, of), row.number)
            if row.state == VersionState.PROPOSED
            else None,
        )
        for row in rows.select_related(of, "author").order_by(folded(f"{of}__label"), "pk")
    ]


def _take_back(row: KnowledgeArticle | LetterTemplate, number: int, *, actor) -> None:
    """Withdraw a text; an article that was to begin with it is given up."""
    kept = versions.locked(type(row), row.pk, number)
    version = kept.versions.get(number=number)
    versions.withdraw(version, actor=actor, now=timezone.now())
    if isinstance(kept, KnowledgeArticle) and kept.verified_on is None:
        left = kept.versions.exclude(state=VersionState.WITHDRAWN).exists()
        kept.is_active, kept.state = left, ArticleState.BROUILLON
        kept.save(update_fields=["is_active", "state"])
    mail.tell_withdrawn(version)


def _put_forward(row: Any, words: Mapping[str, Any], actor, now: datetime) -> None:
    """Propose words, unless they are proposed already."""
    proposed = row.versions.filter(state=VersionState.PROPOSED).first()
    if proposed is not None and {name: getattr(proposed, name) for name in words} == words:
        return
    versions.write(row, author=actor, now=now, words=words, act=act_of_now())
    mail.tell_proposed(versions.propose(row))
