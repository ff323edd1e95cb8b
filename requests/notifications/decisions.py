"""Internal mail about an answer that waits for its signature or approval."""

from massy_grc.users.models import User
from requests.enums import NoticeKind
from requests.letters.context import way_to
from requests.letters.rendering import Rendered
from requests.models import ProposedDecision, RequestEvent
from requests.notifications.recipients import heads, supervisors
from requests.notifications.sending import tell_staff
from requests.signing import signatory_of


def tell_signers(event: RequestEvent) -> None:
    """Tell those who may sign; nobody when the file was submitted without a decision."""
    if not event.data.get("decision"):
        return
    service_request = event.request
    decision = ProposedDecision.objects.get(pk=event.data["decision"])
    if decision.is_favourable:
        people = heads(service_request) or supervisors(service_request)
        what_to_do = "Relisez la réponse, puis approuvez-la ou rendez-la à son auteur."
        _mail(event, people, "une réponse favorable attend votre approbation", what_to_do)
        return
    signatory = signatory_of(service_request)
    account = signatory.account if signatory else ""
    signers = [
        *User.objects.filter(email__iexact=account or "-", is_active=True),
        *heads(service_request),
        *supervisors(service_request),
    ]
    what_to_do = "Relisez la lettre, puis signez-la ou rendez-la à son auteur."
    _mail(event, signers, "un refus attend sa signature", what_to_do)


def tell_author(event: RequestEvent) -> None:
    """Tell the author that the answer comes back; the reason is an internal note."""
    decision = ProposedDecision.objects.select_related("author").get(pk=event.data["decision"])
    if decision.is_favourable:
        subject, what = "réponse à corriger", "La réponse que vous avez préparée vous est rendue."
    else:
        subject, what = "refus à corriger", "Le refus que vous avez préparé vous est rendu."
    _mail(event, [decision.author], subject, f"{what} La raison est en note interne.")


def _mail(event: RequestEvent, people: list[User], subject: str, body: str) -> None:
    service_request = event.request
    told = Rendered(
        code="",
        subject=f"[{service_request.reference}] {subject}",
        body=f"{body}\n\n{way_to(service_request)}",
    )
    key = f"request.{event.verb}:{event.pk}:staff"
    tell_staff(event, NoticeKind.DECISION, people, told, key=key, about=event.verb)
