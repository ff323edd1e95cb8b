"""The texts that wait: one person writes and proposes, another lets through or gives back.

Shared by the articles of the knowledge base and the words of letters. Meanwhile the last text
that was let through serves. The callers hold the lock of what the text belongs to, and know who
may do what.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from prestations.enums import VersionState
from prestations.models import ArticleVersion, KnowledgeArticle, LetterTemplate, LetterVersion
from prestations.models.versions import UNDER_WAY
from requests.actions.core import require
from requests.exceptions import IllegalTransition, StaleRequest

Kept = KnowledgeArticle | LetterTemplate
Version = ArticleVersion | LetterVersion


def locked(model: type[Kept], code: str, seen: int) -> Any:
    """Return what the texts belong to, locked until the transaction ends.

    Args:
        seen: the number of the last text that the page showed.

    Raises:
        StaleRequest: somebody wrote another text meanwhile.
        model.DoesNotExist: unknown.
    """
    kept = model.objects.select_for_update(no_key=True).get(pk=code)
    if seen != kept.last_number():
        raise StaleRequest(_("Ce texte a changé pendant que vous le lisiez : relisez-le."))
    return kept


def keep_loaded(kept: Kept, fields: Iterable[str], *, written_at: datetime) -> None:
    """Make what was loaded the first text, to be compared with."""
    if not kept.versions.exists():
        kept.versions.create(
            number=1,
            state=VersionState.VALIDATED,
            written_at=written_at,
            **{name: getattr(kept, name) for name in fields},
        )


def write(
    kept: Kept, *, author, now: datetime, words: Mapping[str, Any], act: UUID | None = None
) -> Any:
    """Add a draft; one that was not let through yet is replaced by it.

    Args:
        act: what brings it, where nobody writes it on its page.
    """
    kept.versions.filter(state__in=UNDER_WAY).update(state=VersionState.REPLACED)
    return kept.versions.create(
        number=kept.last_number() + 1,
        state=VersionState.DRAFT,
        author=author,
        written_at=now,
        act=act,
        **words,
    )


def propose(kept: Kept) -> Any:
    """Let the draft wait for who decides.

    Raises:
        IllegalTransition: there is no draft.
    """
    version = in_state(kept, VersionState.DRAFT)
    version.state, version.why = VersionState.PROPOSED, ""
    version.save(update_fields=["state", "why"])
    return version


def let_through(version: Version, *, actor, now: datetime) -> None:
    """Note who lets a text through; the caller puts it in use."""
    version.why = ""
    _decide(version, VersionState.VALIDATED, actor, now)


def send_back(kept: Kept, *, actor, why: str, now: datetime) -> Any:
    """Give a proposed text back to its author.

    Args:
        why: what is to be changed.

    Raises:
        IllegalTransition: nothing is proposed.
        MissingInput: it does not say what is to be changed.
    """
    version = in_state(kept, VersionState.PROPOSED)
    version.why = require(why, _("Dites à l’auteur ce qu’il doit changer."))[:500]
    _decide(version, VersionState.DRAFT, actor, now)
    return version


def withdraw(version: Version, *, actor, now: datetime) -> None:
    """Take back a text that nobody has decided.

    Raises:
        IllegalTransition: somebody has, or another one took its place.
    """
    if version.state != VersionState.PROPOSED:
        raise IllegalTransition(_("Aucun texte n’attend cela : quelqu’un en a décidé."))
    _decide(version, VersionState.WITHDRAWN, actor, now)


def in_state(kept: Kept, *states: VersionState) -> Any:
    """Return the text that is in one of the states.

    Raises:
        IllegalTransition: there is none.
    """
    version = kept.versions.filter(state__in=states).select_related("author").first()
    if version is None:
        raise IllegalTransition(_("Aucun texte n’attend cela : quelqu’un en a décidé."))
    return version


def _decide(version: Version, state: VersionState, actor, now: datetime) -> None:
    version.state, version.decided_by, version.decided_at = state, actor, now
    version.save(update_fields=["state", "why", "decided_by", "decided_at"])
