"""The contract of the front office with each department, beside what was kept (S28, S77)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.contracts import (
    TERMS,
    answer_level,
    decide_contract,
    heads_of,
    propose_contract,
    withdraw_contract,
)
from backoffice.configured.differences import differences
from backoffice.dashboard.links import Number
from backoffice.figure_filters import CONTRACT
from backoffice.forms.agreements import ContractAnswerForm, ContractForm
from backoffice.queues import BEHIND_FIGURES, base_rows
from backoffice.views.dashboard import departments_headed_by
from massy_grc.common.posted import posted_id
from prestations.agreements import Terms, terms_of
from prestations.enums import ContractSection
from prestations.exceptions import CatalogueError
from prestations.models import (
    ContractProposal,
    ContractVersion,
    Department,
    Prestation,
    ServiceContract,
    ServiceLevel,
)
from requests.exceptions import MissingInput, NotAllowed, RequestError
from requests.models import ServiceRequest
from requests.performance import Kept, Part, Promise, kept_by
from requests.permissions import Right, scope_of

VERSIONS_SHOWN = 20
IN_FORCE = "vigueur"


@dataclass(frozen=True)
class Measured:
    """One promise of a contract: its words, what was promised, and what was kept of it."""

    label: str
    promised: str
    kept: Kept
    target: int
    numbers: tuple[Number, ...]

    @property
    def met(self) -> bool | None:
        """Whether the share in time reaches the contract's; None when nothing was due."""
        return None if self.kept.percent is None else self.kept.percent >= self.target


@require_safe
@agent_page(Right.ADMINISTER, Right.SUPERVISE, Right.ASSIGN_IN_DEPARTMENT, needs_post=False)
def contract(request: AgentRequest, department_code: str) -> HttpResponse:
    """The five sections, and beside the promises what was kept of them in the last 90 days.

    Raises:
        Http404: a head of another department asks, or no department has this code.
    """
    department = get_object_or_404(Department, pk=department_code, is_active=True)
    scope = scope_of(request.user)
    reads_all = scope.may(Right.ADMINISTER) or scope.may(Right.SUPERVISE)
    if not reads_all and department not in departments_headed_by(request.user):
        raise Http404
    return _page(request, department, ContractAnswerForm())


def _page(request: AgentRequest, department: Department, form: ContractAnswerForm) -> HttpResponse:
    scope = scope_of(request.user)
    known = ServiceContract.objects.filter(department=department, is_active=True).first()
    versions = ContractVersion.objects.filter(department=department).select_related(
        "actor", "approved_by"
    )
    proposal = department.contract_proposals.filter(approved=None).first()
    answered = list(
        department.contract_proposals.exclude(approved=None).select_related("author", "decided_by")[
            :VERSIONS_SHOWN
        ]
    )
    heads = heads_of(department)
    last = answered[0] if answered and proposal is None else None
    context = {
        "proposal": proposal,
        "form": form,
        "rows": differences(_terms(known), _terms(proposal)) if proposal else (),
        "may_decide": proposal is not None
        and request.user in heads
        and request.user != proposal.author,
        "is_head": request.user in heads,
        "headless": proposal is not None and not heads,
        "answered": answered,
        "refused": last if last and not last.approved and not last.is_taken_back else None,
        "department": department,
        "contract": known,
        "sections": dict(zip(ContractSection.names, ContractSection.labels, strict=True)),
        "prestations": Prestation.objects.filter(pk__in=known.prestations if known else ()),
        "stricter": _stricter(department),
        "measured": _measured(known, request.user) if known else (),
        "versions": versions.order_by("-pk")[:VERSIONS_SHOWN],
        "may_write": scope.may(Right.ADMINISTER),
        "may_list": scope.may(Right.ADMINISTER) or scope.may(Right.SUPERVISE),
    }
    return render(request, "backoffice/contract_detail.html", context)


def _terms(one: ServiceContract | ContractProposal | None) -> dict | None:
    return model_to_dict(one, TERMS) if one is not None else None


def _stricter(department: Department) -> list[tuple[Prestation, Terms]]:
    """The prestations of which the town asks more than the contract does."""
    set_for = ServiceLevel.objects.filter(department=department).values("prestation")
    rows = Prestation.objects.offered().filter(pk__in=set_for).order_by("order")
    pairs = [(prestation, department) for prestation in rows]
    found = zip(pairs, terms_of(pairs), strict=True)
    return [(one, terms) for (one, _department), terms in found if terms.is_stricter]


