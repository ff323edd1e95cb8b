"""What of somebody's things stands in each address that names any."""

from collections.abc import Callable
from uuid import UUID

from citizens.models import PossibleDuplicate
from tests.access.world import CERTIFICATE, POTHOLE, Owner

Arguments = Callable[[Owner], dict]


def nothing(_owner: Owner) -> dict:
    return {}


def of_request(owner: Owner) -> dict:
    return {"reference": owner.request.reference}


def of_draft(**more) -> Arguments:
    return lambda owner: {"slug": CERTIFICATE, "token": owner.draft.token, **more}


def of_citizen(owner: Owner) -> dict:
    return {"citizen_id": owner.citizen.pk}


def of_pair(owner: Owner) -> dict:
    return {"duplicate_id": PossibleDuplicate.objects.of(owner.citizen).get().pk}


def of_organisation(owner: Owner) -> dict:
    return {"organisation_id": owner.organisation.pk}


def of_member(owner: Owner) -> dict:
    return of_organisation(owner) | {"member_id": owner.organisation.members.get().pk}


def of_staff(owner: Owner) -> dict:
    return {"user_id": owner.account.user_id}


def of_passkey(owner: Owner) -> dict:
    return {"pk": owner.passkey.pk}


def of_wallet(owner: Owner) -> dict:
    return {"pk": owner.kept_document.pk}


def link(name: str) -> Arguments:
    return lambda owner: {"signed": owner.links()[name]}


def fixed(**values) -> Arguments:
    return lambda _owner: values


SPACES = (
    *("requests:organisation", "requests:organisation_messages"),
    *("requests:organisation_documents", "requests:organisation_close"),
    *("citizens:organisation_members", "citizens:organisation_details"),
)
REPORT = ("requests:report", "requests:follow", "requests:me_too")

