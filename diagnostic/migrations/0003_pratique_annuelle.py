import diagnostic.domain.cotation
import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import strategie.socle.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diagnostic', '0002_initial'),
        ('socle', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.CreateModel(
                    name='Correspondance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('nature', models.CharField(choices=[('conserve', 'Conservé'), ('reformule', 'Reformulé'), ('scinde', 'Scindé'), ('fusionne', 'Fusionné'), ('abandonne', 'Abandonné'), ('nouveau', 'Nouveau')], max_length=9)),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Delegation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('champ', models.CharField(max_length=8, verbose_name='code du champ')),
                        ('confiee_le', models.DateTimeField(verbose_name='confiée le')),
                    ],
                    options={
                        'verbose_name': 'délégation',
                        'ordering': ['champ', 'utilisateur'],
                    },
                ),
                migrations.CreateModel(
                    name='DelegationEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('champ', models.CharField(max_length=8, verbose_name='code du champ')),
                        ('confiee_le', models.DateTimeField(verbose_name='confiée le')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Prolongation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date_cloture', models.DateField(verbose_name='nouvelle clôture')),
                        ('motif', models.CharField(max_length=300)),
                        ('accordee_le', models.DateTimeField(verbose_name='accordée le')),
                    ],
                    options={
                        'ordering': ['district__nom'],
                    },
                ),
                migrations.CreateModel(
                    name='ProlongationEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('date_cloture', models.DateField(verbose_name='nouvelle clôture')),
                        ('motif', models.CharField(max_length=300)),
                        ('accordee_le', models.DateTimeField(verbose_name='accordée le')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReglePlausibilite',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=8)),
                        ('gravite', models.CharField(choices=[('bloquante', 'Empêche de signer'), ('avertissement', 'Avertissement')], max_length=13, verbose_name='gravité')),
                        ('phrase', models.CharField(max_length=300)),
                        ('si_valeurs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=11))),
                        ('alors_valeurs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=11))),
                    ],
                    options={
                        'verbose_name': 'règle de plausibilité',
                        'verbose_name_plural': 'règles de plausibilité',
                        'ordering': ['code'],
                    },
                ),
                migrations.CreateModel(
                    name='SecondRegard',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valeur', models.CharField(blank=True, choices=[('oui', 'Oui'), ('en_partie', 'En partie'), ('non', 'Non'), ('sans_objet', 'Sans objet'), ('ne_sait_pas', 'Ne sait pas')], max_length=11, verbose_name='second regard')),
                        ('commentaire', models.TextField(blank=True)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('modifie_le', models.DateTimeField(verbose_name='modifié le')),
                    ],
                    options={
                        'verbose_name': 'second regard',
                        'verbose_name_plural': 'seconds regards',
                    },
                ),
                migrations.CreateModel(
                    name='SecondRegardEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('valeur', models.CharField(blank=True, choices=[('oui', 'Oui'), ('en_partie', 'En partie'), ('non', 'Non'), ('sans_objet', 'Sans objet'), ('ne_sait_pas', 'Ne sait pas')], max_length=11, verbose_name='second regard')),
                        ('commentaire', models.TextField(blank=True)),
                        ('version', models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Visite',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField()),
                        ('forme', models.CharField(choices=[('sur_place', 'Visite sur place'), ('a_distance', 'Échange à distance'), ('document', 'Conseil écrit')], max_length=10)),
                        ('objet', models.CharField(max_length=150)),
                        ('conseil', models.TextField(blank=True, verbose_name='conseil donné')),
                        ('cle', models.UUIDField(editable=False, unique=True, verbose_name="clef de l'envoi")),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('notee_le', models.DateTimeField(verbose_name='notée le')),
                    ],
                    options={
                        'ordering': ['-date', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='VisiteEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('date', models.DateField()),
                        ('forme', models.CharField(choices=[('sur_place', 'Visite sur place'), ('a_distance', 'Échange à distance'), ('document', 'Conseil écrit')], max_length=10)),
                        ('objet', models.CharField(max_length=150)),
                        ('conseil', models.TextField(blank=True, verbose_name='conseil donné')),
                        ('cle', models.UUIDField(editable=False, verbose_name="clef de l'envoi")),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('notee_le', models.DateTimeField(verbose_name='notée le')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='VoteReunion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('oui', models.PositiveSmallIntegerField(default=0)),
                        ('en_partie', models.PositiveSmallIntegerField(default=0)),
                        ('non', models.PositiveSmallIntegerField(default=0)),
                        ('ne_sait_pas', models.PositiveSmallIntegerField(default=0)),
                        ('desaccord', models.TextField(blank=True, verbose_name='désaccord')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('note_le', models.DateTimeField(verbose_name='noté le')),
                    ],
                    options={
                        'verbose_name': 'vote de réunion',
                        'verbose_name_plural': 'votes de réunion',
                    },
                ),
                migrations.CreateModel(
                    name='VoteReunionEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('oui', models.PositiveSmallIntegerField(default=0)),
                        ('en_partie', models.PositiveSmallIntegerField(default=0)),
                        ('non', models.PositiveSmallIntegerField(default=0)),
                        ('ne_sait_pas', models.PositiveSmallIntegerField(default=0)),
                        ('desaccord', models.TextField(blank=True, verbose_name='désaccord')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('note_le', models.DateTimeField(verbose_name='noté le')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='campagne',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='campagne',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='diagnostic',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='diagnostic',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='reponse',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='reponse',
            name='update_update',
        ),
        migrations.RemoveConstraint(
            model_name='referentiel',
            name='referentiel_version_unique',
        ),
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.AddField(
                    model_name='campagne',
                    name='jours_de_correction',
                    field=models.PositiveSmallIntegerField(default=15, help_text='Après la clôture, le temps de rouvrir et de corriger un diagnostic déjà signé.', verbose_name='jours de correction'),
                ),
                migrations.AddField(
                    model_name='campagneevent',
                    name='jours_de_correction',
                    field=models.PositiveSmallIntegerField(default=15, help_text='Après la clôture, le temps de rouvrir et de corriger un diagnostic déjà signé.', verbose_name='jours de correction'),
                ),
                migrations.AddField(
                    model_name='diagnostic',
                    name='date_cloture',
                    field=models.DateField(null=True, verbose_name="clôture pour l'établissement"),
                ),
                migrations.AddField(
                    model_name='diagnostic',
                    name='referentiel',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='diagnostics', to='diagnostic.referentiel', verbose_name='référentiel'),
                ),
                migrations.AddField(
                    model_name='diagnosticevent',
                    name='date_cloture',
                    field=models.DateField(null=True, verbose_name="clôture pour l'établissement"),
                ),
                migrations.AddField(
                    model_name='diagnosticevent',
                    name='referentiel',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.referentiel', verbose_name='référentiel'),
                ),
                migrations.AddField(
                    model_name='indicateur',
                    name='si_education_prioritaire',
                    field=models.BooleanField(default=False, verbose_name='seulement en éducation prioritaire'),
                ),
                migrations.AddField(
                    model_name='indicateur',
                    name='si_internat',
                    field=models.BooleanField(default=False, verbose_name='seulement avec un internat'),
                ),
                migrations.AddField(
                    model_name='referentiel',
                    name='academie',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='referentiels', to='socle.academie', verbose_name='académie'),
                ),
                migrations.AddField(
                    model_name='referentiel',
                    name='precedent',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suivants', to='diagnostic.referentiel', verbose_name="version d'avant"),
                ),
                migrations.AddField(
                    model_name='reponse',
                    name='a_reconfirmer',
                    field=models.BooleanField(default=False, help_text="Reprise d'une autre année ou version : ne compte pas encore.", verbose_name='à reconfirmer'),
                ),
                migrations.AddField(
                    model_name='reponseevent',
                    name='a_reconfirmer',
                    field=models.BooleanField(default=False, help_text="Reprise d'une autre année ou version : ne compte pas encore.", verbose_name='à reconfirmer'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='diagnostic',
            name='commence_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='commencé le'),
        ),
        migrations.AlterField(
            model_name='diagnostic',
            name='commence_par',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='commencé par'),
        ),
        migrations.AlterField(
            model_name='diagnostic',
            name='etat',
            field=models.CharField(choices=[('a_commencer', 'À commencer'), ('brouillon', 'Brouillon'), ('soumis', 'Signé'), ('rouvert', 'Rouvert')], default='a_commencer', max_length=11, verbose_name='état'),
        ),
        migrations.AlterField(
            model_name='diagnosticevent',
            name='commence_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='commencé le'),
        ),
        migrations.AlterField(
            model_name='diagnosticevent',
            name='commence_par',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='commencé par'),
        ),
        migrations.AlterField(
            model_name='diagnosticevent',
            name='etat',
            field=models.CharField(choices=[('a_commencer', 'À commencer'), ('brouillon', 'Brouillon'), ('soumis', 'Signé'), ('rouvert', 'Rouvert')], default='a_commencer', max_length=11, verbose_name='état'),
        ),
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.AddIndex(
                    model_name='diagnostic',
                    index=models.Index(fields=['campagne', 'etat'], name='diagnostic_campagne_etat'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='campagne',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_campagneevent" ("academie_id", "annee_scolaire", "date_cloture", "date_ouverture", "id", "jours_de_correction", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referentiel_id") VALUES (NEW."academie_id", NEW."annee_scolaire", NEW."date_cloture", NEW."date_ouverture", NEW."id", NEW."jours_de_correction", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."referentiel_id"); RETURN NULL;', hash='8fb551bb5d57935f767974dd15b72cc03472cb15', operation='INSERT', pgid='pgtrigger_insert_insert_91a3f', table='diagnostic_campagne', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='campagne',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_campagneevent" ("academie_id", "annee_scolaire", "date_cloture", "date_ouverture", "id", "jours_de_correction", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referentiel_id") VALUES (NEW."academie_id", NEW."annee_scolaire", NEW."date_cloture", NEW."date_ouverture", NEW."id", NEW."jours_de_correction", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."referentiel_id"); RETURN NULL;', hash='767feb3704575d1a3bb2154bac8241e98d3f0340', operation='UPDATE', pgid='pgtrigger_update_update_09d55', table='diagnostic_campagne', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='champ',
                    trigger=pgtrigger.compiler.Trigger(name='fige_une_fois_publie', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM diagnostic_referentiel\n                WHERE id IN (OLD.referentiel_id, NEW.referentiel_id) AND publie_le IS NOT NULL\n            ) THEN\n                RAISE EXCEPTION 'Cette version du référentiel est publiée : elle ne change plus.';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='d1dab1a24750aab92d1363e98f9bedd512887ed3', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_fige_une_fois_publie_d1bcc', table='diagnostic_champ', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='diagnostic',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_diagnosticevent" ("campagne_id", "commence_le", "commence_par_id", "date_cloture", "etablissement_id", "etat", "id", "motif_reouverture", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referentiel_id", "version") VALUES (NEW."campagne_id", NEW."commence_le", NEW."commence_par_id", NEW."date_cloture", NEW."etablissement_id", NEW."etat", NEW."id", NEW."motif_reouverture", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."referentiel_id", NEW."version"); RETURN NULL;', hash='232a9cbf4e76c5620fd4a813612bddbd0fb4d6cb', operation='UPDATE', pgid='pgtrigger_update_update_cfd7b', table='diagnostic_diagnostic', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='diagnostic',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_diagnosticevent" ("campagne_id", "commence_le", "commence_par_id", "date_cloture", "etablissement_id", "etat", "id", "motif_reouverture", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referentiel_id", "version") VALUES (OLD."campagne_id", OLD."commence_le", OLD."commence_par_id", OLD."date_cloture", OLD."etablissement_id", OLD."etat", OLD."id", OLD."motif_reouverture", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."referentiel_id", OLD."version"); RETURN NULL;', hash='030eb1a68214a10c299c1a09319ffceff6d5ed98', operation='DELETE', pgid='pgtrigger_delete_delete_36c0a', table='diagnostic_diagnostic', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='indicateur',
                    trigger=pgtrigger.compiler.Trigger(name='fige_une_fois_publie', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM diagnostic_referentiel\n                WHERE id IN (OLD.referentiel_id, NEW.referentiel_id) AND publie_le IS NOT NULL\n            ) THEN\n                RAISE EXCEPTION 'Cette version du référentiel est publiée : elle ne change plus.';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='08f899e271edcacfc6570dd99747ef01a3553976', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_fige_une_fois_publie_f8066', table='diagnostic_indicateur', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='palier',
                    trigger=pgtrigger.compiler.Trigger(name='fige_une_fois_publie', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM diagnostic_referentiel\n                WHERE id IN (OLD.referentiel_id, NEW.referentiel_id) AND publie_le IS NOT NULL\n            ) THEN\n                RAISE EXCEPTION 'Cette version du référentiel est publiée : elle ne change plus.';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='7152f655a4a82531f3fbf7aeb3105613fafd2421', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_fige_une_fois_publie_c5c6c', table='diagnostic_palier', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='referentiel',
                    trigger=pgtrigger.compiler.Trigger(name='fige_une_fois_publie', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."publie_le" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='396e2bf973ddafba4ab54fb61fb5b533414e69a7', operation='UPDATE OR DELETE', pgid='pgtrigger_fige_une_fois_publie_f49d0', table='diagnostic_referentiel', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reponse',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_reponseevent" ("a_reconfirmer", "commentaire", "diagnostic_id", "id", "indicateur_id", "modifiee_par_id", "motif", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valeur", "version") VALUES (NEW."a_reconfirmer", NEW."commentaire", NEW."diagnostic_id", NEW."id", NEW."indicateur_id", NEW."modifiee_par_id", NEW."motif", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."valeur", NEW."version"); RETURN NULL;', hash='753ceb719a2686e42c821b0c619cbef8be0fc4ac', operation='INSERT', pgid='pgtrigger_insert_insert_73185', table='diagnostic_reponse', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reponse',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."a_reconfirmer" IS DISTINCT FROM (NEW."a_reconfirmer") OR OLD."commentaire" IS DISTINCT FROM (NEW."commentaire") OR OLD."diagnostic_id" IS DISTINCT FROM (NEW."diagnostic_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."indicateur_id" IS DISTINCT FROM (NEW."indicateur_id") OR OLD."modifiee_par_id" IS DISTINCT FROM (NEW."modifiee_par_id") OR OLD."motif" IS DISTINCT FROM (NEW."motif") OR OLD."valeur" IS DISTINCT FROM (NEW."valeur") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "diagnostic_reponseevent" ("a_reconfirmer", "commentaire", "diagnostic_id", "id", "indicateur_id", "modifiee_par_id", "motif", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valeur", "version") VALUES (NEW."a_reconfirmer", NEW."commentaire", NEW."diagnostic_id", NEW."id", NEW."indicateur_id", NEW."modifiee_par_id", NEW."motif", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."valeur", NEW."version"); RETURN NULL;', hash='7a8443549c713417204c162bbc865b981f2368c8', operation='UPDATE', pgid='pgtrigger_update_update_bb013', table='diagnostic_reponse', when='AFTER')),
                ),
                migrations.AddConstraint(
                    model_name='diagnostic',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('commence_le__isnull', True), ('etat', 'a_commencer')), models.Q(models.Q(('etat', 'a_commencer'), _negated=True), ('commence_le__isnull', False), ('commence_par__isnull', False)), _connector='OR'), name='diagnostic_commence_par_quelqu_un'),
                ),
                migrations.AddConstraint(
                    model_name='referentiel',
                    constraint=models.UniqueConstraint(fields=('code', 'version', 'academie'), name='referentiel_version_unique', nulls_distinct=False, violation_error_message='Cette version existe déjà.'),
                ),
                migrations.AddField(
                    model_name='correspondance',
                    name='ancien',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='suites', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='correspondance',
                    name='nouveau',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='origines', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='correspondance',
                    name='referentiel',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='correspondances', to='diagnostic.referentiel', verbose_name='nouvelle version'),
                ),
                migrations.AddField(
                    model_name='delegation',
                    name='confiee_par',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confiée par'),
                ),
                migrations.AddField(
                    model_name='delegation',
                    name='diagnostic',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegations', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='delegation',
                    name='utilisateur',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='collègue'),
                ),
                migrations.AddField(
                    model_name='delegationevent',
                    name='confiee_par',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confiée par'),
                ),
                migrations.AddField(
                    model_name='delegationevent',
                    name='diagnostic',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='delegationevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.delegation'),
                ),
                migrations.AddField(
                    model_name='delegationevent',
                    name='utilisateur',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='collègue'),
                ),
                migrations.AddField(
                    model_name='prolongation',
                    name='accordee_par',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accordée par'),
                ),
                migrations.AddField(
                    model_name='prolongation',
                    name='campagne',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prolongations', to='diagnostic.campagne'),
                ),
                migrations.AddField(
                    model_name='prolongation',
                    name='district',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prolongations', to='socle.district'),
                ),
                migrations.AddField(
                    model_name='prolongationevent',
                    name='accordee_par',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accordée par'),
                ),
                migrations.AddField(
                    model_name='prolongationevent',
                    name='campagne',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.campagne'),
                ),
                migrations.AddField(
                    model_name='prolongationevent',
                    name='district',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.district'),
                ),
                migrations.AddField(
                    model_name='prolongationevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.prolongation'),
                ),
                migrations.AddField(
                    model_name='regleplausibilite',
                    name='alors',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='regleplausibilite',
                    name='referentiel',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='regles', to='diagnostic.referentiel', verbose_name='référentiel'),
                ),
                migrations.AddField(
                    model_name='regleplausibilite',
                    name='si',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='secondregard',
                    name='diagnostic',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='regards', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='secondregard',
                    name='indicateur',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='secondregard',
                    name='modifie_par',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modifié par'),
                ),
                migrations.AddField(
                    model_name='secondregardevent',
                    name='diagnostic',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='secondregardevent',
                    name='indicateur',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='secondregardevent',
                    name='modifie_par',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modifié par'),
                ),
                migrations.AddField(
                    model_name='secondregardevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.secondregard'),
                ),
                migrations.AddField(
                    model_name='visite',
                    name='auteur',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='visite',
                    name='etablissement',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visites', to='socle.etablissement', verbose_name='établissement'),
                ),
                migrations.AddField(
                    model_name='visiteevent',
                    name='auteur',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='visiteevent',
                    name='etablissement',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.etablissement', verbose_name='établissement'),
                ),
                migrations.AddField(
                    model_name='visiteevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.visite'),
                ),
                migrations.AddField(
                    model_name='votereunion',
                    name='diagnostic',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='votereunion',
                    name='indicateur',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='votereunion',
                    name='note_par',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noté par'),
                ),
                migrations.AddField(
                    model_name='votereunionevent',
                    name='diagnostic',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.diagnostic'),
                ),
                migrations.AddField(
                    model_name='votereunionevent',
                    name='indicateur',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.indicateur'),
                ),
                migrations.AddField(
                    model_name='votereunionevent',
                    name='note_par',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noté par'),
                ),
                migrations.AddField(
                    model_name='votereunionevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.votereunion'),
                ),
                migrations.AddConstraint(
                    model_name='correspondance',
                    constraint=models.UniqueConstraint(fields=('referentiel', 'ancien', 'nouveau'), name='correspondance_unique', nulls_distinct=False),
                ),
                migrations.AddConstraint(
                    model_name='correspondance',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('ancien__isnull', False), ('nature', 'abandonne'), ('nouveau__isnull', True)), models.Q(('ancien__isnull', True), ('nature', 'nouveau'), ('nouveau__isnull', False)), models.Q(('ancien__isnull', False), ('nature__in', ['conserve', 'reformule', 'scinde', 'fusionne']), ('nouveau__isnull', False)), _connector='OR'), name='correspondance_nature_dit_les_deux_bouts', violation_error_message="Un abandon n'a pas de suite, une nouveauté n'a pas d'origine."),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='correspondance',
                    trigger=pgtrigger.compiler.Trigger(name='fige_une_fois_publie', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM diagnostic_referentiel\n                WHERE id IN (OLD.referentiel_id, NEW.referentiel_id) AND publie_le IS NOT NULL\n            ) THEN\n                RAISE EXCEPTION 'Cette version du référentiel est publiée : elle ne change plus.';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='e636dfdb8adedb8352f1d5b1aee319d1a3f501e4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_fige_une_fois_publie_ca682', table='diagnostic_correspondance', when='BEFORE')),
                ),
                migrations.AddConstraint(
                    model_name='delegation',
                    constraint=models.UniqueConstraint(fields=('diagnostic', 'champ', 'utilisateur'), name='delegation_unique', violation_error_message='Ce champ est déjà confié à cette personne.'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='delegation',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_delegationevent" ("champ", "confiee_le", "confiee_par_id", "diagnostic_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "utilisateur_id") VALUES (NEW."champ", NEW."confiee_le", NEW."confiee_par_id", NEW."diagnostic_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."utilisateur_id"); RETURN NULL;', hash='4b56be451699f6b58d68c420df9c7f1b6b82f6cb', operation='INSERT', pgid='pgtrigger_insert_insert_c6356', table='diagnostic_delegation', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='delegation',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_delegationevent" ("champ", "confiee_le", "confiee_par_id", "diagnostic_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "utilisateur_id") VALUES (NEW."champ", NEW."confiee_le", NEW."confiee_par_id", NEW."diagnostic_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."utilisateur_id"); RETURN NULL;', hash='879d4aa472b0ca7944b2c4dc0b58ba96d0665308', operation='UPDATE', pgid='pgtrigger_update_update_4e1fb', table='diagnostic_delegation', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='delegationevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7705d5725340ec02261b485e508fa39708372c3b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8573f', table='diagnostic_delegationevent', when='BEFORE')),
                ),
                migrations.AddConstraint(
                    model_name='prolongation',
                    constraint=models.UniqueConstraint(fields=('campagne', 'district'), name='prolongation_unique'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='prolongation',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_prolongationevent" ("accordee_le", "accordee_par_id", "campagne_id", "date_cloture", "district_id", "id", "motif", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."accordee_le", NEW."accordee_par_id", NEW."campagne_id", NEW."date_cloture", NEW."district_id", NEW."id", NEW."motif", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='1e6518960850e734d59b1899927cfde2589ec403', operation='INSERT', pgid='pgtrigger_insert_insert_c3241', table='diagnostic_prolongation', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='prolongation',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_prolongationevent" ("accordee_le", "accordee_par_id", "campagne_id", "date_cloture", "district_id", "id", "motif", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."accordee_le", NEW."accordee_par_id", NEW."campagne_id", NEW."date_cloture", NEW."district_id", NEW."id", NEW."motif", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='e7cf766bb75b68195d4ccfdc70265b072e3c4e0a', operation='UPDATE', pgid='pgtrigger_update_update_998c5', table='diagnostic_prolongation', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='prolongationevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c2352335895a663098ac8604903139229d3af95b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_efff6', table='diagnostic_prolongationevent', when='BEFORE')),
                ),
                migrations.AddConstraint(
                    model_name='regleplausibilite',
                    constraint=models.UniqueConstraint(fields=('referentiel', 'code'), name='regle_unique'),
                ),
                migrations.AddConstraint(
                    model_name='regleplausibilite',
                    constraint=models.CheckConstraint(condition=models.Q(('si_valeurs__contained_by', [diagnostic.domain.cotation.Valeur['oui'], diagnostic.domain.cotation.Valeur['en_partie'], diagnostic.domain.cotation.Valeur['non'], diagnostic.domain.cotation.Valeur['sans_objet'], diagnostic.domain.cotation.Valeur['ne_sait_pas']]), ('alors_valeurs__contained_by', [diagnostic.domain.cotation.Valeur['oui'], diagnostic.domain.cotation.Valeur['en_partie'], diagnostic.domain.cotation.Valeur['non'], diagnostic.domain.cotation.Valeur['sans_objet'], diagnostic.domain.cotation.Valeur['ne_sait_pas']])), name='regle_valeurs_connues', violation_error_message="Une valeur de cette règle n'est pas une réponse possible."),
                ),
                migrations.AddConstraint(
                    model_name='secondregard',
                    constraint=models.UniqueConstraint(fields=('diagnostic', 'indicateur'), name='regard_unique'),
                ),
                migrations.AddConstraint(
                    model_name='secondregard',
                    constraint=models.CheckConstraint(condition=models.Q(('valeur__in', ['', diagnostic.domain.cotation.Valeur['oui'], diagnostic.domain.cotation.Valeur['en_partie'], diagnostic.domain.cotation.Valeur['non'], diagnostic.domain.cotation.Valeur['sans_objet'], diagnostic.domain.cotation.Valeur['ne_sait_pas']])), name='regard_valeur_connue'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='secondregard',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_secondregardevent" ("commentaire", "diagnostic_id", "id", "indicateur_id", "modifie_par_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valeur", "version") VALUES (NEW."commentaire", NEW."diagnostic_id", NEW."id", NEW."indicateur_id", NEW."modifie_par_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."valeur", NEW."version"); RETURN NULL;', hash='d835bcbc530eceaa183ae22437412809665d6919', operation='INSERT', pgid='pgtrigger_insert_insert_3c310', table='diagnostic_secondregard', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='secondregard',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."commentaire" IS DISTINCT FROM (NEW."commentaire") OR OLD."diagnostic_id" IS DISTINCT FROM (NEW."diagnostic_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."indicateur_id" IS DISTINCT FROM (NEW."indicateur_id") OR OLD."modifie_par_id" IS DISTINCT FROM (NEW."modifie_par_id") OR OLD."valeur" IS DISTINCT FROM (NEW."valeur") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "diagnostic_secondregardevent" ("commentaire", "diagnostic_id", "id", "indicateur_id", "modifie_par_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valeur", "version") VALUES (NEW."commentaire", NEW."diagnostic_id", NEW."id", NEW."indicateur_id", NEW."modifie_par_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."valeur", NEW."version"); RETURN NULL;', hash='52f1606f156926cbb12b4bc8b5dc100f109d6e16', operation='UPDATE', pgid='pgtrigger_update_update_0faee', table='diagnostic_secondregard', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='secondregardevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e6fbdff3c568b4b37be3196e616799a6df553bca', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6a9e1', table='diagnostic_secondregardevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='visite',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_visiteevent" ("auteur_id", "cle", "conseil", "date", "etablissement_id", "forme", "id", "notee_le", "objet", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."auteur_id", NEW."cle", NEW."conseil", NEW."date", NEW."etablissement_id", NEW."forme", NEW."id", NEW."notee_le", NEW."objet", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."version"); RETURN NULL;', hash='76d2a14d1688c46ff69bdb1d8c3023363f8d3b4f', operation='INSERT', pgid='pgtrigger_insert_insert_da436', table='diagnostic_visite', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='visite',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_visiteevent" ("auteur_id", "cle", "conseil", "date", "etablissement_id", "forme", "id", "notee_le", "objet", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."auteur_id", NEW."cle", NEW."conseil", NEW."date", NEW."etablissement_id", NEW."forme", NEW."id", NEW."notee_le", NEW."objet", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."version"); RETURN NULL;', hash='b99e47cac3302dca3fae560e69d0e8d2a9a1df2b', operation='UPDATE', pgid='pgtrigger_update_update_72c34', table='diagnostic_visite', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='visiteevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b4b4e038b9465ac5070d3aa7a2d4814a71044e27', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4969b', table='diagnostic_visiteevent', when='BEFORE')),
                ),
                migrations.AddConstraint(
                    model_name='votereunion',
                    constraint=models.UniqueConstraint(fields=('diagnostic', 'indicateur'), name='vote_unique'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='votereunion',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_votereunionevent" ("desaccord", "diagnostic_id", "en_partie", "id", "indicateur_id", "ne_sait_pas", "non", "note_le", "note_par_id", "oui", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."desaccord", NEW."diagnostic_id", NEW."en_partie", NEW."id", NEW."indicateur_id", NEW."ne_sait_pas", NEW."non", NEW."note_le", NEW."note_par_id", NEW."oui", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."version"); RETURN NULL;', hash='93a4fd6ab2149894ea9a4e360ab8c896962fa12c', operation='INSERT', pgid='pgtrigger_insert_insert_779de', table='diagnostic_votereunion', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='votereunion',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_votereunionevent" ("desaccord", "diagnostic_id", "en_partie", "id", "indicateur_id", "ne_sait_pas", "non", "note_le", "note_par_id", "oui", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."desaccord", NEW."diagnostic_id", NEW."en_partie", NEW."id", NEW."indicateur_id", NEW."ne_sait_pas", NEW."non", NEW."note_le", NEW."note_par_id", NEW."oui", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."version"); RETURN NULL;', hash='bb053fcc7445757b6720ef04320a541583b18ff3', operation='UPDATE', pgid='pgtrigger_update_update_71587', table='diagnostic_votereunion', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='votereunionevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d226f4dbab48635268a996d0fdd82ed00b3f1cf4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_896ca', table='diagnostic_votereunionevent', when='BEFORE')),
                ),
            ],
        ),
    ]
