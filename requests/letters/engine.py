"""A strict, sandboxed engine for the texts of letters.

The grammar is a small part of Django's: ``{{ group.name }}``, ``{% if group.name %}``,
``{% else %}``, ``{% endif %}``, nested at will. No filter, no call, no attribute of an object:
values are looked up in plain dictionaries of strings. Texts are plain text, nothing is escaped.
A variable nobody knows, or one that is to be printed and is empty, refuses: a letter with a hole
never leaves.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from requests.exceptions import RequestError

Values = Mapping[str, Mapping[str, str]]

TOKEN = re.compile(r"({{.*?}}|{%.*?%})", re.DOTALL)
FIELD, TAG = re.compile(r"{{.*}}", re.DOTALL), re.compile(r"{%.*%}", re.DOTALL)
SIGN = re.compile(r"{{|}}|{%|%}")
NAME = re.compile(r"[a-z_]+\.[a-z_]+")
# a tag alone on its line parts paragraphs: its line becomes a blank one
LONE_TAG = re.compile(r"^[ \t]*({%[^{}]*%})[ \t]*\n", re.MULTILINE)
LIST_SIGN = "- "
# what people leave to fill in: {nom}, {{ demandeur.nom }}, {% if … %}
LEFT = re.compile(r"{+\s*[^\W\d_][\w., '’-]*}+|{%\s*(?:if|else|endif)\b[^{}\n]*%}")
# what a preview shows in a field's place, or what somebody takes for one; nobody is to read it
LONE_BRACE = re.compile(r"{[^{}\n]*}?|}")


class TemplateFault(RequestError):
    """The template itself is wrong: an unknown tag, a forgotten ``endif``."""

    message = _("Ce modèle de courrier contient une erreur.")


class UnresolvedField(RequestError):
    """A letter cannot be made: `field` is unknown or has no value."""

    def __init__(self, field: str, label: str = ""):
        self.field = field
        super().__init__(
            _("Le courrier ne peut pas partir : « %(field)s » n'est pas renseigné.")
            % {"field": label or field}
        )


class FieldLeft(RequestError):
    """A person left a field to fill in among their own words."""

    def __init__(self, field: str):
        self.field = field
        super().__init__(
            _(
                "Le courrier ne peut pas partir : votre texte contient encore « %(field)s ». "
                "Remplacez ce champ par sa valeur, ou effacez-le."
            )
            % {"field": field}
        )


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass(frozen=True)
class Choice:
    name: str
    given: tuple
    otherwise: tuple


Node = Text | Variable | Choice


def render(source: str, values: Values) -> str:
    """Return the text of `source` with its variables replaced.

    Args:
        values: ``{group: {name: text}}``; every group and name the template may use.

    Raises:
        TemplateFault: the source is not in the grammar.
        UnresolvedField: a name that is not in `values`, or an empty one outside its ``if``.
    """

    def refuse(name: str) -> str:
        raise UnresolvedField(name)

    return fill(source, values, refuse)


def fill(source: str, values: Values, empty: Callable[[str], str]) -> str:
    """Return the text of `source` with its variables replaced; see `render`.

    Args:
        empty: what stands for a variable without a value, by its name.
    """
    pieces: list[str] = []
    _write(parse(source), values, empty, pieces)
    text = re.sub(r"[ \t]+$", "", "".join(pieces), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def refuse_fields_left(*texts: str) -> None:
    """Refuse words of an agent in which a field waits to be filled in.

    Raises:
        FieldLeft: naming the first one, as it was typed.
    """
    for text in texts:
        if found := LEFT.search(text):
            raise FieldLeft(found.group())


def variables_of(source: str) -> set[str]:
    """Return every variable a template names.

    Raises:
        TemplateFault: the source is not in the grammar.
    """
    return set(_names(parse(source)))


def lone_braces_of(source: str) -> list[str]:
    """Return what stands in single braces, which are no field and would be printed.

    Raises:
        TemplateFault: the source is not in the grammar.
    """
    return [found.strip() for text in _texts(parse(source)) for found in LONE_BRACE.findall(text)]


def needs_of(source: str) -> dict[str, bool]:
    """Return each variable a template names, in its order: whether it must have a value.

    False for one that is only asked for (``if``), or printed only where it has a value itself.

    Raises:
        TemplateFault: the source is not in the grammar.
    """
    needs: dict[str, bool] = {}
    _gather_needs(parse(source), frozenset(), needs)
    return needs


def parse(source: str) -> tuple[Node, ...]:
    """Return the nodes of a template.

    Raises:
        TemplateFault: the source is not in the grammar.
    """
    tokens = iter(TOKEN.split(LONE_TAG.sub(r"\1\n", source)))
    nodes, end = _parse_until(tokens)
    if end:
        raise TemplateFault(_("Balise « %(tag)s » sans ouverture.") % {"tag": end})
    return nodes


def _parse_until(tokens: Iterator[str]) -> tuple[tuple[Node, ...], str]:
    nodes: list[Node] = []
    for token in tokens:
        if FIELD.fullmatch(token):
            nodes.append(Variable(_name(token[2:-2])))
        elif TAG.fullmatch(token):
            words = token[2:-2].split()
            if words in (["else"], ["endif"]):
                return tuple(nodes), words[0]
            if len(words) != 2 or words[0] != "if":
                raise TemplateFault(_("Balise inconnue : « %(tag)s ».") % {"tag": token})
            nodes.append(_parse_choice(_name(words[1]), tokens))
        elif left := SIGN.search(token):
            raise TemplateFault(
                _("Champ ou condition mal fermé : « %(text)s ».")
                % {"text": token[left.start() :].splitlines()[0][:40]}
            )
        elif token:
            nodes.append(Text(token))
    return tuple(nodes), ""


def _parse_choice(name: str, tokens: Iterator[str]) -> Choice:
    given, end = _parse_until(tokens)
    otherwise: tuple[Node, ...] = ()
    if end == "else":
        otherwise, end = _parse_until(tokens)
    if end != "endif":
        raise TemplateFault(_("Condition « %(name)s » sans fin.") % {"name": name})
    return Choice(name, given, otherwise)


def _name(text: str) -> str:
    name = text.strip()
    if not NAME.fullmatch(name):
        raise TemplateFault(_("Variable mal écrite : « %(name)s ».") % {"name": name})
    return name


def _names(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Variable):
            yield node.name
        elif isinstance(node, Choice):
            yield node.name
            yield from _names(node.given)
            yield from _names(node.otherwise)


def _texts(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Text):
            yield node.text
        elif isinstance(node, Choice):
            yield from _texts(node.given)
            yield from _texts(node.otherwise)


def _gather_needs(nodes: tuple[Node, ...], guards: frozenset[str], needs: dict[str, bool]) -> None:
    for node in nodes:
        if isinstance(node, Variable):
            needs[node.name] = needs.get(node.name, False) or node.name not in guards
        elif isinstance(node, Choice):
            needs.setdefault(node.name, False)
            _gather_needs(node.given, guards | {node.name}, needs)
            _gather_needs(node.otherwise, guards, needs)


def _value(name: str, values: Values) -> str:
    group, _dot, key = name.partition(".")
    if key not in values.get(group, {}):
        raise UnresolvedField(name)
    return str(values[group][key] or "").strip()


def _write(
    nodes: tuple[Node, ...], values: Values, empty: Callable[[str], str], pieces: list[str]
) -> None:
    for node in nodes:
        if isinstance(node, Text):
            pieces.append(node.text)
        elif isinstance(node, Choice):
            branch = node.given if _value(node.name, values) else node.otherwise
            _write(branch, values, empty, pieces)
        else:
            value = _value(node.name, values) or empty(node.name)
            # a list begins on a line of its own
            if value.startswith(LIST_SIGN) and pieces and not pieces[-1].endswith("\n"):
                value = f"\n{value}"
            pieces.append(value)
