"""A second town starts from the whole export of the first one, on an empty database (issue 5)."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from citizens.models import Newsletter
from massy_grc.users.models import User
from prestations.actions import choose_audience
from prestations.editing.english import say_in_english
from prestations.models import (
    Department,
    EscalationStep,
    KnowledgeArticle,
    LetterTemplate,
    Prestation,
    ServiceContract,
    Site,
    Town,
)
from prestations.models.catalogue import UNSORTED
from requests import actions
from requests.letters.rendering import render_acknowledgement
from tests.backoffice.conftest import client_of
from tests.backoffice.views.test_imports import sent
from tests.conftest import TOWN
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
EXPORT = "/agent/parametrage/export/configuration.yaml"
POTHOLE, ROADS = "voirie-intervention-rapide", "voirie-assainissement"
OF_MIGRATIONS = {"django_content_type", "auth_permission"}


def empty_the_database() -> None:
    """Leave what migrations leave: no town, no account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [TOWN.schema])
        tables = {table for (table,) in cursor.fetchall()} - OF_MIGRATIONS | {"users_user"}
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing waits for the end
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(sorted(tables))} CASCADE")
    assert not Town.objects.exists()
    assert not User.objects.exists()


def test_the_whole_export_makes_a_second_town_of_an_empty_database(administrator, tmp_path):
    label = Prestation.objects.get(pk=POTHOLE).label
    say_in_english({label: "A pothole of ours"}, actor=administrator)
    actions.write_rule(
        actor=administrator,
        label="Trous urgents",
        conditions={"prestations": [POTHOLE], "urgent": True},
        department=Department.objects.get(pk=ROADS),
    )
    choose_audience(
        prestation_id=POTHOLE, audience="association", is_open=False, actor=administrator
    )
    client = client_of(administrator)
    client.post(f"/agent/parametrage/delais/{POTHOLE}/{ROADS}/", {"treat_days": 4})
    works = {"label": "Travaux", "label_en": "Roadworks", "description": "Rues.", "order": 10}
    client.post("/agent/parametrage/lettres/nouvelle/", works)
    first = client.get(EXPORT).content
    known = {
        model: model._default_manager.filter(is_active=True).count()
        for model in (Prestation, LetterTemplate, EscalationStep, Site, Newsletter)
    }
    assert known[Newsletter] == 1
    rules = Prestation.objects.get(pk=POTHOLE).routing_rules

    empty_the_database()
    call_command("first_administrator", "b@ville.example", "Bea", "Roi", stdout=StringIO())
    owner = User.objects.get(email="b@ville.example")
    file, said = tmp_path / "massy.yaml", StringIO()
    file.write_bytes(first)
    call_command("import_configuration", str(file), owner.email, stdout=said)
    waiting = ["contracts petite-enfance", f"contracts {ROADS}"]
    assert all(f"waits for a second person: {one}\n" in said.getvalue() for one in waiting)
    client = client_of(owner, post=None)
    second = client.get(EXPORT).content.decode()
    assert second.replace("  awaited: true\n", "") == first.decode()
    page = client.get(sent(client, "configuration", "massy.yaml", first)).content.decode()
    assert "Rien ne change" in page

    # it works: places, letters, forms, routing; what a second person answers for waits for them
    for model, number in known.items():
        assert model._default_manager.filter(is_active=True).count() == number, model
    assert Prestation.objects.get(pk=POTHOLE).routing_rules == rules
    assert not KnowledgeArticle.objects.in_force().exists()
    assert not ServiceContract.objects.exists()
    request = file_request(POTHOLE)
    request = actions.route_request(request_id=request.pk)
    assert request.department_id == ROADS
    assert render_acknowledgement(request).code
    assert Prestation.objects.get(pk=UNSORTED).current_form is not None
    assert client.get("/prestations/").status_code == 200
    assert Newsletter.objects.get(code="travaux").label_en == "Roadworks"
