"""The citizen record (fiche citoyen) and organisations."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate, Upper
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from phonenumbers import PhoneNumberType, number_type

from citizens.enums import Gender, NewsChannel, ReplyChannel, ResidenceKind
from citizens.match_keys import match_keys
from citizens.querysets import CitizenQuerySet
from massy_grc.common.text import fold, phone_digits


class Reachable(models.Model):
    """Ways to reach whoever asks; all optional: some have neither e-mail nor phone."""

    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = PhoneNumberField(_("téléphone"), blank=True)
    phone_key = models.CharField(max_length=20, blank=True, editable=False)
    address = models.CharField(_("adresse postale"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.derive_keys()
        super().save(*args, **kwargs)

    def derive_keys(self) -> None:
        """Fill the columns searched on. Called by `save`; bulk loaders call it themselves."""
        self.phone_key = phone_digits(str(self.phone or ""))


class Citizen(Reachable):
    """A person known to the town. Written by `citizens.actions`."""

    family_name = models.CharField(_("nom de famille"), max_length=150)
    usage_name = models.CharField(_("nom d'usage"), max_length=150, blank=True)
    given_name = models.CharField(_("prénom"), max_length=150, blank=True)
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    birth_place = models.CharField(
        _("lieu de naissance (code INSEE de la commune, ou du pays)"), max_length=5, blank=True
    )
    # Known from an identity provider only: it tells two people of the same name apart.
    gender = models.CharField(_("sexe"), max_length=6, choices=Gender.choices, blank=True)
    residence = models.CharField(
        _("résidence"), max_length=12, choices=ResidenceKind.choices, default=ResidenceKind.INCONNU
    )
    reply_channel = models.CharField(
        _("réponse préférée par"), max_length=12, choices=ReplyChannel.choices, blank=True
    )
    # Chosen in the citizen's space; blank: as each request says.
    progress_channel = models.CharField(max_length=12, choices=NewsChannel.choices, blank=True)
    documents_channel = models.CharField(max_length=12, choices=NewsChannel.choices, blank=True)
    language = models.CharField(max_length=5, default="fr")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="given_up"
    )
    anonymised_at = models.DateTimeField(null=True, blank=True)
    search_name = models.CharField(max_length=480, blank=True, editable=False)
    match_keys = ArrayField(models.TextField(), default=list, editable=False)
    # When it was last compared with all others; null: what identifies the person has changed.
    compared_at = models.DateTimeField(null=True, editable=False)

    objects = CitizenQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiche citoyen")
        verbose_name_plural = _("fiches citoyens")
        indexes = [
            # read by the counter's and the phone's search of a caller
            GinIndex(fields=["search_name"], name="citizen_name", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["phone_key"], name="citizen_phone", opclasses=["gin_trgm_ops"]),
            # the same search, as long as what was typed begins a name, a number or an address;
            # in the order of the letters, so that eight of a thousand are read and no more
            models.Index(Collate("search_name", "C"), name="citizen_name_begins"),
            models.Index(Collate("phone_key", "C"), name="citizen_phone_begins"),
            models.Index(OpClass(Upper("email"), "text_pattern_ops"), name="citizen_email_begins"),
            models.Index(fields=["email"], name="citizen_email", condition=~Q(email="")),
            # read when an identity provider names somebody
            models.Index(
                fields=["birth_date"], name="citizen_born", condition=Q(birth_date__isnull=False)
            ),
            # read when a record is compared with all others
            GinIndex(fields=["match_keys"], name="citizen_match"),
            # read by the task that compares what is new or changed
            models.Index(
                fields=["id"],
                name="citizen_to_compare",
                condition=Q(compared_at=None, merged_into=None, anonymised_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.list_name

    def derive_keys(self) -> None:
        super().derive_keys()
        names = (self.family_name, self.usage_name, self.given_name)
        self.search_name = fold(" ".join(name for name in names if name))
        keys = match_keys(self)
        if keys != self.match_keys:
            self.match_keys, self.compared_at = keys, None

    @property
    def list_name(self) -> str:
        """Family name in capitals then given name, as lists show it."""
        return f"{self.family_name.upper()} {self.given_name}".strip()

    @property
    def mobile(self) -> str:
        """The telephone when it can receive an SMS, as +33612345678; else ""."""
        if not (self.phone and self.phone.is_valid()):
            return ""
        able = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
        return self.phone.as_e164 if number_type(self.phone) in able else ""

    @property
    def letter_name(self) -> str:
        """Given name and family name; the usage name only at the person's request (L6)."""
        return f"{self.given_name} {self.usage_name or self.family_name}".strip()


class Organisation(Reachable):
    """An association, a business or another administration."""

    name = models.CharField(_("nom"), max_length=250)
    kind = models.CharField(max_length=25)
    rna = models.CharField(_("numéro RNA"), max_length=10, blank=True)
    siret = models.CharField(_("numéro SIRET"), max_length=14, blank=True)
    representative = models.CharField(_("représentant"), max_length=250, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)
    search_name = models.CharField(max_length=250, blank=True, editable=False)

    class Meta:
        verbose_name = _("organisme")
        indexes = [
            GinIndex(fields=["search_name"], name="organisation_name", opclasses=["gin_trgm_ops"])
        ]
        constraints = [
            # one record per legal number: a second filing finds the first
            models.UniqueConstraint(
                fields=["siret"], name="one_organisation_per_siret", condition=~Q(siret="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def derive_keys(self) -> None:
        super().derive_keys()
        self.search_name = fold(self.name)
