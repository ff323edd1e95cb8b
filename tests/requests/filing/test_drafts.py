"""Drafts: kept a while, then gone with their files."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from prestations.enums import Channel
from prestations.forms import Questionnaire
from requests import actions
from requests.exceptions import PrestationClosed
from requests.models import Attachment, FilingDraft
from tests.factories.answers import PDF_BYTES, going_on, valid_answers

pytestmark = pytest.mark.django_db
CODE = "certificat-domicile"


@pytest.fixture
def draft(catalogue):
    draft = actions.start_draft(prestation=catalogue[CODE])
    for code, answer in going_on(draft.form_version).items():
        draft = actions.answer_condition(token=draft.token, code=code, answer=answer)
    return draft


def age(draft, **delta):
    FilingDraft.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - timedelta(**delta))


def add(draft):
    question = Questionnaire(draft.form_version, "web").definition.documents[0]
    upload = SimpleUploadedFile("carte.pdf", PDF_BYTES)
    return actions.add_upload(token=draft.token, upload=upload, question=question)


def test_forgotten_draft_is_purged_with_its_files(draft):
    add(draft)
    age(draft, days=8)
    assert actions.purge_drafts() == 1
    assert not FilingDraft.objects.exists()
    assert not Attachment.objects.exists()


def test_recent_draft_is_kept(draft):
    age(draft, days=6)
    assert actions.purge_drafts() == 0


def test_filed_draft_holds_no_answers_and_is_purged_later(draft):
    answers, files = valid_answers(draft.form_version, "web")
    actions.save_answers(token=draft.token, answers=answers)
    for question in Questionnaire(draft.form_version, "web").definition.documents:
        if question.key in files:
            upload = SimpleUploadedFile("x.pdf", PDF_BYTES)
            actions.add_upload(token=draft.token, upload=upload, question=question)
    filed = actions.file_draft(token=draft.token)
    draft.refresh_from_db()
    assert draft.answers == {}
    age(draft, days=8)
    assert actions.purge_drafts() == 0
    age(draft, days=31)
    assert actions.purge_drafts() == 1
    assert filed.attachments.count() == len(files)


def test_filed_draft_takes_no_more_answers(draft):
    FilingDraft.objects.filter(pk=draft.pk).update(filed_request=None)
    answers, _files = valid_answers(draft.form_version, "web", optional=False)
    actions.save_answers(token=draft.token, answers=answers, step=1)
    draft.refresh_from_db()
    assert draft.steps_done == [1]


def test_incomplete_draft_is_refused_with_what_is_missing(draft):
    with pytest.raises(actions.IncompleteDraft) as refusal:
        actions.file_draft(token=draft.token)
    assert refusal.value.errors[1]


def test_no_draft_where_the_channel_is_closed(catalogue):
    with pytest.raises(PrestationClosed):
        actions.start_draft(prestation=catalogue["attestation-accueil"])
    counter = actions.start_draft(
        prestation=catalogue["attestation-accueil"], channel=Channel.GUICHET
    )
    assert counter.channel == "guichet"
