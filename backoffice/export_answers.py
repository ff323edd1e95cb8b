"""The answers of the form in an exported list: only where all its requests are of one prestation,
and only for whoever reads those requests.
"""

from django.db.models import Max, Min, Q
from django.http import QueryDict
from django.utils.http import urlencode

from backoffice.listed import ListedRequests
from massy_grc.users.models import User
from prestations.forms.columns import AnswerColumns
from prestations.models import FormVersion, Prestation
from requests.permissions import scope_of

READ = ("form_version", "answers")
PRESTATION = "prestation"  # the filter


def prestation_of(listed: ListedRequests, user: User, most: int) -> Prestation | None:
    """The one prestation of a list whose answers `user` may read; None where there is none such.

    Args:
        most: a list with more rows has one only if a filter says so.
    """
    if listed.figures_only:
        return None
    prestation = listed.filtered.form.cleaned_data.get(PRESTATION) or _of_all(listed, most)
    if prestation is None or scope_of(user).is_closed(prestation.pk):
        return None
    return prestation


def _of_all(listed: ListedRequests, most: int) -> Prestation | None:
    rows = listed.filtered.qs.order_by().values("prestation")[:most]
    ends = rows.aggregate(first=Min("prestation"), last=Max("prestation"))
    if ends["first"] is None or ends["first"] != ends["last"]:
        return None
    return Prestation.objects.get(pk=ends["first"])


def of_prestation(query: str, prestation: Prestation) -> str:
    """The same list, of one prestation also if others come into it meanwhile."""
    params = QueryDict(query, mutable=True)
    params[PRESTATION] = prestation.pk
    return urlencode(sorted(params.lists()), doseq=True)


def answer_columns(listed: ListedRequests, prestation: Prestation) -> AnswerColumns:
    """The questions of the form as it is, and as the requests of the list were asked it."""
    asked = listed.filtered.qs.order_by().values("form_version")
    versions = FormVersion.objects.filter(Q(pk__in=asked) | Q(pk=prestation.current_form_id))
    return AnswerColumns(prestation, versions)
