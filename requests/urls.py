"""Addresses of requests."""

from django.urls import path

from requests.views import (
    filing,
    filing_check,
    filing_conditions,
    filing_done,
    filing_person,
    filing_place,
    filing_start,
    following,
    my_data,
    objecting,
    receipt,
    reports,
    space,
    space_attach,
    space_closing,
    space_details,
    tracking,
    tracking_acts,
    tracking_rating,
    wallet,
)

app_name = "requests"

_FILING = "prestations/<slug:slug>/demande/"
_DRAFT = f"{_FILING}<uuid:token>/"

urlpatterns: list = [
    # filing
    path(_FILING, filing_start.file_start, name="file"),
    path(
        f"{_DRAFT}conditions/<int:number>/", filing_conditions.file_condition, name="file_condition"
    ),
    path(
        f"{_DRAFT}conditions/<int:number>/fin/", filing_conditions.file_stopped, name="file_stopped"
    ),
    path(f"{_DRAFT}personne/", filing_person.file_person, name="file_person"),
    path(f"{_DRAFT}<int:step>/", filing.file_step, name="file_step"),
    path(f"{_DRAFT}<int:step>/lieu/", filing_place.file_place, name="file_place"),
    path(f"{_DRAFT}proches/", filing_place.file_nearby, name="file_nearby"),
    path(f"{_DRAFT}verification/", filing_check.file_check, name="file_check"),
    path(f"{_DRAFT}pause/", filing_start.file_saved, name="file_saved"),
    path(f"{_DRAFT}abandon/", filing_start.file_discard, name="file_discard"),
    path("demandes/confirmation/<str:signed>/", filing_done.confirmation, name="confirmation"),
    path("fichiers/<int:pk>/", filing_done.attachment, name="attachment"),
    # the person's own data
    path("compte/donnees/", my_data.page, name="my_data"),
    path("compte/donnees/copie/", my_data.ask_copy, name="my_data_ask"),
    path("compte/donnees/copie/<int:pk>/", my_data.download, name="my_data_copy"),
    path("compte/donnees/accords/<slug:kind>/", my_data.consent, name="my_data_consent"),
    path("compte/donnees/droits/<slug:right>/", my_data.exercise, name="my_data_right"),
    # receipts
    path("demandes/confirmation/<str:signed>/recu.pdf", receipt.receipt, name="receipt"),
    # the citizen's space
    path("compte/demandes/", space.requests_list, name="space_requests"),
    path("compte/messages/", space.conversations, name="space_messages"),
    path("compte/documents/", space.documents, name="space_documents"),
    path("compte/demandes/ajouter/", space_attach.attach, name="space_attach"),
    path("compte/demandes/ajouter/lien/", space_attach.send_earlier, name="space_send_earlier"),
    path("compte/demandes/ajouter/<str:signed>/", space_attach.earlier, name="space_earlier"),
    path(
        "compte/demandes/<reference:reference>/coordonnees/",
        space_attach.take_details,
        name="space_take_details",
    ),
    path("compte/informations/", space_details.details, name="space_details"),
    path("compte/porte-documents/", wallet.wallet, name="wallet"),
    path("compte/porte-documents/<int:pk>/", wallet.wallet_file, name="wallet_file"),
    path("compte/porte-documents/<int:pk>/renommer/", wallet.wallet_rename, name="wallet_rename"),
    path("compte/porte-documents/garder/<int:pk>/", wallet.wallet_keep, name="wallet_keep"),
    path("compte/porte-documents/<int:pk>/supprimer/", wallet.wallet_delete, name="wallet_delete"),
    path("compte/preferences/", space_details.news, name="space_news"),
    path(
        "compte/organisations/<int:organisation_id>/",
        space.organisation,
        name="organisation",
    ),
    path(
        "compte/organisations/<int:organisation_id>/messages/",
        space.organisation_conversations,
        name="organisation_messages",
    ),
    path(
        "compte/organisations/<int:organisation_id>/documents/",
        space.organisation_documents,
        name="organisation_documents",
    ),
    path(
        "compte/organisations/<int:organisation_id>/fermer/",
        space_closing.close,
        name="organisation_close",
    ),
    # for whom somebody else filed
    path("demandes/opposition/<str:signed>/", objecting.object_to, name="object"),
    # public reports
    path("signalements/", reports.report_list, name="reports"),
    path("signalements/points.json", reports.report_points, name="report_points"),
    path("signalements/flux.atom", reports.report_feed, name="report_feed"),
    path("signalements/<int:pk>/", reports.report_page, name="report"),
    path("signalements/<int:pk>/suivre/", following.follow, name="follow"),
    path("signalements/<int:pk>/ne-plus-suivre/", following.unfollow, name="unfollow"),
    path("signalements/<int:pk>/moi-aussi/", following.me_too, name="me_too"),
    path("signalements/suivi/<str:signed>/", following.confirm, name="follow_confirm"),
    path("signalements/arret/<str:signed>/", following.stop, name="follow_stop"),
    # tracking
    path("suivi/", tracking.lookup, name="track_lookup"),
    path("suivi/quitter/", tracking.leave, name="track_leave"),
    path("suivi/lien/", tracking.send_link, name="track_send_link"),
    path("suivi/avis/<str:signed>/", tracking_rating.rate_by_link, name="rate_by_link"),
    path("suivi/lien/<str:signed>/", tracking.link, name="track_link"),
    path("demandes/<reference:reference>/", tracking.page, name="track"),
    path("demandes/<reference:reference>/message/", tracking_acts.write, name="track_write"),
    path("demandes/<reference:reference>/reponses/", tracking_acts.answer, name="track_answers"),
    path("demandes/<reference:reference>/pieces/", tracking_acts.send_pieces, name="track_pieces"),
    path("demandes/<reference:reference>/retirer/", tracking_acts.withdraw, name="track_withdraw"),
    path("demandes/<reference:reference>/motifs/", tracking_acts.ask_reasons, name="track_reasons"),
    path("demandes/<reference:reference>/rouvrir/", tracking_acts.reopen, name="track_reopen"),
    path("demandes/<reference:reference>/avis/", tracking_rating.rate, name="track_rate"),
    path("demandes/<reference:reference>/documents/<int:pk>/", tracking.document, name="document"),
]
