"""The parts of a day's mail: a heading with how many there are, and the first of them."""

NAMED = 20  # under one heading; the lists have them all


def part(heading: str, lines: list[str], count: int | None = None) -> str:
    """Return a heading with its lines; "" without any.

    Args:
        count: how many there are, where `lines` holds only the first of them.
    """
    count = len(lines) if count is None else count
    if not count:
        return ""
    shown = [f"- {line}" for line in lines[:NAMED]]
    if more := count - len(shown):
        shown.append(f"- et {more} autre{'s' if more > 1 else ''}")
    return "\n".join([f"{heading} : {count}", *shown])
