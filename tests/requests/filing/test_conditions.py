"""Questions before the form: one a page, no way round them, nothing asked twice."""

import re

import pytest
from dateutil.relativedelta import relativedelta
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prestations.enums import Channel
from prestations.forms.eligibility import conditions_of
from prestations.models import Prestation
from requests import actions
from requests.exceptions import NotEligible
from requests.models import FilingDraft, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.answers import going_on, valid_answers
from tests.requests.filing.support import (
    begin,
    check_url,
    condition_url,
    file_valid,
    fill,
    only_request,
    page_with,
    step_url,
    text_of,
)

pytestmark = pytest.mark.usefixtures("catalogue")
BIRTH = "acte-naissance-filiation"


def started(client: Client, code: str) -> FilingDraft:
    client.post(reverse("requests:file", args=[code]))
    return FilingDraft.objects.latest("created_at")


def answer(client: Client, draft: FilingDraft, number: int, value: str):
    return client.post(condition_url(draft, number), {"reponse": value}, follow=True)


def test_a_question_is_asked_before_the_form_one_a_page(client):
    draft = started(client, BIRTH)
    page = text_of(client.get(condition_url(draft, 1)))
    assert "La naissance a-t-elle eu lieu dans la commune ?" in page
    assert "question 1 sur 2" in page
    assert "Quel est votre lien" not in page
    page = text_of(answer(client, draft, 1, "oui"))
    assert "Quel est votre lien avec la personne ?" in page


def test_the_question_is_the_title_and_the_name_of_its_choices_said_once(client):
    draft = started(client, BIRTH)
    page = text_of(client.get(condition_url(draft, 1)))
    assert page.partition("<main")[2].count("La naissance a-t-elle eu lieu dans la commune ?") == 1
    assert re.search(r"<legend[^>]*>\s*<h1>La naissance a-t-elle", page)


def test_no_answer_is_told_and_nothing_goes_on(client):
    draft = started(client, BIRTH)
    page = text_of(answer(client, draft, 1, ""))
    assert "Choisissez une réponse." in page
    assert "Erreur" in page


@pytest.mark.parametrize("value", ["peut-être", "1", "<script>", "oui\x00"])
def test_an_answer_that_is_not_offered_is_refused(client, value):
    draft = started(client, BIRTH)
    response = client.post(condition_url(draft, 1), {"reponse": value})
    assert response.status_code in (200, 400)
    draft.refresh_from_db()
    assert draft.eligibility == {}


def test_a_no_explains_says_where_to_go_and_offers_contact(client):
    draft = started(client, BIRTH)
    page = text_of(answer(client, draft, 1, "non"))
    assert "Nous n'avons pas cet acte." in page
    assert "mairie du lieu de naissance" in page
    assert "https://www.service-public.gouv.fr/particuliers/vosdroits/F1427" in page
    assert "01 60 13 30 00" in page
    assert condition_url(draft, 1) in page


def test_a_no_may_lead_to_another_prestation(client):
    draft = started(client, BIRTH)
    answer(client, draft, 1, "oui")
    page = text_of(answer(client, draft, 2, "aucun"))
    assert "/prestations/acte-naissance-sans-filiation/" in page


@pytest.mark.parametrize("given", [{}, {1: "non"}, {1: "oui", 2: "aucun"}])
def test_no_address_leads_round_the_questions(client, given):
    draft = started(client, BIRTH)
    for number, value in given.items():
        answer(client, draft, number, value)
    for url in (step_url(draft, 1), step_url(draft, 3), check_url(draft)):
        assert "/conditions/" in client.get(url)["Location"]
        assert "/conditions/" in client.post(url, {"action": "continue"})["Location"]
    with pytest.raises(NotEligible):
        actions.file_draft(token=draft.token)
    assert not ServiceRequest.objects.exists()


def test_a_later_question_waits_for_the_earlier_ones(client):
    draft = started(client, BIRTH)
    assert client.get(condition_url(draft, 2))["Location"] == condition_url(draft, 1)
    assert client.get(condition_url(draft, 3)).status_code == 404
    assert client.get(condition_url(draft, 0)).status_code == 404


def test_a_changed_answer_lets_go_on(client):
    draft = started(client, BIRTH)
    answer(client, draft, 1, "non")
    answer(client, draft, 1, "oui")
    response = client.post(condition_url(draft, 2), {"reponse": "descendant"})
    assert response["Location"] == step_url(draft, 1)


def test_what_was_answered_fills_in_the_form(client):
    draft = started(client, BIRTH)
    answer(client, draft, 1, "oui")
    answer(client, draft, 2, "descendant")
    draft.refresh_from_db()
    assert draft.answers["reponses"]["qualite"] == "descendant"
    assert draft.eligibility == {"lieu": "oui", "qualite": "descendant"}
    page = client.get(page_with(draft, "reponses.qualite")).content.decode()
    hidden = '<input type="hidden" name="reponses.qualite" value="descendant"'
    assert hidden in page  # kept, not asked again
    assert 'type="radio" name="reponses.qualite"' not in page
    check = client.get(check_url(draft)).content.decode()
    assert f'href="{condition_url(draft, 2)}"' in check  # « Modifier » leads to where it was asked


