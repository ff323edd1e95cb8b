"""What has outlived its term goes, and only that."""

import pytest
from django.core.management import call_command

from citizens.models import Citizen
from prestations.models import Processing
from requests import actions, tasks
from requests.exceptions import Held, NotAllowed, StillOpen
from requests.models import Attachment, RetentionRun, ServiceRequest
from tests.factories.citizens import CitizenFactory, make_account
from tests.factories.requests import make_request
from tests.requests.privacy.conftest import on_disk

pytestmark = pytest.mark.django_db


def lines(run) -> dict:
    return {(line["rule"], line["what"]): line for line in run.lines}


def again(sr) -> ServiceRequest:
    return ServiceRequest.objects.get(pk=sr.pk)


def test_nothing_is_erased_before_the_officer_approves(ended):
    sr = ended("acte-deces", months=14)
    tasks.apply_retention()
    run = RetentionRun.objects.get()
    assert again(sr).anonymised_at is None
    assert lines(run)["actes", "requests"]["due"] == 1
    assert lines(run)["actes", "requests"]["done"] == 0
    assert not lines(run)["actes", "requests"]["approved"]


def test_documents_go_first_and_from_the_disk(
    ended, approve, media, django_capture_on_commit_callbacks
):
    sr, young = ended("acte-deces", months=4), ended("acte-deces", months=2)
    approve("actes")
    with django_capture_on_commit_callbacks(execute=True):
        tasks.apply_retention()
    assert not Attachment.objects.filter(request=sr).exists()
    assert Attachment.objects.filter(request=young).exists()
    assert len(on_disk(media)) == 1
    after = again(sr)
    assert after.files_deleted_at
    assert after.requester_name == sr.requester_name
    assert after.answers == sr.answers
    assert after.events.last().data == {"rule": "actes", "files": 1}


def test_then_the_request_is_emptied_in_place(ended, approve):
    sr = ended("acte-deces", months=13)
    approve("actes")
    tasks.apply_retention()
    after = again(sr)
    assert after.anonymised_at
    assert (after.answers, after.requester_name, after.citizen) == ({}, "", None)
    assert (after.prestation, after.state) == (sr.prestation, "close")
    assert after.closed_at == sr.closed_at
    assert after.subject == sr.prestation.label


def test_an_approval_does_not_cover_other_terms(ended, approve):
    sr = ended("acte-deces", months=13)
    approve("actes")
    Processing.objects.filter(pk="actes").update(kept_months=6)
    tasks.apply_retention()
    assert again(sr).anonymised_at is None


def test_a_withdrawn_approval_stops_the_rule(ended, approve, officer):
    sr = ended("acte-deces", months=13)
    approve("actes")
    actions.withdraw_rule(processing=sr.prestation.processing, actor=officer)
    tasks.apply_retention()
    assert again(sr).anonymised_at is None


def test_a_legal_hold_keeps_everything_until_it_is_lifted(ended, approve, officer):
    sr = ended("acte-deces", months=13)
    approve("actes")
    actions.hold_request(request_id=sr.pk, actor=officer, reason="Plainte en cours")
    tasks.apply_retention()
    assert again(sr).anonymised_at is None
    assert sr.attachments.exists()
    assert lines(RetentionRun.objects.first())["actes", "requests"]["held"] == 1
    with pytest.raises(Held):
        actions.anonymise_request(request_id=sr.pk, rule="actes")
    actions.release_request(request_id=sr.pk, actor=officer)
    tasks.apply_retention()
    assert again(sr).anonymised_at


def test_only_the_officer_holds_and_approves(ended, supervisor):
    sr = ended("acte-deces", months=13)
    with pytest.raises(NotAllowed):
        actions.hold_request(request_id=sr.pk, actor=supervisor, reason="Je préfère")
    with pytest.raises(NotAllowed):
        actions.approve_rule(processing=sr.prestation.processing, actor=supervisor)


