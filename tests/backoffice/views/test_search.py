"""One search: everything is found however it is written, and only by who may see it."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice import people as people_module
from backoffice.actions.holders import name_holder
from citizens.models import Citizen
from prestations.enums import Role
from prestations.models import KnowledgeArticle, Prestation, Street
from requests.actions.core import refresh_search
from requests.enums import State, TaskKind
from requests.models import ServiceRequest, Task
from requests.references import format_reference
from tests.abuse.naughty import BLANK, handfuls
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory
from tests.factories.places import make_register
from tests.factories.requests import make_request
from tests.factories.users import make_agent
from tests.requests.filing.support import text_of

pytestmark = pytest.mark.django_db

PAGE = "/agent/recherche/"
VOIRIE = "voirie-assainissement"
HEAT = "canicule-inscription-beneficiaire"
NUMBER = "+33612345678"


def box(client, q: str):
    """What the box gets while one types."""
    return client.get(PAGE, {"q": q}, headers={"hx-request": "true"})


def titles(answer) -> list[str]:
    found = re.findall(r'class="found-title">(.*?)</span>\s*<', answer.content.decode(), re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in found]


def found(client, q: str) -> str:
    answer = box(client, q)
    assert answer.status_code == 200
    return "\n".join(titles(answer))


@pytest.fixture
def street(catalogue) -> Street:
    make_register()
    return Street.objects.get(name="rue Jean Mermoz")


def test_a_street_named_as_typed_comes_before_its_requests_and_a_code_names_nobody(front, street):
    sr = make_request(place="3 rue Jean Mermoz", street=street)
    CitizenFactory(family_name="Mermaz", given_name="Paul")
    told = titles(box(front, "rue jean mermoz"))
    assert told[0] == street.name
    assert any(sr.subject in one for one in told[1:])
    assert "MERMAZ" in found(front, "mermas")
    assert "MERMAZ" not in found(front, "MERM-4521")


@pytest.fixture
def people(catalogue):
    CitizenFactory(family_name="Benali", given_name="Karim", phone=NUMBER, address="")
    CitizenFactory(family_name="Dupont", given_name="Amélie", usage_name="Lévêque")
    CitizenFactory(family_name="N'Diaye", given_name="Awa")
    CitizenFactory(family_name="Traoré", given_name="Moussa", email="moussa.t@courriel.example")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("dup", "DUPONT"),
        ("Dupond", "DUPONT"),
        ("dupont amelie", "DUPONT"),
        ("AMÉLIE DUPONT", "DUPONT"),
        ("amel dupo", "DUPONT"),
        ("leveq", "DUPONT"),
        ("Benalli", "BENALI"),
        ("karim benalli", "BENALI"),
        ("bnali", "BENALI"),
        ("ndiaye", "N'DIAYE"),
        ("n’diaye awa", "N'DIAYE"),
        ("traore", "TRAORÉ"),
        ("trahore", "TRAORÉ"),
        ("moussa.t@cour", "TRAORÉ"),
        ("moussa.t", "TRAORÉ"),
        ("06 12 34 56 78", "BENALI"),
        (NUMBER, "BENALI"),
        ("0612 345 678", "BENALI"),
        ("0033 6 12 34", "BENALI"),
        ("06.12.34.56.78", "BENALI"),
        ("45678", "BENALI"),
    ],
)
def test_people_are_found_by_what_an_agent_has_of_them(front, people, typed, name):
    assert name in found(front, typed)


def test_who_is_written_so_comes_before_who_is_written_nearly_so(front, catalogue):
    for name in ("Durant", "Durand", "Durandal"):
        CitizenFactory(family_name=name, given_name="Zoé")
    assert titles(box(front, "durand"))[:3] == ["DURAND Zoé", "DURANDAL Zoé", "DURANT Zoé"]
    make_request(subject="Panneau Durandel")  # as typed: before whoever sounds alike
    assert titles(box(front, "durandel"))[0] == "Panneau Durandel"
    assert "DURANDAL Zoé" in titles(box(front, "durandel"))[1:]
    busy = CitizenFactory(family_name="Durand", given_name="Zoé")
    make_request(citizen=busy)
    namesakes = [one.citizen for one in box(front, "durand").context["found"].people][:2]
    assert namesakes[0] == busy  # of the same name, who has an open request
    assert namesakes[1].search_name == busy.search_name


@pytest.mark.parametrize(
    "typed",
    [
        "nid-de",
        "mermoz trottoir",
        "TROTTOIR Mermoz",
        "benali",
        "06 12 34 56 78",
        NUMBER,
        "0612 345 678",
        "06 12 34",
    ],
)
def test_requests_are_found_by_their_words_and_number(front, people, typed):
    make_request(
        citizen=Citizen.objects.get(family_name="Benali"),
        subject="Nid-de-poule sur le trottoir",
        place="3 rue Jean Mermoz",
        answers={
            "demandeur": {"nom_famille": "Benali", "prenom": "Karim", "telephone": NUMBER},
            "reponses": {"description": "Un trou"},
        },
    )
    assert "Nid-de-poule sur le trottoir" in found(front, typed)


def test_a_reference_alone_opens_its_request(front):
    sr = make_request()
    for typed in (sr.reference, sr.reference.replace("-", " ")):
        assert titles(box(front, typed)) == [f"Ouvrir {sr.reference}"]
        assert front.get(PAGE, {"q": typed}).url == sr.get_absolute_url()
    assert sr.reference in text_of(box(front, sr.reference[:-2]))  # its check digit unheard
    late = format_reference(int(sr.reference[:4]), 5568)
    ServiceRequest.objects.filter(pk=sr.pk).update(reference=late)
    for typed in ("5568", f"5568-{late[-1]}", f"5568{late[-1]}"):
        assert late in text_of(box(front, typed))


@pytest.mark.parametrize("typed", ["mermoz", "Mermos", "mermoz jean", "jean mermos", "r. mermoz"])
def test_a_street_leads_to_its_requests(front, street, typed):
    make_request(subject="Lampadaire éteint", street=street)
    make_request(subject="Tag sur un mur")
    page = box(front, typed).content.decode()
    address = f"/agent/demandes/?vue=toutes&amp;rue={street.pk}"
    assert address in page
    queue = text_of(front.get(address.replace("&amp;", "&")))
    assert "Lampadaire éteint" in queue
    assert "Tag sur un mur" not in queue
    assert "rue Jean Mermoz" in queue


@pytest.mark.parametrize("typed", ["nid", "nid de poulle", "poule nid", "NID DE POULE"])
def test_a_prestation_is_logged_from_where_it_is_found(front, typed):
    page = box(front, typed).content.decode()
    form = re.search(r'action="/agent/accueil/ouvrir/">.*?value="(voirie-[^"]*)"', page, re.S)
    assert form
    logged = front.post("/agent/accueil/ouvrir/", {"prestation": form[1]})
    assert logged.url.startswith("/agent/accueil/demande/")


@pytest.mark.parametrize("typed", ["horaires", "hor", "mairie horaires", "horraires"])
def test_an_article_is_found_and_opens_where_agents_keep_it(front, typed):
    article = KnowledgeArticle.objects.get(slug="horaires-des-mairies")
    page = box(front, typed).content.decode()
    assert f'href="/agent/connaissance/articles/{article.pk}/"' in page


def test_an_expert_finds_the_requests_of_the_department_and_no_people(expert_browser, people):
    make_request(subject="Trou à Mermoz", department_id=VOIRIE)
    make_request(subject="Mermoz, confidentiel")
    make_request(citizen=Citizen.objects.get(family_name="Benali"), subject="Autre service")
    shown = found(expert_browser, "mermoz")
    assert "Trou à Mermoz" in shown
    assert "confidentiel" not in shown
    for typed in ("benali", NUMBER, "karim"):
        page = box(expert_browser, typed).content.decode()
        assert "BENALI" not in page
        assert "Autre service" not in page


def test_an_expert_finds_what_the_department_works_on_beside_another_one(expert, eas_agent):
    own = make_request(subject="Mermoz, de la voirie", department_id=VOIRIE, days_ago=2)
    beside = make_request(
        subject="Mermoz, avec la voirie", state=State.EN_COURS, front_agent=eas_agent
    )
    now = timezone.now()
    Task.objects.create(
        request=beside,
        department_id=VOIRIE,
        kind=TaskKind.WORK,
        rank=1,
        asked="Voir la chaussée",
        asked_by=eas_agent,
        asked_at=now,
        started_at=now,
        due_at=now,
    )
    make_request(subject="Mermoz, sans elle")
    rows = ServiceRequest.objects.all()
    seen = rows.newest_matching("mermoz", 9, user=expert)
    assert list(seen) == [beside, own]
    assert set(seen) == set(rows.visible_to(expert))


def test_who_reads_figures_finds_neither_people_nor_requests(manager, people, street):
    sr = make_request(subject="Mermoz", street=street, place="rue Jean Mermoz")
    browser = client_of(manager, post=None)
    assert found(browser, sr.reference) == ""
    shown = found(browser, "mermoz")
    assert "Mermoz" not in shown
    internal = KnowledgeArticle.objects.in_force().filter(public=False).first()
    assert internal.label not in found(browser, internal.label)
    assert "/agent/accueil/ouvrir/" not in box(browser, "nid de poule").content.decode()


def test_what_only_named_agents_read_is_found_by_them_alone(front, catalogue, administrator):
    sr = make_request(
        prestation=catalogue[HEAT],
        citizen=CitizenFactory(),
        answers={"demandeur": {"nom_famille": "Durand", "prenom": "Ida"}, "reponses": {}},
        subject="Registre Zéphyrine",
        channel="guichet",
    )
    for typed in (sr.reference, "zephyrine", "registre"):
        assert "Zéphyrine" not in box(front, typed).content.decode()
    colleague = make_agent(Role.AGENT_EAS, first_name="Ida", last_name="Vue")
    name_holder(actor=administrator, user=colleague, prestation_id=HEAT)
    assert "Registre Zéphyrine" in found(client_of(colleague), "zephyrine")


def test_what_is_closed_is_not_offered(front, street):
    Prestation.objects.filter(pk="voirie-graffitis").update(is_active=False)
    Street.objects.filter(name="rue Jean Mermoz").update(is_active=False)
    assert 'value="voirie-graffitis"' not in box(front, "graffiti").content.decode()
    assert "rue Jean Mermoz" not in found(front, "mermoz")


def test_a_number_that_is_taken_away_finds_nothing_any_more(front, catalogue):
    answers = {"demandeur": {"telephone": NUMBER}, "reponses": {"description": "Un trou"}}
    sr = make_request(answers=answers)
    assert sr.reference in box(front, NUMBER).content.decode()
    ServiceRequest.objects.filter(pk=sr.pk).update(requester_phone="")
    sr.refresh_from_db()
    refresh_search(sr)
    assert sr.reference not in box(front, NUMBER).content.decode()


def test_no_text_breaks_it(front, people):
    for text in (*handfuls(190), *BLANK, "%", "_", "\\", "%_\\'\"", "a" * 1_000):
        assert box(front, text).status_code == 200, text


def test_signs_that_mean_something_to_the_database_find_nothing_by_it(front, people):
    for typed in ("%%", "__", "b%i", "_enali", "benal\\"):
        assert "DUPONT" not in found(front, typed)


@pytest.mark.parametrize("typed", ["poubelle", NUMBER, "benali"])
def test_much_found_costs_no_more_queries_than_little(front, people, typed):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            box(front, typed)
        return len(captured)

    someone = Citizen.objects.get(family_name="Benali")
    make_request(citizen=someone, subject="Poubelle")
    asked()
    little = asked()
    for number in range(12):
        CitizenFactory(family_name="Benali", given_name=f"Ali{number}", phone=NUMBER)
        make_request(citizen=someone, subject=f"Poubelle {number}", requester_phone=NUMBER)
    assert asked() <= little <= 30


@pytest.mark.parametrize("lately", [2000, 1], ids=["common", "rare"])
def test_the_newest_come_first_whether_their_word_is_common_or_rare(front, monkeypatch, lately):
    monkeypatch.setattr("requests.text_search.LATELY", lately)
    subjects = [f"Poubelle {number}" for number in range(8)]
    for number, subject in enumerate(subjects):
        make_request(subject=subject, days_ago=10 - number)
    shown = [one for one in titles(box(front, "poubelle")) if one in subjects]
    assert shown == subjects[:1:-1]


def test_the_page_shows_the_same_as_the_box_and_more_of_it(front, people):
    for number in range(12):
        make_request(subject=f"Poubelle {number}")
    in_the_box, on_the_page = box(front, "poubelle"), front.get(PAGE, {"q": "poubelle"})
    assert "<html" not in in_the_box.content.decode()
    assert "Poubelle 11" in titles(in_the_box)
    assert "Poubelle 2" not in titles(in_the_box)
    assert {"Poubelle 11", "Poubelle 2"} <= set(titles(on_the_page))
    assert "Rien trouvé" in text_of(front.get(PAGE, {"q": "zwxkjq"}))


def test_where_nothing_is_found_the_next_step_begins_with_what_was_typed(front, expert_browser):
    for answer in (box(front, "zwxk mermozzz"), front.get(PAGE, {"q": "zwxk mermozzz"})):
        assert titles(answer)[:3] == [
            "Chercher seulement «\xa0mermozzz\xa0»",
            "Chercher seulement «\xa0zwxk\xa0»",
            "Créer une fiche",
        ]
    page = box(front, "zwxk mermozzz").content.decode()
    leads = [html.unescape(one) for one in re.findall(r'href="([^"]*)"', page)]
    record = next(one for one in leads if "/citoyens/nouveau/" in one)
    assert "mermozzz" in str(front.get(record).context["form"].initial).lower()
    call = front.get("/agent/accueil/appel/", {"q": "07 99 88 77 66"}).context["form"]
    assert call["caller_phone"].value() == "07 99 88 77 66"
    assert not call["caller"].value()
    assert titles(box(expert_browser, "zwxkjq")) == []  # who keeps no records
    for number in ("2026-000123-0", "2026-99999"):  # a reference is nobody's telephone
        assert titles(box(front, number)) == []
        assert "Vérifiez le numéro" in text_of(front.get(PAGE, {"q": number}))
        assert not front.get("/agent/citoyens/nouveau/", {"q": number}).context["form"].initial
    assert "Créer une fiche" not in titles(box(front, "9988-7"))  # nor is the end of one


def test_before_any_word_what_one_opened_last_is_offered_while_one_may_see_it(
    front, expert_browser, people
):
    karim = Citizen.objects.get(family_name="Benali")
    older, newer = (
        make_request(subject=subject, department_id=VOIRIE) for subject in ("Un trou", "Un tag")
    )
    for sr in (older, newer, older):
        front.get(sr.get_absolute_url())
    front.get(f"/agent/citoyens/{karim.pk}/")
    expert_browser.get(newer.get_absolute_url())
    assert titles(box(front, "")) == ["Un trou", "Un tag", "BENALI Karim"]
    assert titles(front.get(PAGE)) == ["Un trou", "Un tag", "BENALI Karim"]
    assert titles(box(expert_browser, "")) == ["Un tag"]
    ServiceRequest.objects.filter(pk=newer.pk).update(department_id="espaces-verts")
    assert titles(box(expert_browser, "")) == []


def test_a_session_that_is_over_answers_with_no_fragment(client):
    assert box(client, "dup").status_code == 302


def test_all_namesakes_are_reached_from_the_box(front, catalogue, monkeypatch):
    monkeypatch.setattr(people_module, "ON_A_PAGE", 3)
    makes = [{"family_name": "Martin", "given_name": "Léa"}] * 6
    makes += [{"family_name": "Abadie", "given_name": "Martin", "phone": NUMBER}]
    everybody = [CitizenFactory(**make).pk for make in makes]
    answer = box(front, "martin")
    assert len(answer.context["found"].people) == 5
    assert ' résultats et d’autres">' in answer.text
    page = html.unescape(re.findall(r'href="(/agent/citoyens/\?[^"]+)"', answer.text)[0])
    reached, asked = [], []
    while page:
        with CaptureQueriesContext(connection) as queries:
            answer = front.get(page)
        asked.append(len(queries))
        reached += [one.citizen.pk for one in answer.context["page"].rows]
        page = (
            answer.context["page"].next_query
            and f"/agent/citoyens/{answer.context['page'].next_query}"
        )
    assert reached == everybody  # whoever is named so first comes before another's given name
    assert len({*asked}) == 1
    back = front.get(f"/agent/citoyens/{answer.context['page'].previous_query}")
    assert [one.citizen.pk for one in back.context["page"].rows] == everybody[3:6]
    # no more than the box shows; those only written alike are all on one page
    Citizen.objects.filter(pk=everybody[0]).delete()
    Citizen.objects.filter(pk=everybody[1]).delete()
    assert not box(front, "martin léa").context["found"].more_people
    assert len(front.get("/agent/citoyens/", {"q": "lea martyn"}).context["page"].rows) == 5
