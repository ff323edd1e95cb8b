"""The catalogue's words, and the few of our own, in the reader's language.

Labels are plain text: error messages, titles and PDFs quote them. The English overlay covers every
label, help and choice of the forms (a test keeps it so), hence no `lang` mark is needed.
"""

from django.utils.translation import gettext_lazy as _

from prestations.translation import catalogue_text

PLACE_LABEL = "Où ?"
# Titles of the pages that the data do not name.
REQUEST_TITLE, PLACE_TITLE, PAPERS_TITLE = "Votre demande", "Le lieu", "Pièces justificatives"
_OWN = {
    PLACE_LABEL: _("Où ?"),
    REQUEST_TITLE: _("Votre demande"),
    PAPERS_TITLE: _("Pièces justificatives"),
}


def said(text: str) -> str:
    """Return a text of a form in the active language."""
    if text in _OWN:
        return str(_OWN[text])
    return catalogue_text(text) if text else text
