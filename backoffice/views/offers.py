"""What the town offers: prestations found, made, written."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.fees import FeeForm
from backoffice.forms.offer_new import NewPrestationForm
from backoffice.forms.offers import RETIRED, PrestationForm
from backoffice.offer_way import Stage, placed, way_of
from backoffice.views.form_builder import draft_of, editable
from backoffice.views.seen import Seen, changes_to
from massy_grc.common.text import fold
from prestations.editing.checking import Told, problems_of
from prestations.editing.items import known_blocks
from prestations.editing.offers import (
    fingerprint,
    in_use_problems,
    make_prestation,
    write_prestation,
)
from prestations.enums import PrestationStatus
from prestations.exceptions import CatalogueError, StillWrong
from prestations.models import FormDraft, Prestation
from prestations.models.catalogue import UNSORTED
from requests.permissions import Right

FIRST_BLOCK = "identifie"


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def offers(request: AgentRequest) -> HttpResponse:
    """Every prestation, by words of its name and by state."""
    status, words = request.GET.get("etat", ""), request.GET.get("q", "")[:100]
    rows = (
        _with_status(status)
        .select_related("category", "form_draft")
        .order_by("category__order", "order", "code")
    )
    asked = fold(words.replace("\x00", ""))
    found = [one for one in rows if asked in fold(f"{one.label} {one} {one.pk}")]
    context = {
        "rows": found,
        "q": words,
        "status": status,
        "states": [*PrestationStatus.choices, (RETIRED, _("Retirée"))],
    }
    return render(request, "backoffice/offer_list.html", context)


def _with_status(status: str) -> QuerySet[Prestation]:
    rows = Prestation.objects.exclude(pk=UNSORTED)
    retired = Q(is_active=False) & ~Q(status=PrestationStatus.DRAFT)
    if status == RETIRED:
        return rows.filter(retired)
    if status in PrestationStatus.values:
        return rows.filter(status=status).exclude(retired)
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def offer_new(request: AgentRequest) -> HttpResponse:
    """A new prestation, from nothing or as a copy; nobody sees it before it is active."""
    code = request.GET.get("copie", "").replace("\x00", "")
    source = Prestation.objects.listed().filter(pk=code).first()
    form = NewPrestationForm(request.POST if request.method == "POST" else None, source=source)
    if form.is_valid():
        blocks = known_blocks()
        block = blocks.get(FIRST_BLOCK) or next(iter(blocks.values()))
        made = make_prestation(block=block, actor=request.user, **form.cleaned_data)
        messages.success(request, _("La prestation est créée, en brouillon."))
        if made.restricted:
            messages.info(
                request,
                _(
                    "Comme celle que vous avez copiée, elle est réservée à des agents nommés :"
                    " nommez les siens avant de l’ouvrir."
                ),
            )
        return redirect("backoffice:offer", made.pk)
    return render(request, "backoffice/offer_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def offer(request: AgentRequest, code: str) -> HttpResponse:
    """The settings of one prestation; in force as soon as they are saved."""
    prestation = editable(code)
    posted = request.POST if request.method == "POST" else None
    form = PrestationForm(posted, prestation=prestation)
    fee = FeeForm(posted, fee=prestation.fee)
    history = changes_to("prestations", code)
    seen = Seen(request, lambda: fingerprint(editable(code)), history, form, fee)
    problems: list[Told] = []
    if form.is_valid() and fee.is_valid():
        try:
            write_prestation(
                prestation_id=code,
                seen=seen.value or "",
                values={**form.columns(), "fee": fee.fee()},
                sites=form.cleaned_data["sites"],
                groups=form.cleaned_data["groups"],
                english=form.english(),
                actor=request.user,
            )
        except StillWrong as refusal:
            problems = refusal.problems
        except CatalogueError as refusal:
            seen.refuse(form, refusal)
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect("backoffice:offer", code)
    draft = draft_of(prestation)
    context = {
        "prestation": prestation,
        "form": form,
        "fee": fee,
        "has_errors": bool(fee.errors),
        "seen": seen,
        "problems": placed(prestation, problems),
        "draft": draft,
        "way": _way(code, draft),
    }
    return render(request, "backoffice/offer_detail.html", context)


def _way(code: str, draft: FormDraft | None) -> list[Stage]:
    """What is left to do before a draft is in use; read anew, without what is typed."""
    prestation = editable(code)
    if prestation.status != PrestationStatus.DRAFT:
        return []
    form = draft or prestation.current_form
    problems = problems_of(prestation, form.definition) if form else in_use_problems(prestation)
    return way_of(prestation, draft, problems)
