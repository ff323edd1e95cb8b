"""SQL vocabulary of people."""

import re
from collections.abc import Collection, Sequence
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import models
from django.db.models import Case, CharField, FloatField, Func, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate, Greatest, Lower, Upper

from citizens.enums import DuplicateState
from massy_grc.common.likeness import like_enough
from massy_grc.common.text import fold, is_phone, phone_digits

LIKE_ENOUGH = 0.4  # of the trigrams of a word as heard: « larok » finds « Larroque »
SHORT_LIKE_ENOUGH = 0.5  # of those of a word of four letters
NEARLY_THE_SAME = 0.6
TELLING = 4  # letters: a shorter word is like a tenth of all names, and only puts them in order
SHORTEST_HEARD = 3  # letters
NAMED_AT_MOST = 60
HEARD_AT_MOST = 60  # of those written alike are compared by their sound
SORTED_AT_MOST = 500
TWIN_LETTERS = 0.5  # of the trigrams of a whole name: « dupnot nathalie », « dupont nathalie »
COMPARED_AT_MOST = 60
WORDS_AT_MOST = 5
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")  # « n'diaye » is one

# with an @, or with what no name has: « marcel.pelletier835 »
_MAIL_BEGUN = re.compile(r"\S*(?:@|[^\W\d_][._+\-]?\d|\w[._+]\w)\S*")


