import diagnostic.domain.cotation
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import strategie.socle.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('diagnostic', '0001_initial'),
        ('socle', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.AddField(
                    model_name='campagne',
                    name='academie',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campagnes', to='socle.academie', verbose_name='académie'),
                ),
                migrations.AddField(
                    model_name='campagneevent',
                    name='academie',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.academie', verbose_name='académie'),
                ),
                migrations.AddField(
                    model_name='campagneevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.campagne'),
                ),
                migrations.AddField(
                    model_name='copiesignee',
                    name='signataire',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='copiesigneeevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.copiesignee'),
                ),
                migrations.AddField(
                    model_name='copiesigneeevent',
                    name='signataire',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='diagnostic',
                    name='campagne',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='diagnostics', to='diagnostic.campagne'),
                ),
                migrations.AddField(
                    model_name='diagnostic',
                    name='commence_par',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='commencé par'),
                ),
                migrations.AddField(
                    model_name='diagnostic',
                    name='etablissement',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='diagnostics', to='socle.etablissement', verbose_name='établissement'),
                ),
                migrations.AddField(
                    model_name='copiesigneeevent',
                    name='diagnostic',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='copiesignee',
                    name='diagnostic',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='diagnosticevent',
                    name='campagne',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.campagne'),
                ),
                migrations.AddField(
                    model_name='diagnosticevent',
                    name='commence_par',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='commencé par'),
                ),
                migrations.AddField(
                    model_name='diagnosticevent',
                    name='etablissement',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.etablissement', verbose_name='établissement'),
                ),
                migrations.AddField(
                    model_name='diagnosticevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='indicateur',
                    name='champ',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicateurs', to='diagnostic.champ'),
                ),
                migrations.AddField(
                    model_name='preuve',
                    name='deposee_par',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposée par'),
                ),
                migrations.AddField(
                    model_name='preuve',
                    name='diagnostic',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preuves', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='preuve',
                    name='indicateur',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preuves', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='preuveevent',
                    name='deposee_par',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposée par'),
                ),
                migrations.AddField(
                    model_name='preuveevent',
                    name='diagnostic',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='preuveevent',
                    name='indicateur',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='preuveevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.preuve'),
                ),
                migrations.AddConstraint(
                    model_name='referentiel',
                    constraint=models.UniqueConstraint(fields=('code', 'version'), name='referentiel_version_unique', violation_error_message='Cette version existe déjà.'),
                ),
                migrations.AddConstraint(
                    model_name='referentiel',
                    constraint=models.CheckConstraint(condition=models.Q(('part_inconnue_max__gte', 0), ('part_inconnue_max__lt', 1), ('seuil__gt', 0), ('seuil__lte', 1)), name='referentiel_seuils_possibles', violation_error_message="Le seuil est compris entre 0 et 1, la part d'inconnu aussi."),
                ),
                migrations.AddField(
                    model_name='palier',
                    name='referentiel',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='paliers', to='diagnostic.referentiel', verbose_name='référentiel'),
                ),
                migrations.AddField(
                    model_name='indicateur',
                    name='referentiel',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicateurs', to='diagnostic.referentiel', verbose_name='référentiel'),
                ),
                migrations.AddField(
                    model_name='champ',
                    name='referentiel',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='champs', to='diagnostic.referentiel', verbose_name='référentiel'),
                ),
                migrations.AddField(
                    model_name='campagneevent',
                    name='referentiel',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.referentiel', verbose_name='référentiel'),
                ),
                migrations.AddField(
                    model_name='campagne',
                    name='referentiel',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campagnes', to='diagnostic.referentiel', verbose_name='référentiel'),
                ),
                migrations.AddField(
                    model_name='reponse',
                    name='diagnostic',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reponses', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='reponse',
                    name='indicateur',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reponses', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='reponse',
                    name='modifiee_par',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modifiée par'),
                ),
                migrations.AddField(
                    model_name='reponseevent',
                    name='diagnostic',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='reponseevent',
                    name='indicateur',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='reponseevent',
                    name='modifiee_par',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modifiée par'),
                ),
                migrations.AddField(
                    model_name='reponseevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.reponse'),
                ),
                migrations.AddConstraint(
                    model_name='diagnostic',
                    constraint=models.UniqueConstraint(fields=('etablissement', 'campagne'), name='diagnostic_unique_dans_la_campagne', violation_error_message='Cet établissement a déjà un diagnostic pour cette campagne.'),
                ),
                migrations.AddConstraint(
                    model_name='diagnostic',
                    constraint=models.CheckConstraint(condition=models.Q(('version', 1), models.Q(('motif_reouverture', ''), _negated=True), _connector='OR'), name='diagnostic_reouverture_motivee', violation_error_message='Rouvrir un diagnostic signé demande un motif.'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='diagnostic',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_diagnosticevent" ("campagne_id", "commence_le", "commence_par_id", "etablissement_id", "etat", "id", "motif_reouverture", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."campagne_id", NEW."commence_le", NEW."commence_par_id", NEW."etablissement_id", NEW."etat", NEW."id", NEW."motif_reouverture", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."version"); RETURN NULL;', hash='75968a3052fbb03760566004cac5b96cf8f8d044', operation='INSERT', pgid='pgtrigger_insert_insert_f940d', table='diagnostic_diagnostic', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='diagnostic',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_diagnosticevent" ("campagne_id", "commence_le", "commence_par_id", "etablissement_id", "etat", "id", "motif_reouverture", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."campagne_id", NEW."commence_le", NEW."commence_par_id", NEW."etablissement_id", NEW."etat", NEW."id", NEW."motif_reouverture", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."version"); RETURN NULL;', hash='2971c6dd25393bc17b21031049644e86a4680732', operation='UPDATE', pgid='pgtrigger_update_update_cfd7b', table='diagnostic_diagnostic', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='copiesigneeevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6b46af2a278424a8e0f8a85c50feb49f17debb69', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_87cd7', table='diagnostic_copiesigneeevent', when='BEFORE')),
                ),
                migrations.AddConstraint(
                    model_name='copiesignee',
                    constraint=models.UniqueConstraint(fields=('diagnostic', 'version'), name='copie_signee_unique'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='copiesignee',
                    trigger=pgtrigger.compiler.Trigger(name='copie_figee', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c46cda2a71f9e42013681d19b5a4df7c1d858011', operation='UPDATE OR DELETE', pgid='pgtrigger_copie_figee_eb720', table='diagnostic_copiesignee', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='copiesignee',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_copiesigneeevent" ("diagnostic_id", "fonction_signataire", "id", "nom_signataire", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256_contenu", "sha256_pdf", "signataire_id", "signee_le", "version") VALUES (NEW."diagnostic_id", NEW."fonction_signataire", NEW."id", NEW."nom_signataire", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."sha256_contenu", NEW."sha256_pdf", NEW."signataire_id", NEW."signee_le", NEW."version"); RETURN NULL;', hash='8e4959c200207163c2f71bcaa5938671c314ca32', operation='INSERT', pgid='pgtrigger_insert_insert_dc74a', table='diagnostic_copiesignee', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='copiesignee',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."diagnostic_id" IS DISTINCT FROM (NEW."diagnostic_id") OR OLD."fonction_signataire" IS DISTINCT FROM (NEW."fonction_signataire") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."nom_signataire" IS DISTINCT FROM (NEW."nom_signataire") OR OLD."sha256_contenu" IS DISTINCT FROM (NEW."sha256_contenu") OR OLD."sha256_pdf" IS DISTINCT FROM (NEW."sha256_pdf") OR OLD."signataire_id" IS DISTINCT FROM (NEW."signataire_id") OR OLD."signee_le" IS DISTINCT FROM (NEW."signee_le") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "diagnostic_copiesigneeevent" ("diagnostic_id", "fonction_signataire", "id", "nom_signataire", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256_contenu", "sha256_pdf", "signataire_id", "signee_le", "version") VALUES (NEW."diagnostic_id", NEW."fonction_signataire", NEW."id", NEW."nom_signataire", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."sha256_contenu", NEW."sha256_pdf", NEW."signataire_id", NEW."signee_le", NEW."version"); RETURN NULL;', hash='cde564e7b6e35760552984fddeb441cc28930c4c', operation='UPDATE', pgid='pgtrigger_update_update_67fc1', table='diagnostic_copiesignee', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='diagnosticevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2324b173871754e5caef81b7477ea2008161cc7f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f61c9', table='diagnostic_diagnosticevent', when='BEFORE')),
                ),
                migrations.AddConstraint(
                    model_name='preuve',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('lien', ''), models.Q(('fichier', ''), _negated=True)), models.Q(models.Q(('lien', ''), _negated=True), ('fichier', '')), _connector='OR'), name='preuve_lien_ou_fichier', violation_error_message="Une preuve est un lien ou un fichier, l'un des deux."),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='preuve',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_preuveevent" ("cle", "date_piece", "deposee_le", "deposee_par_id", "diagnostic_id", "fichier", "id", "indicateur_id", "intitule", "lien", "nom_fichier", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "taille", "type_contenu") VALUES (NEW."cle", NEW."date_piece", NEW."deposee_le", NEW."deposee_par_id", NEW."diagnostic_id", NEW."fichier", NEW."id", NEW."indicateur_id", NEW."intitule", NEW."lien", NEW."nom_fichier", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."sha256", NEW."taille", NEW."type_contenu"); RETURN NULL;', hash='f7a103d9c9b2343d6880fc80640c57253870722b', operation='INSERT', pgid='pgtrigger_insert_insert_a9e0f', table='diagnostic_preuve', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='preuve',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_preuveevent" ("cle", "date_piece", "deposee_le", "deposee_par_id", "diagnostic_id", "fichier", "id", "indicateur_id", "intitule", "lien", "nom_fichier", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "taille", "type_contenu") VALUES (NEW."cle", NEW."date_piece", NEW."deposee_le", NEW."deposee_par_id", NEW."diagnostic_id", NEW."fichier", NEW."id", NEW."indicateur_id", NEW."intitule", NEW."lien", NEW."nom_fichier", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."sha256", NEW."taille", NEW."type_contenu"); RETURN NULL;', hash='16d0199607d72adf4f884765b267363353afcde9', operation='UPDATE', pgid='pgtrigger_update_update_7fea7', table='diagnostic_preuve', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='preuveevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='16a4164d3405cbfd3f2f4da563e958d651ff42ea', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_12765', table='diagnostic_preuveevent', when='BEFORE')),
                ),
                migrations.AddConstraint(
                    model_name='palier',
                    constraint=models.UniqueConstraint(fields=('referentiel', 'numero'), name='palier_unique'),
                ),
                migrations.AddConstraint(
                    model_name='palier',
                    constraint=models.CheckConstraint(condition=models.Q(('numero__range', (1, 3))), name='palier_de_1_a_3'),
                ),
                migrations.AddConstraint(
                    model_name='indicateur',
                    constraint=models.UniqueConstraint(fields=('referentiel', 'code'), name='indicateur_unique'),
                ),
                migrations.AddConstraint(
                    model_name='indicateur',
                    constraint=models.CheckConstraint(condition=models.Q(('palier__range', (1, 3))), name='indicateur_palier_de_1_a_3'),
                ),
                migrations.AddConstraint(
                    model_name='indicateur',
                    constraint=models.CheckConstraint(condition=models.Q(('portee__contained_by', ['ecole', 'college', 'lycee']), ('portee__len__gt', 0)), name='indicateur_portee_connue', violation_error_message="La portée nomme au moins une sorte d'établissement : école, collège, lycée."),
                ),
                migrations.AddConstraint(
                    model_name='champ',
                    constraint=models.UniqueConstraint(fields=('referentiel', 'code'), name='champ_unique'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='campagneevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='79c11e4359c352422df4016abbf68e66faa133a3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d191b', table='diagnostic_campagneevent', when='BEFORE')),
                ),
                migrations.AddConstraint(
                    model_name='campagne',
                    constraint=models.UniqueConstraint(fields=('academie', 'annee_scolaire'), name='campagne_unique', violation_error_message='Cette académie a déjà une campagne pour cette année scolaire.'),
                ),
                migrations.AddConstraint(
                    model_name='campagne',
                    constraint=models.CheckConstraint(condition=models.Q(('date_cloture__gte', models.F('date_ouverture'))), name='campagne_dates_dans_l_ordre', violation_error_message="La clôture ne peut pas précéder l'ouverture."),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='campagne',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_campagneevent" ("academie_id", "annee_scolaire", "date_cloture", "date_ouverture", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referentiel_id") VALUES (NEW."academie_id", NEW."annee_scolaire", NEW."date_cloture", NEW."date_ouverture", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."referentiel_id"); RETURN NULL;', hash='a5c35a0f0be6b7a22777276e2fac782693465704', operation='INSERT', pgid='pgtrigger_insert_insert_91a3f', table='diagnostic_campagne', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='campagne',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_campagneevent" ("academie_id", "annee_scolaire", "date_cloture", "date_ouverture", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referentiel_id") VALUES (NEW."academie_id", NEW."annee_scolaire", NEW."date_cloture", NEW."date_ouverture", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."referentiel_id"); RETURN NULL;', hash='75512326abed08b63184ba2f7a894f1c33f1d8a8', operation='UPDATE', pgid='pgtrigger_update_update_09d55', table='diagnostic_campagne', when='AFTER')),
                ),
                migrations.AddConstraint(
                    model_name='reponse',
                    constraint=models.UniqueConstraint(fields=('diagnostic', 'indicateur'), name='reponse_unique'),
                ),
                migrations.AddConstraint(
                    model_name='reponse',
                    constraint=models.CheckConstraint(condition=models.Q(('valeur__in', ['', diagnostic.domain.cotation.Valeur['oui'], diagnostic.domain.cotation.Valeur['en_partie'], diagnostic.domain.cotation.Valeur['non'], diagnostic.domain.cotation.Valeur['sans_objet'], diagnostic.domain.cotation.Valeur['ne_sait_pas']])), name='reponse_valeur_connue', violation_error_message="Cette réponse n'est pas dans la liste."),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reponse',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_reponseevent" ("commentaire", "diagnostic_id", "id", "indicateur_id", "modifiee_par_id", "motif", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valeur", "version") VALUES (NEW."commentaire", NEW."diagnostic_id", NEW."id", NEW."indicateur_id", NEW."modifiee_par_id", NEW."motif", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."valeur", NEW."version"); RETURN NULL;', hash='8eb9fb612d3d0c0cae21241ac12acf1118e7ebe1', operation='INSERT', pgid='pgtrigger_insert_insert_73185', table='diagnostic_reponse', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reponse',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."commentaire" IS DISTINCT FROM (NEW."commentaire") OR OLD."diagnostic_id" IS DISTINCT FROM (NEW."diagnostic_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."indicateur_id" IS DISTINCT FROM (NEW."indicateur_id") OR OLD."modifiee_par_id" IS DISTINCT FROM (NEW."modifiee_par_id") OR OLD."motif" IS DISTINCT FROM (NEW."motif") OR OLD."valeur" IS DISTINCT FROM (NEW."valeur") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "diagnostic_reponseevent" ("commentaire", "diagnostic_id", "id", "indicateur_id", "modifiee_par_id", "motif", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valeur", "version") VALUES (NEW."commentaire", NEW."diagnostic_id", NEW."id", NEW."indicateur_id", NEW."modifiee_par_id", NEW."motif", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."valeur", NEW."version"); RETURN NULL;', hash='60cb8922ec47e808d44cb0eab34d799612470ceb', operation='UPDATE', pgid='pgtrigger_update_update_bb013', table='diagnostic_reponse', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reponseevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3c00d1e54c7141f9d8f24de6ab3b6705aa24eb48', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f8e4f', table='diagnostic_reponseevent', when='BEFORE')),
                ),
            ],
        ),
    ]
