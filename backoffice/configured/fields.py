"""The words of the codes in a state: by the part that they stand in."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from massy_grc.users.models import User, UserKind
from prestations import enums
from prestations.models import (
    Category,
    Department,
    Direction,
    KnowledgeArticle,
    LetterTemplate,
    Prestation,
    Processing,
    Site,
    Software,
    Street,
    Team,
)


def _agents():
    """Members of staff alone: citizens have accounts of the same table."""
    return User.objects.filter(kind=UserKind.AGENT)


# Parts that another word names elsewhere, by what they are parts of; "": the object itself.
WITHIN: dict[tuple[str, str], str | Promise] = {
    ("", "description"): _("Ce qu’elle contient"),
    ("come", "mode"): _("Moyen"),
}
CHOICES: dict[str, tuple[Any, ...]] = {
    "access": (enums.Access,),
    "acknowledgement": (enums.Acknowledgement,),
    "answer": (enums.AccessAnswer,),
    "appointment": (enums.Appointment,),
    "audiences": (enums.Audience,),
    "basis": (enums.LegalBasis,),
    "channels": (enums.Channel, enums.CampaignChannel),
    "checks": (enums.Check,),
    "delivery_modes": (enums.DeliveryMode,),
    "handling": (enums.Handling,),
    "holds": (enums.Holds,),
    "kind": (enums.StepKind,),
    "location": (enums.Location,),
    "opens_for": (enums.Role,),
    "paid_to": (enums.PaidTo,),
    "payment": (enums.PaymentMethod,),
    "requester_kinds": (enums.RequesterKind,),
    "required_on": (enums.Channel,),
    "silence_effect": (enums.SilenceEffect,),
    "state": (enums.ArticleState,),
    "status": (enums.PrestationStatus,),
    "told": (enums.Rung,),
    "type": (enums.FieldType,),
    "unit": (enums.DelayUnit,),
    "use": (enums.LetterUse,),
}
_ORIGIN: dict[str, str | Promise] = {
    "derived": _("déduit du reste"),
    "estimate": _("estimé"),
    "law": _("fixé par un texte"),
    "seed": _("repris de l’existant"),
}
# Codes of the town's files that no list of choices holds.
SAID: dict[str, dict[str, str | Promise]] = {
    "audience": {"citoyen": _("Aux habitants"), "interne": _("À un collègue")},
    **dict.fromkeys(("kind", "origin", "contact_origin"), _ORIGIN),
    "required_on": {"all": _("tous les canaux")},
}
# Values that are said in words of their own, by the part that they stand in; modules above this one
# add theirs.
SAYS: dict[str, Callable[[str], str]] = {
    "on_time_rate": lambda share: gettext("%(n)s %%") % {"n": round(100 * float(share))}
}
_LETTERS = LetterTemplate.objects.all
ROWS: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(("acknowledgement", "other", "templates"), _LETTERS),
    **dict.fromkeys(("outcome_positive", "outcome_negative"), _LETTERS),
    "articles": KnowledgeArticle.objects.all,
    "category": Category.objects.all,
    "categories": Category.objects.all,
    "department": Department.objects.all,
    "departments": Department.objects.all,
    "direction": Direction.objects.all,
    "expert_department": Department.objects.all,
    "instead": Prestation.objects.all,
    "person": _agents,
    "prestation": Prestation.objects.all,
    "prestations": Prestation.objects.all,
    "prestation_codes": Prestation.objects.all,
    "processing": Processing.objects.all,
    "legacy_software": Software.objects.all,
    "software": Software.objects.all,
    "site": Site.objects.all,
    "sites": Site.objects.all,
    "streets": Street.objects.all,
    "team": Team.objects.all,
    "teams": Team.objects.all,
    "user": _agents,
}
