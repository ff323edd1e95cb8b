"""The verbs on people and their accounts: every write of the citizens' side goes through here."""

from citizens.actions.address import (
    ask_email_change,
    cancel_email_change,
    change_of_link,
    confirm_email_change,
    pending_change,
    tell_both_ends,
)
from citizens.actions.closing import close_account, end_account
from citizens.actions.corrections import (
    answer_correction,
    correct_organisation,
    tell_correction,
)
from citizens.actions.departure import departures
from citizens.actions.devices import (
    device_lifetime,
    end_device,
    end_devices,
    seen_device,
    start_device,
)
from citizens.actions.duplicates import (
    compare_waiting,
    find_duplicates,
    look_alikes,
    review_duplicate,
)
from citizens.actions.erasure import anonymise_citizen, anonymise_organisation
from citizens.actions.households import end_household, tie_household
from citizens.actions.identity import (
    account_of_identity,
    link_identity,
    open_account_of_identity,
    unlink_identity,
)
from citizens.actions.invitations import (
    accept_invitation,
    cancel_invitation,
    invite_member,
    is_invited,
    open_invitation,
    purge_invitations,
    send_invitation,
)
from citizens.actions.issues import (
    issue_text,
    queue_batch,
    send_issue,
    withdraw_newsletter,
    write_issue,
    write_newsletter,
)
from citizens.actions.merging import (
    merge_citizens,
    settle_merge,
    undo_obstacle,
    unmerge_citizens,
)
from citizens.actions.newsletters import (
    ask_subscription,
    confirm_subscriptions,
    purge_subscriptions,
    send_confirmation,
    unsubscribe,
)
from citizens.actions.organisations import (
    change_role,
    check_organisation,
    close_organisation,
    declare_organisation,
    remove_member,
    tell_check,
)
from citizens.actions.people import (
    CITIZEN_FIELDS,
    create_citizen,
    recognise_citizen,
    recognise_organisation,
    residence_of,
    update_citizen,
)
from citizens.actions.sign_up import (
    answer_mail_request,
    ask_for_mail,
    open_account,
    purge_mail_requests,
    sign_up_request,
)

__all__ = [
    "CITIZEN_FIELDS",
    "accept_invitation",
    "account_of_identity",
    "anonymise_citizen",
    "anonymise_organisation",
    "answer_correction",
    "answer_mail_request",
    "ask_email_change",
    "ask_for_mail",
    "ask_subscription",
    "cancel_email_change",
    "cancel_invitation",
    "change_of_link",
    "change_role",
    "check_organisation",
    "close_account",
    "close_organisation",
    "compare_waiting",
    "confirm_email_change",
    "confirm_subscriptions",
    "correct_organisation",
    "create_citizen",
    "declare_organisation",
    "departures",
    "device_lifetime",
    "end_account",
    "end_device",
    "end_devices",
    "end_household",
    "find_duplicates",
    "invite_member",
    "is_invited",
    "issue_text",
    "link_identity",
    "look_alikes",
    "merge_citizens",
    "open_account",
    "open_account_of_identity",
    "open_invitation",
    "pending_change",
    "purge_invitations",
    "purge_mail_requests",
    "purge_subscriptions",
    "queue_batch",
    "recognise_citizen",
    "recognise_organisation",
    "remove_member",
    "residence_of",
    "review_duplicate",
    "seen_device",
    "send_confirmation",
    "send_invitation",
    "send_issue",
    "settle_merge",
    "sign_up_request",
    "start_device",
    "tell_both_ends",
    "tell_check",
    "tell_correction",
    "tie_household",
    "undo_obstacle",
    "unlink_identity",
    "unmerge_citizens",
    "unsubscribe",
    "update_citizen",
    "withdraw_newsletter",
    "write_issue",
    "write_newsletter",
]
