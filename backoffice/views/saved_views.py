"""Views of the queue kept under a name: keep one, share it, change it, give it up (S37)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.saved_views import (
    ALONE,
    change_view,
    delete_view,
    group_of,
    groups_of,
    narrow_view,
    save_view,
)
from backoffice.forms.saved_views import SavedViewForm
from backoffice.list_words import filters_of, list_told
from backoffice.models import SavedView
from backoffice.queues import narrows, view_of
from backoffice.saved_views import address_of, kept_query
from backoffice.views.requests import WORKERS
from requests.exceptions import RequestError
from requests.permissions import Right, scope_of


@require_safe
@agent_page(*WORKERS, needs_post=False)
def saved_view_list(request: AgentRequest) -> HttpResponse:
    """One's own views, and those that others share."""
    offered = SavedView.objects.offered_to(request.user).select_related(
        "owner", "team", "department"
    )
    rows = [
        {
            "saved": one,
            "url": address_of(one) if view_of(one.query, request.user) else "",
            "is_own": one.owner_id == request.user.pk,
            "shared_with": one.team or one.department or one.get_role_display(),
        }
        for one in offered
    ]
    context = {"rows": rows, "supervises": scope_of(request.user).may(Right.SUPERVISE)}
    return render(request, "backoffice/saved_view_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*WORKERS, needs_post=False)
def saved_view_new(request: AgentRequest) -> HttpResponse:
    """Keep the list whose filters stand in the address."""
    query = kept_query(request.GET)
    if not filters_of(query).form.is_valid():  # the list says what is wrong with it
        return redirect(f"{reverse('backoffice:queue')}?{query}")
    form = SavedViewForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_view(actor=request.user, query=query, **form.cleaned_data)
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La vue « %(name)s » est gardée.") % {"name": saved.name})
            return redirect(address_of(saved))
    if not narrows(query) or view_of(query, request.user) is None:
        return redirect("backoffice:queue")
    context = {
        "form": form,
        "told": list_told(query, view_of(query, request.user)),
        "back_url": f"?{request.GET.urlencode()}",
        "text_left_out": bool(request.GET.get("q")),
    }
    return render(request, "backoffice/saved_view_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*WORKERS, needs_post=False)
def saved_view_edit(request: AgentRequest, view_id: int) -> HttpResponse:
    """Give one's own view another name, or share it otherwise."""
    saved = get_object_or_404(SavedView, pk=view_id, owner=request.user)
    initial = {"name": saved.name, "group": group_of(saved), "opens": saved.opens}
    if initial["group"] not in groups_of(request.user):  # one has left that group since
        initial["group"] = ALONE
    form = SavedViewForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_view(actor=request.user, view_id=saved.pk, **form.cleaned_data)
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La vue est modifiée."))
            return redirect("backoffice:saved_views")
    context = {
        "form": form,
        "saved": saved,
        "told": list_told(saved.query, view_of(saved.query, request.user)),
    }
    return render(request, "backoffice/saved_view_form.html", context)


@require_POST
@agent_page(*WORKERS, needs_post=False)
def saved_view_narrow(request: AgentRequest, view_id: int) -> HttpResponse:
    """Let one's own view hold what the list shows now."""
    saved = get_object_or_404(SavedView, pk=view_id, owner=request.user)
    query = kept_query(request.GET)
    if not filters_of(query).form.is_valid():
        return redirect(f"{reverse('backoffice:queue')}?{query}")
    try:
        saved = narrow_view(actor=request.user, view_id=saved.pk, query=query)
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        text = _("La vue « %(name)s » garde maintenant ces filtres.")
        messages.success(request, text % {"name": saved.name})
    return redirect(address_of(saved))


@require_POST
@agent_page(*WORKERS, needs_post=False)
def saved_view_delete(request: AgentRequest, view_id: int) -> HttpResponse:
    """Give up one's own view."""
    saved = get_object_or_404(SavedView, pk=view_id, owner=request.user)
    name = delete_view(actor=request.user, view_id=saved.pk)
    messages.success(request, _("La vue « %(name)s » est supprimée.") % {"name": name})
    return redirect("backoffice:saved_views")
