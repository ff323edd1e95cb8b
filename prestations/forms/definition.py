"""A form as data, read into questions with names that never clash.

Requester-block fields are ``demandeur.<name>``, the form's own ``reponses.<name>``, supporting
documents ``documents.<code>``. The schema is the one at the top of the catalogue's data file.
"""

from dataclasses import dataclass, field
from typing import Any

from prestations.enums import Channel, FieldType, Location
from prestations.forms.wording import PLACE_LABEL

REQUESTER, ANSWERS, DOCUMENTS = "demandeur", "reponses", "documents"
PLACE_NAME = "lieu"
DOCUMENT = "document"
# A street or a point: a street alone is enough, no postal address is asked.
SPOTS = (Location.STREET, Location.MAP)
UPLOAD_KINDS = (FieldType.FILE, DOCUMENT)


@dataclass(frozen=True)
class Condition:
    """`operator` (equals, not_equals, in, greater_than) between the answer to `key` and `value`.

    Of several answers, `equals` asks whether `value` is among them, `in` whether one of it is.
    """

    key: str
    operator: str
    value: Any


@dataclass(frozen=True)
class Question:
    """One thing asked: a field of the requester block, of the form, or a document to join.

    `at_most` is the key of the number that this one must not exceed; `leads_to` the code and words
    of a link to another prestation, for whoever this question is about; `page` is the title of the
    page that begins with it, blank for a question that goes on with the page before;
    `is_description` says that a free text about the whole matter is its answer; `least_answers`
    and `most_answers` bound how many of its choices may be ticked, 0 where nothing does.
    """

    scope: str
    name: str
    label: str
    kind: str
    required: bool = False
    required_on: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    condition: Condition | None = None
    is_place: bool = False
    is_spot: bool = False
    with_landmark: bool = False
    at_most: str = ""
    leads_to: tuple[str, str] | None = None
    page: str = ""
    is_description: bool = False
    least_answers: int = 0
    most_answers: int = 0

    @property
    def key(self) -> str:
        return f"{self.scope}.{self.name}"

    @property
    def is_upload(self) -> bool:
        return self.kind in UPLOAD_KINDS

    @property
    def many(self) -> bool:
        """Whether its answer is a list."""
        return isinstance(self.kind, FieldType) and self.kind.many

    @property
    def has_choices(self) -> bool:
        """Whether it proposes its answers."""
        return isinstance(self.kind, FieldType) and self.kind.has_choices

    @property
    def attachment_code(self) -> str:
        """What `Attachment.document_code` holds: a document's own code, else the field's key."""
        return self.name if self.scope == DOCUMENTS else self.key

    @property
    def required_always(self) -> bool:
        """A document mandatory in every situation."""
        return self.required and self.condition is None

    def required_by(self, channel: str) -> bool:
        """Whether an answer is mandatory on `channel`, when the question is asked at all.

        Files are mandatory online only: on other channels they come on paper, and an agent who
        misses one asks for it.
        """
        if self.is_upload and channel != Channel.WEB:
            return False
        return self.required or "all" in self.required_on or channel in self.required_on


@dataclass(frozen=True)
class BroughtDocument:
    """A document whose original is brought to the counter: listed, never asked as an upload."""

    code: str
    label: str
    note: str = ""
    condition: Condition | None = None
    required: bool = False


@dataclass(frozen=True)
class LaterDocument:
    """A document due after the request: told before, asked for when its time has come."""

    code: str
    label: str
    when: str


@dataclass(frozen=True)
class Definition:
    """A whole form, in the order of the data."""

    requester: tuple[Question, ...]
    requester_label: str
    questions: tuple[Question, ...]
    documents: tuple[Question, ...]
    to_bring: tuple[BroughtDocument, ...]
    later: tuple[LaterDocument, ...]
    added_place: Question | None = None
    by_key: dict[str, Question] = field(default_factory=dict, compare=False)

    @property
    def place_key(self) -> str | None:
        """Key of the answer that says where, or None when the form has no place."""
        return next((q.key for q in self.everything if q.is_place), None)

    @property
    def description(self) -> Question | None:
        """The question that says the whole matter in one's own words, when the form has one."""
        return next((q for q in self.questions if q.is_description), None)

    @property
    def everything(self) -> tuple[Question, ...]:
        added = (self.added_place,) if self.added_place else ()
        return (*self.questions, *added, *self.documents, *self.requester)


