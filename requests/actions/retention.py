"""The retention: the officer approves rules, and beat applies those approved, again and again.

Each row is erased in a transaction of its own, and what is done is written on the row itself: a
run that was cut short is taken up by the next one, and a second run finds nothing to do.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from citizens.actions import anonymise_organisation
from massy_grc.common.personal_data import blanks
from massy_grc.outbox.erasing import sweep_deliveries
from prestations.enums import Holds
from prestations.models import Processing
from requests import retention
from requests.actions.erasure import anonymise_request, delete_request_files
from requests.actions.persons import erase_record
from requests.actions.wallet import delete_outlived_document
from requests.exceptions import NotAllowed, RequestError
from requests.models import CallBack, Contact, RetentionApproval, RetentionRun, ServiceRequest
from requests.permissions import Right, scope_of

logger = structlog.get_logger(__name__)

BATCH = 200
BUDGET = timedelta(minutes=20)  # a run stops there; the next one goes on


@dataclass
class Line:
    """What one rule reached in one run.

    Attributes:
        rule: code of the processing.
        what: ``files``, or what its term applies to.
        due: rows past their term, those held included.
        done: rows erased.
        held: rows past their term that a legal hold keeps.
        failed: rows that could not be erased; the log says why, the next run tries again.
        approved: whether the officer approved the rule as it stands.
    """

    rule: str
    what: str
    due: int = 0
    done: int = 0
    held: int = 0
    failed: int = 0
    approved: bool = False


def approved_rules() -> set[str]:
    """Codes of the processings whose terms, as they stand, the officer has approved."""
    standing = RetentionApproval.objects.filter(withdrawn_at=None).select_related("processing")
    return {one.processing_id for one in standing if one.digest == one.processing.digest}


@transaction.atomic
def approve_rule(
    *, processing: Processing, actor, visa: str = "", now: datetime | None = None
) -> RetentionApproval:
    """Approve a rule as it stands: from now on beat applies it.

    Args:
        visa: reference of the elimination visa of the departmental archives, when there is one.

    Raises:
        NotAllowed: not the officer.
    """
    now = now or timezone.now()
    withdraw_rule(processing=processing, actor=actor, now=now)
    return RetentionApproval.objects.create(
        processing=processing,
        digest=processing.digest,
        visa=" ".join(visa.split())[:200],
        approved_by=actor,
        approved_at=now,
    )


@transaction.atomic
def withdraw_rule(*, processing: Processing, actor, now: datetime | None = None) -> None:
    """Stop applying a rule.

    Raises:
        NotAllowed: not the officer.
    """
    if not scope_of(actor).may(Right.PROTECT_DATA):
        raise NotAllowed
    RetentionApproval.objects.filter(processing=processing, withdrawn_at=None).update(
        withdrawn_by=actor, withdrawn_at=now or timezone.now()
    )


def apply_retention(*, dry_run: bool = False, now: datetime | None = None) -> RetentionRun:
    """Apply every approved rule, or only count what each would reach.

    Args:
        dry_run: change nothing; rules not approved are counted in both cases.

    Returns:
        The report, kept for the officer's page.
    """
    now = now or timezone.now()
    until = timezone.now() + BUDGET
    run = RetentionRun.objects.create(started_at=timezone.now(), dry_run=dry_run)
    approved = approved_rules()
    lines: list[Line] = []
    for processing in Processing.objects.filter(is_active=True).exclude(holds=Holds.NONE):
        for line, rows, erase in _plans(processing, now):
            line.approved = processing.pk in approved
            line.due = rows.count()
            if line.due and line.what in (retention.FILES, Holds.REQUESTS):
                line.held = line.due - retention.not_held(rows).count()
                rows = retention.not_held(rows)
            if line.approved and not dry_run:
                _erase(line, rows, erase, until)
            lines.append(line)
    run.lines = [asdict(line) for line in lines if line.due]
    run.finished_at = timezone.now()
    run.save(update_fields=["lines", "finished_at"])
    return run


def _plans(processing: Processing, now: datetime):
    """Yield each line of a processing with its rows and what erases one of them."""
    code = processing.pk
    if processing.files_months is not None:
        yield (
            Line(code, retention.FILES),
            retention.due_files(processing, now),
            lambda pk: delete_request_files(request_id=pk, rule=code),
        )
    erase: dict[str, Callable[[int], object]] = {
        Holds.REQUESTS: lambda pk: anonymise_request(request_id=pk, rule=code),
        Holds.CONTACTS: empty_contact,
        Holds.RECORDS: lambda pk: erase_record(citizen_id=pk),
        Holds.WALLET: delete_outlived_document,
    }
    rows = retention.due_rows(processing, now)
    if processing.holds in erase:
        yield Line(code, processing.holds), rows, erase[processing.holds]
    if processing.holds == Holds.RECORDS:
        moment = retention.before(now, processing.kept_months or 0)
        yield (
            Line(code, "organisations"),
            retention.lonely_organisations(moment),
            lambda pk: anonymise_organisation(organisation_id=pk),
        )
    if processing.holds == Holds.DELIVERIES:
        moment = retention.before(now, processing.kept_months or 0)
        yield Line(code, processing.holds), rows, lambda pk: sweep_deliveries(moment)


def _erase(line: Line, rows: QuerySet, erase: Callable[[int], object], until: datetime) -> None:
    failed: list[int] = []
    while timezone.now() < until:
        batch = list(
            rows.exclude(pk__in=failed).order_by("pk").values_list("pk", flat=True)[:BATCH]
        )
        if not batch:
            break
        for pk in batch:
            try:
                erase(pk)
            except (RequestError, ServiceRequest.DoesNotExist):  # changed under our hands
                failed.append(pk)
            except Exception as error:  # one bad row must not keep the others
                failed.append(pk)
                logger.error("retention_failed", rule=line.rule, row=pk, exc_info=error)
    line.failed = len(failed)
    line.done = line.due - line.held - rows.count()


@transaction.atomic
def empty_contact(contact_id: int) -> None:
    """Empty a contact without request; it still counts."""
    CallBack.objects.filter(contact=contact_id).delete()
    Contact.objects.filter(pk=contact_id).update(**blanks(Contact))
