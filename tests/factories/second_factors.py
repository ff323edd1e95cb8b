"""Second factors, as their owner would have set them up."""

from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

SECRET = "JBSWY3DPEHPK3PXP"


def give_factors(user) -> Authenticator:
    """Give a code, recovery codes and a passkey; return the passkey."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    data = {"name": "Mon téléphone", "credential": _registration()}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def _registration() -> dict:
    """What a browser answers when a passkey is made."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid.NONE, b"passkey", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    about = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, credential)
    attested = AttestationObject.create("none", about, {})
    client = CollectedClientData.create("webauthn.create", b"challenge", "https://localhost")
    own = websafe_encode(b"passkey")
    return {
        "id": own,
        "rawId": own,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(attested),
        },
        "clientExtensionResults": {},
    }
