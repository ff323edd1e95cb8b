"""What the tables of requests hold, and what becomes of it (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

PROOF = "proof of what the officer did: numbers and dates"

INTERNAL = "written among agents: the officer reads it first, it may speak of others"

HOLDINGS = [
    Holding(
        "requests.ServiceRequest",
        Fate.EMPTIED,
        emptied={
            "answers": {},
            "tracking_code": "",
            "citizen": None,
            "account": None,
            "organisation": None,
            "organisation_account": None,
            "requester_name": "",
            "requester_email": "",
            "requester_phone": "",
            "requester_address": "",
            "reply_channel": "",
            "place": "",
            "street": None,
            "street_number": "",
            "latitude": None,
            "longitude": None,
            "conclusion": "",
            "subject": "",  # takes the prestation's own label
            "search_vector": None,  # rebuilt from what is left
        },
        stays=(
            *("reference", "idempotency_key", "state", "channel", "requester_kind", "language"),
            *("residence", "silence_effect", "conclusion_outcome", "papers"),
        ),
        exported=True,
    ),
    Holding(
        "requests.RequestEvent",
        Fate.KEPT,
        stays=("verb", "from_state", "to_state", "data", "digest"),
        exported=True,
        why="append-only; codes, ids and dates, never a text",
    ),
    Holding("requests.AutomaticThreshold", Fate.KEPT, why="a setting of the town, and who set it"),
    Holding("requests.Recalculation", Fate.KEPT, why="numbers, and who counted anew"),
    Holding("requests.DailyRun", Fate.KEPT, stays=("work",), why="days and numbers"),
    Holding("requests.Alert", Fate.KEPT, stays=("kind", "about"), why="a kind and a date"),
    Holding(
        "requests.Message",
        Fate.EMPTIED,
        emptied={"subject": "", "body": "", "fields": {}},
        stays=("direction", "channel", "template"),
        exported=True,
    ),
    Holding(
        "requests.Qualification",
        Fate.DELETED,
        exported=True,
        why="its words are the requester's; the classifier keeps weights, no text",
    ),
    Holding("requests.ArticleUse", Fate.KEPT, why="which article helped, and whom of the staff"),
    Holding("requests.ProcedureTick", Fate.KEPT, why="steps of the town's procedure, done by whom"),
    Holding("requests.Rating", Fate.EMPTIED, emptied={"comment": ""}, exported=True),
    Holding(
        "requests.InternalNote",
        Fate.EMPTIED,
        emptied={"body": ""},
        why=INTERNAL,
    ),
    Holding(
        "requests.Task",
        Fate.EMPTIED,
        emptied={"asked": "", "conclusion": ""},
        stays=("kind", "end", "opinion"),
        why=INTERNAL,
    ),
    Holding("requests.Presence", Fate.KEPT, why="who of the staff has a page open; for seconds"),
    Holding(
        "requests.PieceRequest",
        Fate.EMPTIED,
        emptied={"label": "", "reason": ""},
        stays=("document_code", "fault"),
        exported=True,
    ),
    Holding(
        "requests.ProposedDecision",
        Fate.EMPTIED,
        emptied={"subject": "", "body": "", "fields": {}},
        stays=("verb", "template", "outcome"),
        why="a draft among agents until it is signed; what leaves is a message, in the copy",
    ),
    Holding(
        "requests.ProposedQuestion",
        Fate.EMPTIED,
        emptied={"body": ""},
        why=INTERNAL,
    ),
    Holding(
        "requests.Contact",
        Fate.EMPTIED,
        emptied={"citizen": None, "question": "", "answer": "", "call_back_to": ""},
        stays=("channel", "outcome"),
        exported=True,
    ),
    Holding("requests.ConcernedPerson", Fate.DELETED, exported=True),
    Holding(
        "requests.SpokenNews",
        Fate.DELETED,
        why="subjects of letters that the copy has whole",
    ),
    Holding("requests.FilingDraft", Fate.DELETED, exported=True),
    Holding("requests.Attachment", Fate.DELETED, exported=True),
    Holding("requests.Document", Fate.DELETED, exported=True),
    Holding(
        "requests.PrintBatch",
        Fate.EMPTIED,
        emptied={"file": ""},
        stays=("name", "media_type", "sha256", "kind"),
        why="copies of letters that stand with their requests; the file goes with the first one",
    ),
    Holding(
        "requests.BatchRemoval",
        Fate.DELETED,
        why="a remark about paper among agents; it goes with its letter",
    ),
    Holding("requests.WalletDocument", Fate.DELETED, exported=True),
    Holding(
        "requests.RoutingRule",
        Fate.KEPT,
        stays=("label", "conditions", "switched_off_why"),
        why="the town's own rules: kinds of requests, places, words to look for",
    ),
    Holding(
        "requests.RoutingReplay",
        Fate.KEPT,
        stays=("digest", "differences"),
        why="numbers of requests and codes of departments",
    ),
    Holding(
        "requests.LegalHold",
        Fate.EMPTIED,
        emptied={"reason": ""},
        why="told apart: the officer answers about it",
    ),
    Holding(
        "requests.ReportFollower",
        Fate.DELETED,
        exported=True,
        why="those of a report are others, who wanted its news: never its requester's to read",
    ),
    Holding("requests.DataExport", Fate.DELETED, why="the copies themselves"),
    Holding("requests.PersonalLetter", Fate.DELETED, stays=("key",), exported=True),
    Holding("requests.Erasure", Fate.KEPT, stays=("requests", "kept", "identity"), why=PROOF),
    Holding("requests.RetentionApproval", Fate.KEPT, stays=("digest", "visa"), why=PROOF),
]
