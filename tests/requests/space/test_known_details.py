"""What is known is not asked again, and a request never overwrites what is known by itself."""

from datetime import date, datetime

import pytest
import time_machine

from citizens.models import Citizen
from massy_grc.outbox.models import Delivery
from prestations.forms import Questionnaire
from prestations.forms.eligibility import conditions_of
from requests import actions
from requests.models import FilingDraft, RequestEvent, SpokenNews
from requests.notifications import outcome
from requests.notifications.sending import News, reads_mail
from tests.backoffice.conftest import client_of
from tests.factories.answers import going_on, valid_answers
from tests.helpers import drain_outbox
from tests.requests.filed import file_request
from tests.requests.filing.support import begin, fill, only_request, step_url, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

MACARON = "stationnement-macaron"  # a requester block of identified people
POTHOLE = "voirie-intervention-rapide"


@pytest.fixture
def account(account):
    person = account.citizen
    person.phone, person.address = "+33612345678", "3 rue Jean Mermoz, 91300 Massy"
    person.save()
    return account


def test_a_birth_date_is_told_without_its_weekday(mine, account):
    Citizen.objects.filter(pk=account.citizen_id).update(birth_date=date(1941, 3, 3))
    assert ">3 mars 1941<" in text_of(mine.get("/compte/informations/"))


def test_the_requester_is_filled_in(mine, account):
    draft = begin(mine, MACARON)
    given = draft.answers["demandeur"]
    assert given["nom_famille"] == "Benali"
    assert given["email"] == account.user.email
    assert given["telephone"] == "+33612345678"
    assert given["adresse"]["voie"] == "rue Jean Mermoz"


def test_it_is_shown_folded_and_one_button_goes_on(mine):
    draft = begin(mine, POTHOLE)
    steps = Questionnaire(draft.form_version, draft.channel).steps(draft.answers)
    number = next(step.number for step in steps if step.kind == "requester")
    page = text_of(mine.get(step_url(draft, number)))
    assert "Nous connaissons déjà vos coordonnées" in page
    assert "<summary>Modifier</summary>" in page
    assert 'value="Benali"' in page


def test_a_visitor_without_account_is_asked(client, catalogue):
    draft = begin(client, POTHOLE)
    assert "demandeur" not in draft.answers


def test_an_association_is_not_its_officer(mine):
    draft = begin(mine, "association-subvention")
    assert "demandeur" not in draft.answers


BORN = "1990-04-03"


@pytest.fixture
def born(account):
    Citizen.objects.filter(pk=account.citizen_id).update(birth_date=BORN, birth_place="Massy")


def own_answers(mine, code: str, *, start: dict | None = None, **ways: str) -> dict:
    """The form's own answers as it opens; `ways` answers the questions before."""
    mine.post(f"/prestations/{code}/demande/", start or {})
    draft = FilingDraft.objects.latest("created_at")
    for condition in conditions_of(draft.form_version):
        answer = ways.get(condition.code, going_on(draft.form_version)[condition.code])
        actions.answer_condition(token=draft.token, code=condition.code, answer=answer)
    draft.refresh_from_db()
    return draft.answers.get("reponses", {})


def test_who_asks_for_their_own_record_of_birth_is_not_asked_who_they_are(mine, born):
    own = own_answers(mine, "acte-naissance-filiation", qualite="interesse")
    assert own["titulaire_nom_naissance"] == "Benali"
    assert own["titulaire_date_naissance"] == BORN
    assert own["titulaire_lieu_naissance"] == "Massy"
    son = own_answers(mine, "acte-naissance-filiation", qualite="ascendant")
    assert "titulaire_nom_naissance" not in son


def test_who_asks_for_their_own_card_is_known_and_a_relative_is_not(mine, born):
    own = own_answers(mine, "seniors-premiere-inscription", start={"pour": "moi"})
    assert own["senior_date_naissance"] == BORN
    other = own_answers(mine, "seniors-premiere-inscription", start={"pour": "proche"})
    assert "senior_date_naissance" not in other


def confirmed(mine, **changed):
    """File a request whose contact details are changed by hand; returns its confirmation."""
    draft = begin(mine, POTHOLE)
    answers, files = valid_answers(draft.form_version, draft.channel)
    answers["demandeur"] = {**answers.get("demandeur", {}), **draft.answers["demandeur"], **changed}
    return mine.post(fill(mine, draft, answers, files))["Location"]


def test_a_new_number_is_offered_to_the_record_and_taken_on_demand(mine, account):
    page = text_of(mine.get(confirmed(mine, telephone="+33699999999")))
    assert "Garder ces coordonnées" in page
    assert Citizen.objects.get(pk=account.citizen_id).phone == "+33612345678"

    mine.post(f"/compte/demandes/{only_request().reference}/coordonnees/")
    assert Citizen.objects.get(pk=account.citizen_id).phone == "+33699999999"


