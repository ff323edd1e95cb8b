"""The letters that the program itself names, beside those it sends by itself (use `automatic`)."""

from requests.letters.offering import SENT_BY_POST, USUAL, USUAL_NEUTRAL
from requests.letters.standing_in import ACKNOWLEDGEMENT, GENERAL

NAMED = frozenset(
    {
        *(ACKNOWLEDGEMENT, *GENERAL.values(), *USUAL.values(), *USUAL_NEUTRAL.values()),
        *(SENT_BY_POST, "document-remis", "intervention-realisee", "reponse-information"),
        *("reponse-neutre", "reponse-probleme", "rappel-retrait", "titre-non-retire"),
        "transmission-autre-administration",
    }
)
