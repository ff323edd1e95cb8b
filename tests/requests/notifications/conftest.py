"""What letters left: the mails, the papers to post."""

import pytest

from requests.models import Document


@pytest.fixture
def papers():
    """`papers(request)`: labels of the documents to print and post."""

    def labels(service_request):
        waiting = Document.objects.filter(request=service_request, to_print=True)
        return list(waiting.values_list("label", flat=True))

    return labels
