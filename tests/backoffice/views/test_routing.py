"""Routing rules through the pages: written, replayed, switched on, moved; agents' training."""

import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import ConfigurationChange, Department, Training
from requests import actions
from requests.enums import RuleOff, State
from requests.models import RoutingRule
from tests.backoffice.conftest import client_of
from tests.backoffice.views.rules import (
    GIVEN,
    GRAFFITI,
    MERMOZ,
    PAGES,
    SQUARE,
    polygon,
    replay,
    switch_on,
    words,
    write,
)
from tests.factories.places import make_register
from tests.factories.prestations import MembershipFactory
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(administrator):
    return client_of(administrator, post=None)


@pytest.fixture
def graffiti(catalogue):
    def file(**fields):
        return make_request(prestation=catalogue[GRAFFITI], **fields)

    return file


def test_a_rule_is_written_replayed_then_switched_on(admin, graffiti):
    graffiti(days_ago=2)
    graffiti(days_ago=50)
    rule = write(admin)
    page = admin.get(f"{PAGES}{rule.pk}/rejeu/").content.decode()
    assert "1 demande arrivée" in page
    assert "1 aurait eu une autre destination." in page
    told = words(page)
    assert "1 au lieu de\xa0: Voirie assainissement et enlèvement graffitis" in told
    assert "Espaces verts" in told
    done = switch_on(admin, rule, page).content.decode()
    assert "La règle est en vigueur." in done
    assert actions.route_request(request_id=graffiti().pk).department_id == "espaces-verts"


def test_it_cannot_be_switched_on_by_the_address_alone(admin):
    rule = write(admin)
    for digest in ("", "0" * 64):
        admin.post(f"{PAGES}{rule.pk}/activer/", {"digest": digest})
    admin.get(f"{PAGES}{rule.pk}/activer/")
    rule.refresh_from_db()
    assert not rule.enabled


def test_a_replay_that_is_out_of_date_says_so(admin):
    rule = write(admin)
    page = replay(admin, rule)
    edited = GIVEN | {"seen": rule.version, "department": "batiments"}
    admin.post(f"{PAGES}{rule.pk}/", edited)
    refused = switch_on(admin, rule, page).content.decode()
    assert "rejouez-la avant de l’activer" in refused
    rule.refresh_from_db()
    assert not rule.enabled


def test_a_rule_that_made_no_sense_when_it_was_replayed_is_replayed_again(admin, expert):
    """What the page showed is not what would be put in force."""
    rule = write(admin, department="voirie-assainissement", person=expert.pk)
    User.objects.filter(pk=expert.pk).update(is_active=False)
    replay(admin, rule)
    User.objects.filter(pk=expert.pk).update(is_active=True)
    assert "Activer cette règle" not in admin.get(f"{PAGES}{rule.pk}/rejeu/").content.decode()
    digest = {"digest": rule.replay.digest}
    refused = admin.post(f"{PAGES}{rule.pk}/activer/", digest, follow=True).content.decode()
    assert "rejouez-la avant de l’activer" in refused
    assert (
        "La règle est en vigueur." in switch_on(admin, rule, replay(admin, rule)).content.decode()
    )


