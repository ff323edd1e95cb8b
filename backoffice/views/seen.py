"""What a page of settings was read from: two people who save it do not undo each other."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from backoffice.configured.differences import Difference, differences
from backoffice.forms.sent import standing
from massy_grc.common.posted import posted_id
from massy_grc.common.words import day_and_time
from prestations.exceptions import CatalogueError, StalePage
from prestations.models import ConfigurationChange

MOST_TOLD = 3


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else changed while one was writing: who, when, and the fields."""

    who: str
    when: str
    rows: list[Difference]


def changes_to(kind: str, key: str) -> QuerySet[ConfigurationChange]:
    """Return the changes of one object in the history."""
    return ConfigurationChange.objects.filter(kind=kind, key=key)


class Seen:
    """What the form of one page carries along, and its save compares.

    Attributes:
        value: None for something new.
        last: the number of the last change of it in the history, when the page was read.
        fields: what each field said then, as digests.
        meanwhile: what others changed since, once a save was refused for it.
    """

    def __init__(
        self,
        request: HttpRequest,
        read: Callable[[], str] | None,
        changes: QuerySet[ConfigurationChange] | None = None,
        *forms: BaseForm,
    ):
        """Read what the page is made from.

        Args:
            changes: those of what it shows, in the history.
            forms: what the page lets write, filled with what is in force.
        """
        self._read, self._changes, self._forms = read, changes, forms
        self.value: str | None = None
        self.last: int | None = None
        self.fields = ""
        self.meanwhile: list[Meanwhile] = []
        if read is None:
            return
        if request.method == "POST":
            self.value = request.POST.get("seen", "")
            self.last = posted_id(request.POST.get("seen_change"))
            self.fields = request.POST.get("seen_fields", "")
        else:
            self._look(read)

    def refuse(self, form: BaseForm, refusal: CatalogueError, field: str | None = None) -> None:
        """Tell why nothing was saved; whoever is told of another's change may save after all."""
        if not isinstance(refusal, StalePage) or self._read is None:
            form.add_error(field, str(refusal))
            return
        self.meanwhile = self._since()
        both = self._reconcile()
        form.add_error(None, self._told(both=both) or str(refusal))
        self._look(self._read)

    def _reconcile(self) -> bool:
        """Let each field that was not touched say what is in force now; mark what both changed.

        Returns whether anything was changed by both.
        """
        before, both = _carried(self.fields), False
        if not before:  # a page that told nothing: what it sent stays as it is
            return False
        for form in self._forms:
            data = cast(QueryDict, form.data).copy()
            for name, field in standing(form).items():
                sent, read = field.sent_in(data), before.get(form.add_prefix(name))
                if sent is None or read is None or sent == read:
                    field.take_back(data)
                elif field.now not in (read, sent):
                    form.add_error(name, _("Quelqu’un d’autre l’a changé aussi : choisissez."))
                    both = True
            form.data = data
        return both

    def _look(self, read: Callable[[], str]) -> None:
        self.value = read()
        self.fields = json.dumps(
            {
                form.add_prefix(name): field.now
                for form in self._forms
                for name, field in standing(form).items()
            }
        )
        if self._changes is not None:
            self.last = self._changes.values_list("pk", flat=True).order_by("-pk").first() or 0

    def _since(self) -> list[Meanwhile]:
        if self._changes is None or self.last is None:
            return []
        rows = self._changes.filter(pk__gt=self.last).select_related("actor").order_by("-pk")
        acts = {one.act or one.pk: one for one in reversed(rows)}  # one of those made together
        return [
            Meanwhile(
                who=one.actor.get_full_name() if one.actor else _("chargement des fichiers"),
                when=day_and_time(one.at),
                rows=differences(one.before, one.after),
            )
            for one in list(acts.values())[::-1][:MOST_TOLD]
        ]

    def _told(self, *, both: bool) -> str:
        """Say who changed it and when; what, the page compares."""
        if not self.meanwhile:
            return ""
        last = self.meanwhile[0]
        text = (
            _(
                "%(who)s l’a modifié pendant que vous écriviez, %(when)s. Vous avez changé tous"
                " les deux les champs marqués : ils gardent ce que vous avez écrit. Choisissez ce"
                " qui doit rester, puis enregistrez."
            )
            if both
            else _(
                "%(who)s l’a modifié pendant que vous écriviez, %(when)s. Ce que vous avez écrit"
                " est gardé ci-dessous, et le reste montre ses changements : relisez, puis"
                " enregistrez."
            )
        )
        return text % {"who": last.who, "when": last.when}


def _carried(text: str) -> dict[str, str]:
    """Return what a page said of its fields; nothing for what no page of ours wrote."""
    try:
        known = json.loads(text or "{}")
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}
