"""The knowledge base at work: written, validated, reviewed; what is still missing (S70)."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from massy_grc.outbox.models import Delivery
from prestations.enums import ArticleState, Channel, VersionState
from prestations.loading.reference import read_reference, write_reference
from prestations.loading.search_index import index_search
from prestations.models import ArticleRemark, KnowledgeArticle, MissingAnswer, SearchEntry
from prestations.searching import search
from requests.actions import articles
from requests.tasks import forget_missing_answers, tell_reviews
from tests.helpers import drain_outbox

pytestmark = pytest.mark.usefixtures("catalogue")

HOME = "/agent/connaissance/"
MISSING = f"{HOME}a-ecrire/"
NEW = f"{HOME}articles/nouveau/"
PUBLIC = "/articles/acte-de-naissance/"
BIRTH = "kb-acte-naissance"


def at(code: str, verb: str = "") -> str:
    return f"{HOME}articles/{code}/" + (f"{verb}/" if verb else "")


def words_of(response) -> str:
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)[0]
    said = html.unescape(re.sub(r"<[^>]*>", " ", main)).replace("\xa0", " ")
    return re.sub(r"\s+", " ", said)


def written(label="Ouvrir un jardin partagé", **more) -> dict:
    return {"seen": 0, "label": label, "text": "Écrivez au service des espaces verts.", **more}


def propose(browser, **more) -> str:
    """Write an article and propose it; return its code."""
    url = browser.post(NEW, written(**more)).url
    code = url.rstrip("/").rpartition("/")[2]
    browser.post(at(code, "proposer"), {"seen": 1})
    return code


def test_an_agent_proposes_and_another_person_validates(front, manager_browser, client):
    code = propose(front, public="on")
    article = KnowledgeArticle.objects.get(pk=code)
    assert article.state == ArticleState.A_VALIDER
    shown = words_of(manager_browser.get(at(code)))
    assert "Pour le public aussi" in shown  # who validates knows what it opens
    assert shown.count("espaces verts") == 1
    assert "Comparer avec le texte" not in shown
    assert client.get(f"/articles/{article.slug}/").status_code == 404
    assert article.slug not in {hit.key for hit in search("jardin partagé").hits}
    assert "Ouvrir un jardin partagé" in words_of(manager_browser.get(HOME))
    assert Delivery.objects.filter(subject__startswith="Article à valider").count() == 1

    manager_browser.post(at(code, "valider"), {"seen": 1})
    article.refresh_from_db()
    assert article.state == ArticleState.PUBLIE
    assert article.review_on > timezone.localdate() + timedelta(days=150)
    assert "espaces verts" in words_of(client.get(f"/articles/{article.slug}/"))
    assert article.slug in {hit.key for hit in search("jardin partagé").hits}
    assert Delivery.objects.filter(subject__startswith="Article validé").count() == 1


def test_nobody_validates_alone_without_saying_so(manager_browser, keeper):
    code = propose(manager_browser)
    page = words_of(manager_browser.post(at(code, "valider"), {"seen": 1}, follow=True))
    assert "Vous avez écrit ce texte" in page
    assert KnowledgeArticle.objects.get(pk=code).state == ArticleState.A_VALIDER
    manager_browser.post(at(code, "valider"), {"seen": 1, "seul": "1"})
    assert KnowledgeArticle.objects.get(pk=code).versions.get().decided_by == keeper


def test_an_agent_cannot_validate_nor_write_what_is_another_s(front, expert_browser):
    code = propose(front)
    assert front.post(at(code, "valider"), {"seen": 1}).status_code == 403
    assert expert_browser.get(at(code, "modifier")).status_code == 403
    assert expert_browser.get(MISSING).status_code == 403
    assert KnowledgeArticle.objects.get(pk=code).state == ArticleState.A_VALIDER


def test_readers_keep_the_validated_text_while_a_new_one_is_written(manager_browser, client):
    before = KnowledgeArticle.objects.get(pk=BIRTH)
    typed = written("Acte de naissance : qui ?", public="on", prestations=["acte-deces"])
    manager_browser.post(at(BIRTH, "modifier"), typed)
    assert before.label.replace("\xa0", " ") in words_of(client.get(PUBLIC))
    manager_browser.post(at(BIRTH, "valider"), {"seen": 2, "seul": "1"})
    assert "Acte de naissance : qui ?" in words_of(client.get(PUBLIC))
    tied = KnowledgeArticle.objects.get(pk=BIRTH).prestations.values_list("pk", flat=True)
    assert list(tied) == ["acte-deces"]
    numbers = dict(before.versions.values_list("number", "state"))
    assert numbers == {1: VersionState.VALIDATED, 2: VersionState.VALIDATED}
    compared = manager_browser.get(at(BIRTH, "versions") + "?de=1&a=2").content.decode()
    assert "<ins>Écrivez" in compared
    assert "<del>" in compared


def test_two_who_write_at_once_do_not_lose_a_text(manager_browser):
    typed = written("Un", public="on")
    assert manager_browser.post(at(BIRTH, "modifier"), typed).status_code == 302
    late = manager_browser.post(at(BIRTH, "modifier"), written("Deux"))
    assert late.status_code == 409
    assert "Deux" in late.content.decode()
    late = manager_browser.post(at(BIRTH, "valider"), {"seen": 1, "seul": "1"}, follow=True)
    assert "a changé pendant que vous le lisiez" in words_of(late)


def test_a_text_sent_back_tells_its_author_what_to_change(front, manager_browser):
    code = propose(front)
    manager_browser.post(at(code, "rendre"), {"seen": 1, "why": "Donnez le prix."})
    assert "Donnez le prix." in words_of(front.get(at(code)))
    assert "Donnez le prix." in Delivery.objects.get(subject__startswith="Texte à reprendre").body
    front.post(at(code, "modifier"), written(seen=1))
    front.post(at(code, "proposer"), {"seen": 2})
    assert KnowledgeArticle.objects.get(pk=code).state == ArticleState.A_VALIDER


def test_a_text_proposed_again_unchanged_is_told_again(front, manager_browser):
    code = propose(front)
    manager_browser.post(at(code, "rendre"), {"seen": 1, "why": "Relisez la loi."})
    front.post(at(code, "proposer"), {"seen": 1})
    assert Delivery.objects.filter(subject__startswith="Article à valider").count() == 2


def test_a_title_that_makes_a_known_code_takes_another(front):
    url = front.post(NEW, written(label="Acte naissance")).url
    assert url == at(f"{BIRTH}-2")


def test_what_is_withdrawn_or_archived_is_no_longer_read(manager_browser, client):
    for verb in ("retirer", "archiver"):
        manager_browser.post(at(BIRTH, verb))
        assert client.get(PUBLIC).status_code == 404
        assert not SearchEntry.objects.filter(key="acte-de-naissance").exists()
        assert "n’est pas en vigueur" in words_of(manager_browser.get(at(BIRTH)))
        manager_browser.post(at(BIRTH, "confirmer"))
        assert client.get(PUBLIC).status_code == 200


def test_a_load_leaves_alone_what_the_town_took_up(manager_browser, front):
    own = propose(front)
    manager_browser.post(at(BIRTH, "modifier"), written("Repris par la ville", public="on"))
    manager_browser.post(at(BIRTH, "valider"), {"seen": 2, "seul": "1"})
    data = read_reference()
    data["knowledge_base"]["articles"][0]["title"] = "Horaires d'été"
    write_reference(data)
    assert KnowledgeArticle.objects.get(pk=BIRTH).label == "Repris par la ville"
    assert KnowledgeArticle.objects.get(pk=own).is_active
    assert KnowledgeArticle.objects.get(pk="kb-horaires").label == "Horaires d'été"


def test_an_owner_is_told_before_and_after_the_review_once_each(keeper, eas_agent):
    today = timezone.localdate()
    articles.give_article(
        actor=keeper, code=BIRTH, owner=eas_agent, review_on=today + timedelta(days=10)
    )
    mails = Delivery.objects.filter(to=eas_agent.email)
    for _time in range(2):
        tell_reviews()
    assert [mail.subject.split("\xa0")[0] for mail in mails] == ["À relire"]
    articles.give_article(
        actor=keeper, code=BIRTH, owner=eas_agent, review_on=today - timedelta(days=1)
    )
    for _time in range(2):
        tell_reviews()
    assert mails.all().count() == 2
    assert Delivery.objects.filter(to=keeper.email, subject__startswith="Relecture").count() == 1
    articles.confirm_article(actor=eas_agent, code=BIRTH)
    tell_reviews()
    assert mails.all().count() == 2


def test_a_reader_of_the_portal_says_what_is_out_of_date(client, keeper, manager_browser):
    answer = client.post(f"{PUBLIC}pas-a-jour/", {"text": "Le prix a changé."}, follow=True)
    assert "va vérifier" in words_of(answer)
    remark = ArticleRemark.objects.get()
    assert remark.author is None
    drain_outbox()
    assert "Le prix a changé." in Delivery.objects.get(to=keeper.email).body
    assert "Le prix a changé." in words_of(manager_browser.get(HOME))
    manager_browser.post(f"{HOME}remarques/{remark.pk}/", {"answer": "Corrigé."})
    assert "Corrigé." in words_of(manager_browser.get(at(BIRTH)))
    assert client.post(f"{PUBLIC}pas-a-jour/", {"text": " "}).status_code == 422
    assert client.post("/articles/repondre-en-colere/pas-a-jour/", {"text": "x"}).status_code == 404


def test_a_flood_of_remarks_is_refused(client):
    answers = [client.post(f"{PUBLIC}pas-a-jour/", {"text": "faux"}) for _n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Vous avez déjà beaucoup écrit." in words_of(answers[-1])


def test_an_agent_who_remarks_is_answered_by_the_owner(front, eas_agent, expert, expert_browser):
    KnowledgeArticle.objects.filter(pk=BIRTH).update(owner=expert)
    front.post(at(BIRTH, "remarque"), {"text": "L'adresse est fausse."})
    assert "L'adresse est fausse." in Delivery.objects.get(to=expert.email).body
    assert "L'adresse est fausse." in words_of(expert_browser.get(HOME))
    remark = ArticleRemark.objects.get()
    assert front.post(f"{HOME}remarques/{remark.pk}/", {"answer": "x"}).status_code == 403
    expert_browser.post(f"{HOME}remarques/{remark.pk}/", {"answer": "C'est corrigé."})
    assert "C'est corrigé." in Delivery.objects.get(to=eas_agent.email).body


def test_what_is_asked_in_vain_waits_grouped_by_channel(client, front, manager_browser):
    for _time in range(2):
        client.get("/recherche/?q=Zorglub quantique")
    note = {"question": "zorglub quantique ?", "outcome": "answered", "channel": "telephone"}
    front.post("/agent/accueil/contact/", note)
    known = {"question": "acte de naissance gratuit", "outcome": "answered", "channel": "guichet"}
    front.post("/agent/accueil/contact/", known)
    page = words_of(manager_browser.get(MISSING))
    assert "zorglub quantique 3" in page
    assert "Portail 2" in page
    assert "Téléphone 1" in page
    assert "naissance gratuit" not in page


def test_a_question_noted_at_the_counter_keeps_no_name(front):
    question = "Mme DURAND demande un zorglub pour Léo, RSA 75123"
    front.post(
        "/agent/accueil/contact/",
        {"question": question, "outcome": "answered", "channel": "guichet"},
    )
    assert MissingAnswer.objects.get().words == "mme demande un zorglub pour rsa"


def test_a_name_typed_on_the_portal_is_kept_and_the_page_says_so(client, manager_browser):
    client.get("/recherche/?q=odile zorgluberte")
    page = words_of(manager_browser.get(MISSING))
    assert "odile zorgluberte" in page
    assert "Un nom tapé sur le portail peut s’y trouver" in page


def test_words_keep_their_accents_and_are_one_with_or_without(client, manager_browser):
    for query in ("zorglube", "Zorglubé", "zorglube"):
        client.get("/recherche/", {"q": query})
    row = MissingAnswer.objects.get()
    assert (row.words, row.written, row.count) == ("zorglube", "zorglubé", 3)
    assert '<th scope="row">zorglubé</th>' in manager_browser.get(MISSING).text


def test_words_are_linked_to_articles_in_force_only(client, front, manager_browser):
    client.get("/recherche/?q=zorglub")
    draft = propose(front)
    page = manager_browser.get(MISSING).content.decode()
    assert f'value="{BIRTH}"' in page
    assert f'value="{draft}"' not in page
    manager_browser.post(MISSING, {"words": "zorglub", "article": draft})
    assert MissingAnswer.objects.get().fate == ""


@pytest.mark.parametrize(
    ("verb", "asked"),
    [("valider", {"seen": 2, "seul": "1"}), ("confirmer", {}), ("retirer", {})],
)
def test_an_article_waits_for_a_load_before_it_locks_its_row(manager_browser, verb, asked):
    manager_browser.post(at(BIRTH, "modifier"), written("Un", public="on"))
    assert locks_of(lambda: manager_browser.post(at(BIRTH, verb), asked))[0] == "load"


def test_words_linked_wait_for_a_load_before_they_lock_their_article(client, manager_browser):
    client.get("/recherche/?q=zorglub")
    typed = {"words": "zorglub", "article": BIRTH}
    assert locks_of(lambda: manager_browser.post(MISSING, typed))[0] == "load"


def test_who_keeps_an_article_is_not_indexed(keeper, eas_agent):
    def give() -> None:
        articles.give_article(actor=keeper, code=BIRTH, owner=eas_agent, review_on=None)

    assert locks_of(give) == ["row"]
    article = KnowledgeArticle.objects.get(pk=BIRTH)
    assert (article.owner, article.review_on) == (eas_agent, None)


def locks_of(act) -> list[str]:
    """The locks on the loading and on an article's row, in their order."""
    with CaptureQueriesContext(connection) as captured:
        act()
    said = [query["sql"] for query in captured]
    row = re.compile('FROM "prestations_knowledgearticle".*FOR NO KEY UPDATE', re.S)
    marks = ["load" if "advisory" in sql else "row" if row.search(sql) else "" for sql in said]
    return [mark for mark in marks if mark]


