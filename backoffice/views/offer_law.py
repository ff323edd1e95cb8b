"""What law asks of a prestation: silence, checks, who reads its requests."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.watertight import write_law
from backoffice.forms.offer_law import OfferLawForm
from backoffice.offer_way import placed
from backoffice.views.form_builder import editable
from backoffice.views.seen import Seen, changes_to
from prestations.configuration import seen_of
from prestations.editing.checking import Told
from prestations.exceptions import CatalogueError, StillWrong
from prestations.models import Prestation
from prestations.presentation import silence_regime_words
from requests.permissions import Right


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def offer_law(request: AgentRequest, code: str) -> HttpResponse:
    """The regime of silence, the checks, the counter, the public map and the named access."""
    prestation = editable(code)
    form = OfferLawForm(request.POST if request.method == "POST" else None, prestation=prestation)
    seen = Seen(request, partial(seen_of, "prestations", code), changes_to("prestations", code))
    problems: list[Told] = []
    if form.is_valid():
        try:
            written = write_law(
                prestation_id=code, values=form.columns(), seen=seen.value, actor=request.user
            )
        except StillWrong as refusal:
            problems = refusal.problems
        except CatalogueError as refusal:
            seen.refuse(form, refusal)
        else:
            messages.success(request, _("C’est enregistré."))
            if written.restricted and not written.right_holders.current().exists():
                messages.warning(
                    request,
                    _("Personne n’est nommé : aucun agent ne lit ses demandes."),
                )
            return redirect("backoffice:offer_law", code)
    mine = Prestation.objects.filter(pk=code)
    context = {
        "prestation": editable(code),
        "form": form,
        "seen": seen,
        "problems": placed(prestation, problems),
        "words": silence_regime_words(mine.get()),
        "unsure": mine.silence_unconfirmed().exists(),
    }
    return render(request, "backoffice/offer_law.html", context)
