"""The filing journey on the portal, one page a step; `filing_check` sends it."""

import re
from uuid import UUID

from django.contrib import messages
from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import activate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.access import account_of
from massy_grc.common.posted import posted_id
from prestations.forms import Questionnaire, Step
from prestations.forms.definition import REQUESTER
from prestations.forms.eligibility import conditions_of
from prestations.forms.questions_form import QuestionsForm
from prestations.forms.steps import REQUESTER_STEP
from prestations.forms.summary import Row
from requests import actions
from requests.drafts import is_held_back, resume_url, settled_before
from requests.filling import questionnaire_of
from requests.models import FilingDraft, WalletDocument
from requests.step_page import shown_step
from requests.typed import typed_before
from requests.uploads import UploadRefused
from requests.views.filing_access import for_whom_it_waits, own_draft
from requests.views.filing_done import confirmation_url
from requests.views.filing_language import asked_language, remember_language
from requests.views.filing_place import SEEN, known_address, place_url
from requests.views.upload_limit import count_upload
from requests.wallet import Offer, offer_of

BACK_TO_CHECK = "verification"
REFUSALS = "refused-files:"  # in the session, by draft


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_it_waits
def file_step(request: HttpRequest, slug: str, token: UUID, step: int) -> HttpResponse:
    """One page of questions. A POST keeps what is valid, whatever else is wrong.

    Every way out of the page is a button of its form: « Continuer », « Enregistrer », « Retour »
    and the languages; with JavaScript, each change is kept besides (`action=autosave`), and each
    file as soon as it is chosen (`action=upload`).
    """
    draft = own_draft(request, slug, token)
    if draft.filed_request:
        return redirect(confirmation_url(draft.filed_request))
    if is_held_back(draft):
        return redirect(resume_url(draft))
    questionnaire = questionnaire_of(draft)
    steps = questionnaire.steps(draft.answers)
    if step < 1:
        raise Http404
    if step > len(steps):
        return redirect("requests:file_check", slug=slug, token=token)
    current = steps[step - 1]
    if request.method == "POST":
        if request.POST.get("action") == "autosave":
            return _autosave(request, draft, questionnaire, current)
        if request.POST.get("action") == "upload":
            return _upload(request, draft, questionnaire, current)
        language = asked_language(request)
        if language:
            activate(language)  # what is wrong is said in it at once
        stay = bool(language) or request.POST.get("action") == "keep"
        response = _post_step(request, draft, questionnaire, current, stay=stay)
        return remember_language(response, language)
    form = _shown_form(request, draft, questionnaire, current)
    return _step_page(request, draft, questionnaire, current, form)


def _shown_form(
    request: HttpRequest, draft: FilingDraft, questionnaire: Questionnaire, step: Step
) -> QuestionsForm:
    """The page's form, with what was typed just before a session ended, wrong or right."""
    attachments = draft.attachments.all()
    typed = typed_before(request)
    if typed is None:
        return questionnaire.form(step, answers=draft.answers, attachments=attachments)
    messages.info(request, _("Voici ce que vous aviez écrit. Vérifiez, puis continuez."))
    form = questionnaire.form(step, typed, answers=draft.answers, attachments=attachments)
    if form.only_blanks_missing():
        answers = form.merged_answers()
        return questionnaire.form(step, answers=answers, attachments=attachments)
    return form


def _autosave(
    request: HttpRequest, draft: FilingDraft, questionnaire: Questionnaire, step: Step
) -> HttpResponse:
    """Keep what is valid so far; completes nothing.

    204 and nothing else says that it is kept; 409 that another window, or the form itself, has
    gone on meanwhile.
    """
    revision = request.POST.get("revision", "")
    form = questionnaire.form(
        step, request.POST, answers=draft.answers, attachments=draft.attachments.all()
    )
    form.is_valid()
    try:
        is_kept = actions.autosave_answers(
            token=draft.token,
            answers=form.merged_answers(),
            revision=int(revision) if re.fullmatch(r"[0-9]{1,9}", revision) else -1,
        )
    except FilingDraft.DoesNotExist:  # filed or given up in that very moment
        is_kept = False
    return HttpResponse(status=204 if is_kept else 409)


