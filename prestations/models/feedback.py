"""What readers tell us without a name: which articles help, which words find nothing."""

from django.db import models

from prestations.models.texts import KnowledgeArticle


class ArticleOpinion(models.Model):
    """How often readers of one day said that an article helped, or did not. Only counts."""

    article = models.ForeignKey(KnowledgeArticle, on_delete=models.CASCADE, related_name="opinions")
    day = models.DateField()
    helpful = models.BooleanField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "day", "helpful"], name="one_opinion_count_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}"


class FruitlessSearch(models.Model):
    """Words that found nothing, how often and when last. Written by `actions.note_fruitless`.

    No digit and no address is kept, nor who searched; rows nobody repeats are forgotten.
    """

    words = models.CharField(max_length=60, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        ordering = ["-count", "-last_on", "words"]

    def __str__(self) -> str:
        return self.words
