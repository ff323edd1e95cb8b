"""The questions about the requester, shared by the forms: their blocks, and one written."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.blocks import BlockQuestionForm, BlockReasonForm
from backoffice.views.seen import Seen
from massy_grc.common.text import fold
from prestations.editing.blocks import seen_of_block, users_of_block, write_block
from prestations.editing.items import known_blocks
from prestations.exceptions import CatalogueError
from prestations.models import ConfigurationChange
from requests.permissions import Right


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def blocks(request: AgentRequest) -> HttpResponse:
    """The blocks that forms in use have."""
    rows = sorted(known_blocks().values(), key=lambda one: fold(one["label"]))
    return render(request, "backoffice/block_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def block(request: AgentRequest, code: str) -> HttpResponse:
    """The words of one block; saved, each form that has it gets a new version."""
    known = known_blocks().get(code)
    if known is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    questions = [BlockQuestionForm(posted, field=one) for one in known["fields"]]
    form = BlockReasonForm(posted)
    forms = ConfigurationChange.objects.filter(
        kind="prestations", after__requester_block__code=code
    )
    seen = Seen(request, lambda: seen_of_block(code), forms, form, *questions)
    valid = [one.is_valid() for one in (form, *questions)]  # each tells its mistakes
    if all(valid):
        try:
            done = write_block(
                code=code,
                fields={one.field["name"]: one.properties() for one in questions},
                english={fr: en for one in questions for fr, en in one.english().items()},
                seen=seen.value or "",
                actor=request.user,
                **form.cleaned_data,
            )
        except CatalogueError as refusal:
            seen.refuse(form, refusal)
        else:
            text = ngettext("%(n)d formulaire a changé.", "%(n)d formulaires ont changé.", done)
            messages.success(request, text % {"n": done})
            return redirect("backoffice:block", code)
    context = {
        "shared": known,
        "questions": questions,
        "form": form,
        "seen": seen,
        "users": users_of_block(code),
        "has_errors": any(one.errors for one in questions),
    }
    return render(request, "backoffice/block_detail.html", context)
