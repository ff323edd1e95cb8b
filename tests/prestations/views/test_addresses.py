"""Suggestions of the address field, the address of a pin, the plan."""

import pytest
from django.test import override_settings

from massy_grc.common.throttle import Limit
from prestations.forms.address import AddressField
from prestations.views import streets
from tests.factories.places import make_register, make_street

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def labels(client, text):
    answer = client.get("/adresses/", {"q": text})
    assert answer.status_code == 200
    return [row["label"] for row in answer.json()["suggestions"]]


@pytest.mark.parametrize(
    "typed", ["mermoz", "JEAN MER", "r. jean mermoz", "rue jean mermos", "Rue  Jean-Mermoz"]
)
def test_street_is_found_as_people_write_it(client, typed):
    make_register()
    assert labels(client, typed)[0] == "rue Jean Mermoz"


def test_number_gives_the_addresses_that_exist_first(client):
    make_register()
    assert labels(client, "12 rue jean") == [
        "12 rue Jean Mermoz",
        "12 bis rue Jean Mermoz",
        "rue Jean Mermoz",
    ]
    assert labels(client, "99 rue jean") == ["rue Jean Mermoz"]


@pytest.mark.parametrize("typed", ["", "r", "%", "' OR 1=1", "\\", "🚲", "x" * 3000])
def test_strange_text_finds_nothing(client, typed):
    make_register()
    assert labels(client, typed) == []


def test_street_out_of_use_is_not_proposed(client):
    street = make_street()
    street.is_active = False
    street.save()
    assert labels(client, "mermoz") == []


def test_answer_may_be_kept_and_costs_the_same_for_many_streets(
    client, django_assert_max_num_queries
):
    for rank in range(30):
        make_street(f"rue numéro {rank}", key=f"91377_{rank:04d}")
    with django_assert_max_num_queries(7):
        answer = client.get("/adresses/", {"q": "12 rue numero"})
    assert len(answer.json()["suggestions"]) == streets.SHOWN
    assert "public" in answer["Cache-Control"]


def test_flood_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr(streets, "LIMIT", Limit("addresses", 1, streets.LIMIT.window))
    assert client.get("/adresses/?q=mermoz").status_code == 200
    answer = client.get("/adresses/?q=mermoz")
    assert (answer.status_code, answer.json()["suggestions"]) == (429, [])
    assert int(answer["Retry-After"]) > 0


def test_pin_has_the_nearest_address(client):
    make_register()
    near = client.get("/adresses/proche/", {"lat": "48.73062", "lon": "2.27855"}).json()
    assert near["address"]["label"] == "1 rue Jean Mermoz"
    assert client.get("/adresses/proche/?lat=48.70&lon=2.20").json() == {"address": None}


@pytest.mark.parametrize("place", ["", "?lat=nord&lon=2", "?lat=nan&lon=2", "?lat=91&lon=2"])
def test_unreadable_place_is_refused(client, place):
    assert client.get(f"/adresses/proche/{place}").status_code == 400


def test_plan_is_drawn_from_the_register(client):
    make_register()
    drawn = client.get("/plan/rues.json").json()["streets"]
    assert [row["name"] for row in drawn] == ["place des Arts", "rue Jean Mermoz"]
    assert len(drawn[1]["line"]) == 2


def spot(*, voie="", numero="", position=""):
    return AddressField(spot=True).clean([voie, numero, position])


def test_known_street_is_normalised_with_its_key_and_coordinates():
    make_register()
    place = spot(voie="R. JEAN-MERMOZ", numero="12B")
    assert (place["voie"], place["numero"]) == ("rue Jean Mermoz", "12 bis")
    assert (place["rue"], place["adresse"]) == ("91377_0123", "91377_0123_00012_bis")
    assert place["precision"] == "adresse"
    assert place["latitude"] == pytest.approx(48.7314)


def test_street_alone_has_the_middle_of_the_street():
    make_register()
    place = spot(voie="rue Jean Mermoz", numero="0")
    assert (place["numero"], place["adresse"], place["precision"]) == (None, None, "rue")


def test_unknown_street_is_accepted_as_typed():
    make_register()
    place = spot(voie="rue Inventée", numero="3")
    assert (place["voie"], "rue" in place, "latitude" in place) == ("rue Inventée", False, False)


def test_pin_alone_names_its_street():
    make_register()
    place = spot(position="48.730610,2.278510")
    assert (place["voie"], place["precision"]) == ("rue Jean Mermoz", "point")


@pytest.mark.parametrize("position", ["43.3,5.4", "48.73", "ici", "1e9,2.0"])
def test_pin_outside_the_town_is_refused(position):
    make_register()
    with pytest.raises(Exception, match="hors de la ville"):
        spot(voie="rue Jean Mermoz", position=position)


def test_home_in_another_town_is_left_alone():
    make_register()
    home = AddressField().clean(["12 rue Jean Mermoz", "", "69000", "Lyon"])
    assert "rue" not in home


def test_tiles_are_the_towns_choice(client, settings):
    with override_settings(
        MAP_TILES_URL="https://tuiles.example/{z}/{x}/{y}.png", MAP_ATTRIBUTION="© Essai"
    ):
        page = client.get("/signalements/").content.decode()
    assert 'data-tiles="https://tuiles.example/{z}/{x}/{y}.png"' in page
    assert "© Essai" in page
