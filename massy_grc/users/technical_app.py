"""Django's own administration, behind the door of `massy_grc.users.technical`."""

from django.contrib.admin.apps import AdminConfig


class TechnicalAdminConfig(AdminConfig):
    default_site = "massy_grc.users.technical.TechnicalSite"
