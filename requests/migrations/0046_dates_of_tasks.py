"""The dates of departments at work follow the clock: until when they answer is kept."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import F


def give_answer_dates(apps, schema_editor):
    """Two working days from its turn: four days at the most over a weekend."""
    waiting = apps.get_model("requests", "Task").objects.filter(
        ended_at=None, accepted_at=None, started_at__isnull=False
    )
    waiting.update(answer_due_at=F("started_at") + timedelta(days=4))


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0045_alerts_about_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="answer_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="recalculation",
            name="tasks",
            field=models.PositiveIntegerField(default=0, help_text="works of departments due later"),
            preserve_default=False,
        ),
        migrations.RunPython(give_answer_dates, migrations.RunPython.noop),
    ]
