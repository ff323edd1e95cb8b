"""What agents and the public read: validated articles, and the procedures of prestations."""

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.configuration.coded import coded
from prestations.configuration.kinds import Kind, State
from prestations.enums import ArticleState, StepKind, VersionState
from prestations.loading.procedures import put_steps
from prestations.loading.shapes import BOOLEAN, CODE, array, mapping, one_of, text
from prestations.models import KnowledgeArticle, Prestation, Procedure

WORDS = ("text", "label_en", "text_en", "public", "prestation_codes")
_BLANK = text(empty=True)


def _article(row: KnowledgeArticle) -> State:
    return {
        "slug": row.slug,
        "state": row.state,
        "verified_on": row.verified_on.isoformat() if row.verified_on else None,
        "synonyms": row.synonyms,
        **{name: getattr(row, name) for name in WORDS},
    }


def _awaited() -> list[State]:
    """Articles that wait for their first validation, with the words that are proposed."""
    rows = KnowledgeArticle.objects.filter(
        verified_on=None, is_active=True, versions__state=VersionState.PROPOSED
    )
    found = []
    for row in rows.exclude(slug=None):
        proposed = row.pending()
        own = {"code": row.pk, "label": proposed.label, "order": row.order}
        own |= {"slug": row.slug, "synonyms": row.synonyms}
        found.append(own | {name: getattr(proposed, name) for name in WORDS})
    return found


def _address_faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return [_("Un article se retire depuis sa page.")]
    others = KnowledgeArticle.objects.filter(slug=state["slug"]).exclude(pk=key)
    return [_("Un autre article a déjà cette adresse.")] if others.exists() else []


def _portable(state: State) -> State | None:
    """An article that is read; elsewhere somebody validates it again."""
    if state.get("state", ArticleState.PUBLIE) != ArticleState.PUBLIE:
        return None
    return {name: one for name, one in state.items() if name not in ("state", "verified_on")}


_ARTICLES = coded(
    KnowledgeArticle,
    "articles",
    gettext_lazy("Article"),
    item=_article,
    schema={
        "slug": CODE,
        "synonyms": array(text(100), unique=True),
        "text": text(),
        "label_en": text(250, empty=True),
        "text_en": _BLANK,
        "public": BOOLEAN,
        "prestation_codes": array(CODE, unique=True),
    },
    rows=lambda: KnowledgeArticle.objects.exclude(verified_on=None).exclude(slug=None),
    faults=_address_faults,
    searched=True,
    stays=True,
    portable=_portable,
    awaited=_awaited,
)


def _steps(row: Procedure) -> State | None:
    steps = [
        {"kind": one.kind, "text": one.text, "condition": one.condition, "url": one.url}
        for one in row.steps.all()
        if one.is_active
    ]
    return {"prestation": row.pk, "steps": steps} if steps else None


def _procedures() -> dict[str, State]:
    rows = Procedure.objects.filter(prestation__is_active=True).order_by("prestation__order", "pk")
    found = ((row.pk, _steps(row)) for row in rows.prefetch_related("steps"))
    return {key: state for key, state in found if state is not None}


def _procedure(key: str) -> State | None:
    row = Procedure.objects.filter(pk=key, prestation__is_active=True).first()
    return _steps(row) if row else None


def _keep_procedure(key: str, state: State | None, *, actor) -> None:
    """Write the steps; those whose words stay keep what was ticked."""
    row, _made = Procedure.objects.get_or_create(prestation_id=key)
    rows = [
        (one["kind"], one["text"], one["condition"], one["url"])
        for one in (state["steps"] if state else ())
    ]
    if put_steps(row, rows):
        row.version += 1
        row.changed_by, row.taken_up_at = actor, timezone.now()
        row.save(update_fields=["version", "changed_by", "taken_up_at"])


def _procedure_faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return []
    faults = []
    if not Prestation.objects.filter(pk=key, is_active=True).exists():
        faults.append(_("Cette prestation n’est plus proposée."))
    if any(one["kind"] == StepKind.LINK and not one["url"] for one in state["steps"]):
        faults.append(_("Donnez l’adresse de chaque lien."))
    if len({(one["kind"], one["text"]) for one in state["steps"]}) < len(state["steps"]):
        faults.append(_("La même étape est écrite deux fois."))
    return faults


_STEP = mapping(
    {
        "kind": one_of(StepKind.values),
        "text": text(300),
        "condition": text(300, empty=True),
        "url": text(400, empty=True) | {"pattern": r"^(https?://\S+)?$"},
    }
)
PROCEDURES = Kind(
    code="procedures",
    label=gettext_lazy("Procédure"),
    keys=lambda: list(_procedures()),
    snapshot=_procedure,
    listed=_procedures,
    name=lambda state: str(Prestation.objects.filter(pk=state["prestation"]).first() or ""),
    restore=_keep_procedure,
    faults=_procedure_faults,
    schema=mapping({"prestation": CODE, "steps": array(_STEP, least=1)}),
    key_of=lambda state: state["prestation"],
)
# an article is put forward, by `requests.put_forward`
KINDS = [replace(_ARTICLES, restore=None), PROCEDURES]
