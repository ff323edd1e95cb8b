"""Each window tells of itself: a second one of the same person hides nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0043_repeats"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="presence", name="present_once_by_request"),
        migrations.AddField(
            model_name="presence",
            name="window",
            field=models.CharField(default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="presence",
            name="left",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(
                fields=("request", "user", "window"), name="present_once_by_window"
            ),
        ),
    ]
