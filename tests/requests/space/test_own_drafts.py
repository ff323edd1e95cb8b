"""A form begun waits in its owner's space: thirty days, on any device, for nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from requests import actions
from requests.models import FilingDraft
from tests.factories.answers import valid_answers
from tests.factories.users import PASSWORD
from tests.requests.filing.support import begin, fill, step_url, text_of

pytestmark = pytest.mark.django_db

POTHOLE = "voirie-intervention-rapide"


def age(draft, days):
    FilingDraft.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - timedelta(days=days))


def test_a_form_begun_signed_in_is_resumed_on_another_device(mine, account, login):
    draft = begin(mine, POTHOLE)
    telephone = login(Client(), account.user)

    assert step_url(draft, 1) in text_of(telephone.get("/compte/"))
    answers, files = valid_answers(draft.form_version, draft.channel)
    assert fill(telephone, draft, answers, files).endswith("/verification/")


def test_what_was_begun_before_signing_in_is_kept(client, account):
    draft = begin(client, POTHOLE)
    client.post("/compte/login/", {"login": account.user.email, "password": PASSWORD})

    draft.refresh_from_db()
    assert draft.account == account
    assert step_url(draft, 1) in text_of(client.get("/compte/"))


def test_what_the_account_knows_fills_the_blanks_and_nothing_typed_is_overwritten(client, account):
    draft = begin(client, POTHOLE)
    typed = {"demandeur": {"prenom": "Jeannette", "email": ""}, "reponses": {"x": "y"}}
    FilingDraft.objects.filter(pk=draft.pk).update(answers=typed)
    client.post("/compte/login/", {"login": account.user.email, "password": PASSWORD})

    draft.refresh_from_db()
    assert draft.answers["demandeur"]["prenom"] == "Jeannette"
    assert draft.answers["demandeur"]["email"] == account.user.email
    assert draft.answers["reponses"]["x"] == "y"


def test_a_form_given_to_an_account_no_longer_opens_for_the_browser(client, account):
    draft = begin(client, POTHOLE)
    client.post("/compte/login/", {"login": account.user.email, "password": PASSWORD})
    client.post("/compte/logout/")

    assert client.get(step_url(draft, 1)).status_code == 404


def test_signing_in_takes_nobody_elses_form(client, account, mine, stranger):
    draft = begin(stranger, POTHOLE)
    session = mine.session
    session["filing_drafts"] = [str(draft.token)]
    session.save()
    actions.adopt_drafts(account=account, tokens=[str(draft.token)])

    draft.refresh_from_db()
    assert draft.account != account
    assert mine.get(step_url(draft, 1)).status_code == 404


@pytest.mark.parametrize("end", ["1/", "verification/", "pause/"])
def test_anothers_form_answers_as_one_that_is_not(mine, stranger, end):
    draft = begin(mine, POTHOLE)
    address = f"/prestations/{POTHOLE}/demande/{draft.token}/{end}"
    theirs = stranger.get(address)
    posted = stranger.post(f"/prestations/{POTHOLE}/demande/{draft.token}/abandon/")
    FilingDraft.objects.all().delete()

    assert theirs.status_code == posted.status_code == stranger.get(address).status_code == 404


def test_it_is_kept_thirty_days(mine, account):
    draft = begin(mine, POTHOLE)
    age(draft, 29)
    actions.purge_drafts()
    assert FilingDraft.objects.filter(pk=draft.pk).exists()
    age(draft, 31)
    actions.purge_drafts()
    assert not FilingDraft.objects.filter(pk=draft.pk).exists()


def test_without_account_it_is_kept_seven_days(client, catalogue):
    draft = begin(client, POTHOLE)
    age(draft, 8)
    actions.purge_drafts()
    assert not FilingDraft.objects.filter(pk=draft.pk).exists()


def test_it_is_deleted_from_the_space(mine):
    draft = begin(mine, POTHOLE)
    address = f"/prestations/{POTHOLE}/demande/{draft.token}/abandon/"
    assert f'href="{address}"' in text_of(mine.get("/compte/"))

    asked = text_of(mine.get(address))

    assert "Supprimer cette demande commencée ?" in asked
    assert f'href="{step_url(draft, 1)}">Garder et reprendre' in asked
    assert FilingDraft.objects.exists()
    answer = mine.post(address, {"retour": "espace"})
    assert answer.url == "/compte/"
    assert not FilingDraft.objects.exists()
