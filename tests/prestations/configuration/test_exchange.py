"""The whole configuration leaves as one file and comes in force elsewhere (issue 5)."""

import re

import pytest
import yaml
from django.db import transaction

from prestations.actions import choose_audience
from prestations.agreeing import write_contract
from prestations.configuration import kind_of
from prestations.configuration.campaigns import LINKED
from prestations.configuration.exchange import (
    exported,
    put_in_force,
    read_configuration,
    steps,
)
from prestations.configuration.undoing import put_back, undoing_of
from prestations.editing.english import say_in_english
from prestations.editing.offers import make_prestation
from prestations.enums import LetterUse, Role
from prestations.exceptions import ChangeRefused
from prestations.models import (
    ArticleVersion,
    Category,
    ConfigurationChange,
    ContractProposal,
    Department,
    KnowledgeArticle,
    LetterTemplate,
    LetterVersion,
    Prestation,
    Procedure,
    ProcedureStep,
    Processing,
    ServiceContract,
    Signatory,
    Site,
)
from requests import actions
from requests.actions.articles import validate_article
from requests.actions.letter_words import approve_words
from requests.letters.offering import usual_template
from requests.letters.rendering import render_acknowledgement
from requests.models import Notice, RoutingRule
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db
POTHOLE, ROADS = "voirie-intervention-rapide", "voirie-assainissement"
TREES = "espaces-verts-entretien"


def tried(data, *, actor) -> list[str]:
    """Put a file in force and take it back; why it would be refused."""
    try:
        with transaction.atomic():
            put_in_force(data, actor=actor, reason="")
            transaction.set_rollback(True)
    except ChangeRefused as refusal:
        return refusal.faults
    return []


def test_what_was_exported_comes_back_whole_and_recorded(administrator, eas_agent, supervisor):
    Prestation.objects.filter(pk=POTHOLE).update(summary="Trou")
    say_in_english({"Trou": "Pit"}, actor=administrator)
    make_prestation(
        code="velos",
        label="Vélos",
        category=Category.objects.filter(is_active=True)[0],
        block={},
        actor=administrator,
    )
    assert ConfigurationChange.objects.get().after["status"] == "draft"
    article = KnowledgeArticle.objects.in_force()[0]
    processing, signatory = Processing.objects.all()[0], Signatory.objects.all()[0]
    contract = ServiceContract.objects.filter(is_active=True)[0]
    procedure = Procedure.objects.filter(steps__is_active=True)[0]
    made = ConfigurationChange.objects.latest("pk").pk
    rule = actions.write_rule(
        actor=administrator,
        label="Trous urgents",
        conditions={"prestations": [POTHOLE], "urgent": True},
        department=Department.objects.get(pk=ROADS),
    )
    choose_audience(prestation_id=TREES, audience="association", is_open=False, actor=administrator)
    first = exported()
    assert administrator.email not in first
    assert eas_agent.email not in first
    data = read_configuration(first)
    assert steps(data) == []
    assert {"Trou": "Pit"} in [one["english"] for one in data["prestations"]]
    assert "velos" in [one["code"] for one in data["prestations"] if one["status"] == "draft"]

    say_in_english({"Trou": "Hole"}, actor=administrator)
    Prestation.objects.filter(pk="velos").update(status="historical")
    Processing.objects.filter(pk=processing.pk).update(purpose="Autre")
    Signatory.objects.filter(pk=signatory.pk).update(quality="Autre")
    ProcedureStep.objects.filter(procedure=procedure).update(is_active=False)
    KnowledgeArticle.objects.filter(pk=article.pk).update(text="Autre")
    ServiceContract.objects.filter(pk=contract.pk).update(evaluation="Autre")
    RoutingRule.objects.filter(pk=rule.pk).update(label="Autre nom")
    choose_audience(prestation_id=TREES, audience="association", is_open=True, actor=administrator)
    Category.objects.filter(pk=Category.objects.filter(is_active=True)[0].pk).update(label="Autre")
    Site.objects.filter(pk="mairie-annexe").update(opening_hours={}, is_active=False)
    other = LetterTemplate.objects.get(pk="decision-refus").body + " Merci."
    LetterTemplate.objects.filter(pk="decision-refus").update(body=other)
    kind_of("departments").restore(
        "ponts", {**kind_of("departments").snapshot(ROADS), "code": "ponts"}, actor=administrator
    )
    state = kind_of("prestations").snapshot(POTHOLE)
    state = {**state, "form_fields": state["form_fields"][:-1], "expert_department": "ponts"}
    kind_of("prestations").restore(POTHOLE, state, actor=administrator)
    write_contract(
        department=Department.objects.get(pk="ponts"),
        prestations=[Prestation.objects.get(pk=POTHOLE)],
        information="Tout",
        take_days=1,
        treat_days=2,
        on_time_percent=90,
        resources="Aucune",
        evaluation="Annuelle",
        actor=administrator,
    )
    assert exported() != first
    assert tried(data, actor=administrator) == []
    assert not ConfigurationChange.objects.filter(pk__gt=made).exists()  # tried, and taken back
    done = put_in_force(data, actor=administrator, reason="Import de sauvegarde.yaml")
    changes = ConfigurationChange.objects.filter(reason="Import de sauvegarde.yaml")
    kinds = set(changes.values_list("kind", flat=True))
    assert kinds == {
        *("departments", "sites", "categories", "prestations", "contracts", "routing_rules"),
        *("processings", "signatories", "procedures"),
    }
    published = Prestation.objects.get(pk=POTHOLE).current_form.publication
    assert (published.note, published.by) == ("Import de sauvegarde.yaml", administrator)
    assert not Department.objects.get(pk="ponts").is_active
    assert not ServiceContract.objects.get(pk="ponts").is_active

    # what two people answer for only waits, and waits once
    waiting = {"templates", "articles", "contracts"}
    assert {step.kind.code for step in done if step.waits} == waiting
    assert LetterTemplate.objects.get(pk="decision-refus").body == other
    again = put_in_force(data, actor=administrator, reason="")
    assert {step.kind.code for step in again} == waiting
    version = LetterVersion.objects.get(template="decision-refus", state="proposee")
    approve_words(actor=supervisor, code="decision-refus", seen=version.number)
    text = ArticleVersion.objects.get(article=article, state="proposee")
    keeper = make_agent(Role.RESPONSABLE_CONNAISSANCE, first_name="K", last_name="S")
    validate_article(actor=keeper, code=article.pk, seen=text.number)
    (proposal,) = ContractProposal.objects.all()
    assert (proposal.department_id, proposal.approved) == (contract.pk, None)
    ServiceContract.objects.filter(pk=contract.pk).update(evaluation=proposal.evaluation)
    assert exported() == first


