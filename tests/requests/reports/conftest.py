"""A public report that can be followed."""

import pytest
from django.core import mail

from tests.factories.places import make_register
from tests.helpers import drain_outbox
from tests.requests.reports.support import report


@pytest.fixture
def row(catalogue, text_letters):
    make_register()
    found = report(catalogue)
    drain_outbox()
    mail.outbox.clear()
    return found
