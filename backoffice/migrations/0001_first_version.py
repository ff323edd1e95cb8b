import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('backoffice', '0001_initial'), ('backoffice', '0002_initial'), ('backoffice', '0003_residence')]

    initial = True

    dependencies = [
        ('prestations', '0001_first_version'),
    ]

    operations = [
        migrations.CreateModel(
            name='FigureCutoff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.BigIntegerField(default=0)),
                ('rolled_up_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='DailyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text='in Paris', verbose_name='jour')),
                ('measure', models.CharField(choices=[('filed', 'Déposées'), ('closed', 'Closes'), ('ended', 'Retirées ou annulées')], max_length=10)),
                ('channel', models.CharField(choices=[('web', 'Internet'), ('guichet', 'Guichet'), ('telephone', 'Téléphone'), ('courrier', 'Courrier'), ('email', 'Courriel'), ('sms', 'SMS'), ('svi', 'Serveur vocal interactif'), ('api', 'API Open311')], max_length=12)),
                ('residence', models.CharField(choices=[('massicois', 'Massicois'), ('exterieur', 'Extérieur'), ('inconnu', 'Non renseigné')], max_length=12)),
                ('count', models.PositiveIntegerField()),
                ('on_time', models.PositiveIntegerField(default=0, help_text='of the closed ones')),
                ('buckets', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, help_text='treatment time of each closed one: its bucket (backoffice.histograms), in order', size=None)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='prestations.department')),
                ('prestation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='prestations.prestation')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='prestations.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'measure', 'channel', 'prestation', 'department', 'team', 'residence'), name='one_figure_per_day_and_kind', nulls_distinct=False)],
            },
        ),
    ]
