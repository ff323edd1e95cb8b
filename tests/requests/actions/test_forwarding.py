"""What belongs to another administration is sent on to it, and its requester told (L5)."""

import pytest

from prestations.enums import SilenceEffect
from prestations.models import Authority, ClosingReason
from requests import actions
from requests.enums import State, Verb
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed, StaleRequest
from requests.models import Document, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.filed import EMAIL, file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
POTHOLE, CERTIFICATE = "voirie-intervention-rapide", "acte-naissance-filiation"
WHY = "C’est une route départementale."


@pytest.fixture
def opened(catalogue, eas_agent):
    """A report in the department's hands; its first letters have left."""
    service_request = file_request(
        POTHOLE, answers={"description": "Un trou profond devant le 12."}
    )
    drain_outbox()
    service_request.refresh_from_db()
    return service_request


def forward(service_request, actor, authority="departement", **changes) -> ServiceRequest:
    given = {"version": None, "authority": Authority.objects.get(pk=authority), "reason": WHY}
    return actions.forward_request(
        request_id=service_request.pk, actor=actor, **{**given, **changes}
    )


def test_one_step_closes_it_with_an_outcome_of_its_own(opened, eas_agent):
    assert opened.state == State.TRANSMISE
    forward(opened, eas_agent)
    opened.refresh_from_db()
    assert (opened.state, opened.closing_reason_id) == (State.CLOSE, "transmise")
    assert opened.forwarded_to_id == "departement"
    assert opened.department_since is None
    event = opened.events.get(verb=Verb.FORWARD)
    assert event.data["authority"] == "departement"


def test_silence_decides_nothing_here_any_more(catalogue, eas_agent):
    certificate = file_request(CERTIFICATE)
    assert certificate.implicit_decision_at is not None
    forward(certificate, eas_agent)
    certificate.refresh_from_db()
    assert certificate.implicit_decision_at is None
    assert certificate.silence_effect == SilenceEffect.NONE


def test_the_requester_is_told_to_whom_and_why_and_of_no_remedy(opened, eas_agent, mails):
    forward(opened, eas_agent)
    (told,) = [mail for mail in mails() if EMAIL in mail.to]
    for words in ("Département de l'Essonne", WHY, "C'est elle qui vous répondra"):
        assert words in told.body
    assert "tribunal administratif" not in told.body


def test_an_administration_without_address_gets_a_letter_to_print(opened, eas_agent, mails):
    forward(opened, eas_agent)
    assert [mail.to for mail in mails()] == [[EMAIL]]
    letter = Document.objects.get(request=opened, label__endswith="Département de l'Essonne")
    assert letter.to_print
    assert letter.recipient.splitlines()[0] == "Département de l'Essonne"
    assert Document.objects.visible_to(eas_agent).to_post().filter(pk=letter.pk).exists()


def test_one_with_an_address_gets_what_was_filed_and_nothing_else(opened, eas_agent, mails):
    actions.add_note(request_id=opened.pk, actor=eas_agent, body="Il rappelle sans cesse.")
    actions.write_message(
        request_id=opened.pk, version=None, actor=eas_agent, body="Nous regardons."
    )
    mails()
    forward(opened, eas_agent, "paris-saclay")
    (sent,) = [mail for mail in mails() if "accueil@paris-saclay.example" in mail.to]
    for words in (opened.reference, "2 novembre 2026", "Un trou profond", "Durand", WHY):
        assert words in sent.body
    for words in ("Il rappelle", "Nous regardons", opened.tracking_code, "/suivi/lien/"):
        assert words not in sent.body
    letter = Document.objects.get(request=opened, label__contains="Communauté")
    assert not letter.to_print


def test_the_tracking_page_and_the_timeline_name_it(opened, eas_agent, client):
    forward(opened, eas_agent)
    seen = client_of(eas_agent).get(opened.get_absolute_url()).content.decode()
    assert "Transmise à une autre administration" in seen
    assert "Département de l&#x27;Essonne" in seen
    found = {"reference": opened.reference, "secret": opened.tracking_code}
    tracked = client.post("/suivi/", found, follow=True).content.decode()
    assert "a été transmise à «\u00a0Département de l&#x27;Essonne\u00a0»" in tracked
    assert "Transmise à une autre administration" in tracked


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"reason": "  "}, MissingInput), ({"version": 1}, StaleRequest)],
)
def test_without_reason_or_on_a_stale_page_nothing_happens(opened, eas_agent, changes, refusal):
    with pytest.raises(refusal):
        forward(opened, eas_agent, **changes)
    opened.refresh_from_db()
    assert opened.forwarded_to is None


def test_an_administration_out_of_use_is_refused(opened, eas_agent):
    Authority.objects.filter(pk="caf").update(is_active=False)
    with pytest.raises(MissingInput):
        forward(opened, eas_agent, "caf")


def test_a_department_does_not_send_it_on(opened, expert):
    with pytest.raises(NotAllowed):
        forward(opened, expert)


def test_what_is_over_is_not_sent_on(opened, eas_agent):
    forward(opened, eas_agent)
    with pytest.raises(IllegalTransition):
        forward(opened, eas_agent, "caf")


def test_what_others_follow_is_told_apart_first(opened, eas_agent):
    follower = file_request(POTHOLE)
    actions.merge_request(request_id=follower.pk, version=None, actor=eas_agent, other=opened)
    with pytest.raises(IllegalTransition, match="leur regroupement"):
        forward(opened, eas_agent)


def test_reopened_it_is_the_town_s_again(opened, eas_agent):
    forward(opened, eas_agent)
    actions.reopen_request(
        request_id=opened.pk, version=None, actor=eas_agent, reason="C’était bien à nous."
    )
    opened.refresh_from_db()
    assert (opened.state, opened.forwarded_to) == (State.EN_COURS, None)


def test_it_is_taken_back_within_its_seconds(opened, eas_agent, mails):
    client = client_of(eas_agent)
    drain_outbox()
    before = ServiceRequest.objects.get(pk=opened.pk)
    page = client.post(
        f"{opened.get_absolute_url()}forward/",
        {"version": before.version, "authority": "departement", "reason": WHY},
        follow=True,
    )
    sending = before.sendings.get()
    assert f"/{sending.pk}/" in page.content.decode()
    actions.undo_sending(sending_id=sending.pk, actor=eas_agent)
    opened.refresh_from_db()
    assert (opened.state, opened.forwarded_to) == (before.state, None)
    assert not [mail for mail in mails() if "Transmission" in mail.subject]


def test_no_closing_by_hand_says_that_it_was_sent_on(opened, eas_agent):
    actions.return_request(request_id=opened.pk, version=None, actor=eas_agent, note="À clore.")
    form = client_of(eas_agent).get(f"{opened.get_absolute_url()}close/").context["form"]
    offered = set(form.fields["closing_reason"].queryset)
    assert ClosingReason.objects.get(pk="transmise") not in offered
    assert ClosingReason.objects.get(pk="satisfaite") in offered


def test_the_dashboard_counts_them_and_opens_their_list(opened, eas_agent, supervisor):
    forward(opened, eas_agent)
    client = client_of(supervisor)
    ((authority, number),) = client.get("/pilotage/").context["forwarded"]
    assert (authority.pk, number.value) == ("departement", 1)
    assert [row.pk for row in client.get(number.url).context["page"].rows] == [opened.pk]
