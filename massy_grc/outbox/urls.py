"""Addresses of outbox: the demo's mailbox."""

from django.urls import path

from massy_grc.outbox import views

app_name = "outbox"

urlpatterns = [
    path("boite-aux-lettres/", views.mail_list, name="mailbox"),
    path("boite-aux-lettres/<int:pk>/", views.mail_detail, name="mail"),
    path(
        "boite-aux-lettres/<int:pk>/piece/<int:number>/",
        views.mail_attachment,
        name="mail_attachment",
    ),
]
