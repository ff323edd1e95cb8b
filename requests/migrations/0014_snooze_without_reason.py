from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0013_access_notices"),
    ]

    operations = [
        migrations.AlterField(
            model_name="snooze",
            name="preset",
            field=models.CharField(
                choices=[
                    ("later", "Plus tard aujourd’hui"),
                    ("afternoon", "Cet après-midi"),
                    ("tomorrow", "Demain matin"),
                    ("days", "Dans 3 jours"),
                    ("monday", "Lundi prochain"),
                    ("week", "Dans une semaine"),
                    ("day", "Un autre jour"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="snooze",
            name="reason",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
