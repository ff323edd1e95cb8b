"""Who signs a refusal in the town's name, and who may let it leave (CRPA L212-1).

`signatories` of reference.yaml say who signs what. An agent without a delegation submits the
refusal; a head, a supervisor or the signatory approves it.
"""

from prestations.models import LetterTemplate, Prestation, Signatory
from requests.models import ServiceRequest
from requests.permissions import Right, scope_of


def authority_signs(prestation: Prestation, template: str = "") -> bool:
    """Whether a refusal of this prestation bears a signatory's name.

    The prestation's own refusal template decides, so that choosing another letter does not
    escape the signature; a template chosen beside it can only ask for more.
    """
    own = prestation.outcome_negative_template
    found = LetterTemplate.objects.filter(pk__in={own, template} - {""})
    rules = dict(found.values_list("pk", "by_authority"))
    return rules.get(own, True) or (template != own and rules.get(template, False))


def signatory_of(
    service_request: ServiceRequest, template: str = "", user=None
) -> Signatory | None:
    """Return who signs: `user` when they hold a delegation for it, else the narrowest line."""
    lines = list(Signatory.objects.filter(is_active=True))
    fitting = [(rank, line) for line in lines if (rank := _rank(line, service_request, template))]
    own = [(rank, line) for rank, line in fitting if _is_account(line, user)]
    chosen = min(own or fitting, key=lambda found: (found[0], found[1].order), default=None)
    return chosen[1] if chosen else None


def may_sign(service_request: ServiceRequest, user, template: str = "") -> bool:
    """Whether `user` may let a refusal leave without anybody else's approval."""
    scope = scope_of(user)
    if scope.may(Right.SIGN):
        return True
    if scope.may(Right.SIGN_IN_DEPARTMENT) and service_request.department_id in scope.departments:
        return True
    return _is_account(signatory_of(service_request, template, user), user)


def _rank(line: Signatory, service_request: ServiceRequest, template: str) -> int:
    """How narrowly a line fits, 1 the narrowest; 0 when it does not."""
    lists = (
        (line.prestations, service_request.prestation_id),
        (line.templates, template),
        (line.categories, service_request.category_id),
        (line.departments, service_request.department_id),
    )
    for rank, (codes, code) in enumerate(lists, start=1):
        if code and code in codes:
            return rank
    return 0 if any(codes for codes, _code in lists) else len(lists) + 1


def _is_account(line: Signatory | None, user) -> bool:
    return bool(line and user and line.account and line.account.lower() == user.email.lower())
