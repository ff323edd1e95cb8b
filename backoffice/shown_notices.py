"""The words of notices, and where each leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.enums import LEVEL
from massy_grc.users.models import User
from prestations.models import ArticleVersion, ContractProposal, LetterVersion, ServiceLevel
from prestations.translation import catalogue_text
from requests.enums import AlertKind, NoticeKind, Verb
from requests.models import Notice, ServiceRequest
from requests.notifications.knowledge import (
    ARTICLE,
    DECIDED,
    LETTER,
    PROPOSED,
    SENT_BACK,
    WITHDRAWN,
)

ICONS = {
    NoticeKind.MENTION: "at-sign",
    NoticeKind.ASSIGNED: "user-check",
    NoticeKind.MESSAGE: "message-circle",
    NoticeKind.RETURNED: "corner-up-left",
    NoticeKind.TASK: "users",
    NoticeKind.DECISION: "file-pen-line",
    NoticeKind.WATCHED: "bell",
    NoticeKind.ALERT: "alarm-clock",
    NoticeKind.DUE_TODAY: "calendar-clock",
    NoticeKind.CALL_BACK: "phone-call",
    NoticeKind.EXPORT: "download",
    NoticeKind.CONTRACT: "handshake",
    NoticeKind.ACCESS: "shield-check",
    NoticeKind.TEXT: "file-text",
}


@dataclass(frozen=True)
class ShownNotice:
    """One notice as its reader may see it now.

    Attributes:
        request: what it is about; None when it is about none, or when they may not see it.
        url: where it leads; "" to nowhere.
    """

    notice: Notice
    words: str
    icon: str
    url: str
    request: ServiceRequest | None = None


def shown_notices(notices: Iterable[Notice], user: User) -> list[ShownNotice]:
    """Put notices in words; seven queries at most, whatever their number."""
    rows = list(notices)
    seen = ServiceRequest.objects.visible_to(user).select_related("prestation")
    known = seen.in_bulk({one.request_id for one in rows if one.request_id})
    contracts = [
        int(one.about)
        for one in rows
        if one.kind == NoticeKind.CONTRACT and not one.about.startswith(LEVEL)
    ]
    proposals = ContractProposal.objects.select_related("department").in_bulk(contracts)
    set_apart = [int(one.about.removeprefix(LEVEL)) for one in rows if one.about.startswith(LEVEL)]
    levels = ServiceLevel.objects.select_related("prestation", "answer").in_bulk(set_apart)
    texts = _texts([one for one in rows if one.kind == NoticeKind.TEXT])
    given_to = [_given_to(one) for one in rows]
    colleagues = User.objects.in_bulk([number for number in given_to if number])
    found = []
    for one, number in zip(rows, given_to, strict=True):
        if one.about.startswith(LEVEL):
            found.append(_of_level(one, levels[int(one.about.removeprefix(LEVEL))]))
        elif one.kind == NoticeKind.TEXT:
            found.append(_of_text(one, texts[_text_of(one)]))
        elif one.kind == NoticeKind.CONTRACT:
            found.append(_of_contract(one, proposals[int(one.about)]))
        else:
            found.append(_shown(one, known, colleagues.get(number)))
    return found


def _of_level(notice: Notice, level: ServiceLevel) -> ShownNotice:
    names = {
        "who": notice.actor.get_full_name() if notice.actor else "",
        "prestation": catalogue_text(level.prestation.label),
    }
    answer = getattr(level, "answer", None)
    if answer is None or notice.user_id != level.actor_id:
        words = _("%(who)s fixe des délais plus stricts que votre contrat : %(prestation)s") % names
    elif answer.agreed:
        words = _("%(who)s accepte les délais plus stricts : %(prestation)s") % names
    else:
        words = _("%(who)s n’accepte pas les délais plus stricts : %(prestation)s") % names
    url = reverse("backoffice:contract", args=[level.department_id])
    return ShownNotice(notice, words, ICONS[NoticeKind.CONTRACT], url)


def _of_contract(notice: Notice, proposal: ContractProposal) -> ShownNotice:
    names = {
        "who": notice.actor.get_full_name() if notice.actor else "",
        "department": catalogue_text(proposal.department.label),
    }
    withdrawn = proposal.approved is False and proposal.decided_by_id == notice.actor_id
    if notice.user_id != proposal.author_id and withdrawn:
        words = _("%(who)s retire ou remplace sa proposition de contrat : %(department)s") % names
    elif notice.user_id != proposal.author_id:
        words = _("%(who)s propose un contrat de service : %(department)s") % names
    elif proposal.approved:
        words = _("%(who)s approuve le contrat de service : %(department)s") % names
    else:
        words = _("%(who)s refuse le contrat de service : %(department)s") % names
    url = reverse("backoffice:contract", args=[proposal.department_id])
    return ShownNotice(notice, words, ICONS[NoticeKind.CONTRACT], url)


def _text_of(notice: Notice) -> tuple[str, int]:
    """Whether of a letter or an article, and the number of the version."""
    act, _colon, number = notice.about.partition(":")
    return act.partition("-")[0], int(number)


def _texts(notices: Sequence[Notice]) -> dict[tuple[str, int], LetterVersion | ArticleVersion]:
    asked = [_text_of(one) for one in notices]
    letters = LetterVersion.objects.select_related("template")
    found: dict[tuple[str, int], LetterVersion | ArticleVersion] = {
        (LETTER, row.pk): row
        for row in letters.in_bulk([number for kind, number in asked if kind == LETTER]).values()
    }
    articles = ArticleVersion.objects.select_related("article")
    rows = articles.in_bulk([number for kind, number in asked if kind == ARTICLE]).values()
    return found | {(ARTICLE, row.pk): row for row in rows}


def _of_text(notice: Notice, version: LetterVersion | ArticleVersion) -> ShownNotice:
    if isinstance(version, LetterVersion):
        name = version.template.label
        url = reverse("backoffice:letter_model", args=[version.template_id])
    else:
        name, url = version.label, ""
        if version.article.is_begun:
            url = reverse("backoffice:article", args=[version.article_id])
    names = {"who": notice.actor.get_full_name() if notice.actor else "", "name": name}
    act = notice.about.partition(":")[0].partition("-")[2]
    words = {
        PROPOSED: _("%(who)s propose un texte : %(name)s"),
        WITHDRAWN: _("%(who)s retire le texte proposé : %(name)s"),
        DECIDED: _("%(who)s approuve votre texte : %(name)s"),
        SENT_BACK: _("%(who)s vous rend votre texte : %(name)s"),
    }[act]
    return ShownNotice(notice, words % names, ICONS[NoticeKind.TEXT], url)


def _given_to(notice: Notice) -> int:
    """The colleague whom it names: to whom a request was given, or an access; 0 for none."""
    if notice.kind == NoticeKind.ACCESS:
        return int(notice.about)
    verb, _colon, number = notice.about.partition(":")
    return int(number) if verb == Verb.ASSIGN and number else 0


def _shown(notice: Notice, known: dict[int, ServiceRequest], given_to: User | None) -> ShownNotice:
    kind = NoticeKind(notice.kind)
    found = known.get(notice.request_id) if notice.request_id else None
    hidden = notice.request_id is not None and found is None
    words = _("Une demande que vous ne voyez plus") if hidden else _words(notice, kind, given_to)
    url = "" if hidden else _url(notice, kind, found)
    return ShownNotice(notice, words, ICONS[kind], url, found)


def _words(notice: Notice, kind: NoticeKind, given_to: User | None) -> str:
    who = notice.actor.get_full_name() if notice.actor else ""
    if kind == NoticeKind.MENTION:
        return _("%(who)s vous nomme dans une note") % {"who": who}
    if kind == NoticeKind.ASSIGNED:
        if not who:
            return _("Une règle vous confie une demande")
        return _("%(who)s vous confie une demande") % {"who": who}
    if kind == NoticeKind.RETURNED:
        return _("Un service rend la demande : %(who)s") % {"who": who}
    if kind == NoticeKind.ALERT:
        return str(AlertKind(notice.about).label)
    if kind == NoticeKind.DUE_TODAY:
        return ngettext(
            "%(n)s demande est à rendre ce jour-là",
            "%(n)s demandes sont à rendre ce jour-là",
            int(notice.about),
        ) % {"n": notice.about}
    if kind == NoticeKind.CALL_BACK:
        return _("Une personne à rappeler")
    if kind == NoticeKind.EXPORT:
        return _("Votre export est prêt")
    if kind == NoticeKind.ACCESS:
        name = given_to.get_full_name() if given_to else ""
        return _("%(who)s rend %(name)s administrateur") % {"who": who, "name": name}
    what = str(Verb(notice.about.partition(":")[0]).label)
    if given_to:
        what = _("Dossier confié à %(name)s") % {"name": given_to.get_full_name()}
    return _("%(what)s, par %(who)s") % {"what": what, "who": who} if who else what


def _url(notice: Notice, kind: NoticeKind, found: ServiceRequest | None) -> str:
    if found is not None:
        return found.get_absolute_url()
    if kind == NoticeKind.CALL_BACK:
        return reverse("backoffice:call_backs")
    if kind == NoticeKind.EXPORT:
        return reverse("backoffice:list_export", args=[notice.about])
    if kind == NoticeKind.ACCESS:
        return f"{reverse('backoffice:access_grants')}?agent={notice.about}"
    return f"{reverse('backoffice:queue')}?vue=mes-demandes"
