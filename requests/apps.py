from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "requests"

    def ready(self) -> None:
        """Make `<reference:…>` known to every urls module, and listen to sign-ins."""
        from django.urls import register_converter

        from requests import sign_in  # noqa: F401 (its receiver registers itself)
        from requests.converters import ReferenceConverter

        register_converter(ReferenceConverter, "reference")
