"""The words of one citizen, to be told apart from everybody else's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What one citizen told: each value is found nowhere else in the town."""

    family_name: str
    given_name: str
    email: str
    phone: str
    street: str
    text: str
    message: str
    answer: str
    note: str
    file_name: str
    file_content: str
    draft: str
    contact: str
    hold: str
    follower: str
    key_name: str

    @classmethod
    def of(cls, mark: str, digits: str) -> "Words":
        """Words that all hold `mark`; `digits` end the phone number."""
        return cls(
            family_name=f"{mark}nom",
            given_name=f"{mark}prenom",
            email=f"{mark.lower()}@courriel.example",
            phone=f"+336{digits}",
            street=f"impasse {mark}rue",
            text=f"{mark}texte",
            message=f"{mark}message",
            answer=f"{mark}reponse",
            note=f"{mark}note",
            file_name=f"{mark}fichier.pdf",
            file_content=f"{mark}contenu",
            draft=f"{mark}brouillon",
            contact=f"{mark}question",
            hold=f"{mark}motif",
            follower=f"{mark.lower()}-suiveur@courriel.example",
            key_name=f"{mark}clef",
        )
