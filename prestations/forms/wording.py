"""The catalogue's words, and the few of our own, in the reader's language.

Labels are plain text: error messages, titles and PDFs quote them. The English overlay covers every
label, help and choice of the forms (a test keeps it so), hence no `lang` mark is needed.
"""

from django.utils.translation import gettext_lazy as _

from prestations.translation import catalogue_text

PLACE_LABEL = "Où ?"
_OWN = {PLACE_LABEL: _("Où ?")}


def said(text: str) -> str:
    """Return a text of a form in the active language."""
    if text in _OWN:
        return str(_OWN[text])
    return catalogue_text(text) if text else text
