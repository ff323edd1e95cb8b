from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("prestations", "0010_site_successor"),
    ]

    operations = [
        migrations.AddField(
            model_name="configurationchange",
            name="act",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="configurationchange",
            index=models.Index(
                condition=models.Q(("act__isnull", False)),
                fields=["act"],
                name="configuration_together",
            ),
        ),
    ]
