"""The verbs of the knowledge base: written, proposed, validated, reviewed, archived (S70)."""

from collections.abc import Iterable
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from massy_grc.users.models import User
from prestations.calendars import midnight
from prestations.enums import ArticleState, VersionState
from prestations.loading.rows import lock_loading
from prestations.loading.search_index import index_search
from prestations.models import (
    ArticleRemark,
    ArticleVersion,
    KnowledgeArticle,
    Prestation,
    Procedure,
    Town,
)
from requests.actions import versions
from requests.actions.core import require
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.knowledge_rights import (
    keeps_knowledge,
    may_answer,
    may_write_article,
    reads_knowledge,
)
from requests.models import ArticleUse, ServiceRequest
from requests.notifications import knowledge as mail

WORDS = ("label", "text", "label_en", "text_en", "public", "prestation_codes")
REVIEW_MONTHS = 6
WARNED_BEFORE = 14  # days
LONGEST_CODE = 70


def next_review(today: date) -> date:
    """Return when what is verified `today` is to be read again (reference.yaml)."""
    town = Town.objects.first()
    months = town.facts.get("review_months", REVIEW_MONTHS) if town else REVIEW_MONTHS
    return today + relativedelta(months=months)


@transaction.atomic
def write_article(
    *,
    actor,
    label: str,
    text: str,
    public: bool = False,
    prestations: Iterable[Prestation] = (),
    label_en: str = "",
    text_en: str = "",
    code: str | None = None,
    seen: int = 0,
    now: datetime | None = None,
) -> ArticleVersion:
    """Write a new text, of a new article or of a known one; readers keep the validated one.

    Any agent may begin an article; they own it. A draft not validated yet is replaced.

    Args:
        code: of the article; None for a new one.
        seen: the number of the last text that the form showed.

    Raises:
        NotAllowed: not an agent who uses the knowledge base, or somebody else's article.
        StaleRequest: somebody wrote another text meanwhile.
        MissingInput: no title, or no text.
    """
    if not reads_knowledge(actor):
        raise NotAllowed
    now = now or timezone.now()
    label = require(label, _("Donnez un titre à l’article."))[:250]
    text = require(text, _("Écrivez le texte de l’article."))
    if code is None:
        article = _new_article(label, actor, now)
    else:
        article = versions.locked(KnowledgeArticle, code, seen)
        if not may_write_article(actor, article):
            raise NotAllowed(_("Seuls son propriétaire et le responsable écrivent cet article."))
        if article.verified_on is not None:
            versions.keep_loaded(article, WORDS, written_at=midnight(article.verified_on))
    words = {
        "label": label,
        "text": text,
        "label_en": label_en.strip()[:250],
        "text_en": text_en.strip(),
        "public": public,
        "prestation_codes": sorted(one.pk for one in prestations),
    }
    version = versions.write(article, author=actor, now=now, words=words)
    if article.state == ArticleState.A_VALIDER:
        article.state = ArticleState.BROUILLON
    if article.verified_on is None:  # nothing of it is read yet: the draft is its face
        article.label, article.text = label, text
    article.save()
    return version


@transaction.atomic
def propose_article(*, actor, code: str, seen: int) -> ArticleVersion:
    """Send a draft to the knowledge managers.

    Raises:
        NotAllowed, StaleRequest: as for `write_article`.
        IllegalTransition: there is no draft.
    """
    article = versions.locked(KnowledgeArticle, code, seen)
    if not may_write_article(actor, article):
        raise NotAllowed
    version = versions.propose(article)
    if article.state == ArticleState.BROUILLON:
        article.state = ArticleState.A_VALIDER
        article.save(update_fields=["state"])
    mail.tell_proposed(version)
    return version


@transaction.atomic
def validate_article(
    *, actor, code: str, seen: int, alone: bool = False, now: datetime | None = None
) -> KnowledgeArticle:
    """Let a text be read from now on; it is to be read again in some months.

    Args:
        alone: the manager says that they validate what they wrote themselves.

    Raises:
        NotAllowed: not a knowledge manager.
        MissingInput: their own text, without saying so.
        StaleRequest, IllegalTransition: another text was written, or nothing is proposed.
    """
    _check_keeper(actor)
    lock_loading()
    article = versions.locked(KnowledgeArticle, code, seen)
    decidable = (VersionState.DRAFT, VersionState.PROPOSED) if alone else (VersionState.PROPOSED,)
    version = versions.in_state(article, *decidable)
    if version.author_id == actor.pk and not alone:
        raise MissingInput(
            _("Vous avez écrit ce texte. Faites-le relire, ou dites que vous le validez seul.")
        )
    now = now or timezone.now()
    versions.let_through(version, actor=actor, now=now)
    for name in WORDS:
        setattr(article, name, getattr(version, name))
    article.prestations.set(Prestation.objects.filter(pk__in=version.prestation_codes))
    _verify(article, now)
    mail.tell_decided(version)
    return article


@transaction.atomic
def send_back_article(
    *, actor, code: str, seen: int, why: str, now: datetime | None = None
) -> ArticleVersion:
    """Give a proposed text back to its author, with what is to be changed."""
    _check_keeper(actor)
    article = versions.locked(KnowledgeArticle, code, seen)
    version = versions.send_back(article, actor=actor, why=why, now=now or timezone.now())
    if article.state == ArticleState.A_VALIDER:
        article.state = ArticleState.BROUILLON
        article.save(update_fields=["state"])
    mail.tell_decided(version)
    return version


