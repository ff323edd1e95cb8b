"""The second factor's words, and the name under which a key knows this site."""

from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keys belong to the portal's public name, whatever server answers."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site as a key keeps it; keys made for one host name work on no other."""
        host = urlsplit(settings.PUBLIC_URL).hostname or ""
        return {"id": host, "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user, type) -> str:  # noqa: A002 - allauth's name
        """A name to begin with, for a key that its owner has not named."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Clé %(number)s") % {"number": number}
