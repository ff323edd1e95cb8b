"""Notices and mail about articles, procedures and letters: reviews, texts, remarks, answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from massy_grc.outbox.api import queue_delivery
from massy_grc.users.models import User
from prestations.models import (
    ArticleRemark,
    ArticleVersion,
    KnowledgeArticle,
    LetterVersion,
    Procedure,
)
from requests.actions.notices import notify, wanting_mail
from requests.enums import NoticeKind
from requests.knowledge_rights import LETTER_APPROVERS
from requests.letters.words import plain_date
from requests.notifications.sending import GREETING
from requests.permissions import RIGHTS, Right

# what a notice is about: whose text, what became of it, and its number
LETTER, ARTICLE = "letter", "article"
PROPOSED, WITHDRAWN, DECIDED, SENT_BACK = "proposed", "withdrawn", "decided", "back"


def keepers() -> list[User]:
    """Return the knowledge managers at work."""
    return _at_work(Right.KEEP_KNOWLEDGE)


def tell_review(kept: KnowledgeArticle | Procedure, *, today: date) -> None:
    """Tell the owner that an article or a procedure is to be read again, before and after its day.

    Once before and once after each date. Without an owner at work, and once the day has passed,
    the knowledge managers are told too.
    """
    assert kept.review_on is not None
    late = kept.review_on < today
    if isinstance(kept, Procedure):
        what, name = "La procédure", kept.prestation.label
        asked = (
            "Lisez-la. Le responsable de la base de connaissance l'enregistre, corrigée ou telle "
            "quelle : sa prochaine relecture est alors fixée."
        )
        page = reverse("backoffice:procedure", args=[kept.pk])
    else:
        what, name = "L'article", kept.label
        asked = "Lisez-le, corrigez-le s'il le faut, ou notez qu'il reste juste."
        page = reverse("backoffice:article", args=[kept.pk])
    owner = [kept.owner] if kept.owner and kept.owner.is_active else []
    day = plain_date(kept.review_on)
    said = f"devait être relu avant le {day}" if late else f"est à relire avant le {day}"
    if isinstance(kept, Procedure):
        said = said.replace("relu ", "relue ")
    people = {one.pk: one for one in [*owner, *(keepers() if late or not owner else [])]}
    _write(
        people.values(),
        key=f"review:{page}:{kept.review_on}:{'after' if late else 'before'}",
        subject=f"{'Relecture en retard' if late else 'À relire'} : {name}",
        said=f"{what} « {name} » {said}. {asked}",
        page=page,
    )


def tell_proposed(version: ArticleVersion | LetterVersion) -> None:
    """Tell those who may let it through that a text waits for them."""
    kept = _kept(version)
    _tell(
        [one for one in kept.deciders if one.pk != version.author_id],
        about=f"{kept.key}-{PROPOSED}:{version.pk}",
        told_at=f":{version.decided_at}",
        actor=version.author_id,
        subject=f"{kept.to_decide} : {kept.name}",
        said=f"{version.author} propose un texte pour {kept.what}.",
        page=kept.page,
    )


def tell_withdrawn(version: ArticleVersion | LetterVersion) -> None:
    """Tell those who may let a text through that it waits for them no more."""
    kept = _kept(version)
    _tell(
        [one for one in kept.deciders if one.pk != version.decided_by_id],
        about=f"{kept.key}-{WITHDRAWN}:{version.pk}",
        actor=version.decided_by_id,
        subject=f"Texte retiré : {kept.name}",
        said=f"Le texte proposé pour {kept.what} est retiré : vous n'avez plus à en décider.",
        page=kept.page,
    )


def tell_decided(version: ArticleVersion | LetterVersion) -> None:
    """Tell the author that their text is in use, or what is to be changed."""
    if version.author is None or version.author_id == version.decided_by_id:
        return
    kept = _kept(version)
    said = f"{kept.in_use}."
    if version.why:
        said = f"est à reprendre : {version.why}"
    _tell(
        [version.author],
        about=f"{kept.key}-{SENT_BACK if version.why else DECIDED}:{version.pk}",
        told_at=f":{version.decided_at}",
        actor=version.decided_by_id,
        subject=f"{'Texte à reprendre' if version.why else kept.decided} : {kept.name}",
        said=f"Votre texte pour {kept.what} {said}",
        page=kept.page,
    )


def tell_remark(remark: ArticleRemark) -> None:
    """Tell the owner, else the knowledge managers, that a reader finds an article out of date."""
    owner = remark.article.owner
    _about_article(
        [owner] if owner and owner.is_active else keepers(),
        remark.article,
        key=f"article-remark:{remark.pk}",
        subject=f"Pas à jour ? {remark.article.label}",
        said=f"{remark.author or 'Un lecteur du portail'} écrit : « {remark.text} »",
    )


def tell_answer(remark: ArticleRemark) -> None:
    """Tell the agent who remarked something what became of it."""
    if remark.author is None or remark.author_id == remark.answered_by_id:
        return
    _about_article(
        [remark.author],
        remark.article,
        key=f"article-answer:{remark.pk}",
        subject=f"Votre remarque : {remark.article.label}",
        said=f"Vous aviez écrit : « {remark.text} »\n\nRéponse : {remark.answer}",
    )


@dataclass(frozen=True)
class _Kept:
    """How mails speak of what a text belongs to, and who decides on it."""

    key: str
    name: str
    what: str
    page: str
    deciders: Iterable[User]
    to_decide: str
    decided: str
    in_use: str


def _kept(version: ArticleVersion | LetterVersion) -> _Kept:
    if isinstance(version, LetterVersion):
        letter = version.template
        return _Kept(
            key=LETTER,
            name=letter.label,
            what=f"la lettre « {letter.label} »",
            page=reverse("backoffice:letter_model", args=[letter.pk]),
            deciders=_at_work(*LETTER_APPROVERS),
            to_decide="Lettre à approuver",
            decided="Lettre approuvée",
            in_use="est approuvé : il part dès maintenant",
        )
    return _Kept(
        key=ARTICLE,
        name=version.label,
        what=f"l'article « {version.label} »",
        page=reverse("backoffice:article", args=[version.article_id]),
        deciders=keepers(),
        to_decide="Article à valider",
        decided="Article validé",
        in_use="est validé : il est lu dès maintenant",
    )


def _at_work(*rights: Right) -> list[User]:
    roles = [role for role, given in RIGHTS.items() if not given.isdisjoint(rights)]
    return list(User.objects.filter(is_active=True, memberships__role__in=roles).distinct())


def _about_article(
    people: Iterable[User], article: KnowledgeArticle, *, key: str, subject: str, said: str
) -> None:
    page = reverse("backoffice:article", args=[article.pk])
    _write(people, key=key, subject=subject, said=said, page=page)


def _tell(
    people: Iterable[User],
    *,
    about: str,
    actor: int | None,
    subject: str,
    said: str,
    page: str,
    told_at: str = "",
) -> None:
    """A notice to each of `people`, and a mail unless they chose the page alone."""
    people, key = list(people), f"{about}{told_at}"
    notify(people, kind=NoticeKind.TEXT, key=key, actor_id=actor, about=about)
    mailed = wanting_mail(NoticeKind.TEXT, people).values()
    _write(mailed, key=key, subject=subject, said=said, page=page)


def _write(people: Iterable[User], *, key: str, subject: str, said: str, page: str) -> None:
    for one in people:
        queue_delivery(
            key=f"{key}:{one.pk}",
            to=str(one.email),  # an agent always has one
            subject=subject,
            body=f"{GREETING}\n\n{said}\n\n{settings.PUBLIC_URL}{page}",
            about="knowledge",
        )
