"""What is typed is kept: the language switch, « Retour », and a window closed in the middle."""

import re

import pytest

from prestations.enums import Channel
from prestations.forms import Questionnaire
from requests import actions
from requests.actions.drafts import IncompleteDraft
from requests.models import FilingDraft
from tests.factories.answers import posted, valid_answers
from tests.requests.filing.support import begin, page_with, step_url, step_with, text_of

pytestmark = pytest.mark.django_db
GRAFFITI = "voirie-graffitis"
MOVE = "certificat-changement-domicile"
BIRTH = "acte-naissance-filiation"
BEFORE_THE_FORM = {"qualite": "interesse"}  # what the questions before the form told
TYPED = {"reponses.precision_lieu": "devant l’école"}


@pytest.fixture(autouse=True)
def _catalogue(catalogue):
    return catalogue


def kept(draft) -> dict:
    draft.refresh_from_db()
    return draft.answers.get("reponses", {})


def revision_shown(client, draft, step: int) -> str:
    page = text_of(client.get(step_url(draft, step)))
    return re.search(r'name="revision" value="(\d+)"', page)[1]


# --- language ----------------------------------------------------------------------------------


def test_language_switch_keeps_what_was_typed(client):
    draft = begin(client, GRAFFITI)
    url = step_url(draft, 1)
    response = client.post(url, {**TYPED, "action": "langue:en"})
    assert response["Location"] == url
    page = text_of(client.get(url))
    assert '<html lang="en"' in page
    assert 'value="devant l’école"' in page
    draft.refresh_from_db()
    assert draft.steps_done == []


def test_language_switch_shows_a_wrong_answer_again_in_that_language(client):
    draft = begin(client, BIRTH)
    wrong = {"reponses.titulaire_date_naissance": "31/02/1980", "action": "langue:en"}
    response = client.post(page_with(draft, "reponses.titulaire_date_naissance"), wrong)
    page = text_of(response)
    assert '<html lang="en"' in page
    assert "31/02/1980" in page
    assert response.cookies["django_language"].value == "en"


def test_language_switch_comes_back_to_the_check_page_after(client):
    draft = begin(client, GRAFFITI)
    url = f"{step_url(draft, 1)}?retour=verification"
    assert client.post(url, {**TYPED, "action": "langue:en"})["Location"] == url


def test_unknown_language_is_no_language(client):
    draft = begin(client, GRAFFITI)
    response = client.post(step_url(draft, 1), {**TYPED, "action": "langue:xx"})
    assert "django_language" not in response.cookies


def test_enter_continues_although_the_header_has_buttons_of_the_form(client):
    draft = begin(client, GRAFFITI)
    page = text_of(client.get(step_url(draft, 1)))
    first = page.index('form="etape"')
    assert page.index('value="continue"') < page.index('value="langue:fr"')
    assert page[first : first + 60].startswith('form="etape" name="action" value="continue"')


# --- back --------------------------------------------------------------------------------------


def test_back_keeps_what_was_typed(client):
    draft = begin(client, GRAFFITI)
    response = client.post(step_url(draft, 1), {**TYPED, "action": "back"})
    assert response["Location"] == f"/prestations/{GRAFFITI}/demande/"
    assert kept(draft)["precision_lieu"] == "devant l’école"


def test_back_leads_a_step_back_and_completes_nothing(client):
    draft = begin(client, GRAFFITI)
    number = step_with(draft, "demandeur.prenom")
    response = client.post(step_url(draft, number), {"demandeur.prenom": "Irma", "action": "back"})
    assert response["Location"] == step_url(draft, number - 1)
    draft.refresh_from_db()
    assert draft.answers["demandeur"]["prenom"] == "Irma"
    assert draft.steps_done == []


# --- autosave ----------------------------------------------------------------------------------


