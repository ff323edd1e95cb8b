"""The demo's citizen accounts: one with a history, one just opened."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count
from django.utils import timezone

from citizens.models import Citizen, CitizenAccount
from massy_grc.users.models import User, UserKind
from prestations.models import Prestation
from requests import actions
from requests.demo.people import DEMO_DOMAIN, demo_password
from requests.enums import MessageDirection, WalletKind
from requests.letters.documents import make_document
from requests.models import Message, ServiceRequest
from requests.notifications.filing import RECEIPT_LABEL, receipt_facts, receipt_words
from requests.prefill import known_answers

TERMS = "demo"
RECEIPTS = 4  # documents received: the last requests have theirs
PAGE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BEGUN = "dechets-conteneur"  # the prestation that the busy one has begun
BUSY = f"citoyen@{DEMO_DOMAIN}"
NEW = f"nouvelle-citoyenne@{DEMO_DOMAIN}"
CITIZEN_LOGINS = {BUSY: "citizen with a history", NEW: "citizen who has just signed up"}


def make_accounts() -> None:
    """Open both accounts; existing ones are left as they are.

    The first one belongs to whoever asked most and still waits for something, so that its space
    has something to show.
    """
    password = make_password(demo_password())
    living = Citizen.objects.living().filter(accounts=None)
    by_requests = living.annotate(asked=Count("requests")).order_by("-asked", "pk")
    waiting = Citizen.objects.filter(requests__in=ServiceRequest.objects.open())
    busy = by_requests.filter(pk__in=waiting).first()
    for email, citizen in ((BUSY, busy), (NEW, by_requests.last())):
        if citizen is None or User.objects.filter(email=email).exists():
            continue
        citizen.email = email
        citizen.save()
        user = User.objects.create(
            email=email,
            kind=UserKind.CITIZEN,
            first_name=citizen.given_name,
            last_name=citizen.family_name,
            password=password,
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        account = CitizenAccount.objects.create(user=user, citizen=citizen, terms_version=TERMS)
        if email == BUSY:
            _fill_space(account)


def _fill_space(account: CitizenAccount) -> None:
    """Its record's requests, all but one conversation read, documents, and a form begun."""
    own = ServiceRequest.objects.filter(citizen=account.citizen)
    own.update(account=account)
    last = Message.objects.filter(request__in=own, direction=MessageDirection.OUTBOUND).last()
    read = own.exclude(pk=last.request_id) if last else own
    read.update(account_read_at=timezone.now())
    for one in own.order_by("-arrived_at")[:RECEIPTS]:
        make_document(
            one,
            receipt_words(one),
            label=RECEIPT_LABEL,
            now=one.arrived_at,
            facts=receipt_facts(one),
        )
    prestation = Prestation.objects.get(pk=BEGUN)
    form = prestation.current_form
    if form is not None:
        answers = known_answers(account, form)
        actions.start_draft(prestation=prestation, account=account, answers=answers)
    actions.keep_document(
        account=account,
        upload=SimpleUploadedFile("facture-energie.pdf", PAGE),
        kind=WalletKind.HOME,
        until=timezone.localdate() + timedelta(days=60),
    )
