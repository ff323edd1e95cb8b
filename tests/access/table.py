"""Every address of the program, and who may use it. A new one is entered here.

What stands in it is in `arguments.py`. Staff addresses are in the table of
`tests/backoffice/views/test_access.py`, by role. One in neither fails `test_every_address.py`
with its name.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from django.contrib import admin
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.access.arguments import ARGUMENTS, LINKS, REPORT, SPACES, nothing
from tests.access.world import Owner
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
    Kind.LINK: (*LINKS, "account_reset_password_from_key", "backoffice:accept_invitation"),
    Kind.OWN: (
        "requests:receipt",
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
        "requests:track_answers",
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
