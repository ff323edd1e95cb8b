"""The document wallet: kept once, joined in one click, seen by its owner alone (R17)."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from citizens.actions import close_account
from massy_grc.outbox.models import Delivery
from prestations.enums import Role
from prestations.forms import Questionnaire
from prestations.models import Processing
from requests import actions
from requests.copies import gather, stored_files
from requests.enums import UploadScan
from requests.models import Attachment, WalletDocument
from tests.factories.answers import PDF_BYTES, valid_answers
from tests.factories.users import make_agent
from tests.helpers import drain_outbox
from tests.requests.filing.support import begin, file_valid, fill, step_url, text_of

pytestmark = pytest.mark.django_db

WALLET = "/compte/porte-documents/"
MACARON = "stationnement-macaron"  # asks for an identity card


def upload(name="carte.pdf", content=PDF_BYTES):
    return SimpleUploadedFile(name, content)


def keep(account, kind="piece-identite", until=None, **fields) -> WalletDocument:
    content = PDF_BYTES + kind.encode()  # each kind another file
    sent = upload(fields.pop("name", "carte.pdf"), content)
    return actions.keep_document(account=account, upload=sent, kind=kind, until=until, **fields)


def documents_step(draft) -> str:
    steps = Questionnaire(draft.form_version, draft.channel).steps(draft.answers)
    number = next(
        step.number
        for step in steps
        if any(question.attachment_code == "piece-identite" for question in step.questions)
    )
    return step_url(draft, number)


def test_an_identity_card_is_kept_until_its_date(mine, account):
    until = timezone.localdate() + timedelta(days=400)
    mine.post(WALLET, {"kind": "piece-identite", "file": upload(), "expires_on": until.isoformat()})
    kept = WalletDocument.objects.get()
    assert (kept.account, kept.valid_until, kept.name) == (account, until, "carte.pdf")
    assert "carte.pdf" in text_of(mine.get(WALLET))
    assert b"".join(mine.get(f"{WALLET}{kept.pk}/").streaming_content) == PDF_BYTES


def test_a_proof_of_address_serves_three_months(mine):
    issued = timezone.localdate() - timedelta(days=10)
    mine.post(
        WALLET,
        {"kind": "justificatif-domicile", "file": upload(), "issued_on": issued.isoformat()},
    )
    months = actions.valid_until("justificatif-domicile", issued_on=issued, expires_on=None)
    kept = WalletDocument.objects.get()
    assert (kept.issued_on, kept.valid_until) == (issued, months)
    assert actions.valid_until(
        "justificatif-domicile", issued_on=date(2026, 11, 30), expires_on=None
    ) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "piece-identite"}, "Indiquez cette date"),
        ({"kind": "piece-identite", "expires_on": "2020-01-01"}, "n’est plus valable"),
        ({"kind": "justificatif-domicile", "issued_on": "2099-01-01"}, "pas encore passée"),
        ({"kind": "justificatif-domicile", "issued_on": "2020-01-01"}, "n’est plus valable"),
        ({"kind": "<script>"}, "Choisissez une des réponses proposées."),
    ],
)
def test_what_does_not_serve_is_refused_in_words(mine, fields, message):
    assert message in text_of(mine.post(WALLET, {"file": upload(), **fields}))
    assert not WalletDocument.objects.exists()


def test_the_date_is_asked_before_the_file_which_it_cannot_lose(mine, account):
    past, until = "2020-01-01", (timezone.localdate() + timedelta(days=400)).isoformat()
    wrong = text_of(mine.post(WALLET, {"kind": "piece-identite", "expires_on": past}))
    assert 'type="file"' not in text_of(mine.get(WALLET))
    assert "n’est plus valable" in wrong
    assert 'type="file"' not in wrong

    about = {"kind": "piece-identite", "expires_on": until}
    asked = text_of(mine.post(WALLET, about))
    assert 'type="file"' in asked
    assert f'name="expires_on" value="{until}"' in asked
    forgotten = text_of(mine.post(WALLET, {**about, "etape": "fichier"}))
    assert "Jusqu’au" in forgotten
    assert 'class="invalid-feedback' in forgotten or "is-invalid" in forgotten
    again = text_of(mine.post(WALLET, {**about, "etape": "corriger"}))
    assert f'value="{until}"' in again
    assert 'type="file"' not in again

    mine.post(WALLET, {**about, "etape": "fichier", "file": upload()})
    assert WalletDocument.objects.get().valid_until.isoformat() == until


def test_a_hostile_file_is_refused(mine):
    page = mine.post(WALLET, {"kind": "rib", "file": upload("rib.pdf", b"<script>")})
    assert "n’est ni un PDF" in text_of(page)
    assert not WalletDocument.objects.exists()


def test_a_full_wallet_says_so(mine, account, monkeypatch):
    monkeypatch.setattr("requests.actions.wallet.MOST_DOCUMENTS", 1)
    keep(account)
    page = mine.post(WALLET, {"kind": "rib", "file": upload("rib.pdf")})
    assert "plein" in text_of(page)
    assert WalletDocument.objects.count() == 1


def test_it_is_joined_to_a_form_in_one_click(mine, account):
    kept = keep(account)
    draft = begin(mine, MACARON)
    address = documents_step(draft)
    assert "Utiliser ma pièce d’identité" in text_of(mine.get(address))

    mine.post(address, {"wallet": kept.pk})

    joined = Attachment.objects.get(draft=draft)
    assert (joined.document_code, joined.sha256) == ("piece-identite", kept.sha256)
    assert joined.file.name != kept.file.name
    assert "Utiliser ma pièce d’identité" not in text_of(mine.get(address))


def test_a_joined_copy_outlives_the_wallet(mine, account):
    kept = keep(account)
    draft = begin(mine, MACARON)
    mine.post(documents_step(draft), {"wallet": kept.pk})
    mine.post(f"{WALLET}{kept.pk}/supprimer/")
    joined = Attachment.objects.get(draft=draft)
    assert joined.file.open().read().startswith(PDF_BYTES)
    assert not WalletDocument.objects.exists()


def test_the_form_is_filed_with_it(mine, account):
    kept = keep(account)
    draft = begin(mine, MACARON)
    mine.post(documents_step(draft), {"wallet": kept.pk})
    answers, files = valid_answers(draft.form_version, draft.channel)
    files = {key: value for key, value in files.items() if "piece-identite" not in key}
    mine.post(fill(mine, draft, answers, files))
    draft.refresh_from_db()
    assert draft.filed_request.attachments.filter(sha256=kept.sha256).exists()


@pytest.mark.parametrize("why", ["over", "blocked", "other kind"])
def test_what_may_not_serve_is_not_offered_nor_joined(mine, account, why):
    kept = keep(account, kind="rib" if why == "other kind" else "piece-identite")
    if why == "over":
        WalletDocument.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    if why == "blocked":
        WalletDocument.objects.update(scan=UploadScan.QUARANTINED)
    draft = begin(mine, MACARON)
    assert "Utiliser m" not in text_of(mine.get(documents_step(draft)))
    mine.post(documents_step(draft), {"wallet": kept.pk})
    assert not Attachment.objects.exists()


def theirs_and_missing(kept_pk, sent_pk):
    """Every address of the wallet that names something, as (method, address, fields)."""
    return [
        ("get", f"{WALLET}{kept_pk}/", {}),
        ("get", f"{WALLET}{kept_pk}/renommer/", {}),
        ("post", f"{WALLET}{kept_pk}/renommer/", {"name": "à moi"}),
        ("post", f"{WALLET}{kept_pk}/supprimer/", {}),
        ("get", f"{WALLET}garder/{sent_pk}/", {}),
        ("post", f"{WALLET}garder/{sent_pk}/", {"expires_on": "2099-01-01"}),
    ]


def test_anothers_document_is_as_one_that_is_not(mine, stranger, account):
    def bare(response) -> bytes:
        return re.sub(rb'(nonce|value)="[^"]*"', b"", response.content)

    kept, sent = keep(account), filed_with_a_document(mine)
    before = WalletDocument.objects.values().get()
    for (method, theirs, fields), (_method, missing, _fields) in zip(
        theirs_and_missing(kept.pk, sent.pk), theirs_and_missing(987654, 987654), strict=True
    ):
        found = getattr(stranger, method)(theirs, fields)
        absent = getattr(stranger, method)(missing, fields)
        assert (found.status_code, absent.status_code) == (404, 404), theirs
        assert bare(found) == bare(absent)
    draft = begin(stranger, MACARON)
    stranger.post(documents_step(draft), {"wallet": kept.pk})
    assert not Attachment.objects.filter(draft=draft).exists()
    assert WalletDocument.objects.values().get() == before
    assert "carte.pdf" not in text_of(stranger.get(WALLET))


def filed_with_a_document(browser) -> Attachment:
    """An identity card sent with a request of this browser."""
    draft, _url = file_valid(browser, MACARON)
    return draft.filed_request.attachments.get(document_code="piece-identite")


def test_a_document_that_was_sent_is_kept_in_one_step(mine, account):
    draft, confirmation = file_valid(mine, MACARON)
    sent = draft.filed_request.attachments.get(document_code="piece-identite")
    address = f"{WALLET}garder/{sent.pk}/"
    tracking = reverse("requests:track", args=[draft.filed_request.reference])
    assert address in text_of(mine.get(confirmation))
    assert address in text_of(mine.get(tracking))
    assert "Indiquez cette date" in text_of(mine.post(address, {}))

    mine.post(address, {"expires_on": "2099-01-01"})

    kept = WalletDocument.objects.get()
    assert (kept.account, kept.kind, kept.sha256) == (account, "piece-identite", sent.sha256)
    assert kept.file.name != sent.file.name
    assert address not in text_of(mine.get(tracking))
    assert mine.get(address).status_code == 404
    mine.post(f"{WALLET}{kept.pk}/supprimer/")
    assert sent.file.open().read()


@pytest.mark.parametrize("why", ["blocked", "by an agent", "of no kind"])
def test_what_may_not_be_kept_is_not_offered(mine, why):
    sent = filed_with_a_document(mine)
    fields = {
        "blocked": {"scan": UploadScan.QUARANTINED},
        "by an agent": {"by_requester": False},
        "of no kind": {"document_code": "certificat-medical"},
    }
    Attachment.objects.update(**fields[why])
    assert mine.get(f"{WALLET}garder/{sent.pk}/").status_code == 404
    assert "/garder/" not in text_of(
        mine.get(reverse("requests:track", args=[sent.request.reference]))
    )


def test_whoever_has_no_account_is_offered_nothing_to_keep(client, catalogue):
    _draft, confirmation = file_valid(client, MACARON)
    assert "/garder/" not in text_of(client.get(confirmation))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Ma carte", "Ma carte.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("photo\u202e.exe", "photo.exe.pdf"),
    ],
)
def test_a_document_gets_another_name_and_keeps_its_kind(mine, account, given, shown):
    kept = keep(account)
    mine.post(f"{WALLET}{kept.pk}/renommer/", {"name": given})
    kept.refresh_from_db()
    assert kept.name == shown
    assert shown in text_of(mine.get(WALLET))


def test_a_name_is_needed(mine, account):
    kept = keep(account)
    assert mine.post(f"{WALLET}{kept.pk}/renommer/", {"name": " "}).status_code == 200
    kept.refresh_from_db()
    assert kept.name == "carte.pdf"


def test_the_button_says_which_document_it_uses(mine, account):
    this_year = timezone.localdate().replace(month=1, day=1)
    keep(account, kind="justificatif-domicile", until=date(2099, 4, 1), issued_on=this_year)
    keep(account, until=date(2099, 3, 3))
    page = text_of(mine.get(documents_step(begin(mine, "certificat-changement-domicile"))))
    assert "Utiliser mon justificatif de domicile du 1er janvier" in page
    assert "Utiliser ma pièce d’identité, valable jusqu’au 3 mars 2099" in page


def test_the_same_document_sent_again_is_kept_once_with_its_new_date(mine, account):
    keep(account, until=date(2098, 1, 1))
    keep(account, until=date(2099, 1, 1))
    assert WalletDocument.objects.get().valid_until == date(2099, 1, 1)


def test_an_expired_document_is_marked(mine, account):
    keep(account, until=timezone.localdate() - timedelta(days=1))
    assert "Plus valable" in text_of(mine.get(WALLET))


def test_retention_deletes_what_has_been_over_for_long_once_approved(
    account, media, django_capture_on_commit_callbacks
):
    today = timezone.localdate()
    gone = keep(account, until=today - timedelta(days=100))
    keep(account, kind="rib", until=today - timedelta(days=60))
    keep(account, kind="livret-famille")
    actions.apply_retention()
    assert WalletDocument.objects.count() == 3
    officer = make_agent(Role.DPO, first_name="Odile", last_name="Rivière")
    actions.approve_rule(processing=Processing.objects.get(pk="porte-documents"), actor=officer)
    with django_capture_on_commit_callbacks(execute=True):
        actions.apply_retention()
    assert set(WalletDocument.objects.values_list("kind", flat=True)) == {"rib", "livret-famille"}
    assert not (media / gone.file.name).exists()


def test_the_copy_of_one_s_data_has_the_wallet(account):
    keep(account, until=date(2099, 1, 1))
    (said,) = gather(account.citizen)["porte_documents"]
    assert (said["nom"], said["valable_jusqu_au"]) == ("carte.pdf", date(2099, 1, 1))
    ((name, _file),) = stored_files(account.citizen)
    assert name.startswith("fichiers/porte-documents/")


def test_agents_have_no_way_to_it(client, login, account, eas_agent):
    kept = keep(account)
    assert login(client, eas_agent).get(f"{WALLET}{kept.pk}/").status_code == 403


def test_its_owner_is_told_once_before_it_is_over(account):
    keep(account, until=timezone.localdate() + timedelta(days=10))
    keep(account, until=timezone.localdate() + timedelta(days=100), kind="rib")
    assert actions.remind_documents() == 1
    assert actions.remind_documents() == 0
    mail = Delivery.objects.get()
    assert mail.to == account.user.email
    assert "Pièce d’identité" in mail.subject


def test_closing_the_account_deletes_it(mine, account):
    keep(account)
    begin(mine, MACARON)
    close_account(account_id=account.pk, language="fr", now=timezone.now())
    drain_outbox()
    assert not WalletDocument.objects.exists()
    assert not account.drafts.exists()


def test_the_page_asks_as_much_for_one_as_for_many(
    mine, account, django_assert_max_num_queries, django_assert_num_queries
):
    keep(account)
    mine.get(WALLET)
    with django_assert_max_num_queries(20) as one:
        mine.get(WALLET)
    keep(account, kind="rib")
    keep(account, kind="livret-famille")
    with django_assert_num_queries(len(one)):
        mine.get(WALLET)


def test_a_deletion_is_asked_before_it_is_done(mine, account):
    kept = keep(account)
    page = text_of(mine.get(f"{WALLET}{kept.pk}/supprimer/"))
    assert "Supprimer ce document ?" in page
    assert kept.name in page
    assert WalletDocument.objects.filter(pk=kept.pk).exists()
    mine.post(f"{WALLET}{kept.pk}/supprimer/")
    assert not WalletDocument.objects.exists()
