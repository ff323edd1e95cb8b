"""What the look at every page must still notice, although each kind of element is judged once."""

import re

import pytest

from tests.browser.axe import (
    DOUBTFUL,
    SCRIPT,
    assert_accessible,
    assert_contrasts,
    assert_rules,
    assert_targets,
)

pytestmark = pytest.mark.browser
# `.late` cannot be read before a dark background, nor on a screen wider than 1000 px.
PAGE = """<!doctype html><html lang="fr"><head><title>Essai</title><style>
body {{ color: #111; background: #fff }}
@media (prefers-color-scheme: dark) {{
  body {{ color: #eee; background: #111 }}
  .late {{ color: #333 }}
}}
@media (min-width: 1000px) {{ .late {{ color: #ddd }} }}
.pale {{ color: #ddd }}
a {{ color: #333; text-decoration: none }}
</style></head><body><main><h1>Essai</h1>{}</main></body></html>"""
PALE = '<p class="pale">Illisible</p>'


@pytest.fixture
def page(new_context):
    page = new_context().new_page()
    page.set_viewport_size({"width": 800, "height": 600})
    page.add_init_script(SCRIPT)
    page.goto("about:blank")
    return page


def refused(page, look) -> str:
    """What is said of a page that has a fault."""
    with pytest.raises(AssertionError) as fault:
        look(page)
    return re.sub(r"\s+", " ", str(fault.value))


def test_a_fault_on_a_later_page_is_found_and_found_again(page):
    page.set_content(PAGE.format("<p>Lisible</p>"))
    assert_contrasts(page)
    page.set_content(PAGE.format("<p>Lisible aussi</p>" + PALE))
    for _time in range(2):
        assert "Illisible" in refused(page, assert_contrasts)


def test_the_other_scheme_and_another_width_are_judged_apart(page):
    page.set_content(PAGE.format('<p class="late">Parfois</p>'))
    assert_contrasts(page)
    assert "Parfois" in refused(page, assert_accessible)
    page.set_viewport_size({"width": 1200, "height": 600})
    assert "Parfois" in refused(page, assert_contrasts)


@pytest.mark.parametrize(
    ("spared", "shown"),
    [
        ('<button class="pale" disabled>Faire</button>', '<button class="pale">Faire</button>'),
        (
            '<p class="pale" style="visibility: hidden">Mot</p>',
            '<p class="pale">Mot</p>',
        ),
        ('<p class="pale"></p>', PALE),
        (
            '<p><a href="/">Un lien</a></p>',
            '<p>Beaucoup de mots tout autour, et <a href="/">Un lien</a> parmi eux.</p>',
        ),
    ],
    ids=["disabled", "hidden", "empty", "link"],
)
def test_what_was_spared_once_is_judged_when_it_shows(page, spared, shown):
    page.set_content(PAGE.format(spared))
    assert_contrasts(page)
    page.set_content(PAGE.format(shown))
    refused(page, assert_contrasts)


def test_all_other_rules_see_each_page(page):
    page.set_content(PAGE.format("<input>"))
    for _time in range(2):
        assert "label" in refused(page, assert_accessible)


@pytest.mark.parametrize(
    ("kept", "broken"),
    [
        ('<label for="a">Nom</label><input id="a">', '<label for="b">Nom</label><input id="a">'),
        ('<a href="#x">Mot</a>', '<a href="#x"></a>'),
        ("<h2>Mot</h2><h3>Autre</h3>", "<h2>Mot</h2><h4>Autre</h4>"),
        ("<ul><li>Un</li></ul>", "<ul><div>Un</div></ul>"),
        (
            '<nav aria-label="Un">a</nav><nav aria-label="Deux">b</nav>',
            '<nav aria-label="Un">a</nav><nav aria-label="Un">b</nav>',
        ),
        ('<button aria-pressed="true">Oui</button>', '<button aria-pressed="oui">Oui</button>'),
        ('<a href="/" hidden></a>', '<a href="/"></a>'),
    ],
    ids=["reference", "words", "level", "place", "name", "value", "shown"],
)
def test_only_a_page_made_alike_is_not_judged_again(page, kept, broken):
    for words in ("Essai", "Autre"):
        page.set_content(PAGE.format(kept).replace("Essai", words))
        assert_rules(page)
    page.set_content(PAGE.format(broken))
    for _time in range(2):
        refused(page, assert_rules)


def test_small_targets_are_found_where_they_stand_too_near(page):
    small = '<button style="width: 20px; height: 20px; padding: 0; border: 0{}">{}</button>'
    alone = small.format("; margin: 30px", "a")
    page.set_content(PAGE.format(alone + alone))
    assert not page.evaluate(DOUBTFUL)
    page.set_content(PAGE.format(small.format("", "a") + small.format("; margin-left: -4px", "b")))
    assert "target-size" in refused(page, assert_targets)
    large = '<button style="width: 90px; height: 30px; position: absolute; left: {}px">a</button>'
    page.set_content(PAGE.format(large.format(9) + large.format(25)))
    assert "target-size" in refused(page, assert_targets)
    page.set_content(PAGE.format('<p>Un texte avec <a href="/">un</a> et <a href="/">mot</a></p>'))
    assert_targets(page)
