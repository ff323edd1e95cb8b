"""The acts on two requests: merge them, undo it, link them, split one."""

from django.utils.translation import gettext_lazy as _

from backoffice import act_calls
from backoffice.act import Act
from backoffice.forms import links as forms
from backoffice.forms.verbs import VerbForm
from requests import actions
from requests.actions.repeating import needs_documents
from requests.enums import Verb

LINK_ACTS = (
    Act(
        "merge",
        Verb.MERGE,
        _("Regrouper avec une autre demande"),
        "merge",
        forms.OtherForm,
        act_calls.plain(actions.merge_request),
        sends=True,
        hint=_(
            "Les deux demandes disent la même chose : celle-ci suivra l’autre. Son demandeur est "
            "prévenu une fois, garde son numéro et recevra la réponse de l’autre, qui ne doit donc "
            "nommer personne. Cela se défait."
        ),
    ),
    Act(
        "unmerge",
        Verb.UNMERGE,
        _("Défaire le regroupement"),
        "split",
        VerbForm,
        act_calls.plain(actions.unmerge_request),
        hint=_("Elle reprend sa propre vie, où elle en était."),
    ),
    Act(
        "link",
        Verb.LINK,
        _("Lier à une autre demande"),
        "link",
        forms.OtherForm,
        act_calls.plain(actions.link_requests),
        hint=_("Chacune suit son chemin ; les agents voient l’autre à côté."),
    ),
    Act(
        "unlink",
        Verb.UNLINK,
        _("Retirer le lien"),
        "unlink",
        forms.OtherForm,
        act_calls.plain(actions.unlink_requests),
        in_menu=False,
    ),
    Act(
        "repeat",
        Verb.REPEAT,
        _("Faire revenir la demande"),
        "repeat",
        forms.RepeatForm,
        act_calls.plain(actions.repeat_request),
        hint=_(
            "Ce jour-là, une demande pareille s’ouvre seule, liée à celle-ci, avec son propre "
            "numéro et ses délais. Son demandeur en reçoit l’accusé de réception."
        ),
        fits=lambda sr: not needs_documents(sr),
    ),
    Act(
        "split",
        Verb.SPLIT,
        _("Scinder en deux demandes"),
        "split",
        forms.SplitForm,
        act_calls.split,
        hint=_(
            "La seconde demande est à qualifier : même demandeur, même date d’arrivée, son propre "
            "numéro, qu’il reçoit. La première garde tout son texte."
        ),
    ),
)
