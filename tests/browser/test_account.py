"""A citizen's account at a browser: opened by a mail, seen on devices, protected by a passkey."""

import pytest

from tests.citizens.mails import last_mail, link_in
from tests.factories.citizens import make_account
from tests.factories.users import PASSWORD

pytestmark = pytest.mark.browser

EMAIL = "aicha@courriel.example"


def sign_in(citizen, email: str) -> None:
    citizen.opens("/compte/login/")
    citizen.fills("Adresse électronique", email)
    citizen.fills("Mot de passe", PASSWORD)
    citizen.presses_button("Se connecter")


@pytest.mark.parametrize("context", [{}, {"java_script_enabled": False}])
def test_from_signing_up_to_signing_out(catalogue, visitor, context):
    citizen = visitor(**context)
    look = citizen.arrives_at if not context else citizen.sees
    citizen.opens("/")
    citizen.follows("Se connecter")
    look("Se connecter")
    citizen.follows("Créer un compte")
    look("Créer un compte")
    citizen.fills("Adresse électronique", EMAIL)
    citizen.presses_button("Recevoir le lien")
    look("Consultez votre messagerie")

    citizen.opens(link_in(last_mail(EMAIL)))
    citizen.presses_button("Ouvrir mon compte")
    look("Finir de créer votre compte")
    citizen.sees("Renseignez « Prénom »")
    citizen.fills("Prénom", "Aïcha")
    citizen.fills("Nom de famille", "Benali")
    citizen.fills("Mot de passe", PASSWORD)
    if not context:
        citizen.page.get_by_role("button", name="Afficher le mot de passe").click()
        assert citizen.control("Mot de passe").get_attribute("type") == "text"
    citizen.ticks("J’accepte les conditions du compte citoyen")
    citizen.presses_button("Ouvrir mon compte")
    look("Mon espace")
    citizen.sees("Bonjour Aïcha Benali")

    citizen.presses_button("Se déconnecter")
    sign_in(citizen, EMAIL)
    look("Mon espace")
    citizen.follows("Voir mes appareils")
    look("Appareils connectés")
    citizen.sees("cet appareil")
    citizen.follows("Mon espace")
    citizen.presses_button("Se déconnecter")
    citizen.opens("/compte/")
    look("Se connecter")
    assert not citizen.problems


def test_a_passkey_confirms_the_sign_in(catalogue, visitor):
    account = make_account(email=EMAIL)
    citizen = visitor()
    keys = citizen.page.context.new_cdp_session(citizen.page)
    keys.send("WebAuthn.enable")
    own_key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": own_key})
    sign_in(citizen, account.user.email)
    citizen.follows("Régler le second facteur")
    citizen.arrives_at("Sécurité de mon compte")
    citizen.follows("Ajouter une clé d’accès")
    citizen.arrives_at("Ajouter une clé d’accès")
    citizen.fills("Nom de la clé", "Mon téléphone")
    citizen.presses_button("Ajouter la clé")
    citizen.arrives_at("Mes codes de secours")
    citizen.opens("/compte/2fa/webauthn/")
    citizen.arrives_at("Mes clés d’accès")
    citizen.sees("Mon téléphone")

    citizen.opens("/compte/logout/")
    citizen.presses_button("Se déconnecter")
    sign_in(citizen, account.user.email)
    citizen.arrives_at("Code de sécurité")
    citizen.opens("/compte/")  # not signed in by the password alone
    citizen.arrives_at("Code de sécurité")
    citizen.presses_button("Utiliser ma clé d’accès")
    citizen.arrives_at("Mon espace")


def test_pages_fit_a_phone(catalogue, visitor):
    citizen = visitor()
    citizen.page.set_viewport_size({"width": 320, "height": 640})
    sign_in(citizen, make_account(email=EMAIL).user.email)
    citizen.arrives_at("Mon espace")
    assert not citizen.scrolls_sideways()
    for path, heading in (
        ("adresse/", "Changer d’adresse électronique"),
        ("fermer/", "Fermer mon compte"),
        ("password/change/", "Changer de mot de passe"),
        ("2fa/totp/activate/", "Protéger mon compte par un code"),
    ):
        citizen.opens(f"/compte/{path}")
        citizen.arrives_at(heading)
        assert not citizen.scrolls_sideways()
