"""A campaign as it is written: its words, its days, where it is seen, what it leads to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.codes import CodeField, free_code
from backoffice.forms.routing import CheckedRows, open_prestations
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from prestations.enums import CampaignChannel
from prestations.models import Campaign, Department, KnowledgeArticle, Prestation, Team


class CampaignForm(forms.ModelForm):
    """`instance` is the one to change, whose code stays."""

    name = TextField(label=_("Nom"), max_length=120)
    code = CodeField(
        source="name",
        label=_("Adresse courte"),
        max_length=30,
        help_text=_(
            "Ce qui suit /c/ dans l’adresse imprimée : lettres sans accent, chiffres et tirets,"
            " comme « bacs-jaunes ». Laissez vide : elle est faite du nom. Elle ne change plus"
            " ensuite."
        ),
    )
    text = TextField(
        multiline=True,
        label=_("Texte de la page"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    name_en = TextField(label=_("Nom en anglais"), max_length=120, required=False)
    text_en = TextField(
        multiline=True,
        label=_("Le même texte en anglais"),
        max_length=2000,
        required=False,
        help_text=_("Sans lui, la page anglaise montre le texte français."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    first_day = forms.DateField(
        label=_("Premier jour"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Dernier jour"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    announced = forms.BooleanField(
        label=_("Annoncer avant le premier jour"),
        required=False,
        initial=True,
        help_text=_(
            "Qui ouvre l’adresse trop tôt lit le nom de la campagne et le jour où elle commence."
            " Sans cela, l’adresse ne mène nulle part jusque-là."
        ),
    )
    channels = forms.MultipleChoiceField(
        label=_("Où on la voit"),
        choices=CampaignChannel.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    prestations = CheckedRows(
        label=_("Prestations"), queryset=Prestation.objects.none(), required=False
    )
    articles = CheckedRows(
        label=_("Articles"), queryset=KnowledgeArticle.objects.none(), required=False
    )
    departments = CheckedRows(
        label=_("Services"), queryset=Department.objects.none(), required=False
    )
    teams = CheckedRows(label=_("Équipes d’accueil"), queryset=Team.objects.none(), required=False)

    class Meta:
        model = Campaign
        fields = (
            *("name", "code", "text", "name_en", "text_en", "first_day", "last_day"),
            *("announced", "channels"),
            *("prestations", "articles", "departments", "teams"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]
        offer_rows(self, "prestations", open_prestations())
        offer_rows(self, "articles", KnowledgeArticle.objects.published())
        offer_rows(self, "departments", Department.objects.filter(is_active=True))
        offer_rows(self, "teams", Team.objects.filter(is_active=True))

    def clean_code(self) -> str:
        """Told apart by nothing that a reader of a poster would miss: small letters only."""

        def is_taken(code: str) -> bool:
            return Campaign.objects.filter(code=code).exists()

        return free_code(self, is_taken, _("Cette adresse est déjà celle d’une autre campagne."))

    def clean(self):
        values = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", _("Le dernier jour doit suivre le premier."))
        if not (values.get("prestations") or values.get("articles") or self.errors):
            self.add_error("prestations", _("Choisissez au moins une prestation ou un article."))
        return values
