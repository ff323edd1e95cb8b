"""Filing for an organisation: which ones an account may choose, and what is known of them."""

from typing import Any

from citizens.enums import OrganisationKind
from citizens.models import CitizenAccount, OrganisationAccount
from prestations.forms.address import parse_address
from prestations.models import FormVersion, Prestation
from requests.exceptions import WrongAudience
from requests.models import FilingDraft

NAMES = ("association_nom", "raison_sociale", "administration", "organisme")


def may_file_for(account: CitizenAccount, prestation: Prestation) -> list[OrganisationAccount]:
    """Return the organisations of an account for which this prestation is open."""
    mine = OrganisationAccount.objects.of_account(account).order_by("name", "pk")
    return [one for one in mine if one.may_file and one.kind in prestation.audiences]


def identity_answers(
    organisation: OrganisationAccount, form_version: FormVersion
) -> dict[str, Any]:
    """Return the answers that say which organisation asks: fixed, whatever the form was sent.

    Returns:
        Answers of the requester block, those it has.
    """
    known = {
        **dict.fromkeys(NAMES, organisation.name),
        "type_demandeur": organisation.kind,
        "siret": organisation.siret,
        "rna": organisation.rna if organisation.kind == OrganisationKind.ASSOCIATION else "",
    }
    asked = _asked(form_version)
    return {name: value for name, value in known.items() if name in asked and value}


def known_answers(
    organisation: OrganisationAccount, account: CitizenAccount, form_version: FormVersion
) -> dict[str, Any]:
    """Return what a form need not ask: the organisation, its seat, and who fills it in."""
    citizen = account.citizen
    person = {
        "nom_famille": citizen.family_name,
        "prenom": citizen.given_name,
        "representant": citizen.letter_name,
        "contact": citizen.letter_name,
        "email": account.user.email or citizen.email,
        "telephone": citizen.phone.as_e164 if citizen.phone else "",
        "adresse": parse_address(organisation.address) if organisation.address else None,
    }
    asked = _asked(form_version)
    values = {name: value for name, value in person.items() if name in asked and value}
    return {"demandeur": values | identity_answers(organisation, form_version)}


def with_identity(draft: FilingDraft, organisation: OrganisationAccount) -> dict[str, Any]:
    """Return a draft's answers with those that say which organisation asks, as it declared them.

    Raises:
        WrongAudience: the town does not recognise it, or the prestation is not for its kind.
    """
    if not organisation.may_file or organisation.kind not in draft.prestation.audiences:
        raise WrongAudience
    given = draft.answers.get("demandeur", {})
    identity = identity_answers(organisation, draft.form_version)
    return {**draft.answers, "demandeur": {**given, **identity}}


def _asked(form_version: FormVersion) -> set[str]:
    return {field["name"] for field in form_version.definition["requester_block"]["fields"]}
