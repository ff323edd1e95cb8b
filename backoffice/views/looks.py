"""Who looked at whose record: what the data-protection officer reviews (R24, S69)."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import REVIEW, looked_for, record_look
from backoffice.enums import LookReason
from backoffice.forms.records import ExportsForm, LooksForm
from backoffice.looks import looks_at, reserved_looks, shown_looks
from backoffice.shown_exports import naming_people, shown_exports, taken_out
from citizens.models import Citizen
from massy_grc.audit.models import AccessRecord
from massy_grc.common.paging import Order, keyset_page
from prestations.calendars import midnight, midnight_after
from requests.permissions import Right

SIZE = 50
NEWEST = Order("at", descending=True)


@require_safe
@agent_page(Right.REVIEW_ACCESS, needs_post=False)
def looks(request: AgentRequest) -> HttpResponse:
    """Each look at a record or a request, by person, agent, day and reason, newest first.

    What an agent repeats the same day is one line of its page, with a count.

    To read who looked at one person's record is noted like a look.
    """
    form = LooksForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    person = None
    if chosen.get("personne"):
        person = get_object_or_404(Citizen, pk=chosen["personne"])
        why = looked_for(LookReason.RIGHTS)
        record_look(request.user, person.pk, why, action=REVIEW)
    page = keyset_page(_chosen(chosen, person), order=NEWEST, params=request.GET, size=SIZE)
    context = {"form": form, "person": person, "page": page, "looks": shown_looks(page.rows)}
    return render(request, "backoffice/privacy_looks.html", context)


@require_safe
@agent_page(Right.REVIEW_ACCESS, needs_post=False)
def exports(request: AgentRequest) -> HttpResponse:
    """Each file that was taken out, newest first: by whom, of which list, with what in it."""
    form = ExportsForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = _by_whom_and_when(taken_out(), chosen)
    if chosen.get("personnelles"):
        found = naming_people(found)
    page = keyset_page(found, order=NEWEST, params=request.GET, size=SIZE)
    context = {"form": form, "page": page, "rows": shown_exports(page.rows)}
    return render(request, "backoffice/privacy_exports.html", context)


def _by_whom_and_when(rows: QuerySet[AccessRecord], chosen: dict) -> QuerySet[AccessRecord]:
    if chosen.get("agent"):
        rows = rows.filter(user=chosen["agent"])
    if chosen.get("du"):
        rows = rows.filter(at__gte=midnight(chosen["du"]))
    if chosen.get("au"):
        rows = rows.filter(at__lt=midnight_after(chosen["au"]))
    return rows


def _chosen(chosen: dict, person: Citizen | None) -> QuerySet[AccessRecord]:
    rows = _by_whom_and_when(looks_at(person), chosen)
    if chosen.get("lien"):
        rows = rows.filter(detail__why=chosen["lien"])
    return reserved_looks(rows) if chosen.get("reserve") else rows
