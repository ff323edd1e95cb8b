"""Who signs a refusal in the town's name, and who may let an answer leave (CRPA L212-1).

`signatories` of reference.yaml say who signs what. An agent without a delegation submits the
refusal; a head, a supervisor or the signatory approves it. Where the catalogue asks (`approval`),
a favourable answer waits for the head of the department in the same way.
"""

from prestations.models import LetterTemplate, Prestation, Signatory
from requests.blocking import began_anew
from requests.enums import Outcome
from requests.models import ProposedDecision, ServiceRequest
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


def named_on(service_request: ServiceRequest, template: str, user) -> Signatory | None:
    """Whose name a refusal bears when `user` lets it leave; None when its author signs it.

    A head or a supervisor without a delegation of their own approves it: their name is in the
    log, and the letter bears that of whoever has the delegation.
    """
    if not authority_signs(service_request.prestation, template):
        return None
    return signatory_of(service_request, template, user)


def may_sign(service_request: ServiceRequest, user, template: str = "") -> bool:
    """Whether `user` may let a refusal leave without anybody else's approval."""
    scope = scope_of(user)
    if scope.may(Right.SIGN):
        return True
    if heads_department(service_request, user):
        return True
    return _is_account(signatory_of(service_request, template, user), user)


def heads_department(service_request: ServiceRequest, user) -> bool:
    """Whether `user` is head of the department that leads the request."""
    scope = scope_of(user)
    return (
        scope.may(Right.SIGN_IN_DEPARTMENT) and service_request.department_id in scope.departments
    )


def may_decide(service_request: ServiceRequest, user, decision: ProposedDecision) -> bool:
    """Whether `user` may let this answer leave, or give it back.

    A favourable one is the head's; of a head who is away, a supervisor's who did not write it.
    """
    if not decision.is_favourable:
        return may_sign(service_request, user, decision.template)
    if heads_department(service_request, user):
        return True
    return scope_of(user).may(Right.SIGN) and user.pk != decision.author_id


def is_approved(service_request: ServiceRequest) -> bool:
    """Whether the head has approved a favourable answer, since the request began anew."""
    approved = service_request.proposed_decisions.filter(approved=True, outcome=Outcome.POSITIVE)
    began = began_anew(service_request)
    return (approved.filter(decided_at__gt=began) if began else approved).exists()


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
