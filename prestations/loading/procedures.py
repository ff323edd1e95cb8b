"""Loading of procedures.yaml: the first procedures, until the knowledge manager writes theirs."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from prestations.enums import StepKind
from prestations.loading.files import check_schema, read_yaml
from prestations.loading.problems import DataFileError
from prestations.loading.rows import Summary
from prestations.loading.shapes import BOOLEAN, HTTPS, array, mapping, text
from prestations.models import Prestation, Procedure, ProcedureStep

PROCEDURES = Path(__file__).resolve().parent.parent / "data" / "procedures.yaml"
_WORDS = array(text(300))
SCHEMA = {
    "type": "object",
    "additionalProperties": mapping(
        {
            "documents": BOOLEAN,
            "questions": BOOLEAN,
            "check": _WORDS,
            "ask": _WORDS,
            "link": array(mapping({"text": text(300), "url": HTTPS})),
        }
    ),
}

# kind, text, condition, address of the link
StepRow = tuple[str, str, str, str]


def read_procedures() -> dict[str, dict[str, Any]]:
    """Return the procedures by code of their prestation, or raise `DataFileError`.

    Codes that the loaded catalogue does not hold are harmless: a town may load its own.
    """
    data: dict[str, dict[str, Any]] = read_yaml(PROCEDURES)
    problems = check_schema(data, SCHEMA)
    if problems:
        raise DataFileError(PROCEDURES, problems)
    return data


def write_procedures(summary: Summary) -> None:
    """Make the procedures nobody of the town has written what the file and the forms say."""
    data = read_procedures()
    offered = Prestation.objects.filter(is_active=True, pk__in=data).select_related("current_form")
    known = Procedure.objects.prefetch_related("steps").in_bulk()
    for prestation in offered:
        procedure = known.get(prestation.pk)
        if procedure is None:
            procedure = Procedure.objects.create(prestation=prestation)
            summary.created += 1
        elif procedure.taken_up_at is not None:
            continue
        summary.changed += put_steps(procedure, _steps(data[prestation.pk], prestation))


def put_steps(procedure: Procedure, rows: Iterable[StepRow]) -> bool:
    """Make the steps of a procedure `rows`, in their order.

    A step whose words stay is the same one, with what was ticked; others are taken out of use.

    Returns:
        Whether something changed.
    """
    standing = {(one.kind, one.text): one for one in procedure.steps.all() if one.is_active}
    changed, new = False, []
    for order, (kind, said, condition, url) in enumerate(rows, start=1):
        wanted = {"order": order, "condition": condition, "url": url}
        step = standing.pop((str(kind), said), None)
        if step is None:
            new.append(ProcedureStep(procedure=procedure, kind=kind, text=said, **wanted))
        elif any(getattr(step, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(step, name, value)
            step.save(update_fields=list(wanted))
            changed = True
    ProcedureStep.objects.bulk_create(new)
    gone = [step.pk for step in standing.values()]
    retired = ProcedureStep.objects.filter(pk__in=gone).update(is_active=False) if gone else 0
    return changed or bool(new or retired)


def _steps(item: dict[str, Any], prestation: Prestation) -> Iterator[StepRow]:
    """First what to ask, then what to check, then what to open; each words once."""
    form = prestation.current_form.definition if prestation.current_form else {}
    asked = [one["question"] for one in form.get("eligibility", ())] if item["questions"] else []
    for said in dict.fromkeys([*asked, *item["ask"]]):
        yield StepKind.ASK, said, "", ""
    documents = form.get("documents") or () if item["documents"] else ()
    conditions = {one["label"]: one["condition"] or "" for one in documents}
    for said in dict.fromkeys([*conditions, *item["check"]]):
        yield StepKind.CHECK, said, conditions.get(said, ""), ""
    for link in item["link"]:
        yield StepKind.LINK, link["text"], "", link["url"]
