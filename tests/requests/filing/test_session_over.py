"""A form outlives the session of whoever fills it in: what was typed is there after the log-in."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from prestations.forms.eligibility import conditions_of
from requests.models import FilingDraft
from tests.factories.answers import going_on
from tests.factories.citizens import make_account
from tests.factories.users import PASSWORD
from tests.requests.filing.support import (
    begin,
    check_url,
    condition_url,
    page_with,
    step_url,
    text_of,
)

pytestmark = pytest.mark.django_db
BIRTH = "acte-naissance-filiation"
NAMES = "reponses.titulaire_prenoms"
BORN = "reponses.titulaire_date_naissance"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def account(catalogue):
    return make_account(family_name="Benali", email="aicha@courriel.example")


@pytest.fixture
def draft(account, client, login):
    """Begun signed in; then the session ends (twelve hours, or the device signed out)."""
    draft = begin(login(client, account.user), BIRTH)
    client.session.flush()
    return draft


def sign_in(client, account, path):
    answer = client.post(
        f"/compte/login/?next={path}", {"login": account.user.email, "password": PASSWORD}
    )
    return client.get(answer["Location"])


def test_what_was_typed_too_late_stands_on_its_page_after_the_log_in(client, account, draft):
    url = page_with(draft, NAMES)
    late = client.post(url, {NAMES: "Jeanne Marie", "action": "continue"})
    assert late.status_code == 403
    assert "vous le retrouverez à sa place" in text_of(late)
    way = re.search(r'href="/compte/login/\?next=([^"]+)"', text_of(late))[1]
    assert way == url

    page = sign_in(client, account, way)
    assert 'value="Jeanne Marie"' in text_of(page)
    assert "Voici ce que vous aviez écrit" in text_of(page)
    assert "Erreur" not in text_of(page)  # what is not answered yet is no mistake
    assert 'value="Jeanne Marie"' not in text_of(client.get(url))  # given back once


def test_what_was_wrong_comes_back_as_it_was_written(client, account, draft):
    url = page_with(draft, BORN)
    client.post(url, {BORN: "31/02/1980"})
    assert "31/02/1980" in text_of(sign_in(client, account, url))


def test_the_answer_before_the_form_comes_back(client, account, draft):
    url = condition_url(draft, 1)
    first = conditions_of(draft.form_version)[0]
    answer = going_on(draft.form_version)[first.code]
    FilingDraft.objects.update(eligibility={})
    client.post(url, {"reponse": answer})
    page = sign_in(client, account, url)
    assert page.context["form"]["reponse"].value() == answer


def test_the_way_back_keeps_its_query(client, account, draft):
    late = client.post(f"{step_url(draft, 1)}?retour=verification", {NAMES: "Jeanne"})
    assert f"next={step_url(draft, 1)}%3Fretour%3Dverification" in late.content.decode()


def test_nobody_else_reads_what_was_typed(client, draft):
    client.post(step_url(draft, 1), {NAMES: "Jeanne Marie"})
    other = make_account(family_name="Autre")
    assert sign_in(client, other, step_url(draft, 1)).status_code == 404
    assert "Jeanne" not in str(dict(client.session))


def test_after_an_hour_nothing_waits(client, account, draft):
    url = page_with(draft, NAMES)
    client.post(url, {NAMES: "Jeanne Marie"})
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert "Jeanne Marie" not in text_of(sign_in(client, account, url))


def test_files_sent_too_late_are_named(client, draft):
    paper = SimpleUploadedFile("acte.pdf", b"%PDF-1.4", "application/pdf")
    page = text_of(client.post(step_url(draft, 1), {"documents.x": paper, NAMES: "Jeanne"}))
    assert "Vos fichiers ne sont pas joints" in page
    assert "acte.pdf" in page


def test_a_draft_of_somebody_and_none_at_all_are_told_alike(draft):
    known = {"get": check_url(draft), "post": step_url(draft, 1)}
    for method, path in known.items():
        answers = []
        for url in (path, path.replace(str(draft.token), UNKNOWN)):
            answer = getattr(Client(), method)(url, {NAMES: "Jeanne"})
            page = re.sub(r'value="\w{64}"', "", answer.content.decode())
            answers.append((answer.status_code, page.replace(str(draft.token), UNKNOWN)))
        assert answers[0] == answers[1]
        assert answers[0][0] == {"get": 404, "post": 403}[method]


def test_an_autosave_too_late_is_refused_and_keeps_nothing(client, draft):
    answer = client.post(step_url(draft, 1), {NAMES: "Jeanne", "action": "autosave"})
    assert answer.status_code == 403
    assert "typed_too_late" not in client.session


def test_kept_without_going_on(account, client, login):
    draft = begin(login(client, account.user), BIRTH)
    url = page_with(draft, NAMES)
    answer = client.post(url, {NAMES: "Jeanne", "action": "keep"})
    assert answer["Location"] == url
    draft.refresh_from_db()
    assert draft.answers["reponses"]["titulaire_prenoms"] == "Jeanne"
    assert draft.steps_done == []
