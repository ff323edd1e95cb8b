"""From which score a prestation is routed alone: as the town chose, else as was measured."""

from requests.models import AutomaticThreshold, ClassifierVersion


def thresholds_with(version: ClassifierVersion | None) -> dict[str, int | None]:
    """Return the percentage of each prestation; None, or none at all: never alone.

    Args:
        version: the training in use; None before the first.
    """
    chosen = AutomaticThreshold.objects.values_list("prestation", "percent")
    return {**(version.thresholds if version else {}), **dict(chosen)}
