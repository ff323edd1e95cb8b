"""The two tables of the workflow, against the town's own data file and each other."""

from pathlib import Path

import yaml

import prestations
from prestations.enums import Role
from requests.enums import PAUSED_STATES, PUBLIC_LABELS, STOPPED_STATES, State, Verb
from requests.permissions import RIGHTS
from requests.workflow import TRANSITIONS, VERBS

DATA = Path(prestations.__file__).parent / "data"
REFERENCE = yaml.load((DATA / "reference.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
CATALOGUE = yaml.load((DATA / "catalogue.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def states_of_the_file() -> dict[str, dict]:
    return {row["code"]: row for row in REFERENCE["request_states"] if row["code"] != "brouillon"}


def test_states_and_their_public_labels_are_those_of_the_reference_file():
    rows = states_of_the_file()
    assert {str(state) for state in State} == set(rows)
    for code, row in rows.items():
        assert State(code).label == row["label"]
        assert str(PUBLIC_LABELS[State(code)]) == row["public_label"]


def test_clock_of_each_state_is_that_of_the_reference_file():
    for code, row in states_of_the_file().items():
        assert (row["clock"] == "paused") == (code in PAUSED_STATES)
        assert (row["clock"] == "stopped") == (code in STOPPED_STATES)


def test_transitions_are_those_of_the_reference_file():
    allowed = REFERENCE["state_transitions"]["allowed"]
    del allowed["brouillon"]
    assert {str(state): {str(to) for to in targets} for state, targets in TRANSITIONS.items()} == {
        state: set(targets) for state, targets in allowed.items()
    }


def test_interim_reply_delay_is_the_catalogue_s():
    from requests.deadlines import INTERIM_REPLY_DAYS

    assert CATALOGUE["rules"]["interim_reply_before_days"]["value"] == INTERIM_REPLY_DAYS


def test_a_document_waits_as_long_as_the_catalogue_says():
    from requests.deadlines import COLLECTION_MONTHS

    assert CATALOGUE["rules"]["uncollected_title"] == {
        "value": COLLECTION_MONTHS,
        "unit": "months",
        "why": CATALOGUE["rules"]["uncollected_title"]["why"],
    }


def test_every_role_has_a_line_in_the_rights_table():
    assert set(RIGHTS) == set(Role)


def test_every_human_verb_has_a_rule_and_starts_somewhere():
    automatic = {
        Verb.FILE,
        Verb.ROUTE,
        Verb.ACKNOWLEDGE,
        Verb.INTERIM,
        Verb.ALERT,
        Verb.REMIND,
        Verb.RECALCULATE,
    }
    automatic |= {Verb.LEAD, Verb.RECEIVE_MERGED}
    # `actions.sending`: whatever it leads back to; `actions.snoozing`: by itself too
    by_its_author = {Verb.UNSEND, Verb.WAKE}
    automatic |= {Verb.QUARANTINE, Verb.PURGE_FILES, Verb.ANONYMISE}
    requesters = {Verb.RECEIVE, Verb.RATE, Verb.ADOPT}
    assert set(Verb) - set(VERBS) == automatic | requesters | by_its_author
    assert all(rule.states and rule.rights for rule in VERBS.values())