def read_definition(definition: dict) -> Definition:
    """Read the JSON of a `FormVersion`.

    Args:
        definition: ``{"requester_block": {…}, "fields": […], "documents": […], "location": …}``.

    Raises:
        KeyError, ValueError: on a definition that the loader would not have accepted.
    """
    location = definition.get("location") or Location.NONE
    fields = definition.get("fields") or []
    block = definition.get("requester_block") or {}
    place = _place_name(fields, location)
    has_landmark = any(one["name"] == "precision_lieu" for one in fields)
    questions = tuple(
        _question(
            ANSWERS,
            one,
            is_place=one["name"] == place,
            is_spot=one["name"] == place and location in SPOTS,
        )
        for one in fields
    )
    requester = tuple(_question(REQUESTER, one) for one in block.get("fields") or [])
    every_document = definition.get("documents") or []
    documents = [one for one in every_document if not one.get("later")]
    later = [one for one in every_document if one.get("later")]
    keys = {q.name: q.key for q in (*requester, *questions)}
    asked = [one for one in documents if not one.get("original_at_counter")]
    brought = [one for one in documents if one.get("original_at_counter")]
    added = None
    if place is None and location != Location.NONE:
        added = Question(
            scope=ANSWERS,
            name=PLACE_NAME,
            label=PLACE_LABEL,
            kind=FieldType.ADDRESS,
            required=location != Location.MAP,
            is_place=True,
            is_spot=location in SPOTS,
            with_landmark=not has_landmark,
        )
    read = Definition(
        requester=requester,
        requester_label=block.get("label", ""),
        questions=questions,
        documents=tuple(_document(one, keys) for one in asked),
        to_bring=tuple(
            BroughtDocument(
                code=one["code"],
                label=one["label"],
                note=one.get("condition") or "",
                condition=_condition(one.get("required_if"), keys),
                required=one.get("mode") == "obligatory" or bool(one.get("required_if")),
            )
            for one in brought
        ),
        later=tuple(
            LaterDocument(code=one["code"], label=one["label"], when=one["condition"])
            for one in later
        ),
        added_place=added,
    )
    read.by_key.update({q.key: q for q in read.everything})
    return read


def _place_name(fields: list[dict], location: str) -> str | None:
    """The form's own address field that says where: the place is not asked twice."""
    if location == Location.NONE:
        return None
    addresses = [one["name"] for one in fields if one["type"] == FieldType.ADDRESS]
    return PLACE_NAME if PLACE_NAME in addresses else next(iter(addresses), None)


def _question(scope: str, data: dict, *, is_place: bool = False, is_spot: bool = False) -> Question:
    condition = data.get("visible_if")
    return Question(
        scope=scope,
        name=data["name"],
        label=data["label"],
        kind=FieldType(data["type"]),
        required=bool(data.get("required")),
        required_on=tuple(data.get("required_on") or ()),
        choices=tuple((one["value"], one["label"]) for one in data.get("choices") or ()),
        help=data.get("help") or "",
        condition=_condition(condition, {condition["field"]: f"{scope}.{condition['field']}"})
        if condition
        else None,
        is_place=is_place,
        is_spot=is_spot,
        at_most=f"{scope}.{data['at_most']}" if data.get("at_most") else "",
        leads_to=_link(data.get("leads_to")),
        page=data.get("page") or "",
        is_description=bool(data.get("description")),
        least_answers=data.get("least_answers", 0),
        most_answers=data.get("most_answers", 0),
    )


def _link(data: dict | None) -> tuple[str, str] | None:
    return (data["prestation"], data["words"]) if data else None


def _document(data: dict, keys: dict[str, str]) -> Question:
    condition = _condition(data.get("required_if"), keys)
    return Question(
        scope=DOCUMENTS,
        name=data["code"],
        label=data["label"],
        kind=DOCUMENT,
        required=data.get("mode") == "obligatory" or condition is not None,
        help=data.get("condition") or "",
        condition=condition if data.get("mode") != "obligatory" else None,
    )


def _condition(data: dict | None, keys: dict[str, str]) -> Condition | None:
    """A condition on the field whose key is in `keys`; a list of values becomes a tuple."""
    if not data:
        return None
    value = data["value"]
    value = tuple(value) if isinstance(value, list) else value
    return Condition(keys[data["field"]], data["operator"], value)
