"""The way of a prestation from its name to its first request: what is wrong, what is left to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from prestations.editing.checking import Told
from prestations.enums import Handling
from prestations.models import FormDraft, Prestation
from prestations.presentation import silence_regime_words

# Where each subject of a problem (`prestations.editing.subjects`) is written: the page, its field.
_FIELDS = {
    "team": "category",
    "target_delay": "target_value",
    "external_link": "link_label",
    "fee": "tarif-is_free",
}
_ELSEWHERE = {
    "form": "form_builder",
    "requester_block": "form_builder",
    "eligibility_questions": "form_builder",
    "routing_rules": "offer_rules",
    "urgent_delay": "offer_rules",
    "on_behalf": "offer_rules",
    "audiences": "audience",
    "templates": "offer_letters",
    **dict.fromkeys(("legal", "cerfa", "checks", "approval", "public_reports"), "offer_law"),
}


@dataclass(frozen=True)
class Placed:
    """A problem in words, with the address where it is mended."""

    about: str
    words: str
    url: str


@dataclass(frozen=True)
class Stage:
    """One thing to do before a prestation is in use; `note` says how far it is."""

    title: str
    url: str
    done: bool
    note: str


def placed(prestation: Prestation, problems: Iterable[Told]) -> list[Placed]:
    """Return the problems, each with the page and the field where it is mended."""
    return [Placed(one.about, one.words, _place(prestation, one)) for one in problems]


def _place(prestation: Prestation, problem: Told) -> str:
    code, name = prestation.pk, problem.name
    if problem.part:
        return reverse("backoffice:form_part", args=[code, problem.part, name])
    if name in _ELSEWHERE:
        return reverse(f"backoffice:{_ELSEWHERE[name]}", args=[code])
    page = reverse("backoffice:offer", args=[code])
    return f"{page}#div_id_{_FIELDS.get(name, name)}" if name else page


def way_of(
    prestation: Prestation, draft: FormDraft | None, problems: Iterable[Told]
) -> list[Stage]:
    """Return the stages of a prestation that is being made, in the order of the work.

    Args:
        problems: what keeps it from being in use with the form that it would have.
    """
    code, problems = prestation.pk, list(problems)
    page = reverse("backoffice:offer", args=[code])
    own = [one for one in problems if not one.part and one.name not in _ELSEWHERE]
    published = prestation.current_form is not None
    form_note = _("un brouillon attend d’être publié") if draft else _("pas encore publié")
    rules = bool(prestation.routing_rules or prestation.urgent_if or prestation.on_behalf)
    stages = [
        Stage(
            _("Ses textes et ses réglages"),
            f"{page}#textes",
            not own,
            ", ".join(dict.fromkeys(one.about for one in own)),
        ),
        Stage(
            _("Ses rubriques sur la page des habitants"),
            f"{page}#div_id_groups",
            prestation.portal_entries.exists(),
            _("aucune : on la trouve par la recherche et par sa catégorie"),
        ),
        Stage(
            _("Ses lettres"),
            reverse("backoffice:offer_letters", args=[code]),
            bool(prestation.outcome_positive_template),
            _("l’agent écrira chaque réponse"),
        ),
        Stage(
            _("Son formulaire"),
            reverse("backoffice:form_builder", args=[code]),
            published and draft is None,
            form_note,
        ),
    ]
    stages += _by_law(prestation, problems)
    if prestation.handling == Handling.COMPLEXE:
        url = reverse("backoffice:offer_rules", args=[code])
        service = prestation.expert_department
        note = _("tout va au service métier : %(service)s") % {"service": service or "–"}
        stages.append(Stage(_("Son orientation selon les réponses"), url, rules, note))
    note = _("choisissez « Active », puis enregistrez")
    stages.append(Stage(_("La mettre en service"), f"{page}#div_id_status", done=False, note=note))
    return stages


def _by_law(prestation: Prestation, problems: Iterable[Told]) -> list[Stage]:
    """What silence does, confirmed; and somebody to read what only named agents may."""
    code = prestation.pk
    wrong = [one.about for one in problems if _ELSEWHERE.get(one.name) == "offer_law"]
    unsure = Prestation.objects.filter(pk=code).silence_unconfirmed().exists()
    note = _("%(regime)s : à confirmer par le service juridique")
    stages = [
        Stage(
            _("Ce que vaut le silence, ce qui se vérifie"),
            reverse("backoffice:offer_law", args=[code]),
            not wrong and not unsure,
            ", ".join(wrong) or note % {"regime": silence_regime_words(prestation)},
        )
    ]
    if prestation.restricted:
        stages.append(
            Stage(
                _("Les agents nommés qui lisent ses demandes"),
                reverse("backoffice:holder", args=[code]),
                prestation.right_holders.current().exists(),
                _("nommez quelqu’un : aucun agent ne lirait ses demandes"),
            )
        )
    return stages
