"""The demo's mailbox page (404 outside the demo)."""

from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from massy_grc.outbox import mailbox
from massy_grc.outbox.models import KeptMail

PAGE = 50


def demo_only(view):
    """Make a view that exists in the demo only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return require_safe(guarded)


@demo_only
def mail_list(request: HttpRequest) -> HttpResponse:
    """The mails kept, newest first; ``?avant=<id>`` shows those before one."""
    mails = KeptMail.objects.defer("raw")
    before = request.GET.get("avant", "")
    if before.isdecimal() and len(before) < 19:
        mails = mails.filter(pk__lt=int(before))
    rows = list(mails[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return render(
        request,
        "outbox/mail_list.html",
        {
            "mails": rows,
            "next_url": f"?avant={rows[-1].pk}" if more else "",
            "is_first_page": not before,
        },
    )


@demo_only
def mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: headers, text, attachments."""
    kept = get_object_or_404(KeptMail, pk=pk)
    return render(request, "outbox/mail_detail.html", {"kept": kept, "mail": mailbox.read(kept)})


@demo_only
def mail_attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An attachment, always as a download."""
    mail = mailbox.read(get_object_or_404(KeptMail, pk=pk))
    for attachment in mail.attachments:
        if attachment.number == number:
            response = HttpResponse(attachment.content, content_type=attachment.media_type)
            response["Content-Disposition"] = content_disposition_header(True, attachment.name)
            response["X-Content-Type-Options"] = "nosniff"
            return response
    raise Http404
