"""The knowledge base as agents read it, write it, and keep it right (S70)."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.comparing import compare
from backoffice.forms.knowledge import ArticleForm, KeepingForm, article_initial
from backoffice.knowledge_waits import late_articles, late_procedures, questions
from backoffice.versions import posted_number, tell_outcome
from prestations.configuration import recorded
from prestations.enums import ArticleState, MissingFate, VersionState
from prestations.models import (
    ArticleRemark,
    ArticleVersion,
    KnowledgeArticle,
    MissingAnswer,
    Prestation,
)
from prestations.searching import search_articles
from requests.actions import articles, missing
from requests.exceptions import RequestError
from requests.knowledge_rights import (
    keeps_knowledge,
    may_answer,
    may_write_article,
)
from requests.permissions import KNOWLEDGE_READERS

MOST_REMARKS = 100
MOST_CHARACTERS = 200
MOST_ARTICLES = 50


@require_safe
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def knowledge(request: AgentRequest) -> HttpResponse:
    """All articles, or those a search finds; what waits for the reader."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MOST_CHARACTERS]
    state = request.GET.get("etat", "")
    today = timezone.localdate()
    shown: Any
    understood = ""
    if query:
        shown, understood = search_articles(query, most=MOST_ARTICLES)
    else:
        shown = KnowledgeArticle.objects.filter(is_active=True).select_related("owner")
        if state == "a-relire":
            shown = shown.late(today)
        elif state == "a-moi":
            shown = shown.filter(owner=request.user)
        elif state in ArticleState.values:
            shown = shown.filter(state=state)
        else:
            shown = shown.exclude(state=ArticleState.ARCHIVE)
    keeps = keeps_knowledge(request.user)
    context = {
        "query": query,
        "understood": understood,
        "state": state,
        "states": [
            ("", _("Tous")),
            ("a-moi", _("Les miens")),
            ("a-relire", _("À relire")),
            *ArticleState.choices,
        ],
        "articles": shown,
        "today": today,
        "keeps": keeps,
        "proposed": _proposed() if keeps else [],
        "remarks": _remarks_for(request),
        "waiting": questions() if keeps else 0,
        "late": late_articles(today),
        "late_procedures": late_procedures(today),
    }
    return render(request, "backoffice/knowledge.html", context)


def _proposed():
    waiting = ArticleVersion.objects.filter(state=VersionState.PROPOSED)
    return waiting.select_related("article", "author").order_by("written_at")


def _remarks_for(request: AgentRequest):
    """Remarks that wait for this person: on their articles; for a manager, on all."""
    waiting = ArticleRemark.objects.filter(answered_at=None).select_related("article", "author")
    if not keeps_knowledge(request.user):
        waiting = waiting.filter(article__owner=request.user)
    return waiting.order_by("at")[:MOST_REMARKS]


@require_safe
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def article(request: AgentRequest, code: str) -> HttpResponse:
    """One article: what is in force, what waits, who keeps it, what its readers say."""
    found = get_object_or_404(KnowledgeArticle.objects.begun().select_related("owner"), pk=code)
    return render(request, "backoffice/knowledge_article.html", _article_context(request, found))


