"""The departments' own programs, which were only codes among the town's facts, get their rows."""

from django.db import migrations, models


def name_those_known(apps, schema_editor):
    """Give each code a row; those that prestations name are where requests are typed again."""
    Town, Software = apps.get_model("prestations", "Town"), apps.get_model("prestations", "Software")
    named = set(
        apps.get_model("prestations", "Prestation").objects.values_list("legacy_software", flat=True)
    )
    for town in Town.objects.all():
        codes = town.facts.pop("software", [])
        Software.objects.bulk_create(
            Software(
                code=code,
                label=code.replace("-", " ").capitalize(),
                order=10 * (place + 1),
                double_entry=code in named,
            )
            for place, code in enumerate(codes)
        )
        town.save(update_fields=["facts"])


class Migration(migrations.Migration):
    dependencies = [("prestations", "0015_text_of_an_import")]

    operations = [
        migrations.CreateModel(
            name="Software",
            fields=[
                ("code", models.SlugField(max_length=80, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=250, verbose_name="libellé")),
                ("order", models.PositiveIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("subject", models.CharField(blank=True, max_length=250)),
                ("double_entry", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name_plural": "software",
                "ordering": ["order", "label"],
                "abstract": False,
            },
        ),
        migrations.RunPython(name_those_known, migrations.RunPython.noop),
    ]
