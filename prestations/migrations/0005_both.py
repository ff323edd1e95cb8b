"""Two branches of one day, brought together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("prestations", "0004_appeal_help_text"),
        ("prestations", "0004_privacy_register"),
    ]

    operations = []
