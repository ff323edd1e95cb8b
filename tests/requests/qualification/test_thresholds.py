"""From which score it routes alone: measured on unseen messages, unless the town chose (S72)."""

import html
import re

import pytest

from requests.models import AutomaticThreshold, Qualification
from requests.qualification.features import features_of
from requests.qualification.measuring import measured
from requests.qualification.thresholds import LEAST_PERCENT, SUPPORT
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.qualification.conftest import DUMP, HEALTH, POTHOLE
from tests.requests.qualification.test_guessing import arrive

PAGE = "/agent/parametrage/classement/"
THINGS = {
    POTHOLE: ("trou", "nid de poule", "bitume défoncé", "chaussée cassée"),
    HEALTH: ("certificat de vie", "caisse de retraite", "pension", "preuve de vie"),
}
WAYS = ("Bonjour, {} svp", "encore : {} !", "{}, rue Mermoz", "je vous écris pour {}")


def measure(messages: list[tuple[str, str]]):
    """Judge messages, each with its label."""
    labels = [label for _text, label in messages]
    return measured(features_of([text for text, _label in messages]), labels, range(len(labels)))


@pytest.fixture(scope="module")
def clear():
    """Messages of two prestations that have no word in common."""
    return [
        (way.format(thing), label)
        for label, things in THINGS.items()
        for thing in things
        for way in WAYS
    ]


def test_what_is_always_told_apart_may_be_routed_alone_from_a_high_score(clear):
    found = measure(clear)
    assert found.thresholds.keys() == THINGS.keys()
    assert all(LEAST_PERCENT <= percent <= 99 for percent in found.thresholds.values())
    assert found.first_right == found.three_right == 1
    assert not found.confusions


def test_a_prestation_whose_messages_others_send_too_is_never_routed_alone(clear):
    same = [text for text, label in clear if label == POTHOLE]
    found = measure(clear + [(text, DUMP) for text in same])
    assert found.thresholds.keys() <= {HEALTH}
    assert found.first_right < 1
    assert {frozenset(pair) for *pair, _times in found.confusions} == {frozenset({POTHOLE, DUMP})}
    assert sum(times for *_pair, times in found.confusions) == round(
        (1 - found.first_right) * len(clear + same)
    )


def test_too_few_messages_prove_nothing(clear):
    few = [one for one in clear if one[1] == POTHOLE]
    few += [one for one in clear if one[1] == HEALTH][: SUPPORT - 1]
    assert HEALTH not in measure(few).thresholds


def test_scores_become_the_share_that_is_right(clear):
    """Half of the messages say nothing of their label: a score must not say more than half."""
    muddled = [
        (f"message numéro {number % 7} sans objet", (POTHOLE, HEALTH)[number % 2])
        for number in range(28)
    ]
    assert measure(muddled).sharpness < measure(clear).sharpness


def line(browser, label: str) -> str:
    """What the page says of a prestation."""
    page = html.unescape(browser.get(PAGE).content.decode())
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if f"/{label}/" in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row))


def automatic() -> bool:
    """Whether a message about a hole leaves without an agent."""
    sr = arrive()
    drain_outbox()
    return Qualification.objects.get(request=sr).automatic


def test_it_routes_alone_on_the_first_day_as_measured_until_the_town_chooses(
    version, administrator
):
    browser = client_of(administrator, post=None)
    version.thresholds = {POTHOLE: 50}
    version.save()
    assert automatic()
    assert "50 % mesuré" in line(browser, POTHOLE)
    assert line(browser, HEALTH).endswith("jamais ")
    address = f"{PAGE}{POTHOLE}/"
    assert "à partir d’un score de 50\xa0%" in html.unescape(browser.get(address).content.decode())
    browser.post(address, {"rule": "jamais", "percent": ""})
    assert "jamais choisi par la ville" in line(browser, POTHOLE)
    assert not automatic()
    browser.post(address, {"rule": "mesure", "percent": ""})
    assert automatic()
    assert not AutomaticThreshold.objects.exists()


def test_what_the_training_confused_is_shown_on_the_first_day(version, administrator, catalogue):
    version.confusions = [[POTHOLE, DUMP, 3]]
    version.save()
    page = html.unescape(client_of(administrator, post=None).get(PAGE).content.decode())
    table = page[page.index("confondu à l’apprentissage") :]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", table)[:3]
    assert cells == [catalogue[POTHOLE].label, catalogue[DUMP].label, "3"]


@pytest.mark.parametrize("percent", ["", "20", "100", "x"])
def test_a_score_that_makes_no_sense_is_refused(version, administrator, percent):
    browser = client_of(administrator, post=None)
    address = f"{PAGE}{POTHOLE}/"
    refused = browser.post(address, {"rule": "choisi", "percent": percent})
    assert refused.status_code == 200
    assert not AutomaticThreshold.objects.exists()
    assert browser.post(address, {"rule": "choisi", "percent": "90"}).status_code == 302
    assert "90 % choisi par la ville" in line(browser, POTHOLE)
