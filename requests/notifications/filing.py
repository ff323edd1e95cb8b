"""The first two letters: the registration receipt at once, the acknowledgement after routing."""

from datetime import datetime

from django.db.models import Min

from prestations.calendars import town_calendar
from prestations.enums import Acknowledgement, Channel
from requests import actions
from requests.deadlines import acknowledged_by
from requests.enums import PAUSED_STATES, State
from requests.letters import words
from requests.letters.context import (
    file_names,
    paper_labels,
    registered_person,
    town_or_default,
)
from requests.letters.documents import PDF, make_document, on_paper
from requests.letters.owed import owed_words
from requests.letters.pdf import make_pdf, split_address
from requests.letters.rendering import (
    Rendered,
    appointment_paragraph,
    render_acknowledgement,
    render_template,
)
from requests.models import RequestEvent, ServiceRequest
from requests.notifications.sending import (
    Letter,
    Sent,
    arrived_electronically,
    mail,
    send_letter,
)
from requests.promises import is_late, promise_in_letter
from requests.telling import REGISTER_TEMPLATE, acknowledges_requester, telling_in_letter

RECEIPT_LABEL = "Récépissé de dépôt"
ACKNOWLEDGEMENT_LABEL = "Accusé de réception"
# What takes the announced date's place in it while something is asked for
STOPPED = (
    "Le délai de réponse est suspendu jusqu'à ce que nous ayons reçu ce qui est demandé ci-dessous."
)
ARRIVED = {
    Channel.GUICHET: "a été enregistrée au guichet",
    Channel.TELEPHONE: "a été enregistrée par téléphone",
    Channel.COURRIER: "nous est arrivée par courrier",
}


def receive(event: RequestEvent) -> None:
    """Make the receipt of a filing, and mail it when it came electronically (CRPA R112-11-1)."""
    _receive(event.request, event.at)


def _receive(service_request: ServiceRequest, now: datetime) -> None:
    rendered = receipt_words(service_request)
    document = make_document(
        service_request,
        rendered,
        label=RECEIPT_LABEL,
        now=now,
        facts=receipt_facts(service_request),
    )
    if arrived_electronically(service_request):
        mail(
            service_request,
            rendered,
            key=f"receipt:{service_request.pk}",
            now=now,
            document=document,
        )


def receipt_words(service_request: ServiceRequest) -> Rendered:
    """The words of the receipt: electronic, or the one handed over at the counter."""
    return _arrival_words(service_request).adding(
        telling_in_letter(service_request), appointment_paragraph(service_request)
    )


def _arrival_words(service_request: ServiceRequest) -> Rendered:
    if arrived_electronically(service_request):
        day = acknowledged_by(service_request.filed_at, service_request.due_at, town_calendar())
        theirs = acknowledges_requester(service_request)
        return render_template(
            "accuse-enregistrement-electronique",
            service_request,
            requete={"date_accuse": words.full_date(day) if theirs else ""},
        )
    site, town = service_request.site, town_or_default()
    channel = Channel(service_request.channel)
    at_counter = channel == Channel.GUICHET
    return render_template(
        "recu-guichet",
        service_request,
        guichet={
            "site": site.label if site and at_counter else f"Mairie de {town.name}",
            "adresse": (site and at_counter and site.address) or town.address,
            "maniere": ARRIVED.get(channel, "a été enregistrée"),
        },
        pieces=missing_pieces(service_request),
    )


def receipt_facts(service_request: ServiceRequest) -> list[tuple[str, str]]:
    """What the receipt's table says, at a glance."""
    received, due_on = service_request.arrived_at, words.full_date(service_request.due_at)
    late = is_late(service_request, service_request.filed_at)
    files = [*file_names(service_request.attachments.all()), *paper_labels(service_request)]
    rows = [
        ("Numéro de la demande", service_request.reference),
        ("Demande", service_request.prestation.told_label),
        ("Reçue le", f"{words.full_date(received)} à {words.clock(received)}"),
        (
            ("Réponse en retard", f"prévue le {due_on}, elle part dès que possible")
            if late
            else ("Réponse prévue au plus tard le", due_on)
        ),
        ("Code de suivi", service_request.tracking_code),
        ("Lieu", service_request.place),
        ("Documents reçus", "\n".join(files)),
    ]
    return [(label, value) for label, value in rows if value]


