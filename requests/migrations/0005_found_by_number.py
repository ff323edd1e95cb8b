from django.db import migrations

# As `massy_grc.common.text.phone_digits` does: without +33, 0033 or leading 0.
DIGITS = r"""
regexp_replace(
    regexp_replace(requester_phone, '\D', '', 'g'), '^((00)?33(?=0?[0-9]{9}$)0?|0)', ''
)
"""


class Migration(migrations.Migration):
    """Requests that are there are found by their telephone number, like new ones."""

    dependencies = [("requests", "0004_confusions")]

    operations = [
        migrations.RunSQL(
            "UPDATE requests_servicerequest SET search_vector ="  # noqa: S608 - no value in it
            f" search_vector || to_tsvector('simple', {DIGITS}) WHERE requester_phone <> ''",
            migrations.RunSQL.noop,
        )
    ]
