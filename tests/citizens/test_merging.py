"""Two records of one person become one; undone, every row is what it was (S69)."""

import random
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from citizens.actions import (
    compare_waiting,
    merge_citizens,
    settle_merge,
    unmerge_citizens,
    update_citizen,
)
from citizens.actions.consents import Subject, set_consent, standing
from citizens.enums import ConsentKind, ConsentSource, DuplicateState, MergeGround
from citizens.exceptions import MergeRefused
from citizens.merging import choices, sides
from citizens.models import Citizen, CitizenMerge, FederatedIdentity, PossibleDuplicate
from massy_grc.common.personal_data import holdings
from prestations.enums import Role
from prestations.models import Prestation
from requests import actions
from requests.actions.exports import make_export
from requests.exceptions import MissingInput
from requests.models import PersonalLetter
from tests.factories.citizens import CitizenFactory, make_account
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db

BORN = date(1984, 3, 8)
PERSON = {"family_name": "Trévidic", "given_name": "Solène", "birth_date": BORN}


@pytest.fixture
def agent(catalogue):
    return make_agent(Role.AGENT_EAS, first_name="Aude", last_name="Bellec")


@pytest.fixture
def officer(catalogue):
    return make_agent(Role.DPO, first_name="Odile", last_name="Rivière")


@pytest.fixture
def two():
    """The older record, and the newer one."""
    return CitizenFactory(**PERSON), CitizenFactory(**{**PERSON, "given_name": "Solenn"})


def merge(agent, kept, gone, taken=(), now=None) -> CitizenMerge:
    seen = list(Citizen.objects.filter(pk__in=[kept.pk, gone.pk]).values_list("updated_at", flat=1))
    return merge_citizens(
        kept_id=kept.pk,
        gone_id=gone.pk,
        taken=taken,
        ground=MergeGround.ASKED,
        actor=agent,
        seen=seen,
        now=now or timezone.now(),
    )


def undo(agent, merge, now=None):
    return unmerge_citizens(merge_id=merge.pk, actor=agent, now=now or timezone.now())


def franceconnect(account) -> None:
    FederatedIdentity.objects.create(
        account=account, issuer="https://fc.example", subject="x", last_used_at=timezone.now()
    )


def keys_to_records() -> set[tuple[str, str]]:
    return {
        (model._meta.label, one.name)
        for model in apps.get_models(include_auto_created=True)
        for one in [*model._meta.fields, *model._meta.many_to_many]
        if one.related_model is Citizen
    }


def test_every_key_to_a_record_says_whether_it_follows():
    told = {(label, column) for label, holding in holdings().items() for column in holding.follows}
    assert keys_to_records() == told, (
        "say in the table's Holding (massy_grc/common/personal_data.py) whether the row goes over "
        "when a record is given up for another of the same person: `follows`"
    )


def test_everything_goes_over_and_the_old_record_points_to_the_kept_one(agent, two):
    kept, gone = two
    sr = make_request(citizen=gone)
    contact = actions.log_contact(
        actor=agent, channel="telephone", question="Horaires ?", citizen=gone
    )
    made = merge(agent, kept, gone, taken=["given_name", "phone"])
    sr.refresh_from_db()
    contact.refresh_from_db()
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (sr.citizen, contact.citizen, gone.merged_into) == (kept, kept, kept)
    assert (kept.given_name, kept.phone) == ("Solenn", gone.phone)
    assert made.moved == {
        "requests.ServiceRequest.citizen": [sr.pk],
        "requests.Contact.citizen": [contact.pk],
    }
    assert list(Citizen.objects.living()) == [kept]
    assert Citizen.objects.in_use_at(gone.pk).get() == kept


def state_of_everything() -> dict:
    """Each row with a key to a record, and each record; not when it was last touched."""
    said_of_both = {"citizens.CitizenMerge", "citizens.PossibleDuplicate"}
    found = {}
    for label in sorted({label for label, _column in keys_to_records()} - said_of_both):
        for row in apps.get_model(label)._base_manager.all():
            values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
            if label == "citizens.Citizen":
                values.pop("updated_at")
                values.pop("compared_at")
            found[label, row.pk] = values
    return found


