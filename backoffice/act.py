"""What a button on a request does, and what the page behind it asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from backoffice.forms.verbs import VerbForm
from requests.enums import Verb
from requests.models import ServiceRequest


@dataclass(frozen=True)
class Act:
    """One button and the page behind it.

    Attributes:
        verb: whose right and states decide whether the button is there.
        perform: called with ``(request_id, actor, version)`` and the valid form.
        at_once: the button on the request page acts without a page of its own.
        fits: whether the request is one that the act is for.
        sends: a letter may leave; the agent reads it first, as it leaves.
        then: the act whose page opens afterwards, "" for the request's own.
    """

    slug: str
    verb: Verb
    label: str | Promise
    icon: str
    form: type[VerbForm]
    perform: Callable[[dict[str, Any], VerbForm], object]
    hint: str | Promise = ""
    at_once: bool = False
    danger: bool = False
    in_menu: bool = True
    fits: Callable[[ServiceRequest], bool] = lambda sr: True
    sends: bool = False
    then: Callable[[ServiceRequest], str] = lambda sr: ""
