"""A row of the queue opens its request, and its texts can still be selected."""

import pytest

from tests.browser.visitor import Visitor
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_a_click_on_a_row_opens_its_request(logged_in, eas_agent, script):
    sr = make_request()
    agent: Visitor = logged_in(eas_agent, java_script_enabled=script)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens("/agent/demandes/?vue=toutes")
    agent.page.locator("tbody .col-state").click(force=True)  # the link may cover it
    agent.page.wait_for_url(f"**{sr.get_absolute_url()}*")


def test_selecting_a_text_of_a_row_opens_nothing(logged_in, eas_agent):
    make_request(place="rue Jean Mermoz")
    agent: Visitor = logged_in(eas_agent)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens("/agent/demandes/?vue=toutes")
    box = agent.page.locator("tbody .col-source .cell-second").bounding_box()
    agent.page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    agent.page.mouse.down()
    agent.page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=3)
    agent.page.mouse.up()
    assert agent.page.evaluate("getSelection().toString()").startswith("rue")
    assert agent.page.url.endswith("?vue=toutes")