def test_a_letter_that_is_new_here_waits_and_a_general_one_leaves_meanwhile(
    administrator, supervisor
):
    data = read_configuration(exported())
    letter = {**data["templates"][0], "code": "lettre-neuve", "subject": "Bonjour"}
    data["templates"].append({**letter, "use": ["favourable"]})
    (like,) = [one for one in data["prestations"] if one["code"] == POTHOLE]
    named = {**like["templates"], "acknowledgement": "lettre-neuve"}
    named["outcome_positive"] = "lettre-neuve"
    data["prestations"].append(
        {**like, "code": "velos", "label": "Vélos", "order": 9999, "templates": named}
    )
    letter_step, prestation = put_in_force(data, actor=administrator, reason="")
    assert (letter_step.waits, letter_step.named_by) == (True, ("Vélos",))
    assert not prestation.waits
    assert not LetterTemplate.objects.get(pk="lettre-neuve").is_active

    assert "code: lettre-neuve" in exported()  # what waits here travels, and waits there
    request = make_request(prestation=Prestation.objects.get(pk="velos"))
    assert render_acknowledgement(request).code == "accuse-reception-simple"
    assert usual_template(request, LetterUse.FAVOURABLE) == "decision-favorable"

    approve_words(actor=supervisor, code="lettre-neuve", seen=1)
    assert LetterTemplate.objects.get(pk="lettre-neuve").is_active
    assert render_acknowledgement(request).code == "lettre-neuve"
    assert usual_template(request, LetterUse.FAVOURABLE) == "lettre-neuve"
    assert steps(data) == []


def test_an_import_put_back_takes_along_what_nobody_decided(administrator, supervisor):
    first = exported()
    data = read_configuration(first)
    refusal = next(one for one in data["templates"] if one["code"] == "decision-refus")
    receipt = next(one for one in data["templates"] if one["code"] == "accuse-reception-simple")
    for letter in (refusal, receipt):
        letter["body"] += " Merci."
    data["templates"].append({**receipt, "code": "lettre-neuve", "label": "Lettre neuve"})
    data["articles"][0]["text"] += " Autre."
    data["articles"].append({**data["articles"][0], "code": "neuf", "slug": "neuf"})
    put_in_force(data, actor=administrator, reason="")
    version = LetterVersion.objects.get(template="decision-refus", state="proposee")
    approve_words(actor=supervisor, code="decision-refus", seen=version.number)
    undoing = undoing_of(version.act)
    assert [one.name for one in undoing.decided] == [refusal["label"]]
    assert len(undoing.waiting) == 4
    put_back(act=version.act, seen=undoing.seen, actor=administrator)
    assert not undoing_of(version.act).does
    states = {*ArticleVersion.objects.filter(act=version.act).values_list("state", flat=True)}
    assert states == {"retiree"}
    acts = {about.partition(":")[0] for about in Notice.objects.values_list("about", flat=True)}
    assert {"letter-proposed", "letter-withdrawn", "letter-decided"} <= acts
    assert not KnowledgeArticle.objects.get(pk="neuf").is_active
    LetterTemplate.objects.filter(pk="decision-refus").update(body=refusal["body"][:-7])
    assert exported() == first
    waiting = [step.key for step in put_in_force(data, actor=administrator, reason="")]
    assert {"lettre-neuve", "neuf"} <= {*waiting}  # the same file proposes again


