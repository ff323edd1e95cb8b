"""Whoever looks at what was sent: an agent; letters are kept as text."""

from tests.backoffice.conftest import front, text_letters

__all__ = ["front", "text_letters"]
