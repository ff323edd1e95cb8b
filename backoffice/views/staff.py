"""Staff accounts, made and kept by the administrator."""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice import handover
from backoffice.access import AgentRequest, agent_page
from backoffice.actions import staff as actions
from backoffice.forms.routing import TrainingForm
from backoffice.forms.staff import NO_ROLE, InvitationForm, MembershipForm, StaffFilterForm
from massy_grc.common.folding import folded
from massy_grc.common.paging import Order, keyset_page
from massy_grc.common.text import fold
from massy_grc.users.invitations import read_invitation
from massy_grc.users.models import User
from prestations.models import Membership
from requests.exceptions import RequestError
from requests.models import ServiceRequest
from requests.permissions import Right

LIST_SIZE = 50
AT_WORK_FIRST = Case(When(is_active=True, then=Value("0")), default=Value("1"))
BY_NAME = Order("name", group="place", text=True)
FILES_SHOWN = 20


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def staff_list(request: AgentRequest) -> HttpResponse:
    """Everyone with an account, by name, address, role and place; who is at work comes first."""
    form = StaffFilterForm(request.GET or None)
    people = _listed(form.cleaned_data if form.is_valid() else {}).prefetch_related(
        "memberships__team", "memberships__department", "memberships__site"
    )
    context = {
        "form": form,
        "total": people.count(),  # some hundreds of agents at most
        "page": keyset_page(people, order=BY_NAME, params=request.GET, size=LIST_SIZE),
    }
    return render(request, "backoffice/staff_list.html", context)


def _listed(chosen: Mapping[str, Any]) -> QuerySet[User]:
    held = Membership.objects.filter(user=OuterRef("pk"))
    people = User.objects.agents().annotate(
        place=AT_WORK_FIRST, name=folded(Concat("last_name", Value(" "), "first_name"))
    )
    people = people.filter(Exists(held) | Q(invited_at__isnull=False))
    for word in fold(chosen.get("q", "")).split()[:5]:
        people = people.filter(Q(name__contains=word) | Q(email__icontains=word))
    if chosen.get("role") == NO_ROLE:
        return people.filter(~Exists(held))
    asked = {"role": "role", "departement": "department", "equipe": "team"}
    told = {field: chosen[name] for name, field in asked.items() if chosen.get(name)}
    return people.filter(Exists(held.filter(**told))) if told else people


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def invite(request: AgentRequest) -> HttpResponse:
    """Open an account; its owner receives a link."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.invite_agent(actor=request.user, **form.cleaned_data)
        except RequestError as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("Invitation envoyée à %(email)s.") % {"email": user.email})
            return redirect("backoffice:staff_detail", user_id=user.pk)
    return render(
        request,
        "backoffice/staff_invite.html",
        {"form": form},
    )


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def staff_detail(request: AgentRequest, user_id: int) -> HttpResponse:
    """One account: roles, second factor, files to hand over."""
    return _detail_page(request, _person(user_id), MembershipForm())


def _person(user_id: int) -> User:
    return get_object_or_404(User.objects.agents(), pk=user_id)


def _detail_page(request, person: User, form: MembershipForm, *, status: int = 200):
    files = ServiceRequest.objects.mine(person).order_by("due_at", "id")
    context = {
        "person": person,
        "memberships": person.memberships.select_related("team", "department", "site"),
        "form": form,
        "training": TrainingForm(person=person),
        "protected": is_mfa_enabled(person),
        # an administrator is told which files wait, not what they are about
        "files": list(files.values_list("reference", flat=True)[: FILES_SHOWN + 1]),
        "files_shown": FILES_SHOWN,
    }
    return render(request, "backoffice/staff_detail.html", context, status=status)


@require_http_methods(["POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def staff_act(request: AgentRequest, user_id: int, verb: str) -> HttpResponse:
    """Do one thing to an account; every refusal says why."""
    person = _person(user_id)
    common: dict[str, Any] = {"actor": request.user, "user_id": person.pk}
    try:
        match verb:
            case "role":
                form = MembershipForm(request.POST)
                if not form.is_valid():
                    return _detail_page(request, person, form)
                actions.add_membership(**common, **form.cleaned_data)
                done = _("Rôle ajouté.")
            case "retirer":
                membership = get_object_or_404(
                    person.memberships, pk=_number(request.POST.get("membership"))
                )
                actions.remove_membership(**common, membership_id=membership.pk)
                done = _("Rôle retiré.")
            case "formation":
                trained = TrainingForm(request.POST, person=person)
                if not trained.is_valid():
                    raise Http404
                actions.choose_trainings(**common, **trained.cleaned_data)
                done = _("Formation enregistrée.")
            case "rouvrir":
                actions.reactivate_agent(**common)
                done = _("Accès rouvert.")
            case "second-facteur":
                actions.reset_second_factor(**common)
                done = _("Second facteur oublié : il sera demandé de nouveau.")
            case "inviter":
                actions.send_invitation(**common)
                done = _("Nouvelle invitation envoyée.")
            case _other:
                raise Http404
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("backoffice:staff_detail", user_id=person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def staff_close(request: AgentRequest, user_id: int) -> HttpResponse:
    """Close an account, after what its owner still holds has been read."""
    person = _person(user_id)
    if request.method == "POST":
        try:
            actions.deactivate_agent(actor=request.user, user_id=person.pk)
        except RequestError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Accès fermé. Ses sessions s’arrêtent tout de suite."))
        return redirect("backoffice:staff_detail", user_id=person.pk)
    context = {
        "person": person,
        "total": handover.files_of(person).count(),
        "promises": handover.promises_of(person),
    }
    return render(request, "backoffice/staff_close.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The invitee's page: choose a password, then log in."""
    user = read_invitation(token)
    if user is None:
        return render(request, "account/invitation_void.html", status=410)
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_invitation(user_id=user.pk, password=form.cleaned_data["new_password1"])
        except RequestError:
            return render(request, "account/invitation_void.html", status=410)
        messages.success(request, _("Votre accès est ouvert. Connectez-vous."))
        return redirect("account_login")
    return render(
        request,
        "account/invitation_accept.html",
        {"form": form, "invitee": user},
    )
