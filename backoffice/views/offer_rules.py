"""What answers change in a prestation (urgency, department, for whom it is), and its letters."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.offer_letters import OfferLettersForm
from backoffice.forms.offer_rules import OfferRulesForm
from backoffice.views.form_builder import draft_of, editable
from backoffice.views.form_parts import MORE
from backoffice.views.seen import Seen, changes_to
from massy_grc.common.posted import posted_id
from prestations.configuration import seen_of
from prestations.editing.actions import write_draft
from prestations.editing.offers import write_rules
from prestations.exceptions import CatalogueError
from requests.permissions import Right


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def offer_rules(request: AgentRequest, code: str) -> HttpResponse:
    """The rules of one prestation, for what is filed then: in force at once, or with its form."""
    prestation = editable(code)
    draft = draft_of(prestation)
    posted = request.POST if request.method == "POST" else None
    more = posted if posted is not None and posted.get("action") == MORE else None
    form = OfferRulesForm(None if more else posted, prestation=prestation, draft=draft, typed=more)
    seen = Seen(
        request, partial(seen_of, "prestations", code), changes_to("prestations", code), form
    )
    if form.is_valid():
        common: dict[str, Any] = {"prestation_id": code, "actor": request.user}
        try:
            if form.waits:
                revision = posted_id(request.POST.get("revision")) or 0
                write_draft(**common, revision=revision, rules=form.columns())
            else:
                write_rules(**common, values=form.columns(), seen=seen.value)
        except CatalogueError as refusal:
            seen.refuse(form, refusal)
        else:
            told = _("C’est dans le brouillon.") if form.waits else _("C’est enregistré.")
            messages.success(request, told)
            return redirect("backoffice:offer_rules", code)
    context = {"prestation": prestation, "form": form, "seen": seen, "draft": draft}
    return render(request, "backoffice/offer_rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def offer_letters(request: AgentRequest, code: str) -> HttpResponse:
    """The letters that one prestation names."""
    prestation = editable(code)
    form = OfferLettersForm(
        request.POST if request.method == "POST" else None, prestation=prestation
    )
    seen = Seen(
        request, partial(seen_of, "prestations", code), changes_to("prestations", code), form
    )
    if form.is_valid():
        try:
            write_rules(
                prestation_id=code, values=form.columns(), seen=seen.value, actor=request.user
            )
        except CatalogueError as refusal:
            seen.refuse(form, refusal)
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect("backoffice:offer_letters", code)
    context = {"prestation": prestation, "form": form, "seen": seen}
    return render(request, "backoffice/offer_letters.html", context)
