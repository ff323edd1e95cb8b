"""The product's application, with the plain pages that its own are measured beside."""

from django.conf import settings

from massy_grc.wsgi import application

__all__ = ["application"]

settings.ROOT_URLCONF = "tests.bench.floor"
