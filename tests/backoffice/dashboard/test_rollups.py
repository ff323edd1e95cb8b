"""Daily figures: kept up to date by events, rebuilt from nothing, always the same."""

import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from backoffice.actions.figures import rebuild_figures, roll_up_figures
from backoffice.enums import Measure
from backoffice.histograms import percentile
from backoffice.models import DailyFigure, FigureCutoff
from backoffice.tasks import roll_up_figures as roll_up_task
from prestations.models import ClosingReason, Department
from requests import actions
from requests.figures import treatment_seconds
from requests.models import ServiceRequest
from tests.factories.citizens import CitizenFactory
from tests.requests.filed import documents_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)  # a Tuesday


def kept() -> list[tuple]:
    """Every daily figure, in a comparable form."""
    columns = ("day", "measure", "channel", "prestation", "department", "team", "residence", "site")
    return sorted(
        DailyFigure.objects.values_list(*columns, "count", "on_time", "buckets"),
        key=str,
    )


def filed(catalogue, code="acte-naissance-filiation", at=NOON) -> ServiceRequest:
    prestation = catalogue[code]
    return actions.intake(
        prestation=prestation,
        form_version=prestation.current_form,
        channel="web",
        answers={"demandeur": {}, "reponses": {}},
        idempotency_key=str(uuid.uuid4()),
        papers=documents_of(prestation),
        citizen=CitizenFactory(),
        now=at,
    )


def close(sr: ServiceRequest, agent, at: datetime) -> None:
    actions.close_request(
        request_id=sr.pk,
        version=None,
        actor=agent,
        closing_reason=ClosingReason.objects.get(pk="satisfaite"),
        now=at,
    )


def begin(sr: ServiceRequest, agent, at: datetime) -> None:
    actions.take_request(request_id=sr.pk, version=None, actor=agent, now=at)


def number(measure: Measure, day) -> int:
    return sum(DailyFigure.objects.filter(measure=measure, day=day).values_list("count", flat=True))


def test_a_day_ends_at_midnight_in_paris(catalogue):
    filed(catalogue, at=datetime(2026, 3, 10, 22, 59, tzinfo=UTC))
    filed(catalogue, at=datetime(2026, 3, 10, 23, 1, tzinfo=UTC))
    roll_up_figures()
    assert number(Measure.FILED, date(2026, 3, 10)) == 1
    assert number(Measure.FILED, date(2026, 3, 11)) == 1


def test_a_late_entry_counts_on_the_day_of_arrival(catalogue, eas_agent):
    prestation = catalogue["acte-naissance-filiation"]
    roll_up_figures()
    actions.intake(
        prestation=prestation,
        form_version=prestation.current_form,
        channel="courrier",
        answers={"demandeur": {}, "reponses": {}},
        idempotency_key="lettre",
        citizen=CitizenFactory(),
        actor=eas_agent,
        arrived_at=NOON,
        now=NOON + timedelta(days=6),
    )
    roll_up_figures()
    assert number(Measure.FILED, NOON.date()) == 1


def test_reopening_takes_the_closing_back_from_its_day(catalogue, eas_agent):
    sr = filed(catalogue)
    begin(sr, eas_agent, NOON)
    close(sr, eas_agent, NOON + timedelta(days=2))
    roll_up_figures()
    assert number(Measure.CLOSED, (NOON + timedelta(days=2)).date()) == 1
    actions.reopen_request(
        request_id=sr.pk, actor=eas_agent, reason="Rien n’est fait.", now=NOON + timedelta(days=9)
    )
    roll_up_figures()
    assert number(Measure.CLOSED, (NOON + timedelta(days=2)).date()) == 0
    close(sr, eas_agent, NOON + timedelta(days=12))
    roll_up_figures()
    assert number(Measure.CLOSED, (NOON + timedelta(days=12)).date()) == 1


def test_a_requalified_request_changes_kind_on_its_old_days(catalogue, eas_agent):
    sr = filed(catalogue)
    roll_up_figures()
    actions.qualify_request(
        request_id=sr.pk, version=None, actor=eas_agent, prestation=catalogue["acte-deces"]
    )
    roll_up_figures()
    figure = DailyFigure.objects.get(measure=Measure.FILED, day=NOON.date())
    assert figure.prestation_id == "acte-deces"


def test_a_withdrawn_request_is_ended_and_not_closed(catalogue, eas_agent):
    sr = filed(catalogue)
    actions.withdraw_request(request_id=sr.pk, now=NOON + timedelta(days=1))
    roll_up_figures()
    assert number(Measure.ENDED, (NOON + timedelta(days=1)).date()) == 1
    assert number(Measure.CLOSED, (NOON + timedelta(days=1)).date()) == 0


def days_of_treatment(sr) -> float:
    row = ServiceRequest.objects.filter(pk=sr.pk).annotate(seconds=treatment_seconds()).get()
    return row.seconds / 86400


def test_treatment_time_leaves_out_waiting_for_the_requester(catalogue, eas_agent):
    sr = filed(catalogue)
    begin(sr, eas_agent, NOON + timedelta(days=1))
    actions.ask_question(
        request_id=sr.pk,
        version=None,
        actor=eas_agent,
        body="Quelle année ?",
        now=NOON + timedelta(days=2),
    )
    actions.supply(request_id=sr.pk, body="1980", now=NOON + timedelta(days=6))
    close(sr, eas_agent, NOON + timedelta(days=7))
    assert days_of_treatment(sr) == pytest.approx(3)


