"""The one public builder of prestation forms, shared by every door.

``Questionnaire(form_version, channel)`` gives steps, forms, the check of a whole filing, and the
answers in words. See its methods; `address_text` writes an address on one line.
"""

from prestations.forms.address import address_text, parse_address
from prestations.forms.builder import FieldError, Questionnaire
from prestations.forms.definition import BroughtDocument, Question
from prestations.forms.steps import Step
from prestations.forms.summary import Row, Section

__all__ = [
    "BroughtDocument",
    "FieldError",
    "Question",
    "Questionnaire",
    "Row",
    "Section",
    "Step",
    "address_text",
    "parse_address",
]
