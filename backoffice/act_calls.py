"""How the valid form of an act becomes the call of its verb."""

from collections.abc import Callable

from backoffice.actions.uploads import attach_uploads
from requests import actions


def plain(action: Callable) -> Callable:
    """Call `action` with the form's values as they are."""
    return lambda common, form: action(**common, **form.cleaned_data)


def without_version(action: Callable, **more) -> Callable:
    def perform(common, form):
        common.pop("version")
        return action(**common, **form.cleaned_data, **more)

    return perform


def approve(common, form):
    common.pop("request_id")
    data = form.cleaned_data
    return actions.approve_question(**common, question_id=data["question"], body=data["body"])


def refuse(common, form):
    common.pop("request_id")
    return actions.refuse_question(**common, question_id=form.cleaned_data["question"])


def letter(action: Callable) -> Callable:
    """Call `action` with the form's own values and the letter's."""

    def perform(common, form):
        own = {name: form.cleaned_data[name] for name in type(form).base_fields}
        return action(**common, **{**own, **form.letter()})

    return perform


def sign(common, form):
    common.pop("request_id")
    return actions.sign_decision(**common, decision_id=form.cleaned_data["decision"])


def send_back(common, form):
    common.pop("request_id")
    data = form.cleaned_data
    return actions.send_back_decision(**common, decision_id=data["decision"], reason=data["reason"])


def ask_pieces(common, form):
    asked = form.cleaned_data
    return actions.ask_pieces(
        **common, pieces=form.pieces(), due_on=asked["due_on"], fault=asked["fault"]
    )


def sort(common, form):
    return actions.start_completion(
        request_id=common["request_id"],
        actor=common["actor"],
        prestation=form.cleaned_data["prestation"],
    )


def complete(common, form):
    return actions.start_completion(request_id=common["request_id"], actor=common["actor"])


def correct_contact(common, form):
    data = form.cleaned_data
    return actions.correct_contact(
        **common,
        email=data["email"],
        phone=data["phone"],
        address=data["address"],
        resend=data.get("resend", False),
        record_too=data.get("record_too", False),
    )


def correct_answers(common, form):
    reason = form.cleaned_data["reason"]
    return actions.correct_answers(**common, given=form.answers_asked.corrected(), reason=reason)


def set_urgent(common, form):
    return actions.set_urgent(**common, urgent=not form.sr.urgent)


def attach(common, form):
    data = form.cleaned_data
    return attach_uploads(
        request_id=common["request_id"],
        actor=common["actor"],
        uploads=[data["file"]],
        label=data["label"],
        by_requester=data["by_requester"],
    )


def withdraw(common, form):
    return actions.withdraw_request(**common, by_requester=False)


def split(common, form):
    """The first request stays the one on the page."""
    actions.split_request(**common, **form.cleaned_data)
    return form.sr
