"""Newsletters among what is recorded of the configuration: the lists, not who receives them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.actions import withdraw_newsletter, write_newsletter
from citizens.models import Newsletter
from prestations.configuration import Kind, State
from prestations.loading.shapes import CODE, COUNT, mapping, text

WORDS = ("code", "label", "label_en", "description", "description_en")


def _states() -> dict[str, State]:
    rows = Newsletter.objects.filter(is_active=True)
    return {row.code: {name: getattr(row, name) for name in (*WORDS, "order")} for row in rows}


def _restore(key: str, state: State | None, *, actor) -> None:
    if state is None:
        withdraw_newsletter(code=key)
    else:
        words = {name: state[name] for name in WORDS}
        write_newsletter(**words, order=state.get("order"))


def _faults(key: str, state: State | None) -> list[str]:
    others = Newsletter.objects.filter(is_active=True).exclude(code=key)
    if state is not None and others.filter(label=state["label"]).exists():
        return [_("Une autre lettre porte déjà ce nom.")]
    return []


KINDS = [
    Kind(
        code="newsletters",
        label=gettext_lazy("Lettre d’information"),
        keys=lambda: list(_states()),
        snapshot=lambda key: _states().get(key),
        listed=_states,
        name=lambda state: state["label"],
        restore=_restore,
        faults=_faults,
        schema=mapping(
            {
                "code": CODE,
                "label": text(120),
                "label_en": text(120, empty=True),
                "description": text(300, empty=True),
                "description_en": text(300, empty=True),
            },
            optional={"order": COUNT},
        ),
    )
]
