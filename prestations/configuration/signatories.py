"""Who signs refusals in the town's name, as reference.yaml writes them.

Name and quality stand under each decision (CRPA L212-1), so they are kept and exported; the
staff account that may sign alone is neither: it is a person's, of this installation.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.configuration.catalogue_checks import gone
from prestations.configuration.coded import order_of
from prestations.configuration.kinds import Kind, State
from prestations.loading.rows import keep_row
from prestations.loading.schema_reference import SIGNATORY
from prestations.loading.shapes import COUNT, mapping, text
from prestations.models import Category, Department, LetterTemplate, Prestation, Signatory

_WORDS = ("first_name", "last_name", "quality", "formula")
COVERED: dict[str, tuple[str, Any]] = {
    "prestations": ("prestation", Prestation),
    "templates": ("template", LetterTemplate),
    "categories": ("category", Category),
    "departments": ("department", Department),
}
_OWN = {name: SIGNATORY["properties"][name] for name in ("code", *_WORDS, *COVERED)}


def _state(row: Signatory) -> State:
    return {
        "code": row.pk,
        "order": row.order,
        **{name: getattr(row, name) for name in (*_WORDS, *COVERED)},
    }


def _restore(key: str, state: State | None, *, actor) -> None:
    if state is None:
        Signatory.objects.filter(pk=key).update(is_active=False)
        return
    own = {name: state[name] for name in (*_WORDS, *COVERED)}
    keep_row(Signatory, key, own | {"order": order_of(Signatory, key, state), "is_active": True})


def _faults(key: str, state: State | None) -> list[str]:
    rest = Signatory.objects.filter(is_active=True, **{name: [] for name in COVERED})
    signs_rest = state is not None and not any(state[name] for name in COVERED)
    if not signs_rest and not rest.exclude(pk=key).exists():
        return [_("Il faut un signataire sans aucune liste : il signe tout ce qui reste.")]
    return [
        gone(kind, code)
        for name, (kind, model) in COVERED.items()
        for code in (state or {}).get(name, ())
        if not model.objects.filter(pk=code, is_active=True).exists()
    ]


def _in_use() -> Any:
    return Signatory.objects.filter(is_active=True)


def _snapshot(key: str) -> State | None:
    row = _in_use().filter(pk=key).first()
    return _state(row) if row else None


KINDS = [
    Kind(
        code="signatories",
        label=gettext_lazy("Signataire"),
        keys=lambda: _in_use().values_list("pk", flat=True),
        snapshot=_snapshot,
        listed=lambda: {row.pk: _state(row) for row in _in_use()},
        name=lambda state: f"{state['first_name']} {state['last_name']}, {state['quality']}",
        restore=_restore,
        faults=_faults,
        schema=mapping(_OWN | {"formula": text(200, empty=True)}, optional={"order": COUNT}),
    )
]
