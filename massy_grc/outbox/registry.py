"""Which handlers listen to which topic. Filled by the `handlers` modules of the apps."""

from collections import defaultdict
from collections.abc import Callable

from massy_grc.outbox.models import OutboxEvent

Handler = Callable[[OutboxEvent], None]

_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)
_first: set[str] = set()


def subscribe(*topics: str, first: bool = False) -> Callable[[Handler], Handler]:
    """Decorate a handler of one or several topics.

    The handler gets the `OutboxEvent` and runs in a Celery task, inside one transaction with
    its receipt, so that it takes effect once however often it is delivered. It does nothing
    outside the database: messages to the outside are rows of `Delivery` (`queue_delivery`).

    `first`: people wait for what it does, and it is quick: it runs before what is not, however
    much of that waits.
    """

    def register(handler: Handler) -> Handler:
        for topic in topics:
            _handlers[topic][name_of(handler)] = handler
        if first:
            _first.add(name_of(handler))
        return handler

    return register


def name_of(handler: Handler) -> str:
    """The name under which receipts know a handler: module and function."""
    return f"{handler.__module__}.{handler.__qualname__}"


def handlers_of(topic: str) -> dict[str, Handler]:
    """Return the handlers of a topic by name (none for a topic nobody listens to)."""
    return dict(_handlers.get(topic, {}))


def find_handler(topic: str, name: str) -> Handler | None:
    """Return one handler, or None when the code no longer has it."""
    return _handlers.get(topic, {}).get(name)


def first_handlers() -> frozenset[str]:
    """Return the names of the handlers that run before the others."""
    return frozenset(_first)
