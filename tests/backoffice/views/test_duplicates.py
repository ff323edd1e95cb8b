"""The agents' list of possible duplicates, the page of a pair, the merge and its undoing (S69)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from citizens.actions import compare_waiting
from citizens.enums import DuplicateState
from citizens.models import Citizen, CitizenMerge, PossibleDuplicate
from massy_grc.audit.models import AccessRecord
from prestations.models import Prestation
from requests import actions
from tests.factories.citizens import CitizenFactory, make_account
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db

LIST = "/agent/citoyens/doublons/"
BORN = date(1984, 3, 8)


@pytest.fixture
def pair(db) -> PossibleDuplicate:
    """The newer record, with a request, and the older one."""
    older = CitizenFactory(family_name="Trévidic", given_name="Solène", birth_date=BORN, email="")
    newer = CitizenFactory(family_name="TREVIDIC", given_name="Solenn", birth_date=BORN)
    make_request(citizen=newer, subject="Acte de naissance")
    compare_waiting(now=timezone.now())
    pair = PossibleDuplicate.objects.get()
    assert (pair.citizen, pair.other) == (newer, older)
    return pair


def text(response) -> str:
    return response.content.decode().replace("\xa0", " ")


def merged(front, pair, **values) -> CitizenMerge:
    """Through the two pages, as an agent does it."""
    preview = front.get(f"{LIST}{pair.pk}/", {"apercu": "1", "given_name": "garde", **values})
    form = preview.context["form"]
    posted = {**preview.context["chosen"], "seen": form["seen"].value(), "ground": "asked"}
    response = front.post(f"{LIST}{pair.pk}/", posted)
    merge = CitizenMerge.objects.first()
    assert response.url == f"/agent/citoyens/reunies/{merge.pk}/"
    return merge


def test_the_list_shows_both_records_and_what_they_share(front, pair):
    page = text(front.get(LIST))
    assert "TRÉVIDIC Solène" in page
    assert "TREVIDIC Solenn" in page
    assert "noms qui se prononcent de même, même date de naissance" in page
    assert "Très probable" in page


def test_two_people_are_told_apart_and_leave_the_list(front, pair, eas_agent):
    front.post(f"{LIST}{pair.pk}/autre/")
    pair.refresh_from_db()
    assert (pair.state, pair.reviewed_by) == (DuplicateState.DIFFERENT, eas_agent)
    assert "Aucun doublon" in text(front.get(LIST))
    assert Citizen.objects.living().count() == 2


def test_the_first_answer_stays(front, pair):
    front.post(f"{LIST}{pair.pk}/autre/")
    assert "Un collègue a déjà répondu" in text(front.post(f"{LIST}{pair.pk}/autre/", follow=True))
    assert "Un collègue a déjà répondu" in text(front.get(f"{LIST}{pair.pk}/", follow=True))


def test_nobody_merges_by_an_address(front, pair):
    assert front.post(f"{LIST}{pair.pk}/meme/").status_code == 404
    assert front.get(f"{LIST}{pair.pk}/?apercu=1").status_code == 200
    assert not CitizenMerge.objects.exists()


def test_the_page_compares_field_by_field_and_explains_what_it_proposes(front, pair):
    page = front.get(f"{LIST}{pair.pk}/")
    rows = {row.choice.name: row for row in page.context["rows"]}
    assert rows["birth_date"].choice.locked  # both say the same
    assert rows["family_name"].choice.why == "écrit avec ses accents et ses capitales"
    assert rows["family_name"].selected == "garde"
    assert (rows["email"].selected, rows["email"].choice.why) == ("autre", "seule valeur connue")
    assert "différent" in rows["given_name"].mark
    assert "identique" in rows["birth_date"].mark
    assert "1 demande" in text(page)
    looked = AccessRecord.objects.filter(object_type="citizen")
    assert set(looked.values_list("object_id", flat=True)) == {pair.citizen_id, pair.other_id}


def test_the_preview_writes_nothing_and_says_what_will_happen(front, pair):
    page = text(front.get(f"{LIST}{pair.pk}/", {"apercu": "1", "given_name": "autre"}))
    assert "Rien n’est encore enregistré" in page
    assert "remplace « Solène »" in page
    assert "passe à la fiche gardée : 1 demande" in page
    assert not CitizenMerge.objects.exists()
    Citizen.objects.filter(pk=pair.other_id).update(birth_date=date(1950, 2, 3))
    page = text(front.get(f"{LIST}{pair.pk}/", {"apercu": "1"}))
    assert "Choisissez d’abord" in page  # of two names and two dates of birth none is proposed
    chosen = {"given_name": "garde", "birth_date": "garde"}
    page = text(front.get(f"{LIST}{pair.pk}/", {"apercu": "1", **chosen}))
    assert "Rien n’est encore enregistré" in page


def test_how_one_is_sure_must_be_said(front, pair):
    page = front.post(f"{LIST}{pair.pk}/", {"seen": "x"})
    assert page.context["form"].errors.keys() == {"ground", "seen"}
    assert "Erreur" in text(page)
    assert not CitizenMerge.objects.exists()


def test_a_merge_is_made_shown_and_undone(front, pair, eas_agent):
    gone, kept = pair.citizen, pair.other
    merge = merged(front, pair, given_name="autre")
    page = text(front.get(f"/agent/citoyens/reunies/{merge.pk}/"))
    assert "Acte de naissance" in page
    assert "La personne l’a confirmé" in page
    assert "TRÉVIDIC Solène" in page  # the kept record as it was, beside what it is now
    assert "aujourd’hui TRÉVIDIC Solenn" in page
    kept.refresh_from_db()
    assert (kept.given_name, kept.requests.count()) == ("Solenn", 1)
    sr = kept.requests.get()
    assert "Passée à l’autre fiche de la même personne" in text(front.get(sr.get_absolute_url()))
    old_link = front.get(f"/agent/citoyens/{gone.pk}/", follow=True)
    assert old_link.redirect_chain == [(f"/agent/citoyens/{kept.pk}/", 302)]
    assert "a été réunie avec celle-ci" in text(old_link)
    assert eas_agent.get_full_name() in text(old_link)
    assert "annulable jusqu’au" in text(front.get(LIST))
    assert front.get(f"{LIST}{pair.pk}/").url == f"/agent/citoyens/reunies/{merge.pk}/"

    page = text(front.post(f"/agent/citoyens/reunies/{merge.pk}/", follow=True))
    assert "de nouveau séparées" in page
    assert "Rendue à sa fiche" in text(front.get(sr.get_absolute_url()))
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.given_name, gone.merged_into, gone.requests.count()) == ("Solène", None, 1)
    pair.refresh_from_db()
    assert (pair.state, pair.reviewed_by) == (DuplicateState.DIFFERENT, eas_agent)


def test_a_merge_too_old_says_why_it_stays(front, pair):
    merge = merged(front, pair)
    CitizenMerge.objects.update(merged_at=timezone.now() - timedelta(days=31))
    page = text(front.post(f"/agent/citoyens/reunies/{merge.pk}/", follow=True))
    assert "Le délai de trente jours est passé" in page
    assert Citizen.objects.living().count() == 1


def test_two_agents_do_not_merge_a_record_that_changed_under_them(front, pair):
    preview = front.get(f"{LIST}{pair.pk}/?apercu=1&given_name=garde")
    seen = preview.context["form"]["seen"].value()
    front.post(
        f"/agent/citoyens/{pair.citizen_id}/modifier/",
        {"family_name": "Le Goff", "residence": "inconnu", "nouvelle": "1"},
    )
    names = {"given_name": "garde", "family_name": "garde"}
    answer = {"seen": seen, "ground": "asked", **names}
    page = front.post(f"{LIST}{pair.pk}/", answer, follow=True)
    assert "a changé entre-temps" in text(page)
    assert not CitizenMerge.objects.exists()


def test_two_accounts_bar_the_merge_in_words(front):
    people = [
        make_account(family_name="Le Goff", given_name="Anne", birth_date=BORN, email=f"{n}@c.test")
        for n in "ab"
    ]
    compare_waiting(now=timezone.now())
    page = front.get(f"{LIST}{PossibleDuplicate.objects.get().pk}/?apercu=1")
    assert "Les deux fiches ont un compte" in text(page)
    assert "voir le résultat" not in text(page)
    assert people


def test_requests_that_one_may_not_know_of_are_not_counted(front, pair, catalogue):
    """They go over all the same: who reads them is decided by their prestation."""
    secret = Prestation.objects.exclude(restricted="").first()
    hidden = make_request(prestation=secret, citizen=pair.citizen)
    assert "1 demande" in text(front.get(f"{LIST}{pair.pk}/"))
    merge = merged(front, pair)
    page = text(front.get(f"/agent/citoyens/reunies/{merge.pk}/"))
    assert hidden.reference not in page
    hidden.refresh_from_db()
    assert hidden.citizen == pair.other


def test_many_pairs_cost_no_more_queries_than_one(front, pair, django_assert_num_queries):
    front.get(LIST)
    with django_assert_num_queries(6):
        front.get(LIST)
    for number in range(3):
        PossibleDuplicate.objects.create(
            citizen=CitizenFactory(),
            other=CitizenFactory(given_name=f"A{number}"),
            reasons=["name"],
        )
    with django_assert_num_queries(6):
        front.get(LIST)


def new_record(front, **fields):
    posted = {"family_name": "Trevidic", "residence": "inconnu", **fields}
    return front.post("/agent/citoyens/nouveau/", posted, follow=True)


def test_the_form_of_a_new_record_says_who_it_may_be_and_why(front, pair):
    page = text(new_record(front, given_name="Solene", birth_date="1984-08-03"))
    assert "Cette personne a peut-être déjà une fiche" in page
    assert "même nom et même prénom, jour et mois de naissance échangés" in page
    assert Citizen.objects.count() == 2
    new_record(front, given_name="Solene", birth_date="1984-08-03", nouvelle="1")
    assert Citizen.objects.count() == 3


def test_a_spouse_is_created_at_once_with_a_word_on_the_household(front):
    CitizenFactory(family_name="Trévidic", given_name="Yann", phone="+33169300001")
    page = text(new_record(front, given_name="Maëlle", phone="01 69 30 00 01"))
    assert "Peut-être du même foyer : TRÉVIDIC Yann (même téléphone)." in page
    assert Citizen.objects.count() == 2


def test_a_record_that_comes_to_resemble_another_is_told_before_it_is_saved(front):
    CitizenFactory(family_name="Trévidic", given_name="Solène", birth_date=BORN)
    other = CitizenFactory(family_name="Autre", given_name="Solène", birth_date=BORN)
    changed = {"family_name": "Trevidic", "given_name": "Solène", "birth_date": "1984-03-08"}
    posted = {**changed, "residence": "inconnu"}
    page = text(front.post(f"/agent/citoyens/{other.pk}/modifier/", posted))
    assert "Cette personne a peut-être déjà une fiche" in page
    front.post(f"/agent/citoyens/{other.pk}/modifier/", {**posted, "nouvelle": "1"})
    other.refresh_from_db()
    assert other.family_name == "Trevidic"


def test_the_record_tells_of_its_look_alike(front, pair):
    page = text(front.get(f"/agent/citoyens/{pair.other_id}/"))
    assert "TREVIDIC Solenn · <a" in page


def test_a_form_begun_for_a_record_given_up_goes_on_with_the_kept_one(front, pair):
    merged(front, pair)
    page = front.get(f"/agent/accueil/?citoyen={pair.citizen_id}")
    pair.other.refresh_from_db()
    assert pair.other.list_name in text(page)


def test_once_settled_the_page_names_nobody_given_up(front, pair):
    merge = merged(front, pair)
    CitizenMerge.objects.update(merged_at=timezone.now() - timedelta(days=31))
    actions.settle_merges(now=timezone.now())
    page = text(front.get(f"/agent/citoyens/reunies/{merge.pk}/"))
    assert "vidée depuis" in page
    assert "Séparer les deux fiches" not in page