def test_treatment_time_leaves_out_a_document_waiting_to_be_collected(catalogue, eas_agent):
    sr = filed(catalogue)
    begin(sr, eas_agent, NOON)
    actions.mark_ready(
        request_id=sr.pk, version=None, actor=eas_agent, now=NOON + timedelta(days=1)
    )
    close(sr, eas_agent, NOON + timedelta(days=30))
    roll_up_figures()
    assert days_of_treatment(sr) == pytest.approx(1)
    assert DailyFigure.objects.get(measure=Measure.CLOSED).on_time == 1


def test_treatment_time_leaves_out_the_time_between_closing_and_reopening(catalogue, eas_agent):
    sr = filed(catalogue)
    begin(sr, eas_agent, NOON)
    close(sr, eas_agent, NOON + timedelta(days=2))
    noted_at = NOON + timedelta(days=5)
    actions.add_note(request_id=sr.pk, actor=eas_agent, body="Appel reçu.", now=noted_at)
    actions.reopen_request(
        request_id=sr.pk, actor=eas_agent, reason="Pas réglé.", now=NOON + timedelta(days=12)
    )
    close(sr, eas_agent, NOON + timedelta(days=13))
    assert days_of_treatment(sr) == pytest.approx(3)


def test_an_answer_after_the_due_date_is_not_on_time(catalogue, eas_agent):
    sr = filed(catalogue)
    begin(sr, eas_agent, NOON)
    close(sr, eas_agent, NOON + timedelta(days=9))
    roll_up_figures()
    figure = DailyFigure.objects.get(measure=Measure.CLOSED)
    assert (figure.count, figure.on_time) == (1, 0)


def test_figures_kept_up_to_date_equal_figures_rebuilt(catalogue, eas_agent, supervisor):
    codes = ("acte-naissance-filiation", "voirie-graffitis", "acte-deces", "acte-mariage-filiation")
    moments = [NOON + timedelta(hours=7 * n) for n in range(24)]
    requests = []
    for n, at in enumerate(moments):
        requests.append(filed(catalogue, codes[n % 4], at))
        if n % 5 == 0:
            roll_up_figures()
    for n, sr in enumerate(requests):
        at = moments[n] + timedelta(days=n % 6 + 1)
        if n % 6 == 5:
            actions.cancel_request(
                request_id=sr.pk, version=None, actor=supervisor, reason="Erreur", now=at
            )
            continue
        begin(sr, eas_agent, at)
        if n % 3 == 0:
            actions.ask_question(
                request_id=sr.pk, version=None, actor=eas_agent, body="Qui ?", now=at
            )
            actions.supply(request_id=sr.pk, body="Moi", now=at + timedelta(days=3))
        if n % 4 == 1:
            actions.transfer_request(
                request_id=sr.pk,
                version=None,
                actor=eas_agent,
                department=Department.objects.get(pk="voirie-assainissement"),
                now=at + timedelta(days=3),
            )
            continue
        roll_up_figures()
        close(sr, eas_agent, at + timedelta(days=4))
        if n % 8 == 0:
            actions.reopen_request(
                request_id=sr.pk, actor=eas_agent, reason="Encore", now=at + timedelta(days=5)
            )
    roll_up_figures()
    incremental = kept()
    assert Counter(row[1] for row in incremental).keys() == set(Measure.values)
    call_command("rebuild_figures", stdout=StringIO())
    assert kept() == incremental


def test_running_again_changes_nothing(catalogue):
    filed(catalogue)
    assert roll_up_task() == 1
    before = kept()
    assert roll_up_task() == 0
    assert kept() == before


def test_the_cut_off_waits_for_acts_under_way(catalogue, monkeypatch):
    filed(catalogue)
    monkeypatch.setattr("backoffice.actions.figures.newest_settled", lambda model: None)
    assert roll_up_figures() == 1
    assert FigureCutoff.objects.get().event_id == 0
    assert roll_up_figures() == 1


def test_median_and_90th_percentile_are_within_five_per_cent(catalogue, eas_agent):
    hours = [0.2, 1.0, 3.0, 5.5, 9.0, 26.0, 50.0, 98.0, 170.0, 333.0, 490.0, 911.0, 2500.0]
    for elapsed in hours:
        sr = filed(catalogue)
        begin(sr, eas_agent, NOON)
        close(sr, eas_agent, NOON + timedelta(hours=elapsed))
    rebuild_figures()
    rows = DailyFigure.objects.histograms()
    counts = {row["bucket"]: row["total"] for row in rows}
    assert sum(counts.values()) == len(hours)
    for share in (0.5, 0.9):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT percentile_disc(%s) WITHIN GROUP (ORDER BY h) FROM unnest(%s) h",
                [share, hours],
            )
            (exact,) = cursor.fetchone()
        assert percentile(counts, share) / 3600 == pytest.approx(float(exact), rel=0.05)


def test_no_closed_request_has_no_median():
    assert percentile({}, 0.5) is None


def test_nothing_filed_gives_no_day(db):
    assert rebuild_figures() == 0
    assert timezone.now() >= FigureCutoff.objects.get().rolled_up_at
