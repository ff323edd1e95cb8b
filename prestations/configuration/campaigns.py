"""Campaigns; what the public did with them stays where it was counted."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.actions import write_campaign
from prestations.configuration.kinds import Kind, State
from prestations.enums import CampaignChannel
from prestations.loading.shapes import BOOLEAN, CODE, DATE, array, mapping, one_of, text
from prestations.models import Campaign, Department, KnowledgeArticle, Prestation, Team

LINKED: dict[str, Any] = {
    "prestations": Prestation,
    "articles": KnowledgeArticle,
    "departments": Department,
    "teams": Team,
}
WORDS = ("code", "name", "name_en", "text", "text_en")


def _snapshot(key: str) -> State | None:
    row = Campaign.objects.filter(code=key).first()
    if row is None:
        return None
    return (
        {name: getattr(row, name) for name in WORDS}
        | {
            "first_day": row.first_day.isoformat(),
            "last_day": row.last_day.isoformat(),
            "channels": row.channels,
            "announced": row.announced,
        }
        | {
            name: sorted(getattr(row, name).order_by().values_list("pk", flat=True))
            for name in LINKED
        }
    )


def _restore(key: str, state: State | None, *, actor) -> None:
    """Write a campaign; one that a file does not name stays: its address is in print."""
    if state is None:
        return
    known = Campaign.objects.filter(code=key).values_list("pk", flat=True).first()
    write_campaign(
        actor=actor,
        campaign_id=known,
        first_day=dt.date.fromisoformat(state["first_day"]),
        last_day=dt.date.fromisoformat(state["last_day"]),
        channels=state["channels"],
        announced=state.get("announced", False),
        **{name: state[name] for name in WORDS},
        **{name: model.objects.filter(pk__in=state[name]) for name, model in LINKED.items()},
    )


def _misread(state: State) -> list[str]:
    """Days that no calendar has, or that come in the wrong order."""
    try:
        first, last = (dt.date.fromisoformat(state[name]) for name in ("first_day", "last_day"))
    except ValueError:
        return [_("Le premier ou le dernier jour n’existe pas.")]
    return [_("La fin vient avant le début.")] if last < first else []


def _faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return [_("Une campagne reste : son adresse est imprimée. Changez plutôt ses dates.")]
    faults = _misread(state)
    for name, model in LINKED.items():
        known = set(model.objects.filter(pk__in=state[name]).values_list("pk", flat=True))
        gone = [code for code in state[name] if code not in known]
        faults += [_("« %(code)s » n’existe plus.") % {"code": code} for code in gone]
    return faults


KINDS = [
    Kind(
        code="campaigns",
        label=gettext_lazy("Campagne"),
        keys=lambda: Campaign.objects.order_by("code").values_list("code", flat=True),
        snapshot=_snapshot,
        name=lambda state: state["name"],
        restore=_restore,
        faults=_faults,
        misread=_misread,
        stays=True,
        schema=mapping(
            {
                "code": CODE,
                "name": text(120),
                "name_en": text(120, empty=True),
                "text": text(),
                "text_en": text(empty=True),
                "first_day": DATE,
                "last_day": DATE,
                "channels": array(one_of(CampaignChannel.values), unique=True),
                **dict.fromkeys(LINKED, array(CODE, unique=True)),
            },
            optional={"announced": BOOLEAN},  # files of before it was asked have none
        ),
    )
]
