"""The files that answer a question of a form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ACCEPTED_FILES = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


class FileOrPhotoInput(forms.FileInput):
    """A file control, and on a phone another that opens the camera: both send one field.

    `capture` on a single control would close the way to the photos already taken.
    """

    template_name = "prestations/forms/file_or_photo.html"

    def __init__(self, attrs=None):
        super().__init__({"accept": ACCEPTED_FILES, **(attrs or {})})


class UploadInput(FileOrPhotoInput):
    """A file control that lists what is already stored, each with « Retirer »."""

    template_name = "prestations/forms/upload_input.html"
    allow_multiple_selected = True

    class Media:
        css = {"all": ["css/filing.css"]}

    def __init__(self, stored: Iterable[Any]):
        super().__init__()
        self.stored = list(stored)
        self.offers: list[Any] = []  # of the reader's wallet: the view's, not the form's

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"].update(stored=self.stored, offers=self.offers)
        return context


class UploadField(forms.FileField):
    """Files of one question. The view has stored them before the form is checked: only their
    presence, and what the view refused, is told here."""

    default_error_messages = {}

    def __init__(self, *, stored: Iterable[Any], refused: Iterable[str] = (), **kwargs):
        self.refused = list(refused)
        self.stored = list(stored)
        super().__init__(widget=UploadInput(self.stored), **kwargs)

    def clean(self, data, initial=None):
        if self.refused:
            raise ValidationError(self.refused)
        blocked = [one.name for one in self.stored if one.is_quarantined]
        if blocked:
            raise ValidationError(
                [
                    _(
                        "Notre antivirus a bloqué « %(name)s ». Retirez ce fichier, puis refaites "
                        "une photo ou un PDF du document."
                    )
                    % {"name": name}
                    for name in blocked
                ],
                code="blocked",
            )
        if self.required and not self.stored:
            raise ValidationError(self.error_messages["required"], code="required")
        return self.stored
