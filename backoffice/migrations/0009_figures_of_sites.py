"""Figures tell which site received a request; those kept until now did not, and are counted anew."""

import django.db.models.deletion
from django.db import migrations, models


def forget_figures(apps, schema_editor):
    """Without them the pages count the requests themselves; the next run keeps them again."""
    apps.get_model("backoffice", "DailyFigure").objects.all().delete()
    apps.get_model("backoffice", "FigureCutoff").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0008_the_view_a_role_opens_on"),
        ("prestations", "0014_proposal_of_an_import"),
    ]

    operations = [
        migrations.RunPython(forget_figures, migrations.RunPython.noop),
        migrations.RemoveConstraint("dailyfigure", "one_figure_per_day_and_kind"),
        migrations.AddField(
            "dailyfigure",
            "site",
            models.ForeignKey(
                blank=True,
                help_text="where an agent received it",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="prestations.site",
            ),
        ),
        migrations.AddConstraint(
            "dailyfigure",
            models.UniqueConstraint(
                fields=(
                    *("day", "measure", "channel", "prestation", "department", "team"),
                    *("residence", "site"),
                ),
                name="one_figure_per_day_and_kind",
                nulls_distinct=False,
            ),
        ),
    ]
