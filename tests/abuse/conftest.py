"""Whoever looks at what was sent: an agent."""

from tests.backoffice.conftest import front

__all__ = ["front"]
