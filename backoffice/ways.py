"""By which ways a prestation is asked for, in one sentence for an agent whose post is not one."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.enums import Channel
from prestations.models import Prestation

WAYS = {
    Channel.WEB: gettext_lazy("en ligne"),
    Channel.GUICHET: gettext_lazy("au guichet"),
    Channel.TELEPHONE: gettext_lazy("par téléphone"),
    Channel.COURRIER: gettext_lazy("par courrier"),
    Channel.EMAIL: gettext_lazy("par courriel"),
    Channel.SMS: gettext_lazy("par SMS"),
}


def other_ways(prestation: Prestation, channel: str) -> str:
    """« X ne se demande pas par téléphone, mais en ligne ou au guichet. »

    Args:
        channel: by which the prestation is not open.
    """
    words = {
        "prestation": str(prestation),
        "here": WAYS.get(Channel(channel), channel),
        "others": _joined([str(words) for way, words in WAYS.items() if prestation.open_on(way)]),
        "site": (prestation.external_link or {}).get("label", ""),
    }
    if words["others"]:
        return _("« %(prestation)s » ne se demande pas %(here)s, mais %(others)s.") % words
    if words["site"]:
        return _("« %(prestation)s » ne se demande pas %(here)s, mais sur %(site)s.") % words
    return _("« %(prestation)s » ne se demande pas %(here)s.") % words


def _joined(ways: list[str]) -> str:
    if len(ways) < 2:
        return "".join(ways)
    return _("%(first)s ou %(last)s") % {"first": ", ".join(ways[:-1]), "last": ways[-1]}
