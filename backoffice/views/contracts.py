"""The contract of the front office with each department, beside what was kept (S28, S77)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.dashboard.links import Number
from backoffice.forms.agreements import ContractForm
from backoffice.queues import BEHIND_FIGURES
from backoffice.views.dashboard import departments_headed_by
from prestations.actions import write_contract
from prestations.configuration import recorded
from prestations.enums import ContractSection
from prestations.exceptions import CatalogueError
from prestations.models import ContractVersion, Department, Prestation, ServiceContract
from requests.models import ServiceRequest
from requests.performance import Kept, Part, Promise, kept_by
from requests.permissions import Right, scope_of

VERSIONS_SHOWN = 20


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
    may_list = scope.may(Right.ADMINISTER) or scope.may(Right.SUPERVISE)
    if not may_list and department not in departments_headed_by(request.user):
        raise Http404
    known = ServiceContract.objects.filter(department=department, is_active=True).first()
    versions = ContractVersion.objects.filter(department=department).select_related("actor")
    context = {
        "department": department,
        "contract": known,
        "sections": dict(zip(ContractSection.names, ContractSection.labels, strict=True)),
        "prestations": Prestation.objects.filter(pk__in=known.prestations if known else ()),
        "measured": _measured(known, request.user) if known else (),
        "versions": versions.order_by("-pk")[:VERSIONS_SHOWN],
        "may_write": scope.may(Right.ADMINISTER),
        "may_list": may_list,
    }
    return render(request, "backoffice/contract_detail.html", context)


def _measured(known: ServiceContract, user) -> list[Measured]:
    among = ServiceRequest.objects.countable_by(user)
    kept = kept_by(known.department_id, timezone.now(), among)
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
                Number(value, _list_url(promise, part, known.department_id))
                for part, value in (
                    (Part.DONE, one.done),
                    (Part.KEPT, one.kept),
                    (Part.MISSED, one.missed),
                    (Part.OWED, one.owed),
                )
            ),
        )
        for promise, one in kept.items()
    ]


def _days(days: int) -> str:
    return ngettext("%(days)d jour ouvré", "%(days)d jours ouvrés", days) % {"days": days}


def _list_url(promise: Promise, part: Part, department: str) -> str:
    figure = f"{promise}:{part}:{department}"
    query = urlencode({"vue": BEHIND_FIGURES, "contrat": figure})
    return f"{reverse('backoffice:queue')}?{query}"


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def contract_write(request: AgentRequest, department_code: str) -> HttpResponse:
    """Write the contract with a department, or change it."""
    department = get_object_or_404(Department, pk=department_code, is_active=True)
    known = ServiceContract.objects.filter(department=department, is_active=True).first()
    form = ContractForm(
        request.POST if request.method == "POST" else None,
        initial=model_to_dict(known) if known else {"treat_days": department.target_return_days},
        department=department,
        contract=known,
    )
    if form.is_valid():
        try:
            with recorded("contracts", department.pk, actor=request.user):
                write_contract(department=department, actor=request.user, **form.cleaned_data)
        except CatalogueError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le contrat est en vigueur, pour les demandes à venir."))
            return redirect("backoffice:contract", department_code)
    context = {"department": department, "contract": known, "form": form}
    return render(request, "backoffice/contract_form.html", context)
