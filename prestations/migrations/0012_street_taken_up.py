from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("prestations", "0011_configuration_act"),
    ]

    operations = [
        migrations.AddField(
            model_name="street",
            name="taken_up_at",
            field=models.DateTimeField(
                blank=True,
                help_text="by somebody of the town: a load leaves it alone since",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="street",
            name="source",
            field=models.CharField(
                blank=True,
                help_text="name of the file it came from; empty: written here",
                max_length=100,
            ),
        ),
    ]