class CitizenQuerySet(models.QuerySet):
    """How agents find a person."""

    def living(self):
        """Records still in use (neither merged away nor anonymised)."""
        return self.filter(merged_into=None, anonymised_at=None)

    def in_use_at(self, pk: int):
        """The record of this number, or the one that was kept when it was given up."""
        return self.living().filter(Q(pk=pk) | Q(pk__in=self.filter(pk=pk).values("merged_into")))

    def matching(self, text: str, most: int = NAMED_AT_MOST):
        """At most `most` people whose name, e-mail or phone looks like `text`, best first.

        Names that begin so come first, then those of which words begin so in any order, then those
        who have the other words in their address. These are `as_written`; only where they leave
        room are names looked for that are written or said alike. Digits search phone numbers,
        however they are written; what may begin an e-mail address finds these first. Each row
        carries as `closeness`, from 0 to 1, how far all words are like its name. Makes a few
        queries of its own, each at an end after some rows.
        """
        text = text.strip()
        if is_phone(text):
            return self._in_order(self._numbered(phone_digits(text), most))
        mailed = self._mailed(text, most) if _MAIL_BEGUN.fullmatch(text) else []
        if "@" in text:
            return self._in_order(mailed)
        words = _WORD.findall(fold(text))[:WORDS_AT_MOST]
        best = mailed
        if words and len(best) < most:
            best += self.exclude(pk__in=best).beginning_with(words, most - len(best))
        if len(words) > 1 and not best:
            best = self.living_at(words, most)
        heard = [word.replace("'", "") for word in words]
        alike: list[int] = []
        if len(best) < most and all(word.isalpha() for word in heard):  # others are codes
            alike = self.exclude(pk__in=best).named_like(heard, most - len(best))
        return self._in_order(best, alike, heard)

    def named_as(self, text: str):
        """All whom `text` names as it is written: each word begins one of the name, the digits are
        of the number, the address begins so. For pages of any number of them, in this order:

        `place`, "0" for those whose name, number or address begins so, else "1"; then `name`.
        """
        text = text.strip()
        words = _WORD.findall(fold(text))[:WORDS_AT_MOST]
        mailed = Q(mail__startswith=text.upper()) if _MAIL_BEGUN.fullmatch(text) else None
        if is_phone(text):
            digits = phone_digits(text)
            first, named = Q(phone_key__startswith=digits), Q(phone_key__contains=digits)
        elif (mailed and "@" in text) or not words:
            first = named = mailed or Q(pk=None)
        else:
            first, named = Q(search_name__startswith=" ".join(words)), _worded(words)
            if mailed:
                first, named = first | mailed, named | mailed
        place = Case(When(first, then=Value("0")), default=Value("1"))
        return (
            self.annotate(mail=Upper("email"))
            .filter(named)
            .annotate(name=Collate("search_name", "C"), place=place)
        )

    def _mailed(self, begun: str, most: int) -> list[int]:
        mails = self.annotate(mail=Upper("email")).filter(mail__startswith=begun.upper())
        return _ids(mails.order_by("mail", "id")[:most])

    def _numbered(self, digits: str, most: int) -> list[int]:
        """Those whose number begins so, then those that have it anywhere: the last digits, say."""
        keyed = self.annotate(key=Collate("phone_key", "C"))
        begins = Q(key__startswith=digits)
        best = _ids(keyed.filter(begins).order_by("key", "id")[:most])
        if len(best) < most:
            some = keyed.filter(phone_key__contains=digits).exclude(begins)
            best += self._sorted(some, most - len(best))
        return best

    def beginning_with(self, words: list[str], most: int) -> list[int]:
        """Those whose name begins with the words, then those of which each word begins a word."""
        named = self.annotate(name=Collate("search_name", "C"))
        begins = Q(name__startswith=" ".join(words))
        best = _ids(named.filter(begins).order_by("name", "id")[:most])
        if len(best) < most:
            some = named.exclude(begins).filter(_worded(words))
            best += self._sorted(some, most - len(best))
        return best

    def living_at(self, words: list[str], most: int) -> list[int]:
        """Those of whom some words begin one of the name, and the others are of the address:
        « diallo ampere ».
        """
        names = [word for word in words if len(word) >= SHORTEST_HEARD and word.isalpha()]
        if not names:
            return []
        folded = Func(Lower("address"), function="unaccent", output_field=CharField())
        each = (_worded([word]) | Q(folded__contains=word) for word in words)
        some = self.filter(reduce(or_, map(_worded, ([word] for word in names))))
        return self._sorted(some.alias(folded=folded).filter(*each), most)

    def _sorted(self, some, most: int) -> list[int]:
        """By name; of very many, those that the index gives first."""
        some = self.filter(pk__in=some.order_by().values("pk")[:SORTED_AT_MOST])
        return _ids(some.order_by("search_name", "id")[:most])

    def named_like(self, words: list[str], most: int) -> list[int]:
        """Those whose name has a word like each of `words`, by letters then by sound.

        When there are none, those with a word nearly the same as one of them: a record may lack
        the given name, or the caller may have another one.
        """
        words = [word for word in words if word.isalpha()]
        telling = [word for word in words if len(word) >= TELLING] or words
        if not telling or max(map(len, telling)) < SHORTEST_HEARD:
            return []
        share = LIKE_ENOUGH if min(map(len, telling)) > TELLING else SHORT_LIKE_ENOUGH
        alike = [Q(search_name__trigram_word_similar=word) for word in telling]
        with like_enough(share, self.db):
            likely = self._likely(words, reduce(and_, alike))
        if not likely and len(telling) > 1:
            with like_enough(NEARLY_THE_SAME, self.db):
                likely = self._likely(words, reduce(or_, alike))
        whole = TrigramSimilarity("search_name", " ".join(words))  # who has no other name first
        heard = self.filter(pk__in=likely).annotate(closeness=_closeness_of(words), whole=whole)
        return _ids(heard.order_by("-closeness", "-whole", "search_name", "id")[:most])

    def _likely(self, words: list[str], alike: Q) -> list[int]:
        likeness = sum((TrigramWordSimilarity(word, "search_name") for word in words), Value(0.0))
        found = self.filter(alike).annotate(likeness=likeness)
        return _ids(found.order_by("-likeness", "search_name", "id")[:HEARD_AT_MOST])

    def _in_order(self, best: list[int], alike: Sequence[int] = (), words: Collection[str] = ()):
        """Those of `best`, then those of `alike`, in that order."""
        ids = [*best, *alike]
        if not ids:
            return self.none()
        place = Case(*(When(pk=pk, then=Value(n)) for n, pk in enumerate(ids)))
        found = self.filter(pk__in=ids).annotate(
            closeness=_closeness_of(words), as_written=Value(True) if not alike else Q(pk__in=best)
        )
        return found.order_by(place)

    def resembling(self, citizen) -> list:
        """Return the living records worth comparing with `citizen`, saved or not; nearest first.

        Those that share a key with it, or nearly all letters of the name. One query, which reads
        the two indexes; `citizens.likeness` says what the resemblance is worth.
        """
        alike = Q(match_keys__overlap=citizen.match_keys)
        if len(citizen.search_name) >= 8:  # of a short name too many letters are everybody's
            alike |= Q(search_name__trigram_similar=citizen.search_name)
        others = self.living().exclude(pk=citizen.pk).filter(alike)
        nearest = TrigramSimilarity("search_name", citizen.search_name)
        with like_enough(TWIN_LETTERS, self.db, whole=True):
            return list(others.order_by(nearest.desc(), "id")[:COMPARED_AT_MOST])

    def to_compare(self):
        """Living records that are new, or whose identity changed since they were compared."""
        return self.living().filter(compared_at=None)


