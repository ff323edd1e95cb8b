import datetime

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0011_note_for_named_agents"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="servicerequest",
            index=models.Index(
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce(
                        "closed_at",
                        models.Value(
                            datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                            output_field=models.DateTimeField(),
                        ),
                    ),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                name="request_last_closed",
            ),
        ),
    ]
