"""The town's lists, letters, streets and own name, kept by the administrator (issue 5)."""

import html
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.configured.users import MOST_USERS, users_of
from backoffice.sorts import SORTS
from massy_grc.audit.models import AccessRecord
from prestations.configuration import kind_of
from prestations.enums import LetterUse
from prestations.loading import load_addresses
from prestations.models import (
    ConfigurationChange,
    LetterTemplate,
    Prestation,
    Signatory,
    Street,
    Town,
)
from prestations.streets.lookup import match
from requests.letters.offering import offered
from requests.models import RoutingRule
from requests.signing import may_sign, signatory_of
from tests.backoffice.conftest import client_of

pytestmark = pytest.mark.usefixtures("catalogue")
SETTINGS = "/agent/parametrage/"
CERTIFICATE = "acte-naissance-filiation"
# What each form asks beside a name and a place.
MORE = {
    "equipes": {"direction": "dgs"},
    "equipements": {"kind": "piscine", "monday": "9h-12h"},
    "autorites": {"address": "1 place de la Mairie"},
    "gravites": {"hint": "Sans suite."},
    "signataires": {"first_name": "Ada", "last_name": "Nouvel", "quality": "Adjointe"},
    "traitements": {
        "purpose": "Répondre",
        "basis_source": "Code",
        "held": "Nom\nAdresse",
        "holds": "none",
        "basis": "mission",
        "kept_note": "Rien n’est gardé.",
    },
}


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def last_change() -> ConfigurationChange:
    return ConfigurationChange.objects.latest("pk")


def as_shown(page) -> dict:
    """What a browser posts of a page that nobody has touched."""
    shown = {one.name: one.value() for one in page.context["form"]}
    told = {name: value for name, value in shown.items() if value not in (None, False)}
    return told | {"seen": page.context["seen"].value}


def test_each_list_is_written_withdrawn_and_put_back_and_every_change_is_kept(
    administrator, monkeypatch
):
    monkeypatch.setattr("prestations.configuration.putting.index_search", lambda: None)  # slow
    client = client_of(administrator)
    for slug, sort in SORTS.items():
        url = f"{SETTINGS}listes/{slug}/"
        known = set(sort.form.model.objects.values_list("pk", flat=True))
        typed = {"label": "Nouvel élément", "label_en": "New item", "order": "990"}
        typed |= MORE.get(slug, {}) | {"reason": "Décidé en conseil"}
        made = client.post(f"{url}nouvelle/", typed)
        assert made.status_code == 302, (slug, made.context["form"].errors)
        (code,) = set(sort.form.model.objects.values_list("pk", flat=True)) - known
        change = last_change()
        assert (change.kind, change.key, change.before) == (sort.kind, code, None)
        assert change.reason == "Décidé en conseil"
        page = client.get(f"{url}{code}/")
        if "label" in page.context["form"].fields:
            assert page.context["form"]["label_en"].value() == "New item"
            english = kind_of(sort.kind).snapshot(code)["english"]
            assert english["Nouvel élément"] == "New item"
            twin = client.post(f"{url}nouvelle/", typed | {"label": "  NOUVEL élement "})
            assert "est déjà dans la liste" in str(twin.context["form"].errors["label"]), slug
        seen = page.context["seen"].value
        client.post(f"{url}{code}/", {"action": "retirer", "seen": seen, "reason": "Erreur"})
        assert last_change().after is None, slug
        client.post(f"{url}{code}/", {"action": "remettre"})
        assert last_change().after == change.after, slug


@pytest.mark.parametrize("slug", ["signataires", "traitements", "equipements"])
def test_a_page_saved_as_it_is_changes_nothing_and_lists_cost_the_same(
    administrator, monkeypatch, slug
):
    client, sort = client_of(administrator), SORTS[slug]
    rows = sort.rows().filter(is_active=True)
    url = f"{SETTINGS}listes/{slug}/"
    for row in rows[:2]:
        page = client.get(f"{url}{row.pk}/")
        saved = client.post(f"{url}{row.pk}/", as_shown(page))
        assert saved.status_code == 302, (row.pk, saved.context["form"].errors)
    assert not ConfigurationChange.objects.exists()
    wrong = client.post(f"{url}nouvelle/", {"order": "10"})
    assert "is-invalid" in wrong.content.decode()
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    kept = sort.rows().filter(pk=rows[0].pk)
    monkeypatch.setattr(type(sort), "rows", lambda self: kept)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    assert len(many) == len(few)


