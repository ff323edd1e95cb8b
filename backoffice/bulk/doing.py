"""What each act on many requests does to one of them: its own verb, and what would undo it.

Each function is told of in `backoffice.bulk.kind.Kind`; `backoffice.bulk.kinds` is the table.
"""

from datetime import date

from django.utils.translation import gettext as _

from backoffice.bulk.kind import Data, Did, Known
from backoffice.models import BulkRow
from massy_grc.users.models import User
from prestations.models import Department
from requests import actions
from requests.actions.mentions import stop_watching, watch_request
from requests.enums import State, Verb
from requests.exceptions import IllegalTransition
from requests.models import Rekeying, ServiceRequest, Snooze
from requests.permissions import Right, scope_of


def undoable(sr: ServiceRequest, verb: Verb, before: Data) -> Data | None:
    """What `put_back` needs to undo the last act of this verb."""
    event = sr.events.filter(verb=verb).order_by("-number").first()
    if event is None or not actions.may_return(before["state"], event.to_state):
        return None
    return {"event": event.number, "before": before}


def put_back(row: BulkRow, actor: User) -> None:
    back = row.back or {}
    actions.put_back(
        request_id=row.request_id,
        version=row.left or 0,
        actor=actor,
        undoes=back["event"],
        before=back["before"],
    )


def stays_in(state: State) -> str:
    return _("Son état restera « %(state)s ».") % {"state": state.label}


def will_take(sr: ServiceRequest, user: User) -> str:
    follows = sr.department_since and scope_of(user).may(Right.FRONT_OFFICE)
    before = sr.front_agent if follows else sr.assignee
    if before is None or before == user:
        if follows:
            return _("Vous la suivrez ; le service en reste chargé.")
        return _("Vous en serez chargé.")
    name = {"name": before.get_full_name()}
    if follows:
        return _("Vous la suivrez à la place de %(name)s ; le service en reste chargé.") % name
    return _("Vous en serez chargé à la place de %(name)s.") % name


def take(sr: ServiceRequest, actor: User, data: Data) -> Did:
    before = actions.standing_of(sr)
    actions.take_request(request_id=sr.pk, version=sr.version, actor=actor)
    return Did(back=undoable(sr, Verb.TAKE, before))


def has_taken(sr: ServiceRequest, user: User, data: Data, known: Known) -> str:
    return _("Vous l’avez déjà.") if actions.has_taken(sr, user) else ""


def taking_lasts(sr: ServiceRequest, known: Known) -> str:
    return stays_in(State.EN_COURS) if sr.state == State.ENREGISTREE else ""


def will_assign(sr: ServiceRequest, user: User) -> str:
    if sr.department_since:
        return _("Ira au collègue choisi, s’il est de ce service.")
    return _("Ira au collègue choisi, s’il est de l’accueil.")


def assign(sr: ServiceRequest, actor: User, data: Data) -> Did:
    before = actions.standing_of(sr)
    colleague = User.objects.get(pk=data["assignee"])
    actions.assign_request(request_id=sr.pk, version=sr.version, actor=actor, assignee=colleague)
    return Did(back=undoable(sr, Verb.ASSIGN, before))


def has_it(sr: ServiceRequest, user: User, data: Data, known: Known) -> str:
    colleague = data.get("assignee")
    holders = {sr.assignee_id} if sr.department_since else {sr.assignee_id, sr.front_agent_id}
    return _("Ce collègue l’a déjà.") if holders == {colleague} != {None} else ""


def will_transfer(sr: ServiceRequest, user: User) -> str:
    return _("Ira au service choisi.")


def transfer(sr: ServiceRequest, actor: User, data: Data) -> Did:
    before = actions.standing_of(sr)
    department = Department.objects.get(pk=data["department"])
    done = actions.transfer_request(
        request_id=sr.pk,
        version=sr.version,
        actor=actor,
        department=department,
        note=data.get("note", ""),
    )
    if done.department_since is None:
        return Did(_("La demande a trop changé de service : le responsable de l’accueil décidera."))
    return Did(back=undoable(sr, Verb.TRANSFER, before))


def is_there(sr: ServiceRequest, user: User, data: Data, known: Known) -> str:
    there = sr.department_since is not None and sr.department_id == data.get("department")
    return _("Elle est déjà dans ce service.") if there else ""


def transfer_lasts(sr: ServiceRequest, known: Known) -> str:
    back = actions.may_return(sr.state, State.TRANSMISE)
    return "" if back else stays_in(State.TRANSMISE)


def will_snooze(sr: ServiceRequest, user: User) -> str:
    return _("Quittera vos demandes jusqu’au moment choisi.")


def snooze(sr: ServiceRequest, actor: User, data: Data) -> Did:
    away = sr.snoozes.away().filter(agent=actor)
    moved = away.exists()
    on = data.get("on")
    actions.snooze_request(
        request_id=sr.pk,
        actor=actor,
        preset=data["preset"],
        reason=data.get("reason", ""),
        on=date.fromisoformat(on) if on else None,
    )
    return Did(back=None if moved else {"snooze": away.get().pk})


