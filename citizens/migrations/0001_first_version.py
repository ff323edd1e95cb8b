import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('citizens', '0001_initial'), ('citizens', '0002_citizen_account'), ('citizens', '0003_personal_data'), ('citizens', '0004_account_in_depth'), ('citizens', '0005_consents'), ('citizens', '0006_news_channels'), ('citizens', '0007_organisations_and_newsletters'), ('citizens', '0008_sms_news'), ('citizens', '0009_english_newsletters'), ('citizens', '0010_organisation_changes'), ('citizens', '0011_spoken_news'), ('citizens', '0012_citizen_gender')]

    initial = True

    dependencies = [
        ('common', '0001_extensions'),
        ('users', '0001_first_version'),
    ]

    operations = [
        migrations.CreateModel(
            name='MailRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('sign-up', 'Créer un compte'), ('password', 'Choisir un nouveau mot de passe')], max_length=12)),
                ('email', models.EmailField(max_length=254)),
                ('language', models.CharField(max_length=5)),
                ('next_url', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField(db_index=True)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'demande de message',
            },
        ),
        migrations.CreateModel(
            name='Newsletter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=120, unique=True, verbose_name='nom')),
                ('label_en', models.CharField(blank=True, max_length=120, verbose_name='nom en anglais')),
                ('description', models.CharField(blank=True, max_length=300, verbose_name='description')),
                ('description_en', models.CharField(blank=True, max_length=300, verbose_name='description en anglais')),
                ('is_active', models.BooleanField(default=True, verbose_name='proposée')),
            ],
            options={
                'verbose_name': 'lettre d’information',
                'ordering': ['label'],
            },
        ),
        migrations.CreateModel(
            name='Citizen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='téléphone')),
                ('phone_key', models.CharField(blank=True, editable=False, max_length=20)),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='adresse postale')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('family_name', models.CharField(max_length=150, verbose_name='nom de famille')),
                ('usage_name', models.CharField(blank=True, max_length=150, verbose_name="nom d'usage")),
                ('given_name', models.CharField(blank=True, max_length=150, verbose_name='prénom')),
                ('birth_date', models.DateField(blank=True, null=True, verbose_name='date de naissance')),
                ('birth_place', models.CharField(blank=True, max_length=5, verbose_name='lieu de naissance (code INSEE de la commune, ou du pays)')),
                ('gender', models.CharField(blank=True, choices=[('female', 'Féminin'), ('male', 'Masculin')], max_length=6, verbose_name='sexe')),
                ('residence', models.CharField(choices=[('massicois', 'Massicois'), ('exterieur', 'Extérieur'), ('inconnu', 'Non renseigné')], default='inconnu', max_length=12, verbose_name='résidence')),
                ('reply_channel', models.CharField(blank=True, choices=[('email', 'Courriel'), ('courrier', 'Courrier'), ('sms', 'SMS'), ('telephone', 'Téléphone'), ('guichet', 'Au guichet')], max_length=12, verbose_name='réponse préférée par')),
                ('progress_channel', models.CharField(blank=True, choices=[('email', 'Courriel'), ('sms', 'SMS et courriel'), ('courrier', 'Courrier'), ('telephone', 'Appel d’un agent et courriel'), ('guichet', 'Au guichet, à votre prochaine visite, et courriel')], max_length=12)),
                ('documents_channel', models.CharField(blank=True, choices=[('email', 'Courriel'), ('sms', 'SMS et courriel'), ('courrier', 'Courrier'), ('telephone', 'Appel d’un agent et courriel'), ('guichet', 'Au guichet, à votre prochaine visite, et courriel')], max_length=12)),
                ('language', models.CharField(default='fr', max_length=5)),
                ('anonymised_at', models.DateTimeField(blank=True, null=True)),
                ('search_name', models.CharField(blank=True, editable=False, max_length=480)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='citizens.citizen')),
            ],
            options={
                'verbose_name': 'fiche citoyen',
                'verbose_name_plural': 'fiches citoyens',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search_name'], name='citizen_name', opclasses=['gin_trgm_ops']), django.contrib.postgres.indexes.GinIndex(fields=['phone_key'], name='citizen_phone', opclasses=['gin_trgm_ops']), models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email'], name='citizen_email'), models.Index(condition=models.Q(('birth_date__isnull', False)), fields=['birth_date'], name='citizen_born')],
            },
        ),
        migrations.CreateModel(
            name='CitizenAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terms_version', models.CharField(max_length=20, verbose_name='conditions acceptées')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_seen_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('warned_at', models.DateTimeField(blank=True, null=True)),
                ('warned_again_at', models.DateTimeField(blank=True, null=True)),
                ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='citizens.citizen')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='citizen_account', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'compte citoyen',
                'verbose_name_plural': 'comptes citoyens',
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('citizen',), name='one_open_account_per_citizen')],
            },
        ),
        migrations.CreateModel(
            name='ConsentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_key', models.CharField(blank=True, max_length=64)),
                ('kind', models.CharField(choices=[('satisfaction', 'Être interrogé après une demande'), ('follow', 'Suivre des signalements'), ('newsletter', 'Recevoir les lettres d’information')], max_length=20)),
                ('version', models.PositiveSmallIntegerField()),
                ('given', models.BooleanField()),
                ('source', models.CharField(choices=[('account', 'Depuis le compte'), ('link', 'Par le lien d’un message'), ('form', 'Dans un formulaire'), ('counter', 'Auprès d’un agent')], max_length=10)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('citizen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consent_events', to='citizens.citizen')),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['citizen', 'kind', '-id'], name='consent_of_citizen'), models.Index(condition=models.Q(('address_key', ''), _negated=True), fields=['address_key', 'kind', '-id'], name='consent_of_address')],
            },
        ),
        migrations.CreateModel(
            name='EmailChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_email', models.EmailField(blank=True, max_length=254)),
                ('new_email', models.EmailField(max_length=254)),
                ('language', models.CharField(max_length=5)),
                ('created_at', models.DateTimeField()),
                ('old_confirmed_at', models.DateTimeField(null=True)),
                ('new_confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='citizens.citizenaccount')),
            ],
            options={
                'verbose_name': 'changement d’adresse',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account',), name='one_email_change_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='FederatedIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issuer', models.CharField(max_length=255)),
                ('subject', models.CharField(max_length=255)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_used_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='citizens.citizenaccount')),
            ],
            options={
                'verbose_name': 'identité fédérée',
                'constraints': [models.UniqueConstraint(fields=('issuer', 'subject'), name='one_account_per_identity')],
            },
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=150, verbose_name='objet')),
                ('body', models.TextField(verbose_name='texte')),
                ('written_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('recipients', models.PositiveIntegerField(default=0, help_text='mails queued so far')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('newsletter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='citizens.newsletter')),
            ],
            options={
                'verbose_name': 'numéro d’une lettre',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='téléphone')),
                ('phone_key', models.CharField(blank=True, editable=False, max_length=20)),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='adresse postale')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', models.CharField(max_length=250, verbose_name='nom')),
                ('kind', models.CharField(max_length=25)),
                ('rna', models.CharField(blank=True, max_length=10, verbose_name='numéro RNA')),
                ('siret', models.CharField(blank=True, max_length=14, verbose_name='numéro SIRET')),
                ('representative', models.CharField(blank=True, max_length=250, verbose_name='représentant')),
                ('anonymised_at', models.DateTimeField(blank=True, null=True)),
                ('search_name', models.CharField(blank=True, editable=False, max_length=250)),
            ],
            options={
                'verbose_name': 'organisme',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search_name'], name='organisation_name', opclasses=['gin_trgm_ops'])],
                'constraints': [models.UniqueConstraint(condition=models.Q(('siret', ''), _negated=True), fields=('siret',), name='one_organisation_per_siret')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=250, verbose_name='nom')),
                ('kind', models.CharField(choices=[('association', 'Association'), ('entreprise', 'Entreprise')], max_length=25)),
                ('siret', models.CharField(blank=True, max_length=14, verbose_name='numéro SIRET')),
                ('rna', models.CharField(blank=True, max_length=10, verbose_name='numéro RNA')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='adresse du siège')),
                ('language', models.CharField(default='fr', max_length=5)),
                ('created_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', 'À vérifier'), ('verified', 'Vérifié'), ('refused', 'Refusé')], default='pending', max_length=10)),
                ('checked_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='citizens.organisation')),
            ],
            options={
                'verbose_name': 'compte d’organisme',
                'verbose_name_plural': 'comptes d’organismes',
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['created_at'], name='organisation_unchecked')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('former_name', models.CharField(max_length=250)),
                ('former_address', models.CharField(blank=True, max_length=300)),
                ('name', models.CharField(max_length=250, verbose_name='nom')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='adresse du siège')),
                ('state', models.CharField(choices=[('proposed', 'À reprendre'), ('replaced', 'Remplacée par une autre'), ('taken', 'Reprise dans la fiche'), ('refused', 'Non reprise')], default='proposed', max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='citizens.citizenaccount')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='citizens.organisationaccount')),
            ],
            options={
                'verbose_name': 'correction d’un organisme',
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('organisation',), name='one_proposed_change_per_organisation')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('role', models.CharField(choices=[('administrateur', 'Administrateur'), ('membre', 'Membre')], max_length=15)),
                ('language', models.CharField(max_length=5)),
                ('created_at', models.DateTimeField(db_index=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='citizens.citizenaccount')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='citizens.organisationaccount')),
            ],
            options={
                'verbose_name': 'invitation dans un organisme',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('organisation', 'email'), name='one_invitation_per_address')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('administrateur', 'Administrateur'), ('membre', 'Membre')], max_length=15)),
                ('joined_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='citizens.citizenaccount')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='citizens.organisationaccount')),
            ],
            options={
                'verbose_name': 'membre d’un organisme',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'account'), name='one_membership_per_organisation')],
            },
        ),
        migrations.CreateModel(
            name='PossibleDuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reasons', models.JSONField(default=list, help_text='codes of `DuplicateReason`')),
                ('state', models.CharField(choices=[('open', 'À examiner'), ('same', 'Même personne'), ('different', 'Deux personnes')], default='open', max_length=10)),
                ('found_at', models.DateTimeField(auto_now_add=True)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='citizens.citizen')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='citizens.citizen')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'doublon possible',
                'verbose_name_plural': 'doublons possibles',
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['-id'], name='duplicate_open')],
                'constraints': [models.UniqueConstraint(fields=('citizen', 'other'), name='one_pair_of_duplicates')],
            },
        ),
        migrations.CreateModel(
            name='SignedInDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=80)),
                ('remembered', models.BooleanField(default=False)),
                ('started_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'appareil connecté',
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('language', models.CharField(max_length=5)),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('citizen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='citizens.citizen')),
                ('newsletter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='citizens.newsletter')),
            ],
            options={
                'verbose_name': 'abonnement',
                'indexes': [models.Index(condition=models.Q(('confirmed_at__isnull', False)), fields=['newsletter', 'id'], name='subscription_confirmed'), models.Index(fields=['email'], name='subscription_of_address')],
                'constraints': [models.UniqueConstraint(fields=('newsletter', 'email'), name='one_subscription_per_address')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c58c4b91205c8c9dcad238c2be0162f0c67a1f5e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1da35', table='citizens_consentevent', when='BEFORE')),
        ),
    ]
