"""Questions to the requester: asked, proposed by a department, sent or refused by reception."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import VerbForm, text_area
from requests.letters.offering import gets_neutral_letters, only_with_a_template


class OwnWords(VerbForm):
    """Words of an agent's own, which a complaint marked as abusive does not get (S34)."""

    def clean_body(self) -> str:
        if gets_neutral_letters(self.sr):
            raise forms.ValidationError(only_with_a_template())
        return self.cleaned_data["body"]


class QuestionForm(OwnWords):
    body = text_area(
        _("Question au citoyen"),
        help_text=_("Le délai s’arrête jusqu’à sa réponse."),
    )


class ProposedQuestionForm(VerbForm):
    body = text_area(
        _("Question à faire poser"),
        help_text=_("L’accueil la relit, puis l’envoie au citoyen ou vous la rend."),
    )


class QuestionOfThisRequest(VerbForm):
    """Names a proposed question, which must be this request's."""

    question = forms.IntegerField(widget=forms.HiddenInput)

    def clean_question(self) -> int:
        number = self.cleaned_data["question"]
        if not self.sr.proposed_questions.filter(pk=number).exists():
            raise forms.ValidationError(_("Cette question n’est pas celle de cette demande."))
        return number


class ApproveForm(QuestionOfThisRequest, OwnWords):
    body = text_area(
        _("Question envoyée au citoyen"), help_text=_("Vous pouvez en changer les mots.")
    )


class RefuseForm(QuestionOfThisRequest):
    """Nothing leaves; the expert sees it on the request."""
