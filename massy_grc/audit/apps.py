from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "massy_grc.audit"
    label = "audit"
