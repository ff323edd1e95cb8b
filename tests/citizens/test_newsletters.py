"""Newsletters: a double opt-in, one click to leave, and an issue that reaches each address once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from citizens.actions import (
    anonymise_citizen,
    ask_email_change,
    confirm_email_change,
    queue_batch,
    send_issue,
    write_issue,
)
from citizens.actions.consents import Subject, set_consent, standing
from citizens.enums import ConsentKind, ConsentSource
from citizens.exceptions import AlreadySent
from citizens.models import Issue, Newsletter, Subscription
from citizens.tasks import purge_mail_requests
from massy_grc.outbox.models import Delivery
from prestations.models import ConfigurationChange
from tests.citizens.mails import last_mail, link_in
from tests.factories.citizens import make_account
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db

READER = "lectrice@courriel.example"
PAGE = "/lettres-d-information/"


@pytest.fixture
def works(catalogue):
    return Newsletter.objects.create(
        code="travaux", label="Travaux", description="Les chantiers de la semaine."
    )


@pytest.fixture
def schools(catalogue):
    return Newsletter.objects.create(code="ecoles", label="Écoles")


@pytest.fixture
def account(catalogue):
    return make_account(email="aicha@courriel.example")


@pytest.fixture
def mine(client, login, account):
    return login(client, account.user)


def main_of(answer) -> str:
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def subscribe(*newsletters, email=READER, client=None):
    data = {"email": email, "newsletters": [one.pk for one in newsletters]}
    return (client or Client()).post(PAGE, data)


def confirmed(*newsletters, email=READER) -> list[Subscription]:
    subscribe(*newsletters, email=email)
    Client().post(link_in(last_mail(email)))
    return list(Subscription.objects.confirmed().filter(email=email))


def send(newsletter, actor, **words) -> Issue:
    issue = write_issue(
        newsletter=newsletter,
        subject=words.get("subject", "Rue Jean Mermoz fermée"),
        body="La rue est fermée lundi.",
        author=actor,
        now=timezone.now(),
    )
    send_issue(issue_id=issue.pk, actor=actor, now=timezone.now())
    drain_outbox()
    issue.refresh_from_db()
    return issue


def agrees(email=READER) -> bool:
    return standing(Subject.of_address(email), ConsentKind.NEWSLETTER)


def test_nobody_is_subscribed_before_the_mailed_link_is_confirmed(works, schools):
    assert subscribe(works, schools)["Location"] == f"{PAGE}envoye/"
    letter = last_mail(READER)
    assert "Travaux" in letter.body
    assert "Écoles" in letter.body
    link = link_in(letter)
    assert Client().get(link).status_code == 200
    assert not Subscription.objects.confirmed().exists()  # opening it does nothing
    assert not agrees()
    for _twice in range(2):
        assert Client().post(link).status_code == 200
    assert Subscription.objects.confirmed().count() == 2
    assert agrees()


def test_the_link_is_over_after_seven_days_and_the_address_forgotten(works):
    subscribe(works)
    link = link_in(last_mail(READER))
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert Client().post(link).status_code == 410
        purge_mail_requests()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "path", ["confirmer/x/", "confirmer/WzFd:1:2/", "arret/x/", "arret/MQ:1:2/"]
)
def test_a_forged_link_does_nothing(works, path):
    [row] = confirmed(works)
    for answer in (Client().get(PAGE + path), Client().post(PAGE + path)):
        assert answer.status_code in (404, 410)
    assert Subscription.objects.confirmed().get() == row


def test_no_answer_tells_whether_an_address_is_subscribed(works):
    confirmed(works)
    before = Delivery.objects.filter(to=READER).count()
    known, unknown = subscribe(works), subscribe(works, email="autre@courriel.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    drain_outbox()
    assert Delivery.objects.filter(to=READER).count() == before  # nothing to confirm again
    assert Delivery.objects.filter(to="autre@courriel.example").exists()


def test_a_flood_of_mails_to_one_address_ends(works):
    answers = [subscribe(works).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_a_closed_list_is_not_joined(works):
    works.is_active = False
    works.save()
    assert subscribe(works).status_code == 200
    assert not Subscription.objects.exists()


def test_an_issue_reaches_the_confirmed_once_and_says_how_to_leave(works, schools, administrator):
    confirmed(works)
    confirmed(works, email="autre@courriel.example")
    subscribe(works, email="hesitant@courriel.example")
    confirmed(schools, email="ecole@courriel.example")
    drain_outbox()
    mail.outbox.clear()
    issue = send(works, administrator)
    assert sorted(one.to[0] for one in mail.outbox) == ["autre@courriel.example", READER]
    assert issue.recipients == 2
    letter = mail.outbox[0]
    stop = re.search(r"<(https?://[^>]+)>", letter.extra_headers["List-Unsubscribe"])[1]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in letter.body
    with pytest.raises(AlreadySent):
        send_issue(issue_id=issue.pk, actor=administrator, now=timezone.now())
    queue_batch(issue_id=issue.pk, after=0)  # a task that runs again
    drain_outbox()
    assert len(mail.outbox) == 2


def test_who_leaves_and_comes_back_gets_no_second_copy(works, administrator):
    confirmed(works)
    issue = send(works, administrator)
    Subscription.objects.all().delete()
    [again] = confirmed(works)
    Subscription.objects.filter(pk=again.pk).update(confirmed_at=issue.written_at)
    queue_batch(issue_id=issue.pk, after=0)
    assert Delivery.objects.filter(to=READER, subject=issue.subject).count() == 1


def test_many_subscribers_are_queued_in_batches(works, administrator, monkeypatch):
    monkeypatch.setattr("citizens.actions.issues.BATCH", 2)
    now = timezone.now()
    Subscription.objects.bulk_create(
        Subscription(
            newsletter=works, email=f"n{n}@courriel.example", asked_at=now, confirmed_at=now
        )
        for n in range(5)
    )
    issue = send(works, administrator)
    assert issue.recipients == 5
    assert Delivery.objects.filter(subject=issue.subject).count() == 5


def test_one_click_of_a_mail_program_unsubscribes(works, schools, administrator):
    confirmed(works, schools)
    send(works, administrator)
    stop = link_in(Delivery.objects.filter(to=READER).latest("pk"))
    robot = Client(enforce_csrf_checks=True)
    assert "Ne plus la recevoir" in robot.get(stop).content.decode()
    assert Subscription.objects.count() == 2
    for _twice in range(2):
        answer = robot.post(stop, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
        assert answer.status_code == 200
    assert [row.newsletter for row in Subscription.objects.all()] == [schools]
    assert agrees()
    send(schools, administrator, subject="Rentrée")
    robot.post(link_in(Delivery.objects.filter(to=READER).latest("pk")))
    assert not agrees()


def test_the_account_asks_confirms_and_leaves(mine, account, works):
    page = "/compte/lettres-d-information/"
    mine.post(page, {"newsletters": [works.pk]})
    waiting = main_of(mine.get(page))
    assert "À confirmer" in waiting
    assert waiting.count(f'value="{works.pk}"') == 0  # not offered a second time
    Client().post(link_in(last_mail(account.user.email)))
    row = Subscription.objects.confirmed().get()
    subject = Subject(account.citizen_id)
    assert standing(subject, ConsentKind.NEWSLETTER)
    assert "Reçue à" in mine.get(page).content.decode()
    mine.post(f"{page}{row.pk}/arreter/")
    assert not Subscription.objects.exists()
    assert not standing(subject, ConsentKind.NEWSLETTER)


@pytest.mark.parametrize("page", [PAGE, "/compte/lettres-d-information/"])
def test_a_list_is_offered_once_with_what_it_contains(mine, works, page):
    offered = main_of(mine.get(page))
    assert offered.count("Travaux") == 1
    assert offered.count("Les chantiers de la semaine.") == 1


def test_anothers_subscription_answers_as_one_that_is_not(mine, works):
    [row] = confirmed(works)
    page = "/compte/lettres-d-information/"
    theirs, nothing = (mine.post(f"{page}{pk}/arreter/") for pk in (row.pk, row.pk + 999))
    assert theirs.status_code == nothing.status_code == 404
    assert Subscription.objects.filter(pk=row.pk).exists()
    assert READER not in mine.get(page).content.decode()


@pytest.mark.parametrize("end", ["consent", "erasure"])
def test_a_consent_withdrawn_or_a_person_erased_leaves_every_list(
    mine, account, works, administrator, end
):
    mine.post("/compte/lettres-d-information/", {"newsletters": [works.pk]})
    Client().post(link_in(last_mail(account.user.email)))
    issue = send(works, administrator)
    if end == "consent":
        set_consent(
            subject=Subject(account.citizen_id),
            kind=ConsentKind.NEWSLETTER,
            given=False,
            source=ConsentSource.ACCOUNT,
        )
    else:
        anonymise_citizen(citizen_id=account.citizen_id)
        drain_outbox()
        assert not Delivery.objects.filter(subject=issue.subject).exists()
    assert not Subscription.objects.exists()


def test_what_an_erased_persons_address_asked_for_without_account_goes_too(account, works):
    confirmed(works, email=account.user.email)
    confirmed(works)
    anonymise_citizen(citizen_id=account.citizen_id)
    assert [row.email for row in Subscription.objects.all()] == [READER]


def test_a_list_follows_the_account_to_its_new_address(mine, account, works, schools):
    mine.post("/compte/lettres-d-information/", {"newsletters": [works.pk, schools.pk]})
    Client().post(link_in(last_mail(account.user.email)))
    confirmed(schools, email="nouvelle@courriel.example")
    now = timezone.now()
    change = ask_email_change(
        account_id=account.pk, new_email="nouvelle@courriel.example", language="fr", now=now
    )
    for end in ("old", "new"):
        confirm_email_change(change_id=change.pk, end=end, now=now)
    addressed = Subscription.objects.values_list("newsletter__label", "email")
    new = "nouvelle@courriel.example"
    assert sorted(addressed) == sorted([("Travaux", new), ("Écoles", new)])


def test_an_administrator_writes_reads_again_and_sends(client, login, administrator, works):
    confirmed(works)
    desk = login(client, administrator)
    wrote = desk.post(
        "/agent/parametrage/lettres/numeros/",
        {"newsletter": works.pk, "subject": "Rue fermée", "body": "Lundi.\n\nMerci."},
    )
    preview = desk.get(wrote["Location"]).content.decode().replace("\u00a0", " ")
    assert "Partira à 1 abonné confirmé." in preview
    assert "Lundi." in preview
    assert not Delivery.objects.filter(subject="Rue fermée").exists()
    for _twice in range(2):
        desk.post(f"{wrote['Location']}envoyer/")
    assert "les messages sont en préparation" in desk.get(wrote["Location"]).content.decode()
    drain_outbox()
    assert "1 message préparé" in desk.get(wrote["Location"]).content.decode()
    assert Delivery.objects.filter(subject="Rue fermée").count() == 1
    assert desk.get(f"{wrote['Location']}corriger/").status_code == 404


def test_an_administrator_keeps_the_lists_and_every_change_of_them(
    client, login, administrator, catalogue
):
    desk, lists = login(client, administrator), "/agent/parametrage/lettres/"
    form = {"label": "Vie associative", "description": "Les fêtes.", "order": "20"}
    desk.post(f"{lists}nouvelle/", form)
    assert "Vie associative" in Client().get(PAGE).content.decode()
    again = desk.post(f"{lists}nouvelle/", form)
    assert "«\u00a0Vie associative\u00a0» est déjà dans la liste" in again.content.decode()
    desk.post(f"{lists}nouvelle/", {**form, "label": "Numéros", "order": "10"})
    one = f"{lists}vie-associative/"
    renamed = {**form, "label": "Associations", "seen": desk.get(one).context["seen"].value}
    desk.post(one, renamed)
    offered = list(Newsletter.objects.values_list("code", "label"))
    assert offered == [("numeros-2", "Numéros"), ("vie-associative", "Associations")]
    known = ConfigurationChange.objects.latest("pk")
    assert (known.kind, known.key, known.actor) == ("newsletters", "vie-associative", administrator)
    back = f"/agent/parametrage/historique/{known.pk}/revenir/avant/"
    desk.post(back, {"seen": desk.get(back).context["seen"]})
    assert "Vie associative" in Client().get(PAGE).content.decode()
    seen = desk.get(one).context["seen"].value
    desk.post(one, {"action": "retirer", "seen": seen})
    assert "Vie associative" not in Client().get(PAGE).content.decode()
    assert "plus proposée" in desk.get(lists).content.decode()
    desk.post(one, {"action": "remettre"})
    assert "Vie associative" in Client().get(PAGE).content.decode()


def test_an_english_page_and_mail_speak_english(catalogue):
    known = Newsletter.objects.create(
        code="travaux",
        label="Travaux",
        label_en="Roadworks",
        description="Les chantiers.",
        description_en="Building sites.",
    )
    other = Newsletter.objects.create(code="ecoles", label="Écoles")
    client = Client(headers={"accept-language": "en"})
    page = client.get(PAGE).content.decode()
    assert "Roadworks" in page
    assert "Building sites." in page
    assert "Écoles" in page  # no English yet: better than nothing
    assert "Travaux" not in page
    subscribe(known, other, client=client)
    assert "- Roadworks\n" in last_mail(READER).body
    assert "Travaux" in Client().get(PAGE).content.decode()


def test_a_link_opened_again_says_that_it_is_done(works, mine):
    subscribe(works, client=mine)
    link = link_in(last_mail(READER))
    assert "Confirmer</button>" in mine.get(link).content.decode()
    done = mine.post(link).content.decode()
    again = mine.get(link).content.decode()
    assert "Votre abonnement est déjà confirmé" in again
    assert "Confirmer</button>" not in again
    for page in (done, again):
        assert '<a href="/">Retour à l’accueil' in page
        assert '<a href="/compte/lettres-d-information/">' in page
    assert '<a href="/compte/lettres-d-information/">' not in Client().get(link).content.decode()
