import django.db.models.deletion
import massy_grc.audit.chain
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('audit', '0001_initial'), ('audit', '0002_initial'), ('audit', '0003_seals')]

    initial = True

    dependencies = [
        ('users', '0001_first_version'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('log', models.CharField(max_length=80)),
                ('after', models.PositiveBigIntegerField()),
                ('up_to', models.PositiveBigIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('content', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('digest', models.CharField(default='', editable=False, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='AccessRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=40)),
                ('object_type', models.CharField(max_length=40)),
                ('object_id', models.BigIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['object_type', 'object_id', '-at'], name='access_of_object')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='425da599b8e4cf7384a383a64e17697a9d08a345', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4de12', table='audit_seal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=massy_grc.audit.chain.ChainSql(func='NEW.digest = encode(sha256(convert_to(concat_ws(E\'\\n\', ( SELECT earlier.digest FROM audit_seal earlier WHERE earlier.number < NEW.number ORDER BY earlier.number DESC LIMIT 1 ), \'after=\' || to_json(NEW."after")::text, \'at=\' || to_json(extract(epoch FROM NEW."at"))::text, \'content=\' || to_json(NEW."content")::text, \'count=\' || to_json(NEW."count")::text, \'log=\' || to_json(NEW."log")::text, \'number=\' || to_json(NEW."number")::text, \'up_to=\' || to_json(NEW."up_to")::text), \'UTF8\')), \'hex\'); RETURN NEW;', hash='e6d436b4464467ca22ff0598557a368919392452', operation='INSERT', pgid='pgtrigger_chain_c1519', table='audit_seal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accessrecord',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8b4db2d625bb60625cc2afde78f82c0436860f5f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9817f', table='audit_accessrecord', when='BEFORE')),
        ),
    ]
