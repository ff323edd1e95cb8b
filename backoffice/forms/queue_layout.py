"""How a list is to be laid out, as its panel asks."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.queue_layout import ALWAYS, COLUMN, COLUMNS, GROUP, GROUPS, ORDER, Layout
from backoffice.queue_orders import ORDERS
from massy_grc.common.choices import offer


class LayoutForm(forms.Form):
    """Columns, groups and order; the names are those of the list's address.

    Args:
        layout: how the list is laid out now.
        absent: the table's columns that this list never has.
    """

    keep_selects = True

    colonne = forms.MultipleChoiceField(
        label=_("Colonnes"), widget=forms.CheckboxSelectMultiple, help_text=_("Le sujet reste.")
    )
    groupe = forms.ChoiceField(label=_("Grouper par"))
    tri = forms.ChoiceField(label=_("Ordre"))

    def __init__(self, *, layout: Layout, absent: Collection[str] = ()):
        now = {COLUMN: layout.columns, GROUP: layout.group, ORDER: layout.order_name}
        super().__init__(initial=now)
        columns = [
            (slug, label)
            for slug, (name, label) in COLUMNS.items()
            if slug != ALWAYS and name not in absent
        ]
        offer(self, COLUMN, columns)
        groups = [
            (slug, group.label)
            for slug, group in GROUPS.items()
            if group.column not in absent and layout.short
        ]
        offer(self, GROUP, [("", _("Rien")), *groups])
        offer(self, ORDER, [(name, ORDERS[name].words) for name in layout.orders])
        self.order_fields([COLUMN, GROUP, ORDER])
