"""Summaries kept exact: schools whose facts have changed are counted again, and their territories get the difference.

One fold at a time, each in one transaction, of a constant number of statements whatever the schools. Whoever writes
facts waits for nothing: triggers only add lines to a queue. What is written between the count and the commit of a fold
has its own lines, for the next one.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from strategie.pilotage.domain.comptage import (
    COLONNES,
    COMPTER,
    GARDER_CE_QUI_ATTEND,
    TABLES_DE_TRAVAIL,
    TERRITOIRES,
    TOTALISER,
    VALEURS,
)
from strategie.socle.models import Etablissement

PAR_TRANCHE = 2_000

_CHOISIR = """
SELECT DISTINCT etablissement_id FROM (SELECT etablissement_id FROM pilotage_faitchange ORDER BY id LIMIT %s) AS f
ORDER BY 1
"""
# All that waits of these schools, and is seen by the count that follows: opening a campaign notes each of them twice.
# Without the cast, a queue of a nation would be compared with each school in turn, and not with a hash of them.
_PRENDRE = "DELETE FROM pilotage_faitchange WHERE etablissement_id = ANY (%s::bigint[])"
# Before the stored rows move: what they count for leaves, what the fresh ones count for comes.
_COMPARER = f"""
WITH gardee AS (
    SELECT {COLONNES} FROM pilotage_syntheseetablissement WHERE etablissement_id = ANY (%(ecoles)s)
),
change AS (
    SELECT -1 AS signe, p.* FROM (SELECT * FROM gardee EXCEPT SELECT {COLONNES} FROM synthese_comptee) p
    UNION ALL
    SELECT 1, g.* FROM (SELECT {COLONNES} FROM synthese_comptee EXCEPT SELECT * FROM gardee) g
)
INSERT INTO synthese_ecart (niveau, cle, annee_scolaire, mesure, valeur)
SELECT t.niveau, t.cle, s.annee_scolaire, m.key, sum(s.signe * m.value::bigint)
FROM change s {TERRITOIRES} CROSS JOIN LATERAL jsonb_each_text(s.comptes) m
WHERE t.cle IS NOT NULL
GROUP BY 1, 2, 3, 4
HAVING sum(s.signe * m.value::bigint) <> 0
"""  # noqa: S608 (constants)
# Every territory of a school that is counted: a page also shows what no sum tells, a school's name or an action's.
_VERSIONS = f"""
INSERT INTO pilotage_versiondesynthese AS v (niveau, cle, version, change_le)
SELECT DISTINCT t.niveau, t.cle, 1, %(maintenant)s::timestamptz
FROM (
    SELECT {COLONNES} FROM pilotage_syntheseetablissement WHERE etablissement_id = ANY (%(ecoles)s)
    UNION ALL
    SELECT {COLONNES} FROM synthese_comptee
) s {TERRITOIRES}
WHERE t.cle IS NOT NULL
ON CONFLICT (niveau, cle) DO UPDATE SET version = v.version + 1, change_le = EXCLUDED.change_le
"""  # noqa: S608 (constants)
_RETIRER = """
DELETE FROM pilotage_syntheseetablissement s
WHERE s.etablissement_id = ANY (%(ecoles)s) AND NOT EXISTS (
    SELECT 1 FROM synthese_comptee c
    WHERE c.etablissement_id = s.etablissement_id AND c.annee_scolaire = s.annee_scolaire)
"""
_ECRIRE = f"""
INSERT INTO pilotage_syntheseetablissement ({COLONNES})
SELECT {COLONNES} FROM synthese_comptee
EXCEPT SELECT {COLONNES} FROM pilotage_syntheseetablissement WHERE etablissement_id = ANY (%(ecoles)s)
ON CONFLICT (etablissement_id, annee_scolaire) DO UPDATE SET
    ({COLONNES}) = ROW ({", ".join(f"EXCLUDED.{colonne.strip()}" for colonne in COLONNES.split(","))})
