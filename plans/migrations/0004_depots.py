import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0003_cle_d_une_action'),
        ('socle', '0002_comparaison_des_semblables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Depot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, unique=True, verbose_name='clé')),
                ('nom', models.CharField(max_length=200, verbose_name='nom du fichier')),
                ('contenu', models.BinaryField()),
                ('correspondance', models.JSONField(null=True, verbose_name="colonnes d'un plan fait ailleurs")),
                ('repetition', models.JSONField(null=True, verbose_name="ce que l'import ferait")),
                ('depose_le', models.DateTimeField(verbose_name='déposé le')),
                ('auteur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('etablissement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='socle.etablissement', verbose_name='établissement')),
            ],
            options={
                'verbose_name': 'dépôt',
                'constraints': [models.UniqueConstraint(fields=('etablissement', 'auteur'), name='depot_un_par_personne')],
            },
        ),
    ]
