from importlib import import_module

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "requests"

    def ready(self) -> None:
        """Make `<reference:…>` known to every urls module, and listen to sign-ins."""
        from django.urls import register_converter

        from requests.converters import ReferenceConverter

        import_module("requests.sign_in")  # its receiver registers itself
        register_converter(ReferenceConverter, "reference")
