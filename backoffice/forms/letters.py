"""Forms of the acts that send a letter: which template, what it needs to know, the words."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.concluded import conclusions_of, gives_no_reason
from backoffice.forms.verbs import VerbForm, replies_offered, text_area
from massy_grc.common.choices import offer, offer_rows
from prestations.calendars import town_calendar
from prestations.enums import LetterUse
from prestations.models import ClosingReason, LetterTemplate, Site
from requests.actions.decisions import usual_reason
from requests.actions.forwarding import FORWARDED
from requests.actions.outcome import UNCOLLECTED
from requests.blocking import call_promised
from requests.collection import collection_of, site_of, uncollected_words
from requests.deadlines import collected_by
from requests.enums import Outcome
from requests.letters.asked import Asked, Kind, asked_by, main_words
from requests.letters.context import town_or_default
from requests.letters.known import collection_at
from requests.letters.offering import (
    OWN_LETTER,
    USE_OF_OUTCOME,
    gets_neutral_letters,
    offered,
    usual_template,
)
from requests.permissions import Right, scope_of

# The page shows the template's own fields as soon as it is chosen; without JavaScript, a button.
REFRESH = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-vals": '{"step": "choose"}',
    "hx-target": "#act-form",
    "hx-select": "#act-form",
    "hx-swap": "outerHTML",
}


class SiteField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Site) -> str:
        return f"{obj.label}, {obj.address}"


class LetterForm(VerbForm):
    """An act whose letter the agent chooses; the fields are those of the chosen template.

    Attributes:
        words: the name of the large text box.
        own_label: its label when the letter is the agent's own.
    """

    only_use: ClassVar[LetterUse]  # of a form that has one
    words = "body"
    own_label: str | Promise = _("Message au citoyen")

    template = forms.ChoiceField(
        label=_("Modèle de lettre"),
        required=False,
        widget=forms.Select(attrs=dict(REFRESH)),
        help_text=_("Chaque modèle demande ce que la demande ne dit pas."),
    )

    def use(self) -> LetterUse:
        """The use for which templates are offered."""
        return self.only_use

    def usual(self) -> str:
        """The template proposed first."""
        return usual_template(self.sr, self.use())

    def prepare(self) -> None:
        self.neutral = gets_neutral_letters(self.sr)
        rows = offered(self.sr, self.use())
        self.templates = {row.pk: row for row in rows}
        offer(self, "template", self.template_choices(rows))
        self.replaced = False
        self.chosen = self.templates.get(self._chosen_code())
        self._add_fields()

    def template_choices(self, rows: list[LetterTemplate]) -> list[tuple[Any, Any]]:
        """The select's groups: the prestation's own template, the others, one's own words."""
        usual = self.usual()
        first = [(row.pk, str(row)) for row in rows if row.pk == usual]
        others = [(row.pk, str(row)) for row in rows if row.pk != usual]
        marked = self.neutral and scope_of(self.user).may(Right.HANDLE_COMPLAINTS)
        groups = [
            (_("Modèle neutre") if marked else _("Modèle de la prestation"), first),
            (_("Autres modèles"), others),
            (_("Sans modèle"), self.plain()),
        ]
        return [(title, choices) for title, choices in groups if choices]

    def plain(self) -> list[tuple[str, Any]]:
        """What may leave without a template: no letter of one's own where it has to be neutral."""
        return [one for one in self.without_template() if not self.neutral or one[0] != OWN_LETTER]

    def without_template(self) -> list[tuple[str, Any]]:
        return [(OWN_LETTER, _("Lettre libre"))]

    def _chosen_code(self) -> str:
        """The template that is chosen; the usual one when the choice no longer suits."""
        given = self.data if self.is_bound else self.initial
        code = given.get("template")
        plain = [value for value, _label in self.plain()]
        usual = self.usual()
        default = usual if usual in self.templates else next(iter([*plain, *self.templates]))
        if usual in plain:
            default = usual
        if code in self.templates or code in plain:
            return code
        if self.is_bound:
            self.replaced = code is not None
            data = cast("QueryDict", self.data).copy()
            data["template"] = default
            self.data = data
        self.initial["template"] = default
        return default

    def _add_fields(self) -> None:
        self.asked: list[Asked] = []
        box = self.fields[self.words]
        box.widget.attrs.update(replies_offered(self.sr, self.use()))
        main = main_words(self.chosen) if self.chosen else None
        if self.chosen is None:
            box.label = str(self.own_label)
            return
        self.asked = [one for one in asked_by(self.chosen) if one != main]
        for one in self.asked:
            self.fields[field_name(one)] = _field_for(one)
            value = _proposal(one, self)
            if value is not None:
                self.initial.setdefault(field_name(one), value)
        box.label = str(main.label if main else _("Mot ajouté à la lettre"))
        box.required = bool(main and main.required)
        box.help_text = ""
        names = list(self.fields)
        at = names.index("template") + 1
        added = [field_name(one) for one in self.asked]
        rest = [name for name in names if name not in added]
        self.order_fields([*rest[:at], *added, *rest[at:]])

    def clean(self):
        """A template that did not suit the other choices has been replaced: look again."""
        cleaned = super().clean() or {}
        if self.replaced:
            self.add_error(
                "template",
                _("Le modèle choisi ne convient pas à ce choix. Vérifiez celui qui est proposé."),
            )
        return cleaned

    def letter(self) -> dict[str, Any]:
        """The template and its values, as the actions take them."""
        fields: dict[str, str] = {}
        for one in self.asked:
            fields |= _values(one, self.cleaned_data[field_name(one)])
        return {"template": self.chosen.pk if self.chosen else OWN_LETTER, "fields": fields}


