"""Prestations, categories and groups written by an administrator; what the loader would refuse."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice.forms.sent import Controls
from massy_grc.audit.models import AccessRecord
from massy_grc.outbox.models import Delivery
from prestations.enums import Role
from prestations.models import Category, ConfigurationChange, PortalGroup, Prestation
from requests import actions
from tests.backoffice.conftest import client_of
from tests.factories.users import make_agent
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
COPY = "voirie-graffitis-ecoles"
LIST = reverse("backoffice:offers")


@pytest.fixture
def browser(administrator) -> Client:
    return client_of(administrator, post=None)


def written(browser: Client, code: str, **changes) -> dict:
    """What the page of a prestation would post, with `changes`."""
    shown = browser.get(reverse("backoffice:offer", args=[code])).context
    fields = [*shown["form"].initial.items()]
    fields += [(f"tarif-{name}", value) for name, value in shown["fee"].initial.items()]
    values = {name: value for name, value in fields if value not in (None, False)}
    return values | {"seen": shown["seen"].value} | changes


def page_sends(answer) -> dict[str, list[str]]:
    """What a browser sends of the page when nobody types in it."""
    controls = Controls()
    form = answer.text.split('<form method="post" novalidate>')[1].split("</form>")[0]
    controls.feed(form)
    return controls.sent


def test_a_copy_stays_unseen_until_it_is_right(browser, catalogue):
    made = {
        "label": "Graffitis sur une école",
        "code": COPY,
        "category": catalogue["voirie-graffitis"].category_id,
        "source": "voirie-graffitis",
    }
    response = browser.post(reverse("backoffice:offer_new"), made)
    page = reverse("backoffice:offer", args=[COPY])
    assert response.url == page
    public = reverse("prestations:detail", args=[COPY])
    assert browser.get(public).status_code == 404
    assert browser.get(reverse("requests:file", args=[COPY])).status_code == 404
    assert COPY not in browser.get(reverse("prestations:catalogue")).text
    refused = browser.post(page, written(browser, COPY, status="active"))
    assert "Publiez d’abord son formulaire." in refused.text
    draft = {"revision": Prestation.objects.get(pk=COPY).form_draft.revision, "note": "Nouvelle"}
    browser.post(reverse("backoffice:form_publish", args=[COPY]), draft)
    wrong = written(browser, COPY, status="active", expert_department="")
    assert "a besoin d’un service métier" in browser.post(page, wrong).text
    assert browser.get(public).status_code == 404
    paid = {"tarif-is_free": "", "tarif-prices": "Nettoyage | 25,50 | m²", "status": "active"}
    assert "dit comment payer" in browser.post(page, written(browser, COPY, **paid)).text
    wrong = written(browser, COPY, **{**paid, "tarif-prices": "Nettoyage | cher"})
    assert "n’est pas un prix" in browser.post(page, wrong).text
    paid |= {"tarif-paid_to": "commune", "tarif-payment": ["cheque"]}
    browser.post(page, written(browser, COPY, label_en="Graffiti on a school", **paid))
    item = {"label": "Nettoyage", "amount": 25.5, "unit": "m²"}
    assert Prestation.objects.get(pk=COPY).fee["items"] == [item]
    assert "Graffitis sur une école" in browser.get(public).text
    kept = ConfigurationChange.objects.filter(kind="prestations", key=COPY).order_by("pk")
    assert [one.after["status"] for one in kept] == ["draft", "draft", "active"]
    assert (kept[0].before, kept[0].after["label"]) == (None, "Graffitis sur une école")
    assert kept[2].after["english"] == {
        **kept[2].before["english"],
        "Graffitis sur une école": "Graffiti on a school",
    }
    found = browser.get(LIST, {"q": "école", "etat": "active"}).text
    assert page in found
    browser.post(page, written(browser, COPY, status="retirees"))
    assert browser.get(public).status_code == 404
    assert page in browser.get(LIST, {"etat": "retirees"}).text
    assert browser.get(page).context["form"]["status"].value() == "retirees"
    browser.post(page, written(browser, COPY, status="active"))
    assert "Aucune prestation trouvée" in browser.get(LIST, {"q": "zzz"}).text
    browser.post(reverse("set_language"), {"language": "en"})
    assert "Graffiti on a school" in browser.get(public).text


def test_a_prestation_goes_from_its_name_to_the_request_that_arrives(browser, catalogue):
    """Groups while it is a draft, rules over the draft's own answers; then it is asked for."""
    code, department = "mur-qui-s-effrite", "voirie-assainissement"
    group = PortalGroup.objects.get(entries__prestation="voirie-graffitis")
    category = catalogue["voirie-graffitis"].category_id
    made = browser.post(
        reverse("backoffice:offer_new"), {"label": "Mur qui s’effrite", "category": category}
    )
    page = reverse("backoffice:offer", args=[code])
    assert made.url == page  # its code is made of its name
    told = browser.get(page).text
    assert "Pour la mettre en service" in told
    assert "pas encore publié" in told or "un brouillon attend d’être publié" in told
    values = written(
        browser,
        code,
        summary="Signalez un mur.",
        eligibility="Tout le monde.",
        groups=[group.pk],
        channels=["web", "guichet"],
        handling="complexe",
        expert_department=catalogue["voirie-graffitis"].expert_department_id,
        processing=catalogue["voirie-graffitis"].processing_id,
    )
    assert browser.post(page, values).status_code == 302
    row = Prestation.objects.get(pk=code)
    assert (row.status, row.portal_entries.get().group) == ("draft", group)
    assert "Mur qui s’effrite (brouillon)" in browser.get(reverse("backoffice:routing_new")).text
    builder = f"{page}formulaire/"
    revision = row.form_draft.revision
    question = {
        "choices-TOTAL_FORMS": "2",
        "choices-INITIAL_FORMS": "0",
        "choices-0-label": "Un mur de soutènement",
        "choices-1-label": "Une façade",
        "label": "Quel mur",
        "type": "select",
        "required": "on",
        "when": "toujours",
        "revision": revision,
    }
    browser.post(f"{builder}ajouter/questions/", question)
    rules = {
        "urgent_unit": "working_days",
        "rule_0_when": 'quel_mur="un_mur_de_soutenement"',
        "rule_0_to": department,
        "seen": browser.get(f"{page}regles/").context["seen"].value,
    }
    assert browser.post(f"{page}regles/", rules).status_code == 302
    browser.post(f"{builder}publier/", {"revision": revision + 1, "note": "Première"})
    done = {one.title for one in browser.get(page).context["way"] if one.done}
    assert {"Ses textes et ses réglages", "Son formulaire"} <= done
    assert browser.post(page, written(browser, code, status="active")).status_code == 302
    assert "Mur qui s’effrite" in browser.get("/").text  # in its group, at once
    filed = file_request(code, answers={"quel_mur": "un_mur_de_soutenement"})
    assert actions.route_request(request_id=filed.pk).department_id == department


