"""What keeps happening: found by night, followed, answered once for all (S33)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from massy_grc.outbox import relay
from prestations.models import Prestation, RightHolder, RootCause
from requests import actions, recurrence
from requests.actions import problem_answers, problems
from requests.enums import Outcome, ProblemState, State, Verb
from requests.exceptions import MissingInput, NotAllowed
from requests.models import Problem, ProblemMember, ServiceRequest
from requests.notifications.complaints import day_s_problems
from requests.recurrence import similarities, words_of
from tests.backoffice.conftest import client_of
from tests.requests.actions.conftest import MONDAY, PERSON
from tests.requests.actions.reports import report, street

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

__all__ = ["report", "street"]


def test_what_keeps_happening_is_proposed_once_and_grows(report, proximite_agent):
    same = [report(days) for days in (0, 10, 20)]
    report(5, text="La grille du parc grince la nuit, le voisinage ne dort plus")
    report(6, street=None, latitude=48.70, longitude=2.20)
    now = MONDAY + timedelta(days=21)
    (problem,) = problems.find_problems(now=now)
    assert [one.request for one in problem.members.all()] == same
    assert problem.state == ProblemState.PROPOSED
    assert problems.find_problems(now=now) == []
    later = report(22)
    assert problems.find_problems(now=now + timedelta(days=1)) == []
    assert problem.members.filter(request=later, accepted_at=None).exists()


def test_the_nightly_run_lets_requests_be_filed_and_compares_a_few_at_a_time(
    report, proximite_agent, monkeypatch
):
    monkeypatch.setattr(recurrence, "BATCH", 2)
    for days in range(4):
        report(days)
    now = MONDAY + timedelta(days=5)
    with CaptureQueriesContext(connection) as seen:
        (problem,) = problems.find_problems(now=now)
    statements = [one["sql"] for one in seen]
    assert any("FOR NO KEY UPDATE" in one for one in statements)
    assert sum("similarity" in one for one in statements) == 3  # six pairs
    assert problem.members.count() == 4


def test_one_place_and_unlike_words_are_no_problem_through_others_between_them(report):
    """Alike two by two, the first and the last have nothing in common: no chain joins them."""
    words = ("banc", "peinture", "trottoir", "bordure", "caniveau", "platane")
    report(text=" ".join(words[:3]))
    near = [report(1, text=" ".join(words[1:4])), report(2, text=" ".join(words[1:5]))]
    near.append(report(3, text=" ".join(words[2:5])))
    report(4, text=" ".join([*words[4:], "racine", "tronc", "feuillage", "branches"]))
    for problem in problems.find_problems(now=MONDAY + timedelta(days=5)):
        rows = [one.request for one in problem.members.select_related("request")]
        texts = {row.pk: words_of(row) for row in rows}
        centre = [similarities(texts[row.pk], texts) for row in rows]
        assert any(min(alike.values()) >= recurrence.ALIKE for alike in centre)
        assert {row.pk for row in near} <= set(texts)


def test_a_long_street_is_not_one_place(report):
    for metres in (0, 400, 800):
        report(latitude=48.73 + metres / 111_320, longitude=2.27)
    assert problems.find_problems(now=MONDAY + timedelta(days=1)) == []


def test_what_is_over_is_not_proposed_unless_it_comes_back(report):
    def close(*rows, at):
        own = ServiceRequest.objects.filter(pk__in=[one.pk for one in rows])
        own.update(state=State.CLOSE, closed_at=at, closing_reason="satisfaite")

    over = [report(days) for days in (0, 1, 2)]
    close(*over, at=MONDAY + timedelta(days=3))
    assert problems.find_problems(now=MONDAY + timedelta(days=4)) == []
    back = report(10)
    close(back, at=MONDAY + timedelta(days=11))
    assert problems.find_problems(now=MONDAY + timedelta(days=70)) == []  # long ago already
    (problem,) = problems.find_problems(now=MONDAY + timedelta(days=12))
    assert problem.members.count() == 4


@given(st.data())
def test_each_member_of_a_group_is_beside_one_of_it(data):
    """Whatever is near what: the groups are apart, and each has a centre all of it is near to."""
    size = data.draw(st.integers(1, 12))
    pairs = data.draw(st.sets(st.tuples(st.integers(1, size), st.integers(1, size))))
    near = {one: set() for one in range(1, size + 1)}
    for one, other in pairs:
        if one != other:
            near[one].add(other)
            near[other].add(one)
    known = data.draw(st.lists(st.integers(1, size), unique=True, max_size=4))
    groups = recurrence.around_centres(near, [known])
    told = [one for group in groups for one in group]
    assert len(told) == len(set(told))
    for group in groups:
        assert len(group) > 1
        assert group == sorted(group)
        loose = [one for one in group if one not in known]
        assert any(set(loose) <= near[one] | {one} for one in group)
    alone = set(near) - set(told)
    assert not any(near[one] & alone for one in alone)  # no two that are alike were left apart
    assert len({place for place, group in enumerate(groups) for one in group if one in known}) <= 1


def test_what_was_dismissed_or_is_old_is_not_proposed_again(report, proximite_agent):
    for days in (0, 10, 20):
        report(days)
    (problem,) = problems.find_problems(now=MONDAY + timedelta(days=21))
    problems.dismiss_problem(problem_id=problem.pk, version=1, actor=proximite_agent)
    report(25)
    assert problems.find_problems(now=MONDAY + timedelta(days=26)) == []
    for days in (140, 200, 260):
        report(days)
    assert problems.find_problems(now=MONDAY + timedelta(days=261)) == []


def test_places_near_one_another_are_one_place(report):
    for metres in (0, 100, 190):  # each within 150 m of the next
        report(street=None, latitude=48.73 + metres / 111_320, longitude=2.27)
    assert len(problems.find_problems(now=MONDAY + timedelta(days=1))) == 1


def test_everybody_of_a_problem_is_told_once_about_their_own_request(
    report, proximite_agent, eas_agent, expert, mails
):
    """One may be answered, one is with its department, one is closed, one was taken out."""
    answered, away, closed, out = (report(days) for days in range(4))
    actions.route_request(request_id=away.pk)
    common = {"version": None, "actor": proximite_agent}
    actions.take_request(request_id=answered.pk, **common)
    for sr in (closed, out):
        actions.take_request(request_id=sr.pk, **common)
        actions.answer_request(
            request_id=sr.pk, **common, body="Rebouché.", outcome=Outcome.POSITIVE
        )
    (problem,) = problems.find_problems(now=MONDAY + timedelta(days=5))
    problem = problems.accept_problem(problem_id=problem.pk, version=1, actor=proximite_agent)
    problems.remove_member(problem_id=problem.pk, actor=proximite_agent, request_id=out.pk)
    with pytest.raises(NotAllowed):
        problem_answers.answer_problem(
            problem_id=problem.pk, version=problem.version, actor=eas_agent, members=[], body="Non."
        )
    # a department reads of the problem what is its own: no cause, and the requests it has
    problems.write_problem(
        problem_id=problem.pk,
        version=problem.version,
        actor=proximite_agent,
        title="Trous de la rue",
        owner=proximite_agent,
        cause=RootCause.objects.get(pk="usure"),
        action="Refaire la chaussée.",
        action_on=MONDAY.date(),
        now=MONDAY,
    )
    problem.refresh_from_db()
    page = client_of(expert).get(f"/agent/problemes/{problem.pk}/").content.decode()
    assert "Refaire la chaussée." in page
    assert away.reference in page
    assert closed.reference not in page
    assert "usé" not in page
    mails()
    chosen = list(problem.members.filter(removed_at=None).values_list("pk", flat=True))
    told = {
        "problem_id": problem.pk,
        "version": problem.version,
        "actor": proximite_agent,
        "members": chosen,
        "body": "La chaussée sera refaite en mars.",
    }
    assert problem_answers.answer_problem(**told)[0] == 3
    letters = [one for one in mails() if "refaite en mars" in one.body]
    assert "D'autres personnes" not in letters[0].body  # one person told it four times
    problem.refresh_from_db()
    with pytest.raises(MissingInput):
        problem_answers.answer_problem(**told | {"version": problem.version})
    assert mails() == []
    assert {one.subject.split()[0] for one in letters} == {
        sr.reference for sr in (answered, away, closed)
    }
    assert len(letters) == 3
    states = []
    for sr in (answered, away, closed):
        sr.refresh_from_db()
        states.append(sr.state)
    assert states == [State.CLOSE, State.TRANSMISE, State.CLOSE]
    assert not out.events.filter(verb=Verb.WRITE).exists()


def test_what_bars_an_answer_bars_no_message_and_the_rest_is_said(
    report, proximite_agent, monkeypatch, mails
):
    """One lacks a document, one is without an address that its letter needs; a press says so."""
    blocked, failing = report(street=None, place="Chez M. Untel"), report(1)
    for sr in (blocked, failing):
        actions.take_request(request_id=sr.pk, version=None, actor=proximite_agent)
    assert "Untel" not in problems.usual_title(blocked)
    problem = problems.open_problem(
        actor=proximite_agent, title="Trous", requests=[blocked.pk, failing.pk]
    )
    monkeypatch.setattr(
        problem_answers, "obstacles", lambda sr, verb: [verb] if sr.pk == blocked.pk else []
    )

    def refuse(**_more):
        raise MissingInput("Le modèle ne convient pas.")

    monkeypatch.setattr(problem_answers, "answer_request", refuse)
    staff, page = client_of(proximite_agent), f"/agent/problemes/{problem.pk}/"
    data = {"version": problem.version, "body": "Tout sera refait.", "members": keys(problem)}
    assert "Réponse pour 2 demandes" in staff.post(f"{page}repondre/", data, follow=True).text
    mails()
    assert "Pas encore prévenue\u00a0: Le modèle ne convient pas." in staff.get(page).text
    assert blocked.messages.filter(body="Tout sera refait.").exists()
    for _press in range(2):  # taken out twice; told, not to be taken out
        for sr in (failing, blocked):
            done = staff.post(f"{page}retirer/", {"reference": sr.reference}, follow=True)
            assert done.status_code == 200
    kept = problem.members.filter(removed_at=None)
    assert [one.request for one in kept] == [blocked]


def keys(problem) -> list[int]:
    return list(problem.members.values_list("pk", flat=True))


def test_an_answer_goes_to_the_ticked_ones_those_over_for_long_unticked(
    report, proximite_agent, mails
):
    """Two people told it; what is closed for more than fifteen days waits for nothing."""
    running, old = report(), report(1)
    ServiceRequest.objects.filter(pk=old.pk).update(
        state=State.CLOSE,
        closed_at=MONDAY,
        closing_reason="satisfaite",
        citizen=None,
        requester_email="autre@courriel.example",
    )
    fresh = report(2)
    ServiceRequest.objects.filter(pk=fresh.pk).update(
        state=State.CLOSE, closed_at=timezone.now(), closing_reason="satisfaite"
    )
    problem = problems.open_problem(
        actor=proximite_agent, title="Trous", requests=[running.pk, old.pk, fresh.pk]
    )
    staff, page = client_of(proximite_agent), f"/agent/problemes/{problem.pk}/repondre/"
    shown = staff.get(page)
    assert "1 demande en cours attend cette réponse." in shown.text
    assert "2 sont déjà closes." in shown.text
    ticked = shown.context["form"]["members"].value()
    assert set(ticked) == {str(one.pk) for one in problem.members.all() if one.request_id != old.pk}
    data = {"version": problem.version, "body": "Refaite en mars."}
    assert "Cochez au moins une demande" in staff.post(page, data).text
    first = problem.members.get(request=running)
    seen = staff.post(page, data | {"members": first.pk, "step": "preview"})
    assert "Envoyer pour 1 demande<" in seen.text
    assert staff.post(page, data | {"members": first.pk}, follow=True).status_code == 200
    (letter,) = [one for one in mails() if "Refaite en mars." in one.body]
    assert running.reference in letter.subject
    assert "Nous avons reçu le" in letter.body
    assert "Vous nous avez écrit" not in letter.body
    assert "D'autres personnes nous ont signalé la même chose." in letter.body
    assert not old.messages.exists()


def test_an_answer_to_all_is_read_first_and_may_be_undone(report, proximite_agent, mails):
    sr, other = report(), report(1)
    for one in (sr, other):
        actions.take_request(request_id=one.pk, version=None, actor=proximite_agent)
    problem = problems.open_problem(
        actor=proximite_agent, title="Trous", requests=[sr.pk, other.pk]
    )
    staff, page = client_of(proximite_agent), f"/agent/problemes/{problem.pk}/"
    data = {"version": problem.version, "body": "Refaite en mars.", "members": keys(problem)}
    shown = staff.post(f"{page}repondre/", data | {"step": "preview"}).text
    assert sr.reference in shown
    assert PERSON["email"] in shown
    assert "Refaite en mars." in shown
    assert "Envoyer pour 2 demandes" in shown
    assert staff.post(f"{page}repondre/", data | {"step": "edit"}).text.count("Refaite en mars.")
    assert not ServiceRequest.objects.exclude(answered_at=None).exists()

    sent = staff.post(f"{page}repondre/", data, follow=True).text
    assert "Réponse pour 2 demandes · Trous." in sent  # told on whatever page follows
    assert f"{page}annuler/" in sent
    assert "Répondre à tous" not in sent
    relay.relay_events()  # the workers look meanwhile
    relay.hand_over(relay.run_receipts)
    back = staff.post(f"{page}annuler/", follow=True).text
    assert "rien n’est parti" in back
    assert "Refaite en mars." in back  # the draft
    assert not any("Refaite" in one.body for one in mails())
    problem.refresh_from_db()
    assert problem.answered_at is None

    data["version"] = problem.version
    staff.post(f"{page}repondre/", data)
    assert len([one for one in mails() if "Refaite en mars." in one.body]) == 2
    late = staff.post(f"{page}annuler/", follow=True).text
    assert "Trop tard" in late
    assert ServiceRequest.objects.filter(state=State.CLOSE).count() == 2


def test_a_restricted_request_enters_no_problem_and_proposals_of_a_closed_one_stay_so(
    report, proximite_agent
):
    restricted = Prestation.objects.restricted().first()
    RightHolder.objects.create(
        prestation=restricted, user=proximite_agent, granted_by=proximite_agent, since=MONDAY
    )
    member, proposed, hidden = (report(days) for days in range(3))
    problem = problems.open_problem(actor=proximite_agent, title="Trous", requests=[member.pk])
    ProblemMember.objects.create(problem=problem, request=proposed, added_at=MONDAY)
    ServiceRequest.objects.filter(pk=hidden.pk).update(prestation=restricted)
    with pytest.raises(NotAllowed, match="réservée"):
        problems.add_member(problem_id=problem.pk, actor=proximite_agent, request_id=hidden.pk)
    with pytest.raises(NotAllowed, match="réservée"):
        problems.open_problem(actor=proximite_agent, title="Non", requests=[hidden.pk])
    for verb in (problems.close_problem, problems.reopen_problem):
        problem = verb(problem_id=problem.pk, version=problem.version, actor=proximite_agent)
    assert problem.members.filter(request=proposed, accepted_at=None).exists()


def test_followed_problems_are_listed_whole_and_the_day_s_mail_counts_all(
    report, proximite_agent, monkeypatch
):
    monkeypatch.setattr("backoffice.views.problems.SHOWN", 1)
    monkeypatch.setattr("backoffice.views.problems.MEMBERS_SHOWN", 1)
    monkeypatch.setattr("requests.notifications.parts.NAMED", 1)
    reports = [report(days).pk for days in range(3)]
    for title in ("Ancien", "Vieux", "Passé", "Récent"):
        problem = problems.open_problem(actor=proximite_agent, title=title, requests=reports)
        if title in ("Passé", "Récent"):
            problems.close_problem(problem_id=problem.pk, version=1, actor=proximite_agent)
    Problem.objects.filter(state=ProblemState.OPEN).update(action_on=MONDAY.date())
    staff = client_of(proximite_agent)
    page = staff.get("/agent/problemes/").content.decode()
    assert page.count("« Un trou profond devant l&#x27;arrêt de bus »") == 3
    shown = [title for title in ("Ancien", "Vieux", "Passé", "Récent") if f"{title}<" in page]
    assert shown == ["Ancien", "Vieux", "Récent"]
    page = staff.get(f"/agent/problemes/{problem.pk}/").content.decode()
    assert "et 2 autres, plus récentes" in page
    assert "que votre rôle ne montre pas" not in page
    said = day_s_problems(proximite_agent, MONDAY + timedelta(days=9))
    assert said.startswith("Actions de fond en retard\u00a0: 2")
    assert said.endswith("et 1 autre")
