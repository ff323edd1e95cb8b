"""Which way a request goes: simple, transmitted, with an appointment, with pieces missing."""

from datetime import timedelta

from prestations.enums import Channel
from requests.deadlines import target_of
from requests.demo import wording
from requests.demo.endings import afterwards, close, finish, withdraw
from requests.demo.interludes import interludes
from requests.demo.lives import Life
from requests.demo.qualification import leave_unsorted
from requests.demo.rows import mandatory
from requests.demo.timing import working_days_of
from requests.enums import Outcome, State, Verb
from requests.routing.catalogue import catalogue_destination

LATE, STUCK = 0.07, 0.007
AROUND = (0.6, 1.15)  # of a department's agreed delay
IDENTITY = "pieces-identite"
FRESH = timedelta(days=3)  # what was written since then still waits to be sorted


def live(life: Life) -> None:
    """Live the request from its filing; raises `NotYet` where the present cuts it off."""
    row, random = life.row, life.random
    agent = row["created_by_id"]
    written = row["channel"] in (Channel.EMAIL, Channel.COURRIER)
    to_qualify = written and (_is_fresh(life) or random.random() < 0.3)
    life.act(
        Verb.FILE,
        row["filed_at"],
        actor=agent,
        by_requester=agent is None,
        to=State.A_QUALIFIER if to_qualify else State.ENREGISTREE,
        data={
            "channel": row["channel"],
            "prestation": row["prestation_id"],
            "arrived_at": row["arrived_at"].isoformat(),
            "missing_documents": [],
            **({"campaign": life.campaign} if life.campaign else {}),
        },
    )
    if to_qualify:
        _qualify(life)
    else:
        _route(life)
    _acknowledge(life)
    if random.random() < 0.012:
        withdraw(life)
    elif row["department_id"]:
        _expert_path(life)
    elif row["category_id"] == IDENTITY:
        _title_path(life)
    else:
        _simple_path(life)
    afterwards(life)


def _is_fresh(life: Life) -> bool:
    return life.world.now - life.row["filed_at"] < FRESH


def _qualify(life: Life) -> None:
    at = life.timing.at_work(life.at, 3 if _is_fresh(life) else life.random.choice((0, 0, 1)))
    agent = life.front_colleague()
    department = _department(life)
    if at <= life.world.now:
        if department:
            life.hold(department, at)
        else:
            life.release()
    else:
        leave_unsorted(life)
    data = {"department": department.pk if department else None}
    life.act(Verb.QUALIFY, at, actor=agent, to=life.working_state(), data=data)


def _route(life: Life) -> None:
    at = life.timing.soon(life.at, 1, 50)
    department = _department(life)
    destination = catalogue_destination(life.offer.prestation, life.row["answers"])
    if department:
        life.hold(department, at)
    data = {
        "department": department.pk if department else None,
        "rule": destination.rule,
        "closed_department": None,
    }
    life.act(Verb.ROUTE, at, to=life.working_state(), data=data)


def _department(life: Life):
    destination = catalogue_destination(life.offer.prestation, life.row["answers"])
    return life.world.departments.get(destination.department_code or "")


def _acknowledge(life: Life) -> None:
    """What is handed over at the counter needs none (CRPA R112-4)."""
    row = life.row
    exempt = life.offer.prestation.acknowledgement != "required"
    if (exempt and row["channel"] not in ("web", "email")) or not row["requester_name"]:
        return
    at = life.timing.soon(life.at, 20, 90)
    if at <= life.world.now:
        life.act(Verb.ACKNOWLEDGE, at, quiet=True, data={"document": None})
        row["acknowledged_at"] = at


def _simple_path(life: Life) -> None:
    row, random, timing = life.row, life.random, life.timing
    agent = life.front_colleague()
    immediate = life.offer.prestation.immediate_at_counter and row["channel"] == "guichet"
    if immediate and random.random() < 0.88:
        finish(life, timing.soon(life.at, 240, 1500), agent, good=0.985)
        return
    days = _delay(life)
    _take(life, timing.at_work(life.at, min(days * 0.3, 2)), agent)
    interludes(life, agent)
    if life.state == State.CLOSE:
        return
    finish(life, timing.at_work(life.at, days * 0.7), agent, good=0.94)