def test_a_file_that_does_not_go_together_changes_nothing(administrator):
    first = exported()
    data = read_configuration(first)
    data["categories"][0]["team"] = "lune"
    data["departments"] = [one for one in data["departments"] if one["code"] != ROADS]
    with pytest.raises(ChangeRefused, match="nulle part\u00a0: «\u00a0lune"):
        put_in_force(data, actor=administrator, reason="")
    data["categories"] = read_configuration(first)["categories"]
    make_agent(
        Role.AGENT_EXPERT,
        first_name="R",
        last_name="S",
        department=Department.objects.get(pk=ROADS),
    )
    make_agent(
        Role.AGENT_EAS, first_name="A", last_name="S", site=Site.objects.get(pk="mairie-annexe")
    )
    data["sites"] = [one for one in data["sites"] if one["code"] != "mairie-annexe"]
    kept = next(one for one in data["processings"] if one["kept"])
    kept["kept"] = None
    entry = data["portal_groups"][0]["prestations"][0]
    data["portal_groups"][0]["team"] = next(
        one["code"] for one in data["teams"] if one["code"] != data["portal_groups"][0]["team"]
    )
    faults = tried(data, actor=administrator)
    offered = f"(«\u00a0{Prestation.objects.get(pk=entry['code']).label} ({entry['code']})\u00a0»)"
    closed = f"{Department.objects.get(pk=ROADS).label} ({ROADS})"
    group = data["portal_groups"][0]["label"]
    for told in (
        f"Le service «\u00a0{closed}\u00a0» est fermé. Cela sert encore\u00a0: ",
        "(Paramétrage, Services), qui demande qui les reprend.",
        "(Paramétrage, Sites), qui demande où ils vont.",
        f"{kept['label']}\u00a0: Durée du reste\u00a0: Une durée va avec des données à effacer",
        f"Rubrique de la page des habitants «\u00a0{group}\u00a0» › Prestations › 1 {offered}",
    ):
        assert [one for one in faults if told in one], told
    assert exported() == first


def test_days_and_hours_that_no_page_could_show_are_refused(administrator):
    data = yaml.safe_load(exported())
    (town,) = data["town"]
    hours = town["facts"]["phone_hours"]
    campaign = {
        "code": "piscine",
        "name": "Piscine",
        "text": "Eau",
        **dict.fromkeys(("name_en", "text_en"), ""),
        "first_day": "2027-99-01",
        "last_day": "2027-06-30",
        **{name: [] for name in ("channels", *LINKED)},
    }
    data["campaigns"] = [campaign]

    def refused() -> str:
        with pytest.raises(ChangeRefused) as refusal:
            read_configuration(yaml.safe_dump(data))
        return "\n".join(refusal.value.faults)

    hours["monday"] = [["99:00", "1"]]
    assert "phone_hours › monday" in refused()
    hours["monday"] = [["12:00", "09:00"]]
    told = "Campagne «\u00a0Piscine\u00a0»\u00a0: Le premier ou le dernier jour n’existe pas."
    assert refused() == told
    campaign["first_day"] = "2027-07-01"
    assert "La fin vient avant le début." in refused()
    campaign["first_day"] = "2027-06-01"
    town["insee_code"] = "trop long" * 90
    faults = tried(read_configuration(yaml.safe_dump(data)), actor=administrator)
    assert [one.partition("\u00a0:")[0] for one in faults] == ["Ville «\u00a0Massy\u00a0»"]
    town["insee_code"] = "91377"
    (fault,) = tried(read_configuration(yaml.safe_dump(data)), actor=administrator)
    assert (
        fault == "Massy\u00a0: Les horaires ne se suivent pas\u00a0: chacun finit après son début."
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format: autre", "pas un fichier de configuration"),
        ("format: massy-grc-configuration\nversion: 9", "autre version"),
        ("a: &a [1]\nb: *a", "renvois YAML"),
        ("a: [", "Ligne 2, colonne 1\u00a0: Ce fichier ne se lit pas comme du YAML"),
        ("format: massy-grc-configuration\nversion: 1\nlune: []", "«\u00a0lune\u00a0»"),
        (
            "format: massy-grc-configuration\nversion: 1\ndirections: [{code: A B}]",
            "Direction «\u00a0A B\u00a0» › code («\u00a0A B\u00a0»)\u00a0: Cette valeur",
        ),
    ],
)
def test_another_file_is_refused_plainly(text, told):
    with pytest.raises(ChangeRefused, match=re.escape(told)):
        read_configuration(text)
