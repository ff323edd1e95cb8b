from django.db import migrations

# Digits as `massy_grc.common.text.phone_digits` keeps them: without +33, 0033 or leading 0.
ADD_NUMBERS = r"""
UPDATE requests_servicerequest SET search_vector = search_vector || to_tsvector('simple',
    regexp_replace(
        regexp_replace(requester_phone, '\D', '', 'g'), '^((00)?33(?=0?[0-9]{9}$)0?|0)', ''
    )
)
WHERE requester_phone <> ''
"""


class Migration(migrations.Migration):
    """Requests that are there are found by their telephone number, like new ones."""

    dependencies = [("requests", "0004_confusions")]

    operations = [migrations.RunSQL(ADD_NUMBERS, migrations.RunSQL.noop)]
