"""Citizens' journeys at each width, with and without JavaScript, in both languages and themes.

Each page must fit, and axe and the console must be silent (bars 4, 22 and 40), in both themes;
without JavaScript axe cannot run, and the pages are the same. A page that is only read is opened in
each way and its window widened: the rules that the width changes nothing about are asked once. A
report is filed in each language with and without JavaScript: its pages are looked at in all widths,
and filled in at the last, another each time.
"""

import pytest
from django.utils.translation import gettext, override

from prestations.forms import Questionnaire
from prestations.models import Prestation
from requests.models import ServiceRequest
from tests.browser.answering import fill_in, pass_conditions
from tests.browser.visitor import Visitor
from tests.factories.answers import valid_answers
from tests.factories.citizens import make_account
from tests.factories.organisations import make_organisation
from tests.factories.places import make_register
from tests.factories.users import PASSWORD
from tests.requests.filed import file_request

pytestmark = pytest.mark.browser

CODE = "voirie-intervention-rapide"
WIDTHS = (360, 768, 1440)  # pixels


@pytest.fixture
def language(request) -> str:
    return request.param


@pytest.fixture
def citizen(request, language, catalogue, visitor) -> Visitor:
    """Somebody at the portal, in their language; the parameter: with JavaScript."""
    citizen = visitor(java_script_enabled=request.param).holds(WIDTHS[0])
    citizen.opens("/")
    if language == "en":
        citizen.presses_button("English")
    with override(language):
        yield citizen
    assert citizen.language == language


# What is only read, test_states.py looks at in French and with JavaScript, in every state.
the_other_ways = pytest.mark.parametrize(
    ("language", "citizen"),
    [("fr", False), ("en", True), ("en", False)],
    indirect=True,
    ids=["fr-nojs", "en-js", "en-nojs"],
)
each_way = pytest.mark.parametrize(
    ("widths", "language", "citizen"),
    [
        ((768, 1440, 360), "fr", True),
        ((360, 1440, 768), "en", True),
        ((360, 768, 1440), "fr", False),
        ((768, 1440, 360), "en", False),
    ],
    indirect=["language", "citizen"],
    ids=["fr-js", "en-js", "fr-nojs", "en-nojs"],
)


@each_way
def test_a_report_with_photograph_and_place_then_its_tracking(citizen, widths):
    make_register()
    questionnaire = Questionnaire(Prestation.objects.get(pk=CODE).current_form, "web")
    answers, files = valid_answers(questionnaire.form_version, "web")
    citizen.looks_right_at(*widths)
    citizen.opens(f"/prestations/{CODE}/")
    citizen.looks_right_at(*widths)
    citizen.follows(gettext("Faire la demande en ligne"))
    citizen.looks_right_at(*widths)
    citizen.presses_button(gettext("Commencer"))
    pass_conditions(citizen, CODE)
    citizen.presses_button(gettext("Continuer"))  # nothing answered
    assert citizen.page.title().startswith(("Erreur", "Error"))
    citizen.looks_right_at(*widths)
    for step in questionnaire.steps(answers):
        citizen.reads(str(step.title))
        fill_in(citizen, step.questions, answers, files)
        citizen.presses_button(gettext("Continuer"))
    citizen.sees("photo.pdf")
    citizen.looks_right_at(*widths)
    citizen.presses_button(gettext("Envoyer ma demande"))
    citizen.reads(gettext("Votre demande est envoyée"))
    citizen.looks_right_at(*widths)

    sent = ServiceRequest.objects.get()
    assert sent.place == "3 rue Jean Mermoz"
    assert sent.attachments.count() == len(files) == 1
    citizen.follows(gettext("Suivre ma demande"))
    citizen.fills(gettext("Référence de la demande"), sent.reference)
    citizen.fills(gettext("Adresse électronique ou code de suivi"), sent.requester_email)
    citizen.presses_button(gettext("Voir ma demande"))
    citizen.sees(gettext("Prochaine étape"))
    citizen.fills(gettext("Votre message"), "Le trou s'agrandit.")
    citizen.presses_button(gettext("Envoyer mon message"))
    citizen.sees(gettext("Votre message est envoyé."))
    citizen.looks_right_at(*widths)


@the_other_ways
def test_ones_own_space_and_that_of_an_association(citizen):
    account = make_account(family_name="Benali", given_name="Aïcha")
    organisation = make_organisation(account)
    sr = file_request(CODE, account=account)
    citizen.opens("/compte/login/")
    citizen.looks_right_at(*WIDTHS)
    citizen.fills(gettext("Adresse électronique"), account.user.email)
    citizen.fills(gettext("Mot de passe"), PASSWORD)
    citizen.presses_button(gettext("Se connecter"))
    citizen.sees("Aïcha Benali")
    citizen.looks_right_at(*WIDTHS)
    for path in (
        *("/compte/demandes/", "/compte/messages/", "/compte/documents/"),
        *("/compte/porte-documents/", "/compte/informations/", "/compte/preferences/"),
        *("/compte/donnees/", "/compte/appareils/", "/compte/lettres-d-information/"),
        *("/compte/organisations/", "/compte/organisations/nouvelle/"),
        f"/compte/organisations/{organisation.pk}/",
        f"/compte/organisations/{organisation.pk}/membres/",
        f"/demandes/{sr.reference}/",
    ):
        citizen.opens(path)
        citizen.looks_right_at(*WIDTHS)


@the_other_ways
def test_what_the_town_tells_everybody(citizen):
    make_register()
    file_request(CODE)
    for path in (
        *("/prestations/", "/signalements/", "/articles/", "/contact/", "/accessibilite/"),
        *("/lettres-d-information/", "/compte/inscription/", "/suivi/"),
        *("/recherche/?q=poubelle", "/recherche/?q=zzzz", "/nulle-part/", "/agent/"),
    ):
        citizen.opens(path)
        citizen.looks_right_at(*WIDTHS)
