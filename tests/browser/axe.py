"""axe in a page: every rule on every page; the colours of each kind of element once.

Colours are three quarters of axe's work. They depend on how an element and what stands around it
are styled, not on their words: elements of one kind (the same tag, class and computed colours, the
same grounds behind it up to the root, at one width) are judged on the first page that shows them.
"""

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
# Whether a target may be too small: one lower or narrower than 24 px has another beside it, or two
# lie on each other. On other pages axe's rule, half of all its work, finds nothing.
DOUBTFUL = """() => {
  const LEAST = 24;
  const away = (point, from, to) => Math.max(from - point, point - to, 0);
  const boxes = [...document.querySelectorAll(
    "a[href], area, button, input, select, textarea, summary, iframe, [tabindex], [role]")]
    .filter((one) => one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}))
    .map((one) => one.getBoundingClientRect())
    .filter((box) => box.width && box.height);
  return boxes.some((one, place) => {
    const small = Math.min(one.width, one.height) < LEAST;
    const [x, y] = [(one.left + one.right) / 2, (one.top + one.bottom) / 2];
    return boxes.some((other, its) => its !== place && (small
      ? Math.hypot(away(x, other.left, other.right), away(y, other.top, other.bottom)) < LEAST
      : its > place && one.left < other.right && other.left < one.right
        && one.top < other.bottom && other.top < one.bottom));
  });
}"""
# The rest of axe's answer is long, and stays in the browser.
VIOLATIONS = "async (options) => (await loadAxe().run(document, options)).violations"
VIOLATIONS_OF_KINDS = """async ([kinds, options]) => {
  const include = kinds.flatMap((kind) => window.elementsOfKind.get(kind));
  return (await loadAxe().run({include}, options)).violations;
}"""
# Names the kinds of the elements that show a text, and keeps the elements of each.
KINDS = """() => {
  const NOTHING = "rgba(0, 0, 0, 0)|none|1|static|none|normal";
  const grounds = new Map();
  const around = new Map();
  const hash = (text) => {
    let [one, other] = [0x811c9dc5, 0x1234567];
    for (let place = 0; place < text.length; place++) {
      one = Math.imul(one ^ text.charCodeAt(place), 16777619);
      other = Math.imul(other ^ text.charCodeAt(place), 2654435761);
    }
    return (one >>> 0).toString(36) + (other >>> 0).toString(36);
  };
  // What is seen behind the words: of ancestors that show nothing themselves, nothing.
  const ground = (element) => {
    if (!element) return "";
    if (!grounds.has(element)) {
      const style = getComputedStyle(element);
      const own = [
        style.backgroundColor, style.backgroundImage, style.opacity, style.position, style.filter,
        style.mixBlendMode,
      ].join("|");
      const behind = ground(element.parentElement);
      grounds.set(element, own === NOTHING ? behind : hash(`${behind} ${own}`));
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
  const name = (element) => {
    const style = getComputedStyle(element);
    return hash([
      ground(element), element.tagName, element.getAttribute("class"),
      element.matches(":disabled"), element.control?.disabled,
      element.checkVisibility({visibilityProperty: true, opacityProperty: true}),
      style.color, style.fontSize, style.fontWeight, style.textShadow,
      element.matches("a[href]") && [
        style.textDecorationLine, style.borderBottomStyle,
        getComputedStyle(element.parentElement).color, textAround(element),
      ],
    ].join("|"));
  };
  window.elementsOfKind = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const text = own.map((node) => node.data).join("").trim() || element.value || "";
    if (text) {
      const kind = `${name(element)}-${Math.min(String(text).length, 2)}`;
      const alike = window.elementsOfKind.get(kind) || [];
      window.elementsOfKind.set(kind, [...alike, element]);
    }
  }
  return [...window.elementsOfKind.keys()];
}"""

_judged: set[tuple[int, str]] = set()  # (width in pixels, kind)


def assert_accessible(page: Page, whole: bool = True) -> None:
    """No violation of any rule, with the contrasts of both schemes.

    Args:
        whole: false for a page whose other rules were asked at another width.
    """
    page.wait_for_load_state()  # a page just arrived at may have no element yet
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    mine, other = ("dark", "light") if dark else ("light", "dark")
    if whole:
        assert_rules(page)
    assert_targets(page)
    assert_contrasts(page)
    page.emulate_media(color_scheme=other)
    try:
        assert_contrasts(page)
    finally:
        page.emulate_media(color_scheme=mine)


def assert_rules(page: Page) -> None:
    """The whole page as it stands keeps every rule that its width changes nothing about."""
    _refuse(page, page.evaluate(VIOLATIONS, RULES))


def assert_targets(page: Page) -> None:
    """What is to be pressed is large enough at this width, or stands alone."""
    if page.evaluate(DOUBTFUL):
        _refuse(page, page.evaluate(VIOLATIONS, TARGETS))


def assert_contrasts(page: Page) -> None:
    """Every text of the page as it stands can be read before what is behind it."""
    width = page.evaluate("innerWidth")
    kinds = page.evaluate(KINDS)
    unknown = [kind for kind in kinds if (width, kind) not in _judged]
    if unknown:
        _refuse(page, page.evaluate(VIOLATIONS_OF_KINDS, [unknown, COLOURS]))
        _judged.update((width, kind) for kind in unknown)


def _refuse(page: Page, violations: list[dict]) -> None:
    found = [
        f"{violation['id']} ({violation['help']}): {node['html'][:300]}\n"
        + "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
        for violation in violations
        for node in violation["nodes"]
    ]
    assert not found, f"axe on {page.url}:\n" + "\n".join(found)
