"""Every address of the program, who may use it, and with what in it. A new one is entered here.

Staff addresses are in the table of `tests/backoffice/views/test_access.py`, by role; here only
what is in them. An address in neither fails `test_every_address.py` with its name.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from django.contrib import admin
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.access.world import CERTIFICATE, POTHOLE, Owner
from tests.backoffice.views import test_access


class Kind(StrEnum):
    """Whose an address is."""

    PUBLIC = "anybody's, and the same for everybody"
    LINK = "of whoever holds its signed or unguessable part"
    OWN = "one citizen's: something of theirs is named in it"
    SPACE = "a citizen's: their own things, named nowhere in it"
    SIGN_IN = "log-in pages that citizens and agents share: about who asks only"
    STAFF = "the staff's, by role and scope"
    DEMO = "the demonstration's mailbox: 404 elsewhere"
    TECHNICAL = "Django's administration: super-users"


Arguments = Callable[[Owner], dict]


def nothing(_owner: Owner) -> dict:
    return {}


def of_request(owner: Owner) -> dict:
    return {"reference": owner.request.reference}


def of_draft(**more) -> Arguments:
    return lambda owner: {"slug": CERTIFICATE, "token": owner.draft.token, **more}


def of_citizen(owner: Owner) -> dict:
    return {"citizen_id": owner.citizen.pk}


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
    "backoffice:file": lambda owner: (
        of_request(owner) | {"kind": "piece", "file_id": owner.file.pk}
    ),
    **{f"backoffice:{name}": of_request for name in ("presence", "watch", "mentions_seen")},
    "backoffice:absence_end": fixed(absence_id=1),
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
    "backoffice:agreement": fixed(code=POTHOLE, department_code="voirie-assainissement"),
    "backoffice:qualification_threshold": fixed(code=CERTIFICATE),
    "backoffice:newsletter": lambda owner: {"newsletter_id": owner.subscription.newsletter_id},
    **{f"backoffice:{name}": fixed(issue_id=1) for name in ("issue", "issue_edit", "issue_send")},
    **{
        f"backoffice:{name}": fixed(campaign_id=1)
        for name in ("campaign", "campaign_edit", "campaign_qr", "campaign_print")
    },
    "backoffice:duplicate_review": fixed(duplicate_id=1, answer="meme"),
    "backoffice:privacy_rule": fixed(code="actes"),
    "backoffice:privacy_extend": of_request,
    "backoffice:privacy_person": of_citizen,
    "backoffice:privacy_copy": of_citizen,
    "backoffice:privacy_erase": of_citizen,
    "backoffice:personal_letter": lambda owner: {"pk": owner.letter.pk},
    "backoffice:privacy_download": lambda owner: {"pk": owner.export.pk},
    "backoffice:staff_detail": of_staff,
    "backoffice:staff_handover": of_staff,
    "backoffice:staff_act": lambda owner: of_staff(owner) | {"verb": "fermer"},
    "backoffice:try_again": fixed(kind="envoi"),
}

_LINKS = (
    "citizens:newsletter_confirm",
    "citizens:newsletter_stop",
    "citizens:organisation_join",
    "requests:object",
    "citizens:withdraw_consent",
    "citizens:sign_up_finish",
    "citizens:email_answer",
    "requests:confirmation",
    "requests:receipt",
    "requests:follow_confirm",
    "requests:follow_stop",
    "requests:track_link",
    "requests:rate_by_link",
)
ARGUMENTS |= {name: link(name) for name in (*_LINKS, "requests:space_earlier")}

KINDS: dict[Kind, tuple[str, ...]] = {
    Kind.PUBLIC: (
        "home",
        "set_language",
        "healthz",
        "readyz",
        "robots",
        "prestations:catalogue",
        "prestations:detail",
        "prestations:search",
        "prestations:suggestions",
        "prestations:articles",
        "prestations:article",
        "prestations:opinion",
        "prestations:remark",
        "prestations:addresses",
        "prestations:address_at",
        "prestations:plan",
        "prestations:services",
        "prestations:place",
        "prestations:campaign",
        "prestations:contact",
        "prestations:privacy",
        "prestations:accessibility",
        "prestations:legal",
        "requests:file",
        *REPORT,
        "requests:reports",
        "requests:report_points",
        "requests:report_feed",
        "requests:track_lookup",
        "requests:track_leave",
        "requests:track_send_link",
        "citizens:newsletters",
        "citizens:newsletter_asked",
        "citizens:sign_up",
        "citizens:sign_up_sent",
        "citizens:closed",
        "citizens:fc_start",
        "citizens:fc_callback",
        "citizens:fc_newcomer",
        "citizens:fc_decline",
        "citizens:fc_logged_out",
        "account_login",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
    ),
    Kind.LINK: (*_LINKS, "account_reset_password_from_key", "backoffice:accept_invitation"),
    Kind.OWN: (
        *SPACES,
        "citizens:organisation_role",
        "citizens:organisation_remove",
        "citizens:organisation_cancel",
        "citizens:newsletter_leave",
        "requests:file_person",
        "requests:file_condition",
        "requests:file_stopped",
        "requests:file_step",
        "requests:file_place",
        "requests:file_nearby",
        "requests:file_check",
        "requests:file_saved",
        "requests:file_discard",
        "requests:attachment",
        "requests:my_data_copy",
        "requests:space_earlier",
        "requests:space_take_details",
        "requests:wallet_file",
        "requests:wallet_rename",
        "requests:wallet_delete",
        "requests:wallet_keep",
        "requests:track",
        "requests:track_write",
        "requests:track_pieces",
        "requests:track_withdraw",
        "requests:track_reopen",
        "requests:track_reasons",
        "requests:track_rate",
        "requests:document",
        "citizens:device_end",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
    ),
    Kind.SPACE: (
        "requests:my_data",
        "requests:my_data_ask",
        "requests:my_data_consent",
        "requests:my_data_right",
        "requests:unfollow",
        "requests:space_requests",
        "requests:space_messages",
        "requests:space_documents",
        "requests:space_attach",
        "requests:space_send_earlier",
        "requests:space_details",
        "requests:space_news",
        "requests:wallet",
        "citizens:organisations",
        "citizens:organisation_new",
        "citizens:own_newsletters",
        "citizens:account",
        "citizens:email_change",
        "citizens:devices",
        "citizens:devices_end",
        "citizens:close",
        "citizens:fc_unlink",
    ),
    Kind.SIGN_IN: (
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
    ),
    Kind.STAFF: (
        "backoffice:dashboard",
        *(f"backoffice:{name}" for name in test_access.ALLOWED),
    ),
    Kind.DEMO: ("outbox:mailbox", "outbox:mail", "outbox:mail_attachment"),
}
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names}


@dataclass(frozen=True)
class Route:
    """One named address of the program."""

    name: str

    @property
    def kind(self) -> Kind | None:
        """Its declared kind; None for one that nobody entered here."""
        return Kind.TECHNICAL if self.name.startswith("admin:") else KIND_OF.get(self.name)

    def address(self, owner: Owner, **instead) -> str:
        """The address for what is `owner`'s; `instead` replaces some of its arguments."""
        if self.kind is Kind.TECHNICAL:
            return _technical(self.name)
        return reverse(self.name, kwargs=self.arguments(owner) | instead)

    def arguments(self, owner: Owner) -> dict:
        """What of `owner`'s the address names."""
        return ARGUMENTS.get(self.name, nothing)(owner)


def _technical(name: str) -> str:
    """An address of the administration, for the first object there may be."""
    for values in ({}, {"object_id": 1}, {"content_type_id": 1, "object_id": 1}):
        with suppress(NoReverseMatch):
            return reverse(name, kwargs=values)
    return reverse(name, kwargs={"app_label": next(iter(admin.site._registry))._meta.app_label})


def routes() -> list[Route]:
    """Every named address there is, whoever added it; the administration's last."""
    found = {name for name, pattern in _named(get_resolver().url_patterns) if pattern.name}
    return [Route(name) for name in sorted(found, key=lambda name: ("admin:" in name, name))]


def unnamed() -> list[str]:
    """Addresses without a name, which no table could list; the administration has its own."""
    return [
        str(pattern.pattern)
        for name, pattern in _named(get_resolver().url_patterns)
        if not pattern.name and not name.startswith("admin:")
    ]


def _named(patterns, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _named(one.url_patterns, inner)
        else:
            yield f"{namespace}{one.name}", one
