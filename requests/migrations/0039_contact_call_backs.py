from django.db import migrations

# Who was to be called back after a contact; no slot was promised then: the day of the contact.
# Where the number was erased, nobody can be called.
MOVE = """
INSERT INTO requests_callback
    (contact_id, phone, about, starts_at, ends_at, owner_id, promised_by_id, promised_at,
     done_at, done_by_id)
SELECT id, call_back_to, '', at, at, agent_id, agent_id, at, called_back_at, called_back_by_id
FROM requests_contact WHERE outcome = 'call-back' AND call_back_to <> '';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [("requests", "0038_complaints")]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='contact',
            name='contact_to_call_back',
        ),
        migrations.RemoveField(
            model_name='contact',
            name='call_back_to',
        ),
        migrations.RemoveField(
            model_name='contact',
            name='called_back_at',
        ),
        migrations.RemoveField(
            model_name='contact',
            name='called_back_by',
        ),
    ]
