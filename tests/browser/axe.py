"""axe in a page: every rule on every make of page; the colours of each kind of element once.

axe is four fifths of what a look at a page costs. Its rules depend on elements, attributes and
what is shown of them, not on the words: a page made as one that was judged is not judged again.
Colours are three quarters of its work. They depend on how an element and what stands around it
are styled, not on their words either: elements of one kind (the same computed colours and size,
the same grounds behind them) are judged on the first page that shows them, at whatever width.
"""

from collections.abc import Iterable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Most pages are passed through unjudged: in those axe is not even made.
SCRIPT = f"""window.loadAxe = () => {{
  if (!window.axe) {{ {Axe().axe_script} }}
  return window.axe;
}};"""
# No way to each element: a quarter of axe's work, and a fault shows the element itself.
PLAIN = {"resultTypes": ["violations"], "selectors": False, "elementRef": False}
# Everything axe knows that the width of the screen changes nothing about.
RULES = {
    "rules": {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": False}},
    **PLAIN,
}
TARGETS = {"runOnly": ["target-size"], **PLAIN}  # of WCAG 2.2: axe leaves it out by default
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], **PLAIN}
# Whether a target may be too small: a circle of 24 px around the middle of one that is lower or
# narrower meets another or its circle, or two lie on each other. On other pages axe's rule, half of
# all its work, finds nothing.
DOUBTFUL = """() => {
  const LEAST = 24;
  const away = (point, from, to) => Math.max(from - point, point - to, 0);
  const middle = (box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const isSmall = (box) => Math.min(box.width, box.height) < LEAST;
  const targets = [...document.querySelectorAll(
    "a[href], area, button, input, select, textarea, summary, iframe, [tabindex], [role]")]
    .filter((one) => one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}))
    .filter((one) => !one.matches("[role=region], [role=group]"))  // scrolled, not pressed
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width > 1 && box.height > 1);  // others wait for the focus to show
  return targets.some(([one, box], place) => {
    const [x, y] = middle(box);
    return targets.some(([other, its], other_place) => {
      if (other_place === place) return false;
      const apart = Math.hypot(away(x, its.left, its.right), away(y, its.top, its.bottom));
      const [its_x, its_y] = middle(its);
      return isSmall(box)
        ? apart < LEAST / 2 + 1 || isSmall(its) && Math.hypot(x - its_x, y - its_y) < LEAST + 1
        : other_place > place && box.left < its.right && its.left < box.right
          && box.top < its.bottom && its.top < box.bottom;
    });
  });
}"""
# The rest of axe's answer is long, and stays in the browser.
VIOLATIONS = "async (options) => (await loadAxe().run(document, options)).violations"
VIOLATIONS_OF_KINDS = """async ([kinds, options]) => {
  const include = kinds.flatMap((kind) => window.elementsOfKind.get(kind));
  return (await loadAxe().run({include}, options)).violations;
}"""
HASH = """
  const hash = (text) => {
    let [one, other] = [0x811c9dc5, 0x1234567];
    for (let place = 0; place < text.length; place++) {
      one = Math.imul(one ^ text.charCodeAt(place), 16777619);
      other = Math.imul(other ^ text.charCodeAt(place), 2654435761);
    }
    return (one >>> 0).toString(36) + (other >>> 0).toString(36);
  };
"""
# Names how the page is made: its elements and attributes, which are seen, which scroll, and where
# there is text. Of names and headings it knows which are the same: axe asks no more of them.
MAKE = (
    "() => {"
    + HASH
    + """
  const REFERENCES = new Set([
    "id", "for", "form", "headers", "list", "name", "aria-activedescendant", "aria-controls",
    "aria-describedby", "aria-details", "aria-errormessage", "aria-labelledby", "aria-owns",
  ]);
  const NAMES = new Set(["alt", "aria-label", "title"]);
  const FREE = new Set(["action", "datetime", "nonce", "placeholder", "src", "value"]);
  const numbers = new Map();
  const same = (words) => {
    const name = words.trim();
    if (name && !numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name);
  };
  const told = ({name, value}) => {
    if (REFERENCES.has(name)) return value.split(" ").map((one) => same(`#${one}`));
    if (name === "href") return value.startsWith("#") ? same(value) : !!value;
    if (NAMES.has(name)) return same(value);
    return FREE.has(name) || name.startsWith("data-") ? !!value : value;
  };
  const text = (one) => one.matches("h1, h2, h3, h4, h5, h6, caption, legend")
    ? same(one.textContent)
    : [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return hash([...document.querySelectorAll("*")].map((one) => [
    one.tagName, one.childElementCount, text(one),
    ...[...one.attributes].map((attribute) => `${attribute.name}=${told(attribute)}`),
    one.checkVisibility({visibilityProperty: true}),
    one.scrollWidth > one.clientWidth, one.scrollHeight > one.clientHeight,
  ].join("|")).join());
}"""
)
# Names the kinds of the elements that show a text, and keeps the elements of each.
KINDS = (
    "() => {"
    + HASH
    + """
  const SHOWS_NOTHING = "rgba(0, 0, 0, 0)|none";
  const COVERS = /^rgb\\(.*\\|none$/;
  const grounds = new Map();
  const around = new Map();
  // What is seen behind the words, and what is done to both: of ancestors that change nothing,
  // nothing; of what a whole colour covers, nothing.
  const ground = (element) => {
    if (!element) return ["", ""];
    if (!grounds.has(element)) {
      const [behind, done] = ground(element.parentElement);
      const style = getComputedStyle(element);
      const own = `${style.backgroundColor}|${style.backgroundImage}`;
      const doing = [
        style.opacity, style.filter, style.mixBlendMode, style.clip, style.clipPath,
        style.position.replace("relative", "static"),
      ].join("|");
      grounds.set(element, [
        own === SHOWS_NOTHING ? behind : COVERS.test(own) ? own : hash(`${behind} ${own}`),
        doing === "1|none|normal|auto|none|static" ? done : hash(`${done} ${doing}`),
      ]);
    }
    return grounds.get(element);
  };
  // Links within a text are judged otherwise than links alone: what tells one from the other.
  const textAround = (link) => {
    let block = link.parentElement;
    while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    if (!around.has(block)) {
      const links = [...block.querySelectorAll("a, button")].map((one) => one.textContent.length);
      const linked = links.reduce((sum, length) => sum + length, 0);
      const words = block.textContent.trim().length - linked;
      around.set(block, `${Math.sign(words)}${words > linked}${!!block.querySelector("br, hr")}`);
    }
    return around.get(block);
  };
  // Nobody sees what is smaller than a letter, or stands before the page's beginning.
  const isAway = ({width, height, right, bottom}) =>
    width < 2 || height < 2 || right + scrollX <= 0 || bottom + scrollY <= 0;
  const BLOCKS = ["block", "list-item", "table", "flex", "grid", "inline-block"];
  const name = (element) => {
    const style = getComputedStyle(element);
    return hash([
      ground(element), style.color, style.fontSize, style.fontWeight, style.textShadow,
      element.matches("button, input, label, option, select, textarea") && element.tagName,
      !!element.closest("[aria-disabled=true]"), isAway(element.getBoundingClientRect()),
      element.matches("a[href]") && !BLOCKS.includes(style.display) && [
        element.className, style.textDecorationLine, style.borderBottomStyle,
        getComputedStyle(element.parentElement).color, textAround(element),
      ],
    ].join("|"));
  };
  const UNREAD = "input:is([type=checkbox], [type=color], [type=file], [type=image], [type=radio],"
    + "[type=range])";
  // What axe leaves out: of a single letter it judges no colour.
  const isSpared = (element, text) => element.matches(UNREAD) || element.matches(":disabled")
    || element.control?.disabled || (text.length < 2 && !element.matches("a"))
    || !element.checkVisibility({visibilityProperty: true, opacityProperty: true});
  window.elementsOfKind = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const text = own.map((node) => node.data).join("").trim() || String(element.value || "");
    if (text && !isSpared(element, text)) {
      const kind = name(element);
      const alike = window.elementsOfKind.get(kind) || [];
      if (alike.length < 5) window.elementsOfKind.set(kind, [...alike, element]);
    }
  }
  return [...window.elementsOfKind.keys()];
}"""
)
# All of it at once.
LOOK = f"""() => [
  matchMedia("(prefers-color-scheme: dark)").matches, innerWidth,
  ({DOUBTFUL})(), ({MAKE})(), ({KINDS})(),
]"""

