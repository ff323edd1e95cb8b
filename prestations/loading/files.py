"""Reading of a data file: YAML with its faults told by line, then its JSON schema."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from prestations.loading.problems import DataFileError, Fault, Problem, Problems

if TYPE_CHECKING:
    from jsonschema import ValidationError  # a slow import: few processes read files

SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _KeyTwice(yaml.constructor.ConstructorError):
    """A key is written twice in one mapping."""


class _Loader(SafeLoader):
    """Safe loader that refuses a key written twice in one mapping (YAML 1.2, 3.2.1.3)."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _value in node.value:
            key = key_node.value
            if isinstance(key_node, yaml.ScalarNode) and key in seen and key != "<<":
                raise _KeyTwice(
                    "while reading a mapping",
                    node.start_mark,
                    f"the key {key!r} is written twice",
                    key_node.start_mark,
                )
            if isinstance(key_node, yaml.ScalarNode):
                seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(file: Path) -> Any:
    """Return the content of the YAML `file`.

    Raises:
        DataFileError: the file cannot be read, or is not YAML (with line and column).
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(file, [Problem("", f"cannot be read: {error}")]) from error
    return parse_yaml(text, file)


def parse_yaml(text: str, file: Path, *, aliases: bool = True) -> Any:
    """Return the content of a YAML text that came from `file`.

    Args:
        aliases: whether one part may stand for several: what is small as text may then be huge.

    Raises:
        DataFileError: it is not YAML (with line and column), or has aliases.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if not aliases and _has_aliases(node):
            raise DataFileError(file, [Problem("", "has YAML aliases", Fault.ALIASES)])
        return loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        message = f"not valid YAML: {error.problem or error.context}"
        fault = Fault.KEY_TWICE if isinstance(error, _KeyTwice) else Fault.NOT_YAML
        raise DataFileError(file, [Problem(place, message, fault)]) from error
    except yaml.YAMLError as error:
        problem = Problem("", f"not valid YAML: {error}", Fault.NOT_YAML)
        raise DataFileError(file, [problem]) from error
    finally:
        loader.dispose()


def _has_aliases(top: yaml.Node | None) -> bool:
    """Whether a node stands at two places."""
    seen: set[int] = set()
    waiting = [top] if top is not None else []
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            return True
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting += [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    return False


def path_of(parts: Any) -> str:
    """Write a place as people read it.

    >>> path_of(["prestations", 12, "form_fields", 3, "type"])
    'prestations[12].form_fields[3].type'
    """
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def check_schema(data: Any, schema: Mapping[str, Any]) -> Problems:
    """Return every place where `data` does not have the shape of `schema`, in file order."""
    from jsonschema import Draft202012Validator

    problems = Problems()
    validator = Draft202012Validator(schema)
    for error in validator.iter_errors(data):
        _report(error, problems)
    problems.malformed = bool(problems)
    return problems


_FAULTS = {
    "minLength": Fault.EMPTY,
    "minItems": Fault.EMPTY,
    "maxLength": Fault.TOO_LONG,
    "enum": Fault.UNKNOWN,
    "type": Fault.TYPE,
    "pattern": Fault.FORM,
    "uniqueItems": Fault.LISTED_TWICE,
    "minimum": Fault.TOO_SMALL,
}


def _report(error: "ValidationError", problems: Problems) -> None:
    path = path_of(error.absolute_path)
    instance: Any = error.instance
    expected: Any = error.validator_value
    if error.validator == "required":
        missing = [key for key in expected if key not in instance]
        for key in missing:
            problems.add(path_of([*error.absolute_path, key]), "is missing", Fault.MISSING)
    elif error.validator == "additionalProperties":
        schema: Any = error.schema
        for key in instance.keys() - schema["properties"].keys():
            place = path_of([*error.absolute_path, key])
            problems.add(place, "is not a key of the schema", Fault.NOT_A_KEY)
    else:
        fault = _FAULTS.get(str(error.validator), Fault.OTHER)
        problems.add(path, _words(error), fault, _shown(instance))


def _shown(value: Any) -> str:
    """A value as people read it beside its place; "" where it is no short text or number."""
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value) if plain and len(str(value)) <= 60 else ""


def _words(error: "ValidationError") -> str:
    instance: Any = error.instance
    value = repr(instance)
    value = value if len(value) <= 60 else f"{value[:57]}…"
    expected: Any = error.validator_value
    match error.validator:
        case "type":
            kinds = [expected] if isinstance(expected, str) else expected
            return f"{value} should be {' or '.join(kinds)}"
        case "enum":
            return f"{value} is not one of {', '.join(str(item) for item in expected)}"
        case "pattern":
            return f"{value} does not have the form {expected}"
        case "maxLength":
            return f"has {len(instance)} characters, more than {expected}"
        case "minLength" | "minItems":
            return "is empty"
        case "uniqueItems":
            return f"{value} holds an item twice"
        case "minimum":
            return f"{value} is less than {expected}"
        case "const":
            return f"{value} should be {expected!r}"
        case _:
            return error.message
