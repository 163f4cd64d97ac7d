import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import strategie.pilotage.models.rappel
import strategie.socle.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diagnostic', '0008_enquetes_des_equipes'),
        ('pilotage', '0006_faits_changes'),
        ('socle', '0002_comparaison_des_semblables'),
        ('socle', '__first__'),
    ]

    operations = [
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.CreateModel(
                    name='ArretDeCourriel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sorte', models.CharField(choices=[('echeance', "Rappel d'échéance"), ('recapitulatif', 'Récapitulatif mensuel'), ('relance', 'Relance')], max_length=13)),
                        ('arrete_le', models.DateTimeField(verbose_name='arrêté le')),
                        ('utilisateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='arrets_de_courriel', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                    ],
                    options={
                        'verbose_name': "arrêt d'un courriel",
                        'verbose_name_plural': 'arrêts de courriels',
                        'constraints': [models.UniqueConstraint(fields=('utilisateur', 'sorte'), name='arret_de_courriel_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='ArretDeCourrielEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('sorte', models.CharField(choices=[('echeance', "Rappel d'échéance"), ('recapitulatif', 'Récapitulatif mensuel'), ('relance', 'Relance')], max_length=13)),
                        ('arrete_le', models.DateTimeField(verbose_name='arrêté le')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='pilotage.arretdecourriel')),
                        ('utilisateur', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MoisRecapitule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mois', models.DateField(verbose_name='premier jour du mois')),
                        ('fait_le', models.DateTimeField(verbose_name='fait le')),
                        ('academie', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='socle.academie', verbose_name='académie')),
                    ],
                    options={
                        'verbose_name': 'mois récapitulé',
                        'verbose_name_plural': 'mois récapitulés',
                        'constraints': [models.UniqueConstraint(fields=('academie', 'mois'), name='mois_recapitule_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='ReglagesRappels',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('actifs', models.BooleanField(default=True, verbose_name='rappels avant la clôture')),
                        ('jours', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=strategie.pilotage.models.rappel.jours_par_defaut, verbose_name='jours avant')),
                        ('recapitulatif', models.BooleanField(default=True, verbose_name='récapitulatif mensuel')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('fixes_le', models.DateTimeField(verbose_name='fixés le')),
                        ('academie', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reglages_rappels', to='socle.academie', verbose_name='académie')),
                        ('fixes_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='fixés par')),
                    ],
                    options={
                        'verbose_name': 'réglages des rappels',
                        'verbose_name_plural': 'réglages des rappels',
                    },
                ),
                migrations.CreateModel(
                    name='ReglagesRappelsEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('actifs', models.BooleanField(default=True, verbose_name='rappels avant la clôture')),
                        ('jours', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=strategie.pilotage.models.rappel.jours_par_defaut, verbose_name='jours avant')),
                        ('recapitulatif', models.BooleanField(default=True, verbose_name='récapitulatif mensuel')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('fixes_le', models.DateTimeField(verbose_name='fixés le')),
                        ('academie', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.academie', verbose_name='académie')),
                        ('fixes_par', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='fixés par')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='pilotage.reglagesrappels')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Relance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mot', models.CharField(blank=True, max_length=300, verbose_name="mot de l'expéditeur")),
                        ('signature', models.CharField(max_length=300)),
                        ('cree_le', models.DateTimeField(verbose_name='créée le')),
                        ('cle', models.UUIDField(editable=False, unique=True, verbose_name='clé du formulaire')),
                        ('academie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.academie', verbose_name='académie')),
                        ('auteur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('campagne', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relances', to='diagnostic.campagne')),
                    ],
                    options={
                        'verbose_name': 'relance',
                        'ordering': ['-cree_le'],
                    },
                ),
                migrations.CreateModel(
                    name='Rappel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sorte', models.CharField(choices=[('echeance', "Rappel d'échéance"), ('recapitulatif', 'Récapitulatif mensuel'), ('relance', 'Relance')], max_length=13)),
                        ('role', models.CharField(blank=True, choices=[('chef', "Chef d'établissement"), ('referent', 'Référent numérique'), ('gestionnaire', 'Gestionnaire'), ('membre', 'Membre de la commission numérique'), ('animateur', 'Animateur'), ('rectorat', 'Rectorat'), ('collectivite', 'Collectivité')], max_length=12, verbose_name='rôle')),
                        ('echeance', models.DateField(verbose_name='échéance')),
                        ('etape', models.PositiveSmallIntegerField(default=0, verbose_name="jours avant l'échéance")),
                        ('raison', models.CharField(blank=True, max_length=200)),
                        ('adresse', models.CharField(blank=True, max_length=254, verbose_name='adresse électronique')),
                        ('etat', models.CharField(choices=[('a_envoyer', 'À envoyer'), ('en_cours', 'En cours'), ('envoye', 'Envoyé'), ('ecarte', 'Écarté'), ('echec', 'Échec'), ('incertain', 'Incertain')], default='a_envoyer', max_length=9, verbose_name='état')),
                        ('motif', models.CharField(blank=True, max_length=200, verbose_name='pourquoi')),
                        ('tentatives', models.PositiveSmallIntegerField(default=0)),
                        ('cree_le', models.DateTimeField(verbose_name='créé le')),
                        ('pris_le', models.DateTimeField(null=True, verbose_name='pris le')),
                        ('envoye_le', models.DateTimeField(null=True, verbose_name='envoyé le')),
                        ('reessayer_le', models.DateTimeField(null=True, verbose_name='à réessayer le')),
                        ('campagne', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rappels', to='diagnostic.campagne')),
                        ('destinataire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rappels', to=settings.AUTH_USER_MODEL)),
                        ('etablissement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rappels', to='socle.etablissement', verbose_name='établissement')),
                        ('relance', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rappels', to='pilotage.relance')),
                    ],
                    options={
                        'verbose_name': 'rappel',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(condition=models.Q(('etat__in', ['a_envoyer', 'en_cours', 'echec'])), fields=['id'], name='rappel_en_attente'), models.Index(fields=['etablissement', '-id'], name='rappel_par_etablissement'), models.Index(fields=['relance', 'etat'], name='rappel_par_relance'), models.Index(fields=['cree_le'], name='rappel_par_date')],
                        'constraints': [models.UniqueConstraint(fields=('sorte', 'etablissement', 'destinataire', 'echeance', 'etape', 'relance'), name='rappel_une_seule_fois', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('campagne__isnull', True), ('etablissement__isnull', True), ('sorte', 'recapitulatif')), models.Q(('sorte__in', ['echeance', 'relance']), ('campagne__isnull', False), ('etablissement__isnull', False), models.Q(('role', ''), _negated=True)), _connector='OR'), name='rappel_d_un_etablissement'), models.CheckConstraint(condition=models.Q(models.Q(('relance__isnull', False), ('sorte', 'relance')), models.Q(models.Q(('sorte', 'relance'), _negated=True), ('relance__isnull', True)), _connector='OR'), name='rappel_d_une_relance'), models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['ecarte', 'echec']), _negated=True), models.Q(('motif', ''), _negated=True), _connector='OR'), name='rappel_dit_pourquoi')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='arretdecourriel',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pilotage_arretdecourrielevent" ("arrete_le", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sorte", "utilisateur_id") VALUES (NEW."arrete_le", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."sorte", NEW."utilisateur_id"); RETURN NULL;', hash='e40c60718389381f2ec6038d6f290b4804fec73e', operation='INSERT', pgid='pgtrigger_insert_insert_6c6c8', table='pilotage_arretdecourriel', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='arretdecourriel',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pilotage_arretdecourrielevent" ("arrete_le", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sorte", "utilisateur_id") VALUES (OLD."arrete_le", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."sorte", OLD."utilisateur_id"); RETURN NULL;', hash='a40d6b77dfd764cb7f87bfa22116553c1a844a30', operation='DELETE', pgid='pgtrigger_delete_delete_990f4', table='pilotage_arretdecourriel', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='arretdecourrielevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1e74fc835f874adac9275d35e433f8626b8359b3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3a031', table='pilotage_arretdecourrielevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reglagesrappels',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pilotage_reglagesrappelsevent" ("academie_id", "actifs", "fixes_le", "fixes_par_id", "id", "jours", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recapitulatif", "version") VALUES (NEW."academie_id", NEW."actifs", NEW."fixes_le", NEW."fixes_par_id", NEW."id", NEW."jours", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."recapitulatif", NEW."version"); RETURN NULL;', hash='6f6f8d0e3503f4781c0aec8f6bcbd5c8db4cdeb0', operation='INSERT', pgid='pgtrigger_insert_insert_06819', table='pilotage_reglagesrappels', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reglagesrappels',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pilotage_reglagesrappelsevent" ("academie_id", "actifs", "fixes_le", "fixes_par_id", "id", "jours", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recapitulatif", "version") VALUES (NEW."academie_id", NEW."actifs", NEW."fixes_le", NEW."fixes_par_id", NEW."id", NEW."jours", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."recapitulatif", NEW."version"); RETURN NULL;', hash='dd5d56e51660d54d5fc9382d5b3368ff2ffed324', operation='UPDATE', pgid='pgtrigger_update_update_97df9', table='pilotage_reglagesrappels', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reglagesrappelsevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6ecbde52ed76eaa59b40ca5a9c206534f8a88439', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_36c11', table='pilotage_reglagesrappelsevent', when='BEFORE')),
                ),
            ],
        ),
    ]
