"""One act on the configuration (an import, a load) put back whole, while nothing of it moved.

What it only put forward to a second person is withdrawn with it, unless they have decided.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from prestations.configuration.kinds import PutForward, State, all_kinds, kind_of
from prestations.configuration.putting import can_go_back, earlier, returned
from prestations.configuration.recording import RecordingAll, States, digest_of, recorded_all
from prestations.configuration.together import Step, put_steps
from prestations.exceptions import ChangeRefused, PreviewMoved
from prestations.models import ConfigurationChange


@dataclass
class Undoing:
    """What putting an act back does today.

    Attributes:
        steps: from today's state to that of before the act, object by object.
        moved: the last change of each object that was changed again since: while there is any,
            nothing is put back.
        back_at: when it was put back; then what others did since with its objects is theirs.
        left: what stays as it is, since no earlier state of it is put back from here.
        reverts: the changes that the steps take back, by kind and key.
        waiting: what the act put forward and nobody has decided: it is withdrawn.
        decided: what a second person has decided since: it stays.
    """

    steps: list[Step] = field(default_factory=list)
    moved: list[ConfigurationChange] = field(default_factory=list)
    left: list[ConfigurationChange] = field(default_factory=list)
    reverts: dict[tuple[str, str], ConfigurationChange] = field(default_factory=dict)
    waiting: list[PutForward] = field(default_factory=list)
    decided: list[PutForward] = field(default_factory=list)
    back_at: datetime | None = None

    @property
    def does(self) -> bool:
        """Whether there is anything to put back."""
        return bool(self.steps or self.waiting)

    @property
    def seen(self) -> str:
        """Name what a page shows of it."""
        return digest_of(
            {
                "steps": [[s.kind.code, s.key, s.before, s.after] for s in self.steps],
                "waiting": [one.mark for one in self.waiting],
            }
        )


def changes_of(act: UUID) -> list[ConfigurationChange]:
    """Return what an act changed, in the order in which objects name each other."""
    ranks = {kind.code: rank for rank, kind in enumerate(all_kinds())}
    rows = ConfigurationChange.objects.filter(act=act, kind__in=ranks)
    rows = rows.select_related("actor", "reverts")
    return sorted(rows, key=lambda one: (ranks[one.kind], one.pk))


def put_forward_by(act: UUID) -> list[PutForward]:
    """Return what an act gave a second person to decide, undecided or not."""
    return [one for kind in all_kinds() for one in kind.put_forward(act)]


def put_back_at(acts: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when each of these acts was put back last; those never put back are left out.

    One of its objects that went back by itself does not make it so.
    """
    back = ConfigurationChange.objects.filter(reverts__act__in=acts).exclude(act=None).order_by()
    return dict(back.values_list("reverts__act").annotate(last=Max("at")))


def to_replay(changes: Iterable[ConfigurationChange]) -> list[ConfigurationChange]:
    """Return which of the changes that put something back left it out of force until today."""
    found = []
    for change in changes:
        kind, kept = kind_of(change.kind), change.reverts and change.reverts.before
        if kept and kind.acts(kept):
            today = kind.snapshot(change.key)
            if today is not None and not kind.acts(today):
                found.append(change)
    return found


def is_kept(act: UUID) -> bool:
    """Whether an act left anything to look at, and perhaps to put back."""
    return ConfigurationChange.objects.filter(act=act).exists() or bool(put_forward_by(act))


def undoing_of(act: UUID, here: States | None = None) -> Undoing:
    """Return what putting an act back does today.

    Args:
        here: the configuration of now, where it has been read already.
    """
    found, states = Undoing(back_at=put_back_at([act]).get(act)), dict(here or {})
    for one in put_forward_by(act):
        (found.waiting if one.take_back else found.decided).append(one)
    changes = changes_of(act)
    later = _later(act, changes)
    for change in changes:
        kind, last = kind_of(change.kind), later.get((change.kind, change.key))
        if found.back_at and last:
            continue
        if kind.code not in states:
            states[kind.code] = kind.states()
        today = _today(states, change)
        wanted = returned(kind, change.key, change.before)
        if today == wanted:
            continue
        if not can_go_back(kind) or (wanted is None and kind.stays):
            found.left.append(change)
        elif today != earlier(kind, change.after):
            found.moved.append(last or change)
        else:
            stops = bool(
                change.before and wanted and kind.acts(change.before) and not kind.acts(wanted)
            )
            found.steps.append(Step(kind, change.key, today, wanted, stops=stops))
            found.reverts[kind.code, change.key] = change
    return found


def _later(
    act: UUID, changes: list[ConfigurationChange]
) -> dict[tuple[str, str], ConfigurationChange]:
    """Return the last change of each object that was changed again after these, by kind and key."""
    if not changes:
        return {}
    first = {(one.kind, one.key): one.pk for one in changes}
    since = ConfigurationChange.objects.filter(
        kind__in={one.kind for one in changes}, pk__gt=min(first.values())
    ).exclude(act=act)
    last = {
        (kind, key): pk
        for kind, key, pk in since.order_by("pk").values_list("kind", "key", "pk")
        if pk > first.get((kind, key), pk)
    }
    rows = ConfigurationChange.objects.filter(pk__in=last.values()).select_related("actor")
    return {(one.kind, one.key): one for one in rows}


def _today(states: States, change: ConfigurationChange) -> State | None:
    """An object's state of now; one that is not listed, since it is over, has one all the same."""
    kind, listed = kind_of(change.kind), states[change.kind].get(change.key)
    if listed is not None or kind.keeps_off:
        return listed
    return kind.snapshot(change.key)


def put_back(*, act: UUID, seen: str, actor, reason: str = "") -> RecordingAll:
    """Put an act back as a whole, in one transaction.

    Args:
        seen: `Undoing.seen`, as the preview showed it.
        actor: whose right the caller has checked.

    Raises:
        ChangeRefused: something of it moved since, or the states of before do not go with the rest.
        PreviewMoved: it would do something else than was read.
    """
    with recorded_all(actor=actor, reason=reason or _reason(act)) as recording:
        undoing = undoing_of(act, recording.before)
        if undoing.moved:
            names = ", ".join(one.name for one in undoing.moved[:10])
            raise ChangeRefused([_("Changé de nouveau depuis : %(names)s.") % {"names": names}])
        if undoing.seen != seen or not undoing.does:
            raise PreviewMoved
        recording.reverts = undoing.reverts
        for one in undoing.waiting:
            assert one.take_back is not None
            one.take_back(actor=actor)
        put_steps(undoing.steps, recording, actor=actor)
    return recording


def _reason(act: UUID) -> str:
    """Name an act of putting back by what it puts back."""
    rows = ConfigurationChange.objects.filter(act=act).exclude(reason="")
    known = rows.values_list("reason", flat=True).first()
    return _("Remise : %(act)s") % {"act": known} if known else ""
