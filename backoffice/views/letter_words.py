"""The words of the town's letters: read, written, compared, approved."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import record_opening
from backoffice.comparing import compare
from backoffice.forms.letter_words import LetterWordsForm, words_initial
from backoffice.versions import posted_number, tell_outcome
from massy_grc.common.folding import folded
from massy_grc.common.text import fold
from prestations.configuration import recorded
from prestations.enums import VersionState
from prestations.models import LetterTemplate, LetterVersion
from prestations.models.versions import UNDER_WAY
from requests.actions import letter_words
from requests.exceptions import RequestError, StaleRequest
from requests.knowledge_rights import approves_letters
from requests.letters.merge_fields import fields_by_use
from requests.letters.sample import samples
from requests.models import ServiceRequest
from requests.permissions import KNOWLEDGE_READERS

TO_CITIZENS = "citoyen"


def _letters():
    """Those in use, and those that an import brought: they wait for their first approval."""
    brought = LetterVersion.objects.filter(template=OuterRef("pk"), state__in=UNDER_WAY)
    in_use = LetterTemplate.objects.filter(Q(is_active=True) | Exists(brought))
    return in_use.filter(audience=TO_CITIZENS)


@require_safe
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def letter_models(request: AgentRequest) -> HttpResponse:
    """The letters sent to citizens; those with a text that waits first.

    ``?q=<words>`` keeps those in whose name, subject or text all the words are.
    """
    q = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    of_it = LetterVersion.objects.filter(template=OuterRef("pk"))
    shown = _letters().annotate(
        proposed=Exists(of_it.filter(state=VersionState.PROPOSED)),
        begun=Exists(of_it.filter(state__in=UNDER_WAY)),
    )
    asked = fold(q).split()
    letters = [
        one
        for one in shown.order_by("-proposed", "-begun", folded("label"))
        if all(word in fold(f"{one.label} {one.subject} {one.body}") for word in asked)
    ]
    context = {"letters": letters, "q": q, "makes_letters": approves_letters(request.user)}
    return render(request, "backoffice/letter_models.html", context)


@require_safe
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def letter_model(request: AgentRequest, code: str) -> HttpResponse:
    """One letter in each language and channel; what a waiting text would change in it.

    ``?demande=<reference>`` fills it in with a request that the reader may see.
    """
    found = get_object_or_404(_letters(), pk=code)
    reference = request.GET.get("demande", "").replace("\x00", "").strip()[:20]
    visible = ServiceRequest.objects.visible_to(request.user)
    sr = visible.filter(reference=reference).first() if reference else None
    if sr is not None:
        record_opening(request.user, sr)
    pending = found.pending()
    approved = found.versions.filter(state=VersionState.VALIDATED)
    is_new = pending is not None and not found.is_active and not approved.exists()
    context = {
        "letter": found,
        "reference": reference,
        "unknown": bool(reference) and sr is None,
        "samples": samples(found, sr),
        "pending": pending,
        "is_new": is_new,
        "changes": _changes(found, pending) if pending and not is_new else [],
        "pending_samples": samples(pending, sr) if pending else [],
        "seen": found.last_number(),
        "approves": approves_letters(request.user),
        "own_text": pending is not None and pending.author_id == request.user.pk,
        "versions": found.versions.select_related("author", "decided_by"),
    }
    return render(request, "backoffice/letter_model.html", context)


def _changes(found: LetterTemplate, pending: LetterVersion) -> list[tuple[Any, list]]:
    """The parts that differ from the words in use, each compared word by word."""
    fields = LetterWordsForm.base_fields
    return [
        (fields[name].label, compare(getattr(found, name), getattr(pending, name)))
        for name in letter_words.WORDS
        if getattr(found, name).strip() != getattr(pending, name)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def write_model(request: AgentRequest, code: str) -> HttpResponse:
    """Write a new text; the one in use is sent until another person approves it."""
    found = get_object_or_404(_letters(), pk=code)
    shown = found.pending() or found
    initial = words_initial(shown) | {"seen": found.last_number()}
    form = LetterWordsForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_valid():
        try:
            letter_words.write_words(actor=request.user, code=code, **form.cleaned_data)
        except RequestError as refusal:
            if isinstance(refusal, StaleRequest):  # sent again, it is written over what is there
                given = request.POST.copy()
                given["seen"] = str(found.last_number())
                form = LetterWordsForm(given)
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("Le brouillon est enregistré."))
            return redirect("backoffice:letter_model", code)
    context = {"form": form, "letter": found, "fields": list(fields_by_use(found))}
    return render(request, "backoffice/letter_model_write.html", context, status=status)


Act = Callable[..., object]
ACTS: dict[str, tuple[Act, Any]] = {
    "proposer": (letter_words.propose_words, gettext_lazy("Le texte attend son approbation.")),
    "approuver": (
        letter_words.approve_words,
        gettext_lazy("Le texte est approuvé : il part dès maintenant."),
    ),
    "rendre": (letter_words.send_back_words, gettext_lazy("Le texte est rendu à son auteur.")),
}


@require_POST
@agent_page(*KNOWLEDGE_READERS, needs_post=False)
def act_on_model(request: AgentRequest, code: str, verb: str) -> HttpResponse:
    """Propose a text, approve it, or give it back with what is to change."""
    if verb not in ACTS:
        raise Http404
    get_object_or_404(_letters(), pk=code)
    act, done = ACTS[verb]
    more = {"why": request.POST.get("why", "")} if verb == "rendre" else {}
    seen = posted_number(request)
    decide = partial(act, actor=request.user, code=code, seen=seen, **more)

    def kept() -> None:
        with recorded("templates", code, actor=request.user):
            decide()

    tell_outcome(request, kept, done)
    return redirect("backoffice:letter_model", code)
