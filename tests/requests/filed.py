"""Requests filed on 2 November 2026 by one well-known citizen, for tests of what follows."""

from datetime import datetime
from pathlib import Path
from uuid import uuid4

from prestations.calendars import PARIS
from prestations.enums import Check
from prestations.models import Prestation
from requests import actions
from requests.drafts import SESSION_KEY
from requests.models import FilingDraft, ServiceRequest

REFERENCE_FILE = Path(__file__).resolve().parents[2] / "prestations/data/reference.yaml"
ARRIVED = datetime(2026, 11, 2, 10, 30, tzinfo=PARIS)
EMAIL = "jeanne@courriel.example"
REQUESTER = {
    "nom_famille": "Durand",
    "prenom": "Jeanne",
    "email": EMAIL,
    "adresse": "12 rue Jean Mermoz 91300 Massy",
    "canal_reponse": "email",
}


def documents_of(prestation: Prestation) -> list[str]:
    """Codes of the mandatory documents of a prestation, and what shows the identity."""
    documents = prestation.current_form.definition["documents"]
    identity = ["piece-identite"] if Check.IDENTITY in prestation.checks else []
    obligatory = [one["code"] for one in documents if one["mode"] == "obligatory"]
    return list(dict.fromkeys([*identity, *obligatory]))


def file_request(code: str, *, requester=None, channel="web", **fields) -> ServiceRequest:
    """File a request for the prestation `code`; `requester` corrects REQUESTER's answers."""
    prestation = Prestation.objects.get(pk=code)
    given = fields.pop("answers", {})
    if "missing_documents" not in fields:  # they are there, and were seen by whoever filed it
        fields.setdefault("papers", documents_of(prestation))
    demandeur = {key: value for key, value in (REQUESTER | (requester or {})).items() if value}
    return actions.intake(
        prestation=prestation,
        form_version=prestation.current_form,
        channel=channel,
        answers={"demandeur": demandeur, "reponses": given},
        idempotency_key=str(uuid4()),
        now=fields.pop("now", ARRIVED),
        **fields,
    )


def filed_here(client, service_request: ServiceRequest) -> None:
    """Make the client the browser whose form became the request."""
    draft = FilingDraft.objects.create(
        prestation=service_request.prestation,
        form_version=service_request.form_version,
        channel=service_request.channel,
        filed_request=service_request,
    )
    session = client.session
    session[SESSION_KEY] = [str(draft.token)]
    session.save()