ARGUMENTS: dict[str, Arguments] = {
    "prestations:detail": fixed(slug=POTHOLE),
    "prestations:article": fixed(slug="inconnu"),
    "prestations:opinion": fixed(slug="inconnu"),
    "prestations:campaign": fixed(code="inconnue"),
    "prestations:remark": fixed(slug="inconnu"),
    "prestations:place": fixed(slug="mairie-annexe"),
    "requests:file": fixed(slug=POTHOLE),
    "requests:file_condition": of_draft(number=1),
    "requests:file_stopped": of_draft(number=1),
    "requests:file_step": of_draft(step=1),
    "requests:file_place": of_draft(step=1),
    "requests:file_nearby": of_draft(),
    "requests:file_check": of_draft(),
    "requests:file_saved": of_draft(),
    "requests:file_discard": of_draft(),
    "requests:attachment": lambda owner: {"pk": owner.file.pk},
    "requests:my_data_copy": lambda owner: {"pk": owner.export.pk},
    "requests:my_data_consent": fixed(kind="satisfaction"),
    "requests:my_data_right": fixed(right="acces"),
    "requests:space_take_details": of_request,
    "requests:wallet_file": of_wallet,
    "requests:wallet_rename": of_wallet,
    "requests:wallet_delete": of_wallet,
    "requests:wallet_keep": lambda owner: {"pk": owner.file.pk},
    **{name: lambda owner: {"pk": owner.request.pk} for name in (*REPORT, "requests:unfollow")},
    "requests:track": of_request,
    "requests:track_write": of_request,
    "requests:track_answers": of_request,
    "requests:track_pieces": of_request,
    "requests:track_withdraw": of_request,
    "requests:track_reopen": of_request,
    "requests:track_reasons": of_request,
    "requests:track_rate": of_request,
    "requests:document": lambda owner: of_request(owner) | {"pk": owner.document.pk},
    "citizens:device_end": lambda owner: {"device_id": owner.device.pk},
    "mfa_edit_webauthn": of_passkey,
    "mfa_remove_webauthn": of_passkey,
    "account_reset_password_from_key": Owner.password_key,
    "outbox:mail": fixed(pk=1),
    "outbox:mail_attachment": fixed(pk=1, number=0),
    "backoffice:accept_invitation": fixed(token="x"),
    "backoffice:request": of_request,
    **{
        f"backoffice:{name}": lambda owner: (
            of_request(owner) | {"kind": "piece", "file_id": owner.file.pk}
        )
        for name in ("file", "file_shown")
    },
    **{
        f"backoffice:{name}": of_request
        for name in (
            "presence",
            "request_before",
            "request_after",
            "watch",
            "pin",
            "print",
            "mentions_seen",
            "snooze_over",
            "articles",
        )
    },
    "backoffice:absence_end": fixed(absence_id=1),
    "backoffice:call_questions": fixed(conversation=UUID(int=1)),
    "backoffice:call_take_over": fixed(conversation=UUID(int=1)),
    "backoffice:call_caller": fixed(conversation=UUID(int=1)),
    "backoffice:call_question": fixed(conversation=UUID(int=1), contact_id=1),
    "backoffice:notice_read": fixed(notice_id=1),
    "backoffice:saved_view_edit": fixed(view_id=1),
    "backoffice:saved_view_narrow": fixed(view_id=1),
    "backoffice:saved_view_delete": fixed(view_id=1),
    "backoffice:list_export": fixed(export_id=1),
    "backoffice:list_export_file": fixed(export_id=1),
    "backoffice:list_export_cancel": fixed(export_id=1),
    "backoffice:bulk_run": fixed(run_id=1),
    "backoffice:bulk_undo": fixed(run_id=1),
    "backoffice:act": lambda owner: of_request(owner) | {"verb": "note"},
    "backoffice:procedure_tick": lambda owner: of_request(owner) | {"step_id": 1},
    "backoffice:article_use": lambda owner: of_request(owner) | {"slug": "inconnu"},
    **{
        f"backoffice:{name}": fixed(code="inconnu")
        for name in (
            *("article", "article_write", "article_compare"),
            *("letter_model", "letter_model_write"),
        )
    },
    "backoffice:letter_model_act": fixed(code="inconnu", verb="proposer"),
    "backoffice:article_act": fixed(code="inconnu", verb="archiver"),
    "backoffice:remark_answer": fixed(remark_id=1),
    "backoffice:procedure": fixed(code=CERTIFICATE),
    "backoffice:log_request": lambda owner: {"token": owner.draft.token},
    "backoffice:logged": of_request,
    "backoffice:receipt": of_request,
    "backoffice:news_told": lambda owner: of_request(owner) | {"answer": "dit"},
    "backoffice:hand_over": of_request,
    "backoffice:called_back": lambda owner: {"call_back_id": owner.contact.call_back.pk},
    "backoffice:complaint": of_request,
    "backoffice:presence": of_request,
    "backoffice:replies": lambda owner: of_request(owner) | {"use": "message"},
    "backoffice:undo": lambda owner: of_request(owner) | {"sending_id": 1},
    "backoffice:call_back": of_request,
    "backoffice:problem_new": of_request,
    **{
        f"backoffice:{name}": fixed(problem_id=1)
        for name in ("problem", "problem_edit", "problem_answer")
    },
    "backoffice:problem_act": fixed(problem_id=1, verb="accepter"),
    "backoffice:citizen": of_citizen,
    "backoffice:citizen_edit": of_citizen,
    "backoffice:citizen_number": of_citizen,
    **{
        f"backoffice:{name}": of_citizen
        for name in ("record_note", "household", "record_consent", "merge_with")
    },
    "backoffice:compared": lambda owner: of_citizen(owner) | {"other_id": 1},
    "backoffice:record_note_act": lambda owner: (
        of_citizen(owner) | {"note_id": 1, "act": "retirer"}
    ),
    "backoffice:household_end": lambda owner: of_citizen(owner) | {"tie_id": 1},
    **dict.fromkeys(SPACES, of_organisation),
    "citizens:organisation_role": of_member,
    "citizens:organisation_remove": of_member,
    "citizens:organisation_cancel": lambda owner: (
        of_organisation(owner) | {"invitation_id": owner.invitation.pk}
    ),
    "citizens:newsletter_leave": lambda owner: {"subscription_id": owner.subscription.pk},
    "requests:file_person": of_draft(),
    "backoffice:organisation_check": lambda owner: of_organisation(owner) | {"answer": "verifier"},
    "backoffice:correction_answer": lambda owner: {
        "change_id": owner.correction.pk,
        "answer": "reprendre",
    },
    **{f"backoffice:{name}": fixed(rule_id=1) for name in ("routing_rule", "routing_replay")},
    "backoffice:routing_act": fixed(rule_id=1, verb="monter"),
    "backoffice:holder": fixed(code="canicule-inscription-tiers"),
    "backoffice:holder_withdraw": fixed(holder_id=1),
    **{f"backoffice:{name}": fixed(batch_id=1) for name in ("batch", "batch_file", "batch_posted")},
    "backoffice:batch_take_out": fixed(batch_id=1, document_id=1),
    "backoffice:audience": fixed(code=CERTIFICATE),
    **{
        f"backoffice:{name}": fixed(code=CERTIFICATE)
        for name in (
            *("offer", "form_builder", "form_preview", "form_publish", "form_versions"),
            "form_discard",
        )
    },
    "backoffice:form_again": fixed(code=CERTIFICATE, number=1),
    "backoffice:form_act": fixed(code=CERTIFICATE, verb="commencer"),
    "backoffice:form_part_new": fixed(code=CERTIFICATE, part="questions"),
    "backoffice:form_part": fixed(code=CERTIFICATE, part="questions", name="inconnue"),
    "backoffice:form_part_act": fixed(
        code=CERTIFICATE, part="questions", name="inconnue", verb="monter"
    ),
    "backoffice:categories_edit": fixed(code="aides-sociales"),
    "backoffice:rubriques_edit": fixed(code="inconnue"),
    "backoffice:block": fixed(code="identifie"),
    "backoffice:offer_rules": fixed(code=CERTIFICATE),
    "backoffice:offer_letters": fixed(code=CERTIFICATE),
    "backoffice:offer_law": fixed(code=CERTIFICATE),
    "backoffice:closure": fixed(pk=1),
    "backoffice:import": fixed(import_id=1),
    "backoffice:import_errors": fixed(import_id=1),
    "backoffice:import_outline": fixed(slug="agents", extension="csv"),
    "backoffice:import_forget": fixed(import_id=1),
    "backoffice:configuration_together": fixed(act=UUID(int=1)),
    **{
        f"backoffice:{name}": fixed(code="voirie-assainissement")
        for name in ("department", "department_close", "department_reopen")
    },
    **{
        f"backoffice:{name}": fixed(code="mairie-annexe")
        for name in ("site", "site_close", "site_reopen")
    },
    **{f"backoffice:{name}": fixed(sort="directions") for name in ("coded_list", "coded_new")},
    "backoffice:coded_one": fixed(sort="equipes", code="eas"),
    "backoffice:street_one": fixed(code="91377_ex01"),
    "backoffice:letter_setting_one": fixed(code="decision-refus"),
    "backoffice:configuration_change": fixed(change_id=1),
    "backoffice:configuration_back": fixed(change_id=1, side="avant"),
    "backoffice:contract": fixed(department_code="voirie-assainissement"),
    "backoffice:level_answer": fixed(department_code="voirie-assainissement"),
    "backoffice:contract_answer": fixed(department_code="voirie-assainissement"),
    "backoffice:contract_write": fixed(department_code="voirie-assainissement"),
    "backoffice:contract_withdraw": fixed(department_code="voirie-assainissement"),
    "backoffice:regime": fixed(code="concession-funeraire"),
    "backoffice:agreement": fixed(code=POTHOLE, department_code="voirie-assainissement"),
    "backoffice:qualification_threshold": fixed(code=CERTIFICATE),
    "backoffice:newsletter_one": fixed(code="travaux"),
    **{f"backoffice:{name}": fixed(issue_id=1) for name in ("issue", "issue_edit", "issue_send")},
    **{
        f"backoffice:{name}": fixed(campaign_id=1)
        for name in ("campaign", "campaign_edit", "campaign_qr", "campaign_print")
    },
    "backoffice:duplicate": of_pair,
    "backoffice:duplicate_review": fixed(duplicate_id=1, answer="meme"),
    "backoffice:citizen_merge": fixed(merge_id=1),
    "backoffice:privacy_rule": fixed(code="actes"),
    "backoffice:privacy_extend": of_request,
    "backoffice:privacy_undo_extension": lambda owner: of_request(owner) | {"sending_id": 1},
    "backoffice:privacy_person": of_citizen,
    "backoffice:privacy_copy": of_citizen,
    "backoffice:privacy_erase": of_citizen,
    "backoffice:personal_letter": lambda owner: {"pk": owner.letter.pk},
    "backoffice:privacy_download": lambda owner: {"pk": owner.export.pk},
    "backoffice:staff_detail": of_staff,
    "backoffice:staff_handover": of_staff,
    "backoffice:staff_close": of_staff,
    "backoffice:staff_act": lambda owner: of_staff(owner) | {"verb": "rouvrir"},
    "backoffice:try_again": fixed(kind="envoi"),
}

LINKS = (
    "citizens:newsletter_confirm",
    "citizens:newsletter_stop",
    "citizens:organisation_join",
    "requests:object",
    "citizens:withdraw_consent",
    "citizens:sign_up_finish",
    "citizens:email_answer",
    "requests:confirmation",
    "requests:follow_confirm",
    "requests:follow_stop",
    "requests:track_link",
    "requests:rate_by_link",
)
ARGUMENTS |= {name: link(name) for name in (*LINKS, "requests:receipt", "requests:space_earlier")}