def test_a_stale_page_is_refused_and_what_was_typed_stays(browser, catalogue):
    code = "voirie-graffitis"
    page = reverse("backoffice:offer", args=[code])
    mine = written(browser, code, notes="La mienne")
    browser.post(page, written(browser, code, notes="La sienne"))
    refused = browser.post(page, mine)
    assert "Quelqu’un d’autre l’a modifié entre-temps." in refused.text
    assert "La mienne" in refused.text
    assert Prestation.objects.get(pk=code).notes == "La sienne"
    mine = written(browser, code, label_en="Mine")
    browser.post(page, written(browser, code, label_en="Theirs"))
    refused = browser.post(page, mine)
    assert "entre-temps" in refused.text
    assert browser.get(page).context["form"]["label_en"].value() == "Theirs"
    again = mine | {"seen": refused.context["seen"].value}
    assert browser.post(page, again).status_code == 302  # having read it, one may
    shown, mine = browser.get(page).context["seen"], written(browser, code, notes="Autre")
    browser.post(page, written(browser, code, notes="Encore"))
    mine |= {"seen": shown.value, "seen_change": shown.last}
    refused = browser.post(page, mine)  # who, when and what are said, and compared
    assert "l’a modifié pendant que vous écriviez" in refused.text
    assert "Autre</textarea>" in refused.text
    (meanwhile,) = refused.context["seen"].meanwhile
    assert [(one.label, one.after) for one in meanwhile.rows] == [("Notes", "Encore")]


def test_who_saves_again_after_a_conflict_undoes_nothing_of_a_colleague(browser, catalogue):
    page = reverse("backoffice:offer", args=["voirie-graffitis"])
    colleague = make_agent(Role.ADMINISTRATEUR, first_name="Line", last_name="Roche")
    other = client_of(colleague, post=None)
    mine, theirs = page_sends(browser.get(page)), page_sends(other.get(page))
    assert other.post(page, theirs | {"summary": "Le leur", "notes": "La leur"}).status_code == 302
    refused = browser.post(page, mine | {"keywords": "tag", "notes": "La mienne"})
    assert refused.context["form"].errors.keys() == {"__all__", "notes"}  # changed by both
    again = page_sends(refused)
    assert (again["summary"], again["keywords"]) == (["Le leur"], ["tag"])
    assert browser.post(page, again).status_code == 302
    kept = Prestation.objects.get(pk="voirie-graffitis")
    assert (kept.summary, kept.keywords, kept.notes) == ("Le leur", ["tag"], "La mienne")


