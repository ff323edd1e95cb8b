"""The letters of a request that is sent on to another administration (CRPA L114-2)."""

from massy_grc.outbox.api import queue_delivery
from prestations.forms import Questionnaire
from prestations.models import Authority
from requests.letters.composing import compose
from requests.letters.documents import PDF, as_attachment, make_document
from requests.letters.pdf import split_address
from requests.letters.rendering import render_template
from requests.models import RequestEvent, ServiceRequest
from requests.notifications.conversation import letter_of, message_of
from requests.notifications.sending import Letter, News, reply_context


def forward(event: RequestEvent) -> Letter:
    """To the requester: to whom their request went, why, and that nothing is to be done again."""
    rendered = compose(event.request, message_of(event), event.at)
    how = {"automatic": False, "promises": False, "news": News.REPLY}
    return letter_of(event, rendered, "Transmission", **how)


def tell_authority(event: RequestEvent) -> None:
    """To the administration: what was asked, by whom, when it came; by e-mail, else on paper.

    Only what was filed: neither notes nor messages. The documents are named, not sent.
    """
    service_request = event.request
    authority = Authority.objects.get(pk=event.data["authority"])
    rendered = render_template(
        "saisine-autre-administration",
        service_request,
        message={"texte": what_was_filed(service_request)},
        decision={"motifs": message_of(event).body},
    )
    document = make_document(
        service_request,
        rendered,
        label=f"Demande transmise : {authority.label}",
        now=event.at,
        to_print=not authority.email,
        recipient=[authority.label, *split_address(authority.address)],
        for_requester=False,
    )
    if not authority.email:
        return
    queue_delivery(
        key=f"request.{event.verb}:{event.pk}:authority",
        to=authority.email,
        subject=rendered.subject,
        body=rendered.text,
        attachments=[as_attachment(document)] if document.media_type == PDF else [],
        about=f"request:{service_request.pk}",
        context=reply_context(),
        automatic=False,
    )


def what_was_filed(service_request: ServiceRequest) -> str:
    """The answers of the form with whoever asks, the names of the documents, a line each."""
    form = Questionnaire(service_request.form_version, service_request.channel)
    files = list(service_request.attachments.all())
    sections = form.summary(service_request.answers, files)
    rows = [row for section in sections for row in section.rows if row.value]
    return "\n".join(f"{row.label} : {row.value}" for row in rows)
