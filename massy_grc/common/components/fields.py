"""A field of a form with its label, help and error."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.forms import BoundField

from massy_grc.common.components.arguments import ComponentError
from massy_grc.common.fields import describe_field

register = template.Library()


@register.inclusion_tag("components/field.html")
def form_field(
    *,
    field: BoundField,
    wrapper_class: str = "",
    show_label: bool = True,
    show_optional: bool = True,
    as_heading: bool = False,
) -> dict[str, Any]:
    """A whole field: label, « (facultatif) », help, error, then the control.

    Args:
        show_optional: False in a search, where everything is.
        as_heading: the label of a group of choices is the page's own title, said once.
    """
    if not field:
        raise ComponentError("form_field: the argument 'field' is empty")
    described = describe_field(field)
    return {
        "field": field,
        "described": described,
        "wrapper_class": wrapper_class,
        "show_label": show_label,
        "show_optional": show_optional,
        "as_heading": as_heading,
        "visible_if": json.dumps(described.visible_if) if described.visible_if else "",
    }
