import django.db.models.deletion
import django.db.models.functions.datetime
import strategie.socle.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pilotage', '0002_vote_fige'),
        ('socle', '0002_comparaison_des_semblables'),
    ]

    operations = [
        strategie.socle.operations.CreerEnsemble(
            operations=[
                migrations.CreateModel(
                    name='FaitChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('etablissement_id', models.BigIntegerField(verbose_name='établissement')),
                        ('change_le', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='changé le')),
                    ],
                    options={
                        'verbose_name': 'fait changé',
                        'verbose_name_plural': 'faits changés',
                    },
                ),
                migrations.CreateModel(
                    name='SyntheseTerritoire',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('niveau', models.CharField(choices=[('nation', 'Nation'), ('academie', 'Académie'), ('departement', 'Département'), ('district', 'District'), ('sans_district', 'Sans district'), ('collectivite', 'Collectivité')], max_length=13)),
                        ('cle', models.BigIntegerField(verbose_name='clé')),
                        ('annee_scolaire', models.CharField(blank=True, max_length=9, verbose_name='année scolaire')),
                        ('mesure', models.CharField(max_length=60)),
                        ('valeur', models.BigIntegerField()),
                    ],
                    options={
                        'verbose_name': "synthèse d'un territoire",
                        'verbose_name_plural': 'synthèses des territoires',
                        'constraints': [models.UniqueConstraint(fields=('niveau', 'cle', 'annee_scolaire', 'mesure'), include=('valeur',), name='synthese_territoire_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='VersionDeSynthese',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('niveau', models.CharField(choices=[('nation', 'Nation'), ('academie', 'Académie'), ('departement', 'Département'), ('district', 'District'), ('sans_district', 'Sans district'), ('collectivite', 'Collectivité')], max_length=13)),
                        ('cle', models.BigIntegerField(verbose_name='clé')),
                        ('version', models.BigIntegerField(default=0)),
                        ('change_le', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='changé le')),
                    ],
                    options={
                        'verbose_name': 'version de synthèse',
                        'verbose_name_plural': 'versions de synthèse',
                        'constraints': [models.UniqueConstraint(fields=('niveau', 'cle'), name='version_de_synthese_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='SyntheseEtablissement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('annee_scolaire', models.CharField(blank=True, max_length=9, verbose_name='année scolaire')),
                        ('diagnostic', models.CharField(blank=True, choices=[('', 'Pas attendu'), ('a_commencer', 'À commencer'), ('brouillon', 'Brouillon'), ('signe', 'Signé')], max_length=11)),
                        ('signe_le', models.DateField(null=True, verbose_name='signé le')),
                        ('paliers', models.JSONField(default=dict, verbose_name='palier de chaque champ')),
                        ('comptes', models.JSONField(default=dict, verbose_name='comptes')),
                        ('academie', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='socle.academie', verbose_name='académie')),
                        ('collectivite', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='socle.collectivite', verbose_name='collectivité')),
                        ('departement', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='socle.departement', verbose_name='département')),
                        ('district', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='socle.district', verbose_name='district')),
                        ('etablissement', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='syntheses', to='socle.etablissement', verbose_name='établissement')),
                    ],
                    options={
                        'verbose_name': "synthèse d'un établissement",
                        'verbose_name_plural': 'synthèses des établissements',
                        'indexes': [models.Index(fields=['academie', 'annee_scolaire'], name='synthese_academie'), models.Index(fields=['departement', 'annee_scolaire'], name='synthese_departement'), models.Index(fields=['district', 'annee_scolaire'], name='synthese_district'), models.Index(fields=['collectivite', 'annee_scolaire'], name='synthese_collectivite')],
                        'constraints': [models.UniqueConstraint(fields=('etablissement', 'annee_scolaire'), name='synthese_etablissement_unique')],
                    },
                ),
            ],
        ),
    ]
