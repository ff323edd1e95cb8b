from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0007_import_refused"),
        ("prestations", "0013_written_by_the_town"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="opens",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens", False), models.Q(("role", ""), _negated=True), _connector="OR"
                ),
                name="saved_view_opens_for_a_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("opens", True)),
                fields=("role",),
                name="one_saved_view_opens_for_a_role",
            ),
        ),
    ]
