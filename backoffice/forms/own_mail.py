"""When an agent wants mail about what reaches their department."""

from django import forms

from prestations.enums import ArrivalMail
from prestations.models import Membership


class ArrivalMailForm(forms.Form):
    """One choice for each department the agent works in; `chosen()` maps memberships to it."""

    def __init__(self, *args, memberships: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        for one in memberships:
            self.fields[f"membership-{one.pk}"] = forms.ChoiceField(
                label=str(one.department),
                choices=ArrivalMail.choices,
                initial=one.arrival_mail,
                widget=forms.RadioSelect,
            )

    def chosen(self) -> dict[int, str]:
        """Membership id to its `ArrivalMail`."""
        return {int(name.partition("-")[2]): value for name, value in self.cleaned_data.items()}
