"""The knowledge base as the public reads it; nothing internal or unfinished is ever shown here."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from massy_grc.common.throttle import Limit, client_address, spend
from prestations import actions
from prestations.forms.remark import RemarkForm
from prestations.models import KnowledgeArticle
from prestations.presentation import present

OPINION_LIMIT = Limit("article-opinion", attempts=20, window=timedelta(minutes=10))
REMARK_LIMIT = Limit("article-remark", attempts=5, window=timedelta(hours=1))
ANSWERED = "merci"
REMARKED = "note"


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """All published articles."""
    found = KnowledgeArticle.objects.published()
    return render(request, "prestations/articles.html", {"articles": found})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article, when it was checked, what it leads to, and the question whether it helped."""
    found = get_object_or_404(KnowledgeArticle.objects.published(), slug=slug)
    return _page(request, found, RemarkForm())


def _page(
    request: HttpRequest, found: KnowledgeArticle, form: RemarkForm, status: int = 200
) -> HttpResponse:
    tied = found.prestations.listed().select_related("category", "team")
    return render(
        request,
        "prestations/article.html",
        {
            "article": found,
            "prestations": [present(prestation) for prestation in tied],
            "answered": ANSWERED in request.GET,
            "remarked": REMARKED in request.GET,
            "remark_form": form,
            "has_errors": bool(form.errors),
        },
        status=status,
    )


@require_POST
def remark(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what a reader finds out of date; nobody is named, a flood from one place is refused."""
    found = get_object_or_404(KnowledgeArticle.objects.published(), slug=slug)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    if spend(REMARK_LIMIT, client_address(request), timezone.now()):
        form.add_error(None, _("Vous avez déjà beaucoup écrit. Réessayez dans une heure."))
        return _page(request, found, form, status=429)
    actions.note_remark(slug=slug, text=form.cleaned_data["text"])
    shown = redirect("prestations:article", slug=slug)
    shown["Location"] += f"?{REMARKED}#a-jour"
    return shown


@require_POST
def opinion(request: HttpRequest, slug: str) -> HttpResponse:
    """Count « oui » or « non »; who answers is not kept, a flood from one place is not counted."""
    answer = request.POST.get("aide")
    if answer in ("oui", "non") and not spend(
        OPINION_LIMIT, client_address(request), timezone.now()
    ):
        try:
            actions.count_opinion(slug=slug, helpful=answer == "oui")
        except KnowledgeArticle.DoesNotExist as error:
            raise Http404 from error
    else:
        get_object_or_404(KnowledgeArticle.objects.published(), slug=slug)
    shown = redirect("prestations:article", slug=slug)
    shown["Location"] += f"?{ANSWERED}#aide"
    return shown
