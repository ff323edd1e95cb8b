"""SQL vocabulary of people."""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connections, models, transaction
from django.db.models import Case, FloatField, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest

from massy_grc.common.text import fold, is_phone, phone_digits

LIKE_ENOUGH = 0.4  # of the trigrams of a word as heard: « larok » finds « Larroque »
NAMED_AT_MOST = 60
WORDS_AT_MOST = 5


class CitizenQuerySet(models.QuerySet):
    """How agents find a person."""

    def living(self):
        """Records still in use (neither merged away nor anonymised)."""
        return self.filter(merged_into=None, anonymised_at=None)

    def matching(self, text: str):
        """People whose name, e-mail or phone looks like `text`, best first.

        Accents, case and small typos are forgiven; digits search phone numbers.
        """
        text = text.strip()
        if is_phone(text):
            return self.filter(phone_key__contains=phone_digits(text)).order_by("search_name", "id")
        if "@" in text:
            return self.filter(email__istartswith=text).order_by("search_name", "id")
        return self.sounding_like(fold(text).replace("'", "").split()[:WORDS_AT_MOST])

    def sounding_like(self, words: list[str]):
        """People with a name like one of `words` (folded), those like most of them first.

        Each row carries as `closeness`, from 0 to 1, how far all words are like its name. A word
        counts by its letters (trigrams) and, when it is said like a word of the name, by
        its sound. Makes queries of its own: the trigram index answers at the threshold
        `LIKE_ENOUGH`, and only the people it found are compared by sound.
        """
        if not words:
            return self.none()
        telling = [word for word in words if len(word) >= 3] or words
        some = Q()
        for word in telling:
            some |= Q(search_name__trigram_word_similar=word)
        closeness = sum((_closeness(word) for word in words), Value(0.0)) / Value(float(len(words)))
        found = self.filter(some).annotate(closeness=closeness)
        with transaction.atomic(using=self.db), connections[self.db].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)",
                [str(LIKE_ENOUGH)],
            )
            best = list(
                found.order_by("-closeness", "search_name", "id").values_list("pk", flat=True)[
                    :NAMED_AT_MOST
                ]
            )
        if not best:
            return self.none()
        place = Case(*(When(pk=pk, then=Value(n)) for n, pk in enumerate(best)))
        return self.filter(pk__in=best).annotate(closeness=closeness).order_by(place)


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