_judged: set[str] = set()  # kinds of texts that can be read
_made: set[str] = set()  # makes of pages that keep the rules
_looked: set[tuple] = set()  # makes of pages looked at in both schemes, at one width


def assert_accessible(page: Page, whole: bool = True) -> None:
    """No violation of any rule, with the contrasts of both schemes.

    Args:
        whole: false for a page whose other rules were asked at another width.
    """
    page.wait_for_load_state()  # a page just arrived at may have no element yet
    dark, width, doubtful, make, kinds = page.evaluate(LOOK)
    if doubtful:
        _keeps_targets(page)
    if whole:
        _keeps_rules(page, make)
    looked = (dark, width, make, frozenset(kinds))
    if looked in _looked:
        return
    _keeps_contrasts(page, kinds)
    mine, other = ("dark", "light") if dark else ("light", "dark")
    page.emulate_media(color_scheme=other)
    try:
        assert_contrasts(page)
    finally:
        page.emulate_media(color_scheme=mine)
    _looked.add(looked)


def assert_rules(page: Page) -> None:
    """The page as it stands keeps every rule that its width changes nothing about."""
    judge(page, make=page.evaluate(MAKE))


def assert_targets(page: Page) -> None:
    """What is to be pressed is large enough at this width, or stands alone."""
    judge(page, doubtful=page.evaluate(DOUBTFUL))


def assert_contrasts(page: Page) -> None:
    """Every text of the page as it stands can be read before what is behind it."""
    judge(page, kinds=page.evaluate(KINDS))


def judge(
    page: Page, *, make: str | None = None, doubtful: bool = False, kinds: Iterable[str] = ()
) -> None:
    """The same for who asked the page for several of these at once.

    Args:
        make: what `MAKE` said, to judge by the rules.
        doubtful: what `DOUBTFUL` said of the targets.
        kinds: what `KINDS` said of the texts.
    """
    if make is not None:
        _keeps_rules(page, make)
    if doubtful:
        _keeps_targets(page)
    _keeps_contrasts(page, kinds)


def _keeps_rules(page: Page, make: str) -> None:
    if make not in _made:
        _refuse(page, page.evaluate(VIOLATIONS, RULES))
        _made.add(make)


def _keeps_targets(page: Page) -> None:
    _refuse(page, page.evaluate(VIOLATIONS, TARGETS))


def _keeps_contrasts(page: Page, kinds: Iterable[str]) -> None:
    unknown = [kind for kind in kinds if kind not in _judged]
    if unknown:
        _refuse(page, page.evaluate(VIOLATIONS_OF_KINDS, [unknown, COLOURS]))
        _judged.update(unknown)


def _refuse(page: Page, violations: list[dict]) -> None:
    found = [
        f"{violation['id']} ({violation['help']}): {node['html'][:300]}\n"
        + "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
        for violation in violations
        for node in violation["nodes"]
    ]
    assert not found, f"axe on {page.url}:\n" + "\n".join(found)
