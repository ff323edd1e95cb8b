"""Mails to those who follow a public report: its public facts only, and how to stop.

They never hold a word of the requester's, nor of the town's answer to them.
"""

from django.conf import settings

from massy_grc.outbox.api import queue_delivery
from requests.following import confirm_link, stop_link
from requests.letters.context import town_or_default
from requests.models import ReportFollower, RequestEvent, ServiceRequest
from requests.notifications.sending import reply_context
from requests.reports import PublicReport, Stage, stage_of, told_reports

_NEWS = {
    Stage.RECEIVED: "Le signalement est enregistré. Il attend d'être pris en charge.",
    Stage.PROGRESS: "Nos services s'en occupent.",
    Stage.DONE: "Nos services ont terminé. Nous ne vous écrirons plus, sauf s'il est rouvert.",
}
_WITHDRAWN = "Ce signalement a été retiré. Vous ne recevrez plus de courriel à son sujet."


def ask_confirmation(follower_id: int) -> None:
    """Send the link that proves the address; nothing when it was given up meanwhile."""
    follower = ReportFollower.objects.filter(pk=follower_id, confirmed_at=None).first()
    if follower is None:
        return
    report = _report(follower.request_id)
    if report is None:
        return
    _send(
        follower,
        key=f"follower.ask:{follower.pk}:{follower.asked_at}",
        subject=f"Confirmez votre suivi : {report.title}",
        lines=[
            "Bonjour,",
            f"Vous voulez suivre le signalement « {report.title} ».",
            f"Confirmez votre adresse dans les sept jours : {confirm_link(follower)}",
            "Si ce n'est pas vous, ne faites rien : vous ne recevrez rien d'autre.",
        ],
    )


def tell_change(event: RequestEvent) -> None:
    """Tell every confirmed follower, once an address, of another public stage."""
    before, after = stage_of(event.from_state), stage_of(event.to_state)
    if before == after or not event.from_state:
        return
    report = _report(event.request_id)
    if report is None and after is not None:
        return  # its kind is no longer public
    told = ReportFollower.objects.told().filter(request=event.request_id)
    by_address = {follower.address: follower for follower in told}
    for address, follower in by_address.items():
        if address:  # a number only, or an account that is being closed
            _tell(follower, event, report, after)


def _tell(
    follower: ReportFollower, event: RequestEvent, report: PublicReport | None, stage: Stage | None
) -> None:
    title = report.title if report else "signalement retiré"
    lines = ["Bonjour,", f"Du nouveau sur le signalement que vous suivez : {title}."]
    lines.append(_news(event, stage))
    if report:
        lines.append(f"Voir le signalement : {settings.PUBLIC_URL}{report.url}")
    _send(
        follower,
        key=f"follower.news:{event.pk}:{follower.pk}",
        subject=f"{title} : {stage.label.lower()}" if stage else "Signalement retiré",
        lines=[*lines, f"Ne plus suivre ce signalement : {stop_link(follower)}"],
    )


def _news(event: RequestEvent, stage: Stage | None) -> str:
    """What happened; what another administration was sent is not finished for that."""
    authority = event.request.forwarded_to
    if stage == Stage.DONE and authority:
        whose = f"« {authority.label} »"
        return f"Ce n'est pas à la ville : nous l'avons transmis à {whose}, qui s'en charge."
    return _NEWS[stage] if stage else _WITHDRAWN


def _report(request_id: int) -> PublicReport | None:
    found = told_reports(ServiceRequest.objects.public_reports().filter(pk=request_id))
    return found[0] if found else None


def _send(follower: ReportFollower, *, key: str, subject: str, lines: list[str]) -> None:
    queue_delivery(
        key=key,
        to=follower.address,
        subject=subject,
        body="\n\n".join([*lines, town_or_default().name]),
        about=f"citizen:{follower.account.citizen_id}"
        if follower.account
        else f"follower:{follower.pk}",
        context={**reply_context(), "unsubscribe": stop_link(follower)},
    )