def test_a_grouping_is_made_arranged_and_removed_only_when_nothing_needs_it(browser, catalogue):
    prestation = catalogue["voirie-graffitis"]
    new = {"label": "Propreté", "label_en": "Cleanliness", "team": "proximite", "order": "5"}
    for sort in ("categories", "rubriques"):
        made = browser.post(reverse(f"backoffice:{sort}_new"), {**new, "code": "Proprete"})
        assert made.url == reverse(f"backoffice:{sort}")
    used = reverse("backoffice:categories_edit", args=[prestation.category_id])
    refused = browser.post(used, {"action": "retirer"}, follow=True)
    assert "Elle sert encore\u00a0: " in refused.text
    assert Category.objects.filter(pk=prestation.category_id).exists()
    browser.post(reverse("backoffice:categories_edit", args=["proprete"]), {"action": "retirer"})
    assert not Category.objects.filter(pk="proprete").exists()
    group = PortalGroup.objects.get(entries__prestation=prestation)
    entry = group.entries.get(prestation=prestation)
    others = {
        f"entree-{one.pk}-{name}": value
        for one in group.entries.exclude(pk=entry.pk)
        for name, value in (("wording", one.portal_label), ("order", one.order))
    }
    page = reverse("backoffice:rubriques_edit", args=[group.pk])
    values = {
        "label": group.label,
        "team": group.team_id,
        "order": group.order,
        "seen": browser.get(page).context["seen"].value,
        **others,
        f"entree-{entry.pk}-wording": "Murs tagués",
        f"entree-{entry.pk}-order": "3",
    }
    browser.post(page, values)
    entry.refresh_from_db()
    assert (entry.portal_label, entry.order) == ("Murs tagués", 3)
    refused = browser.post(page, values | {f"entree-{entry.pk}-wording": "Tags"})
    assert "entre-temps" in refused.text
    assert 'value="Tags"' in refused.text
    for changes in ({"label_en": "Walls"}, {"label_en": "Fences"}):
        stale = values | {"seen": browser.get(page).context["seen"].value}
        browser.post(page, stale | changes)
    refused = browser.post(page, stale | {"label_en": "Walls"})
    assert "entre-temps" in refused.text
    assert set(ConfigurationChange.objects.values_list("kind", flat=True)) == {
        "categories",
        "portal_groups",
    }


def test_silence_and_watertightness_are_chosen_in_the_settings(browser, catalogue, eas_agent):
    """Another regime is to be confirmed anew; named agents alone read, and an opening is told."""
    code, heat = "acte-naissance-filiation", "canicule-inscription-beneficiaire"
    officer = make_agent(Role.DPO, first_name="Léa", last_name="Marchand")
    sr, front = file_request(code), client_of(eas_agent)
    assert front.get(sr.get_absolute_url()).status_code == 200
    page = reverse("backoffice:offer_law", args=[code])

    def chosen(**changes):
        shown = browser.get(page).context
        values = {name: value for name, value in shown["form"].initial.items() if value}
        return browser.post(page, values | {"seen": shown["seen"].value} | changes)

    offered = browser.get(page).context["form"].fields["restricted"].choices
    families = [words for _code, words in offered]
    assert len(families) == len(set(families)) > 4
    said = {"silence_effect": "rejet", "silence_value": "4", "silence_unit": "months"}
    cerfa = "12485*03 | Une demande | https://www.service-public.fr/x"
    assert (
        "public_reports" in chosen(restricted="autre", public_reports="on").context["form"].errors
    )
    assert "Dites au bout de" in chosen(**said | {"silence_value": ""}).text
    assert "n’est pas un formulaire national" in chosen(cerfa="12485 | x | http://x").text
    assert chosen(checks=["signature"]).context["problems"]  # it is not only collected
    why = {"restricted": "autre", "restricted_why": "données de santé"}
    assert chosen(**said, **why, cerfa=cerfa, checks=["identity"]).status_code == 302
    row = Prestation.objects.get(pk=code)
    assert (row.regime, row.legal_confirmed, row.checks) == ("rejet:4:months", False, ["identity"])
    assert row.cerfa[0]["number"] == "12485*03"
    waiting = browser.get(reverse("backoffice:regimes")).context["to_confirm"]
    assert code in {one.pk for one, _words in waiting}
    assert front.get(sr.get_absolute_url()).status_code == 404
    assert "opening" in chosen(restricted="").context["form"].errors
    assert front.get(sr.get_absolute_url()).status_code == 404
    assert chosen(restricted="", opening="on").status_code == 302
    assert front.get(sr.get_absolute_url()).status_code == 200
    acts = AccessRecord.objects.filter(detail__prestation=code).order_by("pk")
    assert [one.action for one in acts] == [f"restrict:{code}", f"unrestrict:{code}"]
    assert Delivery.objects.filter(about="watertight", to=officer.email).count() == 2
    opened = ConfigurationChange.objects.filter(kind="prestations", key=code).latest("pk")
    back = f"/agent/parametrage/historique/{opened.pk}/revenir/avant/"
    browser.post(back, {"seen": browser.get(back).context["seen"]})
    assert front.get(sr.get_absolute_url()).status_code == 404
    assert Delivery.objects.filter(about="watertight", to=officer.email).count() == 3

    category = catalogue[heat].category_id
    made = {"label": "Registre du froid", "code": "froid", "category": category, "source": heat}
    made = browser.post(reverse("backoffice:offer_new"), made, follow=True)
    assert "réservée à des agents nommés" in made.text
    todo = {one.title for one in made.context["way"] if not one.done}
    stages = {
        "Les agents nommés qui lisent ses demandes",
        "Ce que vaut le silence, ce qui se vérifie",
    }
    assert stages <= todo
    assert "Registre du froid" in browser.get(reverse("backoffice:holders")).text
    browser.post(reverse("backoffice:holder", args=["froid"]), {"user": eas_agent.pk})
    way = browser.get(reverse("backoffice:offer", args=["froid"])).context["way"]
    assert "Les agents nommés qui lisent ses demandes" in {one.title for one in way if one.done}


