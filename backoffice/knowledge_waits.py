"""What waits for who keeps the knowledge base, as counts that open their lists."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prestations.enums import VersionState
from prestations.models import (
    ArticleRemark,
    ArticleVersion,
    KnowledgeArticle,
    LetterVersion,
    MissingAnswer,
    Prestation,
    Procedure,
)


@dataclass(frozen=True)
class Wait:
    """How many of one kind wait, and the page that lists them."""

    label: str | Promise
    count: int
    url: str


def knowledge_waits(today: date) -> list[Wait]:
    """Return each kind of work on the knowledge base and the letters; one query each."""
    base = reverse("backoffice:knowledge")
    return [
        Wait(_("Questions sans réponse"), questions(), reverse("backoffice:missing_answers")),
        Wait(_("Articles à valider"), _proposed(ArticleVersion), f"{base}#a-valider"),
        Wait(_("Articles à relire"), late_articles(today), f"{base}?etat=a-relire"),
        Wait(
            _("Remarques de lecteurs"),
            ArticleRemark.objects.filter(answered_at=None).count(),
            f"{base}#remarques",
        ),
        Wait(
            _("Procédures à relire"), late_procedures(today), reverse("backoffice:procedure_list")
        ),
        Wait(
            _("Lettres à approuver"), _proposed(LetterVersion), reverse("backoffice:letter_models")
        ),
    ]


def questions() -> int:
    """How many questions found no answer and wait for a decision."""
    return MissingAnswer.objects.filter(fate="").values("words").distinct().count()


def late_articles(today: date) -> int:
    """How many articles in force are past the day of their review."""
    return KnowledgeArticle.objects.late(today).count()


def late_procedures(today: date) -> int:
    """How many procedures of prestations on offer are past the day of their review."""
    offered = Prestation.objects.offered()
    return Procedure.objects.filter(prestation__in=offered, review_on__lt=today).count()


def _proposed(versions: type[ArticleVersion | LetterVersion]) -> int:
    return versions.objects.filter(state=VersionState.PROPOSED).count()
