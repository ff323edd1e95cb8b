from importlib import import_module

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "requests"

    def ready(self) -> None:
        """Make `<reference:…>` and the rules known to those who use them; listen to sign-ins."""
        from django.urls import register_converter

        from prestations.configuration import register
        from requests.configuration import KINDS
        from requests.converters import ReferenceConverter
        from requests.put_forward import with_second_person
        from requests.qualification.configuration import KINDS as THRESHOLDS

        import_module("requests.sign_in")  # its receiver registers itself
        register_converter(ReferenceConverter, "reference")
        register(*KINDS, *THRESHOLDS, *with_second_person())
