"""Newsletters: their lists, and issues that are written, read again and sent once."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.newsletters import IssueForm
from backoffice.sorts import NEWSLETTERS
from backoffice.views.coded import one_of_sort
from citizens import actions
from citizens.exceptions import AlreadySent
from citizens.models import Issue, Newsletter, Subscription
from prestations.campaigns import address_of
from prestations.models import Campaign
from requests.permissions import Right

SHOWN = 50
WRITERS = (Right.ADMINISTER, Right.SUPERVISE)


@require_safe
@agent_page(*WRITERS, needs_post=False)
def newsletters(request: AgentRequest) -> HttpResponse:
    """The lists with how many receive them, and the issues; no address is shown."""
    confirmed = Count("subscriptions", filter=Q(subscriptions__confirmed_at__isnull=False))
    issues = Issue.objects.select_related("newsletter", "author", "sent_by")
    rows = Newsletter.objects.annotate(readers=confirmed).order_by("-is_active", "order", "label")
    context = {"sort": NEWSLETTERS, "rows": rows, "issues": issues[:SHOWN]}
    return render(request, "backoffice/newsletter_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*WRITERS, needs_post=False)
def newsletter(request: AgentRequest, code: str = "") -> HttpResponse:
    """A list, or a new one."""
    return one_of_sort(request, NEWSLETTERS, code)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*WRITERS, needs_post=False)
def issue_write(request: AgentRequest, issue_id: int | None = None) -> HttpResponse:
    """Write an issue, or correct one that is not sent; then it is read as it will leave.

    ``?campagne=<code>`` begins with a campaign's words and address.
    """
    known = get_object_or_404(Issue, pk=issue_id, sent_at=None) if issue_id else None
    told = Campaign.objects.filter(code=request.GET.get("campagne", "")).first()
    initial: dict[str, Any] | None = None
    if told:
        initial = {"subject": told.name, "body": f"{told.text}\n\n{address_of(told)}"}
    if known:
        initial = {"newsletter": known.newsletter, "subject": known.subject, "body": known.body}
    form = IssueForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            written = actions.write_issue(
                issue_id=issue_id, author=request.user, now=timezone.now(), **form.cleaned_data
            )
        except AlreadySent:
            messages.info(request, _("Un collègue vient de l’envoyer."))
            return redirect("backoffice:newsletter_list")
        return redirect("backoffice:issue", written.pk)
    return render(request, "backoffice/issue_form.html", {"form": form, "known": known})


@require_safe
@agent_page(*WRITERS, needs_post=False)
def issue(request: AgentRequest, issue_id: int) -> HttpResponse:
    """The issue as it will leave, or left, and to how many."""
    known = get_object_or_404(
        Issue.objects.select_related("newsletter", "author", "sent_by"), pk=issue_id
    )
    confirmed = Subscription.objects.confirmed().filter(newsletter=known.newsletter)
    owed = confirmed.filter(confirmed_at__lte=known.sent_at) if known.sent_at else None
    readers = confirmed.count()
    text = actions.issue_text(known, _("(le lien propre à chaque abonné)"))
    context = {
        "issue": known,
        "text": text,
        "readers": readers,
        # the worker counts what it queues
        "is_under_way": owed is not None and not known.recipients and owed.exists(),
    }
    return render(request, "backoffice/issue_detail.html", context)


@require_POST
@agent_page(*WRITERS, needs_post=False)
def issue_send(request: AgentRequest, issue_id: int) -> HttpResponse:
    """Send it, once: pressed twice or by two people, it leaves once."""
    get_object_or_404(Issue, pk=issue_id)
    try:
        actions.send_issue(issue_id=issue_id, actor=request.user, now=timezone.now())
        messages.success(request, _("La lettre part aux abonnés confirmés."))
    except AlreadySent:
        messages.info(request, _("Cette lettre est déjà partie."))
    return redirect("backoffice:issue", issue_id)