def _upload(
    request: HttpRequest, draft: FilingDraft, questionnaire: Questionnaire, step: Step
) -> HttpResponse:
    """Keep one file as soon as it is chosen; the browser takes its field from the answered page."""
    form = questionnaire.form(
        step,
        request.POST,
        answers=draft.answers,
        attachments=draft.attachments.all(),
        refused=_store_files(request, draft, step),
    )
    return _step_page(request, draft, questionnaire, step, form)


def _post_step(
    request: HttpRequest,
    draft: FilingDraft,
    questionnaire: Questionnaire,
    step: Step,
    *,
    stay: bool = False,
) -> HttpResponse:
    """Keep the page's answers and go where the pressed button leads.

    Args:
        stay: come back to this step (the language was changed, or it is only to be kept), which
            stays to be completed.
    """
    back = request.POST.get("action") == "back"
    refused = _store_files(request, draft, step)
    removed = posted_id(request.POST.get("remove"))
    if removed is not None:
        actions.remove_upload(token=draft.token, attachment_id=removed)
    from_wallet = posted_id(request.POST.get("wallet"))
    if from_wallet is not None:
        _join_from_wallet(request, draft, step, from_wallet)
    form = questionnaire.form(
        step,
        request.POST,
        answers=draft.answers,
        attachments=draft.attachments.all(),
        refused=refused,
    )
    _recall_refusals(request, draft, form)
    valid = form.is_valid()
    done = step.number if valid and not (back or stay or from_wallet) else None
    draft = actions.save_answers(token=draft.token, answers=form.merged_answers(), step=done)
    if removed or from_wallet:
        return redirect(_step_url(request, draft, step.number))
    if back and not refused:
        return redirect(_back_url(request, draft, step))
    if stay and not refused and form.only_blanks_missing():
        return redirect(_step_url(request, draft, step.number))
    if request.POST.get("action") == "save" and not refused and form.only_blanks_missing():
        return redirect("requests:file_saved", slug=draft.prestation_id, token=draft.token)
    if not valid:
        return _step_page(request, draft, questionnaire, step, form)
    query = f"retour={BACK_TO_CHECK}" if request.GET.get("retour") == BACK_TO_CHECK else ""
    asks = place_url(draft, questionnaire, step, query, request.POST.getlist(SEEN))
    return redirect(asks or _after(request, draft, questionnaire, step))


def _store_files(request: HttpRequest, draft: FilingDraft, step: Step) -> dict[str, list[str]]:
    """Keep the files just sent, before anything else is judged; returns why some were refused.

    The session keeps the reasons until other files come: see `_recall_refusals`.
    """
    refused: dict[str, list[str]] = {}
    for question in step.questions:
        uploads = request.FILES.getlist(question.key) if question.is_upload else []
        for upload in uploads:
            try:
                count_upload(request)
                actions.add_upload(token=draft.token, upload=upload, question=question)
            except UploadRefused as refusal:
                refused.setdefault(question.key, []).append(str(refusal))
        if uploads:
            _remember_refusals(request, draft, question.key, refused.get(question.key, []))
    return refused


def _remember_refusals(
    request: HttpRequest, draft: FilingDraft, key: str, reasons: list[str]
) -> None:
    name = f"{REFUSALS}{draft.token}"
    told = {**request.session.get(name, {}), key: reasons}
    if kept := {one: why for one, why in told.items() if why}:
        request.session[name] = kept
    else:
        request.session.pop(name, None)


def _recall_refusals(request: HttpRequest, draft: FilingDraft, form: QuestionsForm) -> None:
    """A document that is missing because its file was refused: say why again, not just « join »."""
    for key, reasons in request.session.get(f"{REFUSALS}{draft.token}", {}).items():
        if key in form.fields:
            form.fields[key].error_messages["required"] = " ".join(reasons)


def _after(
    request: HttpRequest, draft: FilingDraft, questionnaire: Questionnaire, step: Step
) -> str:
    """The next page: the check page when the visitor came from it, else the next step."""
    steps = questionnaire.steps(draft.answers)
    position = _position(steps, step)
    came_from_check = request.GET.get("retour") == BACK_TO_CHECK
    if came_from_check or position >= len(steps):
        return reverse("requests:file_check", args=[draft.prestation_id, draft.token])
    return reverse("requests:file_step", args=[draft.prestation_id, draft.token, position + 1])


