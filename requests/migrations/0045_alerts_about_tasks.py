"""An alert about another department's work is about one task: each is chased for its own date."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def tell_anew(apps, schema_editor):
    """One alert stood for all tasks of a request; each late one is found again by itself."""
    standing = apps.get_model("requests", "Alert").objects.filter(
        kind__in=["task-soon", "task-late", "task-unanswered"], cleared_at=None
    )
    standing.update(cleared_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0044_presence_by_window"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="task",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="alerts",
                to="requests.task",
            ),
        ),
        migrations.RemoveConstraint(model_name="alert", name="one_alert_per_event"),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=Q(task=None),
                fields=("request", "kind", "about"),
                name="one_alert_per_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                fields=("task", "kind", "about"), name="one_alert_per_event_of_a_task"
            ),
        ),
        migrations.RunPython(tell_anew, migrations.RunPython.noop),
    ]