def test_articles_found_are_read_with_their_owners_at_once(front, eas_agent, expert, keeper):
    def find() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            page = front.get(f"{HOME}?q=zorglub")
        return len(captured), len(page.context["articles"])

    found = list(KnowledgeArticle.objects.in_force()[:3])
    for article, owner in zip(found, (eas_agent, expert, keeper), strict=True):
        KnowledgeArticle.objects.filter(pk=article.pk).update(label="Zorglub", owner=owner)
    index_search()
    named = KnowledgeArticle.objects.filter(label="Zorglub")
    named.exclude(owner=eas_agent).update(is_active=False)
    find()  # warm
    queries, number = find()
    assert number == 1
    named.update(is_active=True)
    assert find() == (queries, 3)


def test_words_linked_to_an_article_find_it_from_then_on(client, manager_browser):
    client.get("/recherche/?q=zorglub")
    manager_browser.post(MISSING, {"words": "zorglub", "article": BIRTH})
    assert "zorglub" not in words_of(manager_browser.get(MISSING)).partition("Suite")[2]
    assert search("zorglub").hits[0].key == "acte-de-naissance"
    missing = MissingAnswer.objects.get()
    assert (missing.fate, missing.article_id) == ("linked", BIRTH)


def test_nothing_to_do_stays_decided_when_it_is_asked_again(client, manager_browser):
    client.get("/recherche/?q=zorglub")
    manager_browser.post(MISSING, {"words": "zorglub"})
    client.get("/recherche/?q=zorglub")
    assert MissingAnswer.objects.get(channel=Channel.WEB).count == 2
    assert "Rien n’attend" in words_of(manager_browser.get(MISSING))
    again = words_of(manager_browser.post(MISSING, {"words": "zorglub"}, follow=True))
    assert "Un collègue vient de décider" in again


