"""The documentation names only what is there, and every requirement has its row."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TRACEABILITY = ROOT / "docs" / "traceability.md"
SCREENSHOTS = ROOT / "docs" / "screenshots"
PAGES = {
    *("portal", "form", "space", "dashboard", "tracking", "reports"),
    *("agents/queue-1440-light", "agents/request-1440-light"),
}

TOP = r"massy_grc|prestations|citizens|requests|backoffice|templates|static|tests|docs|deploy"
CODE = re.compile(r"`([^`\n]+)`")
# A path of ours with its folder, or a file of the top folder. `/prestations/` is an address.
PATH = re.compile(rf"^(?:(?:{TOP}|requirements|\.ci)/[\w./-]*|[\w.-]+\.(?:toml|yml|py|md))$")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
ROW = re.compile(r"^\| ([SL]\d+|R\d+|bar \d+) \|(.*)\|$", re.MULTILINE)


def paths_named(text: str) -> set[str]:
    """The paths in code spans; `tests/x/test_y.py::test_z` gives its file."""
    spans = (span.partition("::")[0] for span in CODE.findall(text))
    return {span for span in spans if PATH.match(span)}


def named_tests(text: str) -> set[tuple[str, str]]:
    return {tuple(span.split("::", 1)) for span in CODE.findall(text) if "::" in span}


def rows() -> list[tuple[str, list[str]]]:
    """Id, then requirement, state and proof, of each row of the traceability tables."""
    found = ROW.findall(TRACEABILITY.read_text(encoding="utf-8"))
    return [(name, [cell.strip() for cell in rest.split(" | ")]) for name, rest in found]


def test_the_readme_begins_with_both_commands():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    top = [line.split()[:2] for line in lines[:6]]

    assert top.index(["make", "run"]) < top.index(["make", "test"])


@pytest.mark.parametrize("document", DOCS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_path_named_is_there(document):
    # A design document may name a module (`base_agent.html`) without its folder; those are not
    # paths, and the top folder's own files are.
    text = document.read_text(encoding="utf-8")
    top = {path.name for path in ROOT.iterdir()}
    named = {path for path in paths_named(text) if "/" in path or path in top}

    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("document", DOCS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    links = LINK.findall(document.read_text(encoding="utf-8"))
    ours = {link for link in links if not link.startswith(("https://", "docs/screenshots/"))}

    assert {link for link in ours if not (document.parent / link).exists()} == set()


def test_the_readme_shows_the_pages():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"!\[[^\]]+\]\(docs/screenshots/([\w/-]+)\.png\)", text))

    assert shown == PAGES
    if SCREENSHOTS.exists():
        assert {page for page in PAGES if not (SCREENSHOTS / f"{page}.png").exists()} == set()


def test_every_test_named_is_there():
    named = {
        pair for document in DOCS for pair in named_tests(document.read_text(encoding="utf-8"))
    }
    missing = {
        (file, test)
        for file, test in named
        if f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    }

    assert named
    assert missing == set()


def test_every_requirement_has_exactly_one_row():
    counted = Counter(name for name, _cells in rows())
    wanted = {f"S{number}" for number in range(1, 89)} | {f"L{number}" for number in range(1, 23)}

    assert wanted - set(counted) == set()
    assert {name for name, count in counted.items() if count > 1} == set()
    assert {name for name in counted if name[0] in "SL"} == wanted


def test_every_row_tells_its_state_and_what_is_done_its_test():
    for name, cells in rows():
        assert len(cells) == 3, name
        requirement, state, proof = cells
        assert requirement, name
        assert re.match(r"done here$|in part: .|later: .", state), name
        if state == "done here":
            assert named_tests(proof), name
        elif state.startswith("in part"):
            assert paths_named(proof), name


def test_every_decision_is_numbered_once_and_says_its_status():
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))

    assert [record.name[:4] for record in records] == [
        f"{number:04d}" for number in range(1, len(records) + 1)
    ]
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {record.name[:4]} – "), record.name
        assert "**Status:**" in text, record.name


def test_the_accessibility_audit_has_every_criterion_once_and_counts_right():
    text = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| (\d+\.\d+) \| [^|]+ \| ([a-z ]+) \| [^|]+ \|$", text, re.MULTILINE)
    by_theme = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # RGAA 4.1
    criteria = [
        f"{theme}.{n}" for theme, most in enumerate(by_theme, 1) for n in range(1, most + 1)
    ]
    states = Counter(state for _criterion, state in found)

    assert [criterion for criterion, _state in found] == criteria
    assert set(states) <= {"conforms", "not applicable", "not verified"}
    assert [int(n) for n in re.findall(r"^\| [a-z].* \| (\d+) \|$", text, re.MULTILINE)] == [
        *(states[name] for name in ("conforms", "not applicable", "not verified")),
        0,
    ]