@pytest.mark.parametrize("seed", range(12))
def test_a_merge_undone_leaves_every_row_as_it_was(agent, seed):
    """Whatever hangs on both, whichever values were taken."""
    draw = random.Random(seed)
    people = [
        CitizenFactory(
            **{**PERSON, "given_name": draw.choice(["Solène", "Solenn"])},
            usage_name=draw.choice(["", "Le Bihan"]),
            gender=draw.choice(["", "female"]),
            language=draw.choice(["fr", "en"]),
        )
        for _ in range(3)
    ]
    kept, gone, third = people
    prestation = Prestation.objects.get(pk="acte-naissance-filiation")
    for person in people:
        for _ in range(draw.randrange(3)):
            make_request(citizen=person)
            actions.log_contact(actor=agent, channel="telephone", question="?", citizen=person)
            actions.start_draft(prestation=prestation, citizen=person)
        if draw.random() < 0.5:
            PersonalLetter.objects.create(
                citizen=person, key=f"k{person.pk}", subject="Objet", body="Texte"
            )
        if draw.random() < 0.5:
            subject = Subject(person.pk)
            set_consent(
                subject=subject, kind=ConsentKind.FOLLOW, given=True, source=ConsentSource.FORM
            )
    if draw.random() < 0.5:
        make_account(citizen=kept)
    if draw.random() < 0.3:
        merge(agent, gone, third)  # the record given up was kept once itself
    before = state_of_everything()
    names = [choice.name for choice in choices(*sides(kept, gone))]
    made = merge(agent, kept, gone, taken=draw.sample(names, draw.randrange(len(names))))
    assert state_of_everything() != before
    assert undo(agent, made).changed_since == ()
    assert state_of_everything() == before


def test_what_came_since_stays_with_the_kept_record(agent, two):
    kept, gone = two
    old = make_request(citizen=gone)
    made = merge(agent, kept, gone, taken=["phone"])
    new = make_request(citizen=kept)
    update_citizen(citizen_id=kept.pk, phone="+33699999999")
    assert undo(agent, made).changed_since == ("phone",)
    old.refresh_from_db()
    new.refresh_from_db()
    kept.refresh_from_db()
    assert (old.citizen, new.citizen) == (gone, kept)
    assert kept.phone == "+33699999999"


def test_two_accounts_are_not_made_one(agent):
    kept, gone = make_account(**PERSON).citizen, make_account(**PERSON, email="b@c.example").citizen
    with pytest.raises(MergeRefused, match="ont un compte"):
        merge(agent, kept, gone)


def test_the_record_with_the_account_is_the_one_that_stays(agent):
    older = CitizenFactory(**PERSON)
    owner = make_account(**PERSON).citizen
    assert sides(older, owner)[0].citizen == owner
    with pytest.raises(MergeRefused):
        merge(agent, older, owner)
    assert merge(agent, owner, older)


@pytest.mark.parametrize(
    "other",
    [
        {"birth_date": date(1954, 3, 8)},
        {"birth_date": date(1984, 8, 3)},
        {"given_name": "Maëlle"},
        {"birth_place": "75056"},
        {"gender": "male"},
    ],
)
def test_an_identity_proven_by_franceconnect_is_joined_by_nothing_that_contradicts_it(agent, other):
    proven = {**PERSON, "birth_place": "29019", "gender": "female"}
    account = make_account(**proven)
    franceconnect(account)
    gone = CitizenFactory(**{**proven, **other})
    with pytest.raises(MergeRefused, match="FranceConnect"):
        merge(agent, account.citizen, gone)


def test_a_proven_identity_is_never_overwritten(agent):
    account = make_account(**PERSON)
    franceconnect(account)
    gone = CitizenFactory(**{**PERSON, "given_name": "Solenn"}, usage_name="Le Bihan")
    merge(agent, account.citizen, gone, taken=["given_name", "usage_name"])
    account.citizen.refresh_from_db()
    assert account.citizen.given_name == "Solène"
    assert account.citizen.usage_name == "Le Bihan"  # it said nothing of that


def test_a_record_changed_meanwhile_is_read_again_first(agent, two):
    kept, gone = two
    with pytest.raises(MergeRefused, match="relisez"):
        merge_citizens(
            kept_id=kept.pk,
            gone_id=gone.pk,
            taken=[],
            ground=MergeGround.ASKED,
            actor=agent,
            seen=[kept.updated_at, gone.updated_at - timedelta(seconds=1)],
            now=timezone.now(),
        )


def test_the_last_word_on_a_consent_counts_whichever_record_has_it(agent, two):
    kept, gone = two
    said = {"kind": ConsentKind.FOLLOW, "source": ConsentSource.FORM}
    set_consent(subject=Subject(kept.pk), given=True, **said)
    set_consent(subject=Subject(gone.pk), given=True, **said)
    set_consent(subject=Subject(gone.pk), given=False, **said)
    made = merge(agent, kept, gone)
    assert not standing(Subject(kept.pk), ConsentKind.FOLLOW)
    undo(agent, made)
    assert standing(Subject(kept.pk), ConsentKind.FOLLOW)