def test_the_missing_article_is_written_from_the_list(client, manager_browser):
    client.get("/recherche/?q=zorglub")
    asked = f"{NEW}?question=zorglub"
    assert 'value="Zorglub"' in manager_browser.get(asked).content.decode()
    manager_browser.post(asked, written("Zorglub", public="on"))
    article = KnowledgeArticle.objects.get(slug="zorglub")
    assert article.synonyms == ["zorglub"]
    assert MissingAnswer.objects.get().article == article
    assert "Rien n’attend" in words_of(manager_browser.get(MISSING))


def test_old_answered_remarks_and_unrepeated_words_are_forgotten(client):
    client.get("/recherche/?q=zorglub")
    long_ago = timezone.now() - timedelta(days=400)
    MissingAnswer.objects.update(last_on=long_ago.date())
    article = KnowledgeArticle.objects.get(pk=BIRTH)
    ArticleRemark.objects.create(article=article, text="x", at=long_ago, answered_at=long_ago)
    ArticleRemark.objects.create(article=article, text="attend", at=long_ago)
    assert forget_missing_answers() == 2
    assert ArticleRemark.objects.get().text == "attend"


def test_internal_articles_are_found_by_agents_only(front, client):
    assert "citoyen en colère" in words_of(front.get(f"{HOME}?q=colère insulte"))
    assert "citoyen en colère" not in words_of(client.get("/recherche/?q=colère insulte"))


def test_an_article_in_english_is_shown_to_english_readers(manager_browser, client):
    typed = written("Un titre", public="on", label_en="Birth record", text_en="Free of charge.")
    manager_browser.post(at(BIRTH, "modifier"), typed)
    manager_browser.post(at(BIRTH, "valider"), {"seen": 2, "seul": "1"})
    english = {"headers": {"accept-language": "en"}}
    assert "Free of charge." in words_of(client.get(PUBLIC, **english))
    assert "Birth record" in words_of(client.get("/recherche/?q=birth record", **english))
