"""The rights matrix, read from what enforces it: the table of roles, and each page's own rights."""

from collections import Counter
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prestations.enums import Role
from prestations.models import Membership
from requests.permissions import RIGHTS, Right

WORDS: dict[Right, str | Promise] = {
    Right.LOG_REQUEST: _("Enregistrer une demande ou un contact, tenir les fiches"),
    Right.FRONT_OFFICE: _("Qualifier, transmettre, écrire au citoyen, répondre, clôturer"),
    Right.HANDLE_COMPLAINTS: _("Suivre les réclamations et les problèmes"),
    Right.EXPERT_WORK: _("Traiter les demandes de son service"),
    Right.ASSIGN_IN_DEPARTMENT: _("Répartir le travail de son service"),
    Right.SEE_PERSONAL_DATA: _("Lire les données des demandeurs"),
    Right.SEE_DASHBOARD: _("Voir les tableaux de bord"),
    Right.BE_ALERTED: _("Être prévenu des échéances"),
    Right.SIGN: _("Laisser partir les refus, au nom du signataire"),
    Right.SIGN_IN_DEPARTMENT: _("Laisser partir les refus de son service"),
    Right.SUPERVISE: _("Confier à n’importe qui, annuler"),
    Right.OVERRIDE: _("Passer outre un contrôle, en disant pourquoi"),
    Right.ADMINISTER: _("Administrer : accès, catalogue, envois"),
    Right.REVIEW_ACCESS: _("Lire le journal des accès"),
    Right.KEEP_KNOWLEDGE: _("Valider les articles et les procédures"),
    Right.PROTECT_DATA: _("Droits des personnes, conservation, effacement"),
}


@dataclass(frozen=True)
class RightRow:
    """One right: its words, whether each role gives it, and the pages that it opens."""

    words: str | Promise
    held: list[tuple[Role, bool]]
    pages: list[str]


def matrix(patterns) -> list[RightRow]:
    """Return a row for each right.

    Args:
        patterns: the addresses of the staff pages; each view declares its rights (`agent_page`).
    """
    pages: dict[Right, list[str]] = {right: [] for right in Right}
    for pattern in patterns:
        for right in getattr(pattern.callback, "agent_rights", ()):
            pages[right].append(f"/{pattern.pattern}")
    return [
        RightRow(WORDS[right], [(role, right in RIGHTS[role]) for role in Role], pages[right])
        for right in Right
    ]


def agents_by_role() -> list[tuple[Role, int]]:
    """Return how many active agents hold each role; one query."""
    active = Membership.objects.filter(user__is_active=True)
    counts = Counter(role for role, _user in set(active.values_list("role", "user")))
    return [(role, counts[role]) for role in Role]
