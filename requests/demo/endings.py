"""How a request ends: answered, closed, withdrawn, and sometimes opened again."""

from requests.deadlines import interim_reply_time, target_of
from requests.demo import wording
from requests.demo.lives import Life
from requests.enums import Outcome, State, Verb

REFUSALS = ("refusee", "hors-competence", "non-constate")
SIGNED_REFUSAL = "decision-refus"


def finish(life: Life, at, agent: int, *, good: float) -> None:
    """The final answer, and the closing with it."""
    random, row = life.random, life.row
    if at > life.world.now:
        life.act(Verb.ANSWER, at)
    at = max(at, life.at)
    positive = random.random() < good
    outcome = Outcome.POSITIVE if positive else Outcome.NEGATIVE
    reason = _reason(life, positive)
    row["front_agent_id"] = row["front_agent_id"] or agent
    words = random.choice(wording.ANSWERS[reason])
    body = f"Bonjour,\n\n{words}\n\nL'accueil de la mairie"
    author = agent
    prestation, boss = life.offer.prestation, 0
    if not positive and prestation.outcome_negative_template == SIGNED_REFUSAL:
        boss = life.world.staff.supervisor
    elif positive and prestation.approval:
        staff = life.world.staff
        boss = staff.heads.get(row["department_id"], staff.supervisor)
    if boss:  # the words alone: the letter greets and names who signs
        agent = _sign(life, at, agent, boss, words, outcome)
        at = life.at
    message = life.message(at, body, author, "email")
    row["answered_at"] = at
    data = {"message": message, "outcome": str(outcome)}
    life.act(Verb.ANSWER, at, actor=agent, data=data)
    close(life, life.at, agent, reason)


def _sign(life: Life, at, author: int, boss: int, body: str, outcome: Outcome) -> int:
    """An answer waits for its approval; returns who gave it. Not yet: it is still waiting."""
    pk = life.world.new_id("decision")
    data = {"decision": pk, "outcome": str(outcome)}
    life.act(Verb.SUBMIT_APPROVAL, at, actor=author, to=State.A_VALIDER, data=data)
    decision = {
        "id": pk,
        "request_id": life.row["id"],
        "author_id": author,
        "verb": str(Verb.ANSWER),
        "outcome": str(outcome),
        "subject": "",
        "body": body,
        "template": "",
        "fields": "{}",
        "closes": True,
        "proposed_at": life.at,
        "decided_by_id": None,
        "decided_at": None,
        "approved": None,
    }
    life.decisions.append(decision)
    life.act(
        Verb.SIGN,
        life.timing.at_work(life.at, life.random.choice((0, 1, 3))),
        actor=boss,
        data=data,
    )
    decision |= {"decided_by_id": boss, "decided_at": life.at, "approved": True}
    return boss


def _reason(life: Life, positive: bool) -> str:
    modes = life.offer.prestation.delivery_modes
    if positive:
        if "intervention" in modes:
            return "intervention-realisee"
        if life.row["category_id"] == "informations-generales":
            return "information-donnee"
        return "document-remis" if "retrait" in modes else "satisfaite"
    if "intervention" in modes:
        return life.random.choice(("non-constate", "hors-competence", "doublon"))
    return life.random.choice(("refusee", "refusee", "hors-competence", "injoignable"))


def close(life: Life, at, agent: int, reason: str) -> None:
    if at > life.world.now:
        life.act(Verb.CLOSE, at)
    row = life.row
    row["closed_at"], row["closing_reason_id"] = max(at, life.at), reason
    life.release()
    data = {"reason": reason, "message": None}
    life.act(Verb.CLOSE, at, actor=agent, to=State.CLOSE, data=data)


def withdraw(life: Life) -> None:
    at = life.timing.at_home(life.at, life.random.uniform(1, 6))
    if at > life.world.now:
        life.act(Verb.WITHDRAW, at)
    row = life.row
    row["closed_at"], row["closing_reason_id"] = max(at, life.at), "desistement"
    life.release()
    data = {"reason": "desistement"}
    life.act(Verb.WITHDRAW, at, by_requester=True, to=State.ANNULEE, data=data)


def _rate(life: Life) -> None:
    row, random = life.row, life.random
    if life.state != State.CLOSE or not row["requester_email"] or random.random() > 0.2:
        return
    at = life.timing.at_home(life.at, random.uniform(0.2, 4))
    if at > life.world.now:
        return
    refused = row["closing_reason_id"] in REFUSALS
    late = row["answered_at"] and row["answered_at"] > row["due_at"]
    weights = (5, 4, 1, 1) if not (refused or late) else (1, 3, 4, 3)
    score = random.choices((4, 3, 2, 1), weights)[0]
    solved = None if refused else score > 1
    comment = random.choice(wording.OPINIONS[score]) if random.random() < 0.4 else ""
    pk = life.world.new_id("rating")
    life.ratings.append((pk, row["id"], row["reopened_count"], score, solved, comment, at))
    data = {"rating": pk, "score": score}
    life.act(Verb.RATE, at, by_requester=True, quiet=True, data=data)


def afterwards(life: Life) -> None:
    """One in five says what they think; one in sixty comes back: the problem is not settled."""
    row, random = life.row, life.random
    _rate(life)
    if life.state != State.CLOSE or random.random() > 0.016 or not row["requester_email"]:
        return
    at = life.timing.at_home(life.at, random.uniform(2, 11))
    if at > life.world.now:
        return
    at = max(at, life.at)
    message = life.message(at, life.one_of(wording.COME_BACK), None)
    row["closed_at"] = row["answered_at"] = row["closing_reason_id"] = None
    row["reopened_count"] += 1
    life.release()
    target = target_of(life.offer.prestation, row["urgent"])
    row["due_at"] = life.world.calendar.add(at, *target)
    row["silence_effect"], row["implicit_decision_at"] = "none", None
    row["legal_paused_at"] = row["interim_sent_at"] = None
    row["interim_due_at"] = interim_reply_time(at, None, life.world.calendar)
    row["conclusion"] = row["conclusion_outcome"] = ""
    data = {"message": message, "count": row["reopened_count"]}
    life.act(Verb.REOPEN, at, by_requester=True, to=State.EN_COURS, data=data)
    agent = life.front_colleague()
    finish(life, life.timing.at_work(life.at, random.randint(1, 8)), agent, good=0.9)
