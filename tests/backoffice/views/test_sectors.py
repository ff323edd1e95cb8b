"""The sector of a routing rule through its pages: drawn, judged, compared."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from prestations.models import ConfigurationChange
from tests.backoffice.conftest import client_of
from tests.backoffice.views.rules import GIVEN, MERMOZ, PAGES, polygon, words, write
from tests.factories.places import make_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(administrator):
    return client_of(administrator, post=None)


def test_an_outline_is_judged_beside_the_others_before_it_is_in_force(admin):
    make_register()
    write(
        admin, sector="Mermoz nord", area=polygon([[2.278, 48.7309], [2.279, 48.7309], *MERMOZ[2:]])
    )
    a, b, c, d = MERMOZ
    crossed = admin.post(f"{PAGES}nouvelle/", GIVEN | {"area": polygon([a, c, b, d])})
    told = words(crossed.content.decode())
    assert "Le contour se croise" in told
    assert "du point 1 au point 2 rencontre le trait du point 3 au point 4" in told
    assert "l’adresse 5 rue Jean Mermoz" in told
    bad = SimpleUploadedFile("plan.geojson", b"{")
    refused = admin.post(f"{PAGES}nouvelle/", GIVEN | {"area": "", "area_file": bad})
    assert "Ce fichier n’est pas un polygone GeoJSON" in refused.content.decode()
    file = SimpleUploadedFile("mermoz.geojson", f"\ufeff{polygon(MERMOZ)}".encode())
    rule = write(admin, area="", area_file=file)
    assert rule.conditions["area"] == [MERMOZ]
    page = words(admin.get(f"{PAGES}{rule.pk}/rejeu/").content.decode())
    assert "5 adresses dans ce secteur (0,8 ha, 1 contour, 4 points)" in page
    assert "Mermoz nord" in page
    assert "3 adresses sont dans les deux secteurs (5 rue Jean Mermoz, 12 rue Jean Mermoz" in page
    assert "passe avant" in page
    assert "2 adresses de la commune ne sont dans aucun secteur" in page


def test_an_outline_is_made_of_addresses_without_script_and_its_history_compares(admin):
    make_register()
    rule = write(admin, area=polygon(MERMOZ))
    page = f"{PAGES}{rule.pk}/"
    given = GIVEN | {"seen": rule.version, "label": "Autre nom", "area": polygon(MERMOZ)}
    listed = admin.post(page, given | {"geste": "retirer:0:1"})
    assert "Autre nom" in listed.content.decode()
    assert len(json.loads(listed.context["area_text"])["coordinates"][0]) == 4
    unknown = {"geste": "ajouter", "lieux": "1 place des Arts\n7 rue Jean Mermoz"}
    refused = admin.post(page, given | unknown).content.decode()
    assert "pas au répertoire\xa0: 7 rue Jean Mermoz." in refused
    added = {"geste": "ajouter", "lieux": "2 place des Arts", "apres": "0:3"}
    drawn = admin.post(f"{PAGES}secteur/?regle={rule.pk}", given | added)
    assert "Point 5\xa0: 2 place des Arts" in words(drawn.content.decode())
    assert "7 adresses" not in drawn.content.decode()
    rule.refresh_from_db()
    assert rule.conditions["area"] == [MERMOZ]  # nothing is kept until it is saved
    large = polygon([[2.27 + at / 1e5, 48.7 + at * at / 1e9] for at in range(1001)])
    assert "Ce secteur a 1001 points" in admin.post(page, given | {"area": large}).content.decode()
    half = [*MERMOZ[:2], [2.279, 48.7309], [2.278, 48.7309]]
    assert admin.post(page, given | {"area": polygon(half)}).status_code == 302
    change = ConfigurationChange.objects.latest("pk")
    history = admin.get(f"/agent/parametrage/historique/{change.pk}/").content.decode()
    assert "0,3 ha au lieu de 0,8 ha." in history
    assert "2 adresses au lieu de 5" in history
    assert "3 perdues" in history
    assert history.count("sector-shape") == 2
