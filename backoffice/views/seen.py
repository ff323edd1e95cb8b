"""What a page of settings was read from: two people who save it do not undo each other."""

from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpRequest

from prestations.exceptions import CatalogueError, StalePage


class Seen:
    """What the form of one page carries along, and its save compares.

    Attributes:
        value: None for something new.
    """

    def __init__(self, request: HttpRequest, read: Callable[[], str] | None):
        self._read = read
        self.value: str | None = None
        if read is not None:
            self.value = request.POST.get("seen", "") if request.method == "POST" else read()

    def refuse(self, form: BaseForm, refusal: CatalogueError, field: str | None = None) -> None:
        """Tell why nothing was saved; whoever is told of another's change may save after all."""
        is_stale = isinstance(refusal, StalePage)
        form.add_error(None if is_stale else field, str(refusal))
        if is_stale and self._read is not None:
            self.value = self._read()
