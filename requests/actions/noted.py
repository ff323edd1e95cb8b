"""The words noted while somebody speaks: the questions in them, and what a contact keeps."""

import re

from django.utils.translation import gettext as _

from requests.exceptions import MissingInput
from requests.models import Contact

MOST_QUESTIONS = 10
LINE = 300  # what a question keeps as its title


def questions_in(text: str) -> list[str]:
    """What was noted, question by question: an empty line stands between two."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return [part.strip() for part in parts if part.strip()]


def words_of(noted: str) -> dict[str, str]:
    """A question's title, and what was noted where the title does not hold it all."""
    line = " ".join(noted.split())
    return {"question": line[:LINE], "answer": noted if len(line) > LINE or "\n" in noted else ""}


def noted_words(contact: Contact) -> str:
    """A question that waits, as it was noted."""
    return contact.answer or contact.question


def words_asked(contact: Contact) -> str:
    """A question as it was noted, whatever became of it."""
    for words in (contact.answer, contact.noted):
        if words and words_of(words)["question"] == contact.question:
            return words
    return contact.question


def make_room(number: int, together: list[Contact], after: int) -> int:
    """Number the questions of a conversation anew, with room for some after one of them.

    Args:
        together: in their turn.

    Returns:
        The place of the first of those to come.
    """
    for turn, contact in enumerate(together):
        place = turn + number if turn > after else turn
        Contact.objects.filter(pk=contact.pk).update(place=place)
    return after + 1


def require_room(number: int) -> None:
    """Refuse more questions than one contact holds."""
    if number > MOST_QUESTIONS:
        raise MissingInput(
            _("Dix questions au plus dans un contact : enregistrez celles-ci, puis les suivantes.")
        )