def test_what_the_record_did_not_have_yet_contradicts_nothing(mine, account):
    said = "Votre demande ne dit pas la même chose"
    changed = text_of(mine.get(confirmed(mine, telephone="+33699999999")))
    assert said in changed
    Citizen.objects.filter(pk=account.citizen_id).update(phone="")
    added = text_of(mine.get(confirmed(mine, telephone="+33699999999")))
    assert "Vos informations n’ont pas encore ceci" in added
    assert said not in added


def test_nothing_is_offered_when_nothing_changed(mine):
    assert "Garder ces coordonnées" not in text_of(mine.get(confirmed(mine)))


def test_nothing_is_taken_from_a_request_for_somebody_else(mine, account):
    page = text_of(mine.get(confirmed(mine, prenom="Léa", telephone="+33699999999")))
    assert "Garder ces coordonnées" not in page
    mine.post(f"/compte/demandes/{only_request().reference}/coordonnees/")
    assert Citizen.objects.get(pk=account.citizen_id).phone == "+33612345678"


def test_nobody_takes_details_from_anothers_request(mine, stranger, account):
    filed = file_request(POTHOLE, account=account)
    assert (
        stranger.post(f"/compte/demandes/{filed.reference}/coordonnees/").status_code
        == stranger.post("/compte/demandes/2026-000999-1/coordonnees/").status_code
        == 404
    )


def test_phone_address_and_usage_name_are_changed_names_are_not(mine, account):
    mine.post(
        "/compte/informations/",
        {
            "phone": "06 99 99 99 99",
            "address_voie": "5 rue des Écoles",
            "address_code_postal": "91300",
            "address_commune": "Massy",
            "usage_name": "Durand",
            "family_name": "Pirate",
        },
    )
    person = Citizen.objects.get(pk=account.citizen_id)
    assert (person.phone.as_e164, person.address) == (
        "+33699999999",
        "5 rue des Écoles, 91300 Massy",
    )
    assert (person.usage_name, person.family_name) == ("Durand", "Benali")


def test_a_wrong_number_is_told_and_nothing_is_lost(mine, account):
    page = mine.post("/compte/informations/", {"phone": "12", "usage_name": "Durand"})
    assert 'value="Durand"' in text_of(page)
    assert Citizen.objects.get(pk=account.citizen_id).usage_name == ""


def choose(mine, **ways):
    everything = dict.fromkeys(("progress_channel", "documents_channel", "reply_channel"), "email")
    return mine.post("/compte/preferences/", {**everything, **ways})


@pytest.mark.parametrize(
    ("kind", "chosen"), [(News.PROGRESS, "progress_channel"), (News.DOCUMENTS, "documents_channel")]
)
def test_each_kind_of_news_comes_as_chosen(mine, account, kind, chosen):
    choose(mine, **{chosen: "courrier"})
    account.citizen.refresh_from_db()
    filed = file_request(POTHOLE, account=account)
    assert not reads_mail(filed, kind)
    other = News.DOCUMENTS if kind == News.PROGRESS else News.PROGRESS
    assert reads_mail(filed, other)
    assert reads_mail(filed, News.REPLY)


def test_a_letter_on_paper_waits_to_be_posted_instead_of_a_mail(mine, account, proximite_agent):
    choose(mine, documents_channel="courrier")
    account.citizen.refresh_from_db()
    filed = file_request("cni-mairie-principale", account=account)
    actions.take_request(request_id=filed.pk, version=1, actor=proximite_agent)
    actions.mark_ready(request_id=filed.pk, version=2, actor=proximite_agent)
    letter = outcome.ready(RequestEvent.objects.get(request=filed, verb="ready"))
    assert (letter.on_paper, letter.by_mail) == (True, False)


def test_a_letter_needs_an_address(mine, account):
    Citizen.objects.update(address="")
    page = text_of(choose(mine, progress_channel="courrier"))
    assert "Indiquez d’abord votre adresse postale." in page


def test_only_ways_that_exist_are_offered(mine, settings):
    assert "SMS et courriel" in text_of(mine.get("/compte/preferences/"))
    settings.SMS_KEPT = False  # a town without a gateway
    assert "SMS" not in text_of(mine.get("/compte/preferences/"))


@pytest.mark.parametrize(
    ("clock", "leaves"),
    [
        ("2026-03-10T10:00:00+01:00", "2026-03-10T10:10:00+01:00"),  # the outbox came by
        ("2026-03-10T21:30:00+01:00", "2026-03-11T08:00:00+01:00"),
        ("2026-03-29T01:30:00+01:00", "2026-03-29T08:00:00+02:00"),  # the clocks change
    ],
)
def test_an_sms_says_by_day_that_a_letter_has_come(mine, account, clock, leaves):
    choose(mine, progress_channel="sms")
    account.citizen.refresh_from_db()
    now = datetime.fromisoformat(clock)
    with time_machine.travel(now, tick=False):
        filed = file_request(POTHOLE, account=account, now=now)
        drain_outbox()
    mails = Delivery.objects.filter(about=f"request:{filed.pk}")
    sms = mails.filter(channel="sms").order_by("pk").first()
    assert sms.to == "+33612345678"
    assert filed.reference in sms.body
    assert f"/demandes/{filed.reference}/" in sms.body
    assert sms.next_attempt_at == datetime.fromisoformat(leaves)
    assert mails.filter(channel="email", subject=sms.subject).exists()


