from django.db import migrations, models


def forget(apps, schema_editor):
    """No figure knows where its requesters live: they are read live until the next roll-up."""
    apps.get_model("backoffice", "DailyFigure").objects.all().delete()
    apps.get_model("backoffice", "FigureCutoff").objects.update(event_id=0)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0002_initial"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="dailyfigure",
            name="one_figure_per_day_and_kind",
        ),
        migrations.AddField(
            model_name="dailyfigure",
            name="residence",
            field=models.CharField(
                choices=[
                    ("massicois", "Massicois"),
                    ("exterieur", "Extérieur"),
                    ("inconnu", "Non renseigné"),
                ],
                max_length=12,
                default="inconnu",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="dailyfigure",
            constraint=models.UniqueConstraint(
                fields=(
                    "day",
                    "measure",
                    "channel",
                    "prestation",
                    "department",
                    "team",
                    "residence",
                ),
                name="one_figure_per_day_and_kind",
                nulls_distinct=False,
            ),
        ),
    ]
