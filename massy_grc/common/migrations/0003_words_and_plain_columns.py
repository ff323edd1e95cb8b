"""What lets one text index hold a plain column beside the words."""

from django.db import migrations

from massy_grc.common.extensions import Extension


class Migration(migrations.Migration):
    dependencies = [("common", "0002_initial")]

    operations = [Extension("btree_gin")]
