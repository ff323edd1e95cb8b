"""From which score a prestation is routed alone: as the town chose, else as was measured."""

from requests.models import AutomaticThreshold, ClassifierVersion

PRECISION = 0.95  # of what is routed alone
LEAST_PERCENT = 90  # no lower score is enough, however right the few messages above it are
SUPPORT = 5  # messages that must have reached a threshold


def thresholds_with(version: ClassifierVersion | None) -> dict[str, int | None]:
    """Return the percentage of each prestation; None, or none at all: never alone.

    Args:
        version: the training in use; None before the first.
    """
    chosen = AutomaticThreshold.objects.values_list("prestation", "percent")
    return {**(version.thresholds if version else {}), **dict(chosen)}
