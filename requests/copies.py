"""Everything the town holds about one person, gathered for the copy they ask for.

What agents wrote among themselves is not in it: it may speak of others. The officer reads it
first and adds what may be given (docs/privacy.md).
"""

import re
from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from citizens.models import Citizen, ConsentEvent, HouseholdTie, OrganisationMember
from massy_grc.audit.models import AccessRecord
from massy_grc.outbox.models import Delivery
from prestations.forms import Questionnaire
from prestations.models import FormVersion
from requests.actions.sending import as_told
from requests.enums import Verb
from requests.models import (
    Attachment,
    CallBack,
    Document,
    FilingDraft,
    Message,
    PieceRequest,
    Rekeying,
    ReportFollower,
    RequestEvent,
    ServiceRequest,
    WalletDocument,
)
from requests.subjects import MESSAGE

INTERNAL = (
    *(Verb.NOTE, Verb.PROPOSE_QUESTION, Verb.REFUSE_QUESTION, Verb.HOLD, Verb.RELEASE),
    *(Verb.SNOOZE, Verb.WAKE),
)


def gather(citizen: Citizen) -> dict[str, Any]:
    """Return the copy as plain data, ready for JSON; as many queries for one request or many."""
    now = timezone.now()
    requests = list(
        citizen.requests.filter(organisation_account=None)
        .select_related(
            "prestation",
            "team",
            "department",
            "closing_reason",
            "concerned",
            "qualification",
            "form_version",
        )
        .prefetch_related(
            Prefetch("messages", Message.objects.told(now)),
            Prefetch("events", RequestEvent.objects.told(now)),
            Prefetch("pieces", PieceRequest.objects.told(now)),
            *("attachments", "documents", "ratings", "hand_overs"),
            Prefetch("rekeyings", Rekeying.objects.select_related("software")),
        )
        .prefetch_related("call_backs")
        .order_by("arrived_at")
    )
    return {
        "fiche": _record(citizen),
        "comptes": [_account(account) for account in citizen.accounts.select_related("user")],
        "demandes": [_request(one) for one in as_told(requests, now)],
        "demandes_pour_un_organisme": _for_organisations(citizen),
        "organismes": _organisations(citizen),
        "brouillons": [_draft(one) for one in _drafts(citizen)],
        "porte_documents": [
            {
                "document": one.get_kind_display(),
                "nom": one.name,
                "date_du_document": one.issued_on,
                "valable_jusqu_au": one.valid_until,
                "garde_depuis": one.created_at,
            }
            for one in WalletDocument.objects.filter(account__citizen=citizen)
        ],
        "contacts": [
            {
                "date": contact.at,
                "canal": contact.get_channel_display(),
                "question": contact.question,
                "reponse": contact.answer,
                "rappel": [_call_back(contact.call_back)] if hasattr(contact, "call_back") else [],
            }
            for contact in citizen.contacts.select_related("call_back").order_by("at")
        ],
        "foyer": [_household(tie, citizen) for tie in _ties(citizen)],
        "lettres_d_information": [
            {
                "lettre": row.newsletter.label,
                "adresse": row.email,
                "demandee_le": row.asked_at,
                "confirmee_le": row.confirmed_at,
            }
            for row in citizen.subscriptions.select_related("newsletter")
        ],
        "signalements_suivis": [
            {"signalement": row.request_id, "depuis": row.created_at}
            for row in ReportFollower.objects.filter(account__citizen=citizen)
        ],
        "accords": [
            {
                "accord": event.get_kind_display(),
                "version": event.version,
                "donne": event.given,
                "date": event.at,
                "par": event.get_source_display(),
            }
            for event in ConsentEvent.objects.of(citizen.pk)
        ],
        "lettres": [
            {
                "objet": letter.subject,
                "texte": letter.body,
                "adresse": letter.address,
                "date": letter.created_at,
                "postee_le": letter.printed_at,
            }
            for letter in citizen.letters.all()
        ],
        "messages_envoyes": _deliveries(citizen, requests),
        "consultations_par_les_agents": _consultations(citizen, requests),
    }


