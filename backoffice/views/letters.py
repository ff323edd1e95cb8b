"""Letters on paper that wait to be printed and posted."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from requests import actions
from requests.models import Document
from requests.permissions import Right

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.FRONT_OFFICE)
def letters(request: AgentRequest) -> HttpResponse:
    """The oldest letters to post, each to open and print; ticked ones are noted as posted."""
    if request.method == "POST":
        given = request.POST.getlist("letter")[:SHOWN]
        ticked = [int(pk) for pk in given if re.fullmatch(r"[0-9]{1,18}", pk)]
        count = actions.mark_posted(document_ids=ticked, actor=request.user)
        if count:
            text = ngettext("%(n)s courrier posté.", "%(n)s courriers postés.", count)
            messages.success(request, text % {"n": count})
        else:
            messages.info(request, _("Cochez les courriers que vous avez postés."))
        return redirect("backoffice:letters")
    waiting = (
        Document.objects.filter(to_print=True, printed_at=None)
        .select_related("request")
        .order_by("id")[: SHOWN + 1]
    )
    return render(
        request,
        "backoffice/letter_list.html",
        {"letters": waiting[:SHOWN], "more": len(waiting) > SHOWN, "shown": SHOWN},
    )
