"""Promised calls: one list by slot, and the promise made on a request."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import record_opening
from backoffice.forms.complaints import CallBackForm, typed_as
from backoffice.neighbours import list_behind, with_list
from backoffice.views.requests import find_request
from massy_grc.common.posted import safe_next
from requests import actions
from requests.exceptions import RequestError
from requests.models import CallBack
from requests.permissions import Right

SHOWN = 100


@require_safe
@agent_page(Right.LOG_REQUEST)
def call_backs(request: AgentRequest) -> HttpResponse:
    """Who is to be called back: late ones first, then by slot; one's own, or everybody's."""
    now = timezone.now()
    mine = request.GET.get("qui") == "moi"
    waiting = CallBack.objects.visible_to(request.user).waiting()
    if mine:
        waiting = waiting.filter(owner=request.user)
    rows = list(waiting.select_related("owner", "request__prestation", "contact__citizen")[:SHOWN])
    today = timezone.localdate(now)
    groups = [
        (_("En retard"), [one for one in rows if one.ends_at < now]),
        (
            _("Aujourd’hui"),
            [o for o in rows if o.ends_at >= now and timezone.localdate(o.starts_at) <= today],
        ),
        (_("Plus tard"), [one for one in rows if timezone.localdate(one.starts_at) > today]),
    ]
    context = {"groups": [group for group in groups if group[1]], "mine": mine, "now": now}
    return render(request, "backoffice/call_back_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.FRONT_OFFICE)
def call_back(request: AgentRequest, reference: str) -> HttpResponse:
    """Promise a call to the requester, or move the one that waits."""
    sr = find_request(request, reference)
    record_opening(request.user, sr)
    waiting = sr.call_backs.waiting().first()
    initial = (
        typed_as(waiting)
        if waiting
        else {"day": timezone.localdate(), "owner": request.user.pk, "phone": sr.requester_phone}
    )
    given = request.POST if request.method == "POST" else None
    form = CallBackForm(given, initial=initial, number_known=bool(sr.requester_phone))
    if form.is_valid():
        try:
            actions.promise_call_back(request_id=sr.pk, actor=request.user, **form.promised())
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le rappel est promis."))
            return redirect(with_list(sr.get_absolute_url(), request.GET))
    context = {"sr": sr, "form": form, **list_behind(request.GET)}
    return render(request, "backoffice/call_back_form.html", context)


@require_POST
@agent_page(Right.LOG_REQUEST)
def called_back(request: AgentRequest, call_back_id: int) -> HttpResponse:
    """Note that a person was called back."""
    try:
        actions.mark_called_back(
            call_back_id=call_back_id,
            actor=request.user,
            answer=request.POST.get("answer", "").replace("\x00", "")[:5000],
        )
    except CallBack.DoesNotExist as gone:  # or withdrawn meanwhile
        raise Http404 from gone
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Rappel noté."))
    return redirect(safe_next(request, reverse("backoffice:call_backs")))