def test_answers_are_kept_and_shown_again(client):
    draft = started(client, BIRTH)
    answer(client, draft, 1, "oui")
    page = client.get(condition_url(draft, 1)).content.decode()
    assert 'value="oui" checked' in page.replace('checked=""', "checked") or (
        "checked" in page[page.index('value="oui"') : page.index('value="non"')]
    )


def test_somebody_elses_draft_has_no_questions(client):
    draft = started(client, BIRTH)
    stranger = Client()
    assert stranger.get(condition_url(draft, 1)).status_code == 404
    assert (
        stranger.post(condition_url(draft, 1), {"reponse": "oui"}).status_code == 403
    )  # to sign in


def test_a_report_asks_nothing_before_its_form(client):
    draft = started(client, "voirie-graffitis")
    assert conditions_of(draft.form_version) == ()
    assert client.get(step_url(draft, 1)).status_code == 200


def test_after_filing_the_answers_are_not_kept_with_the_draft(client):
    draft, _url = file_valid(client, "dechets-conteneur")
    assert draft.eligibility == {}


def test_an_agent_at_the_counter_is_not_asked(catalogue, eas_agent):
    draft = actions.start_draft(
        prestation=catalogue["dechets-conteneur"], channel="guichet", agent=eas_agent
    )
    with pytest.raises(actions.IncompleteDraft):
        actions.file_draft(token=draft.token, actor=eas_agent)


def test_every_prestation_with_conditions_lets_somebody_through(client):
    asked = 0
    for prestation in Prestation.objects.open_on("web").select_related("current_form"):
        conditions = conditions_of(prestation.current_form)
        asked += bool(conditions)
        assert set(going_on(prestation.current_form)) == {one.code for one in conditions}
    assert asked >= 38
    begin(client, "recensement-militaire")


def test_what_was_answered_before_the_form_stays_with_the_request(client, eas_agent):
    draft = begin(client, BIRTH)
    answers, files = valid_answers(draft.form_version, Channel.WEB)
    page = text_of(client.get(fill(client, draft, answers, files)))
    assert "La naissance a-t-elle eu lieu dans la commune ?" in page
    assert condition_url(draft, 1) in page
    client.post(check_url(draft))
    sr = only_request()
    assert sr.answers["conditions"]["lieu"] == "oui"
    shown = text_of(client_of(eas_agent).get(sr.get_absolute_url()))
    assert "La naissance a-t-elle eu lieu dans la commune ?" in shown


@pytest.mark.parametrize(
    "code", ["canicule-inscription-beneficiaire", "canicule-inscription-tiers"]
)
def test_nobody_of_36_years_is_registered_as_65_or_more(client, code):
    draft = started(client, code)
    number = len(going_on(draft.form_version))
    for before in range(1, number):
        answer(client, draft, before, "oui")
    answer(client, draft, number, "65")
    answers, _files = valid_answers(draft.form_version, Channel.WEB)
    answers["reponses"] |= {"motif": "65", "date_naissance": "1990-05-01"}
    actions.save_answers(token=draft.token, answers=answers)
    assert "donne moins de 65 ans." in text_of(client.get(check_url(draft)))
    answers["reponses"]["date_naissance"] = "1940-05-01"
    actions.save_answers(token=draft.token, answers=answers)
    assert "donne moins de 65 ans." not in text_of(client.get(check_url(draft)))


def test_a_birth_date_must_not_belie_that_the_person_is_of_age(client):
    draft = started(client, BIRTH)
    answer(client, draft, 1, "oui")
    answer(client, draft, 2, "interesse")
    born = timezone.localdate() - relativedelta(years=6)
    answers, _files = valid_answers(draft.form_version, Channel.WEB)
    answers["reponses"] |= {"qualite": "interesse", "titulaire_date_naissance": born.isoformat()}
    actions.save_answers(token=draft.token, answers=answers)
    draft.refresh_from_db()
    page = text_of(client.get(check_url(draft)))
    assert "Cette date de naissance donne moins de 16 ans." in page
    assert "« C'est moi, et je suis majeur ou émancipé »" in page
    client.post(check_url(draft))
    assert not ServiceRequest.objects.exists()
    answer(client, draft, 2, "ascendant")
    assert "moins de 16 ans" not in text_of(client.get(check_url(draft)))


def test_what_the_questions_before_exclude_is_not_on_the_page(client):
    """Without JavaScript too: only a lawyer or a notary is asked for a profession."""
    draft = begin(client, "acte-naissance-filiation")
    page = text_of(client.get(page_with(draft, "reponses.qualite_profession")))
    assert "reponses.qualite_profession" not in page
