"""The row of a request as it is filed, for the bulk loader."""

from datetime import datetime, timedelta

from prestations.calendars import PARIS
from prestations.enums import Channel, Check
from requests import deadlines
from requests.blocking import IDENTITY_PAPER
from requests.demo.lives import Life, World, new_tracking_code
from requests.demo.shop import Offer, requester_of
from requests.demo.situations import situation_of, subject_of
from requests.models import ServiceRequest
from requests.references import format_reference
from requests.requester import address_text, read_requester
from requests.routing.catalogue import is_urgent

COLUMNS = {
    field.attname: field
    for field in ServiceRequest._meta.concrete_fields
    if field.name != "search_vector"
}
DEFAULTS = {name: field.get_default() for name, field in COLUMNS.items()}
BY_AGENT = {Channel.GUICHET, Channel.TELEPHONE, Channel.COURRIER, Channel.EMAIL, Channel.SMS}
POSTS = {Channel.GUICHET: "guichet", Channel.TELEPHONE: "telephone"}


def new_life(world: World, offer: Offer, channel: str, arrived_at: datetime, number: int) -> Life:
    """Return a request about to be filed, with every column set as `actions.intake` would.

    Args:
        number: of its reference, in the year of its arrival.
    """
    random, prestation = world.random, offer.prestation
    values, citizen, organisation = requester_of(random, world.crowd, offer, channel)
    situation = situation_of(random, prestation.pk)
    answers = {
        "demandeur": offer.sheet.requester(values),
        "reponses": offer.sheet.draw(random, arrived_at.date(), values, situation.answers),
    }
    requester = read_requester(offer.form.definition, answers["demandeur"])
    place, spot = "", {}
    if drawn := answers["reponses"].get(offer.sheet.place_field):
        spot = answers["reponses"][offer.sheet.place_field] = world.register.place(random, drawn)
        place = address_text(spot)
    urgent = is_urgent(prestation, answers)
    dates = deadlines.dates_for(
        prestation, arrived_at=arrived_at, urgent=urgent, complete=True, calendar=world.calendar
    )
    filed_at = arrived_at
    if channel == Channel.COURRIER:
        filed_at = min(
            world.timing.at_work(arrived_at, random.choice((0, 0, 1))),
            world.now - timedelta(minutes=5),
        )
    agent = site = None
    if channel in BY_AGENT:
        staff = world.staff
        agent = random.choice(staff.front(prestation, prestation.team_id))
        site = staff.sites[agent]
    reference = format_reference(arrived_at.astimezone(PARIS).year, number)
    campaign = world.campaigns.of(random, prestation.pk, channel, arrived_at)
    row = DEFAULTS | {
        "id": world.new_id("request"),
        "reference": reference,
        "tracking_code": new_tracking_code(random),
        "idempotency_key": f"demo-{reference}",
        "version": 0,
        "state": "",
        "prestation_id": prestation.pk,
        "form_version_id": offer.form.pk,
        "category_id": prestation.category_id,
        "subject": subject_of(random, situation, prestation.label),
        "answers": answers,
        "channel": channel,
        "requester_kind": requester.kind,
        "citizen_id": citizen.pk if citizen else None,
        "organisation_id": organisation.pk if organisation else None,
        "requester_name": requester.name,
        "requester_email": requester.email,
        "requester_phone": requester.phone,
        "requester_address": requester.address,
        "reply_channel": requester.reply_channel,
        "residence": citizen.residence if citizen else "massicois" if organisation else "inconnu",
        "place": place,
        "street_id": spot.get("rue"),
        "street_number": spot["numero"] if spot.get("adresse") else "",
        "latitude": spot.get("latitude"),
        "longitude": spot.get("longitude"),
        "urgent": urgent,
        "campaign_id": campaign.pk if campaign else None,
        "team_id": prestation.team_id,
        "front_agent_id": agent,
        "assignee_id": agent,
        "site_id": site,
        "post_type_id": POSTS.get(Channel(channel), "back-office") if agent else None,
        "created_by_id": agent,
        "papers": mandatory(offer) if agent else [],
        "arrived_at": arrived_at,
        "filed_at": filed_at,
        "due_at": dates.due_at,
        "silence_effect": dates.silence_effect,
        "implicit_decision_at": dates.implicit_decision_at,
        "interim_due_at": dates.interim_due_at,
        "legal_suspended_days": 0,
        "corrected_days": 0,
        "take_due_at": None,
        "first_answered_at": None,
        "awaited_until": None,
        "remind_at": None,
        "completed_at": None,
    }
    return Life(world, offer, row, situation, campaign.code if campaign else "")


def mandatory(offer: Offer) -> list[str]:
    """Codes of what an agent sees, or receives on paper, before a request is granted."""
    identity = [IDENTITY_PAPER] if Check.IDENTITY in offer.prestation.checks else []
    obligatory = [one["code"] for one in offer.documents if one["mode"] == "obligatory"]
    return list(dict.fromkeys([*identity, *obligatory]))
