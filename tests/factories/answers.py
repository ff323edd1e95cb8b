"""Valid answers to any form of the catalogue, and what a browser would post for them.

Used by the crawl that files every prestation, by the property tests of the builder and by whoever
needs a plausible request.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from prestations.enums import FieldType
from prestations.forms import Question, Questionnaire
from prestations.forms.answers import nest, to_data
from prestations.forms.conditions import is_visible
from prestations.forms.eligibility import conditions_of
from prestations.forms.validators import range_of
from prestations.models import FormVersion

PDF_BYTES = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG_BYTES = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


@dataclass(frozen=True)
class SentFile:
    """A file as a browser sends it."""

    name: str
    content: bytes = PDF_BYTES

    def open(self) -> io.BytesIO:
        file = io.BytesIO(self.content)
        file.name = self.name
        return file


Pick = Callable[[Question], Any]


def valid_answers(
    form_version: FormVersion,
    channel: str,
    *,
    optional: bool = True,
    pick: Pick | None = None,
) -> tuple[dict[str, dict[str, Any]], dict[str, SentFile]]:
    """Return answers that the form accepts on `channel`, and the files to join by question key.

    Args:
        optional: also answer what is optional.
        pick: overrides the value of a question; returns None to keep the ordinary one.
    """
    questionnaire = Questionnaire(form_version, channel)
    definition = questionnaire.definition
    flat: dict[str, Any] = {}
    files: dict[str, SentFile] = {}
    for question in (*definition.questions, *definition.requester, *_added(definition)):
        if not is_visible(question, flat, definition.by_key):
            continue
        required = question.required_by(channel)
        picked = pick(question) if pick else None
        if question.is_upload:
            if required or optional:
                files[question.key] = SentFile(f"{question.name}.pdf")
        elif picked is not None:
            limit = flat.get(question.at_most)
            flat[question.key] = picked if limit is None else min(picked, limit)
        elif required or optional or question.kind == FieldType.CHECKBOX:
            flat[question.key] = ordinary_value(question, required=required)
    for question in definition.documents:
        if is_visible(question, flat, definition.by_key) and question.required_by(channel):
            files[question.key] = SentFile(f"{question.name}.pdf")
    reply_to = {"email": "email", "courrier": "adresse", "sms": "telephone"}
    reply_to["telephone"] = "telephone"
    if name := reply_to.get(flat.get("demandeur.canal_reponse", "")):
        key = f"demandeur.{name}"
        flat.setdefault(key, ordinary_value(definition.by_key[key]))
    return nest(flat), files


def _added(definition) -> tuple[Question, ...]:
    return (definition.added_place,) if definition.added_place else ()


def ordinary_value(question: Question, *, required: bool = True) -> Any:
    """A plausible valid value, as the answers keep it."""
    match question.kind:
        case FieldType.CHECKBOX:
            return required
        case FieldType.SELECT:
            return question.choices[0][0]
        case FieldType.SELECTBOXES:
            number = max(2, question.least_answers)
            return [value for value, _label in question.choices[: question.most_answers or number]]
        case FieldType.TIME:
            return "14:30"
        case FieldType.DATE:
            if "naissance" in question.name:
                return "1950-05-01"  # as old as what is said before some forms makes them
            return (
                "2026-05-02"
                if "fin" in question.name or "depart" in question.name
                else "2026-05-01"
            )
        case FieldType.EMAIL:
            return "camille.durand@courriel.example"
        case FieldType.PHONE:
            return "+33612345678"
        case FieldType.INTEGER:
            return max(1, range_of(question.name, question.help)[0])
        case FieldType.DECIMAL:
            return "12.5"
        case FieldType.ADDRESS:
            return {
                "numero": "3",
                "voie": "rue Jean Mermoz",
                "complement": None,
                "code_postal": None if question.is_spot else "91300",
                "commune": None if question.is_spot else "Massy",
            }
        case FieldType.TEXTAREA:
            return "Première ligne.\nSeconde ligne."
    return {"siret": "73282932000074", "rna": "W912345678"}.get(question.name, "Durand")


def attachments_for(
    questionnaire: Questionnaire, files: Mapping[str, SentFile]
) -> list[SimpleNamespace]:
    """Stand-ins for stored attachments, for tests without a database."""
    known = {q.key: q for q in questionnaire.definition.everything}
    return [
        SimpleNamespace(
            pk=number,
            document_code=known[key].attachment_code,
            name=file.name,
            size=len(file.content),
            is_quarantined=False,
        )
        for number, (key, file) in enumerate(files.items(), start=1)
    ]


def posted(
    questionnaire: Questionnaire, questions, answers: Mapping, files: Mapping[str, SentFile]
) -> dict[str, Any]:
    """What the test client posts for these questions: texts, and files opened afresh."""
    from prestations.forms.answers import flatten

    data = to_data(questions, flatten(answers))
    keys = {question.key for question in questions}
    data.update({key: file.open() for key, file in files.items() if key in keys})
    return data


def going_on(version: FormVersion) -> dict[str, str]:
    """An answer that lets go on, for each question asked before the form, by its code."""
    return {
        condition.code: next(
            value for value, _ in condition.choices if value not in condition.stops
        )
        for condition in conditions_of(version)
    }
