"""From one request of a list to the next, without going back to the list (S37)."""

import html
import re

import pytest

from backoffice.shown_links import links_of
from requests.models import ServiceRequest
from tests.backoffice.views.test_split import URL
from tests.factories.citizens import CitizenFactory
from tests.factories.places import make_street
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r'href="(/agent/demandes/[^"]+)"')


def way(page: str, key: str) -> str:
    """The address behind a key of a request's page."""
    return html.unescape(re.findall(rf'href="([^"]+)" data-key="{key}"', page)[0])


def test_the_list_is_gone_through_in_its_order_and_filters_skipping_none(front, expert_browser):
    first, second, third = (make_request(subject=f"Trou {n}", urgent=True) for n in "123")
    make_request(subject="Pas urgente")
    listed = front.get(URL, {"vue": "ouvertes", "tri": "anciennes", "urgent": "on"})
    rows = re.findall(r'class="row-link" href="([^"]+)"', listed.text)
    page = front.get(html.unescape(rows[0]))
    # what is done to it takes it out of the list; none of the others is skipped by that
    ServiceRequest.objects.filter(pk=first.pk).update(arrived_at=third.arrived_at, urgent=False)
    for following in (second, third):
        page = front.get(way(page.text, "j"), follow=True)
        assert page.context["sr"] == following
    assert "urgent=on" in way(page.text, "l")
    # an act keeps the list, without a script; so does the next one opened after what is sent
    query = {"vue": "ouvertes", "tri": "anciennes", "urgent": "on", "apercu": second.reference}
    beside = front.get(URL, query)
    opened = html.unescape(re.findall(r'href="([^"]+)" data-open-request', beside.text)[0])
    read = front.get(opened)
    note = html.unescape(re.findall(r'action="([^"]+/note/[^"]*)"', read.text)[0])
    assert front.post(note, {"version": second.version, "body": "Vu."}).url == opened
    ServiceRequest.objects.filter(pk=second.pk).update(urgent=False)
    second.refresh_from_db()
    given = {"version": second.version, "subject": "Vu", "body": "Bonjour.", "step": "next"}
    sent = front.post(note.replace("/note/", "/write/"), given, follow=True)
    assert sent.context["sr"] == third
    assert "urgent=on" in way(sent.text, "l")
    ServiceRequest.objects.filter(pk=second.pk).update(urgent=True)
    page = front.get(way(page.text, "j"), follow=True)
    assert page.context["sr"] == third
    assert "dernière demande de la liste" in page.text
    # another reads with their own rights; an address that says nothing leads to the list
    theirs = expert_browser.get(way(page.text, "k"), follow=True)
    assert second.reference not in theirs.text
    assert front.get(way(page.text, "k"), follow=True).context["sr"] == second
    alone = front.get(f"{first.get_absolute_url()}suivante/?liste=vue%3Douvertes", follow=True)
    assert alone.context["sr"] == second  # where it stands now
    lost = front.get(f"{first.get_absolute_url()}suivante/?liste=vue%3Drien", follow=True)
    assert lost.redirect_chain[-1][0].startswith(f"{URL}?")
    too_long = front.get(URL, {"q": "x" * 4000})
    assert too_long.status_code == 414
    assert "Cette adresse est trop longue" in too_long.text


def test_the_requests_of_a_record_and_those_beside_one_are_gone_through_and_lead_back(
    front, expert_browser, eas_agent
):
    known = CitizenFactory()
    *others, second, first = (make_request(citizen=known, subject=f"Trou {n}") for n in "1234")
    elsewhere = make_request(subject="D’une autre personne")
    record = f"/agent/citoyens/{known.pk}/?voir=demandes"
    listed = front.get(record)
    opened = next(
        html.unescape(one) for one in ADDRESS.findall(listed.text) if first.reference in one
    )
    page = front.get(opened)
    assert way(page.text, "l") == f"{record}#echanges"
    assert "Fiche citoyen" in page.text
    page = front.get(way(page.text, "j"), follow=True)
    assert page.context["sr"] == second
    back = front.get(way(page.text, "k"), follow=True)
    assert back.context["sr"] == first
    ended = front.get(way(back.text, "k"), follow=True)
    assert "première demande de la liste" in ended.text
    assert ended.context["sr"] == first

    # those that the page shows beside it, in its order; the way back keeps the record's list
    beside = [one.sr for part in ("alike", "theirs") for one in page.context[part]]
    assert {one.pk for one in beside} == {one.pk for one in (first, *others)}
    opened = beside[0].get_absolute_url() + page.context["beside_end"]
    page = front.get(opened)
    for one in beside[1:]:
        page = front.get(way(page.text, "j"), follow=True)
        assert page.context["sr"] == one
    assert f"Demande {second.reference}" in page.text
    home = front.get(way(page.text, "l"))
    assert (home.context["sr"], way(home.text, "l")) == (second, f"{record}#echanges")
    # who may not read it learns nothing; what is not beside it leads back
    assert expert_browser.get(way(page.text, "k"), follow=True).status_code == 404
    lost = f"{elsewhere.get_absolute_url()}suivante/{page.context['list_end']}"
    assert front.get(lost).url == way(page.text, "l")

    # at the same number only, also where the register lacks it: not the whole street
    here, near, far = (make_request(subject=one) for one in ("Banc", "Tag", "Fuite"))
    rows = ServiceRequest.objects.filter(pk__in=[here.pk, near.pk, far.pk])
    rows.update(street=make_street(), place="300 rue Jean Mermoz")
    rows.filter(pk=far.pk).update(place="302 rue Jean Mermoz")
    here.refresh_from_db()
    shown = links_of(here, eas_agent, [])["same_place"]  # as on paper: nothing is proposed
    assert [one.sr for one in shown] == [near]
