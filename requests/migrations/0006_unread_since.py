from django.db import migrations, models

OPEN = models.Q(("state__in", ["close", "annulee"]), _negated=True)
TO_WORK_ON = models.Q(("state__in", ["a-retirer", "close", "annulee"]), _negated=True)

# What the verbs would have kept: the moment of the requester's first sending that no act of an
# agent has followed. One sort of the log, whatever the planner knows of its size.
MARK = """
UPDATE requests_servicerequest AS request
SET unread_since = sent.at
FROM (
    SELECT request_id, min(at) AS at
    FROM (
        SELECT request_id, number, at, verb, by_requester,
            max(number) FILTER (WHERE actor_id IS NOT NULL) OVER (PARTITION BY request_id) AS act
        FROM requests_requestevent
    ) AS event
    WHERE by_requester
    AND verb IN ('receive', 'supply', 'reopen', 'attach')
    AND number > coalesce(act, 0)
    GROUP BY request_id
) AS sent
WHERE sent.request_id = request.id
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0005_personal_data")]

    operations = [
        migrations.AddField(
            model_name="servicerequest",
            name="unread_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="servicerequest",
            index=models.Index(
                condition=OPEN & models.Q(("unread_since__isnull", False)),
                fields=["due_at", "id"],
                name="request_unread_due",
            ),
        ),
        migrations.AddIndex(
            model_name="servicerequest",
            index=models.Index(
                condition=TO_WORK_ON, fields=["due_at", "id"], name="request_work_due"
            ),
        ),
    ]