def closing_reasons() -> QuerySet[ClosingReason]:
    """Those that an agent may choose: sending a request on is an act of its own."""
    return ClosingReason.objects.filter(is_active=True).exclude(pk=FORWARDED)


class AnswerForm(LetterForm):
    own_label = _("Réponse au citoyen")
    follows_choice = ("close",)

    outcome = forms.ChoiceField(
        label=_("Sens de la réponse"),
        choices=Outcome.choices,
        widget=forms.RadioSelect(attrs=dict(REFRESH)),
    )
    body = text_area(_("Réponse au citoyen"), rows=10)
    closing_reason = forms.ModelChoiceField(
        label=_("Motif de clôture"),
        queryset=ClosingReason.objects.none(),
        required=False,
    )
    close = forms.BooleanField(label=_("Clore la demande en même temps"), required=False)
    field_order = ["outcome", "template", "body", "closing_reason", "close"]

    def use(self) -> LetterUse:
        given = self.data if self.is_bound else self.initial
        outcome = given.get("outcome")
        return USE_OF_OUTCOME[Outcome(outcome if outcome in Outcome.values else Outcome.POSITIVE)]

    def prepare(self) -> None:
        returned = self.sr.proposed_decisions.filter(approved=False, verb="answer").last()
        if returned and returned.outcome == (self.sr.conclusion_outcome or returned.outcome):
            self.initial.setdefault("outcome", returned.outcome)
            self.initial.setdefault("template", returned.template)
            self.initial.setdefault("body", returned.body)
        self.initial.setdefault("body", "\n\n".join(conclusions_of(self.sr)))
        self.initial.setdefault("outcome", self.sr.conclusion_outcome or Outcome.POSITIVE)
        super().prepare()
        reasons = closing_reasons()
        offer_rows(self, "closing_reason", reasons, empty_label=self._usual_reason())
        collected = self.chosen is not None and LetterUse.COLLECTION in self.chosen.uses
        promised = call_promised(self.sr)
        self.initial.setdefault("close", not collected and promised is None)
        if promised:
            self.fields["close"].help_text = _(
                "Un rappel est promis (%(when)s) : la réponse peut partir, la demande reste "
                "ouverte jusqu’à ce qu’il soit fait."
            ) % {"when": promised.slot_words}
        elif collected:
            self.fields["close"].help_text = _(
                "Sans cocher, la demande attend le retrait : le suivi dit où et jusqu’à quand. "
                "Vous la clôturez quand le document est remis."
            )
        if self.use() == LetterUse.REFUSAL:
            self.fields["body"].help_text = _(
                "Donnez les raisons, en fait et en droit. La lettre ajoute les voies de recours."
            )

    def _usual_reason(self) -> str:
        """What « the usual reason » is for the outcome and the letter that are chosen."""
        refused = self.use() == LetterUse.REFUSAL
        outcome = Outcome.NEGATIVE if refused else Outcome.POSITIVE
        reason = usual_reason(outcome, self.chosen.pk if self.chosen else "")
        return _("Motif habituel : %(reason)s") % {"reason": reason}

    def clean(self):
        """An answer, its words and the reason of its closing go the same way."""
        cleaned = super().clean()
        reason, outcome = cleaned.get("closing_reason"), cleaned.get("outcome")
        if outcome and gives_no_reason(self.sr, Outcome(outcome), cleaned.get("body", "")):
            self.add_error(
                "body",
                _(
                    "Ce texte est mot pour mot la conclusion interne du service, qui n’appuie pas "
                    "une réponse %(outcome)s. Dites-en les raisons au citoyen avec vos mots, ou "
                    "changez le sens de la réponse."
                )
                % {"outcome": Outcome(outcome).label.lower()},
            )
        if reason and outcome and cleaned.get("close"):
            if outcome == Outcome.POSITIVE and not reason.positive:
                self.add_error(
                    "closing_reason",
                    _("Ce motif dit un refus, la réponse est favorable. Changez l’un ou l’autre."),
                )
            elif outcome == Outcome.NEGATIVE and reason.positive:
                self.add_error(
                    "closing_reason",
                    _("Ce motif dit un accord, la réponse refuse. Changez l’un ou l’autre."),
                )
        return cleaned


