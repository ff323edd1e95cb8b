"""The words of letters: proposed, compared, approved by somebody else; French and English."""

import html
import re

import pytest
from django.utils import timezone

from massy_grc.audit.models import AccessRecord
from massy_grc.outbox.models import Delivery
from massy_grc.users.models import User
from prestations.enums import Role
from prestations.loading.reference import read_reference, write_reference
from prestations.models import LetterTemplate
from requests.actions.letter_words import KNOWN
from requests.actions.notices import choose_notice_mail
from requests.enums import NoticeKind
from requests.letters.engine import LEFT, needs_of
from requests.letters.merge_fields import GIVEN, label_of
from requests.models import ServiceRequest
from tests.backoffice.views.conftest import url
from tests.factories.users import make_agent

pytestmark = pytest.mark.usefixtures("catalogue")

CODE = "transmission-service"
PAGE = f"/agent/courriers/modeles/{CODE}/"
OLD = "Vous n'avez rien à refaire."
NEW = "Nous suivons votre demande {{ requete.reference }}."
ENGLISH = {
    "subject_en": "{{ requete.reference }}: your request",
    "body_en": "Hello,\n\nWe received your request on {{ requete.date_reception }}.",
}


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def propose(browser, seen=0, **words) -> None:
    body = "Bonjour,\n\n" + NEW + "\n\nReçue le {{ requete.date_reception }}."
    typed = {"seen": seen, "subject": "{{ requete.reference }} : votre demande", "body": body}
    assert browser.post(f"{PAGE}modifier/", typed | words).status_code == 302
    following = max(seen + 1, 2)  # the text that was loaded is the first
    assert browser.post(f"{PAGE}proposer/", {"seen": following}).status_code == 302


def written(browser, sr) -> str:
    """What the preview of a message shows."""
    sr.refresh_from_db()
    typed = {"template": CODE, "body": "", "subject": "", "version": sr.version, "step": "preview"}
    return text_of(browser.post(url(sr, "write"), typed | {"seen": sr.event_count}))


def test_another_person_approves_what_they_saw_compared_and_only_then_it_leaves(
    front, manager_browser, sr
):
    propose(front)
    assert OLD in written(front, sr)
    assert front.post(f"{PAGE}approuver/", {"seen": 2}).status_code == 403
    assert "à approuver" in text_of(manager_browser.get("/agent/courriers/modeles/"))
    compared = text_of(manager_browser.get(PAGE))
    assert "<ins>Nous" in compared
    assert "<del>Votre" in compared
    manager_browser.post(f"{PAGE}approuver/", {"seen": 2})
    sent = written(front, sr)
    assert f"Nous suivons votre demande {sr.reference}." in sent
    assert OLD not in sent
    write_reference(read_reference())
    assert NEW in LetterTemplate.objects.get(pk=CODE).body


def test_who_may_approve_is_written_to_and_the_author_learns_the_outcome(front, manager_browser):
    head = make_agent(Role.SUPERVISEUR, first_name="Hélène", last_name="Tête")
    propose(front)
    waiting = Delivery.objects.filter(subject__startswith="Lettre à approuver")
    keeper = User.objects.get(first_name="Karim")
    assert {one.to for one in waiting} == {keeper.email, head.email}
    assert f"/agent/courriers/modeles/{CODE}/" in waiting[0].body
    told = manager_browser.get("/agent/notifications/").content.decode()
    assert "propose un texte" in told
    assert PAGE in told
    manager_browser.post(f"{PAGE}rendre/", {"seen": 2, "why": "Dites la date."})
    author = User.objects.get(pk=front.session["_auth_user_id"])
    back = Delivery.objects.get(subject__startswith="Texte à reprendre")
    assert back.to == author.email
    assert "Dites la date." in back.body
    assert "vous rend votre texte" in front.get("/agent/notifications/").content.decode()
    choose_notice_mail(user=head, chosen={NoticeKind.TEXT: False})
    front.post(f"{PAGE}proposer/", {"seen": 2})
    assert waiting.all().count() == 3
    manager_browser.post(f"{PAGE}approuver/", {"seen": 2})
    assert Delivery.objects.get(subject__startswith="Lettre approuvée").to == author.email


def test_nobody_approves_their_own_words(manager_browser):
    propose(manager_browser)
    assert manager_browser.post(f"{PAGE}approuver/", {"seen": 2}).status_code == 403
    assert OLD in LetterTemplate.objects.get(pk=CODE).body


def test_a_change_of_an_approved_letter_begins_a_draft_and_the_old_one_stays(
    front, manager_browser
):
    propose(front)
    manager_browser.post(f"{PAGE}approuver/", {"seen": 2})
    propose(front, seen=2, body="Autre texte.")
    assert NEW in LetterTemplate.objects.get(pk=CODE).body
    manager_browser.post(f"{PAGE}rendre/", {"seen": 3, "why": "Trop court."})
    assert "Trop court." in text_of(front.get(PAGE))
    manager_browser.post(f"{PAGE}approuver/", {"seen": 3})
    assert NEW in LetterTemplate.objects.get(pk=CODE).body