def _position(steps: list[Step], step: Step) -> int:
    """Where the step stands now that its answers are known (documents come and go after it)."""
    key = step.questions[0].key
    return next(
        (one.number for one in steps if any(q.key == key for q in one.questions)), step.number
    )


def _step_url(request: HttpRequest, draft: FilingDraft, number: int) -> str:
    url = reverse("requests:file_step", args=[draft.prestation_id, draft.token, number])
    came_from_check = request.GET.get("retour") == BACK_TO_CHECK
    return f"{url}?retour={BACK_TO_CHECK}" if came_from_check else url


def _back_url(request: HttpRequest, draft: FilingDraft, step: Step) -> str:
    """Where « Retour » leads: the check page when the visitor came from it, else a step back."""
    args = [draft.prestation_id, draft.token]
    if request.GET.get("retour") == BACK_TO_CHECK:
        return reverse("requests:file_check", args=args)
    if step.number > 1:
        return reverse("requests:file_step", args=[*args, step.number - 1])
    if conditions := conditions_of(draft.form_version):
        return reverse("requests:file_condition", args=[*args, len(conditions)])
    return reverse("requests:file", args=[draft.prestation_id])


def _step_page(
    request: HttpRequest,
    draft: FilingDraft,
    questionnaire: Questionnaire,
    step: Step,
    form: QuestionsForm,
) -> HttpResponse:
    _offer_wallet(request, draft, step, form)
    _hide_settled(draft, form)
    context = shown_step(draft.prestation, questionnaire, step, form, draft.answers) | {
        "revision": draft.revision,
        "draft": draft,
        "nearby_of": _place_with_reports(draft, questionnaire, form),
        "email": known_address(request, draft),
        "known": _known_rows(draft, questionnaire, step, form),
    }
    return render(request, "requests/filing_step.html", context)


def _place_with_reports(
    draft: FilingDraft, questionnaire: Questionnaire, form: QuestionsForm
) -> str:
    """The page's question under which reports already made stand; blank for most pages."""
    key = questionnaire.definition.place_key or ""
    return key if draft.prestation.public_reports and key in form.fields else ""


def _hide_settled(draft: FilingDraft, form: QuestionsForm) -> None:
    """Not ask again what was answered before the form, unless nothing else stands on the page."""
    settled = settled_before(draft).keys() & form.fields.keys() - form.errors.keys()
    if settled != form.fields.keys():
        for key in settled:
            form.fields[key].widget = HiddenInput()


def _offer_wallet(
    request: HttpRequest, draft: FilingDraft, step: Step, form: QuestionsForm
) -> None:
    """Give each question for a document those of the owner's wallet that may answer it."""
    account = account_of(request)
    asked = [question for question in step.questions if question.is_upload]
    if account is None or not asked:
        return
    usable = actions.usable_documents(account, timezone.localdate())
    codes = {question.attachment_code for question in asked}
    kept = usable.filter(kind__in=codes).exclude(sha256__in=draft.attachments.values("sha256"))
    offers: dict[str, list[Offer]] = {}
    for document in kept:
        offers.setdefault(document.kind, []).append(offer_of(document))
    for question in asked:
        form.fields[question.key].widget.offers = offers.get(question.attachment_code, [])


def _join_from_wallet(
    request: HttpRequest, draft: FilingDraft, step: Step, document_id: int
) -> None:
    """Join a kept document to the question that asks for it; one that is not theirs is nothing."""
    account = account_of(request)
    if account is None:
        return
    for question in [one for one in step.questions if one.is_upload]:
        try:
            actions.join_document(
                token=draft.token, account=account, document_id=document_id, question=question
            )
        except WalletDocument.DoesNotExist:
            continue
        except UploadRefused as refusal:
            messages.error(request, str(refusal))
        return


def _known_rows(
    draft: FilingDraft, questionnaire: Questionnaire, step: Step, form: QuestionsForm
) -> list[Row]:
    """What the account's owner need not type: shown, with the form folded behind « Modifier ».

    Empty as soon as something mandatory is missing or wrong: then the form itself is shown.
    """
    given = draft.answers.get(REQUESTER)
    if draft.account_id is None or step.kind != REQUESTER_STEP or form.is_bound or not given:
        return []
    _kept, errors = questionnaire.clean_all(draft.answers)
    if step.number in errors:
        return []
    sections = questionnaire.summary(draft.answers)
    return next((list(one.rows) for one in sections if one.step.number == step.number), [])
