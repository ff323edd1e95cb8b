"""What the knowledge base did for a request: articles used, steps of the procedure done."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from prestations.models import KnowledgeArticle, ProcedureStep
from requests.models.request import ServiceRequest


class ArticleUse(models.Model):
    """An agent used an article for a request, and whether it answered."""

    request = models.ForeignKey(
        ServiceRequest, on_delete=models.CASCADE, related_name="article_uses"
    )
    article = models.ForeignKey(KnowledgeArticle, on_delete=models.CASCADE, related_name="uses")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered = models.BooleanField(null=True, help_text="empty: its link was put into a message")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "article"], name="one_use_of_an_article")
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.article_id}"


class ProcedureTick(models.Model):
    """A step of the procedure done for a request; taken back, the row stays."""

    request = models.ForeignKey(
        ServiceRequest, on_delete=models.CASCADE, related_name="procedure_ticks"
    )
    step = models.ForeignKey(ProcedureStep, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "step"],
                condition=Q(undone_at__isnull=True),
                name="one_standing_tick",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.step_id}"