def test_everything_written_comes_back_in_the_form(admin, expert):
    make_register()
    rule = write(
        admin,
        sector="Sud",
        streets="Place des Arts\nr. Jean Mermoz 2-40, pairs\nrue Jean Mermoz impairs",
        area=json.dumps({"type": "Polygon", "coordinates": [SQUARE]}),
        categories=["espaces-verts"],
        requester_kinds=["association"],
        channels=["web", "courrier"],
        keywords="école\ncrèche",
        urgent="oui",
        opening="closed",
        department="voirie-assainissement",
        person=expert.pk,
    )
    page = admin.get(f"{PAGES}{rule.pk}/")
    form = page.context["form"]
    again = {name: form[name].value() for name in form.fields}
    again = {name: value for name, value in again.items() if value not in (None, False)}
    assert again["streets"].split("\n") == [
        "place des Arts",
        "rue Jean Mermoz, 2 à 40, pairs",
        "rue Jean Mermoz, impairs",
    ]
    assert "1 rue du répertoire" in page.content.decode()
    before = rule.conditions
    again["seen"] = rule.version
    assert admin.post(f"{PAGES}{rule.pk}/", again).status_code == 302
    rule.refresh_from_db()
    assert {k: sorted(map(str, v)) if isinstance(v, list) else v for k, v in before.items()} == {
        k: sorted(map(str, v)) if isinstance(v, list) else v for k, v in rule.conditions.items()
    }
    listed = words(admin.get(PAGES).content.decode())
    assert "Sud (contour dessiné, place des Arts, rue Jean Mermoz, 2 à 40, pairs" in listed
    assert "Voirie assainissement et enlèvement graffitis, Karim Benali" in listed
    assert "En dehors des heures d’ouverture de la mairie" in listed


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"streets": "rue Jean Mermoz\nrue Inconnue"}, "pas au répertoire\xa0: rue Inconnue."),
        ({"streets": "rue Jean Mermoz, 9 à 2"}, "premier numéro est plus grand que le dernier."),
        ({"area": "{"}, "pas un polygone GeoJSON"),
        ({"area": "[" * 5000}, "pas un polygone GeoJSON"),
        ({"area": '{"type": "Point", "coordinates": [2.2, 48.7]}'}, "pas un polygone GeoJSON"),
        ({"area": json.dumps([[lat, lon] for lon, lat in SQUARE])}, "Aucune rue de la commune"),
        (
            {"prestations": [], "keywords": "", "sector": "La fresque"},
            "Donnez au moins une condition.",
        ),
        ({"department": ""}, "Dites où vont ces demandes."),
        ({"label": ""}, "Renseignez «\xa0Nom de la règle\xa0»"),
        ({"department": "nulle-part"}, "Sélectionnez un choix valide"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_lost(admin, given, told):
    make_register()
    typed = GIVEN | {"keywords": "tag\nfresque"} | given
    page = admin.post(f"{PAGES}nouvelle/", typed).content.decode()
    assert told in page
    assert "fresque" in page
    assert not RoutingRule.objects.exists()


def test_a_replay_shows_to_who_may_read_a_request_the_words_that_decided(
    admin, administrator, graffiti
):
    sr = graffiti(days_ago=2)
    rule = write(admin, keywords="graffiti\nfresque")
    assert "Mots trouvés" not in replay(admin, rule)
    MembershipFactory(user=administrator, role=Role.SUPERVISEUR, team_id="eas")
    page = replay(admin, rule)
    assert sr.reference in page
    assert "Mots trouvés\u00a0: graffiti" in page
    assert "fresque" not in page[page.index("Mots trouvés") :]


def test_a_person_must_work_where_the_rule_leads(admin, expert):
    page = admin.post(f"{PAGES}nouvelle/", GIVEN | {"person": expert.pk}).content.decode()
    assert "ne travaille pas là où vous envoyez ces demandes" in page


def test_two_administrators_at_once_the_second_is_told_and_saves_after_all(admin):
    make_register()
    rule = write(admin)
    url = f"{PAGES}{rule.pk}/"
    shown = re.findall(r'name="(seen\w*)" value="([^"]*)"', admin.get(url).content.decode())
    seen = {name: html.unescape(value) for name, value in shown}
    first = GIVEN | seen | {"label": "Le premier", "keywords": "tag"}
    assert admin.post(url, first).status_code == 302
    second = GIVEN | seen | {"area": polygon(MERMOZ)}
    answer = admin.post(url, second)
    page = answer.content.decode()
    assert all(one in page for one in ("pendant que vous écriviez", "Ce qu’a changé"))
    assert "Le premier" in page
    drawn = json.loads(answer.context["area_text"])
    assert drawn["coordinates"][0][:4] == MERMOZ  # what the second drew
    rule.refresh_from_db()
    assert not rule.conditions["area"]
    form, seen = answer.context["form"], answer.context["seen"]
    merged = {name: form[name].value() for name in ("label", "keywords", "area")}
    again = {"seen": seen.value, "seen_fields": seen.fields, "seen_change": seen.last}
    assert admin.post(url, GIVEN | merged | again).status_code == 302
    rule.refresh_from_db()
    assert (rule.label, rule.conditions["keywords"]) == ("Le premier", ["tag"])
    assert rule.conditions["area"] == [MERMOZ]


def test_rules_are_moved_and_switched_off(admin):
    first, second = write(admin), write(admin, label="La seconde")
    for rule in (first, second):
        switch_on(admin, rule, replay(admin, rule))
    asked = admin.post(f"{PAGES}{second.pk}/monter/").content.decode()
    assert "en vigueur aussi" in asked
    assert RoutingRule.objects.filter(enabled=True).count() == 2
    page = admin.post(f"{PAGES}{second.pk}/monter/", {"sur": "oui"}, follow=True).content.decode()
    assert admin.post(f"{PAGES}{second.pk}/descendre/").status_code == 302  # it is off: not asked
    admin.post(f"{PAGES}{second.pk}/monter/")
    assert "rejouez-la pour la réactiver" in page
    assert page.index("La seconde") < page.index("Graffitis aux parcs")
    assert "Déplacée" in page
    history, moved = "/agent/parametrage/historique/", ConfigurationChange.objects.latest("pk")
    assert goes_back(admin, moved) == [("1", "2")]
    second.refresh_from_db()
    assert (second.order, RoutingRule.objects.get(order=1)) == (2, first)
    on = ConfigurationChange.objects.get(key=str(second.pk), after__enabled=True)
    kept = ConfigurationChange.objects.count()
    assert "après son rejeu" in admin.get(f"{history}{on.pk}/revenir/apres/").content.decode()
    assert goes_back(admin, on, "apres") == []
    assert (goes_back(admin, moved), kept) == ([], ConfigurationChange.objects.count())
    admin.post(f"{PAGES}{second.pk}/monter/")
    page = admin.post(f"{PAGES}{first.pk}/classer/", follow=True).content.decode()
    assert "est classée : elle ne décide plus de rien" in page.replace("\xa0", " ")
    assert not RoutingRule.objects.filter(enabled=True).exists()
    for verb in ("classer", "descendre"):  # from a tab that is behind
        again = admin.post(f"{PAGES}{first.pk}/{verb}/", follow=True).content.decode()
        assert "a été classée entre-temps" in again
    change = ConfigurationChange.objects.latest("pk")
    assert (change.kind, change.key, change.after) == ("routing_rules", str(first.pk), None)
    third = write(admin, label="La troisième")
    admin.post(f"{PAGES}{third.pk}/monter/")
    page = admin.get(PAGES).content.decode()  # passes the second, over the one filed between
    places = [page.index(one) for one in ("La troisième", "La seconde", "Classées (1)")]
    assert [*places, page.rindex(">Graffitis aux parcs<")] == sorted(
        [*places, page.rindex(">Graffitis aux parcs<")]
    )
    admin.post(f"{PAGES}{third.pk}/classer/")  # one that never was in force is given up
    assert "Classées (2)" in admin.get(PAGES).content.decode()
    assert "parmi celles à rejouer" in admin.get(f"{PAGES}{third.pk}/").content.decode()
    admin.post(f"{PAGES}{third.pk}/remettre/")
    third.refresh_from_db()
    assert (third.is_filed, third.switched_off_why) == (False, RuleOff.TAKEN_UP)
    lines = admin.get(history).context["rows"]
    acts = [str(one.act.words) for one in lines if one.change.key == str(third.pk)]
    assert (acts[0], acts[1], acts[-1]) == ("Remise", "Classée", "Création")
    back = f"/agent/parametrage/historique/{change.pk}/"
    assert "Classée" in admin.get(back).content.decode()
    assert admin.post(f"{PAGES}{first.pk}/effacer/").status_code == 404
    assert admin.post(f"{PAGES}999/monter/").status_code == 404


def goes_back(admin, change, side="avant") -> list[tuple[str, str]]:
    """What the preview promises; then it is asked for."""
    back = f"/agent/parametrage/historique/{change.pk}/revenir/{side}/"
    shown = admin.get(back)
    admin.post(back, {"seen": shown.context["seen"]})
    return [(one.before, one.after) for one in shown.context["rows"]]


def test_a_rule_without_sense_shows_why_in_the_list_and_on_the_settings(admin, graffiti):
    rule = write(admin)
    switch_on(admin, rule, replay(admin, rule))
    Department.objects.filter(pk="espaces-verts").update(is_active=False)
    assert actions.route_request(request_id=graffiti().pk).state == State.TRANSMISE
    assert "Le service désigné est fermé" in admin.get(PAGES).content.decode()
    assert "1 règle s’est désactivée" in admin.get("/agent/parametrage/").content.decode()
    page = admin.get(f"{PAGES}{rule.pk}/rejeu/").content.decode()
    assert "Cette règle n’a plus de sens" in page
    assert "Activer cette règle" not in page


def test_conditions_that_nobody_understands_are_told_and_leave_the_rule_out(admin, graffiti):
    rule, blind = write(admin), write(admin, label="Sans sens")
    for one in (rule, blind):
        switch_on(admin, one, replay(admin, one))
    garbage = {"prestations": [GRAFFITI], "numbers": {"x": [[1]]}, "area": [[1]], "canal": "web"}
    RoutingRule.objects.filter(pk=rule.pk).update(conditions=garbage)  # of a file, long ago
    RoutingRule.objects.filter(pk=blind.pk).update(conditions={"keywords": [""]})
    assert actions.route_request(request_id=graffiti().pk).department_id != "espaces-verts"
    assert not RoutingRule.objects.exclude(switched_off_why=RuleOff.UNREADABLE).exists()
    assert actions.check_rules() == 0
    for page in (PAGES, f"{PAGES}{rule.pk}/", f"{PAGES}{rule.pk}/rejeu/"):
        told = admin.get(page).content.decode().replace("\xa0", " ")
        assert "canal : Cette clé n’est pas connue" in told
        assert "Le contour ne se lit pas" in told
        assert "La rue « x » a des numéros" in told or "Les numéros de la rue « x »" in told
    assert "ne se lit pas" in admin.post(f"{PAGES}{rule.pk}/rejeu/", follow=True).content.decode()
    seen = admin.get(f"{PAGES}{rule.pk}/").context["seen"]
    given = GIVEN | {"label": rule.label, "seen": seen.value}
    assert admin.post(f"{PAGES}{rule.pk}/", given).status_code == 302
    rule.refresh_from_db()
    changed = ConfigurationChange.objects.latest("pk")  # both sides are compared all the same
    told = admin.get(f"/agent/parametrage/historique/{changed.pk}/")
    assert "canal" in told.content.decode()
    assert rule.switched_off_why == RuleOff.CHANGED
    assert rule.conditions["prestations"] == [GRAFFITI]


def test_an_administrator_reads_kinds_and_days_in_a_replay_no_request(admin, graffiti):
    sr = graffiti(days_ago=2, subject="Insulte sur le mur de Mme Durand")
    page = replay(admin, write(admin))
    assert "Graffitis" in page
    assert sr.reference not in page
    assert "Durand" not in page


def test_a_replay_names_the_rule_that_decides_first_or_without_it(admin, graffiti):
    graffiti(days_ago=2)
    rule = write(admin)
    assert "d’après le catalogue" in replay(admin, rule)
    switch_on(admin, rule, replay(admin, rule))
    second = write(admin, label="Les mêmes, ailleurs", department="proprete-urbaine")
    link = f'<a href="{PAGES}{rule.pk}/rejeu/">{rule.label}</a>'
    assert replay(admin, second).count(link) == 2  # of how many, and of the request
    admin.post(f"{PAGES}{second.pk}/monter/")
    assert f"d’après la règle {link}" in replay(admin, second).replace("&#x27;", "’")


def test_pages_of_a_replay_and_their_queries(admin, graffiti):
    for _ in range(2):
        graffiti(days_ago=2)
    rule = write(admin)
    replay(admin, rule)
    page = f"{PAGES}{rule.pk}/rejeu/"
    with CaptureQueriesContext(connection) as few:
        admin.get(page)
    for _ in range(51):
        graffiti(days_ago=2)
    replay(admin, rule)
    with CaptureQueriesContext(connection) as many:
        first = admin.get(page).content.decode()
    assert len(many) == len(few)
    assert "1 à 50 sur 53" in first
    second = admin.get(f"{page}?page=1").content.decode()
    assert "51 à 53 sur 53" in second
    for forged in ("-1", "x", "99999", "9" * 40):
        assert admin.get(page, {"page": forged}).status_code == 200


def test_training_is_kept_on_the_agent_s_page(admin, expert):
    page = f"/agent/parametrage/agents/{expert.pk}/"
    chosen = {"prestations": [GRAFFITI, "voirie-mobilier-urbain"]}
    answer = admin.post(f"{page}formation/", chosen, follow=True).content.decode()
    assert "Formation enregistrée." in answer
    assert "2 prestations que cette personne traite seule" in answer
    admin.post(f"{page}formation/", {"prestations": [GRAFFITI]})
    assert list(Training.objects.values_list("user", "prestation")) == [(expert.pk, GRAFFITI)]
    admin.post(f"{page}formation/", {})
    assert not Training.objects.exists()
    assert admin.post(f"{page}formation/", {"prestations": ["forgée"]}).status_code == 404


def test_an_act_on_a_staff_page_says_who_is_at_work(front, eas_agent):
    assert eas_agent.seen_at is None
    front.get("/agent/")
    eas_agent.refresh_from_db()
    seen = eas_agent.seen_at
    assert seen is not None
    front.get("/agent/")
    eas_agent.refresh_from_db()
    assert eas_agent.seen_at == seen  # to the nearest five minutes
