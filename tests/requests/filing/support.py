"""Filing over HTTP as a browser does: page by page, posting what the page shows."""

import html
import re

from django.test import Client
from django.urls import reverse

from prestations.enums import Channel
from prestations.forms import Questionnaire
from prestations.forms.eligibility import conditions_of
from requests.models import FilingDraft, ServiceRequest
from tests.factories.answers import going_on, posted, valid_answers


def begin(client: Client, code: str) -> FilingDraft:
    """Press « Commencer », and answer what is asked before the form so as to go on."""
    response = client.post(reverse("requests:file", args=[code]))
    assert response.status_code == 302, response.status_code
    token = re.search(r"/demande/([0-9a-f-]{36})/", response["Location"])[1]
    draft = FilingDraft.objects.get(token=token)
    for condition in conditions_of(draft.form_version):
        assert response["Location"] == condition_url(draft, condition.number)
        answer = going_on(draft.form_version)[condition.code]
        response = client.post(response["Location"], {"reponse": answer})
    assert response["Location"] == step_url(draft, 1)
    draft.refresh_from_db()
    return draft


def condition_url(draft: FilingDraft, number: int) -> str:
    return reverse("requests:file_condition", args=[draft.prestation_id, draft.token, number])


def step_url(draft: FilingDraft, number: int) -> str:
    return reverse("requests:file_step", args=[draft.prestation_id, draft.token, number])


def step_with(draft: FilingDraft, key: str) -> int:
    """The number of the step that asks a question."""
    steps = Questionnaire(draft.form_version, draft.channel).steps(draft.answers)
    return next(one.number for one in steps if key in [asked.key for asked in one.questions])


def page_with(draft: FilingDraft, key: str) -> str:
    """The address of the step that asks a question."""
    return step_url(draft, step_with(draft, key))


def check_url(draft: FilingDraft) -> str:
    return reverse("requests:file_check", args=[draft.prestation_id, draft.token])


def fill(client: Client, draft: FilingDraft, answers: dict, files: dict) -> str:
    """Post every step in turn; returns the address reached, that of the check page."""
    questionnaire = Questionnaire(draft.form_version, Channel.WEB)
    url = step_url(draft, 1)
    for _turn in range(20):
        number = re.search(r"/(\d+)/$", url)
        if not number:
            return url
        draft.refresh_from_db()
        step = questionnaire.steps(draft.answers)[int(number[1]) - 1]
        page = client.get(url)
        assert page.status_code == 200
        response = client.post(url, posted(questionnaire, step.questions, answers, files))
        assert response.status_code == 302, response.context["form"].errors
        url = response["Location"]
    raise AssertionError("the form never ends")


def file_valid(client: Client, code: str, **options) -> tuple[FilingDraft, str]:
    """File a prestation with valid answers; returns the draft and the confirmation's address."""
    draft = begin(client, code)
    answers, files = valid_answers(draft.form_version, Channel.WEB, **options)
    url = fill(client, draft, answers, files)
    assert url == check_url(draft)
    response = client.post(url)
    assert response.status_code == 302, response.context["entries"]
    draft.refresh_from_db()
    return draft, response["Location"]


def only_request() -> ServiceRequest:
    return ServiceRequest.objects.get()


def text_of(response) -> str:
    """A page as it reads: entities decoded, no-break spaces as spaces."""
    return html.unescape(response.content.decode()).replace("\u00a0", " ")
