"""What the page of a call shows of each question, and of whoever may have spoken."""

from typing import Any

from django.db.models import F
from django.forms import Form

from backoffice.access import AgentRequest
from backoffice.forms.calls import AnsweredForm, PromisedForm, SeparateForm
from backoffice.people import Found, find_people
from citizens.models import Citizen
from citizens.names import without_civility
from massy_grc.common.posted import posted_id
from massy_grc.common.words import phone_words
from requests import actions
from requests.enums import ContactOutcome
from requests.models import Contact, ServiceRequest

REQUESTS_OFFERED = 8
FOUND_AT_MOST = 25  # when all are asked for
LIKELY = 5  # records of whoever spoke


def said_of(contact: Contact, user) -> dict[str, Any]:
    """The words of a question as they were noted, the information given, where one was, and whether
    `user` may qualify it anew.
    """
    words = actions.words_asked(contact)
    given = contact.outcome == ContactOutcome.ANSWERED and contact.answer != words
    return {
        "words": words,
        "told": contact.answer if given else "",
        "back": contact.kept_by(user) and contact.may_wait_again,
    }


def forms_of(contact: Contact, known: int, refused: Form | None) -> dict[str, Any]:
    """What a question that waits is qualified with.

    Args:
        known: how many questions the page shows.
    """
    prefix = str(contact.pk)
    noted = {"notes": actions.noted_words(contact), "known": known}
    phone = contact.caller_phone or (contact.citizen.phone if contact.citizen else "")
    forms: dict[str, Form] = {
        "form": AnsweredForm(prefix=prefix),
        "promised": PromisedForm(initial={"phone": phone_words(phone)}, prefix=prefix),
        "parted": SeparateForm(initial=noted, prefix=prefix),
    }
    if refused and refused.prefix == prefix:
        forms |= {name: refused for name, one in forms.items() if type(one) is type(refused)}
    return forms


def who_spoke(request: AgentRequest, first: Contact) -> dict[str, Any]:
    """Who may have spoken, to be chosen by whoever keeps the notes: those who look like the words
    noted, or searched (``?q=``), or the one just found or created (``?citoyen=``).
    """
    if first.citizen or request.user.pk != (first.taken_by_id or first.agent_id):
        return {}
    q = request.GET.get("q", without_civility(first.caller) or first.caller_phone)[:150]
    number = posted_id(request.GET.get("citoyen"))
    if number is None:
        most = FOUND_AT_MOST if "plus" in request.GET else LIKELY
        found = find_people(q, request.user, limit=most, phone=first.caller_phone)
        more = "narrow" if most == FOUND_AT_MOST else "link"
        return {"ties": True, "q": q, "found": found, "more": len(found) == most and more}
    rows = Citizen.objects.in_use_at(number)
    return {"ties": True, "q": q, "found": [Found(one) for one in rows]}


def requests_of(citizen: Citizen | None, user) -> list[ServiceRequest]:
    """The requests of somebody on which something may be noted: open ones, then the last closed."""
    if citizen is None:
        return []
    seen = ServiceRequest.objects.visible_to(user).filter(
        citizen=citizen, merged_into=None, anonymised_at=None
    )
    newest_first = seen.order_by(F("closed_at").desc(nulls_first=True), "-arrived_at", "-pk")
    return list(newest_first.select_related("prestation")[:REQUESTS_OFFERED])