def test_an_sms_needs_a_mobile_number(mine, account):
    Citizen.objects.update(phone="+33160133000")
    page = text_of(choose(mine, documents_channel="sms"))
    assert "Indiquez d’abord votre numéro de mobile." in page


def test_an_sms_needs_no_mail(mine, account):
    choose(mine, progress_channel="sms")
    account.citizen.refresh_from_db()
    filed = file_request(POTHOLE, account=account, requester={"email": ""})
    drain_outbox()
    leaving = Delivery.objects.filter(about=f"request:{filed.pk}")
    assert leaving.filter(channel="sms", to="+33612345678").exists()
    assert not leaving.filter(channel="email").exists()


def subject_of(news: SpokenNews) -> str:
    return news.subject.replace("\xa0", " ")  # as `text_of` has it


def news_page(agent) -> str:
    return text_of(agent.get("/agent/accueil/contact/"))


def test_news_by_telephone_stand_among_the_calls_to_make_until_told(
    mine, account, eas_agent, proximite_agent
):
    choose(mine, progress_channel="telephone")
    account.citizen.refresh_from_db()
    filed = file_request(POTHOLE, account=account)
    drain_outbox()
    drain_outbox()
    news = SpokenNews.objects.get(request=filed)  # the acknowledgement, once
    assert Delivery.objects.filter(subject=news.subject, channel="email").exists()
    agent = client_of(eas_agent)
    assert subject_of(news) in news_page(agent)
    assert "06 12 34 56 78" in news_page(agent)
    agent.post(f"/agent/accueil/nouvelles/{filed.reference}/absent/")
    assert "un appel sans réponse" in news_page(agent)
    agent.post(f"/agent/accueil/nouvelles/{filed.reference}/dit/")
    assert subject_of(news) not in news_page(agent)
    news.refresh_from_db()
    assert (news.told_by, news.tries) == (eas_agent, 1)
    again = client_of(proximite_agent).post(
        f"/agent/accueil/nouvelles/{filed.reference}/dit/", follow=True
    )
    assert "Un collègue l’a déjà fait." in text_of(again)


def test_news_at_the_counter_wait_for_the_next_visit(mine, account, eas_agent):
    choose(mine, progress_channel="guichet")
    account.citizen.refresh_from_db()
    filed = file_request(POTHOLE, account=account)
    drain_outbox()
    subject = subject_of(SpokenNews.objects.get(request=filed))
    agent = client_of(eas_agent)
    assert subject not in news_page(agent)  # nobody calls
    visit = f"/agent/accueil/?citoyen={account.citizen_id}"
    record = f"/agent/citoyens/{account.citizen_id}/"
    for page in (visit, record):
        assert subject in text_of(agent.get(page)).split("À dire à cette personne")[1]
    told = {"citoyen": account.citizen_id}
    response = agent.post(f"/agent/accueil/nouvelles/{filed.reference}/dit/", told)
    assert response["Location"] == record
    assert "À dire à cette personne" not in text_of(agent.get(visit))


def test_the_answer_by_telephone_is_told_too(mine, account, eas_agent):
    filed = file_request(
        "certificat-domicile", account=account, requester={"canal_reponse": "telephone"}
    )
    drain_outbox()
    assert not SpokenNews.objects.exists()
    filed.refresh_from_db()
    actions.take_request(request_id=filed.pk, version=filed.version, actor=eas_agent)
    filed.refresh_from_db()
    actions.answer_request(
        request_id=filed.pk,
        version=filed.version,
        actor=eas_agent,
        body="Votre certificat est accordé.",
        outcome="positive",
    )
    drain_outbox()
    assert SpokenNews.objects.get(request=filed).way == "telephone"


@pytest.mark.parametrize("kind", ["progress_channel", "documents_channel", "reply_channel"])
def test_a_call_needs_a_number(mine, account, kind):
    Citizen.objects.update(phone="")
    page = text_of(choose(mine, **{kind: "telephone"}))
    assert "Indiquez d’abord votre téléphone." in page


def test_an_agent_who_does_not_see_the_request_tells_nothing(mine, account, expert):
    choose(mine, progress_channel="telephone")
    filed = file_request("certificat-domicile", account=account)
    path = f"/agent/accueil/nouvelles/{filed.reference}/dit/"
    assert client_of(expert).post(path).status_code in (403, 404)
