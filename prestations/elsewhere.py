"""Procedures that the town does not do itself, with the official address of who does (S57)."""

import functools
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from prestations.loading.files import check_schema, read_yaml
from prestations.loading.problems import DataFileError
from prestations.loading.shapes import CODE, HTTPS, array, mapping, text
from prestations.translation import speaks_french

ELSEWHERE = Path(__file__).resolve().parent / "data" / "elsewhere.yaml"
SCHEMA = array(
    mapping(
        {
            "code": CODE,
            "label": text(100),
            "label_en": text(100),
            "text": text(200),
            "text_en": text(200),
            "service": text(100),
            "url": HTTPS,
            "words": array(text(100), least=1, unique=True),
        }
    ),
    unique=True,
)


@dataclass(frozen=True)
class Elsewhere:
    """A procedure done elsewhere; `words` are those residents type, in both languages."""

    code: str
    label: str
    label_en: str
    text: str
    text_en: str
    service: str
    url: str
    words: tuple[str, ...]

    @property
    def title(self) -> str:
        """What it is called, in the page's language."""
        return self.label if speaks_french() else self.label_en

    @property
    def said(self) -> str:
        """What it is, in the page's language."""
        return self.text if speaks_french() else self.text_en

    @property
    def site(self) -> str:
        """The site it leads to: « caf.fr »."""
        return urlsplit(self.url).netloc.removeprefix("www.")


@functools.cache
def done_elsewhere() -> dict[str, Elsewhere]:
    """Return the procedures by code, read once for the life of the process.

    Raises:
        DataFileError: the file is wrong; a load tells where.
    """
    data = read_yaml(ELSEWHERE)
    problems = check_schema(data, SCHEMA)
    problems.duplicates("", data, "code")
    if problems:
        raise DataFileError(ELSEWHERE, problems)
    return {one["code"]: Elsewhere(**one | {"words": tuple(one["words"])}) for one in data}
