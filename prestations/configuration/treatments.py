"""The register of processing (RGPD art. 30), as privacy.yaml writes it but for its prestations.

A term that changes is applied only once the data-protection officer approved it as it stands
(`Processing.digest`).
"""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.configuration.coded import coded
from prestations.configuration.kinds import State
from prestations.configuration.wording import place_words
from prestations.loading.privacy import check_register, processing_columns
from prestations.loading.problems import Problems
from prestations.loading.schema_privacy import PROCESSING
from prestations.loading.words import told
from prestations.models import Prestation, Processing

_SAME = ("holds", "purpose", "basis", "basis_source", "data", "recipients", "confirmed")
_OWN = {
    name: one
    for name, one in PROCESSING["properties"].items()
    if name not in ("code", "label", "prestations")
}


def _term(row: Processing, name: str) -> State | None:
    months = getattr(row, f"{name}_months")
    if months is None:
        return None
    why, source = getattr(row, f"{name}_why"), getattr(row, f"{name}_source")
    return {"months": months, "why": why, "source": source}


def _item(row: Processing) -> State:
    return (
        {name: getattr(row, name) for name in _SAME}
        | {name: getattr(row, name) or None for name in ("sensitive", "kept_note")}
        | {name: _term(row, name) for name in ("files", "kept")}
    )


def _faults(key: str, state: State | None) -> list[str]:
    if state is None:
        using = Prestation.objects.filter(processing=key, is_active=True)
        return [_("« %(name)s » en relève encore.") % {"name": one} for one in using[:5]]
    problems = Problems()
    check_register([state | {"prestations": []}], set(), problems)
    places = ((one, one.path.removeprefix("processings[0]")) for one in problems)
    return [told(replace(one, path=" › ".join(place_words(state, path)))) for one, path in places]


KINDS = [
    coded(
        Processing,
        "processings",
        gettext_lazy("Traitement de données"),
        item=_item,
        columns=processing_columns,
        schema=_OWN,
        faults=_faults,
        english=True,
    )
]
