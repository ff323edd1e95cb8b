"""The account adapter in use: where people go, and mails that wait in the outbox."""

from urllib.parse import urlencode
from uuid import uuid4

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from citizens.actions import end_device, end_devices
from citizens.devices import device_label
from citizens.franceconnect.flow import logout_address
from citizens.mails import account_mail
from citizens.middleware import DEVICE_KEY
from massy_grc.users.adapter import AccountAdapter

# What a mail tells the owner of an account, by the name that allauth has for it.
CHANGES = {
    "account/email/password_changed": _("Le mot de passe a été changé."),
    "account/email/password_reset": _("Un nouveau mot de passe a été choisi."),
    "account/email/password_set": _("Un mot de passe a été choisi."),
    "mfa/email/totp_activated": _("L’application d’authentification a été activée."),
    "mfa/email/totp_deactivated": _("L’application d’authentification a été désactivée."),
    "mfa/email/recovery_codes_generated": _("De nouveaux codes de secours ont été créés."),
    "mfa/email/webauthn_added": _("Une clé d’accès a été ajoutée."),
    "mfa/email/webauthn_removed": _("Une clé d’accès a été retirée."),
}


class OutboxAccountAdapter(AccountAdapter):
    """Queues account mails: a mail server that is down never breaks a page (R13)."""

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Tell the owner what changed, so that a change by somebody else is noticed."""
        if not user.email:
            return
        with transaction.atomic():
            account_mail(
                "changed",
                to=user.email,
                key=f"account_changed:{uuid4()}",
                language=get_language() or settings.LANGUAGE_CODE,
                about=f"user:{user.pk}",
                name=str(user),
                change=CHANGES[template_prefix],
                device=device_label(self.request.headers.get("User-Agent", ""))
                or _("Appareil inconnu"),
            )

    def get_login_redirect_url(self, request) -> str:
        """An agent's day, or a citizen's account."""
        if request.user.is_citizen:
            return reverse("citizens:account")
        return super().get_login_redirect_url(request)

    def get_logout_redirect_url(self, request) -> str:
        """FranceConnect's own log-out for whoever came through it, else the portal."""
        return logout_address(request) or super().get_logout_redirect_url(request)

    def is_reauthentication_required(self, app: str) -> bool:
        """Somebody without password or second factor proves themselves at FranceConnect."""
        required = super().is_reauthentication_required(app)
        request = allauth_context.request
        if required and settings.FRANCECONNECT and not get_reauthentication_flows(request.user):
            query = urlencode({"next": request.get_full_path()})
            raise ImmediateHttpResponse(redirect(f"{reverse('citizens:fc_start')}?{query}"))
        return required

    def get_password_change_redirect_url(self, request) -> str:
        """The log-in page: a changed password signs every browser out, this one too."""
        return reverse("account_login")

    def set_password(self, user, password: str) -> None:
        """Set it; the sessions are over by that, and the list of devices says so."""
        super().set_password(user, password)
        end_devices(user=user)

    def logout(self, request) -> None:
        """End the session on the server, and take the browser off its owner's list."""
        device_id = request.session.get(DEVICE_KEY)
        if device_id is not None and request.user.is_authenticated:
            end_device(user=request.user, device_id=device_id)
        super().logout(request)
