from django.db import migrations, models
from django.utils.text import slugify


def give_codes(apps, schema_editor):
    """Each list gets a code after its name, and its place in the order of names of before."""
    taken = {"nouvelle", "numeros"}  # addresses of pages beside those of the lists
    rows = apps.get_model("citizens", "Newsletter").objects.order_by("label")
    for place, row in enumerate(rows, start=1):
        base = slugify(row.label.replace("’", " ").replace("'", " "))[:70].strip("-_") or "lettre"
        code, number = base, 2
        while code in taken:
            code, number = f"{base}-{number}", number + 1
        taken.add(code)
        row.code, row.order = code, 10 * place
        row.save(update_fields=["code", "order"])


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0005_looked_at_from_the_record'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='newsletter',
            options={'ordering': ['order', 'label'], 'verbose_name': 'lettre d’information'},
        ),
        migrations.AddField(
            model_name='newsletter',
            name='code',
            field=models.CharField(max_length=80, default=''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='newsletter',
            name='order',
            field=models.PositiveIntegerField(default=0, verbose_name='place dans la liste'),
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='newsletter',
            name='code',
            field=models.SlugField(help_text='never changes', max_length=80, unique=True, verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='newsletter',
            name='label',
            field=models.CharField(max_length=120, verbose_name='nom'),
        ),
    ]
