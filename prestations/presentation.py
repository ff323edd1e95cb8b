"""A prestation in plain words: delay, cost, channels, documents, silence."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prestations.calendars import town_calendar
from prestations.enums import (
    Audience,
    DelayUnit,
    DeliveryMode,
    PaidTo,
    PaymentMethod,
    SilenceEffect,
)
from prestations.models import Prestation
from prestations.translation import catalogue_text


@dataclass(frozen=True)
class Document:
    """A supporting document as the page lists it."""

    label: str
    condition: str
    original: bool
    source: str


@dataclass(frozen=True)
class FeeLine:
    """One line of the price list."""

    label: str
    price: str


def _listed_document(item: dict[str, Any]) -> Document:
    return Document(
        label=item["label"],
        condition=item["condition"] or "",
        original=item["original_at_counter"],
        source=item.get("source", ""),
    )


def delay_words(value: int, unit: str) -> str:
    """Say a delay: « 3 jours ouvrés », « 2 mois »."""
    words = {
        DelayUnit.WORKING_DAYS: ngettext("%(count)d jour ouvré", "%(count)d jours ouvrés", value),
        DelayUnit.CALENDAR_DAYS: ngettext("%(count)d jour", "%(count)d jours", value),
        DelayUnit.MONTHS: ngettext("%(count)d mois", "%(count)d mois", value),
    }
    return words[DelayUnit(unit)] % {"count": value}


def silence_regime_words(prestation: Prestation) -> str:
    """Say what silence does and when: « Le silence vaut rejet, au bout de 2 mois »."""
    effect = SilenceEffect(prestation.silence_effect).label
    if not prestation.silence_value:
        return str(effect)
    delay = delay_words(prestation.silence_value, prestation.silence_unit)
    return _("%(effect)s, au bout de %(delay)s") % {"effect": effect, "delay": delay}


def price_words(amount: float | None, unit: str | None) -> str:
    """Say a price: « 25 € par titre »; without an amount the unit says what it depends on."""
    per = catalogue_text(unit) if unit else ""
    if amount is None:
        return per
    if amount == 0:
        return _("gratuit")
    euros = Decimal(str(amount))
    number = number_format(euros, decimal_pos=0 if euros == euros.to_integral() else 2)
    price = _("%(amount)s €") % {"amount": number}
    return _("%(price)s par %(unit)s") % {"price": price, "unit": per} if per else price


class Presented:
    """What a page says of `prestation`, made when asked for."""

    def __init__(self, prestation: Prestation) -> None:
        self.prestation = prestation

    @cached_property
    def is_online(self) -> bool:
        """Whether the request can be filed here, on the web."""
        return self.prestation.open_on("web")

    @cached_property
    def channels_hint(self) -> str:
        """In a list: how to ask, in two or three words."""
        prestation = self.prestation
        if not prestation.is_open:
            return _("Information")
        if prestation.external_link:
            return _("En ligne sur un site de l’État, ou au guichet")
        if self.is_online:
            return _("En ligne")
        others = {"courrier", "email", "telephone"}.intersection(prestation.channels)
        if not others:
            return _("Au guichet seulement")
        names = {
            "telephone": _("par téléphone"),
            "courrier": _("par courrier"),
            "email": _("par courriel"),
        }
        ways = [name for code, name in names.items() if code in others]
        return _("Au guichet, %(ways)s") % {"ways": ", ".join(ways)}

    @cached_property
    def audiences(self) -> list[str]:
        return [str(Audience(code).label) for code in self.prestation.audiences]

    @cached_property
    def delay(self) -> str:
        """The delay we aim at, in words."""
        return delay_words(self.prestation.target_value, self.prestation.target_unit)

    @cached_property
    def usual_delay(self) -> str:
        """How long nine of ten requests closed lately really took, or nothing when too few."""
        days = self.prestation.usual_days
        if days is None:
            return ""
        words = ngettext(
            "Ces derniers mois, 9 demandes sur 10 ont été traitées en %(count)d jour au plus.",
            "Ces derniers mois, 9 demandes sur 10 ont été traitées en %(count)d jours au plus.",
            days,
        )
        return words % {"count": days}

    @cached_property
    def urgent_delay(self) -> str:
        """The shorter delay of urgent cases, or nothing."""
        prestation = self.prestation
        if prestation.urgent_value is None:
            return ""
        return delay_words(prestation.urgent_value, prestation.urgent_unit)

    @cached_property
    def fee_lines(self) -> list[FeeLine]:
        return [
            FeeLine(item["label"], price_words(item["amount"], item["unit"]))
            for item in self.prestation.fee.get("items", ())
        ]

    @cached_property
    def payment(self) -> str:
        """How to pay: « en ligne (PayFiP), par chèque »."""
        return ", ".join(
            str(PaymentMethod(code).label) for code in self.prestation.fee.get("payment", ())
        )

    @cached_property
    def paid_to(self) -> str:
        code = self.prestation.fee.get("paid_to")
        return str(PaidTo(code).label) if code else ""

    @cached_property
    def delivery(self) -> list[str]:
        return [str(DeliveryMode(code).label) for code in self.prestation.delivery_modes]

    @cached_property
    def _every_document(self) -> list[dict[str, Any]]:
        form = self.prestation.current_form
        return form.definition["documents"] if form else []

    @cached_property
    def _documents(self) -> list[dict[str, Any]]:
        """Those asked for with the request."""
        return [item for item in self._every_document if not item.get("later")]

    def _listed(self, mode: str) -> list[Document]:
        return [_listed_document(item) for item in self._documents if item["mode"] == mode]

    @cached_property
    def obligatory(self) -> list[Document]:
        """Documents asked of everybody."""
        return self._listed("obligatory")

    @cached_property
    def conditional(self) -> list[Document]:
        """Documents asked in some situations, with the condition."""
        return self._listed("conditional")

    @cached_property
    def later(self) -> list[Document]:
        """Documents due after the request, with when."""
        return [_listed_document(item) for item in self._every_document if item.get("later")]

    @cached_property
    def has_originals(self) -> bool:
        """Whether some document must be shown in original at the counter."""
        return any(item["original_at_counter"] for item in self._documents)

    @cached_property
    def has_uploads(self) -> bool:
        """Whether some document may be sent online."""
        return self.is_online and not all(item["original_at_counter"] for item in self._documents)

    @cached_property
    def _silence_delay(self) -> dict[str, str]:
        """After how long silence decides, in words; empty when it decides nothing."""
        prestation = self.prestation
        if prestation.silence_effect == SilenceEffect.NONE or prestation.silence_value is None:
            return {}
        return {"delay": delay_words(prestation.silence_value, prestation.silence_unit)}

    @cached_property
    def meanwhile(self) -> str:
        """What silence decides before the delay we aim at is over, for who asks now; or nothing.

        Two delays side by side seem to contradict each other: this sentence says them together.
        """
        prestation, delay = self.prestation, self._silence_delay
        if not delay or prestation.silence_value is None:
            return ""
        calendar, now = town_calendar(), timezone.now()
        decided = calendar.add(now, prestation.silence_value, prestation.silence_unit)
        if calendar.add(now, prestation.target_value, prestation.target_unit) < decided:
            return ""
        if prestation.silence_effect == SilenceEffect.ACCEPTATION:
            return _("Sans réponse %(delay)s après, la loi considère la demande acceptée.") % delay
        return (
            _(
                "Sans réponse %(delay)s après, la loi considère la demande refusée."
                " Nous répondons quand même, et vous pourrez contester."
            )
            % delay
        )

    @cached_property
    def silence(self) -> str:
        """What our silence means, in plain words (CRPA L231-1, L231-4)."""
        prestation, delay = self.prestation, self._silence_delay
        if not delay:
            return ""
        if prestation.silence_effect == SilenceEffect.ACCEPTATION:
            return (
                _(
                    "Sans réponse de notre part %(delay)s après la réception de votre dossier"
                    " complet, votre demande est acceptée. Nous vous remettons une attestation"
                    " si vous la demandez."
                )
                % delay
            )
        return (
            _(
                "Sans réponse de notre part %(delay)s après la réception de votre demande,"
                " elle est considérée comme refusée. Vous pouvez demander les raisons du refus."
            )
            % delay
        )

    @cached_property
    def appeal(self) -> str:
        """How to contest a decision: the prestation's own remedy, else the ordinary one.

        The same ways and delays as the letters, whether the legal service has confirmed the
        regime or not: somebody who waits for an answer in vain must know them too.
        """
        own = self.prestation.appeal
        return (
            catalogue_text(own)
            if own
            else _(
                "Vous pouvez contester une décision auprès du maire ou du tribunal administratif,"
                " dans les deux mois."
            )
        )


def present(prestation: Prestation) -> Presented:
    """Return `prestation` with its words for citizens' pages."""
    return Presented(prestation)
