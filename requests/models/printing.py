"""Letters printed and posted together."""

from django.conf import settings
from django.db import models

from prestations.models import Site
from requests.models.documents import Document, StoredFile
from requests.related_querysets import PrintBatchQuerySet


class PrintBatch(StoredFile):
    """Letters in one PDF behind a cover sheet, made once: printed again it is the same file.

    Its letters (`Document.batch`) wait no more in the list, until it is ticked as posted. The
    file goes some time later; the letters stay with their requests.
    """

    FOLDER = "batches"

    site = models.ForeignKey(
        Site,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="of the requests chosen; empty: every site",
    )
    kind = models.CharField(
        max_length=250, blank=True, help_text="of the letters chosen; empty: every kind"
    )
    letter_count = models.PositiveIntegerField()
    page_count = models.PositiveIntegerField(help_text="of the file: cover and blank pages too")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    posted_at = models.DateTimeField(null=True, blank=True)

    objects = PrintBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "print batches"
        ordering = ["-id"]


class BatchRemoval(models.Model):
    """A letter taken out of a batch before it was posted: it waits in the list again."""

    batch = models.ForeignKey(PrintBatch, on_delete=models.CASCADE, related_name="removals")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.document_id} out of {self.batch_id}"
