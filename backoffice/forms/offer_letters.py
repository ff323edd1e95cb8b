"""Which letters a prestation names, as an administrator chooses them."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.forms.routing import CheckedRows
from massy_grc.common.choices import offer_rows
from prestations.enums import LetterUse
from prestations.models import LetterTemplate, Prestation

ANSWERS = {
    "outcome_positive_template": LetterUse.FAVOURABLE,
    "outcome_negative_template": LetterUse.REFUSAL,
}


def _letter(label: Any, **kwargs: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(label=label, queryset=LetterTemplate.objects.none(), **kwargs)


class OfferLettersForm(forms.Form):
    """The letters of one prestation; those that are general are offered beside."""

    acknowledgement_template = _letter(_("Accusé de réception"))
    outcome_positive_template = _letter(_("Réponse favorable"), required=False)
    outcome_negative_template = _letter(_("Réponse défavorable"), required=False)
    other_templates = CheckedRows(
        label=_("Autres modèles proposés aux agents"),
        queryset=LetterTemplate.objects.none(),
        required=False,
        help_text=_("Les modèles proposés pour toute prestation le sont déjà."),
    )

    def __init__(self, data: Any = None, *, prestation: Prestation):
        self.prestation = prestation
        names = ("acknowledgement_template", *ANSWERS, "other_templates")
        super().__init__(data, initial={name: getattr(prestation, name) for name in names})
        letters = LetterTemplate.objects.filter(is_active=True, audience="citoyen")
        receipts = Prestation.objects.values("acknowledgement_template")
        own = letters.filter(uses__contains=[LetterUse.AUTOMATIC]).made_here()
        first = letters.filter(Q(pk__in=receipts) | Q(pk__in=own))
        offer_rows(self, "acknowledgement_template", first, empty_label=None)
        for name, use in ANSWERS.items():
            named = Q(uses__contains=[use]) | Q(pk=getattr(prestation, name))
            offer_rows(self, name, letters.filter(named), empty_label=_("Aucune"))
        sent = letters.exclude(uses__overlap=[LetterUse.AUTOMATIC, LetterUse.LATER])
        others = Q(pk__in=sent.filter(is_general=False)) | Q(pk__in=prestation.other_templates)
        offer_rows(self, "other_templates", letters.filter(others))

    def columns(self) -> dict[str, Any]:
        """What was chosen, as columns; the others keep the order they had."""
        given = self.cleaned_data
        wanted = [one.pk for one in given["other_templates"]]
        kept = [one for one in self.prestation.other_templates if one in wanted]
        answers = {name: given[name].pk if given[name] else "" for name in ANSWERS}
        return answers | {
            "acknowledgement_template": given["acknowledgement_template"].pk,
            "other_templates": kept + [one for one in wanted if one not in kept],
        }
