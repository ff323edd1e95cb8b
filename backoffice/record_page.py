"""What a record shows beside its chronology, as far as its reader may see it (S69, S86)."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.actions.accesses import VIEW_RESERVED, record_look, why_looked
from backoffice.forms.citizens import CitizenForm
from backoffice.presenting import badge, icon_word
from citizens.consents import TEXTS, ConsentText, current_text
from citizens.enums import ConsentKind, ResidenceKind
from citizens.models import Citizen, ConsentEvent, Organisation, OrganisationMember
from citizens.querysets import CitizenQuerySet
from massy_grc.common.empties import may_hold
from massy_grc.users.models import User
from prestations.models import Department, Team
from prestations.translation import catalogue_text
from requests.actions import residence_by_address
from requests.enums import NoteLevel
from requests.models import RecordNote, ServiceRequest
from requests.permissions import Right, scope_of

ORGANISATIONS_SHOWN = 10
RESIDENCE_BADGES = {
    ResidenceKind.MASSICOIS: ("house", "done"),
    ResidenceKind.EXTERIEUR: ("map-pin", "info"),
    ResidenceKind.INCONNU: ("circle-question-mark", "quiet"),
}
LEVEL_ICONS = {
    NoteLevel.TEAM: "users",
    NoteLevel.DEPARTMENT: "building-2",
    NoteLevel.FRONT: "store",
    NoteLevel.HOLDERS: "shield",
}


def records_open_to(user: User) -> CitizenQuerySet:
    """The records that `user` may read.

    Whoever receives the public reads them all; a department, those of people who asked for
    something that it may see.
    """
    if scope_of(user).may(Right.LOG_REQUEST):
        return Citizen.objects.all()
    seen = ServiceRequest.objects.visible_to(user).exclude(citizen=None)
    return Citizen.objects.filter(pk__in=seen.order_by().values("citizen"))


# --- residence ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Residence:
    """Whether somebody lives in town, by an icon and a word, and what says so."""

    badge: SafeString
    why: str


def recognised_residence(form: CitizenForm) -> dict[str, str]:
    """What the address that a form holds says of the residence, where the agent left it open.

    Nothing where the agent chose, or where the address says neither.
    """
    data = form.cleaned_data
    left_open = data["residence"] == ResidenceKind.INCONNU or "residence" not in form.changed_data
    moved = not form.instance.pk or "address" in form.changed_data
    if not (left_open and moved):
        return {}
    told = residence_by_address(data["address"])
    return {} if told in (ResidenceKind.INCONNU, data["residence"]) else {"residence": told}


def residence_words(citizen: Citizen) -> Residence:
    """Resident or outsider, with the reason: the address, or the agent who noted otherwise."""
    kind = ResidenceKind(citizen.residence)
    told = residence_by_address(citizen.address)
    icon_name, tone = RESIDENCE_BADGES[kind]
    return Residence(badge(str(kind.label), icon_name, tone), _why_resident(citizen, kind, told))


def _why_resident(citizen: Citizen, kind: ResidenceKind, told: str) -> str:
    if kind == ResidenceKind.INCONNU:
        return (
            _("l’adresse ne dit pas la commune") if citizen.address else _("aucune adresse connue")
        )
    if told == kind:
        return _("d’après son adresse postale")
    if told == ResidenceKind.INCONNU:
        return _("noté par un agent, sans adresse qui le dise")
    return _("noté par un agent, alors que son adresse dit : %(other)s") % {
        "other": str(ResidenceKind(told).label).lower()
    }


# --- notes -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ShownNote:
    """A note, who reads it by an icon and words, and what its reader may do with it."""

    note: RecordNote
    level: SafeString
    is_own: bool


def notes_for(citizen: Citizen, user: User) -> list[ShownNote]:
    """The notes on a record that `user` reads, pinned ones first. One query at most."""
    if not may_hold(citizen, "record_notes"):
        return []
    return _shown(RecordNote.objects.visible_to(user).filter(citizen=citizen), user)


def pinned_for(citizen: Citizen, user: User) -> list[ShownNote]:
    """The pinned notes on a record that `user` reads, for the pages that deal with the person.

    One query at most; a look at what is for named agents is recorded as on the record itself.
    """
    if not may_hold(citizen, "record_notes"):
        return []
    rows = RecordNote.objects.visible_to(user).filter(citizen=citizen, pinned_at__isnull=False)
    notes = _shown(rows, user)
    if reserved := reserved_notes(notes):
        why = {**why_looked(user, citizen), "prestations": reserved}
        record_look(user, citizen.pk, why, action=VIEW_RESERVED)
    return notes


def reserved_notes(notes: list[ShownNote]) -> list[str]:
    """The codes of the prestations whose named agents alone read one of these."""
    return sorted({one.note.prestation_id for one in notes if one.note.prestation_id})


def _shown(rows: QuerySet[RecordNote], user: User) -> list[ShownNote]:
    return [
        ShownNote(note, icon_word(LEVEL_ICONS[NoteLevel(note.level)], _circle_words(note)), own)
        for note in rows.select_related("author", "team", "department", "prestation")
        for own in [note.author_id == user.pk]
    ]


def _circle_words(note: RecordNote) -> str:
    if note.circle is None:
        return str(NoteLevel.FRONT.label)
    words = {
        NoteLevel.TEAM: _("Équipe : %(name)s"),
        NoteLevel.DEPARTMENT: _("Service : %(name)s"),
        NoteLevel.HOLDERS: _("Agents nommés : %(name)s"),
    }[NoteLevel(note.level)]
    return words % {"name": catalogue_text(note.circle.label)}


def circles_of(user: User) -> list[tuple[str, str]]:
    """The circles to which `user` may address a note, as choices: those of their place, the
    narrowest first, then those that few belong to.
    """
    scope = scope_of(user)
    words = [
        (NoteLevel.TEAM, Team, scope.teams, _("Mon équipe : %(name)s")),
        (NoteLevel.DEPARTMENT, Department, scope.departments, _("Mon service : %(name)s")),
    ]
    found = [
        (f"{level}:{one.pk}", text % {"name": catalogue_text(one.label)})
        for level, model, codes, text in words
        if codes
        for one in model._default_manager.filter(pk__in=codes)
    ]
    if scope.may(Right.FRONT_OFFICE):
        found.append((f"{NoteLevel.FRONT}:", str(NoteLevel.FRONT.label)))
    holders = _("Agents nommés : %(name)s")
    return found + [
        (f"{NoteLevel.HOLDERS}:{one.pk}", holders % {"name": catalogue_text(one.label)})
        for one in scope.named
    ]


# --- organisations, consents -------------------------------------------------------------------
def memberships_of(citizen: Citizen) -> QuerySet[OrganisationMember]:
    """The organisations for which a person acts, with their role in each."""
    if not may_hold(citizen, "accounts__memberships"):
        return OrganisationMember.objects.none()
    rows = OrganisationMember.objects.filter(account__citizen=citizen)
    return rows.select_related("organisation").order_by("organisation__name", "pk")


def organisations_filed_for(citizen: Citizen, user: User) -> QuerySet[Organisation]:
    """The organisations in whose name they asked for something that `user` may see."""
    seen = ServiceRequest.objects.visible_to(user).filter(
        citizen=citizen, organisation__isnull=False
    )
    return Organisation.objects.filter(pk__in=seen.order_by().values("organisation")).order_by(
        "name", "pk"
    )[:ORGANISATIONS_SHOWN]


@dataclass(frozen=True)
class Consent:
    """One thing a person may agree to: where it stands, and each word they gave on it."""

    kind: ConsentKind
    text: ConsentText
    given: bool | None
    badge: SafeString
    events: list[ConsentEvent]


def consents_of(citizen: Citizen) -> list[Consent]:
    """Every consent with its versions and dates, the last word first. One query at most."""
    by_kind: dict[str, list[ConsentEvent]] = {kind: [] for kind in ConsentKind.values}
    if may_hold(citizen, "consent_events", "given_up"):
        for event in ConsentEvent.objects.of(citizen.pk).select_related("actor").order_by("-id"):
            by_kind[event.kind].append(event)
    return [_consent(ConsentKind(kind), events) for kind, events in by_kind.items()]


def _consent(kind: ConsentKind, events: list[ConsentEvent]) -> Consent:
    if not events:
        state, given = badge(_("Jamais demandé"), "circle-dashed", "quiet"), None
        return Consent(kind, current_text(kind), given, state, events)
    last = events[0]
    texts = {text.version: text for text in TEXTS if text.kind == kind}
    state = (
        badge(_("Donné"), "circle-check", "done")
        if last.given
        else badge(_("Retiré ou refusé"), "ban", "quiet")
    )
    text = texts.get(last.version, current_text(kind))
    return Consent(kind, text, last.given, state, events)
