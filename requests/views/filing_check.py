"""The last page of a filing: every answer, then « Envoyer ma demande »."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from massy_grc.common.words import phone_words
from prestations.campaigns import came_from
from prestations.forms import Step
from prestations.forms.eligibility import asked_only_before
from requests import actions
from requests.drafts import is_held_back, resume_url, settled_before
from requests.enums import Relation
from requests.exceptions import PrestationClosed, WrongAudience
from requests.filling import questionnaire_of
from requests.models import FilingDraft
from requests.routing.catalogue import is_urgent
from requests.telling import draft_will_tell
from requests.views.filing import BACK_TO_CHECK
from requests.views.filing_access import (
    TRAP,
    closed_page,
    for_whom_it_waits,
    looks_like_robot,
    own_draft,
)
from requests.views.filing_done import confirmation_url


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_it_waits
def file_check(request: HttpRequest, slug: str, token: UUID) -> HttpResponse:
    """All the answers on one page, and « Envoyer ma demande »."""
    draft = own_draft(request, slug, token)
    if draft.filed_request:
        return redirect(confirmation_url(draft.filed_request))
    if is_held_back(draft):
        return redirect(resume_url(draft))
    again = False
    refused = ""
    if request.method == "POST":
        again = looks_like_robot(request, draft)
        if not again:
            try:
                filed = actions.file_draft(
                    token=token,
                    language=get_language() or "fr",
                    campaign=came_from(request, draft.created_at),
                )
            except actions.IncompleteDraft:
                pass  # the page below lists what is missing
            except WrongAudience as refusal:
                refused = str(refusal)
            except PrestationClosed:
                return closed_page(request, draft.prestation, status=409)
            else:
                return redirect(confirmation_url(filed))
    return _check_page(request, draft, again=again, refused=refused)


def _for_whom(draft: FilingDraft) -> list[dict[str, str]]:
    """In whose name or for whom it is filed, when not for oneself."""
    if draft.organisation:
        return [{"label": _("Au nom de"), "value": draft.organisation.name}]
    if not draft.person:
        return []
    name = f"{draft.person['given_name']} {draft.person['family_name']}".strip()
    url = reverse("requests:file_person", args=[draft.prestation_id, draft.token])
    relation = str(Relation(draft.person["relation"]).label)
    rows = [
        (_("Personne concernée"), name),
        (_("Cette personne est"), relation),
        (_("Son adresse électronique"), draft.person["email"]),
        (_("Son téléphone"), phone_words(draft.person["phone"])),
        (_("Son adresse postale"), draft.person["address"]),
    ]
    return [{"label": label, "value": value, "change_url": url} for label, value in rows if value]


def _given_before(draft: FilingDraft) -> list[dict[str, str]]:
    """The questions before the form with their answers, each with the way back to it."""
    args = [draft.prestation_id, draft.token]
    return [
        {
            "label": given.label,
            "value": given.value,
            "change_url": reverse("requests:file_condition", args=[*args, given.condition.number]),
        }
        for given in asked_only_before(draft.form_version, draft.eligibility)
    ]


def _check_page(
    request: HttpRequest, draft: FilingDraft, *, again: bool, refused: str
) -> HttpResponse:
    questionnaire = questionnaire_of(draft)
    attachments = list(draft.attachments.all())
    steps = questionnaire.steps(draft.answers)
    answers, errors = questionnaire.clean_all(draft.answers, attachments)
    args = [draft.prestation_id, draft.token]

    settled = settled_before(draft)

    def change_url(step: Step, key: str) -> str:
        if key in settled:
            return reverse("requests:file_condition", args=[*args, settled[key].number])
        url = reverse("requests:file_step", args=[*args, step.number])
        return f"{url}?retour={BACK_TO_CHECK}#div_id_{key}"

    sections = [
        {
            "title": section.title,
            "rows": [
                {
                    "label": row.label,
                    "value": row.value,
                    "change_url": change_url(section.step, row.key),
                }
                for row in section.rows
            ],
        }
        for section in questionnaire.summary(draft.answers, attachments)
    ]
    entries = [
        {"text": error.message, "href": change_url(steps[number - 1], error.key)}
        for number, wrong in errors.items()
        for error in wrong
    ]
    context = {
        "prestation": draft.prestation,
        "sections": sections,
        "entries": entries,
        "has_errors": bool(entries),
        "urgent": is_urgent(draft.prestation, answers),
        "again": again,
        "refused": refused,
        "for_whom": _for_whom(draft),
        "will_tell": draft_will_tell(draft, answers),
        "given_before": _given_before(draft),
        "from_outside": actions.draft_from_outside(draft, answers),
        "trap": TRAP,
        "back_url": reverse("requests:file_step", args=[*args, len(steps)]),
        "to_bring": questionnaire.documents_to_bring(draft.answers),
    }
    return render(request, "requests/filing_check.html", context)
