"""A life in every table: rows where the verbs of `life` leave none, and a canary in each column.

`plant` reads the registry of tables (massy_grc.common.personal_data): a table declared there, not
kept, and without a row of the life fails the test until a row is made here or by a verb.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone

from citizens.actions import (
    ask_email_change,
    ask_subscription,
    check_organisation,
    correct_organisation,
    create_citizen,
    declare_organisation,
    invite_member,
    merge_citizens,
    tie_household,
    write_newsletter,
)
from citizens.enums import CheckState, MailPurpose, MergeGround
from citizens.models import Citizen, CitizenAccount, FederatedIdentity, MailRequest
from massy_grc.common.personal_data import Fate, Holding, holdings
from massy_grc.users.models import UserKind
from requests import actions
from requests.enums import TaskKind, WalletKind
from requests.models import (
    BatchRemoval,
    CallBack,
    Complaint,
    Document,
    HandOver,
    Override,
    PersonalLetter,
    PrintBatch,
    ProposedDecision,
    ProposedQuestion,
    Qualification,
    Rekeying,
    ReportFollower,
    Sending,
    ServiceRequest,
    Snooze,
)
from tests.factories.answers import PDF_BYTES
from tests.factories.organisations import RNA
from tests.factories.requests import make_request

# Emptied or deleted with the organisation, when its own term is over.
OF_ORGANISATIONS = {
    "citizens.Organisation",
    "citizens.OrganisationAccount",
    "citizens.OrganisationChange",
    "citizens.OrganisationInvitation",
}
# Columns that tie rows together, or that must be a number or a kind to be stored.
TIES = {"key", "about", "message_id", "session_key", "context", "attachments", "fields", "person"}
SHORT = 20  # a canary does not fit
TEXT = (models.CharField, models.TextField, models.JSONField)


def others_of_a_request(sr: ServiceRequest, *, agent, words: str) -> None:
    """What a closed request may still hold: work of departments, drafts among agents, paper."""
    now = timezone.now()
    guess = {"prestation": sr.prestation_id, "score": 0.9, "words": [words]}
    Qualification.objects.create(request=sr, guesses=[guess], made_at=now)
    ProposedQuestion.objects.create(request=sr, author=agent, body=words, proposed_at=now)
    ProposedDecision.objects.create(
        request=sr, author=agent, verb="answer", subject=words, body=words, proposed_at=now
    )
    Sending.objects.create(
        request=sr, author=agent, act="write", first=1, last=1, until=now, typed={"body": words}
    )
    Snooze.objects.create(
        request=sr, agent=agent, preset="week", reason=words, set_at=now, until=now
    )
    Rekeying.objects.create(request=sr, software_id="melodie", number=words, by=agent, at=now)
    HandOver.objects.create(request=sr, collected_by=words, proof="carte", by=agent, at=now)
    Override.objects.create(request=sr, lifted=["fee"], reason=words, by=agent, at=now)
    Complaint.objects.create(request=sr, action=words, updated_by=agent, updated_at=now)
    CallBack.objects.create(
        request=sr,
        phone=words,
        about=words,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        owner=agent,
        promised_by=agent,
        promised_at=now,
    )
    ReportFollower.objects.create(request=sr, email=f"{words}@courriel.example", created_at=now)
    actions.news_to_tell(service_request=sr, way="telephone", subject=words, key="news", now=now)
    batch = PrintBatch(letter_count=1, page_count=2, made_by=agent, made_at=now, size=1)
    batch.file.save("lot.pdf", ContentFile(words.encode()))
    letter = Document(request=sr, label="Lettre", batch=batch, size=1, recipient=words)
    letter.file.save("lettre.pdf", ContentFile(words.encode()))
    BatchRemoval.objects.create(batch=batch, document=letter, reason=words, by=agent, at=now)


def work_of_a_department(sr: ServiceRequest, *, agent, department, words: str) -> None:
    actions.ask_task(
        request_id=sr.pk,
        version=None,
        actor=agent,
        departments=[department],
        kind=TaskKind.WORK,
        asked=words,
        due_on=timezone.localdate() + timedelta(days=3),
    )
    (task,) = sr.tasks.all()
    actions.cancel_task(request_id=sr.pk, version=None, actor=agent, task=task.pk, note=words)


def space_of(account: CitizenAccount, *, words: str, content: str) -> None:
    """What only the account opens: wallet, lists, identities, devices, mails asked for."""
    now, user, email = timezone.now(), account.user, account.user.email
    kept = SimpleUploadedFile(f"{words}.pdf", PDF_BYTES + content.encode(), "application/pdf")
    actions.keep_document(account=account, upload=kept, kind=WalletKind.HOME, until=None)
    board = write_newsletter(code="travaux", label="Travaux", description="Les travaux.")
    ask_subscription(email=email, newsletters=[board], language="fr", now=now)
    new = f"{words}@courriel.example"
    ask_email_change(account_id=account.pk, new_email=new, language="fr", now=now)
    FederatedIdentity.objects.create(account=account, issuer="fc", subject=words, last_used_at=now)
    Authenticator.objects.create(user=user, type="totp", data={"secret": words})
    address = EmailAddress.objects.get(user=user)
    EmailConfirmation.objects.create(email_address=address, key="key", sent=now)
    for asked in (email, new):
        MailRequest.objects.create(
            purpose=MailPurpose.SIGN_UP, email=asked, language="fr", created_at=now
        )
    PersonalLetter.objects.create(
        citizen=account.citizen, key="letter", address=words, subject=words, body=words
    )
    ReportFollower.objects.create(
        request=make_request(), email=email, created_at=now, confirmed_at=now
    )


def organisation_of(account: CitizenAccount, *, agent, words: str) -> None:
    """An association with nobody but the person: its record stays for its own term."""
    now = timezone.now()
    made = declare_organisation(
        account=account,
        name=f"Amis de {words}",
        kind="association",
        rna=RNA,
        address=words,
        language="fr",
        now=now,
    )
    check_organisation(organisation_id=made.pk, state=CheckState.VERIFIED, actor=agent, now=now)
    invite_member(
        organisation_id=made.pk,
        email=f"{words}@courriel.example",
        role="member",
        by=account,
        language="fr",
        now=now,
    )
    correct_organisation(
        organisation_id=made.pk, name=f"Club de {words}", address=words, by=account, now=now
    )


def noted_on_the_record(citizen: Citizen, *, agent, words: str) -> None:
    """What agents note beside the person's own data."""
    now = timezone.now()
    note = {"level": "front", "body": words}
    actions.write_record_note(citizen_id=citizen.pk, actor=agent, now=now, **note)
    child = create_citizen(family_name="Enfant")
    tie_household(
        citizen_id=citizen.pk,
        other_id=child.pk,
        quality="child",
        shares_home=True,
        ground="declared",
        actor=agent,
        now=now,
    )


