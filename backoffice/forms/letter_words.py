"""Form of the words of one letter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.typed import TextField
from requests.actions.letter_words import WORDS

LONGEST = 20_000


def _words(label, *, rows: int, **kwargs) -> TextField:
    widget = forms.Textarea(attrs={"rows": rows})
    return TextField(label=label, multiline=True, max_length=LONGEST, widget=widget, **kwargs)


class LetterTextForm(forms.Form):
    """The words of a letter, in French and, if the town likes, in English."""

    subject = TextField(label=_("Objet"), max_length=250)
    body = _words(
        _("Texte"),
        rows=14,
        help_text=_(
            "Un champ s’écrit {{ groupe.nom }}. Une condition : {% if groupe.nom %} … {% endif %}."
        ),
    )
    sms_body = _words(_("SMS"), rows=3, required=False)
    subject_en = TextField(label=_("Objet en anglais"), max_length=250, required=False)
    body_en = _words(
        _("Texte en anglais"),
        rows=10,
        required=False,
        help_text=_("Vide : la lettre part en français."),
    )
    sms_body_en = _words(_("SMS en anglais"), rows=3, required=False)


class LetterWordsForm(LetterTextForm):
    """One text of a letter that there is."""

    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)


def words_initial(shown) -> dict[str, str]:
    """What the form begins with: the text to go on from."""
    return {name: getattr(shown, name) for name in WORDS}
