"""What the tables of people hold, and what becomes of it (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Follow, Holding

REACHABLE = {"email": "", "phone": "", "phone_key": "", "address": ""}

HOLDINGS = [
    Holding(
        "citizens.Citizen",
        Fate.EMPTIED,
        emptied={
            **REACHABLE,
            "family_name": "",
            "usage_name": "",
            "given_name": "",
            "birth_date": None,
            "birth_place": "",
            "gender": "",
            "search_name": "",
            "match_keys": [],
        },
        stays=(
            *("residence", "reply_channel", "progress_channel", "documents_channel"),
            "language",
        ),
        exported=True,
        follows={"merged_into": Follow.AT_ONCE},
    ),
    Holding(
        "citizens.Organisation",
        Fate.EMPTIED,
        emptied={
            **REACHABLE,
            "name": "",
            "rna": "",
            "siret": "",
            "representative": "",
            "search_name": "",
        },
        stays=("kind",),
        why="its requests are in the copy given to whoever filed them",
    ),
    Holding(
        "citizens.ConsentEvent",
        Fate.KEPT,
        stays=("address_key", "kind", "source"),
        exported=True,
        why="append-only proof of consent: codes and a keyed digest, never an address",
        follows={"citizen": Follow.NEVER},  # read with those of the kept record
    ),
    Holding(
        "citizens.CitizenAccount",
        Fate.KEPT,
        stays=("terms_version",),
        exported=True,
        why="dates and the version of the terms; the log-in and the record it ties are emptied",
        follows={"citizen": Follow.LATER},  # closed ones: a record with an open one is kept
    ),
    Holding(
        "citizens.OrganisationAccount",
        Fate.EMPTIED,
        emptied={"name": "", "siret": "", "rna": "", "address": ""},
        stays=("kind", "state", "language"),
        exported=True,
        why="emptied with its organisation; a person's copy names those they act for",
    ),
    Holding(
        "citizens.OrganisationChange",
        Fate.DELETED,
        why="deleted with its organisation; names and seats of organisations",
    ),
    Holding("citizens.OrganisationMember", Fate.DELETED, exported=True),
    Holding(
        "citizens.OrganisationInvitation",
        Fate.DELETED,
        why="addresses of others, forgotten after two weeks",
    ),
    Holding(
        "citizens.Issue",
        Fate.KEPT,
        stays=("subject", "body"),
        why="words of the town to everybody; its author is a member of staff",
    ),
    Holding(
        "citizens.Subscription", Fate.DELETED, exported=True, follows={"citizen": Follow.LATER}
    ),
    Holding("citizens.SignedInDevice", Fate.DELETED, exported=True),
    Holding(
        "citizens.EmailChange", Fate.DELETED, why="lasts three days; the address is the account's"
    ),
    Holding(
        "citizens.FederatedIdentity", Fate.DELETED, why="a pseudonym that only its issuer reads"
    ),
    Holding(
        "citizens.PossibleDuplicate",
        Fate.KEPT,
        stays=("reasons", "state"),
        why="codes and an agent's answer; both records are emptied by themselves",
        follows={"citizen": Follow.NEVER, "other": Follow.NEVER},
    ),
    Holding(
        "citizens.HouseholdTie",
        Fate.DELETED,
        exported=True,
        follows={"citizen": Follow.NEVER, "other": Follow.NEVER},  # read with the kept record's
    ),
    Holding(
        "citizens.CitizenMerge",
        Fate.EMPTIED,
        emptied={"before": {}},
        stays=("reasons", "ground", "moved"),
        why="what the kept record said before, for thirty days; then codes, ids and dates",
        follows={"kept": Follow.NEVER, "gone": Follow.NEVER},
    ),
    Holding(
        "citizens.MailRequest",
        Fate.DELETED,
        why="an address without a key to a person; purged after a week",
    ),
]
