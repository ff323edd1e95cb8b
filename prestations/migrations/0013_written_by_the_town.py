import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("prestations", "0012_street_taken_up"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="announced",
            field=models.BooleanField(
                default=False,
                help_text="its address says its name and its first day before that day",
            ),
        ),
        migrations.AddField(
            model_name="formdraft",
            name="rules",
            field=models.JSONField(default=dict, help_text="columns of `RULES`; empty: none waits"),
        ),
        migrations.CreateModel(
            name="LevelAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agreed", models.BooleanField()),
                ("why", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "level",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="prestations.servicelevel",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="levelanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bde1da4350dac510c25c5ec2f55a448339ddf318",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9f42a",
                    table="prestations_levelanswer",
                    when="BEFORE",
                ),
            ),
        ),
    ]
