"""The form of a request, shown again to an agent with what was answered."""

from collections.abc import Iterator, Sequence

from django import forms
from django.core import signing
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import VerbForm
from massy_grc.common.typed import TextField
from prestations.forms import Questionnaire
from prestations.forms.answers import flatten, nest
from prestations.forms.definition import REQUESTER
from prestations.forms.eligibility import CONDITIONS
from prestations.forms.steps import counter_title
from prestations.models import Street
from prestations.streets.lookup import active_streets
from requests.actions.correcting import CONTACT, LONGEST_REASON
from requests.models import ServiceRequest
from requests.places import PlaceDoubt, doubt_about

SALT = "backoffice.answers"
STREET = "voie"  # the part of an address


class CorrectAnswersForm(VerbForm):
    """The prestation's own questions with their answers, and who says that one is wrong.

    Attributes:
        answers_asked: the form of the questions, whose fields and mistakes are among this one's.
        place_seen: the unknown street that a page told of; sent again, it is taken.
        streets: those of the register that look like it, one of which may be taken instead.
    """

    streets: Sequence[Street] = ()

    reason = TextField(
        label=_("D’où vient la correction ?"),
        max_length=LONGEST_REASON,
        help_text=_(
            "En une ligne : le demandeur au téléphone, sa carte d’identité… Gardé en note interne "
            "avec les anciennes réponses ; le citoyen lit seulement qu’un agent a corrigé."
        ),
    )

    def prepare(self) -> None:
        sr = self.sr
        self.place_seen = self.data.get("place_seen", "")
        self._known = self._shown() if self.is_bound else nest(flatten(sr.answers))
        self.questionnaire = Questionnaire(
            sr.form_version, sr.channel, sr.answers.get(CONDITIONS, {})
        )
        self.answers_asked = self.questionnaire.correction_form(
            self._with_street() if self.is_bound else None,
            answers=self.initial.get("answers", self._known),
            apart=CONTACT,
        )
        self.fields["reason"].widget.attrs["autocomplete"] = "off"
        for field in self.answers_asked.fields.values():
            if "autocomplete" in field.widget.attrs:  # the agent's own data are no answer
                field.widget.attrs["autocomplete"] = "off"

    @property
    def place_key(self) -> str:
        """The question that asks where; blank in a form without any."""
        return self.questionnaire.definition.place_key or ""

    def _with_street(self) -> QueryDict:
        """What was typed, with the street that was taken of those that looked like its own."""
        data, asked = QueryDict(mutable=True), f"{self.place_key}_{STREET}"
        data.update(self.data)
        street = active_streets().filter(pk=data.get("rue", "")[:20]).first()
        if street and self.place_seen:
            data[asked] = data.get(asked, "").replace(self.place_seen, street.name)
        return data

    @property
    def answered(self) -> str:
        """The answers that this page corrects, which it sends back: a colleague may be quicker."""
        return signing.dumps(self._known, salt=self._salt, compress=True)

    def _shown(self) -> dict:
        try:
            return signing.loads(self.data.get("answered", ""), salt=self._salt)
        except signing.BadSignature:
            return nest(flatten(self.sr.answers))

    @property
    def _salt(self) -> str:
        return f"{SALT}:{self.sr.pk}"

    def renewed(self, sr: ServiceRequest) -> VerbForm:
        """Today's answers with what was corrected on this page: a colleague's stay theirs."""
        flat = {**flatten(sr.answers), **self.answers_asked.corrected()}
        answers = nest({key: value for key, value in flat.items() if value is not None})
        kept = {"answers": answers, "reason": self.cleaned_data["reason"]}
        form = CorrectAnswersForm(sr=sr, user=self.user, initial=kept)
        form.place_seen = self.place_seen
        return form

    def clean(self):
        """A street that the register does not know is told once, then taken, as at filing."""
        cleaned = super().clean()
        key = self.place_key
        changed = self.answers_asked.corrected() if self.answers_asked.is_valid() else {}
        doubt = doubt_about(self.sr.prestation, changed.get(key)) if key else None
        if doubt and doubt.typed and self.place_seen != doubt.typed:
            self.place_seen, self.streets = doubt.typed, doubt.streets
            self.answers_asked.add_error(key, _street_words(doubt))
        return cleaned

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict({**super().errors, **self.answers_asked.errors})

    def __iter__(self) -> Iterator[forms.BoundField]:
        yield from super().__iter__()
        yield from self.answers_asked

    @property
    def names_asked(self) -> bool:
        """Whether it asks again who the requester is, whose record has its own page."""
        return f"{REQUESTER}.nom_famille" in self.answers_asked.fields

    def blocks(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The questions under the titles of their steps."""
        found = []
        for step in self.questionnaire.steps(self.sr.answers):
            keys = [one.key for one in step.questions if one.key in self.answers_asked.fields]
            if keys:
                found.append((counter_title(step), [self.answers_asked[key] for key in keys]))
        return found


def _street_words(doubt: PlaceDoubt) -> str:
    if not doubt.streets:
        return gettext(
            "La ville ne connaît pas « %(typed)s ». Envoyez de nouveau pour la garder telle quelle."
        ) % {"typed": doubt.typed}
    return gettext(
        "La ville ne connaît pas « %(typed)s ». Choisissez la rue, ou gardez ce qui est écrit."
    ) % {"typed": doubt.typed}
