"""The telephone that rang: its channel and its number stay with what the agent does of the call."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from backoffice.people import caller_number, is_internal
from backoffice.posts import post_of
from prestations.enums import Channel


@dataclass(frozen=True)
class Ringing:
    """What an address carries of a call (``?canal=telephone&numero=…``), page after page.

    Attributes:
        channel: whatever the agent's post; "" when nothing rang.
        number: as it is dialled; "" for a hidden one.
    """

    channel: str = ""
    number: str = ""

    @property
    def carried(self) -> dict[str, str]:
        """The fields of a form, or the parameters of an address, that hand it on."""
        known = {"canal": self.channel, "numero": self.number}
        return {name: value for name, value in known.items() if value}

    @property
    def more(self) -> str:
        """What follows other parameters of an address: ``&canal=telephone&numero=…``."""
        return f"&{urlencode(self.carried)}" if self.carried else ""

    @property
    def end(self) -> str:
        """What ends an address without parameters."""
        return address("", self.carried)

    def door(self, request: HttpRequest, otherwise: str = Channel.GUICHET) -> str:
        """The channel of what the agent notes: the telephone's, else that of their post."""
        post = post_of(request)
        return self.channel or (post.channel if post else otherwise)


def ringing_of(request: HttpRequest) -> Ringing:
    """The call that an address names; nothing of what cannot be true."""
    channel = request.GET.get("canal", "")
    number = caller_number(request.GET.get("numero", "")[:60])
    return Ringing(
        channel if channel in Channel.values else "", "" if is_internal(number) else number
    )


def address(path: str, parameters: dict) -> str:
    """`path` with those of `parameters` that say something."""
    told = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(told)}" if told else path


def reception_url(citizen_id: int | None = None, ringing: Ringing | None = None) -> str:
    """Reception with this person already chosen, in the course of this call."""
    carried = ringing.carried if ringing else {}
    return address(reverse("backoffice:reception"), {"citoyen": citizen_id} | carried)
