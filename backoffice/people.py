"""Who calls: people found by number, name or e-mail, with their open requests at once."""

import re
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.formats import date_format
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from citizens.models import Citizen
from citizens.names import split_name
from citizens.querysets import NAMED_AT_MOST
from massy_grc.common.paging import Order, Page, keyset_page
from massy_grc.common.text import is_phone, one_line, phone_digits
from massy_grc.common.words import phone_words
from prestations.enums import RequesterKind
from prestations.forms import Question, Questionnaire, parse_address
from requests.models import ServiceRequest
from requests.references import looks_like_reference

FOUND_AT_MOST = 8
ON_A_PAGE = 25
SHORTEST = 2  # characters from which anybody is looked for
BY_NAME = Order("name", group="place", text=True)  # of `named_as`
OPEN_SHOWN = 4
SHORTEST_NUMBER = 6  # shorter ones are extensions of the house


@dataclass
class Found:
    """A person and their open requests, nearest due date first.

    Attributes:
        is_alike: whether they are only named in a way that resembles what was looked for.
    """

    citizen: Citizen
    open_requests: list[ServiceRequest] = field(default_factory=list)
    is_alike: bool = False

    @property
    def known_by(self) -> str:
        return known_by(self.citizen)


def known_by(citizen: Citizen) -> str:
    """What tells somebody from others of the same name, in one line."""
    born = date_format(citizen.birth_date, "d/m/Y") if citizen.birth_date else ""
    phone = str(phone_words(citizen.phone)) if citizen.phone else ""
    return " · ".join(filter(None, (born, phone, citizen.email, citizen.address)))


def find_people(text: str, user, *, limit: int = FOUND_AT_MOST, phone: str = "") -> list[Found]:
    """Return who looks like `text`, best first, with the open requests `user` may see.

    Of namesakes, those who have one come first.

    A few queries, whatever is found.

    Args:
        phone: who has this number comes first: of many namesakes, those who are likely meant.
    """
    if len(text.strip()) < SHORTEST or "\x00" in text:
        return []
    key = phone_digits(phone)
    people = Citizen.objects.living().matching(text, NAMED_AT_MOST if key else limit)
    if key:
        people = sorted(people, key=lambda citizen: citizen.phone_key != key)[:limit]
    found = [Found(citizen, is_alike=not citizen.as_written) for citizen in people]
    with_open_requests(found, user)
    return found if key else _busy_namesakes_first(found)


def people_page(text: str, user, params: QueryDict) -> Page:
    """Return a page of `Found`: who is named as `text` is written, whoever begins so first.

    Where one page holds them all, those who are named alike come after them, as in `find_people`.
    """
    if len(text.strip()) < SHORTEST or "\x00" in text:
        return Page([])
    named = Citizen.objects.living().named_as(text)
    page = keyset_page(named, order=BY_NAME, params=params, size=ON_A_PAGE)
    if not (page.previous_query or page.next_query):
        return Page(find_people(text, user, limit=NAMED_AT_MOST))
    found = [Found(citizen) for citizen in page.rows]
    with_open_requests(found, user)
    return Page(_busy_namesakes_first(found), page.previous_query, page.next_query)


def _busy_namesakes_first(found: list[Found]) -> list[Found]:
    """Of those found who have the same name, first who has an open request."""
    names = list(dict.fromkeys(one.citizen.search_name for one in found))
    return sorted(
        found,
        key=lambda one: (
            one.is_alike,
            names.index(one.citizen.search_name),
            not one.open_requests,
        ),
    )


def with_open_requests(found: list[Found], user) -> None:
    """Fill in the open requests of the people found, in one query."""
    by_citizen = {one.citizen.pk: one for one in found}
    if not by_citizen:
        return
    rows = (
        ServiceRequest.objects.visible_to(user)
        .open()
        .filter(citizen__in=by_citizen)
        .order_by("due_at", "id")[: len(by_citizen) * 25]
    )
    for sr in rows:
        mine = by_citizen[sr.citizen_id].open_requests
        if len(mine) < OPEN_SHOWN:
            mine.append(sr)


def caller_number(told: str) -> str:
    """Return the number that a telephone tells of a call, as it is dialled; "" if it is hidden.

    >>> caller_number("sip:+33612345678@example.org"), caller_number(" 33612345678")
    ('0612345678', '0612345678')
    >>> caller_number("0049 151 23456789"), caller_number("+3225551234")
    ('+4915123456789', '+3225551234')
    >>> caller_number("sip:101@example.org"), caller_number("02619"), caller_number("anonymous")
    ('101', '02619', '')
    """
    address = told.strip().removeprefix("sip:").removeprefix("tel:").partition("@")[0]
    key = phone_digits(address)
    if not is_phone(address):
        return ""
    if is_internal(address):
        return re.sub(r"\D", "", address)
    digits = re.sub(r"[^+0-9]", "", address)
    is_foreign = digits.startswith(("+", "00")) and not digits.startswith(("+33", "0033"))
    return f"+{key}" if is_foreign else f"0{key}"


def is_internal(number: str) -> bool:
    """Whether a number is an extension of the house."""
    return len(phone_digits(number)) < SHORTEST_NUMBER


def record_from(text: str) -> dict[str, str]:
    """Return what a new record begins with, from the words that found nobody."""
    text = one_line(text)
    if looks_like_reference(text):
        return {}
    if is_phone(text):
        return {"phone": text}
    if "@" in text:
        return {"email": text}
    family, given = split_name(text)
    return {"family_name": family, "given_name": given}


def dialled(number: str) -> PhoneNumber | None:
    """A number told or noted, where it can be dialled."""
    try:
        parsed = PhoneNumber.from_string(number, region="FR")
    except NumberParseException:
        return None
    return parsed if parsed.is_valid() else None


def new_number(citizen: Citizen, told: str) -> str:
    """The number of a call that a record may be given, as +33612345678; "" when it is there."""
    number = dialled(told)
    return "" if number is None or number == citizen.phone else number.as_e164


def known_answers(citizen: Citizen | None, questionnaire: Questionnaire, number: str = "") -> dict:
    """Return the requester block filled from a record: nothing is asked twice (use bar 10).

    Args:
        number: from which they call, where the record has none.
    """
    kind_of = {question.name: question for question in questionnaire.definition.requester}
    known = _of_record(citizen) if citizen else {}
    if not known.get("telephone") and (calling := dialled(number)):
        known["telephone"] = str(calling)
    given = {
        name: _as_answer(kind_of[name], value)
        for name, value in known.items()
        if value and name in kind_of and _is_choice(kind_of[name], value)
    }
    return {"demandeur": given} if given else {}


def _of_record(citizen: Citizen) -> dict[str, str]:
    return {
        "nom_famille": citizen.family_name,
        "nom_usage": citizen.usage_name,
        "prenom": citizen.given_name,
        "date_naissance": citizen.birth_date.isoformat() if citizen.birth_date else "",
        "email": citizen.email,
        "telephone": str(citizen.phone) if citizen.phone and citizen.phone.is_valid() else "",
        "adresse": citizen.address,
        "canal_reponse": citizen.reply_channel,
        "type_demandeur": str(RequesterKind.CITOYEN),
    }


def _as_answer(question: Question, value: str):
    return parse_address(value) if question.kind == "address" else value


def _is_choice(question: Question, value: str) -> bool:
    """A choice is prefilled only with an answer that the form offers."""
    return not question.choices or value in dict(question.choices)
