"""What one colleague was sent on a day is counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0003_sendings"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("internal", True)),
                fields=["to", "created_at"],
                name="delivery_to_staff",
            ),
        ),
    ]
