"""What the town knows of whoever fills in a form: it is not asked again (L6, CRPA L114-8)."""

from typing import Any

from citizens.models import CitizenAccount
from prestations.behalf import fills_in_own, own_fields
from prestations.forms.address import address_text, parse_address
from prestations.forms.definition import ANSWERS
from prestations.models import FormVersion, Prestation

# The blocks whose person is the account's owner; an association or an administration is not.
OWN_BLOCKS = ("identifie", "contact_facultatif", "organisme_ou_citoyen")
OWN_NAME = {"nom_famille": "family_name", "prenom": "given_name"}  # answer's name -> `OWN_PERSON`
# What a request may correct in the record, at its owner's wish: answer's name -> field.
CORRECTABLE = {"nom_usage": "usage_name", "telephone": "phone", "adresse": "address"}


def known_answers(account: CitizenAccount, form_version: FormVersion) -> dict[str, Any]:
    """Return the answers that the account and its record give to the requester block.

    Args:
        account: with its citizen and its log-in.

    Returns:
        ``{"demandeur": {…}}`` with what is known only; empty for a block of somebody else's.
    """
    block = form_version.definition["requester_block"]
    if block["code"] not in OWN_BLOCKS:
        return {}
    citizen = account.citizen
    known = {
        "type_demandeur": "citoyen",
        "nom_famille": citizen.family_name,
        "nom_usage": citizen.usage_name,
        "prenom": citizen.given_name,
        "email": account.user.email or citizen.email,
        "telephone": citizen.phone.as_e164 if citizen.phone else "",
        "adresse": parse_address(citizen.address) if citizen.address else None,
        "canal_reponse": citizen.reply_channel,
    }
    asked = {field["name"] for field in block["fields"]}
    values = {name: value for name, value in known.items() if name in asked and value}
    return {"demandeur": values} if values else {}


def with_known(
    account: CitizenAccount, form_version: FormVersion, answers: dict[str, Any]
) -> dict[str, Any]:
    """Return the answers with the blanks of the requester block filled in by `known_answers`."""
    typed = answers.get("demandeur", {})
    if typed.get("type_demandeur", "citoyen") != "citoyen":
        return answers
    known = known_answers(account, form_version).get("demandeur", {})
    blanks = {name: value for name, value in known.items() if not typed.get(name)}
    return {**answers, "demandeur": {**typed, **blanks}} if blanks else answers


def with_own_person(
    account: CitizenAccount, prestation: Prestation, answers: dict[str, Any]
) -> dict[str, Any]:
    """Return the answers with what the record says of its owner, when the form is about them.

    What the form holds already stays.
    """
    citizen = account.citizen
    own = {
        "family_name": citizen.family_name,
        "given_name": citizen.given_name,
        "birth_date": citizen.birth_date.isoformat() if citizen.birth_date else "",
        "birth_place": citizen.birth_place,
        "phone": citizen.phone.as_e164 if citizen.phone else "",
        "address": parse_address(citizen.address) if citizen.address else None,
    }
    given = answers.get(ANSWERS, {})
    filled = fills_in_own(prestation, own, given)
    return {**answers, ANSWERS: {**given, **filled}} if filled else answers


def with_same_name(form_version: FormVersion, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers with a name that was given once at its other place too.

    A form about whoever fills it in asks for their name in its own words and at its requester
    block; what stands there already stays.
    """
    typed, given = answers.get("demandeur", {}), answers.get(ANSWERS, {})
    asked = {field["name"] for field in form_version.definition["requester_block"]["fields"]}
    if typed.get("type_demandeur", "citoyen") != "citoyen" or not asked.issuperset(OWN_NAME):
        return answers
    fields = own_fields(form_version.prestation, given)
    typed, given = dict(typed), dict(given)
    for name, part in OWN_NAME.items():
        if part in fields and (value := typed.get(name) or given.get(fields[part])):
            typed[name] = typed.get(name) or value
            given[fields[part]] = given.get(fields[part]) or value
    return {**answers, "demandeur": typed, ANSWERS: given}


def corrections(account: CitizenAccount, answers: dict[str, Any]) -> dict[str, str]:
    """Return the fields of the record that a request says otherwise, with the request's values.

    Only for a request in the owner's own name; a blank corrects nothing.
    """
    given = {name: address_text(value) for name, value in answers.get("demandeur", {}).items()}
    citizen = account.citizen
    if (given.get("nom_famille"), given.get("prenom")) != (
        citizen.family_name,
        citizen.given_name,
    ):
        return {}
    found = {}
    for name, field in CORRECTABLE.items():
        held = getattr(citizen, field)
        if field == "phone":
            held = held.as_e164 if held else ""
        elif field == "address":
            held = address_text(parse_address(held))
        if given.get(name) and given[name] != held:
            found[field] = given[name]
    return found
