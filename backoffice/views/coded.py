"""The kinds of settings with a code and a few fields: their lists, and each one's form."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.configured.users import MOST_USERS, users_of
from backoffice.forms.coded_places import TownForm
from backoffice.forms.configuration import ReasonForm
from backoffice.sorts import LETTERS, SORTS, Sort
from backoffice.views.departments import saved_place
from backoffice.views.seen import Seen, changes_to
from prestations.configuration import kind_of, seen_of
from prestations.configuration.putting import put_state, take_up_again
from prestations.exceptions import CatalogueError
from prestations.models import LetterTemplate, Town
from requests.knowledge_rights import LETTER_APPROVERS, reads_knowledge
from requests.letters.merge_fields import fields_by_use
from requests.permissions import Right, scope_of

REMOVE, AGAIN = "retirer", "remettre"
TO_CITIZENS = "citoyen"


def _list(request: AgentRequest, sort: Sort) -> HttpResponse:
    """All of one kind, those out of use last."""
    waiting = {one["code"] for one in kind_of(sort.kind).awaited()}
    found = sort.rows().order_by("-is_active", "order", "pk")
    rows = [
        {
            "label": getattr(row, "label", "") or str(row),
            "note": sort.note(row),
            "url": sort.url("one", code=row.pk),
            "active": row.is_active,
            "waits": row.pk in waiting,
        }
        for row in found
    ]
    return render(request, "backoffice/coded_list.html", {"sort": sort, "rows": rows})


def one_of_sort(request: AgentRequest, sort: Sort, code: str = "") -> HttpResponse:
    """Make one, change one, take one out of use that nothing uses, or put it back."""
    known = get_object_or_404(sort.rows(), **{sort.key: code}) if code else None
    posted = request.POST if request.method == "POST" else None
    if known is not None and not known.is_active:
        return _out_of_use(request, sort, code, known)
    if known is not None and posted is not None and posted.get("action") == REMOVE:
        return _withdraw(request, sort, code)
    state = kind_of(sort.kind).snapshot(code) if known else None
    form = (sort.form if known else sort.first or sort.form)(posted, known=state)
    read = partial(seen_of, sort.kind, code) if known else None
    seen = Seen(request, read, changes_to(sort.kind, code), form)
    then = partial(sort.then, form=form, actor=request.user) if sort.then else None
    if saved_place(request, sort.kind, form, seen, then):
        return redirect(sort.list_url)
    context = {"sort": sort, "known": known, "form": form, "seen": seen}
    if known is None:
        to_write = fields_by_use(LetterTemplate(uses=["message"])) if sort is LETTERS else []
        context["merge_fields"] = list(to_write)
    else:
        users = users_of(sort.kind, code)
        context |= {"users": users[:MOST_USERS], "more": len(users[MOST_USERS:])}
        context["faults"] = [] if users else kind_of(sort.kind).faults(code, None)
        context["words_url"] = _words_url(request, known)
        context["history"] = _history_of(request, sort, code)
    return render(request, "backoffice/coded_form.html", context)


def _history_of(request: AgentRequest, sort: Sort, code: str) -> str:
    """Where the changes of one are read, by whoever may."""
    if not scope_of(request.user).may(Right.ADMINISTER):
        return ""
    asked = urlencode({"kind": sort.kind, "q": code})
    return f"{reverse('backoffice:configuration_history')}?{asked}"


def _words_url(request: AgentRequest, known: Any) -> str:
    """Where the words of a letter to residents are read, by whoever may."""
    if getattr(known, "audience", "") != TO_CITIZENS or not reads_knowledge(request.user):
        return ""
    return reverse("backoffice:letter_model", args=[known.pk])


def _withdraw(request: AgentRequest, sort: Sort, code: str) -> HttpResponse:
    reason = ReasonForm(request.POST)
    why = reason.cleaned_data["reason"] if reason.is_valid() else ""
    seen = request.POST.get("seen", "")
    try:
        put_state(sort.kind, code, None, actor=request.user, reason=why, seen=seen)
    except CatalogueError as refusal:
        messages.error(request, str(refusal))
        return redirect(sort.url("one", code=code))
    messages.success(request, _("C’est retiré : ce choix n’est plus proposé."))
    return redirect(sort.list_url)


def _out_of_use(request: AgentRequest, sort: Sort, code: str, known: Any) -> HttpResponse:
    waits = code in {one["code"] for one in kind_of(sort.kind).awaited()}
    if request.POST.get("action") == AGAIN and not waits:
        try:
            take_up_again(sort.kind, code, known, actor=request.user)
        except CatalogueError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("C’est remis en usage."))
        return redirect(sort.url("one", code=code))
    context = {
        "sort": sort,
        "known": known,
        "history": _history_of(request, sort, code),
        "waits": waits,
        "reads_letters": reads_knowledge(request.user),
    }
    return render(request, "backoffice/coded_out.html", context)


def _sort(slug: str) -> Sort:
    if slug not in SORTS:
        raise Http404
    return SORTS[slug]


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def coded_list(request: AgentRequest, sort: str) -> HttpResponse:
    """All of one kind."""
    return _list(request, _sort(sort))


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def coded_one(request: AgentRequest, sort: str, code: str = "") -> HttpResponse:
    """One of a kind, or a new one."""
    return one_of_sort(request, _sort(sort), code)


@require_safe
@agent_page(Right.ADMINISTER, *LETTER_APPROVERS, needs_post=False)
def letter_list(request: AgentRequest) -> HttpResponse:
    """Every letter with where it is offered, those out of use last."""
    return _list(request, LETTERS)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, *LETTER_APPROVERS, needs_post=False)
def letter_one(request: AgentRequest, code: str = "") -> HttpResponse:
    """A new letter with its first words, or what surrounds those of one."""
    return one_of_sort(request, LETTERS, code)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def town(request: AgentRequest) -> HttpResponse:
    """The town's own name, addresses and telephone hours."""
    key = get_object_or_404(Town).pk
    form = TownForm(
        request.POST if request.method == "POST" else None, known=kind_of("town").snapshot(key)
    )
    seen = Seen(request, partial(seen_of, "town", key), changes_to("town", key), form)
    if saved_place(request, "town", form, seen):
        return redirect("backoffice:settings")
    return render(request, "backoffice/town_form.html", {"form": form, "seen": seen})
