from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0005_settings_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="settingsimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("examining", "Examen en cours"),
                    ("examined", "À relire"),
                    ("importing", "Import en cours"),
                    ("done", "Importé"),
                ],
                default="done",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="settingsimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("examining", "Examen en cours"),
                    ("examined", "À relire"),
                    ("importing", "Import en cours"),
                    ("done", "Importé"),
                ],
                default="examining",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="settingsimport",
            name="language",
            field=models.CharField(default="fr", max_length=5),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="settingsimport",
            name="found",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="settingsimport",
            name="refused",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="settingsimport",
            name="act",
            field=models.UUIDField(null=True),
        ),
    ]