NO_LETTER = "aucune"


class CloseForm(LetterForm):
    words = "motive"
    own_label = _("Explication envoyée au citoyen")

    closing_reason = forms.ModelChoiceField(
        label=_("Motif de clôture"),
        queryset=ClosingReason.objects.none(),
        widget=forms.Select(attrs=dict(REFRESH)),
    )
    motive = text_area(_("Explication envoyée au citoyen"), rows=5, required=False)
    field_order = ["closing_reason", "template", "motive"]

    only_use = LetterUse.CLOSING

    def prepare(self) -> None:
        offer_rows(self, "closing_reason", closing_reasons())
        collection = collection_of(self.sr)
        if collection and collection.until < timezone.localdate():
            self.initial.setdefault("closing_reason", UNCOLLECTED)
            self.initial.setdefault("motive", uncollected_words(self.sr, collection))
        super().prepare()
        if self._code() == NO_LETTER:
            self.fields["motive"].help_text = _(
                "Obligatoire quand la demande n’est pas satisfaite."
            )

    def usual(self) -> str:
        """No letter after a success (the answer, or the counter, has said it)."""
        given = self.data if self.is_bound else self.initial
        code = str(given.get("closing_reason") or "")
        against = ClosingReason.objects.filter(pk=code, positive=False).exists()
        wrote = bool(str(given.get("motive") or "").strip())
        return super().usual() if against or wrote else NO_LETTER

    def _chosen_code(self) -> str:
        """While the form is being filled in, a reason that is owed a letter proposes one."""
        if not self.is_bound and self.initial.get("template") == NO_LETTER:
            del self.initial["template"]
        return super()._chosen_code()

    def without_template(self) -> list[tuple[str, Any]]:
        return [(OWN_LETTER, _("Lettre libre")), (NO_LETTER, _("Aucune lettre"))]

    def _code(self) -> str:
        return str((self.data if self.is_bound else self.initial).get("template") or "")

    def clean(self):
        """What goes against the requester is told to them, in a letter."""
        cleaned = super().clean()
        reason, motive = cleaned.get("closing_reason"), (cleaned.get("motive") or "").strip()
        silent = self._code() == NO_LETTER
        if reason and not reason.positive and not motive:
            self.add_error("motive", _("Dites au demandeur pourquoi la demande est close."))
        elif silent and motive:
            self.add_error("template", _("Choisissez la lettre qui porte votre explication."))
        return cleaned


class ReadyForm(LetterForm):
    body = text_area(_("Mot ajouté à la lettre"), rows=4)
    field_order = ["template", "body"]

    only_use = LetterUse.COLLECTION


class MessageForm(LetterForm):
    subject = forms.CharField(label=_("Objet"), max_length=250, required=False)
    body = text_area(_("Message au citoyen"))
    field_order = ["template", "subject", "body"]

    only_use = LetterUse.MESSAGE


def field_name(asked: Asked) -> str:
    """The form field of a variable: « retrait.lieu » is `retrait__lieu`."""
    return asked.name.replace(".", "__")


def not_to_come(day: date) -> None:
    """Refuse a day to come for something done."""
    if day > timezone.localdate():
        raise forms.ValidationError(
            _("Cette date est à venir. Indiquez le jour où cela a été fait.")
        )


def _field_for(asked: Asked) -> forms.Field:
    common: dict[str, Any] = {"label": asked.label, "required": asked.required}
    match asked.kind:
        case Kind.DATE:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            done = [not_to_come] if asked.is_past else []
            return forms.DateField(widget=widget, validators=done, **common)
        case Kind.SITE:
            sites = Site.objects.filter(is_active=True)
            return SiteField(queryset=sites, empty_label=_("Choisir"), **common)
        case Kind.LINK:
            return forms.URLField(max_length=500, assume_scheme="https", **common)
        case Kind.LONG:
            return text_area(asked.label, rows=5, required=asked.required)
    return forms.CharField(max_length=250, **common)


def _proposal(asked: Asked, form: VerbForm) -> Any:
    """What the town already knows of a value the agent may change."""
    today = timezone.localdate()
    match asked.name:
        case "retrait.lieu":
            place = site_of(form.sr)
            return place.pk if place else None
        case "retrait.date_limite":
            waiting = collection_of(form.sr)
            return waiting.until if waiting else collected_by(today, town_calendar())
        case "transmission.date":
            return today
        case "famille.lien_portail":
            return town_or_default().website
    return None


def _values(asked: Asked, value: Any) -> Mapping[str, str]:
    """What a typed value gives the letter; a date as ISO 8601 says it."""
    if not value:
        return {}
    if asked.kind is Kind.SITE:
        place = collection_at(value)
        return {"retrait.lieu": place["lieu"], "retrait.horaires": place["horaires"]}
    return {asked.name: str(value)}
