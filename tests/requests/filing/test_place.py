"""Between the place and the rest: the right street, and the open reports near it."""

import pytest
from django.urls import reverse

from prestations.forms import Questionnaire
from requests.enums import State
from requests.models import ReportFollower
from tests.factories.answers import posted
from tests.factories.citizens import make_account
from tests.factories.places import make_register
from tests.requests.filing.support import begin, step_url, text_of
from tests.requests.reports.support import LIGHT, ROADS, assert_nobody_in, report

pytestmark = pytest.mark.django_db
GRAFFITI, CLEANING = "voirie-graffitis", "proprete-nettoyage"


@pytest.fixture(autouse=True)
def _register(catalogue):
    return make_register()


def post_place(client, draft, voie, numero="", **more):
    """Answer every step up to the place; returns where « Continuer » leads."""
    questionnaire = Questionnaire(draft.form_version, "web")
    steps = questionnaire.steps({})
    place = next(step for step in steps if any(q.is_place for q in step.questions))
    answers = {
        "demandeur": {},
        "reponses": {
            "lieu": {"voie": voie, "numero": numero},
            "nature": "nid-de-poule",
            "panne": "eteint",
            "description": "Un trou",
        },
    }
    for question in place.questions:
        if question.choices:
            answers["reponses"][question.name] = question.choices[0][0]
    data = posted(questionnaire, place.questions, answers, {})
    return client.post(step_url(draft, place.number), data | more)


def place_page(client, draft, response):
    assert response.status_code == 302
    assert response["Location"].endswith("/lieu/"), response["Location"]
    page = client.get(response["Location"])
    assert page.status_code == 200
    return page


def test_known_street_without_reports_leads_straight_on(client):
    draft = begin(client, ROADS)
    response = post_place(client, draft, "rue jean mermoz", "12")
    assert not response["Location"].endswith("/lieu/")
    draft.refresh_from_db()
    assert draft.answers["reponses"]["lieu"]["adresse"] == "91377_0123_00012"


def test_unknown_street_is_told_once_then_accepted(client):
    draft = begin(client, ROADS)
    page = place_page(client, draft, post_place(client, draft, "rue Jan Mermos"))
    assert "Nous ne connaissons pas « rue Jan Mermos »" in text_of(page)
    draft.refresh_from_db()
    assert draft.answers["reponses"]["lieu"]["voie"] == "rue Jan Mermos"
    assert client.get(page.context["next_url"]).status_code == 200


def test_proposed_street_is_taken_with_one_press(client):
    draft = begin(client, ROADS)
    page = place_page(client, draft, post_place(client, draft, "rue Jean Mermos", "12"))
    street = page.context["doubt"].streets[0]
    response = client.post(page.request["PATH_INFO"], {"rue": street.key})
    assert response["Location"] == page.context["next_url"]
    draft.refresh_from_db()
    assert draft.answers["reponses"]["lieu"]["adresse"] == "91377_0123_00012"


def test_without_register_no_street_is_doubted(client):
    from prestations.models import Street

    Street.objects.update(is_active=False)
    draft = begin(client, ROADS)
    assert not post_place(client, draft, "rue Inconnue")["Location"].endswith("/lieu/")


def test_open_report_near_is_shown_and_followed_for_news_or_only_counted(client, catalogue):
    row = report(catalogue, numero="12")
    draft = begin(client, ROADS)
    page = place_page(client, draft, post_place(client, draft, "rue Jean Mermoz", "5"))
    assert [one.pk for one in page.context["doubt"].reports] == [row.pk]
    assert_nobody_in(text_of(page))
    # no address is known: the report's page asks for one, and offers to be counted without
    assert reverse("requests:me_too", args=[row.pk]) not in text_of(page)
    link = f"/signalements/{row.pk}/?demande={draft.token}"
    assert f'href="{link}#suivre"' in text_of(page)
    asked = text_of(client.get(link))
    assert "Suivez ce signalement au lieu d’envoyer la demande" in asked
    assert reverse("requests:follow", args=[row.pk]) in asked
    assert reverse("requests:me_too", args=[row.pk]) in asked
    assert not ReportFollower.objects.exists()


