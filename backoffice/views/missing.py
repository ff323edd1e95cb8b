"""What is asked and nothing answers: the list waiting to be written (S70)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.knowledge import LinkForm
from massy_grc.common.posted import safe_next
from prestations.enums import Channel, MissingFate
from prestations.models import MissingAnswer
from requests.actions import missing
from requests.exceptions import RequestError
from requests.permissions import KNOWLEDGE_READERS, Right


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.KEEP_KNOWLEDGE, needs_post=False)
def missing_answers(request: AgentRequest) -> HttpResponse:
    """The words that found nothing, the most asked first, and what to do about them."""
    if request.method == "POST":
        _settle(request)
        return redirect("backoffice:missing_answers")
    context = {"rows": missing.waiting_to_be_written(), "form": LinkForm()}
    return render(request, "backoffice/missing_answers.html", context)


def _settle(request: AgentRequest) -> None:
    words = request.POST.get("words", "")[:60]
    form = LinkForm(request.POST)
    linked = "article" in request.POST
    if linked and not form.is_valid():
        messages.error(request, _("Choisissez l’article qui répond."))
        return
    try:
        missing.settle_missing(
            actor=request.user,
            words=words,
            fate=MissingFate.LINKED if linked else MissingFate.IGNORED,
            article=form.cleaned_data["article"] if linked else None,
        )
    except MissingAnswer.DoesNotExist:
        messages.info(request, _("Un collègue vient de décider pour ces mots."))
    else:
        messages.success(request, _("C’est noté : « %(words)s ».") % {"words": words})


@require_POST
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def report_missing(request: AgentRequest) -> HttpResponse:
    """Note a question that no article answers; then back to where the agent was."""
    channel = request.POST.get("channel", "")
    try:
        missing.report_missing(
            actor=request.user,
            words=request.POST.get("words", "")[:300],
            channel=channel if channel in Channel.values else Channel.GUICHET,
        )
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Merci. La question attend le responsable de la base."))
    return redirect(safe_next(request, "backoffice:knowledge"))
