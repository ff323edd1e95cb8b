"""What answers change in a prestation: delay of urgency, department, for whom it is."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.offer_rules import OfferRulesForm
from backoffice.views.form_builder import editable
from backoffice.views.seen import Seen
from prestations.configuration import seen_of
from prestations.editing.offers import write_rules
from prestations.exceptions import CatalogueError
from requests.permissions import Right


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def offer_rules(request: AgentRequest, code: str) -> HttpResponse:
    """The rules of one prestation; in force as soon as they are saved, for what is filed then."""
    prestation = editable(code)
    form = OfferRulesForm(request.POST if request.method == "POST" else None, prestation=prestation)
    seen = Seen(request, partial(seen_of, "prestations", code))
    if form.is_valid():
        try:
            write_rules(
                prestation_id=code, values=form.columns(), seen=seen.value, actor=request.user
            )
        except CatalogueError as refusal:
            seen.refuse(form, refusal)
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect("backoffice:offer_rules", code)
    context = {"prestation": prestation, "form": form, "seen": seen}
    return render(request, "backoffice/offer_rules.html", context)
