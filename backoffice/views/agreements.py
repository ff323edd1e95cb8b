"""Contracts and service levels: what departments owe, beside the citizen's promise (S77)."""

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.contracts import set_level
from backoffice.forms.agreements import AgreementForm
from prestations.agreements import Terms, promise_of, terms_of
from prestations.enums import DelayUnit
from prestations.exceptions import CatalogueError
from prestations.models import (
    Department,
    EscalationStep,
    Prestation,
    ServiceContract,
    ServiceLevel,
)
from prestations.presentation import delay_words
from requests.enums import AlertKind
from requests.performance import Kept, returned_by_all
from requests.permissions import Right, scope_of

JOURNAL_SHOWN = 50


@require_safe
@agent_page(Right.ADMINISTER, Right.SUPERVISE, needs_post=False)
def agreements(request: AgentRequest) -> HttpResponse:
    """The contracts, every pair of a prestation and a department with its delays, the ladder."""
    prestations = {one.pk: one for one in Prestation.objects.offered()}
    departments = Department.objects.in_bulk()
    contracts = ServiceContract.objects.filter(is_active=True).in_bulk()
    pairs = {(one.pk, one.expert_department_id) for one in prestations.values()}
    for contract in contracts.values():
        pairs |= {(code, contract.department_id) for code in contract.prestations}
    pairs |= set(ServiceLevel.objects.values_list("prestation", "department"))
    known = [
        (prestations[code], departments[department])
        for code, department in pairs
        if code in prestations and department in departments
    ]
    rows = [_row(*pair, terms) for pair, terms in zip(known, terms_of(known), strict=True)]
    rows.sort(key=lambda row: (str(row["department"]), str(row["prestation"])))
    steps = EscalationStep.objects.filter(is_active=True)
    returned = returned_by_all(timezone.now())
    in_use = [one for one in departments.values() if one.is_active]
    context = {
        "contracts": [
            (one, contracts[one.pk], returned.get(one.pk, Kept()))
            for one in in_use
            if one.pk in contracts
        ],
        "without": [one for one in in_use if one.pk not in contracts],
        "rows": rows,
        "ladder": [(AlertKind(step.pk).label, step) for step in steps],
        "may_administer": scope_of(request.user).may(Right.ADMINISTER),
    }
    return render(request, "backoffice/agreement_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def agreement(request: AgentRequest, code: str, department_code: str) -> HttpResponse:
    """The delays of one pair, compared with its contract and the promise, and their journal."""
    prestation = get_object_or_404(Prestation.objects.offered(), pk=code)
    department = get_object_or_404(Department, pk=department_code, is_active=True)
    (terms,) = terms_of([(prestation, department)])
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        initial=model_to_dict(terms.chosen, AgreementForm.base_fields) if terms.chosen else {},
        contract=terms.contract,
    )
    if form.is_valid():
        try:
            is_stricter = set_level(
                prestation=prestation,
                department=department,
                actor=request.user,
                **form.cleaned_data,
            )
        except CatalogueError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est enregistré, pour les demandes à venir."))
            if is_stricter:
                told = _("C’est plus strict que le contrat : le responsable du service le saura.")
                messages.warning(request, told)
            return redirect("backoffice:agreement", code, department_code)
    levels = ServiceLevel.objects.filter(prestation=prestation, department=department)
    journal = levels.select_related("actor").order_by("-pk")[:JOURNAL_SHOWN]
    context = {**_row(prestation, department, terms), "form": form, "journal": journal}
    return render(request, "backoffice/agreement_detail.html", context)


def _row(prestation: Prestation, department: Department, terms: Terms) -> dict:
    promised = promise_of(prestation)
    return {
        "prestation": prestation,
        "department": department,
        "agreed": terms.agreed,
        "contract": terms.contract,
        "promised": delay_words(prestation.target_value, prestation.target_unit),
        "promised_days": promised,
        "is_working_days": prestation.target_unit == DelayUnit.WORKING_DAYS,
        "beyond": terms.agreed.treat_days > promised,
    }
