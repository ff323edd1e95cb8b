"""One form token files once, however often and however fast it is sent (R10)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from requests.models import RequestEvent, ServiceRequest
from tests.factories.answers import valid_answers
from tests.requests.filing.support import begin, check_url, fill

SENDERS = 50


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_sendings_give_one_request_and_one_confirmation(client, catalogue):
    draft = begin(client, "certificat-domicile")
    answers, files = valid_answers(draft.form_version, "web")
    fill(client, draft, answers, files)
    cookies = client.cookies
    together = threading.Barrier(SENDERS, timeout=60)

    def send(_number):
        sender = Client()
        sender.cookies = cookies
        together.wait()
        try:
            return sender.post(check_url(draft)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDERS) as pool:
        answered = list(pool.map(send, range(SENDERS)))
    assert answered == [302] * SENDERS
    filed = ServiceRequest.objects.get()
    assert RequestEvent.objects.filter(request=filed, verb="file").count() == 1
    assert filed.attachments.count() == len(files)
    shown = client.get(client.post(check_url(draft))["Location"])
    assert filed.reference in shown.content.decode()
