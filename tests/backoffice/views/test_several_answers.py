"""A question with several answers, from the form builder to the agent who reads them."""

import pytest
from django.urls import reverse

from prestations.models import FormDraft, Prestation
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.requests.filing.support import file_valid, text_of

pytestmark = pytest.mark.django_db
CODE = "voirie-graffitis"


def test_several_answers_are_asked_given_and_read(client, front, administrator, catalogue):
    admin = client_of(administrator, post=None)

    def url(name: str, *args) -> str:
        return reverse(f"backoffice:{name}", args=[CODE, *args])

    admin.post(url("form_act", "commencer"))
    start = FormDraft.objects.get().revision
    langs = {
        "label": "Langues du tag",
        "type": "selectboxes",
        "required": "on",
        "choices-TOTAL_FORMS": "3",
        "choices-INITIAL_FORMS": "0",
        **{f"choices-{at}-label": one for at, one in enumerate(("Français", "Latin", "Autre"))},
        "most_answers": "5",
        "when": "toujours",
    }
    new = url("form_part_new", "questions")
    tried = admin.post(new, langs | {"revision": start, "action": "apercu"})
    assert tried.text.count('type="checkbox" name="reponses.langues_du_tag"') == 3
    admin.post(new, langs | {"revision": start})
    assert "ne va pas avec celui des réponses proposées" in text_of(admin.get(url("form_builder")))
    mend = url("form_part", "questions", "langues_du_tag")
    kept = {"choices-INITIAL_FORMS": "3", "most_answers": "2", "revision": start + 1}
    for at, row in enumerate(admin.get(mend).context["form"].choices.initial_forms):
        kept[f"choices-{at}-value"] = row["value"].value()
    admin.post(mend, langs | kept)
    depends = {
        "label": "Laquelle",
        "type": "text",
        "required": "on",
        "choices-TOTAL_FORMS": "0",
        "choices-INITIAL_FORMS": "0",
        "when": "reponses",
        "when_answers": ['langues_du_tag="autre"'],
    }
    shown = admin.post(new, depends | {"revision": start + 2, "action": "apercu"})
    assert "Seulement si « Langues du tag » contient : Autre" in text_of(shown)
    admin.post(new, depends | {"revision": start + 2})
    listed = text_of(admin.get(url("form_builder")))
    assert "Plusieurs réponses possibles, 2 au plus" in listed
    assert "si « Langues du tag » contient : Autre" in listed
    urgent = {
        "urgent_value": "2",
        "urgent_unit": "working_days",
        "urgent_condition": "en latin",
        "urgent_if": ['langues_du_tag="latin"'],
        "moment": "publication",
        "seen": admin.get(url("offer_rules")).context["seen"].value,
        "revision": start + 3,
    }
    saved = admin.post(url("offer_rules"), urgent)
    assert saved.status_code == 302
    published = admin.post(url("form_publish"), {"revision": start + 4, "note": "Les langues"})
    assert published.status_code == 302
    form = Prestation.objects.get(pk=CODE).current_form
    assert form.definition["fields"][-2]["most_answers"] == 2

    def pick(question):
        return ["latin", "autre"] if question.name == "langues_du_tag" else None

    file_valid(client, CODE, pick=pick)
    sr = ServiceRequest.objects.get()
    assert sr.answers["reponses"]["langues_du_tag"] == ["latin", "autre"]
    assert sr.urgent
    assert "Latin ; Autre" in text_of(front.get(sr.get_absolute_url()))
