"""What a browser sends of a form field, so that three states of it can be compared."""

import hashlib
import json
from copy import copy
from html.parser import HTMLParser
from typing import Any

from django.forms import BaseForm, BoundField

Sent = dict[str, list[str]]  # by the name of a control
_TICKED = ("checkbox", "radio")
_NOT_SENT = ("button", "file", "image", "reset", "submit")


class Controls(HTMLParser):
    """Reads what controls would send: the first option when none is selected, a text without the
    line end that opens it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: Sent = {}
        self.ticked: set[str] = set()
        self._select: str | None = None
        self._first: str | None = None
        self._typed: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag == "option":
            self._option(given)
        elif not name or "disabled" in given:
            return
        elif tag == "input" and given.get("type") not in _NOT_SENT:
            values = self.sent.setdefault(name, [])
            if given.get("type") not in _TICKED:
                values.append(given.get("value") or "")
                return
            self.ticked.add(name)
            if "checked" in given:
                values.append(given.get("value") or "on")
        elif tag == "select":
            self.sent.setdefault(name, [])
            self._select = name
            if "multiple" in given:
                self.ticked.add(name)
        elif tag == "textarea":
            self._typed = name
            self.sent[name] = [""]

    def _option(self, given: dict[str, str | None]) -> None:
        if self._select is None or "disabled" in given:
            return
        value = given.get("value") or ""
        if "selected" in given:
            self.sent[self._select].append(value)
        elif self._first is None:
            self._first = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._typed is not None:
            self.sent[self._typed] = [self.sent[self._typed][0].removeprefix("\n")]
            self._typed = None
        elif tag == "select" and self._select is not None:
            name = self._select
            if not self.sent[name] and name not in self.ticked and self._first is not None:
                self.sent[name].append(self._first)
            self._select = self._first = None

    def handle_data(self, data: str) -> None:
        if self._typed is not None:
            self.sent[self._typed][0] += data


class Standing:
    """One field as what is in force fills it, and as it was sent."""

    def __init__(self, field: BoundField):
        """Read what the field would send had nobody typed in it."""
        controls = Controls()
        controls.feed(str(field))
        controls.close()
        self._now, self._ticked = controls.sent, controls.ticked
        self.now = _digest(self._now)

    def sent_in(self, data: Any) -> str | None:
        """Return the digest of what was sent; None when the page did not have the field."""
        if not any(name in data for name in self._now) and not self._ticked:
            return None
        return _digest({name: data.getlist(name) for name in self._now})

    def take_back(self, data: Any) -> None:
        """Put what is in force in the place of what was sent."""
        for name, values in self._now.items():
            data.setlist(name, values)


def standing(form: BaseForm) -> dict[str, Standing]:
    """Return the fields of a form, by their own name, as what is in force fills them."""
    untouched = copy(form)
    untouched.is_bound = False
    return {
        name: Standing(field.get_bound_field(untouched, name))
        for name, field in form.fields.items()
    }


def _digest(sent: Sent) -> str:
    """Return what is the same for the same values: line ends and outer blanks do not count."""
    plain = {
        name: sorted("\n".join(value.splitlines()).strip() for value in values)
        for name, values in sent.items()
    }
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]
