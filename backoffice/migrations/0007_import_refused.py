from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0006_imports_by_workers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="settingsimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("examining", "Examen en cours"),
                    ("examined", "À relire"),
                    ("refused", "Ne peut pas être importé"),
                    ("importing", "Import en cours"),
                    ("done", "Importé"),
                ],
                default="examining",
                max_length=10,
            ),
        ),
    ]
