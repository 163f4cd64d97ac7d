import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import strategie.socle.operations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diagnostic', '0007_retraits_traces'),
        ('socle', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.CreateModel(
                    name='Enquete',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('annee_scolaire', models.CharField(max_length=9, verbose_name='année scolaire')),
                        ('forme', models.CharField(choices=[('longue', 'Enquête complète (20 questions)'), ('pouls', 'Pouls (8 questions)')], default='longue', max_length=6)),
                        ('acces', models.CharField(choices=[('lien', 'Un lien partagé'), ('coupons', 'Des coupons à usage unique')], default='lien', max_length=7, verbose_name='accès')),
                        ('date_ouverture', models.DateField(verbose_name='premier jour')),
                        ('date_cloture', models.DateField(verbose_name='dernier jour')),
                        ('seuil', models.PositiveSmallIntegerField(default=5, verbose_name='plus petit groupe montré')),
                        ('invites', models.JSONField(help_text='Par groupe : combien de personnes.', verbose_name='personnes invitées')),
                        ('questions', models.JSONField(help_text="Figées à l'ouverture.")),
                        ('code', models.CharField(editable=False, max_length=12, null=True, unique=True, verbose_name='code du lien')),
                        ('cle_publique', models.BinaryField(verbose_name='clef qui scelle')),
                        ('sel', models.BinaryField(verbose_name='moitié de la clef qui ouvre')),
                        ('coupons_de_secours', models.PositiveSmallIntegerField(default=0, verbose_name='coupons de secours')),
                        ('etat', models.CharField(choices=[('ouverte', 'Ouverte'), ('depouillee', 'Dépouillée'), ('annulee', 'Annulée')], default='ouverte', max_length=10, verbose_name='état')),
                        ('cle', models.UUIDField(editable=False, unique=True, verbose_name="clef de l'envoi")),
                        ('ouverte_le', models.DateTimeField(verbose_name='ouverte le')),
                        ('etablissement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enquetes', to='socle.etablissement', verbose_name='établissement')),
                        ('ouverte_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ouverte par')),
                    ],
                    options={
                        'verbose_name': 'enquête',
                        'ordering': ['-date_cloture', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('annee_scolaire__regex', '^20[0-9]{2}-20[0-9]{2}$')), name='enquete_annee'), models.CheckConstraint(condition=models.Q(('date_cloture__gte', models.F('date_ouverture'))), name='enquete_dates_dans_l_ordre', violation_error_message='Le dernier jour ne peut pas précéder le premier.'), models.CheckConstraint(condition=models.Q(('seuil__gte', 3)), name='enquete_seuil_minimal', violation_error_message="Aucun groupe de moins de trois personnes n'est jamais montré."), models.CheckConstraint(condition=models.Q(models.Q(('acces', 'lien'), ('code__isnull', False)), models.Q(('acces', 'coupons'), ('code__isnull', True)), _connector='OR'), name='enquete_code_du_lien'), models.CheckConstraint(condition=models.Q(('etat', 'ouverte'), ('sel', b''), _connector='OR'), name='enquete_sel_efface'), models.UniqueConstraint(condition=models.Q(('etat', 'ouverte')), fields=('etablissement',), name='enquete_ouverte_unique', violation_error_message='Une enquête est déjà ouverte dans cet établissement.'), models.UniqueConstraint(condition=models.Q(('forme', 'longue'), models.Q(('etat', 'annulee'), _negated=True)), fields=('etablissement', 'annee_scolaire'), name='enquete_longue_unique_dans_l_annee', violation_error_message="L'enquête complète a déjà eu lieu cette année : il reste le pouls.")],
                    },
                ),
                migrations.CreateModel(
                    name='ResultatEnquete',
                    fields=[
                        ('enquete', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='resultat', serialize=False, to='diagnostic.enquete')),
                        ('contenu', models.TextField(verbose_name='JSON canonique')),
                        ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                        ('publie_le', models.DateTimeField(verbose_name='publié le')),
                    ],
                    options={
                        'verbose_name': "résultat d'enquête",
                        'verbose_name_plural': "résultats d'enquête",
                    },
                ),
                migrations.CreateModel(
                    name='Coupon',
                    fields=[
                        ('empreinte', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('enquete', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='coupons', to='diagnostic.enquete', verbose_name='enquête')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BulletinScelle',
                    fields=[
                        ('marque', models.BinaryField(primary_key=True, serialize=False)),
                        ('scelle', models.BinaryField(verbose_name='bulletin scellé')),
                        ('enquete', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulletins', to='diagnostic.enquete', verbose_name='enquête')),
                    ],
                    options={
                        'verbose_name': 'bulletin scellé',
                        'verbose_name_plural': 'bulletins scellés',
                    },
                ),
                migrations.CreateModel(
                    name='EnqueteEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('annee_scolaire', models.CharField(max_length=9, verbose_name='année scolaire')),
                        ('forme', models.CharField(choices=[('longue', 'Enquête complète (20 questions)'), ('pouls', 'Pouls (8 questions)')], default='longue', max_length=6)),
                        ('acces', models.CharField(choices=[('lien', 'Un lien partagé'), ('coupons', 'Des coupons à usage unique')], default='lien', max_length=7, verbose_name='accès')),
                        ('date_ouverture', models.DateField(verbose_name='premier jour')),
                        ('date_cloture', models.DateField(verbose_name='dernier jour')),
                        ('seuil', models.PositiveSmallIntegerField(default=5, verbose_name='plus petit groupe montré')),
                        ('invites', models.JSONField(help_text='Par groupe : combien de personnes.', verbose_name='personnes invitées')),
                        ('coupons_de_secours', models.PositiveSmallIntegerField(default=0, verbose_name='coupons de secours')),
                        ('etat', models.CharField(choices=[('ouverte', 'Ouverte'), ('depouillee', 'Dépouillée'), ('annulee', 'Annulée')], default='ouverte', max_length=10, verbose_name='état')),
                        ('cle', models.UUIDField(editable=False, verbose_name="clef de l'envoi")),
                        ('ouverte_le', models.DateTimeField(verbose_name='ouverte le')),
                        ('etablissement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.etablissement', verbose_name='établissement')),
                        ('ouverte_par', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ouverte par')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.enquete')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Expression',
                    fields=[
                        ('cle', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('texte', models.TextField()),
                        ('masquee', models.BooleanField(default=False, verbose_name='masquée')),
                        ('enquete', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expressions', to='diagnostic.enquete', verbose_name='enquête')),
                    ],
                    options={
                        'ordering': ['cle'],
                    },
                ),
                migrations.CreateModel(
                    name='Instantane',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('nom', models.CharField(max_length=60)),
                        ('cree_le', models.DateTimeField(verbose_name='créé le')),
                        ('copie', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instantanes', to='diagnostic.copiesignee')),
                        ('cree_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='créé par')),
                        ('enquete', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instantanes', to='diagnostic.enquete', verbose_name='enquête')),
                        ('etablissement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='instantanes', to='socle.etablissement', verbose_name='établissement')),
                    ],
                    options={
                        'verbose_name': 'instantané',
                        'ordering': ['-cree_le', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('etablissement', 'nom'), name='instantane_nom_unique', violation_error_message='Un instantané porte déjà ce nom.'), models.CheckConstraint(condition=models.Q(models.Q(('copie__isnull', False), ('enquete__isnull', True)), models.Q(('copie__isnull', True), ('enquete__isnull', False)), _connector='OR'), name='instantane_d_une_seule_chose')],
                    },
                ),
                migrations.CreateModel(
                    name='InstantaneEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('nom', models.CharField(max_length=60)),
                        ('cree_le', models.DateTimeField(verbose_name='créé le')),
                        ('copie', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.copiesignee')),
                        ('cree_par', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='créé par')),
                        ('enquete', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='diagnostic.enquete', verbose_name='enquête')),
                        ('etablissement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='socle.etablissement', verbose_name='établissement')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='evenements', related_query_name='evenements_query', to='diagnostic.instantane')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReponseDirection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('numero', models.PositiveSmallIntegerField(verbose_name='numéro')),
                        ('valeur', models.PositiveSmallIntegerField()),
                        ('enquete', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reponses_direction', to='diagnostic.enquete', verbose_name='enquête')),
                    ],
                    options={
                        'verbose_name': 'réponse de la direction',
                        'verbose_name_plural': 'réponses de la direction',
                        'ordering': ['numero'],
                        'constraints': [models.UniqueConstraint(fields=('enquete', 'numero'), name='reponse_direction_unique'), models.CheckConstraint(condition=models.Q(('valeur__range', (1, 5))), name='reponse_direction_de_1_a_5')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='resultatenquete',
                    trigger=pgtrigger.compiler.Trigger(name='resultat_fige', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='91b3632c34eecda4b4c58949dd3a960ad633b338', operation='UPDATE OR DELETE', pgid='pgtrigger_resultat_fige_615ea', table='diagnostic_resultatenquete', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enquete',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_enqueteevent" ("acces", "annee_scolaire", "cle", "coupons_de_secours", "date_cloture", "date_ouverture", "etablissement_id", "etat", "forme", "id", "invites", "ouverte_le", "ouverte_par_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seuil") VALUES (NEW."acces", NEW."annee_scolaire", NEW."cle", NEW."coupons_de_secours", NEW."date_cloture", NEW."date_ouverture", NEW."etablissement_id", NEW."etat", NEW."forme", NEW."id", NEW."invites", NEW."ouverte_le", NEW."ouverte_par_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."seuil"); RETURN NULL;', hash='d1520fa86a0e015ca0fc295febd8ebdd3e3d901c', operation='INSERT', pgid='pgtrigger_insert_insert_7ee31', table='diagnostic_enquete', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enquete',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."acces" IS DISTINCT FROM (NEW."acces") OR OLD."annee_scolaire" IS DISTINCT FROM (NEW."annee_scolaire") OR OLD."cle" IS DISTINCT FROM (NEW."cle") OR OLD."coupons_de_secours" IS DISTINCT FROM (NEW."coupons_de_secours") OR OLD."date_cloture" IS DISTINCT FROM (NEW."date_cloture") OR OLD."date_ouverture" IS DISTINCT FROM (NEW."date_ouverture") OR OLD."etablissement_id" IS DISTINCT FROM (NEW."etablissement_id") OR OLD."etat" IS DISTINCT FROM (NEW."etat") OR OLD."forme" IS DISTINCT FROM (NEW."forme") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invites" IS DISTINCT FROM (NEW."invites") OR OLD."ouverte_le" IS DISTINCT FROM (NEW."ouverte_le") OR OLD."ouverte_par_id" IS DISTINCT FROM (NEW."ouverte_par_id") OR OLD."seuil" IS DISTINCT FROM (NEW."seuil"))', func='INSERT INTO "diagnostic_enqueteevent" ("acces", "annee_scolaire", "cle", "coupons_de_secours", "date_cloture", "date_ouverture", "etablissement_id", "etat", "forme", "id", "invites", "ouverte_le", "ouverte_par_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seuil") VALUES (NEW."acces", NEW."annee_scolaire", NEW."cle", NEW."coupons_de_secours", NEW."date_cloture", NEW."date_ouverture", NEW."etablissement_id", NEW."etat", NEW."forme", NEW."id", NEW."invites", NEW."ouverte_le", NEW."ouverte_par_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."seuil"); RETURN NULL;', hash='98f2cc24404abdd689b35202451ca325d09f6a38', operation='UPDATE', pgid='pgtrigger_update_update_e14e5', table='diagnostic_enquete', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enqueteevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f9488967ae123b2803c09af7d83d9611cfdebf4d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_eaab8', table='diagnostic_enqueteevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instantane',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "diagnostic_instantaneevent" ("copie_id", "cree_le", "cree_par_id", "enquete_id", "etablissement_id", "id", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."copie_id", NEW."cree_le", NEW."cree_par_id", NEW."enquete_id", NEW."etablissement_id", NEW."id", NEW."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='80191c5d45d13704d17971c4aa13a2d6abf8bf0b', operation='INSERT', pgid='pgtrigger_insert_insert_f29fe', table='diagnostic_instantane', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instantane',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "diagnostic_instantaneevent" ("copie_id", "cree_le", "cree_par_id", "enquete_id", "etablissement_id", "id", "nom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."copie_id", NEW."cree_le", NEW."cree_par_id", NEW."enquete_id", NEW."etablissement_id", NEW."id", NEW."nom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='a0f2f679c54c179661cc00499cc4ab94e7a888c6', operation='UPDATE', pgid='pgtrigger_update_update_fd450', table='diagnostic_instantane', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instantaneevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bc4cdd37dd4589aa1e6999f714e918b60890c5dd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_daa28', table='diagnostic_instantaneevent', when='BEFORE')),
                ),
            ],
        ),
    ]