def test_autosave_keeps_what_is_valid_and_says_nothing(client):
    draft = begin(client, BIRTH)
    number = step_with(draft, "reponses.titulaire_prenoms")
    posted = {
        "reponses.titulaire_prenoms": "Jeanne",
        "reponses.titulaire_date_naissance": "31/02/1980",
        "action": "autosave",
        "revision": revision_shown(client, draft, number),
    }
    response = client.post(step_url(draft, number), posted)
    assert response.status_code == 204
    assert not response.content
    assert kept(draft) == {**BEFORE_THE_FORM, "titulaire_prenoms": "Jeanne"}
    assert draft.steps_done == []


def test_an_address_begun_is_gone_on_with_and_never_filed_half(client):
    draft = begin(client, MOVE)
    typed = {
        "reponses.nouvelle_adresse_voie": "3 bis allée des Saules",
        "reponses.nouvelle_adresse_code_postal": "91300",
        "action": "autosave",
    }
    number = step_with(draft, "reponses.nouvelle_adresse")
    response = client.post(
        step_url(draft, number), typed | {"revision": revision_shown(client, draft, number)}
    )
    assert response.status_code == 204
    page = text_of(client.get(step_url(draft, number)))
    assert 'value="3 bis allée des Saules"' in page
    assert 'value="91300"' in page
    assert "Indiquez la commune." in text_of(
        client.post(step_url(draft, number), typed | {"action": "continue"})
    )
    draft.refresh_from_db()
    with pytest.raises(IncompleteDraft):
        actions.file_draft(token=draft.token)


def test_a_name_given_in_the_form_about_oneself_is_not_asked_again(client):
    draft = begin(client, BIRTH)
    number = step_with(draft, "reponses.titulaire_prenoms")
    answers, files = valid_answers(draft.form_version, Channel.WEB)
    questionnaire = Questionnaire(draft.form_version, Channel.WEB)
    asked = questionnaire.steps(draft.answers)[number - 1].questions
    client.post(step_url(draft, number), posted(questionnaire, asked, answers, files))
    page = text_of(client.get(step_url(draft, step_with(draft, "demandeur.prenom"))))
    assert f'value="{answers["reponses"]["titulaire_prenoms"]}"' in page


def test_autosave_that_arrives_after_its_page_was_sent_changes_nothing(client):
    draft = begin(client, BIRTH)
    number = step_with(draft, "reponses.titulaire_prenoms")
    shown = revision_shown(client, draft, number)
    client.post(step_url(draft, number), {"reponses.titulaire_prenoms": "Jeanne Marie"})
    late = {"reponses.titulaire_prenoms": "Jean", "action": "autosave", "revision": shown}
    assert client.post(step_url(draft, number), late).status_code == 409  # nothing kept
    assert kept(draft) == {**BEFORE_THE_FORM, "titulaire_prenoms": "Jeanne Marie"}


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40, None])
def test_autosave_without_a_revision_keeps_nothing(client, revision):
    draft = begin(client, BIRTH)
    posted = {"reponses.titulaire_prenoms": "Jeanne", "action": "autosave"}
    if revision is not None:
        posted["revision"] = revision
    assert client.post(page_with(draft, "reponses.titulaire_prenoms"), posted).status_code == 409
    assert kept(draft) == BEFORE_THE_FORM


# --- taking up again ---------------------------------------------------------------------------


def test_begun_request_is_announced_on_its_page_and_on_the_front_page(client):
    for path in ("/", f"/prestations/{GRAFFITI}/"):
        assert "Reprendre votre demande" not in text_of(client.get(path))
    draft = begin(client, GRAFFITI)
    for path in ("/", f"/prestations/{GRAFFITI}/"):
        page = text_of(client.get(path))
        assert "Reprendre votre demande" in page
        assert step_url(draft, 1) in page
    assert "Reprendre votre demande" not in text_of(client.get(f"/prestations/{BIRTH}/"))


def test_restart_discards_the_draft_begun_before(client):
    old = begin(client, GRAFFITI)
    other = begin(client, BIRTH)
    client.post(f"/prestations/{GRAFFITI}/demande/", {"action": "restart"})
    assert not FilingDraft.objects.filter(pk=old.pk).exists()
    assert FilingDraft.objects.filter(pk=other.pk).exists()
    assert FilingDraft.objects.filter(prestation=GRAFFITI).count() == 1
