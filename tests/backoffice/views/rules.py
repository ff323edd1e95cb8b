"""Routing rules as an administrator writes them through the pages."""

import json
import re

from requests.models import RoutingRule

PAGES = "/agent/parametrage/orientation/"
GRAFFITI = "voirie-graffitis"
SQUARE = [[2.27, 48.72], [2.29, 48.72], [2.29, 48.74], [2.27, 48.74]]
MERMOZ = [[2.278, 48.7305], [2.279, 48.7305], [2.279, 48.7316], [2.278, 48.7316]]
GIVEN = {"label": "Graffitis aux parcs", "prestations": [GRAFFITI], "department": "espaces-verts"}


def polygon(corners) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [corners]})


def write(admin, **given) -> RoutingRule:
    """Write a rule by its form; it leads to the replay."""
    response = admin.post(f"{PAGES}nouvelle/", GIVEN | given)
    assert response.status_code == 302, response.context["form"].errors
    rule = RoutingRule.objects.latest("pk")
    assert response.url == f"{PAGES}{rule.pk}/rejeu/"
    return rule


def replay(admin, rule) -> str:
    """Play the rule; return the page."""
    page = f"{PAGES}{rule.pk}/rejeu/"
    assert admin.post(page).url == page
    return admin.get(page).content.decode()


def switch_on(admin, rule, page: str):
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page)[1]
    return admin.post(f"{PAGES}{rule.pk}/activer/", {"digest": digest}, follow=True)


def words(page: str) -> str:
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", "", page))
