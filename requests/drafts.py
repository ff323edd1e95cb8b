"""The forms that somebody has begun: their browser's session holds the tokens, or their account."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from citizens.access import account_of
from citizens.models import CitizenAccount, OrganisationAccount
from prestations.enums import Channel
from prestations.forms import Questionnaire
from prestations.forms.answers import flatten
from prestations.forms.definition import ANSWERS
from prestations.forms.eligibility import Condition, conditions_of, first_unmet, settled
from prestations.models import FormVersion, Prestation
from prestations.privacy import RIGHTS_PRESTATION
from prestations.translation import catalogue_text
from requests.models import FilingDraft

SESSION_KEY = "filing_drafts"
# Of the form about personal data: which right, on what, and for whom, asked before it.
RIGHT_FIELD, SCOPE_FIELD, PERSON_QUESTION, MYSELF = "droit", "perimetre", "personne", "moi"
CONCERNED_FIELDS = ("concerne_prenom", "concerne_nom")


def begun_here(request: HttpRequest) -> list[str]:
    """The tokens of the forms that this browser began."""
    return request.session.get(SESSION_KEY, [])


def forget_filed(request: HttpRequest) -> None:
    """This browser no longer knows which requests its forms became; unfinished ones stay."""
    tokens = begun_here(request)
    filed = FilingDraft.objects.filter(token__in=tokens).exclude(filed_request=None)
    gone = {str(token) for token in filed.values_list("token", flat=True)}
    if gone:
        request.session[SESSION_KEY] = [token for token in tokens if token not in gone]


def own_drafts(request: HttpRequest) -> QuerySet[FilingDraft]:
    """The drafts of whoever asks; no query when there can be none.

    One that belongs to an account opens for its owner alone, on any device, and one of an
    organisation for its members; the session that began it gives no right to it any more.
    """
    tokens, account = begun_here(request), account_of(request)
    if account is None and not tokens:
        return FilingDraft.objects.none()
    own = Q(account=None, token__in=tokens)
    if account is not None:
        own |= _owned_by(account)
    return FilingDraft.objects.filter(own)


def _owned_by(account: CitizenAccount) -> Q:
    """Which drafts wait in somebody's space, or in one of their organisations'."""
    in_organisations = OrganisationAccount.objects.of_account(account).values("pk")
    return Q(account__citizen_id=account.citizen_id, organisation=None) | Q(
        organisation__in=in_organisations
    )


def is_owned_by(account: CitizenAccount, token: str) -> bool:
    """Whether the draft of that token waits for this account."""
    return FilingDraft.objects.filter(_owned_by(account), token=token).exists()


def unfiled_draft(request: HttpRequest, token: str) -> FilingDraft | None:
    """The reader's own draft of that token; None for anything else, filed or not a token at all."""
    try:
        return own_drafts(request).filter(filed_request=None, token=UUID(token)).first()
    except ValueError:
        return None


def unfiled_drafts(
    request: HttpRequest, prestation: Prestation | None = None
) -> QuerySet[FilingDraft]:
    """The reader's own drafts that may be taken up again, the latest first.

    Args:
        prestation: only those of this one.
    """
    drafts = own_drafts(request).filter(filed_request=None, organisation=None)
    if prestation is not None:
        drafts = drafts.filter(prestation=prestation)
    return drafts.select_related("prestation", "form_version").order_by("-updated_at")


def right_asked(version: FormVersion, answers: Mapping[str, Any]) -> str:
    """The right that a form about personal data exercises: « Effacement »; "" for all others."""
    if version.prestation_id != RIGHTS_PRESTATION:
        return ""
    asked = answers.get(ANSWERS, {}).get(RIGHT_FIELD)
    questions = Questionnaire(version, Channel.WEB).definition.questions
    choices = (one.choices for one in questions if one.name == RIGHT_FIELD)
    labels = dict(next(choices, ()))
    return catalogue_text(labels[asked]) if asked in labels else ""


def named_for(answers: Mapping[str, Any]) -> str:
    """For whom a right is exercised, when for somebody represented or dead; "" for oneself."""
    given = answers.get(ANSWERS, {})
    return " ".join(given[name] for name in CONCERNED_FIELDS if given.get(name))


def begun_right(request: HttpRequest, right: str) -> FilingDraft | None:
    """The reader's unfinished request of a right for themselves, if they began one."""
    begun = unfiled_drafts(request).filter(
        prestation=RIGHTS_PRESTATION, **{f"answers__{ANSWERS}__{RIGHT_FIELD}": right}
    )
    own = (one for one in begun if one.eligibility.get(PERSON_QUESTION, MYSELF) == MYSELF)
    return next(own, None)


def settled_before(draft: FilingDraft) -> dict[str, Condition]:
    """The form's questions that were answered on a page before it, by key."""
    return settled(draft.form_version, draft.eligibility, flatten(draft.answers))


def unmet_condition(draft: FilingDraft) -> Condition | None:
    """The first question before the form that does not let this draft go on."""
    return first_unmet(conditions_of(draft.form_version), draft.eligibility)


def drafts_of(organisation: OrganisationAccount) -> QuerySet[FilingDraft]:
    """The unfiled drafts in an organisation's space, the latest first."""
    drafts = FilingDraft.objects.filter(organisation=organisation, filed_request=None)
    return drafts.select_related("prestation", "form_version").order_by("-updated_at")


def lacks_person(draft: FilingDraft) -> bool:
    """Whether it is for somebody else who was not named yet."""
    return draft.person == {}


def is_held_back(draft: FilingDraft) -> bool:
    """Whether something asked before the form is still to be answered."""
    return lacks_person(draft) or unmet_condition(draft) is not None


def owns_draft(request: HttpRequest, token: UUID | str) -> bool:
    """Whether the draft belongs to whoever asks."""
    return own_drafts(request).filter(token=token).exists()


def resume_url(draft: FilingDraft) -> str:
    """The first question or step not completed yet; the check page when all are."""
    if lacks_person(draft):
        return reverse("requests:file_person", args=[draft.prestation_id, draft.token])
    if unmet := unmet_condition(draft):
        args = [draft.prestation_id, draft.token, unmet.number]
        return reverse("requests:file_condition", args=args)
    done = set(draft.steps_done)
    steps = Questionnaire(draft.form_version, draft.channel).steps(draft.answers)
    args = [draft.prestation_id, draft.token]
    for step in steps:
        if step.number not in done:
            return reverse("requests:file_step", args=[*args, step.number])
    return reverse("requests:file_check", args=args)
