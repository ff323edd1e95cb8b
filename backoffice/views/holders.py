"""Restricted prestations: who is named for each, by whom and until when (L7, S69)."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.holders import name_holder, withdraw_holder
from backoffice.forms.holders import HolderForm
from prestations.configuration import recorded
from prestations.models import Prestation, RightHolder
from requests.exceptions import RequestError
from requests.permissions import Right, scope_of

JOURNAL_SHOWN = 50
NAMING = (Right.ADMINISTER, Right.PROTECT_DATA)


@require_safe
@agent_page(*NAMING, needs_post=False)
def holders(request: AgentRequest) -> HttpResponse:
    """Each restricted prestation with those named for it today."""
    current = RightHolder.objects.current().select_related("user")
    prestations = Prestation.objects.listed_or_made().restricted().order_by("order")
    may_settings = scope_of(request.user).may(Right.ADMINISTER)
    rows = prestations.prefetch_related(Prefetch("right_holders", current, to_attr="named"))
    return render(
        request, "backoffice/holder_list.html", {"prestations": rows, "may_settings": may_settings}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*NAMING, needs_post=False)
def holder(request: AgentRequest, code: str) -> HttpResponse:
    """Those named for one prestation, and the journal; naming one more."""
    prestation = get_object_or_404(Prestation.objects.restricted(), pk=code)
    form = HolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with recorded("holders", code, actor=request.user):
                named = name_holder(actor=request.user, prestation_id=code, **form.cleaned_data)
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            text = _("%(name)s lit désormais ces demandes.")
            messages.success(request, text % {"name": named.user.get_full_name()})
            return redirect("backoffice:holder", code)
    rows = prestation.right_holders.select_related("user", "granted_by", "withdrawn_by")
    current = list(rows.current())
    context = {
        "prestation": prestation,
        "form": form,
        "current": current,
        "past": rows.exclude(pk__in=[one.pk for one in current])[:JOURNAL_SHOWN],
    }
    return render(request, "backoffice/holder_detail.html", context)


@require_POST
@agent_page(*NAMING, needs_post=False)
def holder_withdraw(request: AgentRequest, holder_id: int) -> HttpResponse:
    """Withdraw the access of one person to one prestation."""
    row = get_object_or_404(RightHolder, pk=holder_id)
    with recorded("holders", row.prestation_id, actor=request.user):
        withdraw_holder(actor=request.user, holder_id=row.pk)
    text = _("%(name)s ne lit plus ces demandes.")
    messages.success(request, text % {"name": row.user.get_full_name()})
    return redirect("backoffice:holder", row.prestation_id)