def receipt_pdf(service_request: ServiceRequest) -> tuple[str, bytes]:
    """The receipt's name and content: kept, else made on the spot (the worker may be behind).

    Raises:
        PdfUnavailable: none is kept, and this server makes no PDF.
    """
    kept = service_request.documents.filter(label=RECEIPT_LABEL, media_type=PDF).first()
    if kept:
        with kept.file.open() as file:
            return kept.name, file.read()
    rendered = receipt_words(service_request)
    content = make_pdf(
        service_request,
        subject=rendered.subject,
        body=on_paper(service_request, rendered.body, code_told=True),
        now=service_request.filed_at,
        facts=receipt_facts(service_request),
    )
    return f"recepisse-de-depot-{service_request.reference}.pdf", content


def acknowledge(event: RequestEvent) -> None:
    """Acknowledge a request once it is clear who is responsible for it (CRPA L112-3, R112-5).

    Once, by whichever event comes first (routed, qualified, taken, transferred). None on paper
    where the prestation is exempt; an electronic filing is always acknowledged.
    """
    service_request = event.request
    waiting = service_request.state in (State.ENREGISTREE, State.A_QUALIFIER)
    if service_request.acknowledged_at or waiting or not acknowledgement_is_owed(service_request):
        return
    # Handlers of two events run in any order: the receipt is queued first, here if need be.
    _receive(service_request, service_request.filed_at)
    sent = _send_acknowledgement(service_request, event.at)
    if sent.left:
        actions.acknowledge(
            request_id=service_request.pk,
            document_id=sent.document.pk if sent.document else None,
        )


def acknowledgement_is_owed(service_request: ServiceRequest) -> bool:
    """Whether the law wants it, or it is what tells the requester that something is missing.

    At the counter the receipt told them (CRPA L114-5).
    """
    exempt = service_request.prestation.acknowledgement == Acknowledgement.EXEMPT_PAPER
    if arrived_electronically(service_request) or not exempt:
        return True
    return service_request.channel != Channel.GUICHET and bool(missing_pieces(service_request))


def acknowledgement(service_request: ServiceRequest, now: datetime) -> Letter:
    """The acknowledgement, which asks for what is missing too (CRPA R112-5, L114-5)."""
    promised = promise_in_letter(service_request, now)
    rendered = render_acknowledgement(
        service_request,
        pieces=missing_pieces(service_request),
        requete={"promesse": STOPPED if service_request.state in PAUSED_STATES else promised},
    )
    return Letter(
        service_request,
        rendered,
        key=f"acknowledgement:{service_request.pk}",
        label=ACKNOWLEDGEMENT_LABEL,
        now=now,
    )


def _send_acknowledgement(service_request: ServiceRequest, now: datetime) -> Sent:
    letter = acknowledgement(service_request, now)
    if letter.rendered.code == REGISTER_TEMPLATE:
        return _write_to_registered_person(service_request, letter.rendered, now)
    return send_letter(letter)


def _write_to_registered_person(
    service_request: ServiceRequest, rendered: Rendered, now: datetime
) -> Sent:
    """The heat-alert register: a letter to the person put on it, who may not have asked."""
    person = registered_person(service_request)
    document = make_document(
        service_request,
        rendered,
        label=ACKNOWLEDGEMENT_LABEL,
        now=now,
        to_print=True,
        recipient=[person["nom_courrier"], *split_address(person["adresse"])],
    )
    actions.note_told(request_id=service_request.pk, now=now)
    return Sent(document=document, on_paper=True)


def missing_pieces(service_request: ServiceRequest) -> dict[str, str]:
    """What is still missing, in whole questions, and by when to give it; empty when nothing is."""
    due_on = service_request.pieces.filter(received_at=None).aggregate(first=Min("due_on"))["first"]
    if due_on is None:
        return {}
    return {
        "liste": words.bullets(owed_words(service_request)),
        "date_limite": words.full_date(due_on),
    }


__all__ = [
    "acknowledge",
    "acknowledgement",
    "acknowledgement_is_owed",
    "receipt_pdf",
    "receive",
]
