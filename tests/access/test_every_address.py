"""Every address of the program, asked for by everybody who has no business there (R16, R17).

One citizen's things are in the database; each actor asks for each address about them, by GET and
by POST. A foreign actor is refused, is shown none of their words, and changes nothing of theirs.
"""

import re
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.test import Client

from citizens.models import Citizen, CitizenAccount
from massy_grc.users.models import User
from prestations.enums import Role
from requests.models import FilingDraft, ServiceRequest
from requests.references import format_reference, parse_reference
from tests.access.table import KIND_OF, Kind, Route, routes, unnamed
from tests.access.walker import (
    ACTORS,
    DOORS,
    SAYS_VOID,
    SECOND,
    Walker,
    client_for,
    heard,
    own_steps,
    steps,
    undone,
    walk,
)
from tests.access.world import Owner
from tests.backoffice.conftest import BACKEND

pytestmark = pytest.mark.django_db

_KEY = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')

# Where the first citizen must be found by whoever has the right: else nothing would be proven.
TELLING = {
    "citizens:account",
    "requests:attachment",
    "requests:confirmation",
    "requests:document",
    "requests:file_check",
    "requests:receipt",
    "requests:space_details",
    "requests:space_documents",
    "requests:space_messages",
    "requests:space_requests",
    "requests:track",
    "requests:wallet",
    "requests:wallet_file",
    "requests:wallet_keep",
    "requests:wallet_rename",
}
# What these do to the owner's own request, draft or account is what they are for.
VERBS_OF_THE_OWNER = {"requests:track_withdraw", "requests:file_discard"}
AGENTS_READ = {
    str(Role.AGENT_EAS): ("request", "file", "logged", "receipt", "citizen", "citizen_edit"),
    str(Role.AGENT_EXPERT): ("request", "file", "act"),
    str(Role.DPO): ("privacy_person",),
}


def test_every_address_is_declared():
    assert [route.name for route in routes() if route.kind is None] == []
    assert unnamed() == []
    names = {route.name for route in routes()}
    assert [name for name in KIND_OF if name not in names] == []


def test_what_is_ones_own_opens(world, text_letters):
    """The walk would prove nothing at addresses that open for nobody."""
    first, client = world.first, Client()
    client.force_login(first.account.user, BACKEND)
    shut, silent = [], []
    for route in routes():
        if route.kind not in (Kind.OWN, Kind.SPACE, Kind.LINK) or route.name in SAYS_VOID:
            continue
        address = route.address(first)
        answer = (client if route.kind is not Kind.LINK else Client()).get(address)
        opened = answer.status_code in (200, 204, 302, 405)
        if not opened or answer.headers.get("Location") == DOORS[0]:
            shut.append((route.name, answer.status_code))
        if route.name in TELLING and not heard(answer, first, address, set()):
            silent.append(route.name)
    assert (shut, silent) == ([], [])


def test_the_first_citizens_own_agents_read_them(world, staff, text_letters):
    first = world.first
    for actor, names in AGENTS_READ.items():
        client = client_for(actor, world, staff)
        for name in names:
            address = Route(f"backoffice:{name}").address(first)
            answer = client.get(address)
            assert answer.status_code == 200, (actor, name)
            assert heard(answer, first, address, set()), (actor, name)


@pytest.mark.parametrize("actor", ACTORS)
def test_nobody_sees_or_changes_what_is_anothers(world, staff, text_letters, actor):
    walk(Walker(actor, world, client_for(actor, world, staff), []), steps)


def test_anothers_thing_is_as_one_that_is_not(world, text_letters):
    """Who asks for somebody else's reads the very page of what never was (R16)."""
    client = Client()
    client.force_login(world.second.account.user, BACKEND)
    compared, told = 0, []
    for route in routes():
        named = route.arguments(world.first)
        nowhere = {key: nothing_of(value) for key, value in named.items()}
        if route.kind is not Kind.OWN or nowhere == named:
            continue
        compared += 1
        for ask in (client.get, client.post):
            pages = [_page(ask, route, world.first, names) for names in (named, nowhere)]
            if pages[0] != pages[1]:
                told.append(route.name)
    assert compared > 20
    assert told == []


def nothing_of(value):
    """A name of the same kind that nothing bears; `value` itself where it names no thing."""
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, int):
        return 987_654_321
    return format_reference(2026, 999_999) if parse_reference(str(value)) else value


def _page(ask, route: Route, owner: Owner, names: dict) -> tuple[int, str, str]:
    """Status, whither, and page, without the names and the form's key in them."""
    address = route.address(owner, **names)
    answer = ask(address)
    texts = [answer.headers.get("Location", ""), answer.content.decode(errors="replace")]
    for name in (address, *filter(parse_reference, map(str, names.values()))):
        texts = [text.replace(name, "…") for text in texts]
    return answer.status_code, texts[0], _KEY.sub("", texts[1])


def test_ids_of_another_in_ones_own_forms_and_paths_do_nothing(world, staff, text_letters):
    """A citizen posts their own forms with every id replaced by somebody else's (R17)."""
    walk(Walker(SECOND, world, client_for(SECOND, world, staff), [], own=True), own_steps)


def test_columns_added_to_a_form_change_nothing_else(world, staff, text_letters):
    """The owner adds every column of every table to each form: none that it lacks is taken."""
    first = world.first
    client = Client()
    client.force_login(first.account.user, BACKEND)
    before = _guarded(first)
    extra = {
        name: "1"
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        for name in (column.name, column.attname)
    }
    for route in routes():
        if route.kind not in (Kind.OWN, Kind.SPACE):
            continue
        with undone():
            answer = client.post(route.address(first), extra)
            assert answer.status_code < 500, route.name
            assert _guarded(first) == before or route.name in VERBS_OF_THE_OWNER, route.name


def _guarded(owner: Owner) -> list:
    """What no form of a citizen may set."""
    return [
        User.objects.values(
            "kind", "email", "password", "is_active", "is_staff", "is_superuser"
        ).get(pk=owner.account.user_id),
        CitizenAccount.objects.values("user", "citizen", "closed_at").get(pk=owner.account.pk),
        Citizen.objects.values("family_name", "given_name", "birth_date", "email").get(
            pk=owner.citizen.pk
        ),
        ServiceRequest.objects.values(
            *("reference", "state", "account", "citizen", "department", "assignee", "team"),
            *("due_at", "urgent", "tracking_code", "conclusion", "closed_at", "prestation"),
        ).get(pk=owner.request.pk),
        list(
            FilingDraft.objects.filter(pk=owner.draft.pk).values(
                "token", "account", "citizen", "agent", "channel", "filed_request", "completes"
            )
        ),
    ]
