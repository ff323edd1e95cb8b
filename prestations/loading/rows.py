"""Writing of rows so that a second load changes nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

# Two loads at once wait for each other; any constant will do.
_LOCK = 7_211_301


@dataclass
class Summary:
    """What a load did: how many rows were created, changed, and taken out of use.

    `warnings` tell what was loaded all the same and should be looked at.
    """

    created: int = 0
    changed: int = 0
    retired: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def nothing_changed(self) -> bool:
        """Whether the database already held the file's content."""
        return not (self.created or self.changed or self.retired)


def lock_loading() -> None:
    """Let one load run at a time, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def sync(
    model: Any,
    rows: dict[Any, dict[str, Any]],
    summary: Summary,
    *,
    kept: Collection[Any] = (),
) -> dict[Any, Any]:
    """Make the rows of `model` those of `rows` ({primary key: {attribute: value}}).

    Rows absent from `rows` are never deleted: they are taken out of use where the model has
    `is_active`. Those of the keys `kept` belong to the town and are left alone. Returns the
    objects by primary key.
    """
    existing = model.objects.in_bulk()
    retire = any(f.name == "is_active" for f in model._meta.fields)
    created, changed = [], []
    for key, values in rows.items():
        if key in kept:
            continue
        values = values | ({"is_active": True} if retire else {})
        found = existing.get(key)
        if found is None:
            existing[key] = model(pk=key, **values)
            created.append(existing[key])
        elif _assign(found, values):
            changed.append(found)
    gone = [
        item
        for key, item in existing.items()
        if key not in rows and key not in kept and retire and _assign(item, {"is_active": False})
    ]
    model.objects.bulk_create(created)
    for item in [*changed, *gone]:
        item.save()
    summary.created += len(created)
    summary.changed += len(changed)
    summary.retired += len(gone)
    summary.totals[model.__name__.lower()] = len(rows)
    return {key: existing[key] for key in rows}


def keep_row(model: Any, key: str, values: dict[str, Any]) -> Any:
    """Make one row that is in no file what `values` say; nothing is written when it is so."""
    known = model.objects.filter(pk=key).first()
    row = known or model(pk=key)
    if _assign(row, values) or known is None:
        row.save(force_insert=known is None)  # else an UPDATE is tried first
    return row


def _assign(item: models.Model, values: dict[str, Any]) -> bool:
    """Set `values` on `item`; return whether something differs."""
    different = {name: new for name, new in values.items() if getattr(item, name) != new}
    for name, new in different.items():
        setattr(item, name, new)
    return bool(different)


def replace_children(
    queryset: models.QuerySet, wanted: Iterable[dict[str, Any]], summary: Summary
) -> None:
    """Make the rows of `queryset` exactly `wanted`, where nothing refers to them."""
    rows = list(wanted)
    keys = list(rows[0]) if rows else []
    current = list(queryset.values(*keys)) if keys else []
    if rows and sorted(map(_sortable, current)) == sorted(map(_sortable, rows)):
        return
    if not rows and not queryset.exists():
        return
    summary.retired += queryset.delete()[0]
    summary.created += len(
        queryset.model.objects.bulk_create(queryset.model(**row) for row in rows)
    )


def _sortable(row: dict[str, Any]) -> str:
    return repr(sorted(row.items()))
