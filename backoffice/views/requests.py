"""One request: its page, and the pages behind its buttons."""

from collections.abc import Callable, Collection
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BooleanField
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.act_buttons import worded
from backoffice.actions.accesses import DOWNLOAD, VIEW, record_opening
from backoffice.acts import ACTS, Act
from backoffice.concluded import repeats_conclusion
from backoffice.decided import decided_words
from backoffice.done_words import done_words
from backoffice.neighbours import list_behind, with_list
from backoffice.queues import next_to_do
from backoffice.request_page import page_context, standing_of
from backoffice.shown_state import Shown, differences, shown_before, shown_now
from backoffice.timeline import events_since
from backoffice.undoing import offer_undo
from backoffice.views import previews
from backoffice.withdrawn import withdrawn
from prestations.enums import Channel
from prestations.models import KnowledgeArticle
from requests import actions
from requests.actions import articles
from requests.enums import FINAL_STATES, Verb
from requests.exceptions import NotAllowed, RequestError, StaleRequest
from requests.models import FilingDraft, ServiceRequest, StoredFile
from requests.notifications.sending import reply_leaves_by
from requests.permissions import Right
from requests.uploads import UploadRefused, download, show
from requests.workflow import SENDINGS

WORKERS = (Right.FRONT_OFFICE, Right.EXPERT_WORK)


def find_request(request: AgentRequest, reference: str) -> ServiceRequest:
    """Return the request, or 404 when it is missing or not to be known by this person."""
    return get_object_or_404(
        # the rest is fetched by key when shown: a join of them all takes longer to plan than to run
        ServiceRequest.objects.visible_to(request.user)
        .select_related("prestation", "form_version", "assignee", "front_agent", "citizen")
        .defer("search_vector"),
        reference=reference,
    )