def test_what_is_in_use_says_what_uses_it_and_stays(administrator):
    client = client_of(administrator)
    direction = Prestation.objects.get(pk=CERTIFICATE).team.direction
    url = f"{SETTINGS}listes/directions/{direction.pk}/"
    page = client.get(url)
    assert str(Prestation.objects.get(pk=CERTIFICATE).team) in page.context["users"]
    client.post(url, {"action": "retirer", "seen": page.context["seen"].value})
    assert kind_of("directions").snapshot(direction.pk) is not None
    assert kind_of("directions").faults(direction.pk, None)  # by a file and the history alike
    assert users_of("closing_reasons", "refusee")
    # the last one who signs all the rest stays, or refusals would have no name
    assert kind_of("signatories").faults("maire", None)
    # each letter that the code names is one that nobody takes away
    sources = "".join(
        path.read_text()
        for app in ("requests", "citizens", "backoffice")
        for path in Path(app).rglob("*.py")
        if "demo" not in path.parts
    )
    quoted = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', sources))
    sent = LetterTemplate.objects.exclude(uses=[LetterUse.LATER])
    for code in quoted & set(sent.values_list("pk", flat=True)):
        assert users_of("templates", code), code


def test_a_new_letter_is_offered_once_a_second_person_approved_it_and_may_be_withdrawn(
    administrator, manager_browser, sr
):
    client, url = client_of(administrator), f"{SETTINGS}modeles/"
    typed = {
        "label": "Suite de la visite",
        "order": "900",
        "audience": "citoyen",
        "channels": ["letter", "email"],
        "use": ["message"],
        "general": "on",
        "subject": "Votre visite",
        "body": "Bonjour,\n\n{{ inconnu.champ }}",
    }
    page = client.post(f"{url}nouvelle/", typed)
    assert "n’est pas un champ connu" in page.context["form"].errors["body"][0]
    typed["body"] = "Bonjour,\n\nVotre demande {{ requete.reference }} avance."
    assert client.post(f"{url}nouvelle/", typed).status_code == 302
    code = "suite-de-la-visite"
    assert "à approuver" in text_of(client.get(url))
    client.post(f"{url}{code}/", {"action": "remettre"})  # nobody puts it in use alone
    assert code not in {one.pk for one in offered(sr, LetterUse.MESSAGE)}
    read = text_of(manager_browser.get(f"/agent/courriers/modeles/{code}/"))
    assert "Nouveau modèle" in read
    assert "Texte en usage" not in read
    assert "Rien ne change" not in read
    manager_browser.post(f"/agent/courriers/modeles/{code}/approuver/", {"seen": 1})
    assert code in {one.pk for one in offered(sr, LetterUse.MESSAGE)}
    assert (last_change().kind, last_change().before) == ("templates", None)
    settings = {**typed, "general": "", "seen": client.get(f"{url}{code}/").context["seen"].value}
    assert client.post(f"{url}{code}/", settings).status_code == 302
    letters = f"{SETTINGS}prestations/{CERTIFICATE}/lettres/"
    form = client.get(letters).context["form"]
    named = {one.name: one.value() or [] for one in form}
    named["seen"] = client.get(letters).context["seen"].value
    assert client.post(letters, named | {"other_templates": [code]}).status_code == 302
    assert users_of("templates", code) == [str(Prestation.objects.get(pk=CERTIFICATE))]
    seen = client.get(f"{url}{code}/").context["seen"].value
    client.post(f"{url}{code}/", {"action": "retirer", "seen": seen})
    assert LetterTemplate.objects.get(pk=code).is_active
    named["seen"] = client.get(letters).context["seen"].value
    client.post(letters, named | {"other_templates": []})
    client.post(f"{url}{code}/", {"action": "retirer", "seen": seen})
    assert not LetterTemplate.objects.get(pk=code).is_active
    refusal = client.get(f"{url}decision-refus/").context
    assert len(refusal["users"]) == MOST_USERS
    assert refusal["more"] > 1


