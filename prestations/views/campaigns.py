"""The page that a campaign's short address opens."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from prestations import actions
from prestations.campaigns import is_a_visit, remember_visit
from prestations.models import Campaign, KnowledgeArticle
from prestations.presentation import present


@require_safe
def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """What the campaign says and what it leads to; the catalogue outside its days.

    An announced one says beforehand when it opens; any other is not known of before its first day.
    """
    now = timezone.now()
    known = Campaign.objects.filter(code=code.lower()).first()
    today = timezone.localdate(now)
    if known is None or not known.first_day <= today <= known.last_day:
        over = known is not None and known.last_day < today
        coming = known is not None and known.announced and not over
        told = {"campaign": known if over or coming else None, "coming": coming}
        status = HTTPStatus.OK if coming else HTTPStatus.GONE if over else HTTPStatus.NOT_FOUND
        return render(request, "prestations/campaign_over.html", told, status=status)
    if is_a_visit(request) and remember_visit(request, known, now):
        actions.count_campaign(campaign_id=known.pk, visits=1, today=today)
    shown = known.prestations.listed().select_related("category", "team")
    context = {
        "campaign": known,
        "prestations": [present(one) for one in shown],
        "articles": KnowledgeArticle.objects.published().filter(pk__in=known.articles.all()),
    }
    return render(request, "prestations/campaign.html", context)
