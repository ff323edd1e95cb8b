"""What a classifier said an unsorted request is about, and what the agents said of that."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prestations.models import Prestation
from requests.models.request import ServiceRequest


class ClassifierVersion(models.Model):
    """One training of the classifier; the newest is in use. Written by `requests.actions`."""

    trained_at = models.DateTimeField()
    weights = models.BinaryField(help_text="requests.qualification.classifier.Classifier.dumps")
    meaning = models.CharField(max_length=20, blank=True, help_text="sentence model; none if blank")
    examples = models.PositiveIntegerField()
    learnt = models.PositiveIntegerField(help_text="of the examples, those of the town's requests")
    # on examples that it was not shown, of each label; 0 to 1
    first_right = models.FloatField()
    three_right = models.FloatField()
    thresholds = models.JSONField(
        default=dict,
        help_text="as measured: {prestation: percentage from which it may route alone}",
    )
    confusions = models.JSONField(
        default=list,
        help_text="[[prestation guessed, meant, times]], most frequent first",
    )

    class Meta:
        verbose_name = _("apprentissage")
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.trained_at:%Y-%m-%d %H:%M}"

    @property
    def first_share(self) -> int:
        """`first_right` in percent."""
        return round(100 * self.first_right)

    @property
    def three_share(self) -> int:
        """`three_right` in percent."""
        return round(100 * self.three_right)


class Qualification(models.Model):
    """What was proposed for one unsorted request, and what it turned out to be."""

    request = models.OneToOneField(
        ServiceRequest, on_delete=models.CASCADE, related_name="qualification"
    )
    version = models.ForeignKey(
        ClassifierVersion, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    guesses = models.JSONField(help_text="[{prestation, score, words}], best first")
    first_guess = models.ForeignKey(
        Prestation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(db_index=True)
    automatic = models.BooleanField(default=False, help_text="routed without an agent")
    settled = models.ForeignKey(Prestation, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # the place, from 1, of the right one among the guesses; 0: not among them
    rank = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("qualification")
        indexes = [
            # read by the page of the classifier and by the training
            models.Index(fields=["settled_at"], name="qualified", condition=~Q(settled_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.first_guess_id}"


class AutomaticThreshold(models.Model):
    """How sure the town wants the classifier to be of a prestation before it routes by itself.

    Without a row, as sure as was measured (`ClassifierVersion.thresholds`); without a percentage,
    never.
    """

    prestation = models.OneToOneField(
        Prestation, primary_key=True, on_delete=models.CASCADE, related_name="automatic_threshold"
    )
    percent = models.PositiveSmallIntegerField(
        null=True,
        validators=[MinValueValidator(50), MaxValueValidator(99)],
    )
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("seuil d’orientation automatique")

    def __str__(self) -> str:
        return f"{self.prestation_id}: {self.percent or '–'}"
