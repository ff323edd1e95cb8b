"""When an agent wants mail: about dates, and about what reaches their department."""

from django import forms
from django.utils.translation import gettext_lazy as _

from prestations.enums import AlertMail, ArrivalMail
from prestations.models import Membership

PLACE = "membership-"


class OwnMailForm(forms.Form):
    """One choice for the alerts, and one for the arrivals of each department one works in."""

    alerts = forms.ChoiceField(
        label=_("Échéances et retards"), choices=AlertMail.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args, memberships: list[Membership], alerts: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["alerts"] = alerts
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
