"""Procedures and articles beside a request and at the counter (S50, S70)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from massy_grc.outbox.models import Delivery
from prestations.enums import Location, PrestationStatus, Role
from prestations.loading.catalogue import read_catalogue, write_catalogue
from prestations.models import Prestation, Procedure
from prestations.suggesting import articles_for
from requests.enums import State
from requests.models import ArticleUse, ProcedureTick, ServiceRequest
from requests.tasks import tell_reviews
from tests.backoffice.conftest import client_of
from tests.backoffice.views.conftest import url
from tests.backoffice.views.test_counter import open_form
from tests.backoffice.views.test_knowledge import words_of
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import PrestationFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.usefixtures("catalogue")

BIRTH = "acte-naissance-filiation"
HEAT = "canicule-inscription-beneficiaire"
PAGE = f"/agent/connaissance/procedures/{BIRTH}/"


@pytest.fixture
def birth(eas_agent):
    prestation = Prestation.objects.get(pk=BIRTH)
    return make_request(
        prestation=prestation,
        citizen=CitizenFactory(),
        state=State.EN_COURS,
        assignee=eas_agent,
        front_agent=eas_agent,
    )


@pytest.fixture
def manager_browser(catalogue):
    keeper = make_agent(Role.RESPONSABLE_CONNAISSANCE, first_name="Karim", last_name="Savoir")
    return client_of(keeper, post=None)


def steps(code: str = BIRTH):
    return Procedure.objects.get(pk=code).steps.filter(is_active=True)


def test_a_step_is_ticked_and_taken_back_with_who_and_when(front, birth, eas_agent):
    step = steps().first()
    listed = f"{url(birth)}?liste=vue%3Douvertes"  # each act leads back to the list's request
    page = front.get(listed).content.decode()
    for act in (f"procedure/{step.pk}/", "rappel/"):
        assert f'{url(birth)}{act}?liste=vue%3Douvertes"' in page
    ticked = listed.replace("?", f"procedure/{step.pk}/?")
    assert front.post(ticked, {"done": "1"}).url == f"{listed}#procedure"
    front.post(url(birth) + f"procedure/{step.pk}/", {"done": "1"})  # pressed twice
    tick = ProcedureTick.objects.get()
    assert (tick.by, tick.undone_at) == (eas_agent, None)
    page = front.get(url(birth)).content.decode()
    assert 'aria-pressed="true"' in page
    front.post(url(birth) + f"procedure/{step.pk}/", {})
    tick.refresh_from_db()
    assert tick.undone_by == eas_agent
    front.post(url(birth) + f"procedure/{step.pk}/", {"done": "1"})
    assert ProcedureTick.objects.count() == 2

    # what was answered before the form is not asked again; corrected since, as it is now
    answers = {"conditions": {"lieu": "oui", "qualite": "ascendant"}}
    answers["reponses"] = {"qualite": "representant"}
    ServiceRequest.objects.filter(pk=birth.pk).update(answers=answers)
    shown = front.get(url(birth)).context["steps"]
    told = [(one.step.text[:10], one.answer) for one in shown if one.answer]
    assert told == [("Quel est v", "Représentant légal")]  # the other one is ticked
    assert [bool(one.answer) for one in shown] == [False] * (len(shown) - 1) + [True]


def test_only_the_procedure_s_own_steps_of_an_open_request_are_ticked(front, birth, other_expert):
    foreign = steps("acte-deces").first()
    front.post(url(birth) + f"procedure/{foreign.pk}/", {"done": "1"})
    stranger = client_of(other_expert, post=None)
    own = steps().first()
    assert stranger.post(url(birth) + f"procedure/{own.pk}/", {"done": "1"}).status_code == 404
    ServiceRequest.objects.filter(pk=birth.pk).update(state=State.CLOSE)
    front.post(url(birth) + f"procedure/{own.pk}/", {"done": "1"})
    assert not ProcedureTick.objects.exists()
    assert "procedure-tick" not in front.get(url(birth)).content.decode()


def test_the_manager_writes_a_procedure_and_what_was_ticked_stays(manager_browser, front, birth):
    kept, gone = list(steps().filter(kind="check")[:2])
    for step in (kept, gone):
        front.post(url(birth) + f"procedure/{step.pk}/", {"done": "1"})
    typed = {
        "seen": 1,
        "ask": "Pour quel usage ?",
        "check": f"{kept.text} | toujours\nSceau de la mairie",
        "link": "Guide | https://guide.massy.example/etat-civil",
    }
    assert manager_browser.post(PAGE, typed).status_code == 302
    page = whole_page(front, url(birth))
    assert "Sceau de la mairie" in page
    assert "(toujours)" in page
    assert ProcedureTick.objects.filter(step=kept, step__is_active=True).exists()
    assert gone.text in page  # done before it was taken out
    assert manager_browser.post(PAGE, typed).status_code == 409
    write_catalogue(read_catalogue())
    assert steps().filter(text="Sceau de la mairie").exists()
    assert not steps().filter(pk=gone.pk).exists()


@pytest.mark.parametrize(
    "wrong", [{"link": "Guide | ftp://x"}, {"link": "Guide"}, {"check": "a\na"}, {"ask": "x" * 301}]
)
def test_a_procedure_that_makes_no_sense_is_refused(manager_browser, wrong):
    manager_browser.post(PAGE, {"seen": 1, "ask": "", "check": "", "link": "", **wrong})
    assert Procedure.objects.get(pk=BIRTH).version == 1


def test_agents_read_procedures_and_do_not_write_them(front):
    assert "Procédure" in words_of(front.get("/agent/connaissance/procedures/"))
    assert "<textarea" not in front.get(PAGE).content.decode()
    assert front.post(PAGE, {"seen": 1, "check": "x"}).status_code == 403
    assert Procedure.objects.get(pk=BIRTH).taken_up_at is None


def test_the_review_of_a_procedure_is_chased(expert):
    due = timezone.localdate() - timedelta(days=1)
    Procedure.objects.filter(pk=BIRTH).update(owner=expert, review_on=due)
    tell_reviews()
    tell_reviews()
    mail = Delivery.objects.get(to=expert.email)
    assert mail.subject.startswith("Relecture en retard")
    assert PAGE in mail.body
    assert "l'enregistre, corrigée ou telle quelle" in mail.body
    assert "notez" not in mail.body


def test_a_procedure_read_again_late_gets_a_new_review_day(manager_browser):
    today = timezone.localdate()
    Procedure.objects.filter(pk=BIRTH).update(review_on=today - timedelta(days=1))
    initial = manager_browser.get(PAGE).context["form"].initial
    assert initial["review_on"] is None
    manager_browser.post(PAGE, {**initial, "owner": "", "review_on": ""})
    assert Procedure.objects.get(pk=BIRTH).review_on > today + timedelta(days=150)
    known = manager_browser.get(PAGE).context["form"].initial
    assert known["review_on"] == Procedure.objects.get(pk=BIRTH).review_on


def test_late_procedures_are_counted_as_they_are_listed(manager_browser):
    late = timezone.localdate() - timedelta(days=1)
    Procedure.objects.update(review_on=late)
    Prestation.objects.filter(pk=BIRTH).update(status=PrestationStatus.HISTORICAL)
    page = manager_browser.get("/agent/connaissance/")
    listed = manager_browser.get("/agent/connaissance/procedures/").context["rows"]
    dated = [row for row in listed if getattr(row, "procedure", None)]
    assert page.context["late_procedures"] == len(dated) == Procedure.objects.count() - 1


def test_steps_ticked_while_filing_stand_on_the_request(front, eas_agent):
    prestation = PrestationFactory(location=Location.NONE)
    procedure = Procedure.objects.create(prestation=prestation)
    done, _left = (
        procedure.steps.create(kind="check", text=text, order=order)
        for order, text in enumerate(("Identité vue", "Adresse vue"))
    )
    address = open_form(front, prestation.pk)
    assert "Identité vue" in words_of(front.get(address))
    typed = {"channel": "guichet", "reponses.description": "Un trou", "procedure": str(done.pk)}
    front.post(address, typed)
    sr = ServiceRequest.objects.get(prestation=prestation)
    tick = ProcedureTick.objects.get(request=sr)
    assert (tick.step, tick.by) == (done, eas_agent)


def test_steps_are_ticked_while_filing_what_its_author_may_not_read(front, eas_agent):
    step = steps(HEAT).filter(kind="check").first()
    typed = {"channel": "guichet", "demandeur.nom_famille": "Durand", "procedure": str(step.pk)}
    answer = front.post(open_form(front, HEAT), {**typed, "incomplete": "1"})
    assert answer.status_code == 302
    sr = ServiceRequest.objects.get(prestation=HEAT)
    assert front.get(sr.get_absolute_url()).status_code == 404
    tick = ProcedureTick.objects.get(request=sr)
    assert (tick.step, tick.by) == (step, eas_agent)


def test_articles_of_the_matter_are_suggested_and_their_use_is_recorded(front, birth, eas_agent):
    assert "Qui peut demander un acte de naissance" in whole_page(front, url(birth))
    used = url(birth) + "article/acte-de-naissance/"
    front.post(used, {"answered": "non"})
    front.post(used, {"answered": "oui"})
    use = ArticleUse.objects.get()
    assert (use.article_id, use.answered, use.agent) == ("kb-acte-naissance", True, eas_agent)
    article = "/agent/connaissance/articles/kb-acte-naissance/"
    assert "a répondu : 1" in whole_page(front, article)


def whole_page(browser, address: str) -> str:
    page = re.sub(r"<[^>]*>", " ", browser.get(address).content.decode())
    return re.sub(r"\s+", " ", page).replace("\xa0", " ")


def test_suggestions_follow_the_text_and_not_its_politeness():
    text = "Bonjour, ma fille vient d'avoir 16 ans, où faire le recensement pour son attestation ?"
    assert articles_for(text)[0].slug == "recensement-16-ans"
    assert articles_for("Bonjour, merci de me répondre rapidement svp") == []


def test_the_link_of_an_article_joins_what_was_typed(front, birth):
    typed = {"body": "Bonjour, voici la réponse.", "insert": "acte-de-naissance"}
    page = front.post(url(birth, "write"), {"version": birth.version, **typed}).content.decode()
    assert "Bonjour, voici la réponse." in page
    assert "/articles/acte-de-naissance/" in page
    assert ArticleUse.objects.get().answered is None
    inside = {"body": "x", "insert": "repondre-en-colere", "version": birth.version}
    assert front.post(url(birth, "write"), inside).status_code == 404


def test_a_question_without_article_is_asked_for_beside_the_request(front, birth, manager_browser):
    asked = {"words": "Comment zorgluber ?", "channel": birth.channel, "next": url(birth)}
    assert front.post("/agent/connaissance/question/", asked).url == url(birth)
    assert "comment zorgluber" in words_of(manager_browser.get("/agent/connaissance/a-ecrire/"))
