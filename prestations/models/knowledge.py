"""The knowledge base: articles, every text they had, and what their readers find wrong."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from prestations.enums import ArticleState
from prestations.models.catalogue import Prestation
from prestations.models.organisation import Coded
from prestations.models.versions import TextVersion, Versioned
from prestations.querysets import ArticleQuerySet
from prestations.translation import catalogue_html, catalogue_text, speaks_french


class KnowledgeArticle(Versioned, Coded):
    """An answer of the knowledge base, as it was last validated.

    The public reads it once validated, if it is for them. Written by `requests.actions.articles`,
    and by the loader until somebody of the town takes it up.
    """

    slug = models.SlugField(  # noqa: DJ001 - unique, and unknown until the first load gives one
        max_length=80, unique=True, null=True
    )
    text = models.TextField()
    label_en = models.CharField(max_length=250, blank=True)
    text_en = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    state = models.CharField(
        max_length=20, choices=ArticleState.choices, default=ArticleState.BROUILLON
    )
    verified_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True, help_text="to be read again by then")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
    )
    taken_up_at = models.DateTimeField(
        null=True, blank=True, help_text="by somebody of the town: a load leaves it alone since"
    )
    synonyms = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        help_text="what people typed or asked, and found nothing: it answers",
    )
    prestation_codes = ArrayField(
        models.CharField(max_length=80),
        default=list,
        help_text="as written in reference.yaml or by the town; `prestations` follows it",
    )
    prestations = models.ManyToManyField(Prestation, related_name="articles", blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta(Coded.Meta):
        indexes = [
            # read by the daily look for reviews
            models.Index(
                fields=["review_on"],
                name="article_to_review",
                condition=Q(state=ArticleState.PUBLIE, is_active=True),
            )
        ]

    def __str__(self) -> str:
        if self.label_en and not speaks_french():
            return self.label_en
        return catalogue_text(self.label)

    @property
    def is_begun(self) -> bool:
        """Whether it was not given up before it was ever in force; `ArticleQuerySet.begun`."""
        return self.is_active or self.verified_on is not None

    @property
    def shown_label(self) -> str:
        """Its title in the page's language; French that has no English is marked."""
        if self.label_en and not speaks_french():
            return self.label_en
        return catalogue_html(self.label)

    @property
    def shown_text(self) -> str:
        """Its text in the page's language; French that has no English is marked."""
        if self.text_en and not speaks_french():
            return self.text_en
        return catalogue_html(self.text)


class ArticleVersion(TextVersion):
    """One text of an article."""

    article = models.ForeignKey(KnowledgeArticle, on_delete=models.CASCADE, related_name="versions")
    label = models.CharField(max_length=250)
    text = models.TextField()
    label_en = models.CharField(max_length=250, blank=True)
    text_en = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    prestation_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta(TextVersion.Meta):
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=["brouillon", "proposee"]),
                name="one_version_under_way",
            ),
        ]
        indexes = [
            # read by the manager's list of what waits
            models.Index(
                fields=["written_at"], name="version_proposed", condition=Q(state="proposee")
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number}"


class ArticleRemark(models.Model):
    """« Pas à jour ? »: what a reader finds wrong. The public says it without a name."""

    article = models.ForeignKey(KnowledgeArticle, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
        indexes = [
            # read by the lists of what waits for an answer
            models.Index(
                fields=["at"], name="remark_waiting", condition=Q(answered_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.at:%Y-%m-%d}"
