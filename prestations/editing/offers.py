"""The verbs of what the town offers: prestations, their categories, the citizens' page."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max, ProtectedError
from django.utils.translation import gettext as _

from prestations.configuration import recorded
from prestations.editing.actions import begin_draft
from prestations.editing.checking import Told, problems_of
from prestations.editing.english import say_in_english
from prestations.editing.rules import RULES
from prestations.enums import (
    Acknowledgement,
    Appointment,
    DelayUnit,
    Handling,
    Location,
    PrestationStatus,
    SilenceEffect,
)
from prestations.exceptions import StalePage, StillUsed, StillWrong
from prestations.loading.search_index import index_search
from prestations.models import (
    Category,
    FormDraft,
    PortalEntry,
    PortalGroup,
    Prestation,
    Signatory,
    Site,
)
from prestations.translation import begin_page, english_of

# How the journal of the configuration calls each.
KIND_OF: dict[type[Category | PortalGroup], str] = {
    Category: "categories",
    PortalGroup: "portal_groups",
}
# What a prestation made from nothing is until somebody writes it.
FIRST_VALUES: dict[str, Any] = {
    "handling": Handling.SIMPLE,
    "status": PrestationStatus.DRAFT,
    "is_active": False,
    "audiences": ["citoyen"],
    "channels": ["guichet"],
    "location": Location.NONE,
    "target_value": 10,
    "target_unit": DelayUnit.WORKING_DAYS,
    "target_kind": "estimate",
    "appointment": Appointment.NONE,
    "fee": {"free": True, "items": [], "paid_to": None, "payment": [], "source": "–"},
    "delivery_modes": ["en_ligne"],
    "acknowledgement": Acknowledgement.REQUIRED,
    "silence_effect": SilenceEffect.NONE,
    "acknowledgement_template": "accuse-reception-simple",
}
# What of another a copy does not take: figures of its own, and its place on other pages.
_OWN = {
    *("code", "label", "status", "is_active", "demand", "usual_days", "current_form", "order"),
    "legal_confirmed",  # what silence does was confirmed of the other
}
_SEEN = (
    *("label", "summary", "eligibility", "category_id", "team_id", "handling", "status"),
    *("expert_department_id", "channels", "anonymous_allowed", "residents_only", "keywords"),
    *("target_value", "target_unit", "appointment", "appointment_info", "delivery_modes"),
    *("replaced_by", "external_link", "processing_id", "notes", "is_active", "fee"),
    "legacy_software",
)


def fingerprint(prestation: Prestation) -> str:
    """Return what tells whether the settings of a prestation changed since they were read."""
    values = [getattr(prestation, name) for name in _SEEN]
    begin_page()  # somebody may have written English since the page began
    texts = (prestation.label, prestation.summary, prestation.replaced_by)
    values.append([english_of(text) for text in (*texts, *prestation.eligibility)])
    values.append(sorted(site.pk for site in prestation.sites.all()))
    values.append(sorted(prestation.portal_entries.values_list("group", flat=True)))
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]


@transaction.atomic
def make_prestation(
    *,
    code: str,
    label: str,
    category: Category,
    block: dict[str, Any],
    actor,
    source: Prestation | None = None,
) -> Prestation:
    """Make a prestation that nobody sees yet, with the draft of its form.

    Args:
        block: the questions about the requester that its form begins with.
        source: the prestation of which it is a copy: settings, sites and form.
    """
    values = dict(FIRST_VALUES)
    if source:
        columns = [field.attname for field in Prestation._meta.concrete_fields]
        left_out = _OWN | {f"{name}_id" for name in _OWN}
        values |= {name: getattr(source, name) for name in columns if name not in left_out}
    last = Prestation.objects.aggregate(last=Max("order"))["last"] or 0
    values |= {"label": label, "order": last + 10}
    values |= {"category_id": category.pk, "team_id": category.team_id}
    with recorded("prestations", actor=actor) as kept:
        prestation = Prestation.objects.create(code=code, **values)
        if source:
            prestation.sites.set(source.sites.all())
        kept.key = code
    draft = begin_draft(prestation_id=code, block=block, actor=actor)
    if source and source.current_form:
        draft.definition = source.current_form.definition
        draft.save(update_fields=["definition"])
    return prestation


@transaction.atomic
def write_prestation(
    *,
    prestation_id: str,
    seen: str,
    values: Mapping[str, Any],
    sites: Iterable[Site],
    groups: Iterable[PortalGroup],
    english: Mapping[str, str],
    actor,
) -> Prestation:
    """Change the settings of a prestation; in force at once, in lists and in search.

    Args:
        seen: its `fingerprint` when it was read.
        values: columns and what they become.
        groups: of the citizens' page, where it is shown.
        english: {French: English} of its texts.

    Raises:
        Prestation.DoesNotExist: unknown.
        StalePage: somebody else has changed it since.
        StillWrong: it is to be in use, and the loader would refuse it so.
    """
    with recorded("prestations", prestation_id, actor=actor):
        prestation = Prestation.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=prestation_id
        )
        if fingerprint(prestation) != seen:
            raise StalePage
        for name, value in values.items():
            setattr(prestation, name, value)
        prestation.team_id = prestation.category.team_id
        prestation.save()
        prestation.sites.set(sites)
        _show_in(prestation, groups)
        if prestation.is_active and (problems := in_use_problems(prestation)):
            raise StillWrong(problems)
        say_in_english(english, actor=actor)
        index_search()
    return prestation


@transaction.atomic
def write_rules(
    *, prestation_id: str, values: Mapping[str, Any], seen: str | None, actor
) -> Prestation:
    """Change what answers change (urgency, the department…), its letters, or what law asks of it.

    Rules of a draft that wait go when rules are written. Another regime of silence is to be
    confirmed anew.

    Args:
        values: columns and what they become.
        seen: see `recorded`.

    Raises:
        Prestation.DoesNotExist: unknown.
        StalePage: see `recorded`.
        StillWrong: it is in use, and the loader would refuse it so.
    """
    with recorded("prestations", prestation_id, actor=actor, seen=seen):
        prestation = Prestation.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=prestation_id
        )
        before = prestation.regime
        for name, value in values.items():
            setattr(prestation, name, value)
        prestation.legal_confirmed &= prestation.regime == before
        prestation.save(update_fields=[*values, "legal_confirmed"])
        if values.keys() & set(RULES):
            waiting = FormDraft.objects.filter(prestation=prestation).exclude(rules={})
            waiting.update(rules={}, revision=F("revision") + 1)
        if prestation.is_active and (problems := in_use_problems(prestation)):
            raise StillWrong(problems)
    return prestation


def in_use_problems(prestation: Prestation) -> list[Told]:
    """Return what keeps a prestation, with the form it has, from being in use."""
    if prestation.current_form is None:
        return [Told(_("Formulaire"), _("Publiez d’abord son formulaire."), name="form")]
    return problems_of(prestation, prestation.current_form.definition)


def _show_in(prestation: Prestation, groups: Iterable[PortalGroup]) -> None:
    """Keep the entries that stay: their wording and their order are the group's own."""
    wanted = {group.pk for group in groups}
    prestation.portal_entries.exclude(group__in=wanted).delete()
    known = set(prestation.portal_entries.values_list("group", flat=True))
    for group in wanted - known:
        last = PortalEntry.objects.filter(group=group).aggregate(last=Max("order"))["last"] or 0
        PortalEntry.objects.create(group_id=group, prestation=prestation, order=last + 10)


