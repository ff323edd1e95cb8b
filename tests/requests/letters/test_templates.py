"""Every template of the town, through the strict engine."""

import re

import pytest
import yaml

from prestations.models import LetterTemplate
from requests.letters.context import VARIABLES, context_for, remedy_of
from requests.letters.engine import UnresolvedField, render, variables_of
from requests.letters.rendering import render_acknowledgement, render_template, render_with
from tests.requests.filed import REFERENCE_FILE, file_request

pytestmark = pytest.mark.django_db

TEMPLATES = yaml.load(REFERENCE_FILE.read_text(), yaml.CSafeLoader)["templates"]
# printed only for somebody with no address at all (accuse-enregistrement-electronique)
ELSE_ONLY = {"requete.lien_suivi", "requete.code_suivi"}
FULL = {group: {name: f"[{group}.{name}]" for name in names} for group, names in VARIABLES.items()}


def test_the_variables_are_those_of_the_reference_data():
    declared = yaml.load(REFERENCE_FILE.read_text(), yaml.CSafeLoader)["template_variables"]
    assert {group: list(names) for group, names in VARIABLES.items()} == declared


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["code"])
def test_a_template_renders_whole_with_every_variable(template):
    for part in ("subject", "body", "sms_body"):
        text = render(template.get(part) or "", FULL)
        assert "{" not in text
        assert "  " not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["code"])
def test_a_template_refuses_each_missing_variable_by_name(template):
    source = template["subject"] + "\n" + template["body"]
    for name in variables_of(source):
        group, key = name.split(".")
        without = {**FULL, group: {k: v for k, v in FULL[group].items() if k != key}}
        if name in ELSE_ONLY:
            without["demandeur"] = {**without["demandeur"], "joignable": ""}
        with pytest.raises(UnresolvedField) as refused:
            render(source, without)
        assert refused.value.field == name


def test_dates_are_in_words(catalogue):
    service_request = file_request("acte-naissance-filiation")
    values = context_for(service_request)["requete"]
    assert values["date_reception"] == "lundi 2 novembre 2026"
    assert values["date_decision_implicite"] == "samedi 2 janvier 2027"


def test_the_team_answers_for_a_request_nobody_follows_yet(catalogue):
    agent = context_for(file_request("acte-naissance-filiation"))["agent"]
    assert (agent["prenom"], agent["nom"]) == ("l'équipe", "Espace Accueil Services")


def test_the_agent_is_named_with_their_quality(catalogue, eas_agent):
    service_request = file_request("acte-naissance-filiation", channel="guichet", actor=eas_agent)
    assert context_for(service_request)["agent"] == {
        "prenom": "Nadia",
        "nom": "Petit",
        "qualite": eas_agent.job_title,
    }


def test_an_unknown_group_or_name_given_to_a_letter_is_an_error(catalogue):
    service_request = file_request("acte-naissance-filiation")
    with pytest.raises(KeyError):
        context_for(service_request, requete={"inconnue": "x"})


def test_a_letter_without_what_it_needs_refuses(catalogue):
    service_request = file_request("acte-naissance-filiation")
    with pytest.raises(UnresolvedField) as refused:
        render_template("document-pret", service_request)
    assert refused.value.field == "retrait.lieu"


def test_internal_mail_links_to_the_agents_page_never_to_the_citizens_secret_link(catalogue):
    service_request = file_request("voirie-intervention-rapide")
    body = render_template(
        "relance-service", service_request, retour={"date": "25 novembre 2026"}
    ).body
    assert f"/agent/demandes/{service_request.reference}/" in body
    assert "/suivi/lien/" not in body


def test_every_refusal_can_tell_how_to_contest_it_and_within_what_delay(catalogue):
    for prestation in catalogue.values():
        assert re.search(r"mois|jours", remedy_of(prestation)), prestation.pk
        assert remedy_of(prestation)[0].isupper()
        assert remedy_of(prestation).endswith(".")


def test_no_remark_for_the_towns_lawyers_stands_in_a_remedy(catalogue):
    remedies = [prestation.appeal for prestation in catalogue.values()]
    assert any(remedies)
    assert not [remedy for remedy in remedies if "confirmer" in remedy]


@pytest.mark.parametrize("code", ["accuse-reception-simple", "accuse-reception-signalement"])
def test_the_effect_of_silence_is_told_whatever_template_the_prestation_uses(catalogue, code):
    service_request = file_request("aides-sociales-subvention-fin-annee")
    service_request.prestation.acknowledgement_template = code
    body = render_acknowledgement(service_request).body
    assert "samedi 2 janvier 2027" in body
    assert "considérée comme rejetée" in body
    assert "tribunal administratif" in body
    assert "lundi 2 novembre 2026" in body
    assert body.count("considérée comme rejetée") == 1


def test_acceptance_by_silence_without_all_documents_tells_when_its_delay_begins(catalogue):
    prestation = next(p for p in catalogue.values() if p.silence_effect == "acceptation")
    documents = prestation.current_form.definition["documents"]
    service_request = file_request(
        prestation.pk, missing_documents=[document["code"] for document in documents[:1]]
    )
    body = render_acknowledgement(service_request).body
    assert "ne commencera qu'à la réception des pièces manquantes" in body
    assert "2 mois" in body


def test_every_acknowledgement_of_the_catalogue_can_leave(catalogue):
    service_request = file_request("acte-naissance-filiation")
    for code in {prestation.acknowledgement_template for prestation in catalogue.values()}:
        service_request.prestation.acknowledgement_template = code
        rendered = render_acknowledgement(service_request)
        for wanted in ("lundi 2 novembre 2026", "01 60 13 30 00", "91300 Massy"):
            assert wanted in rendered.body, code


def test_a_template_of_the_address_block_leaves_it_to_the_paper(catalogue):
    service_request = file_request("acte-naissance-filiation")
    template = LetterTemplate.objects.get(pk="decision-favorable")
    decision = {"date": "lundi", "texte": "Voici.", "motifs": ""}
    body = render_with(template, service_request, decision=decision).body
    assert body.startswith("Par décision du lundi")
