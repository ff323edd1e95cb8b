"""The floor: a list and a page of requests as any Django project has them.

Signed in, through the same middleware, from the same table; nothing is grouped, counted, offered
or hidden.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import path

from backoffice.views.queue import PAGE_SIZE
from massy_grc.urls import urlpatterns as ours
from requests.models import ServiceRequest

ROWS = ServiceRequest.objects.select_related("prestation", "department", "assignee")
LIST = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Demandes</title></head>
<body><h1>Demandes</h1><table><thead><tr><th>Référence<th>Canal<th>Demandeur<th>État<th>Agent<th>Sujet
<th>Date<th>Échéance<th>Service</tr></thead><tbody>{% for row in rows %}<tr>
<td><a href="/plancher/{{ row.pk }}/">{{ row.reference }}</a><td>{{ row.get_channel_display }}
<td>{{ row.requester_name }}<td>{{ row.get_state_display }}<td>{{ row.assignee|default:"" }}
<td>{{ row.subject }}<td>{{ row.arrived_at|date }}<td>{{ row.due_at|date }}
<td>{{ row.department|default:"" }}</tr>{% endfor %}</tbody></table></body></html>"""
DETAIL = """<!doctype html><html lang="fr"><head><meta charset="utf-8">
<title>{{ row.reference }}</title></head>
<body><h1>{{ row.subject }}</h1><dl>{% for name, value in fields %}<dt>{{ name }}</dt>
<dd>{{ value }}</dd>{% endfor %}</dl></body></html>"""


@login_required
def plain_list(request: HttpRequest) -> HttpResponse:
    rows = ROWS.order_by("-arrived_at", "-id")[:PAGE_SIZE]
    return HttpResponse(engines["django"].from_string(LIST).render({"rows": rows}, request))


@login_required
def plain_detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ROWS, pk=pk)
    fields = [(field.verbose_name, getattr(row, field.name)) for field in row._meta.fields]
    context = {"row": row, "fields": fields}
    return HttpResponse(engines["django"].from_string(DETAIL).render(context, request))


urlpatterns = [
    *ours,
    path("plancher/", plain_list, name="plain_list"),
    path("plancher/<int:pk>/", plain_detail, name="plain_detail"),
]
