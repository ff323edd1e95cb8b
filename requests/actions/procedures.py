"""The procedure beside a request: written by the knowledge manager, done step by step (S50)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.users.models import User
from prestations.enums import StepKind
from prestations.forms.eligibility import answers_by_question
from prestations.loading.procedures import put_steps
from prestations.models import Prestation, Procedure, ProcedureStep
from requests.actions.articles import next_review
from requests.enums import FINAL_STATES
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed, StaleRequest
from requests.knowledge_rights import keeps_knowledge
from requests.models import ProcedureTick, ServiceRequest
from requests.permissions import Right, scope_of


@dataclass(frozen=True)
class Step:
    """A step as it is written: what it asks of the agent, its words, when, where its link leads."""

    kind: StepKind
    text: str
    condition: str = ""
    url: str = ""


@dataclass(frozen=True)
class ShownStep:
    """A step beside a request, and who did it.

    Attributes:
        answer: what the requester answered already to what it asks, in words.
    """

    step: ProcedureStep
    tick: ProcedureTick | None = None
    answer: str = ""

    @property
    def heading(self) -> str:
        return _("Déjà répondu") if self.answer else self.step.get_kind_display()


def steps_of(prestation_id: str) -> list[ProcedureStep]:
    """Return the steps in force of a prestation's procedure; none when it has none."""
    return list(ProcedureStep.objects.filter(procedure_id=prestation_id, is_active=True))


def steps_for(service_request: ServiceRequest) -> list[ShownStep]:
    """Return the procedure beside a request, with what is done.

    A step that was taken out of the procedure since, and done before, still shows. What the
    requester answered before the form is not asked again: it comes last, with the answer.
    """
    standing = service_request.procedure_ticks.filter(undone_at=None)
    ticks = {tick.step_id: tick for tick in standing.select_related("step", "by")}
    steps = steps_of(service_request.prestation_id)
    known = {step.pk for step in steps}
    retired = [tick.step for tick in ticks.values() if tick.step_id not in known]
    given = answers_by_question(service_request.form_version, service_request.answers)
    shown = [
        ShownStep(step, tick, "" if tick or step.kind != StepKind.ASK else given.get(step.text, ""))
        for step in [*steps, *retired]
        for tick in [ticks.get(step.pk)]
    ]
    return sorted(shown, key=lambda one: bool(one.answer))


@transaction.atomic
def write_procedure(
    *,
    actor,
    prestation: Prestation,
    steps: Sequence[Step],
    owner: User | None = None,
    review_on: date | None = None,
    seen: int = 0,
    now: datetime | None = None,
) -> Procedure:
    """Write the procedure of a prestation. A step whose words stay keeps its ticks.

    Args:
        review_on: None for the town's usual term.
        seen: the version that the form showed; 0 for a new one.

    Raises:
        NotAllowed: not a knowledge manager.
        StaleRequest: somebody wrote it meanwhile.
        MissingInput: a link without address, or the same step twice.
    """
    if not keeps_knowledge(actor):
        raise NotAllowed
    now = now or timezone.now()
    if any(step.kind == StepKind.LINK and not step.url for step in steps):
        raise MissingInput(_("Donnez l’adresse de chaque lien."))
    if len({(step.kind, step.text) for step in steps}) < len(steps):
        raise MissingInput(_("La même étape est écrite deux fois."))
    Prestation.objects.select_for_update(no_key=True, of=("self",)).get(pk=prestation.pk)
    procedure = Procedure.objects.filter(pk=prestation.pk).first()
    if seen != (procedure.version if procedure else 0):
        raise StaleRequest(_("Cette procédure a changé pendant que vous l’écriviez : relisez-la."))
    if procedure is None:
        procedure = Procedure(prestation=prestation, version=0)
    procedure.version += 1
    procedure.owner = owner
    procedure.review_on = review_on or next_review(timezone.localdate(now))
    procedure.changed_by, procedure.taken_up_at = actor, now
    procedure.save()
    put_steps(procedure, [(one.kind, one.text, one.condition, one.url) for one in steps])
    return procedure


@transaction.atomic
def tick_step(
    *, request_id: int, actor, step_id: int, done: bool, now: datetime | None = None
) -> None:
    """Note that a step is done for a request, or take that back; both stay recorded.

    Ticked by two agents, the first stays.

    Raises:
        ServiceRequest.DoesNotExist: unknown, or not to be known by `actor`.
        ProcedureStep.DoesNotExist: a step of another procedure.
        NotAllowed: not an agent who treats requests.
        IllegalTransition: the request is over.
    """
    if not any(scope_of(actor).may(one) for one in (Right.FRONT_OFFICE, Right.EXPERT_WORK)):
        raise NotAllowed
    now = now or timezone.now()
    locked = ServiceRequest.objects.select_for_update(no_key=True, of=("self",))
    service_request = locked.visible_to(actor).get(pk=request_id)
    if service_request.state in FINAL_STATES:
        raise IllegalTransition
    standing = service_request.procedure_ticks.filter(step=step_id, undone_at=None)
    if not done:
        standing.update(undone_at=now, undone_by=actor)
    elif not standing.exists():
        step = ProcedureStep.objects.get(
            pk=step_id, procedure=service_request.prestation_id, is_active=True
        )
        ProcedureTick.objects.create(request=service_request, step=step, by=actor, at=now)


def tick_filed(service_request: ServiceRequest, step_ids: Collection[int], actor) -> None:
    """Note the steps done at the counter while the request was being filed.

    Whoever filed it may note them, also where they are not named to read it (restricted
    prestations). A step that was ticked before stays as it was.
    """
    now = timezone.now()
    ProcedureTick.objects.bulk_create(
        [
            ProcedureTick(request=service_request, step=step, by=actor, at=now)
            for step in steps_of(service_request.prestation_id)
            if step.pk in step_ids
        ],
        ignore_conflicts=True,  # one standing tick a step
    )