@transaction.atomic
def confirm_article(*, actor, code: str, now: datetime | None = None) -> KnowledgeArticle:
    """Note that an article is still right; one that was withdrawn or archived is read again.

    Raises:
        NotAllowed: neither its owner nor a manager; only a manager puts one back.
        IllegalTransition: it was never validated.
    """
    article = _locked_to_index(code)
    if article.verified_on is None:
        raise IllegalTransition(_("Cet article n’a jamais été validé."))
    if not may_answer(actor, article):
        raise NotAllowed
    if article.state != ArticleState.PUBLIE:
        _check_keeper(actor)
    _verify(article, now or timezone.now())
    return article


@transaction.atomic
def withdraw_article(
    *, actor, code: str, archive: bool = False, now: datetime | None = None
) -> KnowledgeArticle:
    """Let nobody read an article for now, or any more.

    Args:
        archive: it is over; else it waits to be corrected.
    """
    _check_keeper(actor)
    article = _locked_to_index(code)
    article.state = ArticleState.ARCHIVE if archive else ArticleState.A_REVOIR
    _take_up(article, now or timezone.now())
    return article


@transaction.atomic
def give_article(
    *, actor, code: str, owner: User | None, review_on: date | None, now: datetime | None = None
) -> KnowledgeArticle:
    """Say who keeps an article, and until when it is to be read again."""
    _check_keeper(actor)
    article = _locked(code)
    article.owner, article.review_on = owner, review_on
    article.taken_up_at = now or timezone.now()
    article.save(update_fields=["owner", "review_on", "taken_up_at"])
    return article


@transaction.atomic
def remark_article(*, actor, code: str, text: str, now: datetime | None = None) -> ArticleRemark:
    """Tell the owner that an article is out of date."""
    if not reads_knowledge(actor):
        raise NotAllowed
    remark = ArticleRemark.objects.create(
        article=KnowledgeArticle.objects.get(pk=code),
        author=actor,
        text=require(text, _("Écrivez ce qui n’est pas à jour."))[:1000],
        at=now or timezone.now(),
    )
    mail.tell_remark(remark)
    return remark


@transaction.atomic
def answer_remark(
    *, actor, remark_id: int, answer: str, now: datetime | None = None
) -> ArticleRemark:
    """Answer a remark; an agent who made it is written to. Answered twice, the first stays.

    Raises:
        NotAllowed: neither the article's owner nor a manager.
        ArticleRemark.DoesNotExist: unknown.
    """
    locked = ArticleRemark.objects.select_for_update(of=("self",))
    remark = locked.select_related("article", "author").get(pk=remark_id)
    if not may_answer(actor, remark.article):
        raise NotAllowed
    if remark.answered_at is None:
        remark.answer = require(answer, _("Écrivez votre réponse."))[:1000]
        remark.answered_by, remark.answered_at = actor, now or timezone.now()
        remark.save(update_fields=["answer", "answered_by", "answered_at"])
        mail.tell_answer(remark)
    return remark


@transaction.atomic
def use_article(
    *, actor, request_id: int, slug: str, answered: bool | None, now: datetime | None = None
) -> ArticleUse:
    """Note that an article was used for a request, and whether it answered.

    Args:
        answered: None when its link was put into a message; what was said before stays then.

    Raises:
        ServiceRequest.DoesNotExist: unknown, or not to be known by `actor`.
        KnowledgeArticle.DoesNotExist: unknown, or not in force.
    """
    service_request = ServiceRequest.objects.visible_to(actor).get(pk=request_id)
    article = KnowledgeArticle.objects.in_force().get(slug=slug)
    said = {} if answered is None else {"answered": answered}
    use, _created = ArticleUse.objects.update_or_create(
        request=service_request,
        article=article,
        defaults={"agent": actor, "at": now or timezone.now(), **said},
    )
    return use


@transaction.atomic
def tell_reviews(*, today: date) -> int:
    """Tell the owners which articles and procedures are to be read again, before and after.

    Returns:
        How many articles and procedures are near their day, or past it.
    """
    until = today + relativedelta(days=WARNED_BEFORE)
    articles = KnowledgeArticle.objects.in_force().filter(review_on__lte=until)
    procedures = Procedure.objects.filter(prestation__is_active=True, review_on__lte=until)
    near: list[KnowledgeArticle | Procedure] = [
        *articles.select_related("owner"),
        *procedures.select_related("owner", "prestation"),
    ]
    for one in near:
        mail.tell_review(one, today=today)
    return len(near)


def _new_article(label: str, actor, now: datetime) -> KnowledgeArticle:
    """An article under a code of its own, made from its title."""
    stem = slugify(label)[:LONGEST_CODE] or "article"
    slug, number = stem, 1
    while KnowledgeArticle.objects.filter(Q(slug=slug) | Q(pk=f"kb-{slug}")).exists():
        number += 1
        slug = f"{stem}-{number}"
    last = KnowledgeArticle.objects.aggregate(last=Max("order"))["last"] or 0
    return KnowledgeArticle.objects.create(
        code=f"kb-{slug}", slug=slug, label=label, order=last + 10, owner=actor, taken_up_at=now
    )


def _verify(article: KnowledgeArticle, now: datetime) -> None:
    article.state, article.is_active = ArticleState.PUBLIE, True
    article.verified_on = timezone.localdate(now)
    article.review_on = next_review(article.verified_on)
    _take_up(article, now)


def _take_up(article: KnowledgeArticle, now: datetime) -> None:
    """The article is the town's from now on, and found as it now is."""
    article.taken_up_at = now
    article.save()
    index_search()


def _locked(code: str) -> KnowledgeArticle:
    return KnowledgeArticle.objects.select_for_update(no_key=True).get(pk=code)


def _locked_to_index(code: str) -> KnowledgeArticle:
    """As `_locked`, for a verb that ends in `_take_up`: the locks in the order of a load."""
    lock_loading()
    return _locked(code)


def _check_keeper(actor) -> None:
    if not keeps_knowledge(actor):
        raise NotAllowed
