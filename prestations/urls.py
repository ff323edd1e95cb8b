"""Addresses of the portal: what the town offers, and the pages that the law asks for."""

from django.urls import path

from prestations import views

app_name = "prestations"

urlpatterns = [
    path("prestations/", views.catalogue, name="catalogue"),
    path("prestations/<slug:slug>/", views.detail, name="detail"),
    path("recherche/", views.search, name="search"),
    path("recherche/suggestions/", views.suggestions, name="suggestions"),
    path("articles/", views.articles, name="articles"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/avis/", views.opinion, name="opinion"),
    path("articles/<slug:slug>/pas-a-jour/", views.remark, name="remark"),
    path("adresses/", views.addresses, name="addresses"),
    path("adresses/proche/", views.address_at, name="address_at"),
    path("plan/rues.json", views.plan, name="plan"),
    path("accueil-du-public/", views.services, name="services"),
    path("accueil-du-public/<slug:slug>/", views.place, name="place"),
    path("c/<slug:code>/", views.campaign, name="campaign"),
    path("contact/", views.contact, name="contact"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
]
