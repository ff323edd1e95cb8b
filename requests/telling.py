"""What whoever files for somebody else reads: that the town tells that person, and how."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from massy_grc.common.words import date_words
from prestations.behalf import is_always_for_another, named_in_form
from prestations.models import Prestation
from requests.actions import concerned_of, is_told
from requests.enums import Relation
from requests.letters.words import full_date
from requests.models import FilingDraft, ServiceRequest

REGISTER_TEMPLATE = "accuse-reception-canicule"


def is_register(prestation: Prestation) -> bool:
    """Whether its acknowledgement is a letter to the person registered (CASF R121-4)."""
    return prestation.acknowledgement_template == REGISTER_TEMPLATE


def will_tell(prestation: Prestation) -> bool:
    """Whether the form is about somebody whom the town will write to, whoever fills it in."""
    return is_always_for_another(prestation)


def draft_will_tell(draft: FilingDraft, answers: Mapping[str, Any]) -> bool:
    """Whether the town will tell somebody else of what this draft asks."""
    if draft.person:
        return draft.person.get("relation") != Relation.CHILD
    return bool(named_in_form(draft.prestation, answers))


def acknowledges_requester(service_request: ServiceRequest) -> bool:
    """Whether the acknowledgement goes to whoever filed: that of the register goes to another."""
    another = concerned_of(service_request) is not None
    return not (another and is_register(service_request.prestation))


def telling(service_request: ServiceRequest) -> str:
    """How the person concerned is told, in the reader's language; "" when nobody else is."""
    return _sentence(service_request, date_words)


def telling_in_letter(service_request: ServiceRequest) -> str:
    """The same as letters say it: in French, the year always told."""
    with override("fr"):
        return _sentence(service_request, full_date)


def _sentence(service_request: ServiceRequest, in_words) -> str:
    person = concerned_of(service_request)
    if person is None or not is_told(person):
        return ""
    told_at = person.told_at or person.called_at
    if told_at and person.address and not (person.email or person.called_at):
        return _(
            "La mairie écrit à %(name)s, par courrier du %(day)s. Cette personne peut s’opposer."
        ) % {"name": person.name, "day": in_words(told_at)}
    if told_at:
        return _("La mairie a prévenu %(name)s le %(day)s. Cette personne peut s’opposer.") % {
            "name": person.name,
            "day": in_words(told_at),
        }
    if is_register(service_request.prestation):
        return _(
            "La mairie écrit à %(name)s au plus tard le %(day)s, et dit que la demande vient de "
            "vous. Sans opposition de sa part, cette personne est inscrite."
        ) % {"name": person.name, "day": in_words(service_request.due_at)}
    if person.email:
        words = _("La mairie prévient %(name)s par courriel. Cette personne peut s’opposer.")
    elif person.address:
        words = _("La mairie prévient %(name)s par courrier. Cette personne peut s’opposer.")
    elif person.phone:
        words = _("La mairie prévient %(name)s par téléphone. Cette personne peut s’opposer.")
    else:
        return ""
    return words % {"name": person.name}
