"""The same prestation at several sites: how many requests each received (S87)."""

from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext as _

from backoffice.dashboard.axes import Chart, Row
from backoffice.dashboard.links import Lists, Number
from massy_grc.common.charts import bar_chart

Counts = Mapping[str, Mapping[str, int]]  # prestation: site: requests filed


def site_chart(
    counts: Counts, labels: Mapping[str, str], sites: Mapping[str, str], lists: Lists
) -> Chart:
    """Requests that agents of each site received; the table tells them by prestation.

    Args:
        labels: of prestations, by code.
        sites: their labels, by code, in the order of the columns.
    """
    totals: Counter[str] = Counter()
    for by_site in counts.values():
        totals.update(by_site)
    known = [code for code in sites if totals[code]] or list(sites)
    ordered = sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    rows = [
        Row(
            _("Toutes"),
            tuple(Number(totals[site], lists.filed(site=site)) for site in known),
        ),
        *(
            Row(
                labels[code],
                tuple(
                    Number(by_site.get(site, 0), lists.filed(prestation=code, site=site))
                    for site in known
                ),
            )
            for code, by_site in ordered
        ),
    ]
    title = _("Demandes reçues par les agents de chaque site")
    bars = [(sites[site], totals[site], lists.filed(site=site)) for site in known]
    note = _(
        "Ce que les agents enregistrent : guichet, téléphone, courrier, courriel. Ce qui arrive "
        "en ligne n’a pas de site."
    )
    head = tuple(sites[site] for site in known)
    return Chart(title, bar_chart(title, bars), _("Prestation"), head, tuple(rows), note)
