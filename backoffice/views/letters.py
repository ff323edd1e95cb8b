"""Letters on paper that wait to be printed and posted, one by one or in batches."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import DOWNLOAD, PRINT_BATCH, record_access
from backoffice.forms.letters_to_post import BatchForm, TakeOutForm
from massy_grc.common.posted import posted_ids
from requests import actions
from requests.exceptions import RequestError
from requests.letters.pdf import PdfUnavailable, personal_pdf
from requests.models import Document, PersonalLetter, PrintBatch
from requests.permissions import Right
from requests.uploads import download, show_pdf

SHOWN = 100
BATCHES_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.FRONT_OFFICE)
def letters(request: AgentRequest) -> HttpResponse:
    """The oldest letters to post, each to open and print; ticked ones are noted as posted."""
    if request.method == "POST":
        count = actions.mark_posted(
            document_ids=_ticked(request, "letter"),
            personal_ids=_ticked(request, "personal"),
            actor=request.user,
        )
        if count:
            text = ngettext("%(n)s courrier posté.", "%(n)s courriers postés.", count)
            messages.success(request, text % {"n": count})
        else:
            messages.info(request, _("Cochez les courriers que vous avez postés."))
        return redirect("backoffice:letters")
    waiting = Document.objects.visible_to(request.user).to_post()
    waiting = waiting.select_related("request")[: SHOWN + 1]
    batches = _batches(request).select_related("made_by", "posted_by", "site")
    return render(
        request,
        "backoffice/letter_list.html",
        {
            "letters": waiting[:SHOWN],
            "personal": PersonalLetter.objects.to_post().select_related("citizen")[:SHOWN],
            "more": len(waiting) > SHOWN,
            "shown": SHOWN,
            "form": BatchForm(),
            "most": actions.MOST_LETTERS,
            "to_post": batches.filter(posted_at=None),
            "posted": batches.exclude(posted_at=None)[:BATCHES_SHOWN],
        },
    )


def _batches(request: AgentRequest):
    """Those without a letter that this agent may not see."""
    return PrintBatch.objects.visible_to(request.user)


@require_POST
@agent_page(Right.FRONT_OFFICE)
def make_batch(request: AgentRequest) -> HttpResponse:
    """Put the chosen letters into one file to print."""
    form = BatchForm(request.POST)
    if not form.is_valid():
        messages.info(request, _("Aucun courrier de ce choix n’attend d’être imprimé."))
        return redirect("backoffice:letters")
    try:
        batch = actions.make_batch(actor=request.user, **form.cleaned_data)
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return redirect("backoffice:letters")
    return redirect("backoffice:batch", batch.pk)


@require_safe
@agent_page(Right.FRONT_OFFICE)
def batch(request: AgentRequest, batch_id: int) -> HttpResponse:
    """One batch: what is in it, printing it, noting it as posted."""
    found = get_object_or_404(
        _batches(request).select_related("made_by", "posted_by", "site"), pk=batch_id
    )
    context = {
        "batch": found,
        "letters": found.letters.select_related("request").order_by("id"),
        "removals": found.removals.select_related("document__request", "by"),
    }
    return render(request, "backoffice/batch_detail.html", context)


@require_safe
@agent_page(Right.FRONT_OFFICE)
def batch_file(request: AgentRequest, batch_id: int) -> HttpResponseBase:
    """The file of a batch, the same each time."""
    found = get_object_or_404(_batches(request), pk=batch_id)
    response = download(found)
    record_access(user=request.user, action=DOWNLOAD, object_type=PRINT_BATCH, object_id=found.pk)
    return response


@require_POST
@agent_page(Right.FRONT_OFFICE)
def batch_posted(request: AgentRequest, batch_id: int) -> HttpResponse:
    """The whole batch was posted."""
    get_object_or_404(_batches(request), pk=batch_id)
    try:
        count = actions.post_batch(batch_id=batch_id, actor=request.user)
    except RequestError as refusal:
        messages.info(request, str(refusal))
    else:
        text = ngettext("%(n)s courrier posté.", "%(n)s courriers postés.", count)
        messages.success(request, text % {"n": count})
    return redirect("backoffice:letters")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.FRONT_OFFICE)
def take_out(request: AgentRequest, batch_id: int, document_id: int) -> HttpResponse:
    """Say why one letter of a batch does not leave with it."""
    found = get_object_or_404(_batches(request), pk=batch_id)
    letter = get_object_or_404(found.letters.select_related("request"), pk=document_id)
    form = TakeOutForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.take_out_of_batch(
                batch_id=batch_id,
                document_id=document_id,
                actor=request.user,
                reason=form.cleaned_data["reason"],
            )
        except RequestError as refusal:
            messages.error(request, str(refusal))
        return redirect("backoffice:batch", batch_id)
    context = {"batch": found, "letter": letter, "form": form}
    return render(request, "backoffice/batch_take_out.html", context)


@require_safe
@agent_page(Right.FRONT_OFFICE)
def personal_letter(request: AgentRequest, pk: int) -> HttpResponse:
    """A letter that belongs to no request, to print; without Pango, its words."""
    letter = get_object_or_404(PersonalLetter.objects.select_related("citizen"), pk=pk)
    record_access(
        user=request.user, action=DOWNLOAD, object_type="citizen", object_id=letter.citizen_id
    )
    try:
        return show_pdf(f"courrier-{letter.pk}.pdf", personal_pdf(letter))
    except PdfUnavailable:
        lines = [letter.citizen.letter_name, letter.address, "", letter.subject, "", letter.body]
        return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _ticked(request: AgentRequest, name: str) -> list[int]:
    return posted_ids(request.POST.getlist(name)[:SHOWN])
