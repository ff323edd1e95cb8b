"""The components of every page, by what they show; `templatetags.ui` offers them to templates."""
