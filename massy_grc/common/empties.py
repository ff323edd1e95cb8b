"""What points at one object, looked at once: most of it holds nothing, and is not asked again."""

from functools import cache

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

EMPTIES = "_known_empties"


def know_empties(instance: Model, *beyond: str) -> None:
    """Look at each relation that points at `instance`, and remember those that hold nothing.

    One query. What is then read through one of them, filtered or not, makes none. For a page that
    shows the object: what writes reads it anew.

    Args:
        beyond: of what points at those, as ``requests__messages``: `may_hold` knows them too.
    """
    statement, relations = _statement(type(instance), beyond)
    with connection.cursor() as cursor:
        cursor.execute(statement, [instance.pk] * (len(relations) + len(beyond)))
        held = cursor.fetchone()
    empty = [relation for relation, holds in zip(relations, held, strict=False) if not holds]
    further = [
        name for name, holds in zip(beyond, held[len(relations) :], strict=True) if not holds
    ]
    fetched = vars(instance).setdefault("_prefetched_objects_cache", {})
    for relation in empty:
        name = relation.get_accessor_name()
        if relation.one_to_one:
            relation.set_cached_value(instance, None)
        else:
            fetched[name] = _nothing(relation.related_model)
    setattr(instance, EMPTIES, frozenset([*(one.get_accessor_name() for one in empty), *further]))


def may_hold(instance: Model, *names: str) -> bool:
    """Whether one of the relations `names` may hold something.

    False only if `know_empties` saw nothing in any of them.
    """
    return not getattr(instance, EMPTIES, frozenset()).issuperset(names)


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
def _statement(model: type[Model], beyond: tuple[str, ...]) -> tuple[str, list[ForeignObjectRel]]:
    """Return the statement that looks at each relation of a model, and the relations."""
    relations = [
        one for one in model._meta.related_objects if not one.many_to_many and not one.hidden
    ]
    by_name = {one.get_accessor_name(): one for one in relations}
    parts = [f"EXISTS (SELECT FROM {_table(one)} WHERE {_column(one)} = %s)" for one in relations]
    for path in beyond:
        first, second = path.split("__")
        near = by_name[first]
        far = next(
            one
            for one in near.related_model._meta.related_objects
            if one.get_accessor_name() == second
        )
        parts.append(
            f"EXISTS (SELECT FROM {_table(near)} JOIN {_table(far)}"
            f" ON {_column(far)} = {_key(near)} WHERE {_column(near)} = %s)"
        )
    return f"SELECT {', '.join(parts)}", relations


def _table(relation: ForeignObjectRel) -> str:
    return f'"{relation.related_model._meta.db_table}"'


def _column(relation: ForeignObjectRel) -> str:
    return f'{_table(relation)}."{relation.field.column}"'


def _key(relation: ForeignObjectRel) -> str:
    return f'{_table(relation)}."{relation.related_model._meta.pk.column}"'