"""  # noqa: S608 (constants)
_REPORTER = """
INSERT INTO pilotage_syntheseterritoire AS t (niveau, cle, annee_scolaire, mesure, valeur)
SELECT niveau, cle, annee_scolaire, mesure, valeur FROM synthese_ecart
ON CONFLICT (niveau, cle, annee_scolaire, mesure) DO UPDATE SET valeur = t.valeur + EXCLUDED.valeur
"""
_OTER_LES_ZEROS = """
DELETE FROM pilotage_syntheseterritoire t USING synthese_ecart e
WHERE (t.niveau, t.cle, t.annee_scolaire, t.mesure) = (e.niveau, e.cle, e.annee_scolaire, e.mesure) AND t.valeur = 0
"""
_PLIER = (_COMPARER, _VERSIONS, _RETIRER, _ECRIRE, _REPORTER, _OTER_LES_ZEROS)
_RETIRER_DES_TOTAUX = """
DELETE FROM pilotage_syntheseterritoire t WHERE NOT EXISTS (
    SELECT 1 FROM synthese_ecart e
    WHERE (e.niveau, e.cle, e.annee_scolaire, e.mesure) = (t.niveau, t.cle, t.annee_scolaire, t.mesure))
"""
_ECRIRE_LES_TOTAUX = """
INSERT INTO pilotage_syntheseterritoire AS t (niveau, cle, annee_scolaire, mesure, valeur)
SELECT niveau, cle, annee_scolaire, mesure, valeur FROM synthese_ecart
EXCEPT SELECT niveau, cle, annee_scolaire, mesure, valeur FROM pilotage_syntheseterritoire
ON CONFLICT (niveau, cle, annee_scolaire, mesure) DO UPDATE SET valeur = EXCLUDED.valeur
"""


def replier(*, maintenant: datetime.datetime, maximum: int = 1000) -> int:
    """Fold the schools of the first `maximum` lines of the queue; returns how many were counted again, 0 when nothing
    waits.
    """
    with transaction.atomic(), connection.cursor() as curseur:
        _verrouiller(curseur)
        curseur.execute(_CHOISIR, [maximum])
        if ecoles := [ecole for (ecole,) in curseur.fetchall()]:
            curseur.execute(_PRENDRE, [ecoles])
            curseur.execute(TABLES_DE_TRAVAIL)
            _executer(curseur, ecoles, maintenant, COMPTER, *_PLIER)
    return len(ecoles)


def tout_replier(*, maintenant: datetime.datetime) -> int:
    """Until nothing waits; returns how many counts of schools that took."""
    total = 0
    while repliees := replier(maintenant=maintenant):
        total += repliees
    return total


def recompter_tout(*, maintenant: datetime.datetime) -> None:
    """Count everything again from the facts, and write what differs: a first filling, or a repair."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET LOCAL statement_timeout = 0")
        _verrouiller(curseur)
        curseur.execute("DELETE FROM pilotage_faitchange")
        compter_tout(curseur)
        curseur.execute("SELECT etablissement_id FROM synthese_comptee UNION"
                        " SELECT etablissement_id FROM pilotage_syntheseetablissement")  # fmt: skip
        ecoles = [ecole for (ecole,) in curseur.fetchall()]
        _executer(curseur, ecoles, maintenant, _VERSIONS, _RETIRER, _ECRIRE, _RETIRER_DES_TOTAUX, _ECRIRE_LES_TOTAUX)


def compter_tout(curseur: CursorWrapper) -> None:
    """Fill `synthese_comptee` with what every school counts for, a slice at a time, and `synthese_ecart` with what
    every territory should say.
    """
    curseur.execute(TABLES_DE_TRAVAIL)
    for tranche in batched(Etablissement.objects.order_by("pk").values_list("pk", flat=True), PAR_TRANCHE):
        curseur.execute(COMPTER, {"ecoles": list(tranche), **VALEURS})
    curseur.execute(GARDER_CE_QUI_ATTEND)
    curseur.execute(TOTALISER)
    curseur.execute("ANALYZE synthese_comptee; ANALYZE synthese_ecart")


def _verrouiller(curseur: CursorWrapper) -> None:
    curseur.execute("SELECT pg_advisory_xact_lock(hashtext('syntheses'))")


def _executer(curseur: CursorWrapper, ecoles: Sequence[int], maintenant: datetime.datetime, *enonces: str) -> None:
    valeurs: dict[str, Any] = {"ecoles": ecoles, "maintenant": maintenant, **VALEURS}
    for enonce in enonces:
        curseur.execute(enonce, valeurs)
