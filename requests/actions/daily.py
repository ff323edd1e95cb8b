"""What is done once a working day, in the morning or as soon as the scheduler runs again."""

from collections.abc import Callable
from datetime import datetime, time

from django.db import transaction

from prestations.calendars import PARIS, WorkingCalendar
from requests.enums import DailyWork
from requests.models import DailyRun

MORNING = time(7, 45)


@transaction.atomic
def once_a_day(
    work: DailyWork,
    tell: Callable[[datetime | None], int],
    *,
    now: datetime,
    calendar: WorkingCalendar,
) -> DailyRun | None:
    """Do the day's work, once: all of it or nothing, whatever restarts.

    A day on which nothing ran is not done afterwards: the next one tells what stands then.

    Args:
        tell: given when the last one ran (None the first time); returns how many were told.

    Returns:
        The day's row, or None when it is too early, no working day, or done.
    """
    local = now.astimezone(PARIS)
    if local.time() < MORNING or not calendar.is_working_day(local.date()):
        return None
    run, is_first = DailyRun.objects.get_or_create(
        work=work, day=local.date(), defaults={"at": now}
    )
    if not is_first:
        return None
    before = DailyRun.objects.filter(work=work, day__lt=run.day).order_by("-day").first()
    run.told = tell(before.at if before else None)
    run.save(update_fields=["told"])
    return run
