"""News by mail, without an account: each address is proven first, and one click ends them."""

import re

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override

from citizens.actions import send_issue, write_issue
from citizens.models import Newsletter, Subscription
from massy_grc.outbox.models import Delivery
from requests.models import ReportFollower
from tests.citizens.mails import last_mail, link_in
from tests.factories.places import make_register
from tests.requests.reports.support import report
from tests.requests.reports.test_following import finish

pytestmark = pytest.mark.browser

READER = "lectrice@courriel.example"


def link_to_stop(mail: Delivery) -> str:
    return re.search(r"https?://[^/\s]+(/signalements/arret/\S+)", mail.body)[1]


def test_a_newsletter_is_asked_for_confirmed_and_left(visitor, administrator):
    works = Newsletter.objects.create(code="travaux", label="Travaux", description="Les chantiers.")
    reader = visitor().holds(360, "dark")
    reader.opens("/lettres-d-information/")
    reader.looks_right()
    reader.ticks("Travaux : Les chantiers.")
    reader.fills("Adresse électronique", READER)
    reader.presses_button("M’abonner")
    reader.looks_right()
    assert not Subscription.objects.confirmed().exists()
    reader.opens(link_in(last_mail(READER)))
    reader.reads("Confirmer votre abonnement")
    reader.looks_right()
    reader.presses_button("Confirmer")
    reader.reads("Votre abonnement est confirmé")
    reader.looks_right()
    assert Subscription.objects.confirmed().get().email == READER

    words = {"subject": "Rue Jean Mermoz fermée", "body": "Lundi."}
    now = timezone.now()
    issue = write_issue(newsletter=works, author=administrator, now=now, **words)
    send_issue(issue_id=issue.pk, actor=administrator, now=now)
    letter = last_mail(READER)
    assert letter.subject == words["subject"]
    reader.opens(link_in(letter))
    reader.reads("Arrêter une lettre d’information")
    reader.looks_right()
    reader.presses_button("Ne plus la recevoir")
    reader.reads("La lettre d’information est arrêtée")
    reader.looks_right()
    assert not Subscription.objects.exists()


def test_a_public_report_is_followed_and_left_in_english_without_javascript(
    catalogue, visitor, expert, proximite_agent
):
    make_register()
    row = report(catalogue)
    neighbour = visitor(java_script_enabled=False).holds(768)
    neighbour.opens(f"/signalements/{row.pk}/")
    neighbour.presses_button("English")
    with override("en"):
        neighbour.fills(gettext("Adresse électronique"), READER)
        neighbour.presses_button(gettext("Suivre ce signalement"))
        neighbour.looks_right()
        neighbour.opens(link_in(last_mail(READER)))
        neighbour.reads(gettext("Confirmez votre suivi"))
        neighbour.looks_right()
        neighbour.presses_button(gettext("Confirmer mon adresse"))
        neighbour.sees(gettext("Votre suivi est confirmé. Nous vous écrirons à chaque étape."))
        neighbour.looks_right()
        assert ReportFollower.objects.get().confirmed_at

        finish(row, expert, proximite_agent)
        neighbour.opens(link_to_stop(last_mail(READER)))
        neighbour.looks_right()
        neighbour.presses_button(gettext("Ne plus suivre"))
        neighbour.reads(gettext("Vous ne suivez plus ce signalement"))
        neighbour.looks_right()
    assert not ReportFollower.objects.exists()
