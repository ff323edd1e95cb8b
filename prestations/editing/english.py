"""The English of what the town writes."""

from collections.abc import Mapping

from django.utils import timezone

from prestations.models import TownTranslation
from prestations.translation import begin_page, english_of


def say_in_english(words: Mapping[str, str], *, actor) -> None:
    """Keep the English of some French texts, wherever they are shown.

    Args:
        words: {French: English}; a blank one leaves what is known.
    """
    rows = [
        TownTranslation(french=french, english=english, actor=actor, at=timezone.now())
        for french, english in new_english(words).items()
    ]
    TownTranslation.objects.bulk_create(rows)
    if rows:
        begin_page()


def new_english(words: Mapping[str, str]) -> dict[str, str]:
    """Return those of {French: English} that say something else than what is known."""
    return {
        french.strip(): english
        for french, english in words.items()
        if french.strip() and english and english_of(french) != english
    }
