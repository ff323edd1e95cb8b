"""docs/privacy.md tells the register as it is loaded."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| `([\w-]+)` \| (.+?) \| (\w+) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)


def term(value: dict | None) -> str:
    return f"{value['months']} months" if value else "–"


def test_the_table_is_that_of_the_data():
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    file = ROOT / "prestations" / "data" / "privacy.yaml"
    register = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["processings"]
    assert ROW.findall(text) == [
        (
            item["code"],
            item["label"],
            item["basis"],
            term(item["files"]),
            term(item["kept"]),
            item["kept"]["source"] if item["kept"] else item["kept_note"],
        )
        for item in register
    ]
