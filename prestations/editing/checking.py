"""What is wrong with a prestation and its form, by the checks that the loader makes."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from massy_grc.common.text import fold
from prestations.editing.items import around, catalogue_item
from prestations.editing.operations import PARTS, QUESTIONS
from prestations.editing.subjects import SUBJECTS
from prestations.enums import PrestationStatus
from prestations.loading.catalogue import known_codes
from prestations.loading.checks_catalogue import PrestationChecker
from prestations.loading.checks_lists import check_approval, check_checks, check_public
from prestations.loading.files import check_schema
from prestations.loading.problems import Problem, Problems
from prestations.loading.schema_catalogue import PRESTATION
from prestations.loading.words import WORDS
from prestations.models import Prestation
from prestations.translation import catalogue_text

_PLACE = re.compile(r"^(?P<list>\w+)\[(?P<index>\d+)\]")


@dataclass(frozen=True)
class Told:
    """One problem in an administrator's words.

    `part` and `name` say which question, document or condition it is about: a key of `PARTS` and
    a name there. When it is about the prestation itself `part` is blank and `name` a key of
    `SUBJECTS`.
    """

    about: str
    words: str
    part: str = ""
    name: str = ""


def problems_of(prestation: Prestation, definition: dict[str, Any]) -> list[Told]:
    """Return what keeps `prestation` from being in use with the form `definition`."""
    item = catalogue_item(prestation, definition)
    if prestation.status == PrestationStatus.DRAFT:
        item["status"] = PrestationStatus.ACTIVE.value
    problems = check_schema(item, PRESTATION)
    checker = PrestationChecker(around(definition), known_codes(), problems)
    checker.check("", item)
    _check_lists(prestation, item, problems)
    told = [_told(one, definition) for one in problems]
    if prestation.processing_id is None:
        subject = str(SUBJECTS["processing"])
        words = _("Dites de quel traitement du registre elle relève : le formulaire l’affiche.")
        told.append(Told(subject, words, name="processing"))
    return list(dict.fromkeys(told))


def _check_lists(prestation: Prestation, item: dict[str, Any], problems: Problems) -> None:
    """Check what the catalogue writes in lists of its own."""
    code = prestation.pk
    alone, entry = {code: item}, {"prestation": code}
    if prestation.checks:
        check_checks("checks", entry | {"checks": prestation.checks}, alone, problems)
    if prestation.approval:
        check_approval("approval", entry, alone, problems)
    if prestation.public_reports:
        check_public("public_reports", entry, alone, problems)


def form_problems_of(prestation: Prestation, definition: dict[str, Any]) -> list[Told]:
    """Those that the form alone can mend."""
    return [one for one in problems_of(prestation, definition) if one.part]


def same_words(definition: dict[str, Any]) -> list[str]:
    """Return the texts that two questions of a form share: who answers could not tell them apart.

    It may be meant, where only one of them is ever asked.
    """
    asked = [*definition["requester_block"]["fields"], *QUESTIONS.items(definition)]
    counted = Counter(fold(catalogue_text(one["label"])) for one in asked)
    labels = (catalogue_text(one["label"]) for one in QUESTIONS.items(definition))
    return list({fold(label): label for label in labels if counted[fold(label)] > 1}.values())


def _told(problem: Problem, definition: dict[str, Any]) -> Told:
    path, words = problem.path.removeprefix("."), str(WORDS[problem.fault])
    place = _PLACE.match(path)
    for name, part in PARTS.items():
        if place and place["list"] == part.in_file:
            item = part.items(definition)[int(place["index"])]
            label = item.get("label") or item.get("question") or item[part.named_by]
            return Told(catalogue_text(label), words, name, item[part.named_by])
    subject = re.split(r"[.\[]", path)[0]
    return Told(str(SUBJECTS.get(subject, subject)), words, name=subject)
