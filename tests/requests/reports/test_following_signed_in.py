"""Following a report with an account: one click, no address asked, one list in the space."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from citizens.actions.consents import Subject, standing, withdrawal_link
from citizens.models import ConsentEvent
from requests import actions
from requests.drafts import resume_url
from requests.models import FilingDraft, ReportFollower
from tests.factories.citizens import make_account
from tests.helpers import drain_outbox
from tests.requests.filing.support import begin, step_url, text_of
from tests.requests.filing.test_place import post_place
from tests.requests.reports.support import ROADS
from tests.requests.reports.test_following import finish, link_in, mails_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
NOT_ASKED = 'name="email"'


@pytest.fixture
def account(catalogue):
    return make_account(family_name="Benali", email="aicha@courriel.example")


@pytest.fixture
def mine(client, login, account):
    return login(client, account.user)


def follow(client, row, **fields):
    return client.post(f"/signalements/{row.pk}/suivre/", fields, follow=True)


def unfollow(client, row):
    return client.post(f"/signalements/{row.pk}/ne-plus-suivre/", follow=True)


def test_one_click_follows_at_once_and_asks_no_address(mine, row, expert, proximite_agent):
    before = text_of(mine.get(f"/signalements/{row.pk}/"))
    assert NOT_ASKED not in before
    assert "Nous vous écrirons à aicha@courriel.example" in before

    page = text_of(follow(mine, row))

    assert mails_to("aicha@courriel.example") == []
    assert "Vous suivez ce signalement" in page
    assert "Ne plus suivre" in page
    assert NOT_ASKED not in page
    finish(row, expert, proximite_agent)
    (news,) = mails_to("aicha@courriel.example")
    assert "terminé" in news.subject


def test_news_go_to_the_accounts_address_of_the_day(mine, row, account, expert, proximite_agent):
    follow(mine, row)
    account.user.email = "nouvelle@courriel.example"
    account.user.save()
    finish(row, expert, proximite_agent)
    assert len(mails_to("nouvelle@courriel.example")) == 1
    assert mails_to("aicha@courriel.example") == []


def test_the_space_lists_what_is_followed(mine, row):
    address = f'href="/signalements/{row.pk}/"'
    assert address not in text_of(mine.get("/compte/"))
    follow(mine, row)
    page = text_of(mine.get("/compte/"))
    assert "Signalements que je suis" in page
    assert address in page
    unfollow(mine, row)
    assert address not in text_of(mine.get("/compte/"))


def test_a_consent_withdrawn_by_its_mailed_link_stops_the_news(mine, client, row, account):
    mine.post(f"/signalements/{row.pk}/suivre/")
    link = withdrawal_link(Subject(account.citizen_id), "follow")
    client.post(link[link.index("/accords/") :])
    drain_outbox()
    assert not ReportFollower.objects.of_account(account).exists()


def test_following_and_consent_agree(mine, row, account):
    subject = Subject(account.citizen_id)
    follow(mine, row)
    follow(mine, row)
    assert standing(subject, "follow")
    assert 'value="non">Retirer mon accord' in text_of(mine.get("/compte/donnees/"))

    mine.post(reverse("requests:my_data_consent", args=["follow"]), {"accord": "non"})
    assert "Retirer mon accord" not in text_of(mine.get("/compte/donnees/")).split("Suivre des")[1]
    drain_outbox()
    assert not ReportFollower.objects.exists()

    follow(mine, row)
    unfollow(mine, row)
    assert not standing(subject, "follow")
    page = text_of(mine.get("/compte/donnees/"))
    assert "Vous ne suivez aucun signalement" in page
    told = list(ConsentEvent.objects.values_list("given", flat=True))
    assert told == [True, False, True, False]


def test_the_link_of_a_mail_ends_it_too(mine, row, account, expert, proximite_agent):
    follow(mine, row)
    finish(row, expert, proximite_agent)
    (news,) = mails_to("aicha@courriel.example")
    mine.post(link_in(news, "arret"))
    assert not ReportFollower.objects.exists()
    assert not standing(Subject(account.citizen_id), "follow")


def test_what_the_address_followed_before_signing_in_is_its_owners(client, login, account, row):
    follow(client, row, email="aicha@courriel.example")
    client.post(link_in(mails_to("aicha@courriel.example")[0], "suivi"))
    login(client, account.user)
    assert "Vous suivez ce signalement" in text_of(client.get(f"/signalements/{row.pk}/"))
    assert f'href="/signalements/{row.pk}/"' in text_of(client.get("/compte/"))
    follow(client, row)
    assert ReportFollower.objects.count() == 1


def test_it_is_nobody_elses(mine, row, login, client):
    follow(mine, row)
    login(client, make_account(family_name="Autre").user)
    unfollow(client, row)
    assert ReportFollower.objects.count() == 1
    assert "Vous suivez" not in text_of(client.get(f"/signalements/{row.pk}/"))


def test_a_closed_account_follows_nothing(mine, row, account):
    follow(mine, row)
    actions.forget_space(account_ids=[account.pk])
    assert not ReportFollower.objects.exists()


def at_the_place(client):
    """A form whose place has been given, and the page that shows the report there."""
    draft = begin(client, ROADS)
    return draft, client.get(post_place(client, draft, "rue Jean Mermoz", "5")["Location"])


KEPT = "Votre demande commencée est gardée"


def test_followed_instead_of_filed_the_form_is_kept_one_press_away(mine, row):
    draft, page = at_the_place(mine)
    assert f"/signalements/{row.pk}/suivre/" in text_of(page)
    answer = text_of(follow(mine, row, demande=draft.token))
    assert "Vous suivez ce signalement" in answer
    assert KEPT in answer
    draft = FilingDraft.objects.get()
    assert f'href="{resume_url(draft)}">Reprendre ma demande</a>' in answer
    assert "Continuer" in text_of(mine.get(resume_url(draft)))


@pytest.mark.parametrize("account_asks", [True, False])
def test_counted_instead_of_filed_the_form_is_kept_until_its_owner_deletes_it(
    client, login, account, row, account_asks
):
    if account_asks:
        login(client, account.user)
    draft, _page = at_the_place(client)
    counted = f"/signalements/{row.pk}/moi-aussi/"
    answer = client.post(counted, {"demande": draft.token}, follow=True)
    assert KEPT in text_of(answer)
    discard = reverse("requests:file_discard", args=[ROADS, draft.token])
    assert f'href="{discard}"' in text_of(answer)
    assert "Supprimer cette demande commencée" in text_of(client.get(discard))
    gone = client.post(discard, {"retour": "espace"}, follow=True)
    assert gone.redirect_chain == [("/compte/" if account_asks else "/", 302)]
    assert "La demande commencée est supprimée." in text_of(gone)
    assert not FilingDraft.objects.exists()


def test_the_form_is_shown_to_its_owner_alone(mine, row, login, client):
    theirs = begin(mine, ROADS)
    login(client, make_account(family_name="Autre").user)
    for token in (theirs.token, "x", ""):
        assert KEPT not in text_of(follow(client, row, demande=token))
    assert FilingDraft.objects.get() == theirs


def test_back_leads_to_the_form_while_it_exists(client, row):
    draft, page = at_the_place(client)
    address = f"/signalements/{row.pk}/?demande={draft.token}"
    assert address in text_of(page)
    form = urlsplit(step_url(draft, 1)).path
    assert f'class="back-link" href="{form}lieu/"' in text_of(client.get(address))
    waiting = follow(client, row, email="voisine@courriel.example", demande=draft.token)
    assert f'class="back-link" href="{form}lieu/"' in text_of(waiting)
    draft.delete()
    assert 'class="back-link" href="/signalements/"' in text_of(client.get(address))