def _title_path(life: Life) -> None:
    """An identity title: an appointment, weeks of making, then it waits at the counter."""
    row, random, timing = life.row, life.random, life.timing
    agent = life.front_colleague()
    if row["channel"] != "guichet":
        meeting = timing.at_work(life.at, random.randint(4, 14))
        at = timing.at_work(life.at, 0)
        if at <= life.world.now:
            row["appointment_at"] = meeting
        data = {"at": meeting.isoformat()}
        life.act(Verb.SET_APPOINTMENT, at, actor=agent, to=State.RENDEZ_VOUS, data=data)
        life.act(Verb.RESUME, meeting + timedelta(minutes=15), actor=agent, to=State.EN_COURS)
        _assign(life, agent)
    else:
        _take(life, timing.soon(life.at, 300, 1500), agent)
    if life.at <= life.world.now:
        row["papers"] = mandatory(life.offer)  # the originals were seen
    days = _delay(life)
    life.act(Verb.READY, timing.at_work(life.at, days), actor=agent, to=State.A_RETIRER)
    collected = timing.at_work(life.at, random.choice((2, 4, 6, 8, 12, 18, 26, 40)))
    clerk = random.choice(life.world.staff.eas)
    close(life, collected, clerk, "document-remis")


def _expert_path(life: Life) -> None:
    row, random, timing = life.row, life.random, life.timing
    days = _by_contract(life, _delay(life))
    experts = life.world.staff.experts[row["department_id"]]
    expert = random.choice(experts)
    taken_at = timing.at_work(life.at, min(days * 0.3, random.choice((0, 0, 1, 2, 4))))
    data: dict[str, object] = {"assignee": expert}
    if row["take_due_at"]:
        data |= {"department": row["department_id"], "owed_at": row["take_due_at"].isoformat()}
    if taken_at <= life.world.now:
        row["assignee_id"] = life.expert = expert
    life.act(Verb.TAKE, taken_at, actor=expert, data=data)
    if random.random() < 0.45:
        life.note(timing.at_work(life.at, days * 0.15), life.one_of(wording.NOTES), expert)
    interludes(life, expert, expert=True)
    if life.state == State.CLOSE:
        return
    at = timing.at_work(life.at, days * 0.6)
    if random.random() < 0.07:
        life.act(Verb.WAIT_THIRD_PARTY, at, actor=expert, to=State.ATTENTE_TIERS)
        at = timing.at_work(life.at, random.randint(4, 20))
    if at > life.world.now:
        life.act(Verb.TREAT, at)
    good = random.random() < 0.86
    outcome = Outcome.POSITIVE if good else Outcome.NEGATIVE
    if good:
        conclusion = life.situation.done or random.choice(wording.CONCLUSIONS_DONE)
    else:
        conclusion = life.one_of(wording.CONCLUSIONS_REFUSED)
    department = row["department_id"]
    agent = life.front_colleague()
    owed_at = row["department_due_at"].isoformat()
    data = {"department": department, "expert": expert, "outcome": str(outcome), "owed_at": owed_at}
    life.release()
    row["conclusion"], row["conclusion_outcome"] = conclusion, str(outcome)
    life.act(Verb.TREAT, at, actor=expert, to=State.A_REPONDRE, data=data)
    finish(life, timing.at_work(life.at, random.choice((0, 1, 1, 2, 4))), agent, good=float(good))


def _by_contract(life: Life, days: float) -> float:
    """Return how many working days a department takes: about what is agreed, unless it is late."""
    prestation = life.offer.prestation
    if days > working_days_of(*target_of(prestation, life.row["urgent"])):
        return days
    department = life.world.departments[life.row["department_id"]]
    agreed = life.world.agreement(prestation, department)
    return min(days, agreed.treat_days * life.random.uniform(*AROUND))


def _take(life: Life, at, agent: int) -> None:
    if at <= life.world.now:
        _assign(life, agent)
    life.act(Verb.TAKE, at, actor=agent, data={"assignee": agent})


def _assign(life: Life, agent: int) -> None:
    life.row["assignee_id"] = life.row["front_agent_id"] = agent


def _delay(life: Life) -> float:
    """Return how many working days the whole treatment takes; one in twenty runs late."""
    prestation, random = life.offer.prestation, life.random
    target = working_days_of(*target_of(prestation, life.row["urgent"]))
    share = random.betavariate(3.2, 1.9)
    draw = random.random()
    if draw < STUCK:
        share = random.uniform(3, 8)
    elif draw < LATE:
        share = random.uniform(1.05, 2)
    return target * share