@require_safe
@agent_page(*WORKERS)
def detail(request: AgentRequest, reference: str) -> HttpResponse:
    """The whole request as agents read it; the look is recorded."""
    sr = find_request(request, reference)
    record_opening(request.user, sr)
    shown = page_context(request, sr)
    much = ("attachments", "documents", "papers", "checked_pieces", "has_related")
    context = shown | {
        "on_page": True,
        "may_tick": sr.state not in FINAL_STATES,
        # else what helps stands there too, and neither column ends long before the other
        "much_beside": any(shown[name] for name in much),
    }
    return render(request, "backoffice/request_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*WORKERS, Right.SUPERVISE)
def act(request: AgentRequest, reference: str, verb: str) -> HttpResponse:
    """Show the page of one act, what would leave, or do it. Nothing typed is lost (R11).

    Opened in a state that it does not go with, it says so (409) before anything is typed.
    """
    chosen = ACTS.get(verb)
    if chosen is None:
        raise Http404
    try:
        sr = find_request(request, reference)
    except Http404:
        if request.method != "POST":
            raise
        return withdrawn(request, 404)
    if not actions.may(sr, chosen.verb, request.user):
        if request.method != "POST":
            raise PermissionDenied
        return withdrawn(request, 403, readable=sr)
    chosen = worded(chosen, sr)
    fits = chosen.fits(sr)
    about = (request.POST or request.GET).get("decision")
    decided = decided_words(sr, about) if chosen.verb == Verb.SIGN else ""
    if not fits and request.method != "POST":
        raise Http404
    opens = request.method != "POST"
    if (
        decided
        or not fits
        or (opens and chosen.verb not in actions.allowed_verbs(sr, request.user))
    ):
        context = {
            "sr": sr,
            **list_behind(request.GET),
            "act": chosen,
            "decided": decided,
            "signing": actions.awaits_signature(sr),
            "validated": actions.may_validate(sr, request.user),
            "working": actions.working_on(sr) and actions.awaited_words(sr),
            **standing_of(sr, timezone.now()),
        }
        return render(request, "backoffice/request_not_now.html", context, status=409)
    if request.method == "POST" and "insert" in request.POST:
        return _act_page(request, sr, chosen, _with_article(request, sr, chosen))
    step = previews.step_of(request)
    if request.method == "POST" and step in (previews.EDIT, previews.CHOOSE):
        return _act_page(request, sr, chosen, _as_typed(request, sr, chosen, step))
    if request.method != "POST" and verb == "sign":
        step, given = previews.PREVIEW, request.GET
    elif request.method != "POST":
        named = ("question", "decision", "prestation", "task", "other", "department")
        initial = {name: request.GET[name] for name in named if name in request.GET}
        if verb == "approve":
            initial["body"] = _proposed_words(sr, initial.get("question"))
        draft = actions.draft_of(sr, request.user, verb)
        form = chosen.form(sr=sr, user=request.user, initial=initial | draft)
        if draft:
            _untick(form, draft)
        return _act_page(request, sr, chosen, form)
    else:
        given = request.POST
    form = chosen.form(given, request.FILES, sr=sr, user=request.user)
    if not form.is_valid():
        return _act_page(request, sr, chosen, form)
    version = sr.version if request.method != "POST" else shown_before(request).version

    def perform():
        common = {"request_id": sr.pk, "actor": request.user, "version": version}
        return chosen.perform(common, form)

    try:
        if chosen.sends and step in (previews.PREVIEW, previews.PDF):
            return previews.preview_page(request, sr, chosen, perform)
        done, sending = actions.send_undoable(
            request_id=sr.pk,
            actor=request.user,
            act=chosen.slug,
            typed=previews.kept(request),
            perform=perform,
            also=[one.pk for one in form.cleaned_data.values() if isinstance(one, ServiceRequest)],
        )
    except StaleRequest:
        if not _still_seen(request, sr):
            return withdrawn(request, 409)
        sr = find_request(request, reference)
        return _act_page(request, sr, chosen, form.renewed(sr), status=409, stale=True)
    except NotAllowed as refusal:
        return _act_page(request, sr, chosen, form, status=403, refusal=refusal)
    except RequestError as refusal:
        if not _still_seen(request, sr):
            return withdrawn(request, 409)
        sr = find_request(request, reference)
        return _act_page(request, sr, chosen, form, status=409, refusal=refusal)
    except UploadRefused as refusal:
        form.add_error(None, str(refusal))
        return _act_page(request, sr, chosen, form)
    if isinstance(done, FilingDraft):  # its form is still to be filled in
        return redirect("backoffice:log_request", token=done.token)
    told = done_words(sr, chosen, done, request.user)
    if sending is None:
        messages.success(request, f"{told}.")
    else:
        url = with_list(reverse("backoffice:undo", args=[sr.reference, sending.pk]), request.GET)
        offer_undo(request, url, f"{told} · {sr.reference}", sending.until)
    if step == previews.NEXT:
        return _open_next(request, sr, chosen)
    if not _still_seen(request, sr):  # an expert has given it back, or passed it on
        return redirect(list_behind(request.GET).get("list_url", reverse("backoffice:queue")))
    following = chosen.then(sr)
    if following and ACTS[following].verb in actions.allowed_verbs(done, request.user):
        url = reverse("backoffice:act", args=[sr.reference, following])
        return redirect(with_list(url, request.GET))
    return redirect(with_list(sr.get_absolute_url(), request.GET))


def _open_next(request: AgentRequest, sr: ServiceRequest, chosen: Act) -> HttpResponse:
    """The next request of the list one came from; without any, of what one has to do.

    Always forwards, so that what stays in one's hands does not come back at each step.

    Args:
        sr: as it was before the act.
    """
    if list_behind(request.GET):
        return redirect(
            with_list(reverse("backoffice:request_after", args=[sr.reference]), request.GET)
        )
    found = next_to_do(request.user, sr, signing=chosen.verb == Verb.SIGN)
    if found is None:
        messages.info(request, _("Après cette demande, plus rien n’attend entre vos mains."))
        return redirect("backoffice:queue")
    return redirect(found.get_absolute_url())


def _as_typed(request: AgentRequest, sr: ServiceRequest, chosen: Act, step: str):
    """The form with what was typed, to go on writing: not yet judged."""
    anew = chosen.form.follows_choice if step == previews.CHOOSE else ()
    typed = {name: value for name, value in previews.typed(request).items() if name not in anew}
    form = chosen.form(sr=sr, user=request.user, initial=typed)
    _untick(form, (*request.POST, *anew))
    return form


def _untick(form, named: Collection[str]) -> None:
    """A page says nothing of the boxes that were not ticked on it."""
    for name, field in form.fields.items():
        if isinstance(field, BooleanField) and name not in named:
            form.initial[name] = False


def _with_article(request: AgentRequest, sr: ServiceRequest, chosen: Act):
    """The form with what was typed, and the link of an article below it; the use is noted."""
    slug = request.POST["insert"].replace("\x00", "")[:80]
    article = get_object_or_404(KnowledgeArticle.objects.published(), slug=slug)
    articles.use_article(
        actor=request.user, request_id=sr.pk, slug=str(article.slug), answered=None
    )
    form = _as_typed(request, sr, chosen, previews.EDIT)
    url = settings.PUBLIC_URL + reverse("prestations:article", args=[article.slug])
    typed = str(form.initial.get("body") or "").rstrip()
    form.initial["body"] = "\n\n".join(filter(None, [typed, f"{article.label} : {url}"]))
    return form


def _still_seen(request: AgentRequest, sr: ServiceRequest) -> bool:
    return ServiceRequest.objects.visible_to(request.user).filter(pk=sr.pk).exists()


def _act_page(
    request: AgentRequest,
    sr: ServiceRequest,
    chosen: Act,
    form,
    *,
    status: int = 200,
    stale: bool = False,
    refusal: RequestError | None = None,
) -> HttpResponse:
    """The page of one act beside what it is about; what was typed and, after a refusal, why.

    A form that comes back unjudged, or with mistakes, keeps what its page showed: what has come
    in since then stops it when it is sent, and is told then.

    Args:
        stale: something has happened since; it is told now.
    """
    record_opening(request.user, sr)
    before = shown_before(request) if request.method == "POST" else shown_now(sr)
    context = {
        **page_context(request, sr),
        "act": chosen,
        "form": form,
        "writes": chosen.sends and "body" in form.fields,
        "unreachable": chosen.sends and reply_leaves_by(sr) == Channel.WEB,
        "lawful": chosen.verb in actions.allowed_verbs(sr, request.user),
        "shown": before if status == HTTPStatus.OK else shown_now(sr),
        **(_meanwhile(sr, before) if stale else {}),
        "refusal": refusal,
        "repeats": chosen.sends and repeats_conclusion(sr, _typed_words(form)),
        "multipart": form.is_multipart(),
    }
    return render(request, "backoffice/request_act.html", context, status=status)


def _typed_words(form) -> str:
    """The words of a letter as its form shows them; "" in a form without any."""
    return (form["body"].value() or "") if "body" in form.fields else ""


@require_safe
@agent_page(*WORKERS)
def file(request: AgentRequest, reference: str, kind: str, file_id: int) -> HttpResponseBase:
    """Download a file of a request one may see (R20)."""
    return _file(request, reference, kind, file_id, download, DOWNLOAD)


@require_safe
@agent_page(*WORKERS)
def file_shown(request: AgentRequest, reference: str, kind: str, file_id: int) -> HttpResponseBase:
    """The same file to be looked at in the page; the look is recorded."""
    return _file(request, reference, kind, file_id, show, VIEW)


def _file(
    request: AgentRequest,
    reference: str,
    kind: str,
    file_id: int,
    serve: Callable[[StoredFile], HttpResponseBase],
    action: str,
) -> HttpResponseBase:
    sr = get_object_or_404(ServiceRequest.objects.visible_to(request.user), reference=reference)
    files = sr.attachments if kind == "piece" else sr.documents
    stored = get_object_or_404(files, pk=file_id)
    response = serve(stored)
    record_opening(request.user, sr, action=action, file=f"{kind} {stored.pk}")
    return response


def _proposed_words(sr: ServiceRequest, question_id: str | None) -> str:
    if question_id is None or not question_id.isdecimal():
        return ""
    question = sr.proposed_questions.filter(pk=question_id).first()
    return question.body if question else ""


def _meanwhile(sr: ServiceRequest, before: Shown) -> dict:
    """What has happened since the page was made, in acts, in words and in what changed."""
    seen = before.seen if before.seen is not None else max(sr.event_count - 3, 0)
    happened = events_since(sr, seen)
    return {
        "meanwhile": happened,
        "wrote_meanwhile": any(one.what.verb in SENDINGS for one in happened),
        "changes": differences(before, sr),
    }
