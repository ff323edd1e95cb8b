"""Addresses of the citizen's account and space, all below /compte/."""

from django.urls import path

from citizens.views import (
    account,
    consents,
    franceconnect,
    newsletters,
    organisations,
    settings,
    sign_up,
)

app_name = "citizens"

urlpatterns = [
    path("accords/<str:signed>/", consents.withdraw, name="withdraw_consent"),
    path("compte/", account.home, name="account"),
    path("compte/inscription/", sign_up.sign_up, name="sign_up"),
    path("compte/inscription/envoyee/", sign_up.sign_up_sent, name="sign_up_sent"),
    path("compte/inscription/<str:signed>/", sign_up.sign_up_finish, name="sign_up_finish"),
    path("compte/adresse/", settings.email_change, name="email_change"),
    path("compte/adresse/<str:signed>/", settings.email_answer, name="email_answer"),
    path("compte/appareils/", settings.devices, name="devices"),
    path("compte/appareils/deconnecter/", settings.devices_end, name="devices_end"),
    path("compte/appareils/<int:device_id>/deconnecter/", settings.device_end, name="device_end"),
    path("compte/fermer/", settings.close, name="close"),
    path("compte/ferme/", settings.closed, name="closed"),
    path("lettres-d-information/", newsletters.subscribe, name="newsletters"),
    path("lettres-d-information/envoye/", newsletters.asked, name="newsletter_asked"),
    path(
        "lettres-d-information/confirmer/<str:signed>/",
        newsletters.confirm,
        name="newsletter_confirm",
    ),
    path("lettres-d-information/arret/<str:signed>/", newsletters.stop, name="newsletter_stop"),
    path("compte/lettres-d-information/", newsletters.own, name="own_newsletters"),
    path(
        "compte/lettres-d-information/<int:subscription_id>/arreter/",
        newsletters.leave,
        name="newsletter_leave",
    ),
    path("compte/organisations/", organisations.own, name="organisations"),
    path("compte/organisations/nouvelle/", organisations.declare, name="organisation_new"),
    path(
        "compte/organisations/invitation/<str:signed>/",
        organisations.join,
        name="organisation_join",
    ),
    path(
        "compte/organisations/<int:organisation_id>/membres/",
        organisations.members,
        name="organisation_members",
    ),
    path(
        "compte/organisations/<int:organisation_id>/informations/",
        organisations.details,
        name="organisation_details",
    ),
    path(
        "compte/organisations/<int:organisation_id>/membres/<int:member_id>/role/",
        organisations.set_role,
        name="organisation_role",
    ),
    path(
        "compte/organisations/<int:organisation_id>/membres/<int:member_id>/retirer/",
        organisations.remove,
        name="organisation_remove",
    ),
    path(
        "compte/organisations/<int:organisation_id>/invitations/<int:invitation_id>/annuler/",
        organisations.cancel,
        name="organisation_cancel",
    ),
    path("compte/franceconnect/", franceconnect.start, name="fc_start"),
    path("compte/franceconnect/retour/", franceconnect.callback, name="fc_callback"),
    path("compte/franceconnect/conditions/", franceconnect.newcomer, name="fc_newcomer"),
    path("compte/franceconnect/renoncer/", franceconnect.decline, name="fc_decline"),
    path("compte/franceconnect/retirer/", franceconnect.unlink, name="fc_unlink"),
    path("compte/franceconnect/deconnecte/", franceconnect.logged_out, name="fc_logged_out"),
]
