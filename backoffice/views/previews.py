"""Reading a letter before it leaves: its mail, its paper, and the way back to change it."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from backoffice.access import AgentRequest
from backoffice.actions.accesses import record_opening
from backoffice.acts import Act
from backoffice.concluded import repeats_conclusion
from backoffice.neighbours import LIST
from backoffice.request_page import page_context
from backoffice.shown_state import shown_before, shown_now
from requests.enums import Verb
from requests.letters.pdf import PdfUnavailable
from requests.models import ProposedDecision, ServiceRequest
from requests.notifications.preview import Outlook, preview

PREVIEW, PDF, SEND, EDIT, CHOOSE = "preview", "pdf", "send", "edit", "choose"
NEXT = "next"  # sent, and the next request opened
KEPT_OUT = {"csrfmiddlewaretoken", "step"}


def step_of(request: HttpRequest) -> str:
    """What the pressed button asks for; an act posted without a step is done."""
    return request.POST.get("step", SEND)


def typed(request: HttpRequest) -> dict:
    """What was typed, as a form's initial values: shown again without being judged."""
    return {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists()}


def kept(request: HttpRequest) -> dict:
    """What was typed, to be kept as a draft should the sending be undone."""
    apart = KEPT_OUT | {"version", "seen", "shown"}
    return {name: value for name, value in typed(request).items() if name not in apart}


def preview_page(
    request: AgentRequest, sr: ServiceRequest, act: Act, perform: Callable[[], object]
) -> HttpResponse:
    """The letters as they would leave; what was typed goes along to be sent or changed."""
    outlook = preview(sr.pk, perform)
    if step_of(request) == PDF:
        return _pdf(sr, outlook)
    carried: list[tuple[str, object]] = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in KEPT_OUT
    ]
    if request.method != "POST":
        carried = [("version", sr.version), ("seen", sr.event_count)]
        carried += [(name, value) for name, value in request.GET.items() if name != LIST]
    shown = shown_before(request) if request.method == "POST" else shown_now(sr)
    record_opening(request.user, sr)  # whoever lets it leave may never have opened it
    about = page_context(request, sr)
    decision = about["decision"] if act.verb == Verb.SIGN else None
    context = {
        **about,
        "act": act,
        "heading": _heading(decision),
        "outlook": outlook,
        "carried": carried,
        "shown": shown,
        "writes_now": True,
        "send_label": _send_label(act, outlook),
        "signature": _signature(outlook),
        "repeats": repeats_conclusion(sr, *(one.paper_text for one in outlook.letters)),
    }
    return render(request, "backoffice/request_preview.html", context)


def _heading(decision: ProposedDecision | None) -> str:
    if decision is None:
        return _("Relire avant l’envoi")
    return _("Relire et approuver") if decision.is_favourable else _("Relire et signer")


def _send_label(act: Act, outlook: Outlook):
    """What the last button does: send, submit, sign or approve."""
    if outlook.waits is not None:
        favourable = outlook.waits.is_favourable
        return _("Soumettre à l’approbation") if favourable else _("Soumettre à la signature")
    return act.label


def _signature(outlook: Outlook) -> Sequence[str]:
    """In whose name what is read leaves, by which delegation; empty when its author signs it."""
    letters = [shown.letter.rendered for shown in outlook.letters]
    place_and_day = 1
    return letters[0].signature[place_and_day:] if letters else ()


def _pdf(sr: ServiceRequest, outlook: Outlook) -> HttpResponse:
    """The letter as PDF; the same words as text where PDFs cannot be made."""
    if not outlook.letters:
        return HttpResponse(_("Aucune lettre ne part."), content_type="text/plain; charset=utf-8")
    shown = outlook.letters[0]  # an act sends one letter at most
    try:
        response = HttpResponse(shown.pdf(), content_type="application/pdf")
    except PdfUnavailable:
        text = f"{shown.subject}\n\n{shown.paper_text}\n"
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="apercu-{sr.reference}.pdf"'
    return response
