"""The staff account that lets a signatory's refusals leave alone: a right, so it is logged."""

from django.db import transaction

from backoffice.actions.accesses import record_access
from massy_grc.users.models import User
from prestations.models import Signatory
from requests.exceptions import NotAllowed
from requests.permissions import Right, scope_of


@transaction.atomic
def name_account(*, code: str, account: User | None, actor) -> None:
    """Say which account may sign alone what a signatory's line covers; None: none does.

    Raises:
        NotAllowed: no administrator acts.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    signatory = Signatory.objects.select_for_update().get(pk=code)
    before, after = signatory.account, (account.email or "") if account else ""
    if before.lower() == after.lower():
        return
    signatory.account = after
    signatory.save(update_fields=["account"])
    for email, act in ((before, "signs_no_more"), (after, "signs_alone")):
        user = User.objects.filter(email__iexact=email).first() if email else None
        if user is not None:
            action = f"{act}:{code}"[:40]
            record_access(user=actor, action=action, object_type="user", object_id=user.pk)
