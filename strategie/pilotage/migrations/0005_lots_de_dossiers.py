import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import strategie.socle.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pilotage', '0004_bilan'),
        ('socle', '0002_comparaison_des_semblables'),
        ('socle', '__first__'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='lotdedossiers',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='lotdedossiers',
            name='update_update',
        ),
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.AddField(
                    model_name='dossierdulot',
                    name='tentatives',
                    field=models.PositiveSmallIntegerField(db_default=0, default=0),
                ),
                migrations.AddField(
                    model_name='lotdedossiers',
                    name='departement',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.departement', verbose_name='département'),
                ),
                migrations.AddField(
                    model_name='lotdedossiersevent',
                    name='departement',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.departement', verbose_name='département'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='dossierdulot',
            name='dossier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='pilotage.dossier'),
        ),
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.AddIndex(
                    model_name='dossierdulot',
                    index=models.Index(condition=models.Q(('fini_le__isnull', True)), fields=['lot', 'tentatives', 'id'], name='dossier_du_lot_a_faire'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='lotdedossiers',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pilotage_lotdedossiersevent" ("academie_id", "arrete_le", "cle", "demande_le", "demande_par_id", "departement_id", "district_id", "exercice", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."academie_id", NEW."arrete_le", NEW."cle", NEW."demande_le", NEW."demande_par_id", NEW."departement_id", NEW."district_id", NEW."exercice", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='0a1e7667e68b5bfc6eab821ef3c01382f0d7cbbf', operation='INSERT', pgid='pgtrigger_insert_insert_c9ea6', table='pilotage_lotdedossiers', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='lotdedossiers',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pilotage_lotdedossiersevent" ("academie_id", "arrete_le", "cle", "demande_le", "demande_par_id", "departement_id", "district_id", "exercice", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."academie_id", NEW."arrete_le", NEW."cle", NEW."demande_le", NEW."demande_par_id", NEW."departement_id", NEW."district_id", NEW."exercice", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='843e706859acfe15d0bf6ced04dd753dface8d3d', operation='UPDATE', pgid='pgtrigger_update_update_9b90c', table='pilotage_lotdedossiers', when='AFTER')),
                ),
                migrations.AddConstraint(
                    model_name='dossierdulot',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('dossier__isnull', True), ('erreur', ''), ('fini_le__isnull', True)), models.Q(('dossier__isnull', False), ('erreur', ''), ('fini_le__isnull', False)), models.Q(('dossier__isnull', True), ('fini_le__isnull', False), models.Q(('erreur', ''), _negated=True)), _connector='OR'), name='dossier_du_lot_fini'),
                ),
                migrations.AddConstraint(
                    model_name='lotdedossiers',
                    constraint=models.CheckConstraint(condition=models.Q(('departement__isnull', True), ('district__isnull', True), _connector='OR'), name='lot_un_seul_territoire'),
                ),
            ],
        ),
    ]