def test_a_street_is_written_renamed_and_closed_and_a_load_leaves_it_alone(administrator, tmp_path):
    client, url = client_of(administrator), f"{SETTINGS}rues/"
    file = tmp_path / "adresses.csv"
    header = "cle_interop;commune_insee;commune_nom;voie_nom;numero;suffixe;position;x;y;long;lat"
    rows = [
        "91377_0123_00012;91377;Massy;Rue Jean Mermoz;12;;entrée;;;2.2785;48.7306",
        "91377_0124_00001;91377;Massy;Rue du Pont;1;;entrée;;;2.2786;48.7307",
    ]
    file.write_text("\n".join([header, *rows]))
    load_addresses(file)
    typed = {"name": "Rue Simone Veil", "postcode": "91300", "latitude": "48,731"}
    assert "longitude" in client.post(f"{url}nouvelle/", typed).context["form"].errors
    assert client.post(f"{url}nouvelle/", typed | {"longitude": "2,279"}).status_code == 302
    assert match("r. simone veil").street.latitude == 48.731
    twice = client.post(f"{url}nouvelle/", {"name": "rue simone-veil", "postcode": "91300"})
    assert "déjà au registre" in text_of(twice)
    pont = f"{url}91377_0124/"
    seen = client.get(pont).context["seen"].value
    renamed = {"name": "Rue du Vieux Pont", "postcode": "91300", "seen": seen}
    assert client.post(pont, renamed).status_code == 302
    assert (last_change().before["name"], last_change().kind) == ("Rue du Pont", "street")
    rule = RoutingRule(order=1, label="Secteur", conditions={"streets": ["91377_0123"]})
    rule.department_id, rule.changed_by = "voirie-assainissement", administrator
    rule.changed_at = timezone.now()
    rule.save()
    mermoz = f"{url}91377_0123/"
    seen = client.get(mermoz).context["seen"].value
    client.post(mermoz, {"action": "retirer", "seen": seen})
    assert match("rue jean mermoz") is not None  # a rule names it
    rule.delete()
    client.post(mermoz, {"action": "retirer", "seen": seen})
    assert match("rue jean mermoz") is None
    client.cookies["django_language"] = "en"  # a street's own name has no translation
    assert "Rue Jean Mermoz" in client.get(mermoz).text
    assert "Rue du Vieux Pont" in client.get(pont).text
    client.cookies.pop("django_language")
    rows.append("91377_0125_00003;91377;Massy;Rue Simone-Veil;3;;entrée;;;2.279;48.731")
    file.write_text("\n".join([header, *rows]))
    load_addresses(file)
    assert match("rue jean mermoz") is None
    assert match("rue du vieux pont") is not None
    assert match("rue simone veil").street.pk == "91377_0125"  # the file's own, now that it has it
    page = text_of(client.get(url, {"q": "veil"}))
    assert page.count("fermée") == 1
    assert Street.objects.count() == 4


def test_a_signatory_covers_what_is_ticked_and_their_account_is_a_logged_right(
    administrator, eas_agent, sr
):
    client, url = client_of(administrator), f"{SETTINGS}listes/signataires/"
    typed = MORE["signataires"] | {"order": "5", "prestations": [sr.prestation_id]}
    assert client.post(f"{url}nouvelle/", typed | {"account": eas_agent.pk}).status_code == 302
    signatory = Signatory.objects.get(last_name="Nouvel")
    assert signatory_of(sr) == signatory
    assert may_sign(sr, eas_agent)
    log = AccessRecord.objects.filter(object_type="user", object_id=eas_agent.pk)
    assert log.latest("pk").action == f"signs_alone:{signatory.pk}"
    page = client.get(f"{url}{signatory.pk}/")
    client.post(f"{url}{signatory.pk}/", typed | {"seen": page.context["seen"].value})
    assert not may_sign(sr, eas_agent)
    assert log.latest("pk").action.startswith("signs_no_more")
    assert eas_agent.email not in str(last_change().after)


def test_the_town_itself_is_changed_and_brought_back(administrator):
    client, url = client_of(administrator), f"{SETTINGS}ville/"
    page = client.get(url)
    typed = {one.name: one.value() or "" for one in page.context["form"]}
    typed |= {"phone": "01 00 00 00 00", "monday": "9h-12h", "seen": page.context["seen"].value}
    wrong = client.post(url, typed | {"postcode": "913"})
    assert "cinq chiffres" in wrong.context["form"].errors["postcode"][0]
    facts = Town.objects.get().facts
    assert client.post(url, typed).status_code == 302
    town = Town.objects.get()
    assert town.phone == "01 00 00 00 00"
    assert town.facts["phone_hours"]["monday"] == [["09:00", "12:00"]]
    assert town.facts | {"phone_hours": facts["phone_hours"]} == facts
    stale = client.post(url, typed | {"phone": "02"})
    assert "Quelqu’un d’autre" in text_of(stale)
    shown = text_of(client.get(f"{SETTINGS}historique/{last_change().pk}/"))
    assert "01 00 00 00 00" in shown
    back = f"{SETTINGS}historique/{last_change().pk}/revenir/avant/"
    client.post(back, {"seen": client.get(back).context["seen"]})
    assert Town.objects.get().facts == facts
