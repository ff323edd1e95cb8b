"""The kinds of settings with a code and a few fields, as their pages show them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.actions.signatories import name_account
from backoffice.forms import coded, coded_places, coded_texts
from backoffice.forms.newsletters import NewsletterForm
from prestations.enums import LetterUse
from prestations.models import Site
from prestations.translation import catalogue_text

Words = str | Promise
FAREWELL = _(
    "Rien ne s’en sert. Retiré, cela ne se choisit plus ; ce qui a eu lieu le garde, et vous"
    " pourrez le remettre en usage."
)


@dataclass(frozen=True)
class Sort:
    """One kind: its words, its form, what its list says of each.

    Attributes:
        more: the words of the link that makes one.
        note: what the list says of a row beside its name.
        related: what `note` reads of other tables.
        shown: which rows of its model it shows; None: all.
        first: the form of a new one, where it asks for more.
        then: keeps what the form says beside the state: (code, form, actor).
        urls: the names of its addresses begin so.
        key: the field that names one there, and in the configuration.
        farewell: what withdrawing one that nothing uses means.
    """

    slug: str
    kind: str
    form: type[coded.StateForm]
    title: Words
    help: Words
    more: Words
    note: Callable[[Any], Words] = lambda row: ""
    related: tuple[str, ...] = ()
    shown: Callable[[Any], Any] | None = None
    first: type[coded.StateForm] | None = None
    then: Callable[..., None] | None = None
    urls: str = "coded"
    key: str = "pk"
    farewell: Words = FAREWELL

    def rows(self) -> Any:
        """All there are, in use or not."""
        rows = self.form.model.objects.all()
        rows = rows.select_related(*self.related) if self.related else rows
        return self.shown(rows) if self.shown else rows

    def url(self, page: str, **named: str) -> str:
        """The address of its list, of a new one (`new`), of one (`one`)."""
        own = {"sort": self.slug} if self.urls == "coded" else {}
        return reverse(f"backoffice:{self.urls}_{page}", kwargs=own | named)

    @property
    def list_url(self) -> str:
        return self.url("list")

    @property
    def new_url(self) -> str:
        return self.url("new")


def _of_direction(row: Any) -> str:
    return catalogue_text(row.direction.label)


def _signed(row: Any) -> str:
    lists = sum(len(getattr(row, name)) for name in coded_texts.COVERED)
    if not lists:
        return str(_("signe tous les autres refus"))
    return ngettext("%(count)d liste de refus", "%(count)d listes de refus", lists) % {
        "count": lists
    }


def _terms(row: Any) -> Words:
    if row.kept_months is None:
        return _("rien n’est effacé par une règle")
    return ngettext(
        "effacé après %(count)d mois", "effacé après %(count)d mois", row.kept_months
    ) % {"count": row.kept_months}


def _retyped(row: Any) -> str:
    told = str(_("demandes ressaisies à la main")) if row.double_entry else ""
    return ", ".join(filter(None, (catalogue_text(row.subject), told)))


def _outside_sites(rows: Any) -> Any:
    """What the directory says of a site is written with the site."""
    return rows.exclude(pk__in=Site.objects.values("pk"))


SORTS = {
    one.slug: one
    for one in (
        Sort(
            "directions",
            "directions",
            coded.DirectionForm,
            _("Directions"),
            _("Elles regroupent les services et les équipes de l’accueil."),
            _("Créer une direction"),
        ),
        Sort(
            "equipes",
            "teams",
            coded.TeamForm,
            _("Équipes de l’accueil"),
            _("Les interlocuteurs des habitants ; chaque catégorie de prestations a la sienne."),
            _("Créer une équipe"),
            note=_of_direction,
            related=("direction",),
        ),
        Sort(
            "equipements",
            "facilities",
            coded_places.FacilityForm,
            _("Équipements publics"),
            _("Les lieux dont les habitants demandent l’adresse et les horaires."),
            _("Ajouter un équipement"),
            note=lambda row: row.address,
            shown=_outside_sites,
        ),
        Sort(
            "postes",
            "post_types",
            coded.PostTypeForm,
            _("Postes de travail"),
            _("Ce qu’un agent choisit en prenant son poste."),
            _("Ajouter un poste"),
            note=lambda row: catalogue_text(row.task),
        ),
        Sort(
            "motifs-cloture",
            "closing_reasons",
            coded.ClosingReasonForm,
            _("Motifs de clôture"),
            _("Pourquoi une demande est close ; les agents choisissent, les chiffres comptent."),
            _("Ajouter un motif"),
            note=lambda row: (
                _("issue favorable")
                if row.positive
                else _("décision défavorable")
                if row.is_decision
                else _("sans décision")
            ),
        ),
        Sort(
            "signataires",
            "signatories",
            coded_texts.SignatoryForm,
            _("Signataires"),
            _(
                "Qui signe les refus au nom de la ville, et lesquels : le plus précis l’emporte, un"
                " seul signe tout le reste."
            ),
            _("Ajouter un signataire"),
            note=_signed,
            then=lambda code, form, actor: name_account(
                code=code, account=form.cleaned_data["account"], actor=actor
            ),
        ),
        Sort(
            "autorites",
            "authorities",
            coded.AuthorityForm,
            _("Autres administrations"),
            _("À qui la ville transmet ce qui n’est pas de son ressort."),
            _("Ajouter une administration"),
            note=lambda row: row.address,
        ),
        Sort(
            "gravites",
            "complaint_severities",
            coded.SeverityForm,
            _("Gravités des réclamations"),
            _("De la plus légère à la plus grave."),
            _("Ajouter une gravité"),
            note=lambda row: catalogue_text(row.hint),
        ),
        Sort(
            "causes",
            "root_causes",
            coded.RootCauseForm,
            _("Causes des problèmes"),
            _("Ce qui explique les réclamations qui se répètent."),
            _("Ajouter une cause"),
        ),
        Sort(
            "logiciels",
            "software",
            coded.SoftwareForm,
            _("Logiciels métiers"),
            _(
                "Les logiciels que les services tiennent à côté. Chaque prestation dit dans lequel"
                " ses demandes sont ressaisies."
            ),
            _("Ajouter un logiciel"),
            note=_retyped,
        ),
        Sort(
            "traitements",
            "processings",
            coded_texts.ProcessingForm,
            _("Registre des traitements"),
            _(
                "Ce qui est gardé des personnes, pourquoi et combien de temps. Une durée changée ne"
                " s’applique qu’une fois approuvée par le délégué à la protection des données."
            ),
            _("Ajouter un traitement"),
            note=_terms,
        ),
    )
}
LETTERS = Sort(
    "modeles",
    "templates",
    coded_texts.LetterForm,
    _("Création et réglages des modèles de lettres"),
    _(
        "Par quoi part une lettre et où elle est proposée. Ses mots se changent sur sa page ; une"
        " deuxième personne les approuve."
    ),
    _("Créer un modèle"),
    first=coded_texts.NewLetterForm,
    note=lambda row: ", ".join(str(LetterUse(one).label) for one in row.uses),
    urls="letter_setting",
)
STREETS = Sort(
    "rues",
    "street",
    coded_places.StreetForm,
    _("Répertoire des rues"),
    _(
        "Les rues où se trouvent les demandes. L’import d’un fichier d’adresses ne change plus une"
        " rue écrite ici."
    ),
    _("Ajouter une rue"),
    urls="street",
)
NEWSLETTERS = Sort(
    "lettres",
    "newsletters",
    NewsletterForm,
    _("Lettres d’information"),
    _("Les listes que le portail propose, dans cet ordre."),
    _("Créer une lettre"),
    urls="newsletter",
    key="code",
    farewell=_(
        "Retirée, elle n’est plus proposée aux habitants. Ses abonnés le restent : un dernier"
        " numéro peut leur partir. Vous pourrez la remettre en usage."
    ),
)
