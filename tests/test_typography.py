"""French typography: a no-break space before : ; ? ! and inside « », in every text people read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ["massy_grc", "prestations", "citizens", "requests", "backoffice"]
BREAKABLE = re.compile(r" [:;?!»](?![=:])|«[ ]\S")


def test_times_are_said_in_one_form():
    mixed = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r'(date|time):"[^"]*H:i', path.read_text(encoding="utf-8"))
    ]
    assert not mixed, "write time_words or moment_words"


def test_english_texts_tell_hours_in_one_form():
    """On the 24-hour clock, as `clock_words` does: nothing « at 4 pm » beside « 13:30 »."""
    overlay = ROOT / "prestations" / "data" / "catalogue.en.yaml"
    pages = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
    found = [
        hit[0]
        for file in (overlay, pages)
        for hit in re.finditer(r"\b\d{1,2}[^\w\n]?[ap]\.?m\b", file.read_text(encoding="utf-8"))
    ]
    assert not found


def python_texts(path: Path) -> Iterator[str]:
    """The strings of a module; its docstrings are in English and free."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    free = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in free:
            yield node.value


def data_texts(value) -> Iterator[str]:
    """The strings of a data file, keys too: the English overlay is keyed by the French."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from data_texts(list(pair))
    elif isinstance(value, list):
        for item in value:
            yield from data_texts(item)


def sources() -> Iterator[tuple[Path, Iterator[str]]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, python_texts(path)
    for path in sorted((ROOT / "templates").rglob("*.[ht]*")):
        yield path, iter(path.read_text(encoding="utf-8").splitlines())
    for path in sorted((ROOT / "prestations" / "data").glob("*.yaml")):
        yield path, data_texts(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))


def around(hit: re.Match) -> str:
    return hit.string[max(0, hit.start() - 30) :][:60]


def test_no_line_breaks_before_a_high_sign():
    found = [
        f"{path.relative_to(ROOT)}: {around(hit)!r}"
        for path, texts in sources()
        for text in texts
        for hit in BREAKABLE.finditer(text)
    ]
    assert not found, "write a no-break space (U+00A0):\n" + "\n".join(found)


@pytest.mark.parametrize("text", ["Où ?", " :", "« a", "a »", "Vide : rien", "a ; b"])
def test_the_check_sees_an_ordinary_space(text):
    assert BREAKABLE.search(text)
    assert not BREAKABLE.search(text.replace(" ", "\xa0"))
