"""Verbs of an organisation's corrected name or seat: proposed, then taken over or not."""

from datetime import datetime

from django.db import transaction

from citizens.actions.organisations import administered
from citizens.actions.people import update_organisation
from citizens.enums import ChangeState, MemberRole
from citizens.exceptions import NotAdministrator
from citizens.mails import account_mail
from citizens.models import CitizenAccount, OrganisationChange
from massy_grc.outbox.api import publish


@transaction.atomic
def correct_organisation(
    *, organisation_id: int, name: str, address: str, by: CitizenAccount, now: datetime
) -> OrganisationChange | None:
    """Correct the name and the seat that an organisation declared; its numbers stay.

    The town's record is not overwritten: an agent reads the correction and takes it over, or not.
    A later one replaces one that nobody has answered.

    Returns:
        The correction; None when nothing differs.

    Raises:
        NotAdministrator: `by` is none of this organisation, or the town does not recognise it.
    """
    organisation = administered(organisation_id, by)
    if not organisation.may_file:
        raise NotAdministrator
    former = organisation.name, organisation.address
    if former == (name, address):
        return None
    organisation.changes.filter(state=ChangeState.PROPOSED).update(state=ChangeState.REPLACED)
    organisation.name, organisation.address = name, address
    organisation.save(update_fields=["name", "address"])
    return OrganisationChange.objects.create(
        organisation=organisation,
        account=by,
        at=now,
        former_name=former[0],
        former_address=former[1],
        name=name,
        address=address,
    )


@transaction.atomic
def answer_correction(*, change_id: int, taken: bool, actor, now: datetime) -> None:
    """Take a correction over into the town's record, or leave the record; the members are told.

    Raises:
        OrganisationChange.DoesNotExist: unknown, answered or replaced meanwhile.
    """
    waiting = OrganisationChange.objects.select_for_update(of=("self",), no_key=True)
    change = waiting.select_related("organisation").get(pk=change_id, state=ChangeState.PROPOSED)
    if taken:
        update_organisation(
            organisation_id=change.organisation.organisation_id,
            name=change.name,
            address=change.address,
        )
    change.state = ChangeState.TAKEN if taken else ChangeState.REFUSED
    change.answered_by, change.answered_at = actor, now
    change.save(update_fields=["state", "answered_by", "answered_at"])
    publish(
        "organisation.answer_correction",
        key=f"organisation.answer_correction:{change.pk}",
        change_id=change.pk,
    )


@transaction.atomic
def tell_correction(*, change_id: int) -> None:
    """Write to the administrators what became of their correction."""
    change = OrganisationChange.objects.select_related("organisation").get(pk=change_id)
    organisation = change.organisation
    administrators = organisation.members.filter(role=MemberRole.ADMINISTRATOR)
    for member in administrators.select_related("account__user"):
        if member.account.user.email:
            account_mail(
                f"organisation_change_{change.state}",
                to=member.account.user.email,
                key=f"organisation.answer_correction:{change.pk}:{member.pk}",
                language=organisation.language,
                about=f"organisation:{organisation.pk}",
                name=change.name,
            )
