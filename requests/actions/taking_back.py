"""A question of a call that was qualified too soon, or instead of another, waits again."""

from django.db import transaction
from django.utils.translation import gettext as _

from requests.actions.noted import words_asked, words_of
from requests.enums import ContactOutcome
from requests.exceptions import IllegalTransition, NotAllowed
from requests.models import CallBack, Contact
from requests.permissions import Right, scope_of


@transaction.atomic
def take_back_question(*, contact_id: int, actor) -> str:
    """The question waits to be qualified again, by whoever keeps it: an information that was given
    to another one, or a promised call that is not to be made, which is withdrawn.

    Returns:
        The answer that was noted; "" for none.

    Raises:
        NotAllowed: the person does not receive the public.
        Contact.DoesNotExist: unknown, or a colleague's.
        IllegalTransition: it waits already, is in a request, or the call was made.
    """
    if not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    # the call before the contact, as whoever notes it made locks them
    promised = CallBack.objects.filter(contact=contact_id)
    list(promised.select_for_update(of=("self",)))
    rows = Contact.objects.kept_by(actor).filter(conversation__isnull=False)
    contact = rows.select_for_update(of=("self",), no_key=True).get(pk=contact_id)
    if not contact.may_wait_again:
        raise IllegalTransition(_("Ce que cette question est devenue ne se reprend plus."))
    promised.delete()
    words = words_asked(contact)
    told = contact.answer if contact.answer != words else ""
    if told:
        contact.answer = words_of(words)["answer"]
        contact.noted = "" if contact.noted == words else contact.noted
    contact.prestation, contact.outcome = None, ContactOutcome.OPEN
    contact.save(update_fields=["outcome", "answer", "noted", "prestation"])
    return told
