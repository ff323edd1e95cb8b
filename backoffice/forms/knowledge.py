"""Forms of the knowledge base: a text, who keeps it, a procedure, a question to settle."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from massy_grc.users.models import User
from prestations.enums import StepKind
from prestations.models import ArticleVersion, KnowledgeArticle, Prestation, Procedure
from requests.actions.procedures import Step

LONGEST_STEP = 300
BETWEEN = "|"


def staff_at_work():
    """The staff who may keep an article or a procedure."""
    return User.objects.filter(is_active=True, memberships__isnull=False).distinct()


class StaffField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.list_name


class ArticleForm(forms.Form):
    """One text of an article."""

    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    label = TextField(
        label=_("Titre"), max_length=250, help_text=_("La question, comme un habitant la pose.")
    )
    text = TextField(
        label=_("Texte"),
        multiline=True,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("La réponse d’abord, en phrases courtes."),
    )
    public = forms.BooleanField(
        label=_("Pour le public aussi"),
        required=False,
        help_text=_("Sinon, seuls les agents le lisent."),
    )
    prestations = forms.ModelMultipleChoiceField(
        label=_("Prestations dont il parle"),
        queryset=Prestation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    label_en = TextField(label=_("Titre en anglais"), max_length=250, required=False)
    text_en = TextField(
        label=_("Texte en anglais"),
        multiline=True,
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Sans lui, les pages en anglais montrent le texte français."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "prestations", Prestation.objects.listed())


def article_initial(shown: KnowledgeArticle | ArticleVersion) -> dict:
    """What the form of a known article begins with: the text to go on from."""
    names = ("label", "text", "public", "label_en", "text_en")
    initial = {name: getattr(shown, name) for name in names}
    return initial | {"prestations": shown.prestation_codes}


class KeepingForm(forms.Form):
    """Who keeps an article, and when it is to be read again."""

    owner = StaffField(
        label=_("Propriétaire"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Personne"),
        help_text=_("Il est prévenu avant la date de relecture, et après si elle est passée."),
    )
    review_on = forms.DateField(
        label=_("À relire avant le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "owner", staff_at_work())


def _lines(label, rows: int, help_text) -> TextField:
    """A box of that many rows, one step a line."""
    return TextField(
        label=label,
        multiline=True,
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class ProcedureForm(KeepingForm):
    """A procedure, one step a line."""

    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    ask = _lines(_("Questions à poser"), 6, _("Une par ligne."))
    check = _lines(
        _("À vérifier"),
        10,
        _("Une étape par ligne. Une condition se met après une barre : pièce | si …"),
    )
    link = _lines(_("Liens à ouvrir"), 4, _("Un par ligne : nom | https://adresse"))
    field_order = ("seen", "ask", "check", "link", "owner", "review_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["review_on"].help_text = _("Vide : au terme habituel.")

    def clean_link(self) -> str:
        for line in self.cleaned_data["link"].splitlines():
            _name, _bar, url = (part.strip() for part in line.partition(BETWEEN))
            if line.strip():
                forms.URLField(assume_scheme="https").clean(url)
                if not url.startswith("https://"):
                    raise forms.ValidationError(_("Chaque lien commence par https://."))
        return self.cleaned_data["link"]

    def clean(self):
        for name in ("ask", "check", "link"):
            for line in self.cleaned_data.get(name, "").splitlines():
                if any(len(part.strip()) > LONGEST_STEP for part in line.split(BETWEEN)):
                    self.add_error(name, _("Une étape est trop longue : 300 caractères au plus."))
                    break
        return self.cleaned_data

    def steps(self) -> list[Step]:
        """The steps as they are written, in the order of the form."""
        steps = []
        for kind in (StepKind.ASK, StepKind.CHECK, StepKind.LINK):
            for line in self.cleaned_data[str(kind)].splitlines():
                said, _bar, more = (part.strip() for part in line.partition(BETWEEN))
                if said and kind == StepKind.LINK:
                    steps.append(Step(kind, said, url=more))
                elif said:
                    steps.append(Step(kind, said, condition=more))
        return steps


def procedure_initial(procedure: Procedure | None) -> dict:
    """What the form of a procedure begins with. A review day that has passed is not kept."""
    if procedure is None:
        return {}
    lines: dict[str, list[str]] = {str(kind): [] for kind in StepKind}
    for step in procedure.steps.filter(is_active=True):
        more = step.url or step.condition
        lines[step.kind].append(f"{step.text} {BETWEEN} {more}" if more else step.text)
    review_on = procedure.review_on
    if review_on and review_on < timezone.localdate():
        review_on = None  # saved, it is read again: in the town's usual term
    texts = {kind: "\n".join(said) for kind, said in lines.items()}
    return texts | {
        "seen": procedure.version,
        "owner": procedure.owner_id,
        "review_on": review_on,
    }


class LinkForm(forms.Form):
    """Which article answers the words."""

    article = forms.ModelChoiceField(
        label=_("Article qui répond"),
        queryset=KnowledgeArticle.objects.none(),
        empty_label=_("Choisir"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "article", KnowledgeArticle.objects.in_force())
