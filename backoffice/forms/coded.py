"""The kinds of settings that have a code and a few fields, as an administrator writes them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.forms.codes import made_of, numbered
from massy_grc.common.choices import offer_rows
from massy_grc.common.text import fold
from massy_grc.common.typed import TextField
from prestations.configuration import State
from prestations.configuration.english import in_english
from prestations.models import (
    Authority,
    ClosingReason,
    Direction,
    PostType,
    RootCause,
    Severity,
    Software,
    Team,
)
from prestations.translation import english_of

LABEL, LONG = 250, 2000


def new_code(model: Any, words: str, instead: str = "element") -> str:
    """Return a code for a new row, after its name; with the next number where it is taken."""
    # « nouveau »: the address of the page that makes a site or a department
    return free_of({"nouveau", *model.objects.values_list("pk", flat=True)}, words, instead)


def free_of(taken: Collection[str], words: str, instead: str) -> str:
    """Return a code after a name, with the next number where it is taken.

    Args:
        instead: what it is made of where the name gives none.
    """
    return numbered(made_of(words, 70) or instead, taken.__contains__)


def several(label: Any, *, rows: int = 3, **kwargs: Any) -> TextField:
    """Some lines of text."""
    widget = forms.Textarea(attrs={"rows": rows})
    return TextField(label=label, multiline=True, max_length=LONG, widget=widget, **kwargs)


@dataclass(frozen=True)
class Part:
    """Fields shown together; those under a heading wait behind it unless they say something."""

    heading: str | Promise
    is_open: bool
    fields: list[forms.BoundField]


def place_field() -> forms.IntegerField:
    """Where one stands among the others."""
    return forms.IntegerField(
        label=_("Place dans la liste"),
        min_value=0,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Les plus petits nombres d’abord."),
    )


class StateForm(forms.Form):
    """One of a kind; `state` is what a file would say of it.

    Attributes:
        blamed: the field that a refusal of the whole is about, if one is.
        spoken: texts that people read in English too; each is followed by its English.
        doors: fields that stand behind a heading, by heading.
    """

    model: ClassVar[Any]
    blamed: ClassVar[str | None] = None
    spoken: ClassVar[tuple[str, ...]] = ()
    doors: ClassVar[dict[str | Promise, tuple[str, ...]]] = {}

    reason = TextField(
        label=_("Pourquoi ce changement"),
        max_length=500,
        required=False,
        help_text=_("Gardé dans l’historique du paramétrage."),
    )

    def __init__(self, data: Any = None, *, known: State | None = None):
        self.known = known
        super().__init__(data, initial=self._initial(known))
        french = [name for name in self.fields if name not in ("order", "reason")]
        for name in self.spoken:
            self._add_english(name)
        own = (one for name in french for one in (name, f"{name}_en"))
        self.order_fields([*own, "order", "reason"])
        self.offer()

    def _initial(self, known: State | None) -> dict[str, Any]:
        if known is None:
            return {"order": self._last() + 10} if "order" in self.base_fields else {}
        english = {f"{name}_en": english_of(known[name] or "") or "" for name in self.spoken}
        return self.initial_of(known) | english

    def _last(self) -> int:
        return self.model.objects.aggregate(last=Max("order"))["last"] or 0

    def _add_english(self, name: str) -> None:
        french = self.fields[name]
        assert isinstance(french, TextField)
        label = format_lazy("{}{}", french.label, _(", en anglais"))
        self.fields[f"{name}_en"] = (
            several(label, required=False)
            if french.multiline
            else TextField(label=label, required=False, max_length=french.max_length)
        )

    def offer(self) -> None:
        """Fill the lists of choices."""

    def initial_of(self, known: State) -> dict[str, Any]:
        """What the fields begin with."""
        return dict(known)

    def own(self) -> State:
        """What the form says beside a code, a name and a place."""
        return {}

    def state(self) -> State:
        """What a file would say of it, with its English."""
        given = self.cleaned_data
        shared = {name: given[name] for name in ("label", "order") if name in given}
        said = (self.known or self.identity()) | shared | self.own()
        words = {given[one]: given[f"{one}_en"] for one in self.spoken if given[one]}
        return in_english(said, words) if self.spoken else said

    def identity(self) -> State:
        """What tells a new one from the others."""
        return {"code": new_code(self.model, self.named())}

    def named(self) -> str:
        """What its code is made of."""
        return self.cleaned_data["label"]

    def parts(self) -> Iterator[Part]:
        """The fields as a page shows them."""
        behind = {"reason", *(name for names in self.doors.values() for name in names)}
        yield Part("", True, [self[name] for name in self.fields if name not in behind])
        for heading, names in self.doors.items():
            fields = [self[name] for name in names]
            yield Part(heading, any(one.value() or one.errors for one in fields), fields)
        yield Part("", True, [self["reason"]])


class CodedForm(StateForm):
    """One that has a name, in both languages, and a place in its list."""

    spoken: ClassVar[tuple[str, ...]] = ("label",)

    label = TextField(label=_("Libellé"), max_length=LABEL)
    order = place_field()
    field_order = ["label"]

    def clean_label(self) -> str:
        """Refuse a name that another one in use has, however it is written."""
        label, own = self.cleaned_data["label"], (self.known or {}).get("label", "")
        if fold(label) != fold(own):
            names = self.model.objects.filter(is_active=True).values_list("label", flat=True)
            if twin := next((one for one in names if fold(one) == fold(label)), None):
                told = _("« %(label)s » est déjà dans la liste : donnez un autre nom.")
                raise forms.ValidationError(told % {"label": twin})
        return label


class DirectionForm(CodedForm):
    """A group of departments."""

    model = Direction


class RootCauseForm(CodedForm):
    """Why something went wrong."""

    model = RootCause


class SoftwareForm(CodedForm):
    """A program that a department keeps of its own."""

    model = Software

    subject = TextField(
        label=_("À quoi il sert"),
        max_length=LABEL,
        required=False,
        help_text=_("Par exemple : cimetières, permis de construire."),
    )
    double_entry = forms.BooleanField(
        label=_("Les demandes y sont ressaisies à la main"),
        required=False,
        help_text=_(
            "Les agents notent chaque ressaisie et le pilotage les compte. À décocher quand un"
            " connecteur la remplace."
        ),
    )

    def own(self) -> State:
        return {name: self.cleaned_data[name] for name in ("subject", "double_entry")}


class ContactForm(CodedForm):
    """A place or a team that people can reach."""

    address = TextField(label=_("Adresse"), max_length=250, required=False)
    phone = TextField(label=_("Téléphone"), max_length=30, required=False)
    email = forms.EmailField(label=_("Courriel"), required=False)

    def own(self) -> State:
        return {name: self.cleaned_data[name] for name in ("address", "phone", "email")}


class TeamForm(ContactForm):
    """A front-office team."""

    model = Team
    spoken = ("label", "role")

    direction = forms.ModelChoiceField(label=_("Direction"), queryset=Direction.objects.none())
    role = several(_("Mission"), required=False)
    field_order = ["label", "direction", "role"]

    def offer(self) -> None:
        offer_rows(self, "direction", Direction.objects.filter(is_active=True))

    def own(self) -> State:
        given = self.cleaned_data
        return super().own() | {"direction": given["direction"].pk, "role": given["role"]}


class PostTypeForm(CodedForm):
    """What an agent does at a post."""

    model = PostType
    spoken = ("label", "task")

    task = several(_("Mission"), required=False)

    def own(self) -> State:
        return {"task": self.cleaned_data["task"]}


class ClosingReasonForm(CodedForm):
    """Why a request is closed."""

    model = ClosingReason

    positive = forms.BooleanField(
        label=_("Le demandeur a ce qu’il demandait"),
        required=False,
    )
    decision = forms.BooleanField(
        label=_("C’est une décision défavorable"),
        required=False,
        help_text=_("La lettre porte alors ses motifs et les voies de recours (CRPA L211-2)."),
    )

    def clean(self):
        given = super().clean() or {}
        if given.get("positive") and given.get("decision"):
            self.add_error("decision", _("Une issue favorable n’est pas une décision défavorable."))
        return given

    def own(self) -> State:
        return {name: self.cleaned_data[name] for name in ("positive", "decision")}


class AuthorityForm(CodedForm):
    """An administration to which the town sends on what is theirs."""

    model = Authority

    address = TextField(label=_("Adresse"), max_length=250)
    email = forms.EmailField(
        label=_("Courriel"), required=False, help_text=_("Vide : une lettre sur papier.")
    )

    def own(self) -> State:
        return {
            "address": self.cleaned_data["address"],
            "email": self.cleaned_data["email"] or None,
        }


class SeverityForm(CodedForm):
    """How grave a complaint is."""

    model = Severity
    spoken = ("label", "hint")

    hint = TextField(label=_("Explication"), max_length=250)

    def own(self) -> State:
        return {"hint": self.cleaned_data["hint"]}
