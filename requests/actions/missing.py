"""What is asked and nothing answers: the list waiting to be written (S70)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.common.text import fold
from prestations.actions import note_missing
from prestations.enums import Channel, MissingFate
from prestations.loading.rows import lock_loading
from prestations.loading.search_index import index_search
from prestations.models import KnowledgeArticle, MissingAnswer
from prestations.suggesting import articles_for
from requests.actions.core import require
from requests.exceptions import MissingInput, NotAllowed
from requests.knowledge_rights import keeps_knowledge, reads_knowledge

MOST_SHOWN = 200
LONGEST_ACRONYM = 4  # CNI, PMI, PACS; a longer word in capitals is a surname


@dataclass(frozen=True)
class Missing:
    """Words asked in vain, folded and as written: how often, when last, and by which channels."""

    words: str
    written: str
    total: int
    last_on: date
    channels: list[tuple[str, int]]


def waiting_to_be_written() -> list[Missing]:
    """Return what nobody has decided about, the most asked first (at most 200)."""
    waiting = MissingAnswer.objects.filter(fate="")
    groups = (
        waiting.values("words")
        .annotate(total=Sum("count"), last=Max("last_on"), written=Max("written"))
        .order_by("-total", "-last", "words")[:MOST_SHOWN]
    )
    rows = list(groups)
    channels: dict[str, list[tuple[str, int]]] = {}
    for one in waiting.filter(words__in=[row["words"] for row in rows]).order_by("-count"):
        label = _("Portail") if one.channel == Channel.WEB else str(one.get_channel_display())
        channels.setdefault(one.words, []).append((label, one.count))
    return [
        Missing(
            row["words"],
            row["written"] or row["words"],
            row["total"],
            row["last"],
            channels.get(row["words"], []),
        )
        for row in rows
    ]


def unnamed(text: str, *names: str) -> str:
    """Return an agent's note without the people in it: those given, and words like names.

    Short words in capitals are acronyms. The first word stays, unless it is a name given: any
    sentence begins with a capital.

    >>> unnamed("Mme DURAND demande sa CNI pour Léo")
    'Mme demande sa CNI pour'
    """
    known = set(fold(" ".join(names)).split())
    words = text.split()
    return " ".join(
        word
        for place, word in enumerate(words)
        if fold(word) not in known and (place == 0 or not word[:1].isupper() or _is_acronym(word))
    )


def _is_acronym(word: str) -> bool:
    return word.isupper() and 1 < len(word) <= LONGEST_ACRONYM


def note_unanswered(*, question: str, channel: str, names: str = "") -> str:
    """Note a question put to an agent when no article answers it.

    Args:
        names: of who asked, when known: they are not kept.

    Returns:
        The words kept; blank when an article answers.
    """
    if articles_for(question):
        return ""
    return note_missing(text=unnamed(question, names), channel=channel)


@transaction.atomic
def report_missing(*, actor, words: str, channel: str) -> str:
    """Note a question that no article answers, in the agent's own words.

    Returns:
        The words kept.
    """
    if not reads_knowledge(actor):
        raise NotAllowed
    kept = note_missing(text=unnamed(words), channel=channel)
    return require(kept, _("Écrivez la question en quelques mots."))


@transaction.atomic
def settle_missing(
    *,
    actor,
    words: str,
    fate: MissingFate,
    article: KnowledgeArticle | None = None,
    now: datetime | None = None,
) -> None:
    """Decide about words that nothing answers.

    Args:
        article: that answers them, or that is being written: the words become its synonym.

    Raises:
        NotAllowed: not a knowledge manager.
        MissingAnswer.DoesNotExist: a colleague has decided already, or unknown.
        MissingInput: no article to be linked to.
    """
    if not keeps_knowledge(actor):
        raise NotAllowed
    if fate != MissingFate.IGNORED and article is None:
        raise MissingInput(_("Choisissez l’article qui répond."))
    settled = MissingAnswer.objects.filter(words=words, fate="").update(
        fate=fate, article=article, settled_by=actor, settled_at=now or timezone.now()
    )
    if not settled:
        raise MissingAnswer.DoesNotExist
    if article is not None:
        lock_loading()  # before the article's row, as a load does
        article = KnowledgeArticle.objects.select_for_update(no_key=True).get(pk=article.pk)
        if words not in article.synonyms:
            article.synonyms.append(words)
            article.save(update_fields=["synonyms"])
            index_search()
