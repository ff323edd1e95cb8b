"""The terms of the citizen account: whoever opens one accepts this version."""

TERMS_VERSION = "2026-11"
