import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('outbox', '0001_initial'), ('outbox', '0002_internal_deliveries'), ('outbox', '0003_sendings'), ('outbox', '0004_deliveries_to_staff')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='KeptMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(blank=True, max_length=250)),
                ('to', models.CharField(max_length=320)),
                ('subject', models.CharField(max_length=400)),
                ('raw', models.BinaryField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('channel', models.CharField(default='email', max_length=20)),
                ('to', models.CharField(max_length=320)),
                ('subject', models.CharField(blank=True, max_length=400)),
                ('body', models.TextField()),
                ('attachments', models.JSONField(default=list)),
                ('automatic', models.BooleanField(default=True)),
                ('internal', models.BooleanField(db_default=False, default=False, help_text='to the staff')),
                ('about', models.CharField(blank=True, max_length=80)),
                ('context', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('queued', "En attente d'envoi"), ('in_flight', 'Envoi en cours'), ('retry', 'Nouvel essai prévu'), ('sent', 'Envoyé'), ('failed', 'Échec')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('first_attempt_at', models.DateTimeField(null=True)),
                ('next_attempt_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'retry', 'in_flight'])), fields=['next_attempt_at'], name='delivery_due'), models.Index(condition=models.Q(('internal', True)), fields=['to', 'created_at'], name='delivery_to_staff'), models.Index(fields=['about'], name='delivery_about')],
            },
        ),
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('topic', models.CharField(max_length=80)),
                ('payload', models.JSONField(default=dict)),
                ('context', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('not_before', models.DateTimeField(help_text='handed over then at the earliest; until then it may be withdrawn', null=True)),
                ('relayed_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('relayed_at', None)), fields=['id'], name='outbox_pending')],
            },
        ),
        migrations.CreateModel(
            name='HandlerReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handler', models.CharField(max_length=120)),
                ('done_at', models.DateTimeField(null=True)),
                ('run_after', models.DateTimeField(help_text='when the relay hands it to a worker (again); empty: given up', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.TextField(blank=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receipts', to='outbox.outboxevent')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['run_after'], name='receipt_open')],
                'constraints': [models.UniqueConstraint(fields=('event', 'handler'), name='one_receipt_per_handler')],
            },
        ),
    ]
