"""Letters keep their dates as ISO 8601 says them; before, as the letter writes them."""

import re
from datetime import date

from django.db import migrations

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
WRITTEN = re.compile(rf"(?:[a-z]+di|dimanche) (\d+)(?:er)? ({'|'.join(MONTHS)}) (\d{{4}})")


def as_iso(value):
    found = WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    day, month, year = found.groups()
    return date(int(year), MONTHS.index(month) + 1, int(day)).isoformat()


def rewrite(apps, schema_editor):
    for name in ("Message", "ProposedDecision"):
        rows = apps.get_model("requests", name).objects.exclude(fields={})
        for row in rows.only("fields").iterator():
            row.fields = {key: as_iso(value) for key, value in row.fields.items()}
            row.save(update_fields=["fields"])


class Migration(migrations.Migration):
    dependencies = [("requests", "0017_follow_signed_in")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
