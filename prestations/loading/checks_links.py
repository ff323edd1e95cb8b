"""Links to the services where a procedure is done elsewhere: named, there, and alive (S57)."""

import re
from collections.abc import Iterable, Iterator

import httpx

from prestations.loading.problems import Fault, Problems
from prestations.models import Prestation

_CERFA = re.compile(r"cerfa\s+(?:n[°o]\s*)?(\d{5})", re.IGNORECASE)
PATIENCE = 10  # seconds for one answer
WHO = {"User-Agent": "massy-grc link check"}


def check_cerfa(path: str, item: dict, problems: Problems) -> None:
    """Every national form that the texts of a prestation name has its row, with its address."""
    problems.duplicates(f"{path}.cerfa", item.get("cerfa", []), "number")
    texts = [item["summary"], item["replaced_by"] or "", *item["eligibility"]]
    texts += [document["label"] for document in item["documents"]]
    named = {number for words in texts for number in _CERFA.findall(words)}
    listed = {form["number"][:5] for form in item.get("cerfa", [])}
    for number in sorted(named - listed):
        problems.add(
            f"{path}.cerfa", f"the form {number} is named in a text and is not listed", Fault.CERFA
        )


def missing_links(prestations: Iterable[dict]) -> list[str]:
    """Tell which prestations send people elsewhere without saying where, as warnings."""
    return [
        f"{item['code']}: is over, and no external_link leads to what replaces it"
        for item in prestations
        if item["status"] == "historical" and item["external_link"] is None
    ]


def outside_links() -> list[tuple[str, str]]:
    """Return every address outside that the catalogue in use shows, with the prestation's code."""
    return sorted(set(_outside_links()))


def _outside_links() -> Iterator[tuple[str, str]]:
    for prestation in Prestation.objects.listed().select_related("current_form"):
        if prestation.external_link:
            yield prestation.code, prestation.external_link["url"]
        for form in prestation.cerfa:
            yield prestation.code, form["url"]
        definition = prestation.current_form.definition if prestation.current_form else {}
        for question in definition.get("eligibility", ()):
            for stop in question["stops"]:
                if "link" in stop:
                    yield prestation.code, stop["link"]["url"]


def broken_links() -> list[str]:
    """Ask each address for its page and tell which do not answer, as warnings."""
    answers: dict[str, str] = {}
    warnings = []
    for code, url in outside_links():
        if url not in answers:
            answers[url] = _trouble(url)
        if answers[url]:
            warnings.append(f"{code}: {url} {answers[url]}")
    return warnings


def _trouble(url: str) -> str:
    try:
        answer = httpx.get(url, headers=WHO, timeout=PATIENCE, follow_redirects=True)
    except httpx.HTTPError as error:
        return f"does not answer ({error})"
    return f"answers {answer.status_code}" if answer.is_error else ""
