"""Who reads, writes and keeps the knowledge base."""

from prestations.models import KnowledgeArticle
from requests.permissions import KNOWLEDGE_READERS, Right, scope_of

LETTER_APPROVERS = (Right.SUPERVISE, Right.KEEP_KNOWLEDGE)


def keeps_knowledge(user) -> bool:
    """Whether `user` is a knowledge manager."""
    return scope_of(user).may(Right.KEEP_KNOWLEDGE)


def reads_knowledge(user) -> bool:
    """Whether `user` reads the knowledge base at work, and may add to it."""
    return any(scope_of(user).may(right) for right in KNOWLEDGE_READERS)


def approves_letters(user) -> bool:
    """Whether `user` lets the words of letters leave: the front office's head, who signs them for
    the town, and the knowledge managers. Never their own words.
    """
    return any(scope_of(user).may(right) for right in LETTER_APPROVERS)


def may_write_article(user, article: KnowledgeArticle) -> bool:
    """Whether `user` may write a text for an article: its owner, its last author, a manager."""
    if keeps_knowledge(user) or article.owner_id == user.pk:
        return True
    pending = article.pending()
    return pending is not None and pending.author_id == user.pk


def may_answer(user, article: KnowledgeArticle) -> bool:
    """Whether `user` answers what readers say of an article: its owner, or a manager."""
    return keeps_knowledge(user) or article.owner_id == user.pk