def given_up_for(citizen: Citizen, *, agent, words: str) -> None:
    """Another record of the same person, found and given up: it stays for thirty days."""
    other = create_citizen(
        family_name=citizen.family_name, given_name=citizen.given_name, address=words
    )
    records = Citizen.objects.filter(pk__in=[citizen.pk, other.pk])
    merge_citizens(
        kept_id=citizen.pk,
        gone_id=other.pk,
        taken=[],
        ground=MergeGround.ASKED,
        actor=agent,
        seen=list(records.values_list("updated_at", flat=True)),
        now=timezone.now(),
    )


def plant(sings: Callable[[str], object]) -> dict[str, str]:
    """Put a canary of its own in every column of text of every table that is not kept.

    Args:
        sings: whether a text holds a canary already: what the verbs wrote is left as it is.

    Returns:
        The canaries by ``app.Model.column``.

    Raises:
        AssertionError: a table without a row.
    """
    planted: dict[str, str] = {}
    for label, holding in holdings().items():
        if holding.fate == Fate.KEPT:
            continue
        model = apps.get_model(label)
        rows = model._default_manager.all()
        if label == "users.User":
            rows = rows.filter(kind=UserKind.CITIZEN)
        assert rows.exists(), f"{label}: no row; make one in tests/requests/privacy/everywhere.py"
        for field in columns_of(model, holding):
            if any(sings(str(value)) for value in rows.values_list(field.name, flat=True)):
                continue
            canary = f"kq{len(planted)}zx"
            value = {"canari": canary} if isinstance(field, models.JSONField) else canary
            pk = rows.order_by("pk").values_list("pk", flat=True)[0]
            model._default_manager.filter(pk=pk).update(**{field.name: value})
            planted[f"{label}.{field.name}"] = canary
    return planted


def columns_of(model: type[models.Model], holding: Holding) -> Iterator[models.Field]:
    """The columns of text that an erasure must empty and that a canary fits into."""
    for field in model._meta.fields:
        free = isinstance(field, TEXT) and not isinstance(field, models.FileField)
        if not free or field.choices or field.unique or field.name in {*TIES, *holding.stays}:
            continue
        if field.max_length and field.max_length < SHORT:
            continue
        yield field
