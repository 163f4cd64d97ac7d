"""Diagnostics made before campaigns could change version or be extended: theirs are their campaign's."""

from django.db import migrations

REPRENDRE = """
UPDATE diagnostic_diagnostic AS diagnostic
SET referentiel_id = campagne.referentiel_id, date_cloture = campagne.date_cloture
FROM diagnostic_campagne AS campagne
WHERE campagne.id = diagnostic.campagne_id AND diagnostic.referentiel_id IS NULL;
"""
# As opening a campaign does from now on: a diagnostic waits for each school.
ATTENDRE = """
INSERT INTO diagnostic_diagnostic
    (etablissement_id, campagne_id, referentiel_id, date_cloture, etat, version, motif_reouverture)
SELECT etablissement.id, campagne.id, campagne.referentiel_id, campagne.date_cloture, 'a_commencer', 1, ''
FROM diagnostic_campagne AS campagne
JOIN socle_etablissement AS etablissement ON etablissement.academie_id = campagne.academie_id
WHERE etablissement.etat <> 'ferme' AND etablissement.type IN ('ecole', 'college', 'lycee', 'erea')
ON CONFLICT DO NOTHING;
"""
# The history is append-only: its triggers are put aside for this one addition of what was true then.
REPRENDRE_L_HISTORIQUE = """
ALTER TABLE diagnostic_diagnosticevent DISABLE TRIGGER USER;
UPDATE diagnostic_diagnosticevent AS evenement
SET referentiel_id = campagne.referentiel_id, date_cloture = campagne.date_cloture
FROM diagnostic_campagne AS campagne
WHERE campagne.id = evenement.campagne_id AND evenement.referentiel_id IS NULL;
ALTER TABLE diagnostic_diagnosticevent ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("diagnostic", "0003_pratique_annuelle"), ("socle", "0001_initial")]
    operations = [
        migrations.RunSQL(REPRENDRE, migrations.RunSQL.noop),
        migrations.RunSQL(ATTENDRE, migrations.RunSQL.noop),
        migrations.RunSQL(REPRENDRE_L_HISTORIQUE, migrations.RunSQL.noop),
    ]
