"""Triggers that note the schools whose facts change: of each table, a statement at a time.

The column that leads to schools, and how: itself a school, or by a query over `cle`. Answers are not here: dashboards
count what is signed. Names are, of territories too: their pages show them.
"""

from django.db import migrations

DE_L_ACADEMIE = 'SELECT id FROM socle_etablissement WHERE academie_id IN (SELECT cle FROM touche)'
DU_DEPARTEMENT = 'SELECT id FROM socle_etablissement WHERE departement_id IN (SELECT cle FROM touche)'
DU_DISTRICT = 'SELECT id FROM socle_etablissement WHERE district_id IN (SELECT cle FROM touche)'
DE_LA_COLLECTIVITE = 'SELECT id FROM socle_etablissement WHERE collectivite_id IN (SELECT cle FROM touche)'
DU_DIAGNOSTIC = 'SELECT etablissement_id FROM diagnostic_diagnostic WHERE id IN (SELECT cle FROM touche)'
TABLES = {
    'socle_etablissement': ('id', ''),
    'socle_academie': ('id', DE_L_ACADEMIE),
    'socle_departement': ('id', DU_DEPARTEMENT),
    'socle_district': ('id', DU_DISTRICT),
    'socle_collectivite': ('id', DE_LA_COLLECTIVITE),
    'diagnostic_campagne': ('academie_id', DE_L_ACADEMIE),
    'diagnostic_diagnostic': ('etablissement_id', ''),
    'diagnostic_copiesignee': ('diagnostic_id', DU_DIAGNOSTIC),
    'plans_action': ('etablissement_id', ''),
    'budget_equipement': ('etablissement_id', ''),
    'budget_lignebudget': ('etablissement_id', ''),
    'budget_besoinformation': ('etablissement_id', ''),
    'budget_dureedevie': ('collectivite_id', DE_LA_COLLECTIVITE),
}
# No index and no constraint of the queue is shared by two who write: nobody waits.
FONCTION = """
CREATE FUNCTION pilotage_noter_les_faits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'WITH touche AS (SELECT DISTINCT %1$I AS cle FROM (%2$s) AS lignes)
         INSERT INTO pilotage_faitchange (etablissement_id) %3$s',
        TG_ARGV[0],
        CASE TG_OP
            WHEN 'UPDATE' THEN format('SELECT %1$I FROM avant UNION ALL SELECT %1$I FROM apres', TG_ARGV[0])
            WHEN 'DELETE' THEN format('SELECT %1$I FROM avant', TG_ARGV[0])
            ELSE format('SELECT %1$I FROM apres', TG_ARGV[0])
        END,
        COALESCE(NULLIF(TG_ARGV[1], ''), 'SELECT cle FROM touche')
    );
    RETURN NULL;
END $$;
"""
TRANSITIONS = {
    'INSERT': 'NEW TABLE AS apres',
    'UPDATE': 'OLD TABLE AS avant NEW TABLE AS apres',
    'DELETE': 'OLD TABLE AS avant',
}


def declencheurs():
    for table, (colonne, chemin) in TABLES.items():
        for operation, transitions in TRANSITIONS.items():
            nom = f'pilotage_faits_{operation.lower()}'
            yield (
                f"CREATE TRIGGER {nom} AFTER {operation} ON {table} REFERENCING {transitions} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION pilotage_noter_les_faits('{colonne}', '{chemin}')",
                f"DROP TRIGGER {nom} ON {table}",
            )


class Migration(migrations.Migration):

    dependencies = [
        ('pilotage', '0005_lots_de_dossiers'),
        ('socle', '0002_comparaison_des_semblables'),
        ('diagnostic', '0008_enquetes_des_equipes'),
        ('plans', '0003_depot_de_budget'),
        ('budget', '0004_formation_et_budget'),
    ]

    operations = [
        migrations.RunSQL(FONCTION, 'DROP FUNCTION pilotage_noter_les_faits()'),
        *(migrations.RunSQL(pose, retrait) for pose, retrait in declencheurs()),
        # What was there before the triggers is counted by the first folds.
        migrations.RunSQL(
            'INSERT INTO pilotage_faitchange (etablissement_id) SELECT id FROM socle_etablissement',
            'DELETE FROM pilotage_faitchange',
        ),
    ]
