"""Drafts: a form being filled in, its files, and its one filing."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.models import CitizenAccount, OrganisationAccount
from prestations.enums import Channel
from prestations.forms import FieldError, Question
from prestations.forms.eligibility import (
    CONDITIONS,
    answered_by,
    conditions_of,
    filled_in,
    first_unmet,
)
from prestations.models import Prestation
from requests.actions.filled import FilledForm, owed_answers
from requests.actions.intake import intake
from requests.exceptions import MissingInput, NotEligible, PrestationClosed
from requests.filling import questionnaire_of
from requests.models import Attachment, FilingDraft, ServiceRequest
from requests.organisations import with_identity
from requests.prefill import with_known, with_own_person, with_same_name
from requests.uploads import MAX_FILES, UploadRefused, new_attachment

DRAFT_LIFE = timedelta(days=7)
ACCOUNT_DRAFT_LIFE = timedelta(days=30)
FILED_DRAFT_LIFE = timedelta(days=30)
PURGE_BATCH = 500


class IncompleteDraft(MissingInput):
    """Mandatory answers are missing or wrong; `errors` says which, by step number."""

    message = gettext_lazy("Il manque des réponses obligatoires.")

    def __init__(self, errors: dict[int, list[FieldError]]):
        super().__init__()
        self.errors = errors


def start_draft(
    *,
    prestation: Prestation,
    channel: str = Channel.WEB,
    language: str = "fr",
    agent=None,
    citizen=None,
    account: CitizenAccount | None = None,
    organisation: OrganisationAccount | None = None,
    for_somebody: bool = False,
    answers: dict | None = None,
    arrived_at: datetime | None = None,
) -> FilingDraft:
    """Begin a form in its current version, which it keeps whatever becomes of the catalogue.

    Args:
        agent: who fills it in for somebody, at the counter or on the phone.
        account: of the citizen who begins it signed in; it waits in their space.
        organisation: in whose space it waits, for every member.
        for_somebody: for a relative or a third party, to be named first.
        answers: what is known already (the citizen's record).

    Raises:
        PrestationClosed: not open on this channel.
    """
    if prestation.current_form is None or not prestation.open_on(channel):
        raise PrestationClosed
    answers = answers or {}
    if account and not organisation and not for_somebody:
        answers = with_own_person(account, prestation, answers)
    kind = organisation.kind if organisation else ""
    return FilingDraft.objects.create(
        prestation=prestation,
        form_version=prestation.current_form,
        channel=channel,
        language=language,
        agent=agent,
        citizen=citizen,
        account=account,
        organisation=organisation,
        person={} if for_somebody else None,
        answers=answers,
        eligibility=answered_by(prestation.current_form, kind),
        arrived_at=arrived_at,
    )


def kept_until(draft: FilingDraft) -> datetime:
    """Until when a form may be taken up again, unless it is touched before."""
    return draft.updated_at + (DRAFT_LIFE if draft.account_id is None else ACCOUNT_DRAFT_LIFE)


@transaction.atomic
def adopt_drafts(*, account: CitizenAccount, tokens: Iterable[str]) -> int:
    """Give the forms that a browser began to whoever signs in there; returns how many.

    Only what belongs to nobody yet: neither another account's nor an agent's. What the account
    knows fills in the blanks, and is not asked again; what was typed stays.
    """
    free = locked_drafts().filter(account=None, agent=None, citizen=None, filed_request=None)
    drafts = list(free.filter(token__in=list(tokens)))
    for draft in drafts:
        draft.account = account
        draft.answers = with_known(account, draft.form_version, draft.answers)
        if draft.person is None:
            draft.answers = with_own_person(account, draft.prestation, draft.answers)
        draft.revision += 1
        draft.save(update_fields=["account", "answers", "revision", "updated_at"])
    return len(drafts)


@transaction.atomic
def answer_condition(*, token: UUID, code: str, answer: str) -> FilingDraft:
    """Keep the answer to a question asked before the form; it fills in the form's own where tied.

    Args:
        code: of the question.
        answer: one of its choices, whether it lets go on or not.

    Raises:
        FilingDraft.DoesNotExist: unknown, purged or filed.
        ValueError: no such question, or no such choice.
    """
    draft = lock_unfiled(token)
    conditions = {one.code: one for one in conditions_of(draft.form_version)}
    if code not in conditions or answer not in dict(conditions[code].choices):
        raise ValueError(f"{answer!r} does not answer {code!r}")
    draft.eligibility = {**draft.eligibility, code: answer}
    draft.answers = filled_in(conditions[code], draft.answers, answer)
    if draft.account and not draft.organisation_id and draft.person is None:
        draft.answers = with_own_person(draft.account, draft.prestation, draft.answers)
    draft.revision += 1
    draft.save(update_fields=["eligibility", "answers", "revision", "updated_at"])
    return draft


@transaction.atomic
def save_answers(
    *, token: UUID, answers: dict, step: int | None = None, papers: Sequence[str] | None = None
) -> FilingDraft:
    """Keep the answers of a page that was sent, in a draft not yet filed.

    Args:
        answers: ``{"demandeur": {…}, "reponses": {…}}``, the whole of them.
        step: number of a step that is now complete.
        papers: codes of the documents an agent saw or received on paper; None leaves them.

    Raises:
        FilingDraft.DoesNotExist: unknown, purged or filed.
    """
    draft = lock_unfiled(token)
    draft.answers = answers
    if step is not None and not draft.person:
        draft.answers = with_same_name(draft.form_version, answers)
    if step is not None and step not in draft.steps_done:
        draft.steps_done = [*draft.steps_done, step]
    if papers is not None:
        draft.papers = list(papers)
    draft.revision += 1
    draft.save(update_fields=["answers", "papers", "steps_done", "revision", "updated_at"])
    return draft


@transaction.atomic
def autosave_answers(*, token: UUID, answers: dict, revision: int) -> bool:
    """Keep what is being typed; completes nothing.

    A browser may deliver it after the page itself was sent: then it is older than what is
    kept, and is dropped.

    Args:
        answers: the whole of them, as `save_answers` takes them.
        revision: of the draft when the page was shown.

    Returns:
        Whether it was kept.

    Raises:
        FilingDraft.DoesNotExist: unknown, purged or filed.
    """
    draft = lock_unfiled(token)
    if draft.revision != revision:
        return False
    draft.answers = answers
    draft.save(update_fields=["answers", "updated_at"])
    return True


@transaction.atomic
def add_upload(
    *, token: UUID, upload: UploadedFile, question: Question, uploaded_by=None
) -> Attachment:
    """Keep a file sent in answer to a question of the form, at once.

    A file that this question has already is the same sending, whose answer was lost on the way.

    Raises:
        UploadRefused: wrong kind, too large, or one more than ten.
        FilingDraft.DoesNotExist: unknown, purged or filed.
    """
    draft = lock_unfiled(token)
    attachment = new_attachment(
        upload,
        draft=draft,
        document_code=question.attachment_code,
        label=question.label[:250],
        by_requester=uploaded_by is None,
        uploaded_by=uploaded_by,
    )
    there = draft.attachments.filter(
        document_code=attachment.document_code, sha256=attachment.sha256
    ).first()
    if there is not None:
        return there
    check_room(draft)
    attachment.save()
    return attachment


def check_room(draft: FilingDraft) -> None:
    """Raise `UploadRefused` when a form has all the files that it may have."""
    if draft.attachments.count() >= MAX_FILES:
        raise UploadRefused(
            _("Vous avez déjà joint %(count)d fichiers, c’est le maximum. Retirez-en un d’abord.")
            % {"count": MAX_FILES}
        )


@transaction.atomic
def remove_upload(*, token: UUID, attachment_id: int) -> None:
    """Forget a file of a draft; one that is not there (any more) is no error."""
    draft = lock_unfiled(token)
    _delete_attachments(draft.attachments.filter(pk=attachment_id))


@transaction.atomic
def discard_draft(*, token: UUID) -> None:
    """Delete an unfiled draft and its files at its owner's wish."""
    draft = lock_unfiled(token)
    _delete_attachments(draft.attachments.all())
    draft.delete()


@transaction.atomic
def file_draft(*, token: UUID, incomplete: bool = False, **intake_fields) -> ServiceRequest:
    """File a draft, once: posted twice or fifty times in parallel, it gives one request (R10).

    Files that answer a question no longer asked are deleted, not sent.

    Args:
        incomplete: an agent files it without answers that are mandatory: they become what the
            requester owes (CRPA L114-5). What is wrong is refused all the same.
        intake_fields: what only the door knows: actor, site, post_type, subject, campaign, urgent,
            now.

    Raises:
        FilingDraft.DoesNotExist: unknown or purged.
        IncompleteDraft: something mandatory is missing or wrong.
        NotEligible: a question asked online before the form does not let go on.
        MissingInput: for somebody who was not named.
        WrongAudience: not for this kind of requester, or for an organisation not recognised.
        PrestationClosed: closed since the draft was begun.
    """
    # Not joined to the request: a row joined before the lock was won would still be missing.
    draft = locked_drafts().get(token=token)
    if draft.filed_request:
        return draft.filed_request
    if draft.channel == Channel.WEB and first_unmet(
        conditions_of(draft.form_version), draft.eligibility
    ):
        raise NotEligible
    if draft.person == {}:
        raise MissingInput(_("Dites d’abord pour qui vous faites cette demande."))
    if draft.organisation:
        draft.answers = with_identity(draft, draft.organisation)
    filled = checked_form(draft, incomplete)
    fields = {
        "language": draft.language,
        "citizen": draft.citizen,
        "account": draft.account,
        "organisation_account": draft.organisation,
        "person": draft.person,
        "arrived_at": draft.arrived_at,
    }
    request = intake(
        prestation=draft.prestation,
        form_version=draft.form_version,
        channel=draft.channel,
        answers=filled.answers | ({CONDITIONS: draft.eligibility} if draft.eligibility else {}),
        idempotency_key=f"draft:{draft.token}",
        place=filled.place,
        missing_documents=filled.missing_documents,
        missing_answers=filled.missing_answers,
        papers=filled.papers,
        attachments=filled.attachments,
        **{**fields, **intake_fields},
    )
    return mark_filed(draft, request)


def mark_filed(draft: FilingDraft, request: ServiceRequest) -> ServiceRequest:
    """Remember what the draft became; its answers are the request's from now on."""
    draft.filed_request = request
    draft.answers, draft.eligibility, draft.person = {}, {}, None
    draft.save(update_fields=["filed_request", "answers", "eligibility", "person", "updated_at"])
    return request


def checked_form(
    draft: FilingDraft, incomplete: bool, there: Sequence[Attachment] = ()
) -> FilledForm:
    """Check a draft's whole form and keep what it asks for.

    Args:
        there: files that the request has already.

    Raises:
        IncompleteDraft: something is wrong, or missing when it must not be.
    """
    form = questionnaire_of(draft)
    attachments = list(draft.attachments.all())
    answers, errors = form.clean_all(draft.answers, attachments)
    found = [error for step in errors.values() for error in step]
    if found and not (incomplete and all(error.blank for error in found)):
        raise IncompleteDraft(errors)
    kept = form.kept_attachments(answers, attachments)
    if len(kept) < len(attachments):
        _delete_attachments(draft.attachments.exclude(pk__in=[one.pk for one in kept]))
    papers = form.kept_papers(answers, draft.papers)
    said = draft.completes.answers if draft.completes else {}
    return FilledForm(
        version=draft.form_version,
        answers=form.without_unticked(answers, said) if incomplete else answers,
        place=form.place(answers),
        papers=papers,
        missing_documents=form.missing_documents(answers, [*kept, *there], papers),
        missing_answers=owed_answers(found, person_known=draft.citizen is not None),
        attachments=kept,
    )


def purge_drafts(*, now: datetime | None = None) -> int:
    """Delete the drafts nobody came back to, with their files; returns how many.

    A filed draft is kept longer, without its answers: its token still leads to the confirmation.
    """
    now = now or timezone.now()
    gone = 0
    unfiled = FilingDraft.objects.filter(filed_request=None)
    for drafts_of_kind, life in (
        (unfiled.filter(account=None), DRAFT_LIFE),
        (unfiled.exclude(account=None), ACCOUNT_DRAFT_LIFE),
        (FilingDraft.objects.exclude(filed_request=None), FILED_DRAFT_LIFE),
    ):
        old = drafts_of_kind.filter(updated_at__lt=now - life).order_by("updated_at")
        with transaction.atomic():
            drafts = list(old.select_for_update(skip_locked=True)[:PURGE_BATCH])
            _delete_attachments(Attachment.objects.filter(draft__in=drafts))
            FilingDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
        gone += len(drafts)
    return gone


@transaction.atomic
def forget_drafts_of(*, organisation_id: int) -> None:
    """Delete what nobody can open any more: the forms begun in a space that was closed."""
    begun = FilingDraft.objects.filter(organisation=organisation_id, filed_request=None)
    _delete_attachments(Attachment.objects.filter(draft__in=begun))
    begun.delete()


def locked_drafts():
    return FilingDraft.objects.select_for_update(of=("self",)).select_related(
        *("prestation__category", "prestation__team", "form_version", "citizen"),
        *("account__citizen", "organisation__organisation"),
    )


def lock_unfiled(token: UUID) -> FilingDraft:
    """Return the draft, locked; raises `FilingDraft.DoesNotExist` when it is filed or gone."""
    return locked_drafts().get(token=token, filed_request=None)


def _delete_attachments(attachments) -> None:
    """Delete rows now and their files once that is committed."""
    files = [(one.file.storage, one.file.name) for one in attachments]
    attachments.delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))
