"""The colours: readable in both themes, written in one file, the same in both dark blocks."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[3] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
TEXT_ON_GROUND = [
    (text, ground)
    for ground in ("paper", "surface", "hover")
    for text in ("ink", "muted", "primary", "second", "late", "soon", "done", "info")
]
TEXT_ON_SOFT = [
    *((name, f"{name}-soft") for name in ("primary", "second", "late", "soon", "done", "info")),
    ("note", "note-soft"),
    *(
        (text, f"{name}-soft")
        for name in ("primary", "late", "soon", "done", "info", "note")
        for text in ("ink", "muted")
    ),
    *((f"on-{name}", name) for name in ("primary", "second", "late")),
    *((f"on-{name}", f"{name}-strong") for name in ("primary", "second", "late")),
]
DRAWN = [(drawn, ground) for drawn in ("control", "focus") for ground in ("paper", "surface")]


def _blocks(selector: str) -> list[dict[str, str]]:
    found = re.findall(re.escape(selector) + r"\s*\{([^}]*)\}", TOKENS)
    return [dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body)) for body in found]


LIGHT = _blocks('[data-bs-theme="light"]')[0]
DARK = _blocks('[data-bs-theme="dark"]')[0]


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(theme: dict[str, str], one: str, other: str) -> float:
    lighter, darker = sorted(
        (_luminance(theme[f"--m-{one}"]), _luminance(theme[f"--m-{other}"])), reverse=True
    )
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND + TEXT_ON_SOFT)
def test_text_reads_on_its_ground(theme, text, ground):
    assert _contrast(theme, text, ground) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("drawn", "ground"), DRAWN)
def test_borders_of_controls_and_focus_stand_out(theme, drawn, ground):
    assert _contrast(theme, drawn, ground) >= 3


def test_both_dark_blocks_are_equal():
    assert _blocks(":root:not([data-bs-theme])")[0] == DARK


def test_every_colour_exists_in_both_themes():
    assert LIGHT.keys() == DARK.keys()


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_colours_are_written_in_the_tokens_only(path):
    if path.name == "tokens.css":
        return
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(", path.read_text())
