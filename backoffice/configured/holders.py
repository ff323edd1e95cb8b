"""Who is named for a restricted prestation, among what is recorded of the configuration."""

from dataclasses import replace

from django.utils.translation import gettext_lazy

from backoffice.actions.watertight import noted
from prestations.configuration import Kind, State, kind_of
from prestations.models import Prestation, RightHolder


def _snapshot(key: str) -> State | None:
    """The agents who read its requests, by the numbers of their accounts; names stay there."""
    current = RightHolder.objects.current().filter(prestation=key).order_by("user")
    holders = [
        {"user": row.user_id, "until": row.until.isoformat() if row.until else None}
        for row in current
    ]
    return {"prestation": key, "holders": holders} if holders else None


KINDS = [
    Kind(
        code="holders",
        label=gettext_lazy("Accès nommés"),
        keys=lambda: (
            RightHolder.objects.current()
            .order_by("prestation")
            .values_list("prestation", flat=True)
            .distinct()
        ),
        snapshot=_snapshot,
        name=lambda state: str(Prestation.objects.get(pk=state["prestation"]).label),
        fixed=gettext_lazy("Un accès se nomme et se retire un par un, sur sa page."),
    )
]


def with_officers_told() -> list[Kind]:
    """Return the kind of which officers hear when one becomes watertight, or open, by any way."""
    prestations = kind_of("prestations")

    def restore(key: str, state: State | None, *, actor) -> None:
        assert prestations.restore is not None
        with noted(key, by=actor):
            prestations.restore(key, state, actor=actor)

    return [replace(prestations, restore=restore)]
