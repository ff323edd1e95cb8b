"""One request: what its page shows, what its buttons do, and what happens to a stale one."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.forms.citizens import CitizenForm
from massy_grc.audit.models import AccessRecord
from massy_grc.common.components.icons import icon
from prestations.enums import Role
from prestations.models import ClosingReason
from requests import actions
from requests.enums import AlertKind, State, Verb
from requests.exceptions import StaleRequest
from requests.models import Alert, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.backoffice.views.conftest import url
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db


def test_page_shows_answers_people_and_dates(front, sr):
    page = front.get(url(sr)).content.decode()
    assert sr.reference in page
    assert "Un trou" in page
    assert "Ouvrir la fiche citoyen" in page


def test_head_tells_a_delay_once(front, sr):
    now = timezone.now()
    sr.due_at = now - timedelta(days=6)
    sr.save(update_fields=["due_at"])
    for kind in (AlertKind.OVERDUE, AlertKind.SEVERELY_LATE, AlertKind.UNASSIGNED):
        Alert.objects.create(request=sr, kind=kind, about="x", raised_at=now)
    page = front.get(url(sr)).content.decode()
    head = page[
        page.index('class="request-head"') : page.index("</header>", page.index("request-head"))
    ]
    assert "Retard 6" in head
    assert "Échéance dépassée" not in head
    assert head.count("Retard") == 2  # the word of the badge, and the gravity in its tooltip
    assert "Sans chargé de dossier" in head


def test_each_view_of_a_page_is_recorded_once(front, eas_agent, sr):
    front.get(url(sr))
    record = AccessRecord.objects.get(object_type="request", object_id=sr.pk)
    assert (record.user, record.action) == (eas_agent, "view")
    assert record.detail == {"why": "charge"}


def test_same_number_of_queries_for_a_short_and_a_long_life(front, eas_agent, sr):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert front.get(url(sr)).status_code == 200
        return len(captured)

    actions.add_note(request_id=sr.pk, actor=eas_agent, body="Une note")
    actions.write_message(request_id=sr.pk, version=None, actor=eas_agent, body="Bonjour")
    queries()
    short = queries()
    for number in range(8):
        actions.add_note(request_id=sr.pk, actor=eas_agent, body=f"Note {number}")
        actions.write_message(request_id=sr.pk, version=None, actor=eas_agent, body="Encore")
    assert queries() == short


def test_answer_is_sent_and_closes(front, sr):
    response = front.post(
        url(sr, "answer"),
        {"version": sr.version, "outcome": "positive", "body": "C'est réparé.", "close": "on"},
    )
    assert response.status_code == 302
    sr.refresh_from_db()
    assert sr.state == State.CLOSE
    assert sr.messages.get().body == "C'est réparé."


def test_an_act_that_the_state_forbids_shows_no_form(front, transferred):
    response = front.get(url(transferred, "reopen"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "n’est pas possible en ce moment" in page
    assert transferred.get_absolute_url() in page
    assert "act-form" not in page


def test_answer_is_written_beside_what_is_answered(front, sr, eas_agent):
    actions.receive_message(request_id=sr.pk, body="Et la rue voisine ?")
    page = front.get(url(sr, "answer")).content.decode()
    assert "Et la rue voisine ?" in page
    assert sr.requester_name in page


def test_documents_and_letters_have_english_names_on_english_pages(front, sr):
    sr.documents.create(label="Décision favorable du 30 novembre 2026 (2)", file="x", size=1)
    front.cookies["django_language"] = "en"
    page = front.get(url(sr)).content.decode()
    assert "Favourable decision (2)" in page
    assert "Décision favorable" not in page


@pytest.mark.parametrize("forged", ["", "-1", "99999999999999999999", "un", None])
def test_missing_or_forged_version_acts_on_nothing(front, sr, forged):
    data = {"outcome": "positive", "body": "Oui", "close": "on"}
    if forged is not None:
        data["version"] = forged
    assert front.post(url(sr, "answer"), data).status_code == 409
    sr.refresh_from_db()
    assert sr.state == State.EN_COURS


@pytest.mark.parametrize("verb", ["answer", "close", "write", "ask_question", "cancel", "reopen"])
def test_expert_can_neither_write_to_the_citizen_nor_close(expert_browser, transferred, verb):
    """S27: no button, and the server refuses a forged post."""
    page = expert_browser.get(url(transferred)).content.decode()
    assert f"/{verb}/" not in page
    assert expert_browser.get(url(transferred, verb)).status_code == 403
    data = {"version": transferred.version, "body": "x", "outcome": "positive", "reason": "x"}
    assert expert_browser.post(url(transferred, verb), data).status_code == 403
    transferred.refresh_from_db()
    assert transferred.state == State.TRANSMISE
    assert not transferred.messages.exists()


def test_expert_takes_notes_and_concludes(expert_browser, expert, transferred):
    expert_browser.post(url(transferred, "take"), {"version": transferred.version})
    expert_browser.post(url(transferred, "note"), {"body": "Vu sur place."})
    transferred.refresh_from_db()
    assert transferred.assignee == expert
    data = {"version": transferred.version, "outcome": "positive", "conclusion": "Rebouché."}
    assert expert_browser.post(url(transferred, "treat"), data).status_code == 302
    transferred.refresh_from_db()
    assert transferred.state == State.A_REPONDRE


def test_who_has_the_file_is_not_asked_to_take_it(front, eas_agent):
    sr = make_request(state=State.EN_COURS)
    take = f'action="{url(sr, "take")}"'
    assert take in front.get(sr.get_absolute_url()).content.decode()
    actions.take_request(request_id=sr.pk, version=None, actor=eas_agent)
    assert take not in front.get(sr.get_absolute_url()).content.decode()


def test_what_was_done_is_said_once(front, sr):
    page = front.post(url(sr, "note"), {"body": "Vu."}, follow=True).content.decode()
    assert page.count("C’est fait") == 1
    assert "Note ajoutée." in page
    sr.front_agent = make_agent(Role.AGENT_PROXIMITE, first_name="Baptiste", last_name="Lambert")
    sr.save(update_fields=["front_agent"])
    own = sr.front_agent.memberships.get().team
    assert own != sr.team
    assert f"Baptiste Lambert, {own}" in front.get(sr.get_absolute_url()).content.decode()


def test_front_office_approves_an_experts_question(front, expert, transferred):
    actions.propose_question(
        request_id=transferred.pk, version=None, actor=expert, body="Quel numéro ?"
    )
    transferred.refresh_from_db()
    question = transferred.proposed_questions.get()
    form = front.get(url(transferred, "approve") + f"?question={question.pk}")
    assert "Quel numéro ?" in form.content.decode()
    data = {"version": transferred.version, "question": question.pk, "body": "Quel numéro de rue ?"}
    front.post(url(transferred, "approve"), data)
    transferred.refresh_from_db()
    assert transferred.state == State.ATTENTE_DEMANDEUR
    assert transferred.messages.get().body == "Quel numéro de rue ?"


def test_question_of_another_request_cannot_be_decided_here(front, expert, transferred, sr):
    """R17: a forged id in the hidden field."""
    question = actions.propose_question(
        request_id=transferred.pk, version=None, actor=expert, body="Quoi ?"
    )
    response = front.post(url(sr, "refuse"), {"version": sr.version, "question": question.pk})
    assert "pas celle de cette demande" in response.content.decode()
    question.refresh_from_db()
    assert question.decided_at is None


def test_unknown_question_is_no_error(front, sr):
    data = {"version": sr.version, "question": 10**12}
    assert "pas celle de cette demande" in front.post(url(sr, "refuse"), data).content.decode()


def test_assigned_colleague_must_work_there(front, sr, expert):
    response = front.post(url(sr, "assign"), {"version": sr.version, "assignee": expert.pk})
    assert "assignee" in response.context["form"].errors


def test_invalid_form_comes_back_with_what_was_typed(front, sr):
    response = front.post(url(sr, "close"), {"version": sr.version, "motive": "Parce que"})
    page = response.content.decode()
    assert "Parce que" in page
    assert "Il y a un point à corriger" in page


def test_refusal_of_the_action_is_told_plainly(front, sr):
    ServiceRequest.objects.filter(pk=sr.pk).update(state=State.CLOSE)
    response = front.post(url(sr, "take"), {"version": sr.version})
    assert response.status_code == 409
    assert "notice" in response.content.decode()


def test_unknown_act_is_not_found(front, sr):
    assert front.get(url(sr, "explode")).status_code == 404


def test_every_lawful_act_has_a_page_that_opens(front, expert_browser, sr, transferred):
    for client, request, user in (
        (front, sr, sr.front_agent),
        (expert_browser, transferred, None),
    ):
        page = client.get(url(request))
        bar = page.context["buttons"]
        acts = [act for act in (bar.first, *bar.beside, *bar.more) if act]
        assert acts
        for act in acts:
            assert client.get(url(request, act.slug)).status_code == 200, (act.slug, user)


def test_note_form_is_marked_as_internal_everywhere(front, sr):
    """Use bar 33: icon, label and button text, unlike those of a message; the class of its colour.

    On the request's page and on the note's own.
    """
    page = front.get(url(sr)).content.decode()
    alone = front.get(url(sr, "note")).content.decode()
    beside, message = (
        re.search(rf'<form[^>]*composer-{kind}".*?</form>', page, re.DOTALL)[0]
        for kind in ("note", "message")
    )
    (section,) = re.findall(r'<section id="act-form".*?</section>', alone, re.DOTALL)
    lock = icon(name="lock")
    for form in (beside, section):
        assert "composer-note" in form
        assert re.search(rf"<h\d[^>]*>{re.escape(lock)} [^<]*note interne", form, re.IGNORECASE)
        assert re.search(r"<label[^>]*>\s*(Votre note|Note interne)", form)
        assert re.search(r"[Ll]e citoyen ne la (voit|verra) jamais", form)
        (button,) = re.findall(r'<button[^>]*"btn btn-note"[^>]*>(.*?)</button>', form, re.S)
        assert button == f"{lock} Ajouter la note interne"
    assert lock not in message
    assert "btn-note" not in message
    assert "note interne" not in message
    assert Verb.NOTE in actions.allowed_verbs(sr, sr.front_agent)


def test_a_note_has_colours_that_nothing_else_has_light_and_dark():
    """Use bar 33: its surface, its edge and its button."""
    sheets = (settings.BASE_DIR / "static/css").glob("*.css")
    css = "\n".join(path.read_text(encoding="utf-8") for path in sheets)
    (composer,) = re.findall(r"^\.composer-note \{(.*?)\}", css, re.MULTILINE)
    (button,) = re.findall(r"^\.btn-note \{(.*?)\}", css, re.MULTILINE)
    assert "background-color: var(--m-note-soft)" in composer
    assert "border: 1px dashed var(--m-note)" in composer
    assert "--bs-btn-color: var(--m-note);" in button
    for name in ("note", "note-soft"):
        ours = set(re.findall(rf"--m-{name}: (#\w+);", css))
        theirs = set(re.findall(rf"--m-(?!{name}:)[\w-]+: (#\w+);", css))
        assert len(ours) == 2  # one for each theme
        assert not ours & theirs


def test_manager_cannot_open_a_request(manager, sr):
    assert client_of(manager, post=None).get(url(sr)).status_code == 403


def test_an_expert_who_gives_a_request_back_returns_to_the_queue(expert_browser, transferred):
    response = expert_browser.post(
        url(transferred, "return"),
        {"version": transferred.version, "note": "Ce n’est pas la voirie."},
        follow=True,
    )
    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == "/agent/demandes/"


def test_an_act_on_a_request_passed_on_meanwhile_gives_the_words_back(
    expert_browser, transferred, monkeypatch
):
    """Passed on before the form is sent, or while it is: what was typed can be copied."""

    def passed_on(**_kwargs):
        ServiceRequest.objects.filter(pk=transferred.pk).update(department_id="espaces-verts")
        raise StaleRequest

    monkeypatch.setattr(actions, "send_undoable", passed_on)  # a colleague's, not rolled back
    given = {"version": transferred.version, "note": "C’est <b>privé</b>."}
    for status in (409, 404):
        response = expert_browser.post(url(transferred, "return"), given)
        page = response.content.decode()
        assert response.status_code == status
        assert "rien n’a été enregistré" in page
        assert "C’est &lt;b&gt;privé&lt;/b&gt;." in page
        assert transferred.reference not in page.partition("<main")[2]


def test_another_prestation_brings_its_category_and_its_name(front, catalogue, eas_agent):
    old, new = catalogue["voirie-graffitis"], catalogue["acte-naissance-filiation"]
    sr = make_request(prestation=old, subject=old.label, state=State.EN_COURS)
    assert sr.category_id != new.category_id
    response = front.post(
        url(sr, "qualify"),
        {
            "version": sr.version,
            "prestation": new.pk,
            "subject": sr.subject,
            "category": sr.category_id,
        },
    )
    assert response.status_code == 302
    sr.refresh_from_db()
    assert (sr.prestation_id, sr.category_id, sr.subject) == (new.pk, new.category_id, new.label)


@pytest.mark.parametrize(("outcome", "positive"), [("positive", False), ("negative", True)])
def test_an_answer_and_its_closing_reason_go_the_same_way(front, sr, outcome, positive):
    reason = ClosingReason.objects.filter(is_active=True, positive=positive).first()
    response = front.post(
        url(sr, "answer"),
        {
            "version": sr.version,
            "outcome": outcome,
            "body": "Voici.",
            "closing_reason": reason.pk,
            "close": "on",
        },
    )
    assert response.status_code == 200
    assert "Changez l’un ou l’autre" in response.content.decode()


def test_nobody_is_born_in_the_future():
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = CitizenForm({"family_name": "Durand", "birth_date": tomorrow.isoformat()})
    assert "birth_date" in form.errors
