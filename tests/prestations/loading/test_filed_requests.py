"""A new form never touches what was already filed."""

from prestations.loading import load_catalogue
from requests.models import ServiceRequest
from tests.factories.requests import make_request


def test_a_filed_request_keeps_its_version_and_its_answers(
    catalogue, catalogue_data, prestation, written
):
    street = catalogue["voirie-graffitis"]
    answers = {"demandeur": {}, "reponses": {"ancien": "Un tag sur le mur"}}
    before = make_request(prestation=street, answers=answers)
    prestation("voirie-graffitis")[1]["form_fields"][0]["label"] = "Autre libellé"
    load_catalogue(written(catalogue_data))
    after = ServiceRequest.objects.get(pk=before.pk)
    assert after.form_version_id == street.current_form_id
    assert after.answers == before.answers
    assert after.prestation.current_form.number == 2
