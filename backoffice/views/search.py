"""The one search box: a reference opens its request, words find all that they may name."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.finding import IN_THE_BOX, ON_THE_PAGE, find, typed
from backoffice.posts import post_of


@require_safe
@agent_page()
def search(request: AgentRequest) -> HttpResponse:
    """Look everywhere this person may look.

    The box asks with each word, and gets the first results; the page has more of them.
    """
    q = typed(request.GET.get("q", ""))
    in_the_box = bool(request.htmx)
    most = IN_THE_BOX if in_the_box else ON_THE_PAGE
    found = find(q, request.user, post_of(request), most)
    if found.exact and not in_the_box:
        return redirect(found.exact)
    template = "backoffice/search_found.html" if in_the_box else "backoffice/search_results.html"
    return render(request, template, {"q": q, "found": found})
