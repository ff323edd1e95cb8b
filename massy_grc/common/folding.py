"""Folding of text in the database, for order: the embedded server has no ICU."""

from typing import Any

from django.db.models import CharField, Expression, Func
from django.db.models.functions import Lower


def folded(words: Any) -> Expression:
    """`words`, a column or an expression, in lower case without accents."""
    return Lower(Func(words, function="unaccent", output_field=CharField()))
