"""What a text box offers while one types: replies the town has ready, articles."""

from dataclasses import asdict

from django.conf import settings
from django.http import Http404, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import record_opening
from backoffice.finding import typed
from backoffice.views.requests import WORKERS, find_request
from massy_grc.common.text import fold
from prestations.enums import EntryKind, LetterUse
from prestations.models import KnowledgeArticle
from prestations.searching import ARTICLE_KINDS, search_articles
from requests.letters.canned import Canned, canned_replies
from requests.permissions import KNOWLEDGE_READERS, scope_of

MOST_ARTICLES = 6


@require_safe
@agent_page(*WORKERS)
def replies(request: AgentRequest, reference: str, use: str) -> JsonResponse:
    """What may be put into a message, or an answer, about this request.

    They hold values of the request: a look at it.
    """
    sr = find_request(request, reference)
    if use not in LetterUse.values:
        raise Http404
    record_opening(request.user, sr)
    found = canned_replies(sr, LetterUse(use), timezone.now())
    return JsonResponse({"replies": [asdict(one) for one in found]})


@require_safe
@agent_page(*WORKERS)
def articles(request: AgentRequest, reference: str) -> JsonResponse:
    """Articles that ``?q=`` finds, each with the line that points to it: first those of which it
    begins the title, as when one knows what one looks for.

    In a message those that everybody may read; ``?note`` finds the agents' own as well.
    """
    find_request(request, reference)
    inside = "note" in request.GET and bool(scope_of(request.user).rights & {*KNOWLEDGE_READERS})
    q = typed(request.GET.get("q", ""))
    kinds = ARTICLE_KINDS if inside else (EntryKind.ARTICLE,)
    found, _understood = search_articles(q, kinds) if q else ([], "")
    begun = fold(q)
    found.sort(key=lambda one: not fold(one.shown_label).startswith(begun))  # else as they were
    return JsonResponse({"articles": [asdict(_pointing_to(one)) for one in found[:MOST_ARTICLES]]})


def _pointing_to(article: KnowledgeArticle) -> Canned:
    """An article, and the line that points to it: to its public page, else to the agents' own."""
    if article.public:
        url = settings.PUBLIC_URL + reverse("prestations:article", args=[article.slug])
    else:
        url = settings.PUBLIC_URL + reverse("backoffice:article", args=[article.pk])
    return Canned(label=article.shown_label, text=f"{article.label} : {url}")
