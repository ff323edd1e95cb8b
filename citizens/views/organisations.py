"""The organisations of an account: declare one, join one, and who acts for it.

One of which the reader is no member answers as one that is not there.
"""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens import actions
from citizens.access import CitizenRequest, citizen_required, own_organisation
from citizens.enums import MemberRole
from citizens.exceptions import LastAdministrator, NotAdministrator, VoidLink
from citizens.forms import InvitationForm, OrganisationForm, SeatForm, posted
from citizens.links import read_invitation
from citizens.models import OrganisationAccount, OrganisationInvitation, OrganisationMember
from citizens.views.sign_up import INVITED
from citizens.void import Link, void_link
from massy_grc.users.limits import MAILS, mail_wait, too_many

CHANGES_SHOWN = 10


@require_safe
@citizen_required
def own(request: CitizenRequest) -> HttpResponse:
    """The organisations for which the reader acts."""
    rows = request.account.memberships.select_related("organisation").order_by("organisation__name")
    return render(request, "citizens/organisations.html", {"memberships": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def declare(request: CitizenRequest) -> HttpResponse:
    """Declare an association or a business; the answer is the same whoever else did before."""
    form = OrganisationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = actions.declare_organisation(
            account=request.account,
            language=get_language() or "fr",
            now=timezone.now(),
            **form.cleaned_data,
        )
        messages.success(
            request,
            _("C’est enregistré. La mairie vérifie ces informations, puis vous écrit."),
        )
        return redirect("requests:organisation", made.pk)
    return render(request, "citizens/organisation_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def members(request: CitizenRequest, organisation_id: int) -> HttpResponse:
    """Who acts for the organisation; its administrators invite others here."""
    organisation = own_organisation(request, organisation_id)
    rows = list(
        organisation.members.select_related("account__citizen", "account__user").order_by(
            "joined_at", "pk"
        )
    )
    me = next(one for one in rows if one.account_id == request.account.pk)
    may_invite = me.is_administrator and organisation.may_invite
    if request.method == "POST" and not may_invite:
        raise PermissionDenied
    form = InvitationForm(posted(request), organisation=organisation)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if wait := mail_wait(request, email):
            return too_many(request, wait, MAILS)
        actions.invite_member(
            organisation_id=organisation.pk,
            by=request.account,
            language=get_language() or "fr",
            now=timezone.now(),
            **form.cleaned_data,
        )
        messages.success(
            request,
            _("L’invitation est partie à %(email)s. Elle vaut sept jours.") % {"email": email},
        )
        return redirect("citizens:organisation_members", organisation.pk)
    context = {
        "organisation": organisation,
        "rows": rows,
        "me": me,
        "invitations": organisation.invitations.filter(ended_at=None).order_by("-created_at"),
        "form": form if may_invite else None,
    }
    return render(request, "citizens/organisation_members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def details(request: CitizenRequest, organisation_id: int) -> HttpResponse:
    """What the organisation declared; its administrators correct its name and its seat."""
    organisation = own_organisation(request, organisation_id)
    me = organisation.members.get(account=request.account)
    may_correct = me.is_administrator and organisation.may_file
    if request.method == "POST" and not may_correct:
        raise PermissionDenied
    declared = {"name": organisation.name, "address": organisation.address}
    form = SeatForm(posted(request), initial=declared)
    if request.method == "POST" and form.is_valid():
        changed = actions.correct_organisation(
            organisation_id=organisation.pk,
            by=request.account,
            now=timezone.now(),
            **form.cleaned_data,
        )
        if changed:
            messages.success(
                request, _("C’est corrigé ici. La mairie vérifie, puis corrige ses dossiers.")
            )
        return redirect("citizens:organisation_details", organisation.pk)
    context = {
        "organisation": organisation,
        "me": me,
        "form": form if may_correct else None,
        "changes": organisation.changes.order_by("-at", "-pk")[:CHANGES_SHOWN],
    }
    return render(request, "citizens/organisation_details.html", context)


def _administration(view):
    """A POST on a member or an invitation: what is refused is told on the page of the members."""

    @require_POST
    @citizen_required
    @wraps(view)
    def guarded(request: CitizenRequest, organisation_id: int, **ids: int) -> HttpResponse:
        organisation = own_organisation(request, organisation_id)
        try:
            view(request, organisation, **ids)
        except NotAdministrator:
            raise PermissionDenied from None
        except OrganisationMember.DoesNotExist:
            raise Http404 from None
        except LastAdministrator:
            messages.error(
                request,
                _("Nommez d’abord un autre administrateur : il en faut toujours un."),
            )
        still_in = OrganisationAccount.objects.of_account(request.account)
        if still_in.filter(pk=organisation.pk).exists():
            return redirect("citizens:organisation_members", organisation.pk)
        return redirect("citizens:organisations")

    return guarded


@_administration
def set_role(request: CitizenRequest, organisation: OrganisationAccount, member_id: int) -> None:
    """Give a member the other role."""
    role = request.POST.get("role", "")
    if role not in MemberRole.values:
        raise Http404
    actions.change_role(
        organisation_id=organisation.pk, member_id=member_id, role=role, by=request.account
    )
    messages.success(request, _("Le rôle est changé."))


@_administration
def remove(request: CitizenRequest, organisation: OrganisationAccount, member_id: int) -> None:
    """Remove a member, or leave."""
    actions.remove_member(organisation_id=organisation.pk, member_id=member_id, by=request.account)
    messages.success(request, _("C’est fait. Cette personne n’a plus accès à l’organisme."))


@_administration
def cancel(request: CitizenRequest, organisation: OrganisationAccount, invitation_id: int) -> None:
    """Take an invitation back."""
    actions.cancel_invitation(
        organisation_id=organisation.pk,
        invitation_id=invitation_id,
        by=request.account,
        now=timezone.now(),
    )
    messages.success(request, _("L’invitation est annulée."))


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, signed: str) -> HttpResponse:
    """The page of a mailed invitation: says what it is, then who signs in answers it."""
    invitation = actions.open_invitation(read_invitation(signed))
    if invitation is None:
        return void_link(request, Link.INVITATION)
    if not request.user.is_authenticated:
        request.session[INVITED] = invitation.email  # known: not asked again
        return render(request, "citizens/organisation_invited.html", {"invitation": invitation})
    return _answer(request, invitation)


@citizen_required
def _answer(request: CitizenRequest, invitation: OrganisationInvitation) -> HttpResponse:
    """The button that makes the reader a member.

    The account must be that of the address invited: a link passed on admits nobody else.
    """
    if not actions.is_invited(request.account, invitation):
        return render(request, "citizens/organisation_not_invited.html", status=403)
    if request.method == "POST":
        try:
            member = actions.accept_invitation(
                invitation_id=invitation.pk, account=request.account, now=timezone.now()
            )
        except VoidLink:
            return void_link(request, Link.INVITATION)
        messages.success(request, _("Vous agissez maintenant pour cet organisme."))
        return redirect("requests:organisation", member.organisation_id)
    return render(request, "citizens/organisation_join.html", {"invitation": invitation})
