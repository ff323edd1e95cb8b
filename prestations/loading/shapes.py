"""Bricks of the JSON schemas of both data files."""

from typing import Any

Schema = dict[str, Any]

CODE: Schema = {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]{0,79}$"}
NAME: Schema = {"type": "string", "pattern": r"^[a-z][a-z0-9_]{0,79}$"}
BOOLEAN: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
POSITIVE: Schema = {"type": "integer", "minimum": 1, "maximum": 32767}
DATE: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
TIME: Schema = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
HTTPS: Schema = {"type": "string", "pattern": r"^https://[^\s/]+\.[^\s/]+\S*$"}
ANY: Schema = {}


def text(most: int | None = None, *, empty: bool = False) -> Schema:
    """A string of at most `most` characters, not empty unless `empty`."""
    schema: Schema = {"type": "string", "minLength": 0 if empty else 1}
    return schema | ({"maxLength": most} if most else {})


def maybe(schema: Schema) -> Schema:
    """`schema`, or null."""
    kinds = schema.get("type")
    if "enum" in schema:
        return schema | {"enum": [*schema["enum"], None]}
    return schema | {"type": [*([kinds] if isinstance(kinds, str) else kinds or []), "null"]}


def one_of(values: Any) -> Schema:
    """One of the strings `values`."""
    return {"enum": list(values)}


def array(item: Schema, *, least: int = 0, unique: bool = False) -> Schema:
    """A list of `item`."""
    return {"type": "array", "items": item, "minItems": least, "uniqueItems": unique}


def mapping(required: dict[str, Schema], *, optional: dict[str, Schema] | None = None) -> Schema:
    """An object with exactly the keys of `required`, and perhaps those of `optional`."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def loose_mapping(known: dict[str, Schema]) -> Schema:
    """An object with any keys, those of `known` so."""
    return {"type": "object", "properties": known}


def open_mapping(required: dict[str, Schema] | None = None) -> Schema:
    """An object with at least the keys of `required`, for blocks read by later parts."""
    return {"type": "object", "properties": required or {}, "required": list(required or {})}