@transaction.atomic
def write_grouping(
    *,
    model: type[Category | PortalGroup],
    code: str,
    values: Mapping[str, Any],
    english: Mapping[str, str],
    actor,
    seen: str | None = None,
) -> Category | PortalGroup:
    """Make a category or a group of the citizens' page, or change one.

    Args:
        values: `label`, `order` and, for a new one, `team`.
        seen: see `recorded`.

    Raises:
        StalePage: see `recorded`.
        StillUsed: its team would be another than that of the prestations in it.
    """
    with recorded(KIND_OF[model], code, actor=actor, seen=seen):
        grouping = model.objects.select_for_update().filter(pk=code).first() or model(pk=code)
        for name, value in values.items():
            setattr(grouping, name, value)
        others = [one for one in users_of(grouping) if one.team_id != grouping.team_id]
        if others:
            raise StillUsed(str(one) for one in others)
        grouping.is_active = True
        grouping.save()
        say_in_english(english, actor=actor)
        index_search()
    return grouping


@transaction.atomic
def arrange_group(
    *, group: PortalGroup, entries: Iterable[tuple[PortalEntry, str, int]], english, actor
) -> None:
    """Give the prestations of a group their wording there and their order.

    Args:
        entries: each with its wording, blank for its own name, and its place.
    """
    with recorded("portal_groups", group.pk, actor=actor):
        for entry, wording, order in entries:
            entry.portal_label, entry.order = wording, order
            entry.save(update_fields=["portal_label", "order"])
        say_in_english(english, actor=actor)
        index_search()


@transaction.atomic
def remove_grouping(*, model: type[Category | PortalGroup], code: str, actor) -> None:
    """Delete a category or a group that nothing needs.

    Raises:
        DoesNotExist: unknown.
        StillUsed: prestations, a signatory or requests need it.
    """
    with recorded(KIND_OF[model], code, actor=actor):
        grouping = model.objects.select_for_update().get(pk=code)
        using = [str(one) for one in users_of(grouping)]
        if isinstance(grouping, Category):
            using += [str(one) for one in Signatory.objects.filter(categories__contains=[code])]
        if using:
            raise StillUsed(using)
        try:
            grouping.delete()
        except ProtectedError as error:
            raise StillUsed([_("des demandes déjà déposées")]) from error
        index_search()


def users_of(grouping: Category | PortalGroup) -> list[Prestation]:
    """Return the prestations, in use or not, that stand in it."""
    if isinstance(grouping, Category):
        return list(grouping.prestations.order_by("order"))
    return list(Prestation.objects.filter(portal_entries__group=grouping).order_by("order"))
