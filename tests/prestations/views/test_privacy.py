"""What the public reads about personal data."""

import pytest

from prestations.models import Processing
from requests.actions.drafts import ACCOUNT_DRAFT_LIFE, DRAFT_LIFE
from tests.factories.citizens import make_account
from tests.requests.filing.support import begin, step_url, text_of

pytestmark = pytest.mark.usefixtures("catalogue")


def test_the_register_is_public_in_plain_words(client):
    text = text_of(client.get("/donnees-personnelles/"))
    for processing in Processing.objects.all():
        assert processing.purpose.replace("\u00a0", " ") in text
    assert "Effacées 3 mois après la fin de la demande." in text
    assert "Effacées 5 ans après la fin de la demande." in text
    assert "dpo@massy.example" in text
    assert "www.cnil.fr" in text


def test_the_public_page_makes_few_queries(client, django_assert_max_num_queries):
    client.get("/")
    with django_assert_max_num_queries(4):
        client.get("/donnees-personnelles/")


def test_a_draft_lives_as_long_as_the_page_says(client):
    text = text_of(client.get("/donnees-personnelles/"))
    assert f": {DRAFT_LIFE.days} jours, ou {ACCOUNT_DRAFT_LIFE.days} jours si vous étiez" in text


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_page_leads_to_the_persons_own_data(client, login, signed_in):
    if signed_in:
        login(client, make_account().user)
    text = text_of(client.get("/donnees-personnelles/"))
    assert '<a href="/compte/donnees/">vous la demandez vous-même</a>' in text
    assert ('href="/compte/donnees/">Mes données</a>' in text) == signed_in
    assert ("Exercer mes droits" in text) != signed_in


def test_the_page_does_not_claim_a_restricted_access_nobody_enforces(client):
    assert "seuls agents désignés" not in text_of(client.get("/donnees-personnelles/"))


def test_what_is_still_to_be_decided_inside_the_town_hall_is_not_told_to_citizens(client):
    assert Processing.objects.filter(confirmed=False).exists()
    for url in ("/donnees-personnelles/", "/prestations/qf-verification/demande/"):
        assert "à confirmer" not in text_of(client.get(url))


def test_each_form_tells_its_own_purpose_recipients_and_terms(client):
    draft = begin(client, "qf-verification")
    text = text_of(client.get(step_url(draft, 1)))
    assert "Calculer le tarif de vos activités d’après vos ressources." in text
    assert "La caisse d’allocations familiales (CAF), si vous l’acceptez" in text
    assert "Régie" in text
    assert "Effacées 2 ans après la fin de la demande." in text


def test_the_start_page_tells_it_before_anything_is_asked(client):
    text = text_of(client.get("/prestations/acte-naissance-filiation/demande/"))
    assert "Vérifier que vous avez droit à l’acte demandé" in text


def test_the_register_is_whole_in_english(client):
    client.cookies["django_language"] = "en"
    text = text_of(client.get("/donnees-personnelles/"))
    register = text.partition('class="register"')[2].partition("</main>")[0]
    assert "To check that you are entitled to the certificate" in register
    assert '<span lang="fr">' not in register
