"""Where the agent sits during this session: a site and a kind of post (S29)."""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

from prestations.enums import Channel
from prestations.models import PostType, Site
from prestations.translation import catalogue_text

SESSION_KEY = "post"

# The channel by which people reach each kind of post; the agent can say otherwise.
CHANNEL_OF_POST = {
    "pre-accueil": Channel.GUICHET,
    "guichet": Channel.GUICHET,
    "telephone": Channel.TELEPHONE,
    "back-office": Channel.COURRIER,
}


@dataclass(frozen=True)
class Post:
    """A site and a kind of post, with the words the top bar shows (no query per page)."""

    site: str
    post_type: str
    site_label: str
    post_label: str

    def __str__(self) -> str:
        return f"{catalogue_text(self.post_label)} · {catalogue_text(self.site_label)}"

    @property
    def channel(self) -> str:
        """The channel of what arrives at this post."""
        return CHANNEL_OF_POST.get(self.post_type, Channel.GUICHET)


def post_of(request: HttpRequest) -> Post | None:
    """Return the post chosen for this session; None before the choice."""
    kept = request.session.get(SESSION_KEY)
    try:
        return Post(**kept) if kept else None
    except TypeError:  # a session of an older version
        return None


def choose_post(request: HttpRequest, *, site: Site, post_type: PostType) -> Post:
    """Keep the post for the session and return it."""
    post = Post(site.code, post_type.code, site.label, post_type.label)
    request.session[SESSION_KEY] = asdict(post)
    return post


def post_rows(request: HttpRequest) -> dict:
    """Return the rows of the session's post as actions take them: ``site`` and ``post_type``."""
    post = post_of(request)
    if post is None:
        return {"site": None, "post_type": None}
    return {
        "site": Site.objects.filter(pk=post.site, is_active=True).first(),
        "post_type": PostType.objects.filter(pk=post.post_type).first(),
    }
