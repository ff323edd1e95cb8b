"""Links between rows of the two files, which are loaded one after the other."""

from prestations.loading.rows import Summary
from prestations.models import KnowledgeArticle, Prestation


def link_articles(summary: Summary) -> None:
    """Tie each knowledge article to those of its prestations that are loaded."""
    prestations = Prestation.objects.in_bulk()
    for article in KnowledgeArticle.objects.prefetch_related("prestations"):
        codes = prestations.keys() & set(article.prestation_codes)
        if codes != {prestation.pk for prestation in article.prestations.all()}:
            article.prestations.set([prestations[code] for code in sorted(codes)])
            summary.changed += 1
