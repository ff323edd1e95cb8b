"""What the organisation's tables hold about people (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

COUNTS = "counts by day, and what the campaign leads to: nobody's"
_OF_CAMPAIGNS = ("Day", "_prestations", "_articles", "_departments", "_teams")

HOLDINGS = [
    *(Holding(f"prestations.Campaign{part}", Fate.KEPT, why=COUNTS) for part in _OF_CAMPAIGNS),
    Holding(
        "prestations.Membership",
        Fate.KEPT,
        stays=("role", "arrival_mail"),
        why="about members of staff only",
    ),
    Holding("prestations.RightHolder", Fate.KEPT, why="about members of staff only"),
    Holding(
        "prestations.ContractProposal",
        Fate.KEPT,
        stays=("prestations", "information", "resources", "evaluation", "why"),
        why="the town's own contracts, and who of the staff proposed and approved them",
    ),
    Holding(
        "prestations.ContractVersion",
        Fate.KEPT,
        stays=("prestations", "information", "resources", "evaluation"),
        why="the town's own contracts, and which administrator wrote them",
    ),
    Holding(
        "prestations.RegimeConfirmation",
        Fate.KEPT,
        stays=("silence_effect", "silence_unit", "confirmed_by", "source"),
        why="a journal of the town's law, and who of the town answered for it",
    ),
    Holding(
        "prestations.ConfigurationChange",
        Fate.KEPT,
        stays=("kind", "key", "name", "before", "after", "reason"),
        why="a journal of the town's own settings, and which member of staff changed them",
    ),
    Holding(
        "prestations.LevelAnswer",
        Fate.KEPT,
        stays=("why",),
        why="what heads of departments say of their own delays",
    ),
    Holding("prestations.ServiceLevel", Fate.KEPT, why="a journal of administrators' choices"),
    Holding("prestations.Closure", Fate.KEPT, stays=("label",), why="days of the town hall"),
    Holding(
        "prestations.AlertMailChoice",
        Fate.KEPT,
        stays=("choice",),
        why="about members of staff only",
    ),
    Holding("prestations.Training", Fate.KEPT, why="about members of staff only"),
    Holding(
        "prestations.Campaign",
        Fate.KEPT,
        stays=("code", "name", "name_en", "text", "text_en", "channels"),
        why="the town's own words, and which member of staff wrote them",
    ),
    Holding(
        "prestations.AudienceChoice",
        Fate.KEPT,
        stays=("audience",),
        why="a journal of administrators' ticks",
    ),
    Holding("prestations.Absence", Fate.KEPT, why="days when staff are away, never why"),
    Holding(
        "prestations.KnowledgeArticle",
        Fate.KEPT,
        stays=(
            *("label", "slug", "text", "label_en", "text_en", "state"),
            *("synonyms", "prestation_codes"),
        ),
        why="the town's own answers; its owner is a member of staff",
    ),
    Holding(
        "prestations.KnowledgeArticle_prestations", Fate.KEPT, why="codes of both, nobody's words"
    ),
    Holding(
        "prestations.LetterVersion",
        Fate.KEPT,
        stays=(
            *("subject", "body", "sms_body", "subject_en", "body_en", "sms_body_en"),
            *("state", "why"),
        ),
        why="the town's own letters, and who of the staff wrote them",
    ),
    Holding(
        "prestations.ArticleVersion",
        Fate.KEPT,
        stays=("label", "text", "label_en", "text_en", "prestation_codes", "state", "why"),
        why="the town's own answers, and who of the staff wrote them",
    ),
    Holding(
        "prestations.FormDraft",
        Fate.KEPT,
        stays=("definition", "english", "rules"),
        why="the town's own questions, and which administrator writes them",
    ),
    Holding(
        "prestations.TownTranslation",
        Fate.KEPT,
        stays=("french", "english"),
        why="the town's own words in English, and which administrator wrote them",
    ),
    Holding(
        "prestations.FormPublication",
        Fate.KEPT,
        stays=("note",),
        why="what an administrator says of the form that they put in force",
    ),
    Holding("prestations.ArticleOpinion", Fate.KEPT, why="counts by day"),
    Holding(
        "prestations.ArticleRemark",
        Fate.KEPT,
        stays=("text", "answer"),
        why="about an article, by staff or without a name; deleted a year after its answer",
    ),
    Holding(
        "prestations.MissingAnswer",
        Fate.KEPT,
        stays=("words", "written", "channel", "fate"),
        why="searched words without digit or address, where a name may stand; not who asked",
    ),
    Holding("prestations.Procedure", Fate.KEPT, why="who of the staff keeps it"),
    Holding(
        "prestations.ProcedureStep",
        Fate.KEPT,
        stays=("kind", "text", "condition", "url"),
        why="the town's own rules",
    ),
]