def test_an_open_request_is_never_erased(catalogue, approve):
    sr = make_request(prestation=catalogue["acte-deces"], days_ago=800, citizen=CitizenFactory())
    approve("actes")
    tasks.apply_retention()
    assert again(sr).anonymised_at is None
    with pytest.raises(StillOpen):
        actions.anonymise_request(request_id=sr.pk, rule="actes")


def test_a_dry_run_counts_and_changes_nothing(ended, approve, capsys):
    sr = ended("acte-deces", months=13)
    approve("actes")
    call_command("apply_retention", "--dry-run")
    assert "actes (requests): 1 due, 0 held, 0 done, 0 failed; approved" in capsys.readouterr().out
    assert again(sr).anonymised_at is None
    assert RetentionRun.objects.get().dry_run


def test_a_second_run_finds_nothing_to_do(ended, approve):
    sr = ended("acte-deces", months=13)
    approve("actes")
    tasks.apply_retention()
    events = again(sr).event_count
    tasks.apply_retention()
    assert again(sr).event_count == events
    assert RetentionRun.objects.first().lines == []


def test_one_row_that_fails_does_not_keep_the_others(ended, approve, monkeypatch):
    first, second = ended("acte-deces", months=13), ended("acte-deces", months=14)
    approve("actes")
    real = actions.retention.anonymise_request

    def fails_once(**arguments):
        if arguments["request_id"] == first.pk:
            raise RuntimeError("disk full")
        return real(**arguments)

    monkeypatch.setattr(actions.retention, "anonymise_request", fails_once)
    tasks.apply_retention()
    assert again(second).anonymised_at
    assert lines(RetentionRun.objects.get())["actes", "requests"]["failed"] == 1
    monkeypatch.setattr(actions.retention, "anonymise_request", real)
    tasks.apply_retention()
    assert again(first).anonymised_at


def test_a_run_cut_short_is_taken_up_by_the_next(ended, approve, monkeypatch):
    requests = [ended("acte-deces", months=13, file=False) for _ in range(3)]
    approve("actes")
    monkeypatch.setattr(actions.retention, "BATCH", 1)
    real, done = actions.retention.anonymise_request, []

    def dies_after_one(**arguments):
        if done:
            raise KeyboardInterrupt
        done.append(real(**arguments))

    monkeypatch.setattr(actions.retention, "anonymise_request", dies_after_one)
    with pytest.raises(KeyboardInterrupt):
        tasks.apply_retention()
    monkeypatch.setattr(actions.retention, "anonymise_request", real)
    tasks.apply_retention()
    assert all(again(sr).anonymised_at for sr in requests)


def test_a_record_goes_a_year_after_its_last_request(ended, approve):
    sr = ended("acte-deces", months=30)
    approve("actes", "fiche")
    citizen = sr.citizen
    tasks.apply_retention()
    assert Citizen.objects.get(pk=citizen.pk).family_name == "Durand"
    Citizen.objects.filter(pk=citizen.pk).update(updated_at=sr.closed_at)
    tasks.apply_retention()
    after = Citizen.objects.get(pk=citizen.pk)
    assert after.anonymised_at
    assert (after.family_name, after.email, after.search_name, str(after.phone)) == ("",) * 4


def test_a_record_with_an_account_or_a_request_stays(ended, approve):
    with_account = make_account(citizen=CitizenFactory()).citizen
    with_request = ended("acte-deces", months=2).citizen
    Citizen.objects.update(updated_at="2019-01-01T00:00:00Z")
    approve("fiche")
    tasks.apply_retention()
    assert Citizen.objects.living().filter(pk__in=[with_account.pk, with_request.pk]).count() == 2


def test_an_erased_request_cannot_be_tracked_any_more(client, ended, approve):
    from requests.tracking import tracking_link

    sr = ended("acte-deces", months=13)
    link = tracking_link(sr).partition("8000")[2] or tracking_link(sr)
    approve("actes")
    tasks.apply_retention()
    assert client.get(link).status_code in (404, 410)
