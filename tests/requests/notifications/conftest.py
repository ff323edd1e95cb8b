"""What letters left: the mails, the papers to post."""

import pytest
from django.core import mail

from requests.models import Document
from tests.helpers import drain_outbox


@pytest.fixture
def mails():
    """`mails()` does the workers' work and returns the mails that left since the last call."""

    def drain():
        mail.outbox.clear()
        drain_outbox()
        return list(mail.outbox)

    return drain


@pytest.fixture
def papers():
    """`papers(request)`: labels of the documents to print and post."""

    def labels(service_request):
        waiting = Document.objects.filter(request=service_request, to_print=True)
        return list(waiting.values_list("label", flat=True))

    return labels
