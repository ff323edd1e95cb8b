"""What an event says to agents: its words, its icon, the names that its codes stand for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.check_words import check_words, override_words
from backoffice.presenting import submitted_words
from backoffice.routing_words import where_to_go, why_routed
from massy_grc.common.words import date_words, day_and_time, time_words
from massy_grc.users.models import User
from prestations.models import (
    Authority,
    ClosingReason,
    Department,
    Prestation,
    Software,
    Team,
)
from prestations.translation import catalogue_text
from requests.enums import AlertKind, Outcome, RatingScore, Rhythm, TaskKind, Verb, WakeReason
from requests.given import question_labels
from requests.letters.context import document_labels
from requests.models import (
    Attachment,
    Override,
    Rekeying,
    RequestEvent,
    RoutingRule,
    ServiceRequest,
)
from requests.moved_dates import moved_to
from requests.qualification.shown import percent_sure

EVENT_ICONS = {
    Verb.FILE: "inbox",
    Verb.QUALIFY: "tags",
    Verb.ROUTE: "route",
    Verb.TAKE: "hand",
    Verb.ASSIGN: "user-plus",
    Verb.TRANSFER: "corner-up-right",
    Verb.RETURN: "corner-up-left",
    Verb.ASK_PIECES: "file-question-mark",
    Verb.SUPPLY: "inbox",
    Verb.COMPLETE: "list-todo",
    Verb.CORRECT_CONTACT: "contact-round",
    Verb.CORRECT: "pencil",
    Verb.TREAT: "file-check",
    Verb.CHECK: "clipboard-check",
    Verb.READY: "package",
    Verb.REKEY: "keyboard",
    Verb.ASK_QUESTION: "message-circle-question-mark",
    Verb.WAIT_THIRD_PARTY: "hourglass",
    Verb.RESUME: "play",
    Verb.SET_APPOINTMENT: "calendar-days",
    Verb.SET_URGENT: "zap",
    Verb.EXTEND: "calendar-clock",
    Verb.HOLD: "lock",
    Verb.RELEASE: "lock-open",
    Verb.ATTACH: "paperclip",
    Verb.WITHDRAW: "x",
    Verb.CANCEL: "ban",
    Verb.HAND_OVER: "package-check",
    Verb.OVERRIDE: "lock-open",
    Verb.SUBMIT_APPROVAL: "file-pen-line",
    Verb.SIGN: "file-pen-line",
    Verb.SEND_BACK: "corner-up-left",
    Verb.ANSWER: "reply",
    Verb.CLOSE: "circle-check",
    Verb.FORWARD: "forward",
    Verb.UNSEND: "undo-2",
    Verb.REOPEN: "rotate-ccw",
    Verb.ASK_REASONS: "gavel",
    Verb.GIVE_REASONS: "gavel",
    Verb.ACKNOWLEDGE: "mail-check",
    Verb.INTERIM: "mail-check",
    Verb.REMIND: "mail-check",
    Verb.RECALCULATE: "calendar-clock",
    Verb.ALERT: "bell",
    Verb.RATE: "star",
    Verb.OBJECT: "triangle-alert",
    Verb.TELL_CONCERNED: "phone-call",
    Verb.ASK_TASK: "users",
    Verb.ACCEPT_TASK: "hand",
    Verb.DECLINE_TASK: "x",
    Verb.CONCLUDE_TASK: "file-check",
    Verb.CANCEL_TASK: "ban",
    Verb.MERGE: "merge",
    Verb.UNMERGE: "split",
    Verb.LEAD: "merge",
    Verb.RECEIVE_MERGED: "inbox",
    Verb.SPLIT: "split",
    Verb.LINK: "link",
    Verb.UNLINK: "unlink",
    Verb.REPEAT: "repeat",
    Verb.SNOOZE: "moon",
    Verb.WAKE: "sunrise",
}
CHANGED = {
    "email": gettext_lazy("adresse électronique"),
    "phone": gettext_lazy("téléphone"),
    "address": gettext_lazy("adresse postale"),
}
# What an event's data name, and the kind of thing it is.
NAMED = {
    "department": "departments",
    "closed_department": "departments",
    "team": "teams",
    "routing_rule": "rules",
    "assignee": "users",
    "absent": "users",
    "acting_for": "users",
    "reason": "reasons",
    "authority": "authorities",
    "would_go": "departments",
    "would_team": "teams",
    "software": "software",
}
TWINS = ("lead", "merged", "other")  # of another request, by its key
ROUTED = {Verb.ROUTE, Verb.QUALIFY, Verb.TRANSFER, Verb.RETURN}
TO_A_DEPARTMENT = {
    *(Verb.TRANSFER, Verb.ROUTE, Verb.RETURN, Verb.TREAT),
    *(Verb.ACCEPT_TASK, Verb.DECLINE_TASK, Verb.CONCLUDE_TASK, Verb.CANCEL_TASK),
}


def event_icon(event: RequestEvent) -> str:
    return EVENT_ICONS.get(Verb(event.verb), "dot")


def event_words(event: RequestEvent, names: dict) -> str:
    """What was done, with the service, the colleague or the reason when there is one."""
    words = str(Verb(event.verb).label)
    data = event.data or {}
    match event.verb:
        case Verb.TRANSFER if data.get("moves"):
            words, detail = _("Transmission arrêtée"), ""
        case Verb.SUBMIT_APPROVAL if data.get("outcome"):
            words, detail = submitted_words(data["outcome"]), ""
        case Verb.SIGN if data.get("outcome") == Outcome.POSITIVE:
            words, detail = _("Réponse approuvée"), ""
        case Verb.ASK_PIECES if data.get("form"):
            words, detail = _("Ce qui manque au formulaire a été demandé"), ""
        case Verb.ASK_TASK:
            labels = [names["departments"].get(code, code) for code in data["departments"]]
            detail = ", ".join(labels)
            opinion = data.get("kind") == TaskKind.OPINION
            words = _("Avis demandé") if opinion else _("Travail demandé")
        case Verb.RETURN if data.get("undoes"):
            words = _("Transmission annulée")
            detail = names["departments"].get(data["department"], data["department"])
        case Verb.ASSIGN if data.get("undoes"):
            words, detail = _("Attribution annulée"), names["users"].get(data["assignee"], "")
        case verb if verb in TO_A_DEPARTMENT and data.get("department"):
            detail = names["departments"].get(data["department"], data["department"])
        case Verb.QUALIFY if data.get("score"):
            words = _("Qualifiée par le classement automatique")
            code = data["prestation"][1]
            detail = _("%(prestation)s, sûr à %(percent)s %%") % {
                "prestation": names["prestations"].get(code, code),
                "percent": percent_sure(data["score"]),
            }
        case Verb.QUALIFY if data.get("prestation") and not data.get("papers"):
            detail = names["prestations"].get(data["prestation"][1], data["prestation"][1])
        case Verb.FILE | Verb.QUALIFY | Verb.COMPLETE if data.get("papers"):
            labels = [names["papers"].get(code, code) for code in data["papers"]]
            detail = _("vu ou reçu sur papier, %(documents)s") % {
                "documents": ", ".join(catalogue_text(label) for label in labels)
            }
        case Verb.ATTACH:
            kept = (names["files"].get(pk) for pk in _attached(event))
            detail = ", ".join(name for name in kept if name)
        case Verb.CORRECT_CONTACT:
            detail = ", ".join(str(CHANGED[name]) for name in data.get("changed", ()))
        case Verb.CORRECT:
            asked = (names["questions"].get(key) for key in data["corrected"])
            detail = ", ".join(label for label in asked if label)
        case Verb.ASSIGN:
            if data.get("assignee"):
                detail = names["users"].get(data["assignee"], "")
            else:
                words, detail = _("Dossier remis à l’équipe"), ""
        case Verb.CLOSE | Verb.CANCEL | Verb.WITHDRAW if data.get("reason"):
            detail = names["reasons"].get(data["reason"], data["reason"])
        case Verb.FORWARD:
            detail = names["authorities"].get(data["authority"], data["authority"])
        case Verb.ALERT if data.get("kind") in AlertKind.values:
            detail = str(AlertKind(data["kind"]).label)
            if code := data.get("department"):
                detail = f"{detail} ({names['departments'].get(code, code)})"
        case Verb.CHECK | Verb.HAND_OVER:
            detail = check_words(data, names["papers"])
        case Verb.REKEY:
            words, detail = _rekeyed(data, names), ""
        case Verb.OVERRIDE:
            detail = override_words(data, names)
        case Verb.SET_APPOINTMENT if data.get("at"):
            at = parse_datetime(data["at"])
            detail = f"{date_words(at)}, {time_words(at)}" if at else ""
        case Verb.LEAD if data.get("undone"):
            words, detail = _("N’est plus suivie par une autre"), names["requests"][data["merged"]]
        case Verb.LEAD:
            words, detail = _("Suivie aussi par une autre"), names["requests"][data["merged"]]
        case Verb.MERGE | Verb.UNMERGE | Verb.RECEIVE_MERGED | Verb.LINK | Verb.UNLINK | Verb.SPLIT:
            detail = names["requests"][next(data[name] for name in TWINS if name in data)]
        case Verb.REPEAT if data.get("other"):
            detail = names["requests"][data["other"]]
        case Verb.REPEAT if day := parse_date(data.get("on") or ""):
            detail = f"{Rhythm(data['rhythm']).label}, {date_words(day)}"
        case Verb.REPEAT:
            detail = _("arrêté")
        case Verb.SNOOZE if until := parse_datetime(data["until"]):
            detail = _("jusqu’au %(day)s") % {"day": day_and_time(until)}
        case Verb.WAKE:
            detail = str(WakeReason(data["why"]).label)
        case Verb.SET_URGENT:
            detail = _("urgente") if data.get("urgent") else _("non urgente")
        case Verb.ANSWER if data.get("outcome") in Outcome.values:
            detail = str(Outcome(data["outcome"]).label).lower()
        case Verb.RATE if data.get("score") in RatingScore.values:
            detail = str(RatingScore(data["score"]).label).lower()
        case _other:
            detail = ""
    words = f"{words}{_(' :')} {detail}" if detail else words
    sentences = [words]
    if event.verb == Verb.QUALIFY and data.get("department"):
        sentences.append(
            _("Transmise au service « %(name)s »")
            % {"name": names["departments"].get(data["department"], data["department"])}
        )
    if "would_go" in data:
        sentences.append(where_to_go(data, names))
    if event.verb == Verb.CANCEL_TASK and data.get("closed_department"):
        sentences.append(_("Ce service a fermé"))
    if event.verb in ROUTED and (why := why_routed(data, names)):
        sentences.append(why)
    words = ". ".join(sentences).removesuffix(".")
    due = moved_to(event)
    if due:
        return _("%(act)s. Échéance portée au %(day)s.") % {"act": words, "day": date_words(due)}
    return words


def _rekeyed(data: Mapping[str, Any], names: Mapping[str, dict]) -> str:
    """Where the request was typed again, and what it is called there."""
    number = names["numbers"].get(data["rekeying"], "")
    given = {"software": names["software"].get(data["software"], data["software"])}
    if data.get("undone"):
        return _("Ressaisie dans %(software)s retirée") % given
    if not number:
        return _("Ressaisie dans %(software)s") % given
    return _("Ressaisie dans %(software)s, n° %(number)s") % {**given, "number": number}


def names_of(sr: ServiceRequest, events: Sequence[RequestEvent]) -> dict[str, dict]:
    """Labels for the codes that events hold, in a query for each kind of code there is."""
    overruled = [event.data["override"] for event in events if event.verb == Verb.OVERRIDE]
    overrides = Override.objects.filter(pk__in=overruled) if overruled else []
    found: dict[str, set] = {kind: set() for kind in {*NAMED.values(), "prestations"}}
    for event in events:
        for name, kind in NAMED.items():
            code = (event.data or {}).get(name)
            if code and not isinstance(code, (list, dict)):
                found[kind].add(code)
        if event.verb == Verb.ASK_TASK:
            found["departments"].update(event.data["departments"])
        if event.verb == Verb.QUALIFY and (event.data or {}).get("prestation"):
            found["prestations"].add(event.data["prestation"][1])
    added = [pk for event in events if event.verb == Verb.ATTACH for pk in _attached(event)]
    files = Attachment.objects.filter(pk__in=added) if added else []
    users = User.objects.filter(pk__in=found["users"]) if found["users"] else []
    retyped = [event.data["rekeying"] for event in events if event.verb == Verb.REKEY]
    numbers = Rekeying.objects.filter(pk__in=retyped) if retyped else Rekeying.objects.none()
    twins = {event.data[name] for event in events for name in TWINS if name in (event.data or {})}
    return {
        "papers": document_labels(sr),
        "questions": question_labels(sr)
        if any(event.verb == Verb.CORRECT for event in events)
        else {},
        "requests": dict(ServiceRequest.objects.filter(pk__in=twins).values_list("pk", "reference"))
        if twins
        else {},
        "prestations": _labels(Prestation, found["prestations"]),
        "departments": _labels(Department, found["departments"]),
        "teams": _labels(Team, found["teams"]),
        "rules": _labels(RoutingRule, found["rules"]),
        "reasons": _labels(ClosingReason, found["reasons"]),
        "authorities": _labels(Authority, found["authorities"]),
        "software": _labels(Software, found["software"]),
        "numbers": dict(numbers.values_list("pk", "number")),
        "overrides": {one.pk: one.reason for one in overrides},
        "files": {one.pk: f"{one.label} ({one.name})" if one.label else one.name for one in files},
        "users": {user.pk: user.get_full_name() for user in users},
    }


def _attached(event: RequestEvent) -> list[int]:
    return (event.data or {}).get("attachments", [])


def _labels(model, codes: set) -> dict:
    if not codes:
        return {}
    return {row.pk: str(row) for row in model.objects.filter(pk__in=codes).only("label")}