def _article_context(request: AgentRequest, found: KnowledgeArticle) -> dict:
    pending = found.pending()
    keeps = keeps_knowledge(request.user)
    uses = found.uses.aggregate(
        all=Count("pk"), yes=Count("pk", Q(answered=True)), no=Count("pk", Q(answered=False))
    )
    opinions = found.opinions.aggregate(
        yes=Sum("count", filter=Q(helpful=True)), no=Sum("count", filter=Q(helpful=False))
    )
    return {
        "article": found,
        "today": timezone.localdate(),
        "pending": pending,
        "pending_prestations": Prestation.objects.filter(
            pk__in=pending.prestation_codes if pending else ()
        ),
        "seen": found.last_number(),
        "keeps": keeps,
        "may_write": may_write_article(request.user, found),
        "may_answer": may_answer(request.user, found),
        "own_text": pending is not None and pending.author_id == request.user.pk,
        "in_force": found.state == ArticleState.PUBLIE,
        "keeping": KeepingForm(initial={"owner": found.owner_id, "review_on": found.review_on}),
        "versions": found.versions.select_related("author", "decided_by"),
        "remarks": found.remarks.select_related("author", "answered_by")[:MOST_REMARKS],
        "uses": uses,
        "opinions": {key: value or 0 for key, value in opinions.items()},
        "prestations": found.prestations.all(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def article_write(request: AgentRequest, code: str | None = None) -> HttpResponse:
    """Write a text; readers keep the validated one until the new one is."""
    known = get_object_or_404(KnowledgeArticle.objects.begun(), pk=code) if code else None
    if known and not may_write_article(request.user, known):
        raise PermissionDenied
    asked = request.GET.get("question", "")[:60]
    initial: dict[str, Any] = {"label": asked.capitalize()}
    if known:
        shown = known.pending() or known
        initial = article_initial(shown) | {"seen": known.last_number()}
    form = ArticleForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_valid():
        try:
            version = articles.write_article(actor=request.user, code=code, **form.cleaned_data)
        except RequestError as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            _settle(request, asked, version.article)
            messages.success(request, _("Le brouillon est enregistré."))
            return redirect("backoffice:article", version.article_id)
    context = {"form": form, "known": known}
    return render(request, "backoffice/knowledge_write.html", context, status=status)


def _settle(request: AgentRequest, words: str, written: KnowledgeArticle) -> None:
    """What was asked in vain and is written now leaves the list, whoever else settled it."""
    if words and keeps_knowledge(request.user):
        try:
            missing.settle_missing(
                actor=request.user, words=words, fate=MissingFate.WRITTEN, article=written
            )
        except MissingAnswer.DoesNotExist:
            return


@require_safe
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def article_compare(request: AgentRequest, code: str) -> HttpResponse:
    """Two texts of an article, and what changed between them: ``?de=1&a=3``."""
    found = get_object_or_404(KnowledgeArticle.objects.begun(), pk=code)
    versions = list(found.versions.select_related("author"))
    if not versions:
        raise Http404
    by_number = {str(one.number): one for one in versions}
    newer = by_number.get(request.GET.get("a", ""), versions[0])
    older = by_number.get(request.GET.get("de", ""), versions[1 if len(versions) > 1 else 0])
    context = {
        "article": found,
        "versions": versions,
        "older": older,
        "newer": newer,
        "parts": [
            (_("Titre"), compare(older.label, newer.label)),
            (_("Texte"), compare(older.text, newer.text)),
            (_("Titre en anglais"), compare(older.label_en, newer.label_en)),
            (_("Texte en anglais"), compare(older.text_en, newer.text_en)),
        ],
    }
    return render(request, "backoffice/knowledge_compare.html", context)


Act = Callable[[AgentRequest, str], object]


def _propose(request: AgentRequest, code: str) -> object:
    return articles.propose_article(actor=request.user, code=code, seen=posted_number(request))


def _validate(request: AgentRequest, code: str) -> object:
    return articles.validate_article(
        actor=request.user, code=code, seen=posted_number(request), alone="seul" in request.POST
    )


def _send_back(request: AgentRequest, code: str) -> object:
    why = request.POST.get("why", "")
    return articles.send_back_article(
        actor=request.user, code=code, seen=posted_number(request), why=why
    )


def _give(request: AgentRequest, code: str) -> object:
    form = KeepingForm(request.POST)
    if not form.is_valid():
        raise RequestError(_("Choisissez un agent et une date qui existent."))
    return articles.give_article(actor=request.user, code=code, **form.cleaned_data)


ACTS: dict[str, tuple[Act, Any]] = {
    "proposer": (_propose, gettext_lazy("Le texte attend sa validation.")),
    "valider": (_validate, gettext_lazy("Le texte est validé : il est lu dès maintenant.")),
    "rendre": (_send_back, gettext_lazy("Le texte est rendu à son auteur.")),
    "confirmer": (
        lambda request, code: articles.confirm_article(actor=request.user, code=code),
        gettext_lazy("L’article est noté comme juste."),
    ),
    "retirer": (
        lambda request, code: articles.withdraw_article(actor=request.user, code=code),
        gettext_lazy("L’article est retiré : personne ne le lit en attendant sa correction."),
    ),
    "archiver": (
        lambda request, code: articles.withdraw_article(
            actor=request.user, code=code, archive=True
        ),
        gettext_lazy("L’article est archivé."),
    ),
    "confier": (_give, gettext_lazy("C’est enregistré.")),
    "remarque": (
        lambda request, code: articles.remark_article(
            actor=request.user, code=code, text=request.POST.get("text", "")
        ),
        gettext_lazy("Merci. Le propriétaire de l’article est prévenu."),
    ),
}


READ = ("valider", "confirmer", "retirer", "archiver")  # what changes what is read


@require_POST
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def article_act(request: AgentRequest, code: str, verb: str) -> HttpResponse:
    """One act on an article: propose, validate, send back, confirm, withdraw, archive, remark."""
    if verb not in ACTS:
        raise Http404
    get_object_or_404(KnowledgeArticle.objects.begun(), pk=code)
    act, done = ACTS[verb]

    def kept() -> None:
        keeping = recorded("articles", code, actor=request.user) if verb in READ else nullcontext()
        with keeping:
            act(request, code)

    tell_outcome(request, kept, done)
    return redirect("backoffice:article", code)


@require_POST
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def remark_answer(request: AgentRequest, remark_id: int) -> HttpResponse:
    """Answer what a reader found out of date."""
    remark = get_object_or_404(ArticleRemark, pk=remark_id)
    answer = request.POST.get("answer", "")
    act = partial(articles.answer_remark, actor=request.user, remark_id=remark.pk, answer=answer)
    tell_outcome(request, act, _("La réponse est enregistrée."))
    return redirect("backoffice:article", remark.article_id)