def stored_files(citizen: Citizen) -> list[tuple[str, Any]]:
    """Return (name in the archive, stored file) of every document of the person's requests.

    A file in quarantine, or one that waits for the antivirus, is not handed out.
    """
    files: list[tuple[str, Any]] = []
    mine = Q(request__citizen=citizen, request__organisation_account=None)
    sent = [one for one in _of_requests(Attachment, mine) if one.may_be_read]
    for folder, rows in (("recus", sent), ("envoyes", _of_requests(Document, mine))):
        for row in rows:
            reference = row.request.reference if row.request else ""
            files.append((f"fichiers/{reference}/{folder}/{row.pk}-{_plain_name(row)}", row.file))
    files += [
        (f"fichiers/porte-documents/{kept.pk}-{_plain_name(kept)}", kept.file)
        for kept in WalletDocument.objects.filter(account__citizen=citizen).order_by("pk")
        if kept.may_be_read
    ]
    return files


def _of_requests(model, mine: Q) -> Any:
    return model.objects.filter(mine).select_related("request").order_by("pk")


def _plain_name(row) -> str:
    """A name that every archive tool takes."""
    return re.sub(r"[^\w.\- ]", "_", row.name)


def plain(value: Any) -> Any:
    """What JSON lacks: dates, lazy texts, phone numbers."""
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _record(citizen: Citizen) -> dict[str, Any]:
    return {
        "nom_de_famille": citizen.family_name,
        "nom_d_usage": citizen.usage_name,
        "prenom": citizen.given_name,
        "date_de_naissance": citizen.birth_date,
        "lieu_de_naissance": citizen.birth_place,
        "sexe": citizen.get_gender_display(),
        "adresse_electronique": citizen.email,
        "telephone": str(citizen.phone or ""),
        "adresse_postale": citizen.address,
        "residence": citizen.get_residence_display(),
        "reponse_preferee_par": citizen.get_reply_channel_display(),
        "avancement_par": citizen.get_progress_channel_display(),
        "documents_prets_par": citizen.get_documents_channel_display(),
        "langue": citizen.language,
        "fiche_creee_le": citizen.created_at,
    }


def _account(account) -> dict[str, Any]:
    return {
        "adresse_de_connexion": account.user.email or "",
        "ouvert_le": account.created_at,
        "ferme_le": account.closed_at,
        "vu_le": account.last_seen_at,
        "conditions_acceptees": account.terms_version,
        "appareils": [
            {"appareil": one.label, "connecte_le": one.started_at, "vu_le": one.last_seen_at}
            for one in account.user.devices.order_by("started_at")
        ],
    }


def _concerned(sr: ServiceRequest) -> dict[str, str]:
    """For whom the person filed, when for somebody else."""
    concerned = getattr(sr, "concerned", None)
    if concerned is None:
        return {}
    return {"nom": concerned.name, "lien": concerned.get_relation_display()}


def _for_organisations(citizen: Citizen) -> list[dict[str, Any]]:
    """What the person filed in an organisation's name: the file itself is the organisation's."""
    filed = citizen.requests.exclude(organisation_account=None)
    return [
        {"numero": sr.reference, "deposee_le": sr.arrived_at, "organisme": str(account)}
        for sr in filed.select_related("organisation_account").order_by("arrived_at")
        if (account := sr.organisation_account)
    ]


def _organisations(citizen: Citizen) -> list[dict[str, Any]]:
    memberships = OrganisationMember.objects.filter(account__citizen=citizen)
    return [
        {
            "organisme": one.organisation.name,
            "role": one.get_role_display(),
            "depuis": one.joined_at,
        }
        for one in memberships.select_related("organisation")
    ]


def _ties(citizen: Citizen):
    return HouseholdTie.objects.of(citizen.pk).select_related(
        "citizen__merged_into", "other__merged_into"
    )


def _household(tie: HouseholdTie, citizen: Citizen) -> dict[str, Any]:
    """What somebody is to the person, as an agent noted it; who it is stays that person's own."""
    _other, quality = tie.seen_from(citizen.pk)
    return {
        "proche": str(quality.label),
        "meme_adresse": tie.shares_home,
        "source": tie.get_ground_display(),
        "note_le": tie.made_at,
        "termine_le": tie.ended_at,
    }