def snooze_lasts(sr: ServiceRequest, known: Known) -> str:
    if sr.pk not in known.away:
        return ""
    return _("Vous l’aviez mise de côté jusqu’à un autre moment, qui ne sera pas rétabli.")


def take_up_again(row: BulkRow, actor: User) -> None:
    snooze = (row.back or {})["snooze"]
    if not Snooze.objects.away().filter(pk=snooze, agent=actor).exists():
        raise IllegalTransition(_("Elle était déjà revenue dans vos demandes."))
    actions.end_snooze(request_id=row.request_id, actor=actor)


def will_watch(sr: ServiceRequest, user: User) -> str:
    return _("Sera suivie.")


def watch(sr: ServiceRequest, actor: User, data: Data) -> Did:
    before = sr.watchers.filter(user=actor).first()
    watch_request(service_request=sr, user=actor, at_once=data["at_once"])
    return Did(back={"before": before and before.at_once, "after": data["at_once"]})


def watches(sr: ServiceRequest, user: User, data: Data, known: Known) -> str:
    same = "at_once" in data and known.watched.get(sr.pk) == data["at_once"]
    return _("Vous la suivez déjà ainsi.") if same else ""


def will_unwatch(sr: ServiceRequest, user: User) -> str:
    return _("Ne sera plus suivie.")


def unwatch(sr: ServiceRequest, actor: User, data: Data) -> Did:
    before = sr.watchers.filter(user=actor).first()
    stop_watching(service_request=sr, user=actor)
    return Did(back={"before": before and before.at_once, "after": None})


def watches_not(sr: ServiceRequest, user: User, data: Data, known: Known) -> str:
    return "" if sr.pk in known.watched else _("Vous ne la suivez pas.")


def watch_as_before(row: BulkRow, actor: User) -> None:
    back = row.back or {}
    sr = ServiceRequest.objects.visible_to(actor).get(pk=row.request_id)
    now = sr.watchers.filter(user=actor).first()
    if (now and now.at_once) != back["after"]:
        raise IllegalTransition(_("Vous avez changé ce suivi depuis."))
    if back["before"] is None:
        stop_watching(service_request=sr, user=actor)
    else:
        watch_request(service_request=sr, user=actor, at_once=back["before"])


def will_set_urgent(sr: ServiceRequest, user: User) -> str:
    if sr.urgent:
        return _("Aujourd’hui : urgente. Si cela change, son délai sera compté de nouveau.")
    return _("Aujourd’hui : non urgente. Si cela change, son délai sera compté de nouveau.")


def set_urgent(sr: ServiceRequest, actor: User, data: Data) -> Did:
    before = actions.standing_of(sr)
    actions.set_urgent(request_id=sr.pk, version=sr.version, actor=actor, urgent=data["urgent"])
    return Did(back=undoable(sr, Verb.SET_URGENT, before))


def is_urgent(sr: ServiceRequest, user: User, data: Data, known: Known) -> str:
    if data.get("urgent") is not sr.urgent:
        return ""
    return _("Elle est déjà urgente.") if sr.urgent else _("Elle n’est pas urgente.")


def will_rekey(sr: ServiceRequest, user: User) -> str:
    words = _("Sera notée comme ressaisie dans %(software)s, sans numéro de dossier.")
    return words % {"software": sr.prestation.double_entry_in}


def rekey(sr: ServiceRequest, actor: User, data: Data) -> Did:
    actions.note_rekeying(request_id=sr.pk, version=sr.version, actor=actor)
    return Did(back={"rekeying": sr.rekeyings.standing().latest("pk").pk})


def is_rekeyed(sr: ServiceRequest, user: User, data: Data, known: Known) -> str:
    software = sr.prestation.double_entry_in
    if software is None:
        return _("Les demandes de cette prestation ne sont ressaisies dans aucun logiciel.")
    if sr.pk not in known.rekeyed:
        return ""
    return _("Elle est déjà notée comme ressaisie dans %(software)s.") % {"software": software}


def unrekey(row: BulkRow, actor: User) -> None:
    last = Rekeying.objects.standing().filter(request=row.request_id).last()
    if last is None or last.pk != (row.back or {})["rekeying"]:
        raise IllegalTransition(_("Cette ressaisie a été retirée, ou notée autrement, depuis."))
    actions.take_back_rekeying(request_id=row.request_id, version=None, actor=actor)


def will_note(sr: ServiceRequest, user: User) -> str:
    return _("Recevra la note.")


def note(sr: ServiceRequest, actor: User, data: Data) -> Did:
    actions.add_note(request_id=sr.pk, actor=actor, body=data.get("body", ""))
    return Did()


def note_lasts(sr: ServiceRequest, known: Known) -> str:
    return _("Une note écrite reste.")
