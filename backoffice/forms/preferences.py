"""What an agent chooses for themselves: look, last words, mails."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.choices import offer
from massy_grc.users.models import Theme, User
from prestations.enums import AlertMail, ArrivalMail
from prestations.models import Membership
from requests.enums import NoticeKind

PLACE = "membership-"


class PreferencesForm(forms.Form):
    """Everything that a person chooses for themselves, on one page.

    Args:
        writes: whether they write to requesters.
        alerted: whether they are told of requests, with the choices of the mails about them.
        alerts: an `AlertMail`.
        mailed: of each kind of notices that may be chosen, whether a mail goes with it.
        memberships: the departments whose new requests are told by mail.
    """

    theme = forms.ChoiceField(
        label=_("Apparence"),
        choices=[("", _("Celle de cet ordinateur")), *Theme.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    letter_keys = forms.BooleanField(
        label=_("Touches d’une lettre"),
        help_text=_(
            "J, K, R, N et les autres ; « ? » les montre. Elles se taisent quand on écrit."
        ),
        required=False,
    )
    closing = forms.CharField(
        label=_("Ma formule de fin"),
        help_text=_(
            "Sous les messages que vous écrivez vous-même. Vos prénom, nom et qualité suivent "
            "toujours : la loi le veut."
        ),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    mailed = forms.MultipleChoiceField(
        label=_("Aussi par courriel"),
        help_text=_("Toutes sont dans vos notifications ; celles-ci vous sont écrites en plus."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    alerts = forms.ChoiceField(
        label=_("Échéances et retards"), choices=AlertMail.choices, widget=forms.RadioSelect
    )

    def __init__(
        self,
        *args,
        user: User,
        writes: bool,
        alerted: bool,
        alerts: str,
        mailed: Mapping[NoticeKind, bool],
        memberships: list[Membership],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.initial = {
            "theme": user.theme,
            "letter_keys": user.letter_keys,
            "closing": user.closing,
            "mailed": [kind for kind, wanted in mailed.items() if wanted],
            "alerts": alerts,
        }
        if not writes:
            del self.fields["closing"]
        if not alerted:
            del self.fields["mailed"], self.fields["alerts"]
            return
        offer(self, "mailed", [(kind, kind.label) for kind in mailed])
        for one in memberships:
            self.fields[f"{PLACE}{one.pk}"] = forms.ChoiceField(
                label=_("Nouvelles demandes : %(department)s") % {"department": one.department},
                choices=ArrivalMail.choices,
                initial=one.arrival_mail,
                widget=forms.RadioSelect,
            )

    def chosen(self) -> dict[int, str]:
        """Membership id to its `ArrivalMail`."""
        return {
            int(name.removeprefix(PLACE)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PLACE)
        }
