"""The dashboard: its period, its figures, its words, its page."""
