"""A birth certificate, from the search box to the answer that the citizen reads."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from massy_grc.outbox.mailbox import ReadMail
from massy_grc.outbox.models import KeptMail
from prestations.enums import Role
from requests.models import ServiceRequest
from tests.browser.letterbox import link_in, mails_to, subject_of
from tests.browser.visitor import Visitor
from tests.factories.users import PASSWORD, make_agent

pytestmark = pytest.mark.browser

PRESTATION = "Demande d'acte de naissance avec filiation ou copie intégrale"
ADDRESS = "jeanne.durand@courriel.example"


def find_the_prestation(citizen: Visitor) -> None:
    citizen.opens("/")
    citizen.arrives_at("Que voulez-vous faire ?")
    assert citizen.language == "fr"
    citizen.sees("Espace Accueil Services")
    citizen.sees("Proximité")
    citizen.fills("Cherchez une démarche, une réponse, un lieu", "naissance")
    citizen.hits("Enter")
    citizen.arrives_at("Rechercher")
    citizen.follows(PRESTATION)
    citizen.arrives_at(PRESTATION)
    for told in ("Qui peut demander", "Pièce d'identité en cours de validité", "Gratuit"):
        citizen.sees(told)
    citizen.follows("Faire la demande en ligne")
    citizen.arrives_at(PRESTATION)


def say_who_asks(citizen: Visitor) -> None:
    """Asked once, before the form, which does not ask it again."""
    citizen.chooses("La naissance a-t-elle eu lieu dans la commune ?", "Oui")
    citizen.presses_button("Continuer")
    citizen.chooses("Quel est votre lien avec la personne ?", "Descendant (enfant, petit-enfant)")
    citizen.presses_button("Continuer")


def describe_the_certificate(citizen: Visitor) -> None:
    """Which one, then of whom, with a mistake on the way."""
    citizen.arrives_at("L'acte")
    citizen.chooses("Document demandé", "Extrait avec filiation")
    citizen.presses_button("Continuer")
    citizen.arrives_at("La personne concernée")
    citizen.fills("Prénoms de la personne concernée", "Jeanne Marie")
    citizen.fills("Date de naissance de la personne concernée", "1980-05-01")
    citizen.fills("Commune et pays de naissance de la personne concernée", "Massy")
    citizen.presses_button("Continuer")

    summary = citizen.page.get_by_role("main").get_by_role("alert")
    expect(summary).to_be_focused()
    assert citizen.page.title().startswith("Erreur :")
    words = "Renseignez « Nom de naissance de la personne concernée »"
    expect(summary.get_by_role("link", name=words)).to_be_visible()
    citizen.sees("Il y a un point à corriger")
    citizen.arrives_at("La personne concernée")
    expect(citizen.control("Prénoms de la personne concernée")).to_have_value("Jeanne Marie")
    summary.get_by_role("link", name=words).click()
    expect(citizen.control("Nom de naissance de la personne concernée")).to_be_focused()
    citizen.types("Durand")
    citizen.presses_button("Continuer")


def fill_in_the_rest(citizen: Visitor) -> None:
    citizen.arrives_at("Les parents")
    citizen.fills("Nom de naissance du premier parent (mère, père ou parent unique)", "Leroy")
    citizen.fills("Prénoms du premier parent", "Marie")
    citizen.presses_button("Continuer")

    citizen.arrives_at("Le document demandé")
    expect(citizen.control("Cabinet ou étude")).to_be_hidden()
    citizen.fills("Nombre d'exemplaires", "2")
    citizen.chooses("Comment souhaitez-vous recevoir le document ?", "Retrait à la mairie annexe")
    citizen.presses_button("Continuer")

    citizen.arrives_at("Pièces justificatives")
    citizen.attaches("Pièce d'identité en cours de validité du demandeur")
    citizen.presses_button("Continuer")
    citizen.sees("papier.png")  # kept, although the other one is missing
    citizen.arrives_at("Pièces justificatives")
    citizen.attaches("Document prouvant le lien (livret de famille, acte de naissance)")
    citizen.presses_button("Continuer")

    citizen.arrives_at("Votre identité")
    citizen.fills("Nom de famille", "Durand")
    citizen.fills("Prénom", "Jeanne")
    citizen.presses_button("Continuer")
    citizen.arrives_at("Vos coordonnées")
    citizen.fills("Adresse électronique", ADDRESS)
    home = citizen.group("Adresse postale")
    citizen.fills("Numéro et rue", "3 rue Jean Mermoz", home)
    citizen.fills("Code postal", "91300", home)
    citizen.fills("Commune, et pays hors de France", "Massy", home)
    citizen.chooses("Recevoir la réponse par", "Courriel")
    citizen.presses_button("Continuer")


def check_and_send(citizen: Visitor) -> str:
    """« Modifier » comes back here; two clicks on « Envoyer » are one request."""
    citizen.arrives_at("Vérifiez vos réponses")
    for answer in ("Extrait avec filiation", "Jeanne Marie", "papier.png", "Non renseigné"):
        citizen.sees(answer)
    citizen.sees("La naissance a-t-elle eu lieu dans la commune ?")
    citizen.follows("Modifier : Nombre d'exemplaires")
    citizen.arrives_at("Le document demandé")
    citizen.fills("Nombre d'exemplaires", "1")
    citizen.presses_button("Continuer")
    citizen.arrives_at("Vérifiez vos réponses")
    citizen.page.get_by_role("button", name="Envoyer ma demande").dblclick()

    citizen.arrives_at("Votre demande est envoyée")
    reference = citizen.page.locator(".reference").first.inner_text()
    citizen.page.reload()
    citizen.arrives_at("Votre demande est envoyée")
    citizen.sees(reference)
    sent = ServiceRequest.objects.get()
    assert sent.reference == reference
    assert sent.answers["reponses"]["nombre_exemplaires"] == 1
    assert sent.attachments.count() == 2
    return reference


def letter_age(letter: ReadMail) -> timedelta:
    """How long after the sending of the form a mail left."""
    left_at = KeptMail.objects.get(to=ADDRESS, subject=subject_of(letter)).created_at
    return left_at - ServiceRequest.objects.get().filed_at


def two_letters_arrive(reference: str) -> None:
    """The receipt at once, the acknowledgement once routed: as text, and as PDF."""
    letters = sorted(mails_to(ADDRESS), key=subject_of)
    acknowledgement, receipt = letters
    assert subject_of(acknowledgement) == f"{reference} : accusé de réception de votre demande"
    assert subject_of(receipt) == f"{reference} : nous avons bien reçu votre envoi"
    assert letter_age(receipt) <= timedelta(seconds=60)
    number, deadline, *rest = receipt.text.splitlines()
    assert number.startswith(f"Demande n° {reference}")
    assert deadline.startswith("Réponse prévue au plus tard le ")
    assert not re.search(r"<\w|&\w+;", "\n".join(rest))  # plain text, legible as it is
    for letter in letters:
        assert letter.text.startswith(f"Demande n° {reference} :")
        assert "Réponse prévue au plus tard le " in letter.text
        (pdf,) = letter.attachments
        assert pdf.media_type == "application/pdf"
        assert pdf.content.startswith(b"%PDF-")


def look_it_up(citizen: Visitor, reference: str) -> None:
    """By reference and address, mistyped first."""
    citizen.opens("/")
    citizen.follows("Suivre ma demande")
    citizen.arrives_at("Suivre ma demande")
    citizen.fills("Référence de la demande", reference)
    citizen.fills("Adresse électronique ou code de suivi", "jeane.durand@courriel.example")
    citizen.presses_button("Voir ma demande")
    citizen.sees("Nous n’avons pas trouvé cette demande")
    citizen.arrives_at("Suivre ma demande")
    citizen.fills("Adresse électronique ou code de suivi", ADDRESS.upper())
    citizen.presses_button("Voir ma demande")
    citizen.arrives_at(PRESTATION)
    for told in ("Dernière étape", "Prochaine étape", "Service responsable"):
        citizen.sees(told)


def answer_that_it_waits(agent: Visitor, reference: str) -> None:
    """The whole day of an agent, from the password to the document that waits for its requester."""
    agent.opens("/agent/")
    agent.arrives_at("Se connecter")
    agent.fills("Adresse électronique", "nadia.petit@massy.example")
    agent.fills("Mot de passe", PASSWORD)
    agent.presses_button("Se connecter")
    agent.arrives_at("Où êtes-vous aujourd’hui ?")
    agent.chooses("Site", "Mairie annexe")
    agent.chooses("Poste", "Guichet")
    agent.presses_button("Commencer")
    agent.arrives_at("Bonjour Nadia")
    agent.sees("Guichet · Mairie annexe")
    agent.follows("Mon service")
    agent.arrives_at("Mon service")
    agent.follows(reference)
    agent.arrives_at(PRESTATION)
    agent.presses_button("Prendre en charge")
    agent.sees("C’est fait")
    agent.arrives_at(PRESTATION)
    agent.sees("à vérifier")
    agent.does("Vérifier le dossier")
    agent.finds_no_fault()
    for document in agent.page.locator("main select[name^=piece_]").all():
        document.select_option(label="Vue et acceptée")
    agent.presses_button("Vérifier le dossier")
    agent.arrives_at(PRESTATION)
    agent.does("Envoyer la réponse")
    agent.finds_no_fault()
    agent.chooses("Sens de la réponse", "Favorable")
    agent.fills("Mot ajouté à la lettre", "Votre acte vous attend à la mairie annexe.")
    agent.presses_button("Relire avant l’envoi")
    agent.finds_no_fault()
    agent.sees("Votre acte vous attend à la mairie annexe.")
    agent.presses_button("Modifier")
    expect(agent.control("Mot ajouté à la lettre")).to_have_value(
        "Votre acte vous attend à la mairie annexe."
    )
    agent.presses_button("Relire avant l’envoi")
    agent.presses_button("Envoyer la réponse")
    agent.arrives_at(PRESTATION)
    agent.sees("À retirer")


def test_a_birth_certificate_from_the_search_box_to_the_answer(visitor, town_at_work, eventually):
    agent_account = make_agent(Role.AGENT_EAS, first_name="Nadia", last_name="Petit")
    agent_account.email = "nadia.petit@massy.example"
    agent_account.save()
    citizen = visitor()
    find_the_prestation(citizen)
    citizen.presses_button("Commencer")
    say_who_asks(citizen)
    describe_the_certificate(citizen)
    fill_in_the_rest(citizen)
    reference = check_and_send(citizen)
    eventually(lambda: len(mails_to(ADDRESS)) == 2)
    two_letters_arrive(reference)

    at_home = visitor()  # another machine: no cookie, no account
    look_it_up(at_home, reference)
    answer_that_it_waits(visitor(), reference)

    eventually(lambda: len(mails_to(ADDRESS)) == 3)
    answer = mails_to(ADDRESS)[-1]
    assert "Votre acte vous attend à la mairie annexe." in answer.text
    at_home.page.reload()
    at_home.sees("Votre acte vous attend à la mairie annexe.")
    at_home.sees("Venez le retirer au plus tard le")
    at_home.arrives_at(PRESTATION)
    by_link = visitor()
    by_link.opens(link_in(answer, "/suivi/lien/"))
    by_link.arrives_at(PRESTATION)
    by_link.sees(reference)
