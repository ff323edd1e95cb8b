"""The three text extensions."""

from django.db import migrations

from massy_grc.common.extensions import Extension


class Migration(migrations.Migration):
    operations = [Extension("unaccent"), Extension("pg_trgm"), Extension("fuzzystrmatch")]
