"""The one search box: a reference opens its request, words find all that they may name."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.finding import IN_THE_BOX, ON_THE_PAGE, fewer_words, find, recent_references, typed
from backoffice.posts import post_of
from backoffice.recent import recently_opened
from requests.permissions import Right, scope_of
from requests.references import looks_like_reference


@require_safe
@agent_page()
def search(request: AgentRequest) -> HttpResponse:
    """Look everywhere this person may look.

    The box asks with each word, and gets the first results; the page has more of them. Before any
    word it offers what was opened last; where nothing is found, what to do next.
    """
    q = typed(request.GET.get("q", ""))
    in_the_box = bool(request.htmx)
    most = IN_THE_BOX if in_the_box else ON_THE_PAGE
    found = find(q, request.user, post_of(request), most)
    if found.exact and not in_the_box:
        return redirect(found.exact)
    # a wrong one, or the end of one: nobody's name or number
    is_reference = looks_like_reference(q) or bool(recent_references(q))
    context = {
        "q": q,
        "found": found,
        "recent": None if q else recently_opened(request.user),
        "fewer": () if found.number or is_reference else fewer_words(q),
        "is_reference": is_reference,
        "keeps_records": scope_of(request.user).may(Right.LOG_REQUEST) and not is_reference,
    }
    template = "backoffice/search_found.html" if in_the_box else "backoffice/search_results.html"
    return render(request, template, context)