def _worded(words: Collection[str]) -> Q:
    """Each of `words` begins a word of the name."""
    each = (Q(search_name__startswith=word) | Q(search_name__contains=f" {word}") for word in words)
    return reduce(and_, each)


def _ids(rows) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _closeness_of(words: Collection[str]):
    """How far all `words` are like a name: 0 to 1."""
    return sum(map(_closeness, words), Value(0.0)) / Value(float(len(words) or 1))


def _closeness(word: str):
    """How far `word` is like a name: 0 to 1, by letters or, nearly as good, by sound."""
    said_alike = RawSQL(
        "CASE WHEN dmetaphone(%s) <> '' AND EXISTS (SELECT FROM"
        " regexp_split_to_table(citizens_citizen.search_name, '[^a-z]+') AS said"
        " WHERE dmetaphone(said) = dmetaphone(%s)) THEN 0.9 ELSE 0 END",
        (word, word),
        output_field=FloatField(),
    )
    return Greatest(TrigramWordSimilarity(word, "search_name"), said_alike)


class CitizenAccountQuerySet(models.QuerySet):
    """Accounts, open and closed."""

    def open(self):
        """Those that can be used."""
        return self.filter(closed_at=None)


class OrganisationAccountQuerySet(models.QuerySet):
    """The accounts of organisations, and for whom."""

    def open(self):
        """Those that somebody may still act for."""
        return self.filter(closed_at=None)

    def of_account(self, account):
        """Those in which the owner of `account` is a member now; no other can be found."""
        return self.filter(members__account=account.pk)


class SubscriptionQuerySet(models.QuerySet):
    """Addresses on the lists."""

    def confirmed(self):
        """Those whose owner opened the mailed link: the only ones that are written to."""
        return self.filter(confirmed_at__isnull=False)

    def of_account(self, account):
        """Those of an account's owner: asked for from it, or by its own confirmed address."""
        own = Q(citizen=account.citizen_id)
        if account.user.email:
            own |= Q(email=account.user.email, confirmed_at__isnull=False)
        return self.filter(own)


class PossibleDuplicateQuerySet(models.QuerySet):
    """Pairs of records that may be one person."""

    def waiting(self):
        """Those nobody has answered, of two records still in use; the surest first."""
        both = Q()
        for side in ("citizen", "other"):
            both &= Q(**{f"{side}__merged_into": None, f"{side}__anonymised_at": None})
        return self.filter(both, state=DuplicateState.OPEN).order_by("-score", "-id")

    def between(self, one, other):
        """The pair of two records, whichever was noted first."""
        return self.filter(
            Q(citizen=one, other=other) | Q(citizen=other, other=one),
        )

    def of(self, citizen):
        """The pairs in which a record stands."""
        return self.filter(Q(citizen=citizen) | Q(other=citizen))


class CitizenMergeQuerySet(models.QuerySet):
    """Records made one."""

    def standing(self):
        """Those that nobody has undone."""
        return self.filter(undone_at=None)

    def fresh(self):
        """Those that may still be undone: what they brought is nobody's for sure yet."""
        return self.filter(undone_at=None, settled_at=None)

    def brought(self, citizen_id: int, column: str) -> list[int]:
        """Return the ids of the rows that fresh merges brought to a record.

        Args:
            column: as `CitizenMerge.moved` names it, ``requests.ServiceRequest.citizen``.
        """
        moved = self.fresh().filter(kept=citizen_id).values_list("moved", flat=True)
        return [pk for one in moved for pk in one.get(column, ())]


class HouseholdTieQuerySet(models.QuerySet):
    """Who belongs to one household."""

    def standing(self):
        """Those that nobody has ended."""
        return self.filter(ended_at=None)

    def of(self, citizen_id: int):
        """Those of a record, and of the records given up for it."""
        return self.filter(
            Q(citizen=citizen_id)
            | Q(other=citizen_id)
            | Q(citizen__merged_into=citizen_id)
            | Q(other__merged_into=citizen_id)
        )


class ConsentEventQuerySet(models.QuerySet):
    """Consents given and withdrawn."""

    def of(self, citizen_id: int):
        """Those of a record, and of the records given up for it: the log never changes."""
        return self.filter(Q(citizen=citizen_id) | Q(citizen__merged_into=citizen_id))
