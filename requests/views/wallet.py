"""The document wallet, for its owner alone."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.access import CitizenRequest, citizen_required
from citizens.forms import posted
from requests import actions
from requests.enums import WalletKind
from requests.forms.space import KeepSentForm, RenameForm, WalletFileForm, WalletForm
from requests.models import WalletDocument
from requests.uploads import UploadRefused, download
from requests.views.upload_limit import count_upload

# what the second page of keeping a document says: its file, or back to its date
FILE, CORRECT = "fichier", "corriger"


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def wallet(request: CitizenRequest) -> HttpResponse:
    """What is kept, until when it serves, and a form to keep another document.

    First which one and its date, then its file: a browser forgets a file that comes back.
    """
    form = WalletForm(posted(request))
    if form.is_valid() and request.POST.get("etape") != CORRECT:
        return _keep_file(request, form)
    kept = WalletDocument.objects.filter(account=request.account)
    context = {"form": form, "documents": kept, "today": timezone.localdate()}
    return render(request, "requests/wallet.html", context)


def _keep_file(request: CitizenRequest, about: WalletForm) -> HttpResponse:
    """The page that asks for the file, and keeps it."""
    sent = bool(request.FILES) or request.POST.get("etape") == FILE
    form = WalletFileForm(request.POST, request.FILES) if sent else WalletFileForm()
    if form.is_valid():
        try:
            count_upload(request)
            actions.keep_document(
                account=request.account,
                upload=form.cleaned_data["file"],
                kind=about.cleaned_data["kind"],
                **about.validity(),
            )
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Le document est gardé."))
            return redirect("requests:wallet")
    context = {
        "form": form,
        "about": about,
        "kind": WalletKind(about.cleaned_data["kind"]).label,
        "until": about.validity()["until"],
        "steps": {"file": FILE, "correct": CORRECT},
    }
    return render(request, "requests/wallet_add.html", context)


@require_safe
@citizen_required
def wallet_file(request: CitizenRequest, pk: int) -> FileResponse:
    """A kept document, saved by the browser; somebody else's does not exist."""
    return download(get_object_or_404(WalletDocument, account=request.account, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def wallet_rename(request: CitizenRequest, pk: int) -> HttpResponse:
    """Another name for a kept document; somebody else's does not exist."""
    document = get_object_or_404(WalletDocument, account=request.account, pk=pk)
    form = RenameForm(request.POST or None, initial={"name": document.name})
    if form.is_valid():
        actions.rename_document(
            account=request.account, document_id=pk, name=form.cleaned_data["name"]
        )
        messages.success(request, _("Le document est renommé."))
        return redirect("requests:wallet")
    return render(request, "requests/wallet_rename.html", {"form": form, "document": document})


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def wallet_keep(request: CitizenRequest, pk: int) -> HttpResponse:
    """Keep a document sent with one of one's own requests: only its date is asked."""
    sent = get_object_or_404(actions.keepable_attachments(request.account), pk=pk)
    form = KeepSentForm(request.POST if request.method == "POST" else None, kind=sent.document_code)
    if form.is_valid():
        try:
            actions.keep_attachment(account=request.account, attachment_id=pk, **form.validity())
        except UploadRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le document est gardé."))
            return redirect("requests:wallet")
    context = {"form": form, "sent": sent, "kind": WalletKind(sent.document_code).label}
    return render(request, "requests/wallet_keep.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def wallet_delete(request: CitizenRequest, pk: int) -> HttpResponse:
    """Ask, then delete a kept document; copies joined to requests stay with them."""
    document = get_object_or_404(WalletDocument, account=request.account, pk=pk)
    if request.method != "POST":
        return render(request, "requests/wallet_delete.html", {"document": document})
    actions.delete_document(account=request.account, document_id=pk)
    messages.success(request, _("Le document est supprimé."))
    return redirect("requests:wallet")
