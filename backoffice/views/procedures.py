"""The procedures of the prestations: their list, one written, a step ticked beside a request."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.knowledge import ProcedureForm, procedure_initial
from backoffice.neighbours import with_list
from backoffice.views.requests import WORKERS, find_request
from prestations.configuration import recorded
from prestations.models import KnowledgeArticle, Prestation, Procedure, ProcedureStep
from requests.actions import articles
from requests.actions import procedures as actions
from requests.exceptions import RequestError
from requests.knowledge_rights import keeps_knowledge
from requests.permissions import KNOWLEDGE_READERS


@require_safe
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def procedure_list(request: AgentRequest) -> HttpResponse:
    """The prestations, the most asked for first, and which have their procedure."""
    offered = Prestation.objects.offered().select_related("procedure__owner")
    context = {
        "rows": offered.order_by("-demand", "order"),
        "today": timezone.localdate(),
        "keeps": keeps_knowledge(request.user),
    }
    return render(request, "backoffice/procedure_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def procedure(request: AgentRequest, code: str) -> HttpResponse:
    """One procedure as agents read it; the knowledge manager writes it."""
    prestation = get_object_or_404(Prestation.objects.filter(is_active=True), pk=code)
    known = Procedure.objects.filter(pk=code).select_related("owner", "changed_by").first()
    form = None
    status = 200
    if keeps_knowledge(request.user):
        given = request.POST if request.method == "POST" else None
        form = ProcedureForm(given, initial=procedure_initial(known))
        if form.is_valid():
            names = ("owner", "review_on", "seen")
            try:
                with recorded("procedures", code, actor=request.user):
                    actions.write_procedure(
                        actor=request.user,
                        prestation=prestation,
                        steps=form.steps(),
                        **{name: form.cleaned_data[name] for name in names},
                    )
            except RequestError as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("La procédure est enregistrée."))
                return redirect("backoffice:procedure_list")
    elif request.method == "POST":
        status = 403
    context = {
        "prestation": prestation,
        "procedure": known,
        "steps": [actions.ShownStep(step) for step in actions.steps_of(code)],
        "form": form,
        "late": known and known.review_on and known.review_on < timezone.localdate(),
    }
    return render(request, "backoffice/procedure_detail.html", context, status=status)


@require_POST
@agent_page(*WORKERS)
def procedure_tick(request: AgentRequest, reference: str, step_id: int) -> HttpResponse:
    """Note that a step is done for a request, or take that back."""
    sr = find_request(request, reference)
    try:
        actions.tick_step(
            request_id=sr.pk, actor=request.user, step_id=step_id, done="done" in request.POST
        )
    except ProcedureStep.DoesNotExist:
        messages.info(request, _("Cette étape ne fait plus partie de la procédure."))
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{with_list(sr.get_absolute_url(), request.GET)}#procedure")


@require_POST
@agent_page(*WORKERS)
def article_use(request: AgentRequest, reference: str, slug: str) -> HttpResponse:
    """Note whether an article answered the request."""
    sr = find_request(request, reference)
    get_object_or_404(KnowledgeArticle.objects.in_force(), slug=slug)
    if request.POST.get("answered") in ("oui", "non"):
        articles.use_article(
            actor=request.user,
            request_id=sr.pk,
            slug=slug,
            answered=request.POST["answered"] == "oui",
        )
    return redirect(f"{with_list(sr.get_absolute_url(), request.GET)}#articles")
