"""A complaint at the counter crosses three departments, is answered, and becomes a problem."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from prestations.enums import Role
from prestations.models import RootCause
from requests.enums import State
from requests.models import Problem, ServiceRequest
from tests.browser.visitor import Visitor
from tests.factories.users import make_agent
from tests.helpers import drain_outbox

pytestmark = pytest.mark.browser

PRESTATION = "Réclamation sur un service municipal"
STORY = "La place du marché est sale, sans lumière et les bancs sont cassés depuis un mois."
ANSWER = "Tout est remis en état cette semaine."
FOR_GOOD = "Un passage commun des trois services chaque lundi matin."
OTHERS = {"espaces-verts": "Espaces verts", "police-municipale": "Police municipale"}


def log_the_complaint(agent: Visitor) -> ServiceRequest:
    agent.sits_at("Mairie principale", "Guichet")
    agent.opens("/agent/accueil/")
    agent.follows("Anonyme")
    agent.fills("Que demande cette personne ?", "réclamation")
    agent.page.get_by_role("button", name=PRESTATION).click()
    agent.reads(PRESTATION)
    agent.chooses("Service concerné", "Voirie et propreté")
    agent.chooses("Type de réclamation", "Qualité du service")
    agent.fills("Décrivez le problème", STORY)
    agent.presses_button("Enregistrer la demande")
    agent.reads("Demande enregistrée")
    drain_outbox()  # what the workers do: it goes where the rules say
    sr = ServiceRequest.objects.get()
    assert (sr.department_id, sr.state) == ("voirie-assainissement", State.TRANSMISE)
    return sr


def judge_it(agent: Visitor, page: str) -> None:
    """How grave it is stays with Proximité; two more departments are asked."""
    agent.opens(page)
    agent.follows("Évaluer la réclamation")
    agent.arrives_at("Évaluer la réclamation")
    agent.chooses("Gravité", "Grave")
    agent.chooses("Cause de fond", "Organisation ou effectif du service")
    agent.presses_button("Enregistrer")
    agent.reads(PRESTATION)
    agent.does("Solliciter d’autres services")
    agent.fills("Ce que le service doit faire, ou sur quoi il doit se prononcer", "Passer voir.")
    for place, label in enumerate(OTHERS.values(), start=1):
        row = agent.page.get_by_role("group", name=f"Service {place}")
        row.get_by_label("Service", exact=True).select_option(label=label)
    agent.presses_button("Solliciter d’autres services")
    agent.sees("Services sollicités")


def work_on_it(expert: Visitor, page: str, act: str, words: str) -> None:
    expert.opens(page)
    expert.never_sees("Organisation ou effectif du service")
    if act == "Rendre la conclusion":
        expert.does(act)
        expert.chooses("Sens de la conclusion", "Favorable")
        expert.fills("Conclusion", words)
    else:
        expert.follows(act)
        expert.fills("Ce que le service a fait, constaté ou pense", words)
    expert.presses_button(act)
    expert.sees("C’est fait")


def answer_it(agent: Visitor, page: str) -> None:
    agent.opens(page)
    agent.does("Envoyer la réponse")
    agent.fills("Constat ou motifs, en fait et en droit", ANSWER)
    agent.fills("Décision ou suite donnée", "Les trois services reviennent lundi.")
    agent.presses_button("Relire avant l’envoi")
    agent.presses_button("Envoyer la réponse")
    agent.reads(PRESTATION)


def make_a_problem_of_it(agent: Visitor, page: str) -> None:
    agent.opens(page)
    agent.follows("En faire un problème suivi")
    agent.fills("Titre", "Place du marché : entretien")
    agent.presses_button("Suivre ce problème")
    agent.arrives_at("Place du marché : entretien")
    agent.follows("Modifier")
    agent.fills("Action de fond", FOR_GOOD)
    agent.fills("Pour le", timezone.localdate().isoformat())
    agent.presses_button("Enregistrer")
    agent.follows("Répondre à tous")
    agent.arrives_at("Répondre à tous")
    expect(agent.control("Réponse à tous")).to_have_value("")  # the action is for the town's eyes
    agent.fills("Réponse à tous", FOR_GOOD)
    agent.presses_button("Relire avant l’envoi")
    agent.sees(FOR_GOOD)
    agent.presses_button("Envoyer pour 1 demande")
    agent.sees("Réponse pour 1 demande · Place du marché")
    drain_outbox()
    agent.page.reload()
    agent.sees("Prévenue")
    agent.follows("Problèmes")
    agent.arrives_at("Problèmes")
    agent.sees("Répondu")


@pytest.mark.usefixtures("leaves_soon")
def test_a_complaint_crosses_three_departments_and_ends_in_a_problem(
    visitor, logged_in, proximite_agent, expert, other_expert
):
    police = make_agent(
        Role.AGENT_EXPERT, first_name="Léa", last_name="Martin", department_id="police-municipale"
    )
    front = logged_in(proximite_agent)
    sr = log_the_complaint(front)
    page = sr.get_absolute_url()
    judge_it(front, page)
    for person, act in (
        (other_expert, "Rendre ce travail"),
        (police, "Rendre ce travail"),
        (expert, "Rendre la conclusion"),
    ):
        work_on_it(logged_in(person), page, act, f"Vu par {person.first_name}.")
    answer_it(front, page)
    sr.refresh_from_db()
    assert sr.state == State.CLOSE
    make_a_problem_of_it(front, page)
    assert Problem.objects.get().members.get().message.body == FOR_GOOD

    citizen = visitor()
    citizen.opens("/suivi/")
    citizen.fills("Référence de la demande", sr.reference)
    citizen.fills("Adresse électronique ou code de suivi", sr.tracking_code)
    citizen.presses_button("Voir ma demande")
    citizen.sees(ANSWER)
    citizen.sees(FOR_GOOD)
    for kept in (RootCause.objects.get(pk="organisation").label, "Gravité", "Vu par Karim."):
        citizen.never_sees(kept)
