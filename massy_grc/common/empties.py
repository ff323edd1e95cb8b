"""What points at one object, looked at once: most of it holds nothing, and is not asked again."""

from functools import cache

from django.db import connection
from django.db.models import Model, QuerySet

EMPTIES = "_known_empties"


def know_empties(instance: Model) -> None:
    """Look at each relation that points at `instance`, and remember those that hold nothing.

    One query. What is then read through one of them, filtered or not, makes none. For a page that
    shows the object: what writes reads it anew.
    """
    statement, relations = _statement(type(instance))
    with connection.cursor() as cursor:
        cursor.execute(statement, [instance.pk] * len(relations))
        held = cursor.fetchone()
    empty = [relation for relation, holds in zip(relations, held, strict=True) if not holds]
    fetched = vars(instance).setdefault("_prefetched_objects_cache", {})
    for relation in empty:
        name = relation.get_accessor_name()
        if relation.one_to_one:
            relation.set_cached_value(instance, None)
        else:
            fetched[name] = _nothing(relation.related_model)
    setattr(instance, EMPTIES, frozenset(one.get_accessor_name() for one in empty))


def may_hold(instance: Model, name: str) -> bool:
    """Whether the relation `name` may hold something: False only if `know_empties` saw nothing."""
    return name not in getattr(instance, EMPTIES, ())


def _nothing(model: type[Model]) -> QuerySet:
    """Return an empty queryset of `model`, which stays so without composing a statement."""
    rows = model._default_manager.none()
    return _nothing_class(type(rows))(model, rows.query)


@cache
def _nothing_class(queryset: type[QuerySet]) -> type[QuerySet]:
    def fetch_nothing(self: QuerySet) -> None:
        self._result_cache = []

    return type(f"No{queryset.__name__}", (queryset,), {"_fetch_all": fetch_nothing})


@cache
def _statement(model: type[Model]):
    """Return the statement that looks at each relation of a model, and the relations."""
    relations = [
        one for one in model._meta.related_objects if not one.many_to_many and not one.hidden
    ]
    parts = [
        f'EXISTS (SELECT FROM "{one.related_model._meta.db_table}" WHERE "{one.field.column}" = %s)'
        for one in relations
    ]
    return f"SELECT {', '.join(parts)}", relations