def test_who_signed_in_follows_an_open_report_near_in_one_click(client, catalogue):
    row = report(catalogue, numero="12")
    client.force_login(make_account().user)
    draft = begin(client, ROADS)
    page = place_page(client, draft, post_place(client, draft, "rue Jean Mermoz", "5"))
    follow = reverse("requests:follow", args=[row.pk])
    assert f'formaction="{follow}"' in text_of(page)
    client.post(follow, {"demande": str(draft.token)})
    assert ReportFollower.objects.get().confirmed_at


def nearby(client, draft, voie, numero=""):
    """What stands under the place while it is typed."""
    url = reverse("requests:file_nearby", args=[draft.prestation_id, draft.token])
    return client.get(url, {"voie": voie, "numero": numero})


def test_while_the_place_is_typed_its_own_kind_comes_first_then_the_teams_others(client, catalogue):
    light, graffiti = report(catalogue, LIGHT, numero="5"), report(catalogue, GRAFFITI, numero="12")
    hole = report(catalogue, numero="12")
    report(catalogue, CLEANING, numero="5", state=State.CLOSE)
    report(catalogue, CLEANING, voie="place des Arts", numero="1")
    draft = begin(client, ROADS)
    part = nearby(client, draft, "rue Jean Mermoz", "5")
    assert [one.pk for one in part.context["reports"]] == [hole.pk]
    # of the same category, though farther; then the nearest of the others
    assert [one.pk for one in part.context["others"]] == [graffiti.pk, light.pk]
    assert_nobody_in(text_of(part))
    assert text_of(part).count("C’est le même problème : je le suis") == 3


def test_nothing_is_told_of_a_place_not_known_yet(client, catalogue):
    report(catalogue, numero="12")
    draft = begin(client, ROADS)
    assert nearby(client, draft, "rue Je").status_code == 204
    assert nearby(client, draft, "").status_code == 204


def test_what_was_shown_beside_the_place_is_not_asked_again(client, catalogue):
    row = report(catalogue, numero="12")
    draft = begin(client, ROADS)
    again = post_place(client, draft, "rue Jean Mermoz", "5", signalement_vu=str(row.pk))
    assert not again["Location"].endswith("/lieu/")
    report(catalogue, numero="3")  # one that was not
    new = post_place(client, draft, "rue Jean Mermoz", "5", signalement_vu=str(row.pk))
    assert new["Location"].endswith("/lieu/")


@pytest.mark.parametrize(
    ("made", "asked", "near"),
    [
        ({"numero": "12"}, ("rue Jean Mermoz", ""), True),  # the same street is enough
        ({"numero": ""}, ("rue Jean Mermoz", "5"), True),
        ({"numero": "12"}, ("place des Arts", "1"), False),
        ({"numero": "12", "code": LIGHT}, ("rue Jean Mermoz", "12"), False),
        ({"numero": "12", "state": State.CLOSE}, ("rue Jean Mermoz", "12"), False),
    ],
)
def test_near_is_the_same_kind_open_and_close_by(client, catalogue, made, asked, near):
    report(catalogue, **made)
    draft = begin(client, ROADS)
    response = post_place(client, draft, *asked)
    assert response["Location"].endswith("/lieu/") is near


def test_distance_is_the_prestations_own(client, catalogue):
    report(catalogue, numero="1")  # number 12 bis is 88 metres farther
    catalogue[ROADS].nearby_metres = 50
    catalogue[ROADS].save()
    draft = begin(client, ROADS)
    response = post_place(client, draft, "rue Jean Mermoz", "12 bis")
    assert not response["Location"].endswith("/lieu/")


def test_another_browser_does_not_see_the_page(client, catalogue):
    from django.test import Client

    draft = begin(client, ROADS)
    response = post_place(client, draft, "rue Jan Mermos")
    assert Client().get(response["Location"]).status_code == 404


def test_danger_is_told_on_the_page_that_asks(client):
    draft = begin(client, ROADS)
    pages = [
        text_of(client.get(step_url(draft, step.number)))
        for step in Questionnaire(draft.form_version, "web").steps({})
    ]
    page = next(one for one in pages if "reponses.danger" in one and 'role="alert"' in one)
    assert 'href="tel:112"' in page
    assert "01 60 13 30 00" in page
    # under the tick that provokes it, before the next question
    under = page[page.index('id="div_id_reponses.danger"') :]
    between = under[: under.index('role="alert"')]
    assert 'id="div_id_' not in between.removeprefix('id="div_id_reponses.danger"')
