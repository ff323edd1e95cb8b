"""What a page says, it says without its styles too (RGAA 10.2)."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
STYLES = ROOT / "static" / "css"
WRITTEN = re.compile(r"(?<![\w-])content:\s*([^;}]+)")
# the cross stands on a button that has a name; a label repeats the head of its column
NO_WORDS = {'""', "none", '"✕"', "attr(data-label)"}


def test_no_words_come_from_a_style():
    written = {
        (path.name, value.strip())
        for path in STYLES.glob("*.css")
        for value in WRITTEN.findall(path.read_text())
    }
    assert {value for _name, value in written} - NO_WORDS == set(), written
    assert ("site.css", '""') in written


def test_every_table_of_an_agent_s_page_has_the_table_s_look():
    """Without that class its cells stand side by side with no room between them."""
    tables = [
        (path.name, found)
        for path in (ROOT / "templates" / "backoffice").glob("*.html")
        for found in re.findall(r"<table[^>]*>", path.read_text())
    ]
    assert tables
    assert [one for one in tables if not re.search(r'class="table[ "]', one[1])] == []