def _request(sr: ServiceRequest) -> dict[str, Any]:
    return {
        "numero": sr.reference,
        "prestation": sr.prestation.told_label,
        "sujet": sr.subject,
        "etat": sr.public_state,
        "deposee_le": sr.arrived_at,
        "canal": sr.get_channel_display(),
        "message": sr.answers.get(MESSAGE, ""),
        "reponses": _in_words(sr.form_version, sr.channel, sr.answers),
        "codes_des_reponses": sr.answers,
        "lieu": sr.place,
        "pour": _concerned(sr),
        "service": str(sr.department or sr.team),
        "close_le": sr.closed_at,
        "motif_de_cloture": str(sr.closing_reason or ""),
        "transmise_a": str(sr.forwarded_to or ""),
        "remises": [
            {
                "date": one.at,
                "a": one.collected_by,
                "piece_vue": one.get_proof_display(),
                "signature": one.initials or "dessinée à l’écran",
            }
            for one in sr.hand_overs.all()
        ],
        "histoire": [
            {"date": event.at, "acte": event.get_verb_display()}
            for event in sr.events.all()
            if event.verb not in INTERNAL
        ],
        "messages": [
            {
                "date": one.at,
                "sens": one.get_direction_display(),
                "canal": one.get_channel_display(),
                "objet": one.subject,
                "texte": one.body,
            }
            for one in sr.messages.all()
        ],
        "pieces_demandees": [
            {"piece": one.label, "pourquoi": one.reason, "recue_le": one.received_at}
            for one in sr.pieces.all()
        ],
        "avis": [
            {"date": one.at, "note": one.get_score_display(), "texte": one.comment}
            for one in sr.ratings.all()
        ],
        "ressaisies": [
            {"logiciel": str(one.software), "numero": one.number, "date": one.at}
            for one in sr.rekeyings.all()
        ],
        "rappels_promis": [_call_back(one) for one in sr.call_backs.all()],
        "classement": _guessed(sr),
        "documents": [
            {"nom": one.name, "taille": one.size, "date": one.created_at, "de": sender}
            for sender, rows in (("vous", sr.attachments), ("la mairie", sr.documents))
            for one in rows.all()
        ],
    }


def _call_back(promised: CallBack) -> dict[str, Any]:
    return {
        "numero": promised.phone,
        "sujet": promised.about,
        "promis_entre": promised.starts_at,
        "et": promised.ends_at,
        "fait_le": promised.done_at,
    }


def _in_words(version: FormVersion, channel: str, answers: dict) -> list[dict[str, str]]:
    """The questions of a form and the answers, as people read them."""
    sections = Questionnaire(version, channel).summary(answers)
    return [
        {"question": str(row.label), "reponse": str(row.value)}
        for section in sections
        for row in section.rows
        if row.value
    ]


def _guessed(sr: ServiceRequest) -> dict[str, Any] | None:
    """What the classifier made of a text that arrived unsorted (GDPR art. 15(1)(h))."""
    guessed = getattr(sr, "qualification", None)
    if guessed is None:
        return None
    return {
        "date": guessed.made_at,
        "propositions": [
            {"prestation": one["prestation"], "score": one["score"], "mots": one["words"]}
            for one in guessed.guesses
        ],
        "oriente_sans_agent": guessed.automatic,
    }


def _drafts(citizen: Citizen):
    own = Q(citizen=citizen) | Q(account__citizen=citizen)
    return FilingDraft.objects.filter(own, filed_request=None).select_related(
        "prestation", "form_version"
    )


def _draft(draft: FilingDraft) -> dict[str, Any]:
    return {
        "prestation": draft.prestation.label,
        "commence_le": draft.created_at,
        "reponses": _in_words(draft.form_version, draft.channel, draft.answers),
        "codes_des_reponses": draft.answers,
    }


def _deliveries(citizen: Citizen, requests: list[ServiceRequest]) -> list[dict[str, Any]]:
    addresses = {citizen.email, *(sr.requester_email for sr in requests)} - {""}
    about = [f"request:{sr.pk}" for sr in requests] + [f"citizen:{citizen.pk}"]
    mine = Delivery.objects.filter(about__in=about, to__in=addresses).order_by("created_at")
    return [
        {
            "date": one.sent_at or one.created_at,
            "a": one.to,
            "objet": one.subject,
            "texte": one.body,
        }
        for one in mine
    ]


def _consultations(citizen: Citizen, requests: list[ServiceRequest]) -> list[dict[str, Any]]:
    """How often agents looked, by day; which agent is not told (CJEU C-579/21)."""
    looks = AccessRecord.objects.filter(
        Q(object_type="citizen", object_id=citizen.pk)
        | Q(object_type="request", object_id__in=[sr.pk for sr in requests])
    )
    days = Counter(at.date() for at in looks.values_list("at", flat=True))
    return [{"jour": day, "consultations": count} for day, count in sorted(days.items())]
