"""What a file that replaces all of something takes out; much of it is asked for by a tick."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from backoffice.imported.streets import RowChange, Rows
from prestations.configuration.together import Step

LARGE = 0.1  # of what is in use


def large_losses(
    steps: Iterable[Step], streets: Iterable[RowChange] = (), before: Rows | None = None
) -> list[str]:
    """Return in words of which kinds more than a tenth goes: what, how many, of how many.

    Args:
        steps: of a configuration; its kinds are counted as they are once the steps are done.
        streets: what comes and goes of the register that said `before`.
    """
    gone: Counter[str] = Counter()
    known: Counter[str] = Counter()
    counted = {}
    for step in steps:
        label = str(step.kind.label)
        if step.after is None:
            counted[label] = step.kind
            gone[label] += 1
        known[label] += (step.after is None) - (step.before is None and not step.waits)
    for label, kind in counted.items():
        known[label] += len(kind.states())
    gone.update(row.kind for row in streets if row.after is None)
    known.update(kind for kind, _key in before or ())
    words = _("%(kind)s : %(gone)d sur %(known)d")
    return [
        words % {"kind": label, "gone": number, "known": known[label]}
        for label, number in gone.items()
        if number > known[label] * LARGE
    ]
