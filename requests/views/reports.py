"""The public page of Proximité reports: list, plan, feed; and one page a report."""

import json

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from citizens.access import account_email, account_of
from massy_grc.common.paging import Order, keyset_page
from prestations.forms.address import SCRIPT_WORDS
from prestations.streets.lookup import active_streets
from requests.drafts import resume_url, unfiled_draft
from requests.forms.reports import DEFAULT_PERIOD, FollowForm, ReportFilterForm
from requests.models import ReportFollower, ServiceRequest
from requests.reports import STAGE_KINDS, PublicReport, Stage, stage_history, told_reports
from requests.views.filing_place import back_to_place

PAGE_SIZE = 20
FOLLOWED = "reports_followed"  # and those whose news it has asked for
ME_TOO = "reports_me_too"  # in the session: the reports that this browser was counted for
FEED_SIZE = 30
ON_THE_PLAN = 500  # the newest; a browser draws no more without effort
KEPT = 300  # seconds that caches may keep the feed and the plan's points
NEWEST = Order("arrived_at", descending=True)


@require_safe
@gzip_page
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports of the town, newest first, with their plan; filters are in the address."""
    form = ReportFilterForm(request.GET or {"periode": DEFAULT_PERIOD})
    page = keyset_page(_rows(form), order=NEWEST, params=request.GET, size=PAGE_SIZE)
    filters = request.GET.copy()
    for name in list(filters):
        if name not in form.fields:
            del filters[name]
    query = f"?{filters.urlencode()}" if filters else ""
    context = {
        "form": form,
        "reports": told_reports(page.rows),
        "page": page,
        "unfolded": bool(form.errors) or form.wanted != {"periode": DEFAULT_PERIOD},
        "filtered": bool(form.wanted.keys() - {"periode"}),
        "points_url": reverse("requests:report_points") + query,
        "feed_url": reverse("requests:report_feed") + query,
        "streets": active_streets().values_list("name", flat=True),
        "plan": plan_context(),
        "legend": [(kind, stage.label) for stage, kind in STAGE_KINDS.items()],
    }
    response = render(request, "requests/report_list.html", context)
    patch_cache_control(response, private=True, max_age=60)
    return response


@require_safe
@gzip_page
def report_points(request: HttpRequest) -> JsonResponse:
    """The same reports for the plan, those that have coordinates."""
    rows = _rows(ReportFilterForm(request.GET)).exclude(latitude=None)
    reports = told_reports(rows.order_by("-arrived_at", "-id")[:ON_THE_PLAN])
    response = JsonResponse({"reports": [_point(report) for report in reports]})
    patch_cache_control(response, public=True, max_age=KEPT)
    return response


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: its kind, place, state and dates, and how to follow it.

    One that was merged is told of by the one that it follows.
    """
    row = public_row(pk)
    if ServiceRequest.objects.public_reports().filter(pk=row.merged_into_id).exists():
        return redirect("requests:report", row.merged_into_id)
    return render_report(request, row, FollowForm())


def render_report(
    request: HttpRequest, row: ServiceRequest, form: FollowForm, status: int = 200
) -> HttpResponse:
    """The page of one report with its form to follow it."""
    account = account_of(request)
    mine = ReportFollower.objects.of_account(account).filter(request=row).count() if account else 0
    came_from = request.POST.get("demande") or request.GET.get("demande", "")
    begun = unfiled_draft(request, came_from)
    (report,) = told_reports([row])
    asked = row.pk in request.session.get(FOLLOWED, [])
    context = {
        "report": report,
        "following": mine > 0,
        "account_email": account_email(request),
        "begun": begun,
        "begun_url": back_to_place(begun) if begun else "",
        "resume_url": resume_url(begun) if begun else "",
        "history": stage_history(row),
        "done": Stage.DONE,
        "people": row.followers.exclude(email__gt="", confirmed_at=None).count() - mine,
        "form": form,
        "has_errors": bool(form.errors),
        "asked": asked,
        "counted": asked or row.pk in request.session.get(ME_TOO, []),
    }
    return render(request, "requests/report_detail.html", context, status=status)


def public_row(pk: int) -> ServiceRequest:
    """Return a public request.

    Raises:
        Http404: for any other, known or not: the answers are the same.
    """
    row = ServiceRequest.objects.public_reports().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def plan_context() -> dict[str, str]:
    """What the plan's script reads."""
    return {
        "tiles": settings.MAP_TILES_URL,
        "attribution": settings.MAP_ATTRIBUTION,
        "words": json.dumps({key: str(text) for key, text in SCRIPT_WORDS.items()}),
    }


def _rows(form: ReportFilterForm) -> QuerySet[ServiceRequest]:
    return form.narrow(ServiceRequest.objects.public_reports().leading(), timezone.now())


def _point(report: PublicReport) -> dict:
    return {
        "url": report.url,
        "title": report.title,
        "state": str(report.stage.label),
        "stage": report.state_kind,
        "latitude": report.latitude,
        "longitude": report.longitude,
    }


class ReportFeed(Feed):
    """The newest reports as Atom, with the filters of the list."""

    feed_type = Atom1Feed
    title = gettext_lazy("Signalements de la ville")
    subtitle = gettext_lazy("Sujet, lieu et état des signalements, sans donnée personnelle.")

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=KEPT)
        return response

    def link(self) -> str:
        return reverse("requests:reports")

    def get_object(self, request, *args, **kwargs) -> ReportFilterForm:
        return ReportFilterForm(request.GET)

    def items(self, form: ReportFilterForm) -> list[PublicReport]:
        rows = _rows(form).order_by("-arrived_at", "-id")[:FEED_SIZE]
        return told_reports(rows)

    def item_title(self, item: PublicReport) -> str:
        return item.title

    def item_description(self, item: PublicReport) -> str:
        return _("État : %(state)s.") % {"state": item.stage.label}

    def item_link(self, item: PublicReport) -> str:
        return item.url

    def item_pubdate(self, item: PublicReport):
        return item.reported_at

    def item_updateddate(self, item: PublicReport):
        return item.changed_at

    def item_categories(self, item: PublicReport) -> list[str]:
        return [item.category]


report_feed = require_safe(gzip_page(ReportFeed()))
