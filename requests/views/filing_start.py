"""Before and beside the steps: start, pause, take up again, give up."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.access import account_of
from prestations.actions import count_campaign
from prestations.behalf import elsewhere
from prestations.campaigns import came_from
from prestations.enums import Channel
from prestations.forms import Questionnaire
from prestations.forms.eligibility import conditions_of
from prestations.models import Prestation
from prestations.presentation import present
from requests import actions
from requests.drafts import resume_url, right_asked, unfiled_drafts
from requests.forms.behalf import ForWhomForm
from requests.organisations import known_answers as known_of_organisation
from requests.organisations import may_file_for
from requests.prefill import known_answers
from requests.telling import will_tell
from requests.views.filing_access import (
    busy_page,
    closed_page,
    for_whom_it_waits,
    open_prestation,
    other_channels,
    own_draft,
    remember_draft,
    start_wait,
)
from requests.views.filing_done import confirmation_url

SECONDS_A_QUESTION = 25
FROM_SPACE = "espace"


@require_http_methods(["GET", "HEAD", "POST"])
def file_start(request: HttpRequest, slug: str) -> HttpResponse:
    """The start page; « Commencer » posts to it and makes the draft, « Recommencer » a new one."""
    prestation = open_prestation(slug)
    if not prestation.open_on(Channel.WEB) or prestation.current_form is None:
        return closed_page(request, prestation, status=409 if request.method == "POST" else None)
    if request.method == "POST":
        if wait := start_wait(request):
            return busy_page(request, wait)
        for_whom = _for_whom(request, prestation, request.POST)
        if not for_whom.is_asked or for_whom.is_valid():
            return _begin(request, prestation, for_whom)
    else:
        for_whom = _for_whom(request, prestation)
    questionnaire = Questionnaire(prestation.current_form, Channel.WEB)
    documents = questionnaire.document_questions()
    to_bring = questionnaire.documents_to_bring()
    begun = next(iter(unfiled_drafts(request, prestation)), None)
    context = {
        "prestation": prestation,
        "page": present(prestation),
        "minutes": _minutes(questionnaire),
        "documents": [document for document in documents if document.required_always],
        "more_documents": any(not one.required_always for one in documents)
        or any(one.condition for one in to_bring),
        "to_bring": [one for one in to_bring if not one.condition],
        "later": questionnaire.documents_due_later(),
        "conditions": conditions_of(prestation.current_form),
        "channels": other_channels(prestation),
        "will_tell": will_tell(prestation),
        "form": for_whom if for_whom.is_asked else None,
        "for_somebody_else": Prestation.objects.open_on(Channel.WEB)
        .filter(pk=elsewhere(prestation))
        .first(),
        "resume_url": resume_url(begun) if begun else "",
        "days": (actions.ACCOUNT_DRAFT_LIFE if account_of(request) else actions.DRAFT_LIFE).days,
    }
    return render(request, "requests/filing_start.html", context)


def _for_whom(request: HttpRequest, prestation: Prestation, data=None) -> ForWhomForm:
    account = account_of(request)
    organisations = may_file_for(account, prestation) if account else []
    return ForWhomForm(data, prestation=prestation, organisations=organisations)


def _begin(request: HttpRequest, prestation: Prestation, for_whom: ForWhomForm) -> HttpResponse:
    """Make the draft, with what is known already, in the right space."""
    if request.POST.get("action") == "restart":
        _forget_begun(request, prestation)
    account, form_version = account_of(request), prestation.current_form
    organisation = for_whom.organisation if for_whom.is_asked else None
    answers = None
    if account and form_version and organisation:
        answers = known_of_organisation(organisation, account, form_version)
    elif account and form_version:
        answers = known_answers(account, form_version)
    draft = actions.start_draft(
        prestation=prestation,
        language=get_language() or "fr",
        account=account,
        organisation=organisation,
        for_somebody=for_whom.is_asked and for_whom.for_somebody,
        answers=answers,
    )
    remember_draft(request, draft)
    if campaign := came_from(request):
        count_campaign(campaign_id=campaign.pk, begun=1)
    return redirect(resume_url(draft))


def _forget_begun(request: HttpRequest, prestation: Prestation) -> None:
    """« Recommencer »: what was begun before is deleted, with its files."""
    for begun in unfiled_drafts(request, prestation):
        actions.discard_draft(token=begun.token)


def _minutes(questionnaire: Questionnaire) -> int:
    """Whole minutes to answer everything, at least two; conditional questions do not count."""
    asked = [question for question in questionnaire.definition.everything if not question.condition]
    count = len(asked) + len(conditions_of(questionnaire.form_version))
    return max(2, round(count * SECONDS_A_QUESTION / 60))


@require_safe
@for_whom_it_waits
def file_saved(request: HttpRequest, slug: str, token: UUID) -> HttpResponse:
    """« Enregistrer et reprendre plus tard »: where and until when."""
    draft = own_draft(request, slug, token)
    if draft.filed_request:
        return redirect(confirmation_url(draft.filed_request))
    context = {
        "prestation": draft.prestation,
        "draft": draft,
        "resume_url": resume_url(draft),
        "until": actions.kept_until(draft),
        "account_days": actions.ACCOUNT_DRAFT_LIFE.days,
    }
    return render(request, "requests/filing_saved.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_it_waits
def file_discard(request: HttpRequest, slug: str, token: UUID) -> HttpResponse:
    """Delete the draft and its files, after a page that says what is lost.

    The page of a pause says so itself (a shared computer) and posts at once.
    """
    draft = own_draft(request, slug, token)
    if draft.filed_request:
        return redirect(confirmation_url(draft.filed_request))
    if request.method != "POST":
        context = {
            "draft": draft,
            "right": right_asked(draft.form_version, draft.answers),
            "resume_url": resume_url(draft),
            "from_space": FROM_SPACE,
        }
        return render(request, "requests/filing_discard.html", context)
    actions.discard_draft(token=token)
    if request.POST.get("retour") == FROM_SPACE:
        messages.success(request, _("La demande commencée est supprimée."))
        if draft.organisation_id:
            return redirect("requests:organisation", draft.organisation_id)
        return redirect("citizens:account" if account_of(request) else "home")
    return redirect("requests:file", slug=slug)
