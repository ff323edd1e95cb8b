"""What was made sure of, or let pass, in one line of the timeline."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from prestations.enums import PaymentMethod
from prestations.translation import catalogue_text
from requests.enums import IdentityProof


def check_words(data: Mapping, papers: Mapping[str, str]) -> str:
    """The documents accepted and refused, the identity, the fee.

    Args:
        data: of the event.
        papers: labels of the documents by code.
    """
    parts = []
    if accepted := data.get("accepted"):
        parts.append(_("accepté, %(pieces)s") % {"pieces": _labels(accepted, papers)})
    if refused := data.get("refused"):
        parts.append(_("refusé, %(pieces)s") % {"pieces": _labels(refused, papers)})
    if data.get("proof"):
        proof = str(IdentityProof(data["proof"]).label).lower()
        parts.append(_("identité vue, %(proof)s") % {"proof": proof})
    if fee := data.get("fee"):
        parts.append(
            _("payé %(amount)s € %(method)s, reçu n° %(receipt)s")
            % {
                "amount": fee["amount"].replace(".", ","),
                "method": PaymentMethod(fee["method"]).label,
                "receipt": fee["receipt"],
            }
        )
    return _(" ; ").join(parts)


def override_words(data: Mapping, names: Mapping[str, Mapping]) -> str:
    """What was let pass, and why."""
    others = {
        "identity": _("identité à vérifier"),
        "fee": _("paiement à noter"),
        "signature": _("signature à recueillir"),
    }
    calls = [_("rappel promis à faire")] if any(map(_is_call, data["lifted"])) else []
    codes = [key.removeprefix("piece:") for key in data["lifted"] if not _is_call(key)]
    what = ", ".join(filter(None, [_labels(codes, {**names["papers"], **others}), *calls]))
    reason = names["overrides"].get(data["override"])
    return _("%(what)s. Motif : %(reason)s") % {"what": what, "reason": reason} if reason else what


def _is_call(key: str) -> bool:
    return key.startswith("call:")


def _labels(codes: Iterable[str], papers: Mapping[str, str]) -> str:
    unnamed = _("une pièce demandée")
    return ", ".join(catalogue_text(papers[one]) if one in papers else unnamed for one in codes)
