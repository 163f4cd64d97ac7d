import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import strategie.socle.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('socle', '0002_comparaison_des_semblables'),
    ]

    operations = [
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.CreateModel(
                    name='DistrictEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('nom', models.CharField(max_length=80)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MouvementDeDistricts',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('maniere', models.CharField(choices=[('liste', 'par liste'), ('communes', 'par commune'), ('fichier', 'par fichier'), ('circonscriptions', "d'après les circonscriptions de l'annuaire"), ('bassins', "d'après les bassins de l'annuaire"), ('annulation', 'annulation du mouvement précédent')], max_length=16, verbose_name='manière')),
                        ('deplacements', models.JSONField(help_text="Clé de l'établissement : [district quitté, district rejoint].", verbose_name='déplacements')),
                        ('fait_le', models.DateTimeField(verbose_name='fait le')),
                    ],
                    options={
                        'verbose_name': 'mouvement de districts',
                        'verbose_name_plural': 'mouvements de districts',
                        'ordering': ['-fait_le', '-pk'],
                    },
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='academie',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='etablissement',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='etablissement',
            name='delete_delete',
        ),
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.AddField(
                    model_name='academie',
                    name='libelle_districts',
                    field=models.CharField(blank=True, db_default='', help_text="Vide : le nom, suivi d'un s.", max_length=30, verbose_name='ce nom au pluriel'),
                ),
                migrations.AddField(
                    model_name='academie',
                    name='libelle_feminin',
                    field=models.BooleanField(db_default=False, default=False, verbose_name='ce nom est féminin'),
                ),
                migrations.AddField(
                    model_name='academiecomparelessemblablesevent',
                    name='libelle_district',
                    field=models.CharField(default='district', help_text='district, bassin, circonscription…', max_length=30, verbose_name='nom donné aux districts'),
                ),
                migrations.AddField(
                    model_name='academiecomparelessemblablesevent',
                    name='libelle_districts',
                    field=models.CharField(blank=True, db_default='', help_text="Vide : le nom, suivi d'un s.", max_length=30, verbose_name='ce nom au pluriel'),
                ),
                migrations.AddField(
                    model_name='academiecomparelessemblablesevent',
                    name='libelle_feminin',
                    field=models.BooleanField(db_default=False, default=False, verbose_name='ce nom est féminin'),
                ),
                migrations.AddField(
                    model_name='etablissement',
                    name='bassin',
                    field=models.CharField(blank=True, db_default='', max_length=80, verbose_name='bassin de formation'),
                ),
                migrations.AddField(
                    model_name='etablissement',
                    name='circonscription',
                    field=models.CharField(blank=True, db_default='', max_length=150, verbose_name='circonscription du premier degré'),
                ),
                migrations.AddField(
                    model_name='etablissementevent',
                    name='bassin',
                    field=models.CharField(blank=True, db_default='', max_length=80, verbose_name='bassin de formation'),
                ),
                migrations.AddField(
                    model_name='etablissementevent',
                    name='circonscription',
                    field=models.CharField(blank=True, db_default='', max_length=150, verbose_name='circonscription du premier degré'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='academie',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."compare_les_semblables" IS DISTINCT FROM (NEW."compare_les_semblables") OR OLD."libelle_district" IS DISTINCT FROM (NEW."libelle_district") OR OLD."libelle_districts" IS DISTINCT FROM (NEW."libelle_districts") OR OLD."libelle_feminin" IS DISTINCT FROM (NEW."libelle_feminin"))', func='INSERT INTO "socle_academiecomparelessemblablesevent" ("compare_les_semblables", "libelle_district", "libelle_districts", "libelle_feminin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."compare_les_semblables", NEW."libelle_district", NEW."libelle_districts", NEW."libelle_feminin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='fbb61c314721179611b98408ac4f43730a8044b1', operation='UPDATE', pgid='pgtrigger_update_update_2c9e9', table='socle_academie', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='district',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "socle_districtevent" ("academie_id", "id", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."academie_id", NEW."id", NEW."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='c0f0b581f01792b9c95551778e76254ba5fe068f', operation='INSERT', pgid='pgtrigger_insert_insert_64127', table='socle_district', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='district',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "socle_districtevent" ("academie_id", "id", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."academie_id", NEW."id", NEW."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='5017475434d449145655b7f769a1577f728d4b6b', operation='UPDATE', pgid='pgtrigger_update_update_fc97c', table='socle_district', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='district',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "socle_districtevent" ("academie_id", "id", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."academie_id", OLD."id", OLD."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='8055878f65f5cf294ba5e79510cb5309ffbcbe04', operation='DELETE', pgid='pgtrigger_delete_delete_a217f', table='socle_district', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='etablissement',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "socle_etablissementevent" ("academie_id", "adresse", "bassin", "circonscription", "code_commune", "code_postal", "collectivite_id", "commune", "courriel", "cree_le", "date_annuaire", "departement_id", "district_id", "education_prioritaire", "effectif", "etat", "ferme_le", "id", "internat", "latitude", "longitude", "nature", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "secteur", "site", "source", "telephone", "type", "uai") SELECT new_values."academie_id", new_values."adresse", new_values."bassin", new_values."circonscription", new_values."code_commune", new_values."code_postal", new_values."collectivite_id", new_values."commune", new_values."courriel", new_values."cree_le", new_values."date_annuaire", new_values."departement_id", new_values."district_id", new_values."education_prioritaire", new_values."effectif", new_values."etat", new_values."ferme_le", new_values."id", new_values."internat", new_values."latitude", new_values."longitude", new_values."nature", new_values."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."secteur", new_values."site", new_values."source", new_values."telephone", new_values."type", new_values."uai" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c00848dd4a11318371fde32ff462dcc5b3b7a29b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3cc3a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='socle_etablissement', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='etablissement',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "socle_etablissementevent" ("academie_id", "adresse", "bassin", "circonscription", "code_commune", "code_postal", "collectivite_id", "commune", "courriel", "cree_le", "date_annuaire", "departement_id", "district_id", "education_prioritaire", "effectif", "etat", "ferme_le", "id", "internat", "latitude", "longitude", "nature", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "secteur", "site", "source", "telephone", "type", "uai") SELECT old_values."academie_id", old_values."adresse", old_values."bassin", old_values."circonscription", old_values."code_commune", old_values."code_postal", old_values."collectivite_id", old_values."commune", old_values."courriel", old_values."cree_le", old_values."date_annuaire", old_values."departement_id", old_values."district_id", old_values."education_prioritaire", old_values."effectif", old_values."etat", old_values."ferme_le", old_values."id", old_values."internat", old_values."latitude", old_values."longitude", old_values."nature", old_values."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."secteur", old_values."site", old_values."source", old_values."telephone", old_values."type", old_values."uai" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='670a96e380fff444ad946ef725b132eecdb662f3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_93d57', referencing='REFERENCING OLD TABLE AS old_values ', table='socle_etablissement', when='AFTER')),
                ),
                migrations.AddField(
                    model_name='districtevent',
                    name='academie',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.academie', verbose_name='académie'),
                ),
                migrations.AddField(
                    model_name='districtevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='socle.district'),
                ),
                migrations.AddField(
                    model_name='mouvementdedistricts',
                    name='academie',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mouvements', to='socle.academie', verbose_name='académie'),
                ),
                migrations.AddField(
                    model_name='mouvementdedistricts',
                    name='fait_par',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='fait par'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='districtevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='33acfcec57aed8fda024010c89e2fa6279c8f462', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_97620', table='socle_districtevent', when='BEFORE')),
                ),
                migrations.AddIndex(
                    model_name='mouvementdedistricts',
                    index=models.Index(fields=['academie', '-fait_le'], name='mouvement_academie'),
                ),
            ],
        ),
    ]
