"""Lists kept under a name: what is kept, who sees it, what it counts (S37)."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from backoffice.actions.saved_views import ALONE, change_view, narrow_view, save_view
from backoffice.models import SavedView
from backoffice.saved_views import address_of, kept_query
from prestations.configuration.exchange import exported, put_in_force, read_configuration, steps
from prestations.enums import Role
from prestations.models import ConfigurationChange
from requests.enums import State
from requests.exceptions import MissingInput, NotAllowed
from tests.backoffice.conftest import client_of
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db
LIST, VIEWS, NEW = "/agent/demandes/", "/agent/demandes/vues/", "/agent/demandes/vues/nouvelle/"
URGENT = "urgent=on&vue=ouvertes"


def rail(client, path=LIST) -> dict[str, dict]:
    return {str(view["label"]): view for view in client.get(path).context["views"]}


def keep(actor, name="Urgentes", query=URGENT, **more) -> SavedView:
    return save_view(actor=actor, name=name, query=query, **more)


def test_a_filtered_list_is_kept_and_found_beside_every_list(front, eas_agent):
    make_request(urgent=True, state=State.EN_COURS)
    make_request(state=State.EN_COURS)
    page = front.get(LIST, {"vue": "ouvertes", "urgent": "on"})
    assert f"{NEW}?{URGENT}" in page.content.decode().replace("&amp;", "&")
    assert "Urgentes seulement" in front.get(f"{NEW}?{URGENT}").content.decode()
    kept = front.post(f"{NEW}?{URGENT}", {"name": "Ce qui presse", "group": ALONE}, follow=True)
    assert "La vue « Ce qui presse » est gardée." in kept.content.decode()
    assert kept.context["title"] == "Ce qui presse"
    assert len(kept.context["page"].rows) == 1
    beside = rail(front)["Ce qui presse"]
    assert (beside["count"], beside["active"]) == ("1", False)
    opened = rail(front, beside["url"])
    assert [label for label, view in opened.items() if view["active"]] == ["Ce qui presse"]


def test_a_search_by_words_is_never_kept():
    query = kept_query(QueryDict("q=Jeanne+Martin&vue=ouvertes&urgent=on&page=2&tri=zz"))
    assert query == URGENT


def test_one_list_is_kept_in_one_writing():
    same = ("etat=close&etat=recue&vue=toutes", "vue=toutes&etat=recue&etat=close&etat=recue&site=")
    assert {kept_query(QueryDict(query)) for query in same} == {"etat=close&etat=recue&vue=toutes"}


def test_a_list_opened_without_a_name_is_kept_with_it(front):
    page = front.get(LIST, {"urgent": "on"}).content.decode().replace("&amp;", "&")
    assert f"{NEW}?urgent=on&vue=mes-demandes" in page


def test_the_page_says_that_the_words_are_left_out(front):
    page = front.get(f"{NEW}?{URGENT}&q=Martin").content.decode()
    assert "Le texte cherché n’est pas gardé" in page
    assert "Martin" not in page.replace("q=Martin", "")


def test_colleagues_of_the_group_see_it(eas_agent, proximite_agent, supervisor, catalogue):
    team = eas_agent.memberships.get().team_id
    keep(eas_agent, "À nous", group=f"team:{team}")
    keep(supervisor, "Du rôle", group=f"role:{Role.AGENT_PROXIMITE}")
    keep(eas_agent, "À moi")
    colleague = client_of(
        make_agent(Role.AGENT_EAS, first_name="Une", last_name="Collègue", team_id=team),
        post="guichet",
    )
    assert "À nous" in rail(colleague)
    assert not {"À moi", "Du rôle"} & {*rail(colleague)}
    assert "Du rôle" in rail(client_of(proximite_agent, post="guichet"))


def test_a_shared_view_shows_nobody_more_than_they_may_see(expert, other_expert, head):
    roads = make_request(urgent=True, state=State.EN_COURS, department_id="voirie-assainissement")
    saved = keep(head, group="department:voirie-assainissement")
    seen = client_of(expert).get(address_of(saved)).context
    assert [row.pk for row in seen["page"].rows] == [roads.pk]
    assert rail(client_of(expert))["Urgentes"]["count"] == "1"
    SavedView.objects.update(department="espaces-verts")
    parks = client_of(other_expert)
    assert rail(parks)["Urgentes"]["count"] == "0"
    assert list(parks.get(address_of(saved)).context["page"].rows) == []


def test_a_role_opens_its_list_on_a_view_one_at_a_time(
    supervisor, eas_agent, expert, administrator
):
    first = keep(supervisor, "Avant", group=f"role:{Role.AGENT_EAS}", opens=True)
    lead = client_of(supervisor)
    assert "sur laquelle ce rôle s’ouvre" in lead.get(VIEWS).content.decode()
    asked = {"name": "Urgentes", "group": ALONE, "opens": "on"}
    refused = lead.post(f"{NEW}?{URGENT}", asked).content.decode()
    assert "Partagez d’abord la vue avec un rôle." in refused
    lead.post(f"{NEW}?{URGENT}", asked | {"group": f"role:{Role.AGENT_EAS}"})
    saved = SavedView.objects.get(opens=True)
    assert saved.name == "Urgentes" != first.name
    agent = client_of(eas_agent)
    assert agent.get(LIST).url == address_of(saved)
    assert agent.get(f"{LIST}?vue=mes-demandes").status_code == 200
    assert client_of(expert).get(LIST).status_code == 200
    with pytest.raises(NotAllowed):
        change_view(
            actor=eas_agent, view_id=keep(eas_agent, "À moi").pk, name="X", group=ALONE, opens=True
        )
    file = exported()
    lead.post(f"{VIEWS}{saved.pk}/", {"name": "Urgentes", "group": f"role:{Role.AGENT_EAS}"})
    assert agent.get(LIST).status_code == 200

    # it is a setting of the town: in its history, and in the file of its configuration
    set_, moved, ended = ConfigurationChange.objects.filter(kind="opening_views").order_by("pk")
    assert (set_.before, moved.after["name"], ended.after) == (None, "Urgentes", None)
    assert {one.actor for one in (set_, moved, ended)} == {supervisor}
    clerk = client_of(administrator, post=None)
    history = "/agent/parametrage/historique/"
    page = clerk.get(f"{history}{set_.pk}/").content.decode()
    assert "Urgentes seulement" in page
    back = f"{history}{set_.pk}/revenir/apres/"
    seen = clerk.get(back).context["seen"]
    assert clerk.post(back, {"seen": seen, "reason": ""}).status_code == 302
    assert agent.get(LIST).url == address_of(first)
    SavedView.objects.all().delete()
    put_in_force(read_configuration(file), actor=administrator, reason="")
    again = SavedView.objects.get(opens=True)
    assert (again.name, again.query, again.owner) == ("Urgentes", URGENT, administrator)
    assert steps(read_configuration(exported())) == []


def test_nobody_changes_or_deletes_anothers(front, supervisor):
    saved = keep(supervisor, group=f"role:{Role.AGENT_EAS}")
    for address in (f"{VIEWS}{saved.pk}/", f"{VIEWS}{saved.pk}/supprimer/"):
        assert front.post(address, {"name": "Prise", "group": ALONE}).status_code == 404
    assert front.post(f"{VIEWS}{saved.pk}/filtres/?{URGENT}").status_code == 404
    saved.refresh_from_db()
    assert saved.name == "Urgentes"
    listed = front.get(VIEWS).content.decode()
    assert "Urgentes" in listed
    assert "Supprimer" not in listed


def test_it_is_renamed_narrowed_and_given_up(front, eas_agent):
    saved = keep(eas_agent)
    front.post(f"{VIEWS}{saved.pk}/", {"name": "Pressées", "group": ALONE})
    front.post(f"{VIEWS}{saved.pk}/filtres/?urgent=on&vue=ouvertes&canal=telephone")
    saved.refresh_from_db()
    assert (saved.name, saved.query) == ("Pressées", "canal=telephone&urgent=on&vue=ouvertes")
    done = front.post(f"{VIEWS}{saved.pk}/supprimer/", follow=True)
    assert "La vue « Pressées » est supprimée." in done.content.decode()
    assert "Pressées" not in rail(front)


def test_what_cannot_be_kept_says_why(front, eas_agent):
    keep(eas_agent)
    with pytest.raises(MissingInput, match="déjà ce nom"):
        keep(eas_agent)
    with pytest.raises(MissingInput, match="un filtre ou un ordre"):
        keep(eas_agent, "Rien", "vue=ouvertes")
    with pytest.raises(NotAllowed):
        keep(eas_agent, "Des autres", "urgent=on&vue=travaux")
    with pytest.raises(NotAllowed):
        keep(eas_agent, "Partout", group="role:maire")
    again = front.post(f"{NEW}?{URGENT}", {"name": "Urgentes", "group": ALONE})
    assert "Une de vos vues porte déjà ce nom." in again.content.decode()
    assert SavedView.objects.count() == 1


def test_filters_that_say_nothing_are_not_kept(front, eas_agent):
    wrong = "canal=pigeon&vue=ouvertes"
    assert "Garder cette vue" not in front.get(f"{LIST}?{wrong}").content.decode()
    answer = front.post(f"{NEW}?{wrong}", {"name": "Rien", "group": ALONE})
    assert answer.url == f"{LIST}?{wrong}"
    assert not SavedView.objects.exists()
    saved = keep(eas_agent)
    front.post(f"{VIEWS}{saved.pk}/filtres/?{wrong}")
    assert SavedView.objects.get().query == URGENT


def test_the_number_of_ones_views_has_an_end(eas_agent, monkeypatch):
    monkeypatch.setattr("backoffice.actions.saved_views.MOST", 1)
    saved = keep(eas_agent)
    with pytest.raises(MissingInput, match="supprimez-en une"):
        keep(eas_agent, "Encore une")
    change_view(actor=eas_agent, view_id=saved.pk, name="Urgentes", group=ALONE)
    with pytest.raises(MissingInput):
        narrow_view(actor=eas_agent, view_id=saved.pk, query="vue=ouvertes")


def test_a_view_of_a_list_that_one_lost_is_shown_as_such(front, eas_agent):
    saved = keep(eas_agent)
    SavedView.objects.update(query="urgent=on&vue=travaux")  # a department's list
    assert "Urgentes" not in rail(front)
    assert "ne vous est plus ouverte" in front.get(VIEWS).content.decode()
    assert front.get(address_of(saved)).status_code == 200


def test_saved_views_are_counted_in_one_query_however_many_they_are(front, eas_agent):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert front.get(LIST).status_code == 200
        return len(captured)

    queries()
    keep(eas_agent)
    one = queries()
    for number in range(4):
        keep(eas_agent, f"Vue {number}", "canal=telephone&tri=recentes&vue=ouvertes")
    assert queries() == one