def test_merges_are_undone_in_turn_the_last_one_first(agent, two):
    kept, gone = two
    third = CitizenFactory(**PERSON)
    first = merge(agent, kept, gone)
    second = merge(agent, kept, third)
    with pytest.raises(MergeRefused, match="séparez-la d’abord"):
        undo(agent, first)
    undo(agent, second)
    undo(agent, first)
    with pytest.raises(MergeRefused, match="déjà séparées"):
        undo(agent, first)
    assert Citizen.objects.living().count() == 3


def test_the_owner_of_the_account_is_shown_nothing_that_a_fresh_merge_brought(
    agent, client, login, officer
):
    account = make_account(**PERSON)
    gone = CitizenFactory(**PERSON, address="77 rue du Secret 91300 Massy")
    sr = make_request(citizen=gone, subject="Secret de l’autre")
    waiting = actions.ask_export(citizen_id=account.citizen_id, actor=account.user)
    merge(agent, account.citizen, gone)
    login(client, account.user)
    for path in (
        *("/compte/", "/compte/demandes/", "/compte/messages/", "/compte/documents/"),
        *("/compte/donnees/", "/compte/informations/", "/compte/lettres-d-information/"),
    ):
        answer = client.get(path)
        page = answer.content.decode()
        assert answer.status_code == 200, path
        assert "Secret" not in page, path
        assert sr.reference not in page, path
    make_export(export_id=waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.file.name) == ("expired", "")
    with pytest.raises(MissingInput, match="délégué"):
        actions.ask_export(citizen_id=account.citizen_id, actor=account.user)
    assert actions.ask_export(citizen_id=account.citizen_id, actor=officer, identity="document")


def test_after_thirty_days_it_is_settled_and_the_old_record_emptied(agent, two):
    kept, gone = two
    long_ago = timezone.now() - timedelta(days=31)
    made = merge(agent, kept, gone, taken=["phone"], now=long_ago)
    with pytest.raises(MergeRefused, match="trente jours"):
        undo(agent, made)
    assert actions.settle_merges(now=timezone.now()) == 1
    assert actions.settle_merges(now=timezone.now()) == 0
    gone.refresh_from_db()
    made.refresh_from_db()
    assert (gone.family_name, gone.match_keys, gone.merged_into) == ("", [], kept)
    assert made.before == {}
    kept.refresh_from_db()
    assert kept.family_name == "Trévidic"


def test_a_hold_keeps_the_given_up_record_as_it_is(agent, officer, two):
    kept, gone = two
    sr = make_request(citizen=gone)
    actions.hold_request(request_id=sr.pk, actor=officer, reason="Procès")
    merge(agent, kept, gone, now=timezone.now() - timedelta(days=31))
    assert actions.settle_merges(now=timezone.now()) == 0
    gone.refresh_from_db()
    assert gone.family_name == "Trévidic"
    actions.release_request(request_id=sr.pk, actor=officer)
    assert actions.settle_merges(now=timezone.now()) == 1


def test_erasing_the_kept_record_erases_the_given_up_one(agent, officer, two):
    kept, gone = two
    made = merge(agent, kept, gone, taken=["phone"])
    actions.erase_person(
        citizen_id=kept.pk, actor=officer, request_ids=[], record=True, identity="document"
    )
    gone.refresh_from_db()
    made.refresh_from_db()
    assert (gone.family_name, gone.email, made.before) == ("", "", {})
    with pytest.raises(MergeRefused, match="effacée"):
        undo(agent, made)
    assert not settle_merge(merge_id=made.pk, now=timezone.now())


def test_who_separates_two_records_tells_them_apart_for_good(agent, two):
    kept, gone = two
    made = merge(agent, kept, gone)  # an agent named them: no rule had noted the pair
    assert not PossibleDuplicate.objects.exists()
    undo(agent, made)
    compare_waiting(now=timezone.now())
    pair = PossibleDuplicate.objects.get()
    assert (pair.state, pair.reviewed_by) == (DuplicateState.DIFFERENT, agent)

    again = merge(agent, kept, gone)
    pair.refresh_from_db()
    assert (pair.state, pair.reviewed_by) == (DuplicateState.SAME, agent)
    undo(agent, again)
    Citizen.objects.update(compared_at=None)
    compare_waiting(now=timezone.now())
    assert not PossibleDuplicate.objects.waiting().exists()
