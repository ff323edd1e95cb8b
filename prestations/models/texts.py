"""Words the town sends: letter templates, closing reasons, signatories."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from prestations.enums import LetterUse
from prestations.models.organisation import Coded
from prestations.models.versions import TextVersion, Versioned
from prestations.querysets import LetterQuerySet


class LetterWords(models.Model):
    """The words of a letter by language; English that is blank falls back to French."""

    subject = models.CharField(max_length=250)
    body = models.TextField()
    sms_body = models.TextField(blank=True)
    subject_en = models.CharField(max_length=250, blank=True)
    body_en = models.TextField(blank=True)
    sms_body_en = models.TextField(blank=True)

    class Meta:
        abstract = True


class LetterTemplate(LetterWords, Versioned, Coded):
    """A letter, mail or SMS with merge variables; rendered strictly by `requests.letters`.

    Its words are those last approved: only they are offered and sent. Written by
    `requests.actions.letter_words`, and by the loader until the town takes them up.
    """

    audience = models.CharField(max_length=10)
    channels = ArrayField(models.CharField(max_length=20))
    uses = ArrayField(models.CharField(max_length=20, choices=LetterUse.choices), default=list)
    is_general = models.BooleanField(
        default=False, help_text="offered for every prestation, not only where the catalogue says"
    )
    by_authority = models.BooleanField(
        default=True, help_text="a refusal under this template bears a signatory's name"
    )
    is_neutral = models.BooleanField(
        default=False, help_text="for complaints marked as abusive, which get no other (S34)"
    )
    taken_up_at = models.DateTimeField(
        null=True, blank=True, help_text="by somebody of the town: a load leaves it alone since"
    )

    objects = LetterQuerySet.as_manager()

    class Meta(Coded.Meta):
        pass


class LetterVersion(LetterWords, TextVersion):
    """One text of a letter."""

    template = models.ForeignKey(LetterTemplate, on_delete=models.CASCADE, related_name="versions")

    class Meta(TextVersion.Meta):
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="letter_version_once"),
            models.UniqueConstraint(
                fields=["template"],
                condition=Q(state__in=["brouillon", "proposee"]),
                name="one_letter_version_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.number}"


class Severity(Coded):
    """How grave a complaint is (reference.yaml `complaint_severities`); the lightest first."""

    hint = models.CharField(max_length=250)

    class Meta(Coded.Meta):
        verbose_name_plural = "severities"


class RootCause(Coded):
    """Why something went wrong (S33; reference.yaml `root_causes`)."""


class ClosingReason(Coded):
    """Why a request was closed, and whether that is a positive outcome."""

    positive = models.BooleanField()
    is_decision = models.BooleanField(
        default=False, help_text="decides against the requester: reasons and remedies are owed"
    )


class Signatory(models.Model):
    """Who signs refusals in the town's name (CRPA L212-1), and for which requests.

    The narrowest line that fits signs; the one without any list signs all the rest.
    """

    code = models.SlugField(max_length=80, primary_key=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    quality = models.CharField(max_length=200)
    formula = models.CharField(max_length=200, blank=True)
    account = models.EmailField(
        blank=True, help_text="of the staff account that may sign alone what this line covers"
    )
    prestations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    templates = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    categories = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    departments = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    order = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order"]
        verbose_name_plural = "signatories"

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}, {self.quality}"
