"""What the public search box looks into; filled by `prestations.loading.search_index`.

One entry for each thing that can be found, its phrases (what it is called, the words residents use
for it, what it says), and their words cut to stems. Rewritten whole when a load changes it.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from prestations.enums import EntryKind


class SearchEntry(models.Model):
    """A thing to find: a prestation, an article, a place, a page, or what is done elsewhere."""

    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    key = models.CharField(max_length=80, help_text="code of a prestation or place, slug…")
    title = models.CharField(max_length=250)
    text = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_search_entry_per_thing")
        ]

    def __str__(self) -> str:
        return self.title


class SearchPhrase(models.Model):
    """Words that belong together: a label, an everyday phrase, a summary."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="phrases")
    text = models.TextField()
    weight = models.FloatField(help_text="what its place is worth: a name more than a summary")
    everyday = models.BooleanField(default=False, help_text="shown as the reason of a result")


class SearchTerm(models.Model):
    """One word of a phrase."""

    phrase = models.ForeignKey(SearchPhrase, on_delete=models.CASCADE, related_name="terms")
    word = models.CharField(max_length=80, help_text="folded: no accent, no capital")
    stem = models.CharField(max_length=80)
    rarity = models.FloatField(default=0, help_text="ln(1 + entries / entries that hold the stem)")

    class Meta:
        indexes = [
            # read by the search box: the entries that hold a stem
            models.Index(fields=["stem"], name="search_term_stem"),
            # read by the search box: the known word nearest to a misspelt one
            GinIndex(fields=["word"], name="search_term_near", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.word
