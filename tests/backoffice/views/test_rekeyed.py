"""Double entry: what an agent types again in a department's program is noted, found, counted."""

import html

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.filters import QueueFilter
from backoffice.queues import BEHIND_FIGURES, base_rows, view_of
from backoffice.timeline import timeline_of
from massy_grc.outbox.models import OutboxEvent
from prestations.models import Prestation, Software
from requests import actions
from requests.enums import State
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.backoffice.dashboard.support import counts_and_lists, file_one, list_length
from tests.backoffice.views.bulk import address as of_run
from tests.backoffice.views.bulk import begun, outcomes, previewed, queries_of
from tests.backoffice.views.conftest import url
from tests.backoffice.views.list_exports import exported, lines, media
from tests.factories.requests import make_request
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db
__all__ = ["media"]
FIGURES = "/pilotage/ressaisies/"
DEATH, SCHOOL = "acte-deces", "scolaire-inscription"
CIVIL, LAMPS = "melodie", "services-techniques"


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def test_an_agent_notes_a_rekeying_finds_it_by_its_number_and_takes_it_back(front, eas_agent, sr):
    Prestation.objects.filter(pk=sr.prestation_id).update(legacy_software="")
    assert "Noter la ressaisie" not in text_of(front.get(url(sr)))  # it names no program
    assert front.get(url(sr, "rekey")).status_code == 404
    death = file_one(DEATH, timezone.now())
    assert "à ressaisir" in text_of(front.get(url(death)))
    page = front.get(url(death, "rekey"))
    assert "N° de dossier dans Mélodie" in text_of(page)
    for number in ("EC-2026-0117", "EC-2026-0118"):  # the second one puts the first right
        sent = {"number": number, "version": death.version}
        assert front.post(url(death, "rekey"), sent).status_code == 302
    shown = text_of(front.get(url(death)))
    assert "n° EC-2026-0118" in shown
    assert "Ressaisie dans Mélodie, n° EC-2026-0117" in shown  # the timeline keeps both
    (noted,) = death.rekeyings.standing()
    assert noted.software_id == CIVIL
    found = ServiceRequest.objects.matching_words("EC-2026-0118")
    assert found.get() == death
    assert not ServiceRequest.objects.matching_words("2026-0117")
    assert front.post(url(death, "unrekey"), {"version": death.version}).status_code == 302
    assert not death.rekeyings.standing()
    assert not ServiceRequest.objects.matching_words("EC-2026-0118")
    words = [item.words for item in timeline_of(death)]
    assert "Ressaisie dans Mélodie retirée" in words
    assert front.get(url(death, "unrekey")).status_code == 404


def test_many_are_noted_at_once_taken_back_and_told_in_the_file(catalogue, front, eas_agent, media):
    now = timezone.now()
    deaths = [file_one(DEATH, now) for _ in range(2)]
    noted, bare = file_one(DEATH, now), make_request(state=State.EN_COURS)
    actions.note_rekeying(
        request_id=noted.pk, version=None, actor=eas_agent, number="EC-7", now=now
    )
    OutboxEvent.objects.all().delete()
    chosen = (*deaths, noted, bare)
    page = previewed(front, "rekey", *chosen)
    few = queries_of(previewed, front, "rekey", deaths[0])
    assert few == queries_of(previewed, front, "rekey", *chosen)
    told = [row.why_not or row.will for row in page.context["rows"]]
    sentence = "Sera notée comme ressaisie dans Mélodie, sans numéro de dossier."
    assert told[:3] == [sentence] * 2 + ["Elle est déjà notée comme ressaisie dans Mélodie."]
    assert "dans aucun logiciel" in told[3]
    run = begun(front, "rekey", *deaths)
    drain_outbox()
    assert [outcome for outcome, _words in outcomes(run)] == ["done"] * 2
    sent = {"number": "EC-8", "version": deaths[1].version}
    front.post(url(deaths[1], "rekey"), sent)  # what a colleague noted since stays theirs
    assert front.post(of_run(run, "annuler/")).status_code == 302
    drain_outbox()
    kept = "Cette ressaisie a été retirée, ou notée autrement, depuis."
    undone = list(run.rows.order_by("pk").values_list("undoing", "undo_words"))
    assert undone == [("undone", ""), ("kept", kept)]
    file = lines(front, exported(front))
    told = ("Référence", "Ressaisie", "N° de dossier")
    rows = {one[0]: one[1:] for one in ([row[name] for name in told] for row in file)}
    cells = [tuple(rows[sr.reference]) for sr in chosen]
    assert cells == [("Non", ""), ("Oui", "EC-8"), ("Oui", "EC-7"), ("", "")]


def test_every_figure_of_double_entry_opens_a_list_of_its_length(
    catalogue, front, eas_agent, administrator, manager
):
    now = timezone.now()
    deaths = [file_one(DEATH, now) for _ in range(4)]
    pupil, _lamp = file_one(SCHOOL, now), file_one("eclairage-equipement-defectueux", now)
    for sr in (*deaths[:2], pupil):
        actions.note_rekeying(request_id=sr.pk, version=None, actor=eas_agent, number="7", now=now)
    ServiceRequest.objects.filter(pk=deaths[3].pk).update(state=State.ANNULEE)  # counts nowhere
    # another program since: what was typed in the first one stays counted there
    Prestation.objects.filter(pk=SCHOOL).update(legacy_software=CIVIL)
    reader = client_of(manager, post=None)
    with CaptureQueriesContext(connection) as few:
        page = reader.get(FIGURES)
    groups = {one.software.pk: one.counts for one in page.context["groups"]}
    told = {
        code: (one.done.value, one.left.value, one.total.value, one.share)
        for code, one in groups.items()
    }
    assert told == {
        CIVIL: (2, 2, 4, "50\u00a0%"),
        "scolariciel": (1, 0, 1, "100\u00a0%"),
        LAMPS: (0, 1, 1, "0\u00a0%"),
    }
    figures = counts_and_lists(page.content.decode())
    assert len(figures) == 16  # of three programs and their lines, but for the zeros
    view = view_of(f"vue={BEHIND_FIGURES}", manager, behind_figures=True)
    for address, counts in figures.items():
        asked, rows = QueryDict(address.partition("?")[2]), base_rows(manager, view)
        assert counts == {QueueFilter(asked, queryset=rows, user=manager).qs.count()}, address
    assert counts == {list_length(reader, address)}
    csv = reader.get("/pilotage/ressaisies.csv").content.decode("utf-8-sig")
    assert csv.splitlines()[1].split(";")[3:] == ["2", "1", "3"]
    # no double entry any more: nothing is to be typed, what was stays counted
    Software.objects.filter(pk=CIVIL).update(double_entry=False)
    for _ in range(3):
        file_one("voirie-graffitis", now)
    with CaptureQueriesContext(connection) as many:
        page = reader.get(FIGURES)
    assert len(few) == len(many)
    civil = next(one for one in page.context["groups"] if one.software.pk == CIVIL)
    assert [one.value for one in (civil.counts.done, civil.counts.left)] == [2, 0]
    assert front.get(url(deaths[0], "rekey")).status_code == 404
    # a prestation says on its page where its requests are typed again
    offer = reverse("backoffice:offer", args=["voirie-graffitis"])
    form = client_of(administrator).get(offer).context["form"]
    assert form["legacy_software"].value() == LAMPS
