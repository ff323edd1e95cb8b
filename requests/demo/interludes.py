"""What happens on the way: pieces missing, a question, messages, notes."""

from datetime import timedelta

from requests.demo import wording
from requests.demo.endings import close
from requests.demo.lives import Life
from requests.enums import PieceFault, State, Verb


def interludes(life: Life, actor: int, *, expert: bool = False) -> None:
    """Pieces missing, a question, a message, a note: what happens to one in four."""
    random, timing = life.random, life.timing
    draw = random.random()
    if draw < 0.11 and life.offer.documents:
        _missing_piece(life, actor)
    elif draw < 0.17 and not expert and life.row["requester_email"]:
        agent = life.front_colleague()
        at = timing.at_work(life.at, 1)
        if at > life.world.now:
            life.act(Verb.ASK_QUESTION, at)
        question, reply = life.one_of(wording.QUESTIONS)
        message = life.message(at, question, agent, "email")
        data = {"message": message}
        life.act(Verb.ASK_QUESTION, at, actor=agent, to=State.ATTENTE_DEMANDEUR, data=data)
        _supply(life, random.choice((0.3, 2, 5, 12, 21)), reply)
    elif draw < 0.23 and life.row["requester_email"]:
        at = timing.at_home(life.at, random.uniform(1, 5))
        if at <= life.world.now:
            body = life.one_of(wording.CITIZEN_MESSAGES)
            message = life.message(max(at, life.at), body, None)
            received = {"message": message, "attachments": []}
            life.act(Verb.RECEIVE, at, by_requester=True, data=received)
            agent = life.front_colleague()
            reply_at = timing.at_work(life.at, 1)
            if reply_at <= life.world.now:
                body = life.one_of(wording.TOWN_MESSAGES)
                message = life.message(reply_at, body, agent, "email")
                life.act(Verb.WRITE, reply_at, actor=agent, data={"message": message})
    elif draw < 0.31 and not expert:
        life.note(timing.at_work(life.at, 0), life.one_of(wording.NOTES), actor)


def _missing_piece(life: Life, actor: int) -> None:
    random, row = life.random, life.row
    at = life.timing.at_work(life.at, random.choice((0, 1, 2)))
    if at > life.world.now:
        life.act(Verb.ASK_PIECES, at)
    document = random.choice(life.offer.documents)
    pk = life.world.new_id("piece")
    due_on = (at + timedelta(days=60)).date()  # longer than any demo requester takes
    reason = random.choice(("Copie illisible.", "Document périmé.", ""))
    piece = {
        "id": pk,
        "request_id": row["id"],
        "document_code": document["code"],
        "label": document["label"],
        "reason": reason,
        "fault": PieceFault.INCORRECT if reason else PieceFault.INCOMPLETE,
        "asked_by_id": actor,
        "asked_at": at,
        "due_on": due_on,
        "received_at": None,
    }
    life.pieces.append(piece)
    data = {"pieces": [pk], "due_on": due_on.isoformat()}
    life.act(Verb.ASK_PIECES, at, actor=actor, to=State.ATTENTE_PIECES, data=data)
    if random.random() < 0.07:
        close(life, life.timing.at_work(life.at, 24), life.front_colleague(), "pieces-manquantes")
        return
    _supply(life, random.choice((2, 4, 7, 12, 18, 30, 45)), random.choice(wording.SUPPLIED_PIECES))
    piece["received_at"] = life.at
    life.complete(due_on)


def _supply(life: Life, days: float, body: str) -> None:
    at = life.timing.at_home(life.at, days)
    if at > life.world.now:
        life.act(Verb.SUPPLY, at)
    at = max(at, life.at)
    message = life.message(at, body, None)
    data = {"message": message, "attachments": [], "still_missing": 0}
    life.act(Verb.SUPPLY, at, by_requester=True, to=life.working_state(), data=data)
