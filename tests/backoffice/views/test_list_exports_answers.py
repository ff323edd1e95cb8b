"""The answers of a form in the file of a list of one prestation."""

import pytest

from backoffice.enums import ListExportState
from backoffice.models import ListExport
from massy_grc.audit.models import AccessRecord
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.backoffice.views.list_exports import (
    EXPORTS,
    NEW,
    address,
    ask,
    cells,
    exported,
    lines,
    media,
    work,
)
from tests.factories.prestations import (
    PrestationFactory,
    make_definition,
    make_field,
    make_form_version,
)
from tests.factories.requests import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
__all__ = ["media"]

DAYS = [{"value": "lun", "label": "Lundi"}, {"value": "jeu", "label": "Jeudi"}]
PLACE = {"numero": "3", "voie": "rue Mermoz", "code_postal": "91300", "commune": "Massy"}
STOP = {"values": ["non"], "because": "Ailleurs.", "instead": "Appelez."}
FIRST = make_definition(
    make_field("enfant", label="Enfant"),
    make_field("ecole", label="École d’avant"),
    make_field("jours", "selectboxes", choices=DAYS),
    make_field("piece", "file", label="Justificatif"),
)
SECOND = make_definition(
    make_field("enfant", label="Prénom de l’enfant"),
    make_field("ne_le", "date", label="Né le"),
    make_field("part", "decimal", label="Part"),
    make_field("jours", "selectboxes", label="Jours demandés", choices=DAYS),
    make_field("adresse", "address", label="Adresse"),
    make_field(
        "allergie",
        label="Allergie",
        visible_if={"field": "jours", "operator": "equals", "value": "jeu"},
    ),
    requester=[make_field("nom_famille", label="Nom", required=False, required_on=[])],
    location="address",
) | {
    "eligibility": [  # all answer the first alike
        {"code": "ici", "question": "Habitez-vous ici ?", "stops": [STOP]},
        {"code": "qui", "question": "Qui êtes-vous ?", "choices": DAYS, "stops": []},
    ]
}
ASKED = [
    *("Qui êtes-vous ?", "Prénom de l’enfant", "École d’avant", "Né le", "Part", "Jours demandés"),
    *("Allergie", "Adresse", "Demandeur – Nom", "Demandeur – Prenom"),
    "Reçu sur un autre formulaire",
]


@pytest.fixture
def enrolments():
    """A prestation whose form has changed: asked on both forms, and found out afterwards."""
    prestation = PrestationFactory(current_form=FIRST, label="Périscolaire")

    def asked(who: str, **answers):
        return make_request(
            prestation=prestation,
            answers={
                "demandeur": {"nom_famille": who},
                "reponses": answers,
                "conditions": {"qui": "jeu", "ici": "oui"},
            },
        )

    asked("Un", enfant="Léa", ecole="Les Lilas", jours=["lun"])
    prestation.current_form = make_form_version(prestation, SECOND)
    prestation.save()
    asked(
        *("Deux",),
        enfant="=1+1",
        ne_le="2019-02-01",
        part="2.5",
        jours=["lun", "jeu"],
        adresse=PLACE,
        allergie="Noix",
    )
    found = make_request(answers={"reponses": {"description": "Pour la cantine"}})
    ServiceRequest.objects.filter(pk=found.pk).update(prestation=prestation)
    return prestation


def test_a_list_of_one_prestation_leaves_with_what_was_answered(front, enrolments):
    query = f"colonne=source&prestation={enrolments.pk}&tri=anciennes&vue=toutes"
    told = front.get(f"{NEW}?{query}").content.decode()
    assert "Avec les réponses du formulaire" in told
    assert "Qui êtes-vous ? · Prénom de l’enfant · École d’avant · Né le" in told
    export = exported(front, query, "xlsx", columns="", answers="on")
    rows = cells(front, export)
    assert "Lieu" not in rows[0]  # the form's own question tells it
    told = front.get(address(export)).content.decode()
    assert "Adresse · Demandeur – Nom · Demandeur – Prenom" in told
    assert [*rows[0]][-len(ASKED) :] == ASKED
    first, second, found = [{head: row[head].value for head in ASKED} for row in rows]
    assert (first["Prénom de l’enfant"], first["École d’avant"]) == ("Léa", "Les Lilas")
    assert (first["Jours demandés"], first["Demandeur – Nom"]) == ("Lundi", "Un")
    assert f"{second['Né le']:%Y-%m-%d}" == "2019-02-01"
    assert (second["Part"], second["Allergie"]) == (2.5, "Noix")
    assert second["Jours demandés"].replace("\u00a0", " ") == "Lundi ; Jeudi"
    assert (first["Qui êtes-vous ?"], second["Qui êtes-vous ?"]) == (None, "Jeudi")
    assert second["Adresse"] == "3 rue Mermoz, 91300 Massy"
    assert {value for head, value in found.items() if head != ASKED[-1]} == {None}
    assert found[ASKED[-1]] == "Description : Pour la cantine"
    name = rows[1]["Prénom de l’enfant"]
    assert (name.value, name.data_type, name.quotePrefix) == ("=1+1", "s", True)
    assert AccessRecord.objects.get(object_type="list_export", action="export").detail["answers"]
    read = lines(front, exported(front, query, columns="", answers="on"))[1]
    told = [read[head] for head in ("Prénom de l’enfant", "Né le", "Part")]
    assert told == ["'=1+1", "01/02/2019", "2,5"]


def test_answers_are_of_one_prestation_and_for_whoever_reads_them(front, manager, enrolments):
    export = ask(front, answers="on")  # all there is are of one
    assert f"prestation={enrolments.pk}" in export.query
    make_request()  # another comes before it is written
    work()
    export.refresh_from_db()
    assert (export.state, export.rows) == (ListExportState.READY, 3)
    assert "Toutes · Périscolaire" in front.get(EXPORTS).content.decode()
    assert export.file_name.startswith(f"{enrolments.pk}-")
    mixed = front.post(f"{NEW}?vue=toutes", {"format": "csv", "answers": "on"}).content.decode()
    assert "d’une seule téléprocédure" in mixed
    figures = client_of(manager, post=None)
    alone = f"{NEW}?prestation={enrolments.pk}&vue=toutes"
    for said in (figures.get(alone), figures.post(alone, {"format": "csv", "answers": "on"})):
        assert "Prénom de l’enfant" not in said.content.decode()
    assert ListExport.objects.count() == 1
    waiting = ask(front, f"prestation={enrolments.pk}&vue=toutes", answers="on")
    enrolments.restricted = True  # from now on for those named alone
    enrolments.save()
    work()
    waiting.refresh_from_db()
    assert waiting.state == ListExportState.REFUSED
