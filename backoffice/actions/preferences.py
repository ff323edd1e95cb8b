"""What an agent chooses for themselves: their pages, their last words, their mails."""

from django.db import transaction

from massy_grc.users.models import Theme, User
from prestations.enums import AlertMail, ArrivalMail
from prestations.models import AlertMailChoice, Membership


def choose_pages(*, user: User, theme: str, letter_keys: bool) -> None:
    """Keep how a person's pages look, and whether they listen to keys of one letter."""
    theme = Theme(theme) if theme else ""
    User.objects.filter(pk=user.pk).update(theme=theme, letter_keys=letter_keys)


def choose_closing(*, user: User, closing: str) -> None:
    """Keep the last words of a person's own letters; their name and quality follow (L6)."""
    User.objects.filter(pk=user.pk).update(closing=closing.strip())


def choose_alert_mail(*, user: User, choice: str) -> None:
    """Keep how a person wants to be told of dates that come near or are missed."""
    AlertMailChoice.objects.update_or_create(user=user, defaults={"choice": AlertMail(choice)})


def choose_letter_keys(*, user: User, on: bool) -> None:
    """Keep whether a person's pages listen to keys of one letter (WCAG 2.1.4)."""
    User.objects.filter(pk=user.pk).update(letter_keys=on)


@transaction.atomic
def choose_arrival_mail(*, user: User, chosen: dict[int, str]) -> None:
    """Keep when a person wants mail about the requests that reach their departments.

    Args:
        chosen: membership id to `ArrivalMail`; what is not this person's is left alone.
    """
    for pk, value in chosen.items():
        Membership.objects.filter(pk=pk, user=user).update(arrival_mail=ArrivalMail(value))
