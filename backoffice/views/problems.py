"""Problems: what keeps happening, whose it is, what ends it, and one answer for all (S33)."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.db.models import Count, Max, Min, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import record_opening
from backoffice.forms.complaints import NewProblemForm, ProblemAnswerForm, ProblemForm
from backoffice.presenting import state_badge
from backoffice.shown_problems import placed, times_back, words_said
from backoffice.undoing import offer_undo, withdraw_offer
from backoffice.views.previews import EDIT, PREVIEW, step_of
from backoffice.views.requests import WORKERS, find_request
from massy_grc.common.posted import posted_id
from prestations.models import RootCause
from requests.actions import problem_answers
from requests.actions import problems as verbs
from requests.enums import OPEN_STATES, ProblemState
from requests.exceptions import RequestError
from requests.models import Problem, ProblemMember, ServiceRequest
from requests.notifications.preview import Outlook, preview
from requests.permissions import Right, scope_of
from requests.references import parse_reference

SHOWN = 100  # of those that are over
MEMBERS_SHOWN = 200
CAUSES_OVER = timedelta(days=365)
STATES = (ProblemState.PROPOSED, ProblemState.OPEN, ProblemState.CLOSED, ProblemState.DISMISSED)
OF_PROBLEM = {
    "accepter": (verbs.accept_problem, gettext_lazy("Le problème est suivi.")),
    "ecarter": (verbs.dismiss_problem, gettext_lazy("Le problème est écarté.")),
    "clore": (verbs.close_problem, gettext_lazy("Le problème est réglé.")),
    "rouvrir": (verbs.reopen_problem, gettext_lazy("Le problème est de nouveau suivi.")),
}
UNDO = "annuler"
OF_MEMBER = {"ajouter": verbs.add_member, "retirer": verbs.remove_member}


@require_safe
@agent_page(*WORKERS)
def problems(request: AgentRequest) -> HttpResponse:
    """The problems one may know of, by state; for who handles complaints, why things go wrong."""
    handles = scope_of(request.user).may(Right.HANDLE_COMPLAINTS)
    current = Q(members__removed_at=None)
    running = current & Q(members__request__state__in=OPEN_STATES)
    rows = Problem.objects.visible_to(request.user).annotate(
        requests=Count("members", filter=current),
        running=Count("members", filter=running),
        since=Min("members__request__arrived_at", filter=current),
        until=Max("members__request__arrived_at", filter=current),
    )
    rows = rows.select_related("owner", "category").order_by("-created_at", "-id")
    ended = rows.exclude(state__in=verbs.FOLLOWED)
    known = [*rows.filter(state__in=verbs.FOLLOWED), *ended[:SHOWN]]
    said = words_said(known, request.user)
    shown = [{"problem": one, "said": said.get(one.pk, "")} for one in known]
    groups = [(state, [row for row in shown if row["problem"].state == state]) for state in STATES]
    context = {
        "groups": [group for group in groups if group[1]],
        "handles": handles,
        "today": timezone.localdate(),
        "causes": _causes() if handles else [],
    }
    return render(request, "backoffice/problem_list.html", context)


@require_safe
@agent_page(*WORKERS)
def problem(request: AgentRequest, problem_id: int) -> HttpResponse:
    """One problem with its requests; each reader sees those they may read."""
    known = _find(request, problem_id)
    context = _context(request, known)
    return render(request, "backoffice/problem_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.HANDLE_COMPLAINTS)
def problem_new(request: AgentRequest, reference: str) -> HttpResponse:
    """Make a problem of a request."""
    sr = find_request(request, reference)
    record_opening(request.user, sr)
    initial = {"title": verbs.usual_title(sr)}
    form = NewProblemForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            made = verbs.open_problem(
                actor=request.user, title=form.cleaned_data["title"], requests=[sr.pk]
            )
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le problème est suivi."))
            return redirect("backoffice:problem", made.pk)
    return render(request, "backoffice/problem_new.html", {"sr": sr, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.HANDLE_COMPLAINTS)
def problem_edit(request: AgentRequest, problem_id: int) -> HttpResponse:
    """Whose it is, why it happens, what will end it and by when."""
    known = _find(request, problem_id)
    names = ("title", "owner", "cause", "action", "action_on", "action_done")
    initial = {name: getattr(known, name) for name in names}
    form = ProblemForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_valid():
        try:
            verbs.write_problem(
                problem_id=known.pk,
                version=_version(request),
                actor=request.user,
                **form.cleaned_data,
            )
        except RequestError as refusal:
            form.add_error(None, str(refusal))
            known.refresh_from_db()
            status = 409
        else:
            messages.success(request, _("Le problème est enregistré."))
            return redirect("backoffice:problem", known.pk)
    context = {"problem": known, "form": form}
    return render(request, "backoffice/problem_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.HANDLE_COMPLAINTS)
def problem_answer(request: AgentRequest, problem_id: int) -> HttpResponse:
    """Tell the ticked members once; others, in the same words, when it is asked again."""
    known = _find(request, problem_id)
    initial: dict[str, object] = {"body": known.answer}
    step = step_of(request)
    given = request.POST if request.method == "POST" and step != EDIT else None
    if step == EDIT:
        initial |= {
            "body": request.POST.get("body", ""),
            "members": request.POST.getlist("members"),
        }
    form = ProblemAnswerForm(given, initial=initial)
    left = list(problem_answers.members_to_tell(known, request.user).select_related("request"))
    form.offer(left, timezone.now())
    if known.answered_at:
        form.fields["body"].disabled = True
    context: dict = {}
    status = 200
    if form.is_valid():
        body, chosen = form.cleaned_data["body"], form.chosen()
        try:
            if step != PREVIEW:
                return _answer_all(request, known, body, chosen)
            first = next(one for one in left if one.pk in chosen)
            outlook = _first_letter(request, first, body)
            context = {"outlook": outlook, "body": body, "chosen": chosen}
        except RequestError as refusal:
            form.add_error(None, str(refusal))
            known.refresh_from_db()
            status = 409
    running = sum(one.request.is_open for one in left)
    counts = {"running": running, "over": len(left) - running}
    context = {**_context(request, known), **counts, "form": form, **context}
    return render(request, "backoffice/problem_answer.html", context, status=status)


def _answer_all(
    request: AgentRequest, known: Problem, body: str, chosen: list[int]
) -> HttpResponse:
    told, until = problem_answers.answer_problem(
        problem_id=known.pk,
        version=_version(request),
        actor=request.user,
        members=chosen,
        body=body,
    )
    words = ngettext("Réponse pour %(number)d demande", "Réponse pour %(number)d demandes", told)
    url = reverse("backoffice:problem_act", args=[known.pk, UNDO])
    offer_undo(request, url, f"{words % {'number': told}} · {known.title}", until)
    return redirect("backoffice:problem", known.pk)


def _first_letter(request: AgentRequest, first: ProblemMember, body: str) -> Outlook:
    """What leaves for the first chosen member, as the others read it about their own request."""
    tell = partial(problem_answers.write_to_member, first, request.user, body, timezone.now())
    return preview(first.request_id, tell)


@require_POST
@agent_page(Right.HANDLE_COMPLAINTS)
def problem_act(request: AgentRequest, problem_id: int, verb: str) -> HttpResponse:
    """Accept, dismiss, close or reopen it; undo its answer; add a request or take one out."""
    known = _find(request, problem_id)
    try:
        if verb in OF_PROBLEM:
            action, done = OF_PROBLEM[verb]
            action(problem_id=known.pk, version=_version(request), actor=request.user)
            messages.success(request, str(done))
        elif verb == UNDO:
            withdraw_offer(request)
            problem_answers.undo_answer(problem_id=known.pk, actor=request.user)
            messages.success(request, _("Envoi annulé : rien n’est parti."))
            return redirect("backoffice:problem_answer", known.pk)
        elif verb in OF_MEMBER:
            sr = _named(request)
            OF_MEMBER[verb](problem_id=known.pk, actor=request.user, request_id=sr.pk)
            messages.success(request, _("La liste des demandes est à jour."))
        else:
            raise Http404
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect("backoffice:problem", known.pk)


def _find(request: AgentRequest, problem_id: int) -> Problem:
    rows = Problem.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("owner", "cause", "category"), pk=problem_id)


def _context(request: AgentRequest, known: Problem) -> dict:
    handles = scope_of(request.user).may(Right.HANDLE_COMPLAINTS)
    members = known.members.filter(removed_at=None)
    if not handles:
        members = members.filter(accepted_at__isnull=False)
    visible = members.filter(request__in=ServiceRequest.objects.visible_to(request.user))
    read = visible.select_related("request__prestation", "request__department")
    rows, readable = list(read[:MEMBERS_SHOWN]), visible.count()
    departments = {str(one.request.department) for one in rows if one.request.department}
    return {
        "problem": known,
        "handles": handles,
        "today": timezone.localdate(),
        "members": [{"member": one, "state": state_badge(one.request)} for one in rows],
        "hidden": members.count() - readable,
        "more": readable - len(rows),
        "to_tell": problem_answers.members_to_tell(known, request.user).count() if handles else 0,
        "leaving": problem_answers.is_leaving(known, timezone.now()),
        "departments": sorted(departments),
        "placed": placed(known),
        "times_back": times_back(known),
    }


def _named(request: AgentRequest) -> ServiceRequest:
    """The request whose number was typed."""
    number = parse_reference(request.POST.get("reference", ""))
    found = ServiceRequest.objects.visible_to(request.user).filter(reference=number or "").first()
    if found is None:
        raise RequestError(_("Aucune demande que vous pouvez lire ne porte ce numéro."))
    return found


def _version(request: AgentRequest) -> int:
    seen = posted_id(request.POST.get("version"))
    return -1 if seen is None else seen


def _causes() -> list[RootCause]:
    """How often each cause was found, in complaints of a year and in followed problems."""
    since = timezone.now() - CAUSES_OVER
    recent = Q(complaints__updated_at__gte=since)
    found = RootCause.objects.annotate(
        told=Count("complaints", filter=recent, distinct=True),
        followed=Count("problems", filter=Q(problems__state=ProblemState.OPEN), distinct=True),
    )
    return list(found.filter(Q(told__gt=0) | Q(followed__gt=0)).order_by("-told", "order"))