def test_an_approval_of_another_text_than_the_one_read_is_stopped(front, manager_browser):
    propose(front)
    propose(front, seen=2, body="Autre texte.")
    manager_browser.post(f"{PAGE}approuver/", {"seen": 2})
    assert OLD in LetterTemplate.objects.get(pk=CODE).body


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"body": "{{ ville.maire }}"}, "« ville.maire » n’est pas un champ connu"),
        ({"body": "{% if ville.nom %}x"}, "sans fin"),
        ({"subject_en": "Hello"}, "ou aucun des deux"),
        (ENGLISH | {"body_en": "{{ agent.nom }}"}, "que le texte français n’a pas"),
        ({"body": "Le {{ rdv.date }}."}, "n’a pas toujours de valeur"),
        ({"sms_body": "{{ rdv.heure }}"}, "n’a pas toujours de valeur"),
        ({"sms_body_en": "Hello"}, "va avec une lettre en anglais"),
        ({"subject": "{% if rdv.date %}x", "body": "y{% endif %}"}, "sans fin"),
        ({"body": "Texte. {{ requete.reference"}, "mal fermé : « {{ requete.reference »"),
        ({"body": "Texte. requete.reference }}"}, "mal fermé"),
        ({"body": "{% if requete.objet }a"}, "mal fermé"),
        ({"sms_body": "x %} y"}, "mal fermé"),
    ],
)
def test_words_that_could_not_leave_are_refused_when_written(front, words, told):
    typed = {"seen": 0, "subject": "Objet {{ requete.reference }}", "body": "Texte."}
    page = front.post(f"{PAGE}modifier/", typed | words)
    assert page.status_code == 409
    assert told in text_of(page).replace("\xa0", " ")


def test_all_that_is_wrong_with_the_fields_is_told_at_once(front):
    body = "{{ ville.maire }} le {{ rdv.date }} à {{ rdv.heure }}"
    body += "\n\n{Truc inventé} {Numéro de la demande}"
    page = text_of(front.post(f"{PAGE}modifier/", {"seen": 0, "subject": "Objet", "body": body}))
    told = page.replace("\xa0", " ")
    assert "« ville.maire » n’est pas un champ connu." in told
    for name in ("rdv.date", "rdv.heure"):
        assert f"« {name} » n’a pas toujours de valeur" in told
    assert "« ville.maire » n’a pas" not in told
    assert "« {Truc inventé} » n’est pas un champ : le citoyen lirait les accolades." in told
    assert "« {Numéro de la demande} » est ce que montre l’aperçu" in told
    assert "écrivez {{ requete.reference }}." in told


def test_who_writes_reads_which_fields_there_are_and_when_they_have_a_value(front):
    page = text_of(front.get(f"{PAGE}modifier/"))
    always, asked, rest = (
        page.index(words)
        for words in ("Toujours renseignés", "Demandés à l’agent", "Pas toujours renseignés")
    )
    places = [page.index(f">{{{{ {name} }}}}<") for name in ("requete.reference", "rdv.date")]
    assert always < places[0] < asked < rest < places[1]
    assert "Numéro de la demande" in page


def test_every_field_of_the_letters_to_citizens_has_a_name_in_words(catalogue):
    letters = LetterTemplate.objects.filter(is_active=True, audience="citoyen")
    used = {name for one in letters for name in needs_of(f"{one.subject}\n{one.body}")}
    assert used
    assert {name for name in used if label_of(name) == name} == set()
    assert set(GIVEN) <= KNOWN
    # left in a text, none leaves
    assert [name for name in KNOWN if not LEFT.fullmatch(f"{{{label_of(name)}}}")] == []


def test_a_letter_is_found_by_the_words_of_its_name_or_text(front):
    def listed(q: str) -> set[str]:
        page = text_of(front.get("/agent/courriers/modeles/", {"q": q}))
        return set(re.findall(r'class="work-link" href="/agent/courriers/modeles/([^/]+)/"', page))

    assert listed("transmission EXPERT") == {CODE}
    assert CODE in listed("rien à refaire") & listed("RIEN A REFAIRE")
    assert listed("zzz") == set()
    assert listed("") > {CODE}


def test_who_asked_in_english_reads_english_and_the_others_french(front, manager_browser, sr):
    propose(front, **ENGLISH)
    manager_browser.post(f"{PAGE}approuver/", {"seen": 2})
    assert "Nous suivons" in written(front, sr)
    ServiceRequest.objects.filter(pk=sr.pk).update(language="en")
    page = written(front, sr)
    day = timezone.localdate(sr.arrived_at)
    assert f"We received your request on {day:%A} {day.day} {day:%B} {day.year}." in page
    # the French stands below (law 94-665 art. 2)
    assert page.index("We received your request on") < page.index("Nous suivons votre demande")


def test_a_letter_without_english_leaves_in_french(front, sr):
    ServiceRequest.objects.filter(pk=sr.pk).update(language="en")
    assert OLD in written(front, sr)


def test_a_preview_shows_each_language_with_fields_or_with_a_request(front, manager_browser, sr):
    propose(front, sms_body="SMS {{ requete.reference }}", **ENGLISH)
    page = text_of(front.get(PAGE))
    assert "We received your request on {Jour où la demande est arrivée}." in page
    assert "SMS {Numéro de la demande}" in page
    page = text_of(front.get(PAGE, {"demande": sr.reference}))
    assert f"Nous suivons votre demande {sr.reference}." in page
    assert "/suivi/lien/" not in page  # the requester's own key
    assert AccessRecord.objects.filter(object_type="request", object_id=sr.pk).exists()
    unseen = manager_browser.get(PAGE, {"demande": sr.reference})
    assert "Aucune demande que vous pouvez lire" in text_of(unseen)
