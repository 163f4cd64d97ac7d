"""What indicators became from version to version: one SQL, for answers that travel and for what is said of them."""

# « origine » is an indicator of one of the versions that answers come from (`departs`), « indicateur » what it became
# in the version of `arrivee`; `change` when anything but « conservé » lies between. `lignee`: the versions on the way.
CHEMIN = """
WITH RECURSIVE chemin AS (
    SELECT indicateur.id AS origine, indicateur.id AS indicateur, false AS change
    FROM diagnostic_indicateur AS indicateur WHERE indicateur.referentiel_id = ANY(%(departs)s)
  UNION
    SELECT chemin.origine, lien.nouveau_id, chemin.change OR lien.nature <> 'conserve'
    FROM chemin JOIN diagnostic_correspondance AS lien ON lien.ancien_id = chemin.indicateur
    WHERE lien.nouveau_id IS NOT NULL AND lien.referentiel_id = ANY(%(lignee)s)
), arrivee AS (
    SELECT chemin.origine, chemin.indicateur, bool_or(chemin.change) AS change
    FROM chemin JOIN diagnostic_indicateur ON diagnostic_indicateur.id = chemin.indicateur
    WHERE diagnostic_indicateur.referentiel_id = %(arrivee)s
    GROUP BY chemin.origine, chemin.indicateur
)
"""
