import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import strategie.socle.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pilotage', '0003_syntheses'),
        ('socle', '0002_comparaison_des_semblables'),
        ('socle', '__first__'),
    ]

    operations = [
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.CreateModel(
                    name='ModeleDeBilan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('nom', models.CharField(max_length=200, verbose_name='nom du fichier')),
                        ('contenu', models.BinaryField()),
                        ('sha256', models.CharField(max_length=64, verbose_name='empreinte')),
                        ('taille', models.PositiveIntegerField(verbose_name='taille en octets')),
                        ('depose_le', models.DateTimeField(verbose_name='déposé le')),
                        ('academie', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='modele_de_bilan', to='socle.academie', verbose_name='académie')),
                        ('depose_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
                    ],
                    options={
                        'verbose_name': 'modèle de bilan',
                        'verbose_name_plural': 'modèles de bilan',
                        'constraints': [models.CheckConstraint(condition=models.Q(('nom', ''), _negated=True), name='modele_de_bilan_nom')],
                    },
                ),
                migrations.CreateModel(
                    name='ModeleDeBilanEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('nom', models.CharField(max_length=200, verbose_name='nom du fichier')),
                        ('sha256', models.CharField(max_length=64, verbose_name='empreinte')),
                        ('taille', models.PositiveIntegerField(verbose_name='taille en octets')),
                        ('depose_le', models.DateTimeField(verbose_name='déposé le')),
                        ('academie', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.academie', verbose_name='académie')),
                        ('depose_par', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='pilotage.modeledebilan')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MotDuBilan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('annee_scolaire', models.CharField(max_length=9, verbose_name='année scolaire')),
                        ('texte', models.TextField(blank=True, verbose_name="mot d'introduction")),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('ecrit_le', models.DateTimeField(verbose_name='écrit le')),
                        ('ecrit_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrit par')),
                        ('etablissement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mots_du_bilan', to='socle.etablissement', verbose_name='établissement')),
                    ],
                    options={
                        'verbose_name': 'mot du bilan',
                        'verbose_name_plural': 'mots du bilan',
                        'constraints': [models.UniqueConstraint(fields=('etablissement', 'annee_scolaire'), name='mot_du_bilan_un_par_annee')],
                    },
                ),
                migrations.CreateModel(
                    name='MotDuBilanEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('annee_scolaire', models.CharField(max_length=9, verbose_name='année scolaire')),
                        ('texte', models.TextField(blank=True, verbose_name="mot d'introduction")),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('ecrit_le', models.DateTimeField(verbose_name='écrit le')),
                        ('ecrit_par', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrit par')),
                        ('etablissement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.etablissement', verbose_name='établissement')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='pilotage.motdubilan')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='modeledebilan',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pilotage_modeledebilanevent" ("academie_id", "depose_le", "depose_par_id", "id", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "taille") VALUES (NEW."academie_id", NEW."depose_le", NEW."depose_par_id", NEW."id", NEW."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."sha256", NEW."taille"); RETURN NULL;', hash='b0cda900fbd600b36df5652d4d47e93ba9e17538', operation='INSERT', pgid='pgtrigger_insert_insert_765c2', table='pilotage_modeledebilan', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='modeledebilan',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."academie_id" IS DISTINCT FROM (NEW."academie_id") OR OLD."depose_le" IS DISTINCT FROM (NEW."depose_le") OR OLD."depose_par_id" IS DISTINCT FROM (NEW."depose_par_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."nom" IS DISTINCT FROM (NEW."nom") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."taille" IS DISTINCT FROM (NEW."taille"))', func='INSERT INTO "pilotage_modeledebilanevent" ("academie_id", "depose_le", "depose_par_id", "id", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "taille") VALUES (NEW."academie_id", NEW."depose_le", NEW."depose_par_id", NEW."id", NEW."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."sha256", NEW."taille"); RETURN NULL;', hash='69fe2fa7ca496f14289076889392a54df2b9e735', operation='UPDATE', pgid='pgtrigger_update_update_3bb61', table='pilotage_modeledebilan', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='modeledebilan',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pilotage_modeledebilanevent" ("academie_id", "depose_le", "depose_par_id", "id", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "taille") VALUES (OLD."academie_id", OLD."depose_le", OLD."depose_par_id", OLD."id", OLD."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."sha256", OLD."taille"); RETURN NULL;', hash='377293e1dcc4496221e86d434ee994ed6c63ebb5', operation='DELETE', pgid='pgtrigger_delete_delete_9607c', table='pilotage_modeledebilan', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='modeledebilanevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fca324bfdf29494f9cb51786a95d666b86850ac6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d81f3', table='pilotage_modeledebilanevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='motdubilan',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pilotage_motdubilanevent" ("annee_scolaire", "ecrit_le", "ecrit_par_id", "etablissement_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texte", "version") VALUES (NEW."annee_scolaire", NEW."ecrit_le", NEW."ecrit_par_id", NEW."etablissement_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."texte", NEW."version"); RETURN NULL;', hash='ccc1895d79854ae9ff4cb5702cd4464ec99eebe9', operation='INSERT', pgid='pgtrigger_insert_insert_29539', table='pilotage_motdubilan', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='motdubilan',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pilotage_motdubilanevent" ("annee_scolaire", "ecrit_le", "ecrit_par_id", "etablissement_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texte", "version") VALUES (NEW."annee_scolaire", NEW."ecrit_le", NEW."ecrit_par_id", NEW."etablissement_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."texte", NEW."version"); RETURN NULL;', hash='b93813090f836155ecddb1b0f972444632361d8a', operation='UPDATE', pgid='pgtrigger_update_update_4c155', table='pilotage_motdubilan', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='motdubilanevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d94c81bffdc785327114adfd23c12e7c415e7e19', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_03e35', table='pilotage_motdubilanevent', when='BEFORE')),
                ),
            ],
        ),
    ]
