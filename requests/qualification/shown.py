"""What the agents see of a guess: the prestations that may be meant, and the words that say so."""

from collections.abc import Sequence
from dataclasses import dataclass

from prestations.models import Prestation
from requests.models import Qualification, ServiceRequest

SURE, LIKELY = 0.75, 0.4
NEAR = 0.4  # of the best score: a second subject, not only the next best word for the first
LEAST_SECOND = 0.15
LEAST = 0.01  # less says nothing: only the best guess is shown then


@dataclass(frozen=True)
class ShownGuess:
    """One prestation that an unsorted text may be about.

    Attributes:
        level: how sure the classifier is: "sure", "likely" or "possible".
        words: of the text, that decided.
    """

    prestation: Prestation
    score: float
    level: str
    words: tuple[str, ...]

    @property
    def percent(self) -> int:
        return percent_sure(self.score)


def percent_sure(score: float) -> int:
    """How sure the classifier is, in words of agents: it may always be wrong."""
    return min(round(score * 100), 99)


def guesses_about(sr: ServiceRequest) -> list[ShownGuess]:
    """Return what the classifier said of a request, best first; none when it said nothing.

    A prestation that was closed since is left out.
    """
    guessed = Qualification.objects.filter(request=sr).first()
    if guessed is None:
        return []
    codes = [guess["prestation"] for guess in guessed.guesses]
    known = Prestation.objects.filter(is_active=True).in_bulk(codes)
    return [
        ShownGuess(
            known[guess["prestation"]],
            guess["score"],
            level_of(guess["score"]),
            tuple(guess["words"]),
        )
        for place, guess in enumerate(guessed.guesses)
        if guess["prestation"] in known
        and known[guess["prestation"]].is_open
        and (place == 0 or guess["score"] >= LEAST)
    ]


def seem_two(guesses: Sequence[ShownGuess]) -> bool:
    """Whether the text may hold two demands: the best guesses weigh alike, in two categories."""
    if len(guesses) < 2:
        return False
    first, second = guesses[:2]
    alike = second.score >= NEAR * first.score and second.score >= LEAST_SECOND
    return alike and first.prestation.category_id != second.prestation.category_id


def level_of(score: float) -> str:
    """Say in a word how sure a score is."""
    if score >= SURE:
        return "sure"
    return "likely" if score >= LIKELY else "possible"