def _measured(known: ServiceContract, user) -> list[Measured]:
    """Count once for both parties; a figure opens where its reader's own list has as many."""
    now = timezone.now()
    kept = own = kept_by(known.department_id, now, ServiceRequest.objects.all())
    if not scope_of(user).counts_everything:
        own = kept_by(known.department_id, now, base_rows(user, of_contract=True))
    promised = {
        Promise.TAKEN: (_("Prise en charge"), _days(known.take_days)),
        Promise.RETURNED: (_("Conclusion rendue à l’accueil"), _days(known.treat_days)),
        Promise.WORKED: (_("Travaux demandés en plus"), _("au jour demandé")),
    }
    return [
        Measured(
            *promised[promise],
            one,
            known.on_time_percent,
            tuple(
                Number(value, _list_url(promise, part, known.department_id) if same else "")
                for part, value, same in (
                    (Part.DONE, one.done, one.done == own[promise].done),
                    (Part.KEPT, one.kept, one.kept == own[promise].kept),
                    (Part.MISSED, one.missed, one.missed == own[promise].missed),
                    (Part.OWED, one.owed, one.owed == own[promise].owed),
                )
            ),
        )
        for promise, one in kept.items()
    ]


def _days(days: int) -> str:
    return ngettext("%(days)d jour ouvré", "%(days)d jours ouvrés", days) % {"days": days}


def _list_url(promise: Promise, part: Part, department: str) -> str:
    figure = f"{promise}:{part}:{department}"
    query = urlencode({"vue": BEHIND_FIGURES, CONTRACT: figure})
    return f"{reverse('backoffice:queue')}?{query}"


@require_POST
@agent_page(Right.ASSIGN_IN_DEPARTMENT, needs_post=False)
def level_answer(request: AgentRequest, department_code: str) -> HttpResponse:
    """Agree to the stricter delays that were shown, or say why not."""
    department = get_object_or_404(departments_headed_by(request.user), pk=department_code)
    rows = ServiceLevel.objects.filter(department=department)
    known = get_object_or_404(rows, pk=posted_id(request.POST.get("level")) or 0)
    agreed = request.POST.get("answer") == "accepter"
    try:
        answer_level(
            level_id=known.pk, actor=request.user, agreed=agreed, why=request.POST.get("why", "")
        )
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Votre réponse est enregistrée ; l’accueil le sait."))
    return redirect(f"{reverse('backoffice:contract', args=[department_code])}#delais-stricts")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def contract_write(request: AgentRequest, department_code: str) -> HttpResponse:
    """Propose a contract to a department, or a change of it.

    Begins with the text last proposed, answered or not, until one is approved; ``?depuis=vigueur``
    begins with the contract in force.
    """
    department = get_object_or_404(Department, pk=department_code, is_active=True)
    known = ServiceContract.objects.filter(department=department, is_active=True).first()
    last = department.contract_proposals.select_related("author", "decided_by").first()
    from_force = request.GET.get("depuis") == IN_FORCE or (last is not None and last.approved)
    last = None if from_force else last
    begun = last or known
    form = ContractForm(
        request.POST if request.method == "POST" else None,
        initial=_terms(begun) or {"treat_days": department.target_return_days},
        department=department,
        contract=known,
    )
    if form.is_valid():
        try:
            made = propose_contract(department=department, actor=request.user, **form.cleaned_data)
        except CatalogueError as refusal:
            form.add_error(None, str(refusal))
        else:
            if made:
                text = _("Le contrat est proposé : le responsable du service l’approuve ou non.")
                messages.success(request, text)
            else:
                messages.info(request, _("C’est déjà le contrat en vigueur."))
            return redirect("backoffice:contract", department_code)
    context = {"department": department, "contract": known, "last": last, "form": form}
    return render(request, "backoffice/contract_form.html", context)


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def contract_withdraw(request: AgentRequest, department_code: str) -> HttpResponse:
    """Take back the proposal that was shown."""
    department = get_object_or_404(Department, pk=department_code, is_active=True)
    rows = department.contract_proposals
    known = get_object_or_404(rows, pk=posted_id(request.POST.get("proposal")) or 0)
    try:
        withdraw_contract(proposal_id=known.pk, actor=request.user)
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("La proposition est retirée : le service n’a plus à répondre."))
    return redirect("backoffice:contract", department_code)


@require_POST
@agent_page(Right.ASSIGN_IN_DEPARTMENT, needs_post=False)
def contract_answer(request: AgentRequest, department_code: str) -> HttpResponse:
    """Approve the proposal that was shown, or refuse it with a reason."""
    department = get_object_or_404(departments_headed_by(request.user), pk=department_code)
    rows = department.contract_proposals
    known = get_object_or_404(rows, pk=posted_id(request.POST.get("proposal")) or 0)
    approved = request.POST.get("answer") == "approuver"
    try:
        decide_contract(
            proposal_id=known.pk,
            actor=request.user,
            approved=approved,
            why=request.POST.get("why", ""),
        )
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except MissingInput as refusal:
        form = ContractAnswerForm(request.POST)
        form.add_error("why", str(refusal))
        return _page(request, department, form)
    except (CatalogueError, RequestError) as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("Le contrat est en vigueur, pour les demandes à venir.")
        messages.success(request, told if approved else _("La proposition est refusée."))
    return redirect("backoffice:contract", department_code)