def test_the_list_asks_as_much_for_all_as_for_one(browser, catalogue):
    browser.get(LIST)  # what a process reads once
    with CaptureQueriesContext(connection) as one:
        browser.get(LIST, {"q": "graffitis"})
    with CaptureQueriesContext(connection) as every:
        browser.get(LIST)
    assert len(every) == len(one)


def test_what_answers_change_and_the_shared_questions_have_their_pages(administrator):
    client, code = client_of(administrator), "espaces-verts-entretien"
    page = f"/agent/parametrage/prestations/{code}/regles/"
    shown = client.get(page)
    form = shown.context["form"]
    values = {
        name: [one or "" for one in value] if isinstance(value, list) else value
        for name in form.fields
        if (value := form[name].value()) not in (None, False)
    }
    values["seen"] = shown.context["seen"].value
    before = Prestation.objects.get(pk=code)
    assert before.routing_rules
    client.post(page, values)
    after = Prestation.objects.get(pk=code)
    assert (after.routing_rules, after.urgent_if) == (before.routing_rules, before.urgent_if)
    assert after.on_behalf == before.on_behalf  # what is saved as it was shown stays
    assert not ConfigurationChange.objects.exists()
    refused = client.post(
        page, {**values, "urgent_condition": "", "rule_1_to": "voirie-assainissement"}
    )
    assert {"urgent_condition", "rule_1_to"} == set(refused.context["form"].errors)
    client.post(page, {**values, "urgent_value": "3", "rule_0_when": "", "rule_0_to": ""})
    after = Prestation.objects.get(pk=code)
    assert (after.urgent_value, after.routing_rules) == (3, [])
    Prestation.objects.filter(pk=code).update(current_form=None, urgent_if=[])
    formless = client.get(page).content.decode()
    assert "donnez d’abord des choix à son formulaire" in formless
    assert "id_urgent_if" not in formless
    assert ConfigurationChange.objects.get().kind == "prestations"

    page = "/agent/parametrage/demandeur/identifie/"
    shown = client.get(page)
    values = {
        one.add_prefix(name): one[name].value()
        for one in shown.context["questions"]
        for name in one.fields
        if one[name].value()
    }
    values |= {"seen": shown.context["seen"].value, "reason": "Plus clair"}
    values |= {"nom_usage-label": "Nom d’époux ou d’épouse", "nom_usage-label_en": "Married name"}
    users = len(shown.context["users"])
    told = client.post(page, values, follow=True).content.decode()
    assert f"{users} formulaires ont changé" in told
    changes = ConfigurationChange.objects.filter(reason="Plus clair")
    assert changes.count() == users
    assert changes[0].after["english"]["Nom d’époux ou d’épouse"] == "Married name"
    again = client.post(page, values)
    assert "entre-temps" in again.content.decode()
