"""Icons and the town's mark."""

from __future__ import annotations

import functools

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide as render_lucide

from massy_grc.common.components.arguments import required

register = template.Library()


@register.simple_tag
def icon(*, name: str, label: str = "") -> str:
    """Lucide icon at text size, hidden from screen readers unless a label is given."""
    required("icon", name=name)
    return _drawn_icon(str(name), str(label))


@functools.lru_cache(maxsize=256)
def _drawn_icon(name: str, label: str) -> str:
    """As the library draws it: marked safe."""
    naming = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return render_lucide(name, size=None, **{"class": "icon", "focusable": "false"}, **naming)


@register.simple_tag
def brand_mark() -> SafeString:
    """The town's initial in a square; a drawing of ours, no coat of arms."""
    return format_html(
        '<svg class="brand-mark" width="32" height="32" viewBox="0 0 32 32"'
        ' aria-hidden="true" focusable="false">'
        '<rect width="32" height="32" rx="6" fill="currentColor"/>'
        '<path class="brand-mark-letter" d="M7 24V9l9 8 9-8v15" fill="none"'
        ' stroke-width="3.2" stroke-linejoin="round" stroke-linecap="round"/>{}</svg>',
        "",
    )


@register.simple_tag
def static_or_nothing(path: str) -> str:
    """Address of a static file, or nothing when it is not collected: for the 500 page only."""
    try:
        return staticfiles_storage.url(path)
    except ValueError:
        return ""
