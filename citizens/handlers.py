"""What follows from the verbs on accounts: their mails. Each runs once for one event."""

from citizens import actions
from massy_grc.outbox.api import subscribe
from massy_grc.outbox.models import OutboxEvent


@subscribe("account.mail_request")
def answer_mail_request(event: OutboxEvent) -> None:
    """The mail that somebody asked for at an address, whoever owns it."""
    actions.answer_mail_request(mail_request_id=event.payload["mail_request_id"])


@subscribe("account.ask_change")
def tell_both_ends(event: OutboxEvent) -> None:
    """A change of address is told to the old one and to the new one."""
    actions.tell_both_ends(change_id=event.payload["change_id"])


@subscribe("organisation.invite")
def invitation(event: OutboxEvent) -> None:
    """The link by which somebody joins an organisation."""
    actions.send_invitation(invitation_id=event.payload["invitation_id"])


@subscribe("organisation.check")
def checked(event: OutboxEvent) -> None:
    """Who declared an organisation learns what the town found."""
    actions.tell_check(organisation_id=event.payload["organisation_id"])


@subscribe("organisation.answer_correction")
def correction_answered(event: OutboxEvent) -> None:
    """Who corrected an organisation learns whether the town's record follows."""
    actions.tell_correction(change_id=event.payload["change_id"])


@subscribe("newsletter.ask")
def newsletter_link(event: OutboxEvent) -> None:
    """The link that proves an address, for what it has not confirmed yet."""
    actions.send_confirmation(subscription_ids=event.payload["subscription_ids"])


@subscribe("newsletter.batch")
def newsletter_batch(event: OutboxEvent) -> None:
    """The next mails of an issue."""
    actions.queue_batch(issue_id=event.payload["issue_id"], after=event.payload["after"])
