"""What a reference looks like in an address (`<reference:…>`, registered by the app)."""


class ReferenceConverter:
    """Eleven digits as we write them or typed without dashes; anything else is no page (404).

    Whether the request exists, and for whom, is the view's question.
    """

    regex = "[0-9]{4}[ .–-]?[0-9]{6}[ .–-]?[0-9]"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
