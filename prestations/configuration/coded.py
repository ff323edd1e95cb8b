"""Kinds whose rows have a code, a name, an order, and are taken out of use, never deleted."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Max
from django.utils.functional import Promise

from prestations.configuration.english import with_english
from prestations.configuration.kinds import Kind, State
from prestations.loading.rows import keep_row
from prestations.loading.shapes import CODE, COUNT, Schema, mapping, text


def coded(
    model: Any,
    code: str,
    label: str | Promise,
    *,
    item: Callable[[Any], State] = lambda row: {},
    columns: Callable[[State], dict[str, Any]] = lambda state: {},
    schema: Mapping[str, Schema] | None = None,
    named: str = "label",
    rows: Callable[[], Any] | None = None,
    english: bool = False,
    **others: Any,
) -> Kind:
    """Return the kind of a model that has a code, a name and an order.

    Args:
        item: what a row says beside its code, name and order.
        columns: the same as columns, as the loader makes them.
        schema: of what `item` says.
        named: the key that the files give to the name.
        rows: those that may be in use; None: all.
        english: whether its states hold the English that the town gave their texts.
    """

    def state_of(row: Any) -> State:
        return {"code": row.pk, named: row.label, "order": row.order, **item(row)}

    def in_use() -> Any:
        return (rows() if rows else model.objects.all()).filter(is_active=True)

    def snapshot(key: str) -> State | None:
        row = in_use().filter(pk=key).first()
        return state_of(row) if row is not None else None

    def restore(key: str, state: State | None, *, actor) -> None:
        if state is None:
            model.objects.filter(pk=key).update(is_active=False)
            return
        own = {"label": state[named], "order": order_of(model, key, state), "is_active": True}
        keep_row(model, key, own | columns(state))

    shape = mapping({"code": CODE, named: text(250), **(schema or {})}, optional={"order": COUNT})
    kind = Kind(
        code=code,
        label=label,
        keys=lambda: in_use().values_list("pk", flat=True),
        snapshot=snapshot,
        listed=lambda: {row.pk: state_of(row) for row in in_use()},
        name=lambda state: state[named],
        **{"restore": restore, "schema": shape, **others},
    )
    return with_english(kind) if english else kind


def order_of(model: Any, key: str, state: State) -> int:
    """Return the order that a state gives, else that of the row, else the last."""
    if "order" in state:
        return state["order"]
    known = model.objects.filter(pk=key).values_list("order", flat=True).first()
    if known is not None:
        return known
    return (model.objects.aggregate(last=Max("order"))["last"] or 0) + 10
