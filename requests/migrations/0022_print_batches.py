"""Letters printed in batches; to whom each is posted is kept with it."""

import django.db.models.deletion
import requests.models.documents
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('prestations', '0013_training'),
        ('requests', '0021_qualification'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BatchRemoval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PrintBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(max_length=200, upload_to=requests.models.documents.stored_name)),
                ('name', models.CharField(help_text='the name it was given, shown only', max_length=200)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(blank=True, help_text='of the letters chosen; empty: every kind', max_length=250)),
                ('letter_count', models.PositiveIntegerField()),
                ('page_count', models.PositiveIntegerField(help_text='of the file: cover and blank pages too')),
                ('made_at', models.DateTimeField()),
                ('posted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'print batches',
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveIndex(
            model_name='document',
            name='document_to_post',
        ),
        migrations.AddField(
            model_name='document',
            name='recipient',
            field=models.TextField(blank=True, help_text='the lines of the address window of what is to be posted'),
        ),
        migrations.AddField(
            model_name='batchremoval',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='batchremoval',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='requests.document'),
        ),
        migrations.AddField(
            model_name='printbatch',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='printbatch',
            name='posted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='printbatch',
            name='site',
            field=models.ForeignKey(blank=True, help_text='of the requests chosen; empty: every site', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prestations.site'),
        ),
        migrations.AddField(
            model_name='batchremoval',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='removals', to='requests.printbatch'),
        ),
        migrations.AddField(
            model_name='document',
            name='batch',
            field=models.ForeignKey(blank=True, help_text='with which it is printed and posted', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='letters', to='requests.printbatch'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('batch', None), ('printed_at', None), ('to_print', True)), fields=['id'], name='document_to_post'),
        ),
        migrations.RunSQL(
            """
            UPDATE requests_document AS letter
               SET recipient = asked.requester_name || E'\\n' || asked.requester_address
              FROM requests_servicerequest AS asked
             WHERE asked.id = letter.request_id AND letter.to_print AND letter.printed_at IS NULL
            """,
            migrations.RunSQL.noop,
        ),
    ]
