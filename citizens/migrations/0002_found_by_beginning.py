from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Collate, Upper


class Migration(migrations.Migration):
    dependencies = [("citizens", "0001_first_version")]

    operations = [
        migrations.AddIndex(
            model_name="citizen",
            index=models.Index(Collate("search_name", "C"), name="citizen_name_begins"),
        ),
        migrations.AddIndex(
            model_name="citizen",
            index=models.Index(Collate("phone_key", "C"), name="citizen_phone_begins"),
        ),
        migrations.AddIndex(
            model_name="citizen",
            index=models.Index(
                OpClass(Upper("email"), "text_pattern_ops"), name="citizen_email_begins"
            ),
        ),
    ]
