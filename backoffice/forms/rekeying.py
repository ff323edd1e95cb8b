"""A request that was typed again in a department's own program."""

from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import VerbForm
from massy_grc.common.typed import TextField


class RekeyForm(VerbForm):
    """What the program calls it, where it says."""

    in_program = _("N° de dossier dans %(software)s")

    number = TextField(
        label=_("N° de dossier"),
        max_length=60,
        required=False,
        help_text=_("On retrouve ensuite la demande par ce numéro."),
    )

    def prepare(self) -> None:
        software = self.sr.prestation.double_entry_in
        if software is None:
            return
        self.fields["number"].label = str(self.in_program) % {"software": software}
        noted = self.sr.rekeyings.standing().filter(software=software).first()
        self.initial.setdefault("number", noted.number if noted else "")
