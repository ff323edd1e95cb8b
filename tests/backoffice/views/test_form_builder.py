"""The form builder: a draft written, tried, published; two administrators; older versions."""

import pytest
from django.test import Client
from django.urls import reverse

from prestations.enums import Role
from prestations.models import ConfigurationChange, FormDraft, FormVersion, Prestation
from requests import actions
from tests.backoffice.conftest import client_of
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db
GRAFFITI = "voirie-graffitis"
NO_CHOICES = {
    "choices-TOTAL_FORMS": "0",
    "choices-INITIAL_FORMS": "0",
}


@pytest.fixture
def browser(administrator) -> Client:
    return client_of(administrator, post=None)


def url(name: str, *args, code: str = GRAFFITI) -> str:
    return reverse(f"backoffice:{name}", args=[code, *args])


def begin(browser: Client) -> FormDraft:
    browser.post(url("form_act", "commencer"))
    return FormDraft.objects.get(prestation=GRAFFITI)


def colour(**more) -> dict:
    return {
        **NO_CHOICES,
        "label": "Couleur du tag",
        "label_en": "Colour of the tag",
        "type": "text",
        "when": "toujours",
        **more,
    }


def test_a_form_is_written_tried_and_published(browser, catalogue, administrator):
    before = catalogue[GRAFFITI].current_form
    begun = actions.start_draft(prestation=catalogue[GRAFFITI])
    draft = begin(browser)
    start = draft.revision
    address = url("form_part_new", "questions")
    tried = browser.post(address, colour(revision=start, action="apercu"))
    assert "Couleur du tag" in tried.text
    assert tried["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in tried["Content-Security-Policy"]
    draft.refresh_from_db()
    assert draft.revision == start  # tried, not kept
    browser.post(address, colour(revision=start))
    moved = browser.post(
        url("form_part_act", "questions", "couleur_du_tag", "monter"), {"revision": start + 1}
    )
    assert moved.url.endswith("#questions-couleur_du_tag")
    draft.refresh_from_db()
    names = [one["name"] for one in draft.definition["fields"]]
    assert names.index("couleur_du_tag") == len(names) - 2
    page = browser.get(url("form_publish")).text
    assert "Ajouté" in page
    assert "Couleur du tag" in page
    note = "La couleur aide les équipes."
    browser.post(url("form_publish"), {"revision": start + 2, "note": note})
    prestation = Prestation.objects.get(pk=GRAFFITI)
    version = prestation.current_form
    assert (version.number, version.publication.note, version.publication.by) == (
        before.number + 1,
        note,
        administrator,
    )
    assert not FormDraft.objects.exists()
    begun.refresh_from_db()
    assert begun.form_version == before  # what was begun keeps its version
    kept = ConfigurationChange.objects.get(kind="prestations", key=GRAFFITI)
    assert kept.reason == note
    browser.post(reverse("set_language"), {"language": "en"})
    assert "Colour of the tag" in browser.get(url("form_builder")).text


def test_two_administrators_do_not_overwrite_each_other(browser, catalogue):
    start = begin(browser).revision
    address = url("form_part_new", "questions")
    browser.post(address, colour(revision=start))
    refused = browser.post(address, colour(label="Hauteur du tag", revision=start))
    assert refused.status_code == 200
    assert "Vous l’avez modifié dans une autre fenêtre" in refused.text
    FormDraft.objects.update(
        changed_by=make_agent(Role.ADMINISTRATEUR, first_name="Ada", last_name="Bis")
    )
    other = browser.post(address, colour(label="Hauteur du tag", revision=start))
    assert "Quelqu’un d’autre l’a modifié entre-temps." in other.text
    assert "Hauteur du tag" in refused.text  # what was typed, and what it changes
    assert "Ce que vous changez" in refused.text
    assert f'name="revision" value="{start + 1}"' in refused.text
    browser.post(address, colour(label="Hauteur du tag", revision=start + 1))
    names = [one["name"] for one in FormDraft.objects.get().definition["fields"]]
    assert names[-2:] == ["couleur_du_tag", "hauteur_du_tag"]
    assert "Hauteur du tag" in browser.get(url("form_discard")).text  # what would be lost
    browser.post(url("form_discard"), {"revision": start + 1})
    assert FormDraft.objects.exists()
    browser.post(url("form_discard"), {"revision": start + 2})
    assert not FormDraft.objects.exists()
    late = browser.post(address, colour(label="Odeur du tag", revision=start + 2))
    assert "Odeur du tag" in late.text  # the draft is gone, what was typed is not
    assert "publié ou abandonné entre-temps" in late.text


def test_a_wrong_form_is_refused_with_the_way_to_its_question(browser, catalogue):
    start = begin(browser).revision
    asked = {
        **NO_CHOICES,
        "choices-TOTAL_FORMS": "1",
        "choices-0-label": "Rouge",
        "choices-0-ORDER": "1",
        "choices-0-label_en": "Scarlet",
        "label": "Teinte",
        "type": "select",
        "when": "toujours",
        "revision": start,
    }
    twice = {"choices-TOTAL_FORMS": "2", "choices-1-label": "ROUGE", "choices-1-ORDER": "2"}
    wrong = browser.post(url("form_part_new", "questions"), asked | twice).text
    assert 'href="#id_choices-1-label"' in wrong  # the summary on top
    browser.post(url("form_part_new", "questions"), asked)
    # another answer takes its place: the English of the one before does not stay with it
    other = {"choices-0-value": "rouge", "choices-0-label": "Ocre", "choices-INITIAL_FORMS": "1"}
    there = url("form_part", "questions", "teinte")
    said = browser.post(there, {**asked, **other, "revision": start + 1}, follow=True)
    assert "«\u00a0Scarlet\u00a0» traduisait le texte d’avant" in said.text
    (shown,) = browser.get(there).context["form"].choices.initial
    assert (shown["label"], shown["label_en"]) == ("Ocre", None)
    start += 1
    depends = colour(
        label="Nuance", when="reponses", when_answers=['teinte="rouge"'], revision=start + 1
    )
    browser.post(url("form_part_new", "questions"), depends)
    browser.post(url("form_part_act", "questions", "teinte", "retirer"), {"revision": start + 2})
    owner = "autorisation_proprietaire"  # a document depends on it
    browser.post(url("form_part_act", "questions", owner, "retirer"), {"revision": start + 3})
    page = browser.get(url("form_builder")).text
    assert url("form_part", "questions", "nuance") in page
    assert "La condition porte sur une question" in page
    for page in ("form_preview", "form_publish"):
        assert browser.get(url(page)).status_code == 200
    assert browser.get(url("form_part", "questions", "nuance")).status_code == 200
    refused = browser.post(url("form_publish"), {"revision": start + 4, "note": "Essai"})
    assert "points à corriger" in refused.text
    assert refused.text.count("data-error-summary") == 1  # each a link to its place
    assert Prestation.objects.get(pk=GRAFFITI).current_form == catalogue[GRAFFITI].current_form


def test_an_older_version_is_put_in_force_anew(browser, catalogue):
    first = catalogue[GRAFFITI].current_form
    start = begin(browser).revision
    browser.post(url("form_part_new", "questions"), colour(revision=start))
    browser.post(url("form_publish"), {"revision": start + 1, "note": "Avec la couleur"})
    told = browser.get(url("form_versions")).text
    assert "Avec la couleur" in told
    assert "Ajouté" in told
    page = browser.get(url("form_again", first.number)).text
    assert "Enlevé" in page
    assert f"Publier la version {first.number + 2}" in page
    read = url("form_preview") + "?version="
    asked = "&question=couleur_du_tag"
    before, after = (browser.get(f"{read}{first.number + more}{asked}").text for more in (0, 1))
    assert "Couleur du tag" not in before
    assert "Couleur du tag" in after
    assert f'action="{read}{first.number}"' in before
    assert browser.get(f"{read}99").status_code == 404
    again = browser.get(url("form_again", first.number + 1))  # in force
    assert again.url == url("form_versions")
    browser.post(url("form_again", first.number), {"note": "La couleur ne sert pas"})
    current = Prestation.objects.get(pk=GRAFFITI).current_form
    assert current.number == first.number + 2
    assert current.definition == first.definition
    assert FormVersion.objects.filter(prestation=GRAFFITI).count() == first.number + 2


def test_what_is_tried_is_the_filing_itself_and_nothing_is_kept(browser, catalogue):
    begin(browser)
    address = url("form_preview")
    assert "Étape 1 sur" in browser.get(address).text
    blank = browser.post(address, {"page": 1, "donnees": "{}"})
    assert blank.context["form"].errors
    for hostile in ("", "[]", '{"reponses": 3}', '{"avant": {"x": []}}', "\x00"):
        assert browser.post(address, {"page": "99", "donnees": hostile}).status_code == 200


def test_a_trial_goes_from_the_questions_before_to_the_end(browser, catalogue):
    code = "acte-naissance-filiation"
    address = url("form_preview", code=code)
    page = browser.get(address, {"langue": "en"})
    for _question in catalogue[code].current_form.definition["eligibility"]:
        kept = page.context["trial"]
        chosen = kept.conditions[kept.page - 1]
        answer = next(one for one, _label in chosen.choices if one not in chosen.stops)
        state = {"page": kept.page, "donnees": kept.kept(), "langue": "en"}
        page = browser.post(address, {**state, "reponse": answer})
    assert "Step 1 of" in page.text
    trial = page.context["trial"]
    back = browser.post(
        address, {"page": trial.page, "donnees": trial.kept(), "langue": "en", "action": "back"}
    )
    assert f"question {trial.page - 1} of {trial.page - 1}" in back.text
    end = browser.post(address, {"page": 90, "donnees": trial.kept(), "action": "langue:fr"})
    assert "Fin de l’essai" in end.text


def test_documents_and_questions_before_are_written_and_read_again(browser, catalogue):
    start = begin(browser).revision
    document = {
        "label": "Photo du mur",
        "mode": "conditional",
        "condition_words": "Si le mur est privé",
        "moment": "plus-tard",
        "when": "toujours",
        "source": "",
    }
    browser.post(url("form_part_new", "pieces"), {**document, "revision": start})
    before = {
        "question": "Êtes-vous à Massy ?",
        "choices-TOTAL_FORMS": "2",
        "choices-INITIAL_FORMS": "2",
        "choices-0-value": "oui",
        "choices-0-label": "Oui",
        "choices-1-value": "non",
        "choices-1-label": "Non",
        "choices-1-stops": "on",
        "choices-1-because": "Massy n’agit que chez elle.",
        "choices-1-instead": "Adressez-vous à votre mairie.",
    }
    browser.post(url("form_part_new", "conditions"), {**before, "revision": start + 1})
    definition = FormDraft.objects.get().definition
    assert definition["documents"][-1] == {
        "code": "photo-du-mur",
        "label": "Photo du mur",
        "mode": "conditional",
        "condition": "Si le mur est privé",
        "required_if": None,
        "original_at_counter": False,
        "later": True,
    }
    assert definition["eligibility"][-1] == {
        "code": "etes_vous_a_massy",
        "question": "Êtes-vous à Massy ?",
        "stops": [
            {
                "values": ["non"],
                "because": "Massy n’agit que chez elle.",
                "instead": "Adressez-vous à votre mairie.",
            }
        ],
    }
    again = browser.get(url("form_part", "conditions", "etes_vous_a_massy")).text
    assert "Adressez-vous à votre mairie." in again
    stopped = browser.post(url("form_preview"), {"page": 1, "donnees": "{}", "reponse": "non"}).text
    assert "Massy n’agit que chez elle." in stopped


def test_rules_over_answers_of_the_draft_wait_for_its_publication(browser, catalogue):
    """More answers than there were lines, without a script; a text asked twice is told of."""
    start = begin(browser).revision
    address = url("form_part_new", "questions")
    asked = {
        **NO_CHOICES,
        "choices-TOTAL_FORMS": "3",
        **{f"choices-{place}-label": f"Mur {place + 1}" for place in range(3)},
        "label": "Adresse du mur",
        "type": "select",
        "when": "toujours",
    }
    more = browser.post(address, {**asked, "label": "", "action": "plus"}).context["form"]
    assert [row["label"].value() for row in more.choices] == [
        "Mur 1",
        "Mur 2",
        "Mur 3",
        *3 * [None],
    ]
    assert not more.is_bound  # nothing is judged
    browser.post(address, {**asked, "revision": start})
    twice = browser.post(address, colour(label="Adresse du mur", revision=start + 1), follow=True)
    assert "Une autre question a le même texte" in twice.text
    assert "Des questions ont le même texte" in twice.text
    rules = url("offer_rules")
    form = browser.get(rules).context["form"]
    answer = 'adresse_du_mur="mur_2"'
    assert ("Adresse du mur : Mur 2 (nouvelle dans le brouillon)") in dict(
        form.fields["urgent_if"].choices
    )[answer].replace("\u00a0", " ")
    values = {
        "urgent_value": "2",
        "urgent_unit": "working_days",
        "urgent_condition": "tag injurieux",
        "urgent_if": [answer],
        "moment": "maintenant",
        "seen": browser.get(rules).context["seen"].value,
        "revision": start + 2,
    }
    assert "moment" in browser.post(rules, values).context["form"].errors
    before = Prestation.objects.get(pk=GRAFFITI)
    assert browser.post(rules, {**values, "moment": "publication"}).status_code == 302
    assert Prestation.objects.get(pk=GRAFFITI).urgent_value == before.urgent_value
    told = browser.get(url("form_publish")).text
    assert "tag injurieux" in told
    browser.post(url("form_publish"), {"revision": start + 3, "note": "Avec l’urgence"})
    after = Prestation.objects.get(pk=GRAFFITI)
    assert (after.urgent_value, after.urgent_if[0]["value"]) == (2, "mur_2")
    assert after.current_form != before.current_form
    # rules alone may wait for a draft that asks the same; one more line keeps what was typed
    start = begin(browser).revision
    values |= {"urgent_value": "3", "moment": "publication", "revision": start}
    lines = len(browser.get(rules).context["form"].rules)
    typed = {f"rule_{one}_when": "" for one in range(lines)}
    more = browser.post(rules, {**values, **typed, "action": "plus"}).context["form"]
    assert (len(more.rules), more["urgent_value"].value()) == (lines + 1, "3")
    assert not more.is_bound
    assert browser.post(rules, values).status_code == 302
    assert "le formulaire garde sa version" in browser.get(url("form_publish")).text
    known = ConfigurationChange.objects.latest("pk").pk
    put = {"revision": start + 1, "note": "Trois jours"}
    assert browser.post(url("form_publish"), put).status_code == 302
    alone = Prestation.objects.get(pk=GRAFFITI)
    assert (alone.urgent_value, alone.current_form) == (3, after.current_form)
    (kept,) = ConfigurationChange.objects.filter(pk__gt=known)  # one line of the history
    assert kept.reason == "Trois jours"
    begin(browser)
    nothing = browser.post(url("form_publish"), {**put, "revision": begin(browser).revision})
    assert "Rien n’a changé" in nothing.text
