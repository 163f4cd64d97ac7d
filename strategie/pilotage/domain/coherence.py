"""Are summaries what the facts say? All is counted again in one snapshot, and compared bit for bit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from strategie.pilotage.domain.comptage import COLONNES
from strategie.pilotage.domain.syntheses import compter_tout

PREMIERES = 20


@dataclass(frozen=True)
class Difference:
    """`ou`: a school's UAI, or a territory; None where one side has nothing."""

    ou: str
    annee: str
    mesure: str
    ecrit: str | None
    compte: str | None

    def __str__(self) -> str:
        annee = f" · {self.annee}" if self.annee else ""
        return f"{self.ou}{annee} · {self.mesure} : écrit {self.ecrit or 'rien'}, compté {self.compte or 'rien'}"


@dataclass(frozen=True)
class Verification:
    """`en_attente`: schools whose facts have changed since they were last counted; they are taken as written."""

    etablissements: int
    territoires: int
    en_attente: int
    differences: int
    premieres: tuple[Difference, ...]


# Columns of a school and measures alike, so that each difference is one line.
_DIFFERENCES = f"""
WITH ecrite AS (SELECT {COLONNES} FROM pilotage_syntheseetablissement EXCEPT SELECT {COLONNES} FROM synthese_comptee),
comptee AS (SELECT {COLONNES} FROM synthese_comptee EXCEPT SELECT {COLONNES} FROM pilotage_syntheseetablissement),
avant AS (
    SELECT l.etablissement_id, l.annee_scolaire, m.key AS mesure, m.value AS valeur
    FROM ecrite l CROSS JOIN LATERAL jsonb_each_text(to_jsonb(l) - 'comptes' || l.comptes) m
),
apres AS (
    SELECT l.etablissement_id, l.annee_scolaire, m.key AS mesure, m.value AS valeur
    FROM comptee l CROSS JOIN LATERAL jsonb_each_text(to_jsonb(l) - 'comptes' || l.comptes) m
),
difference (ou, annee_scolaire, mesure, ecrit, compte) AS (
    SELECT COALESCE(e.uai, 'établissement ' || etablissement_id), annee_scolaire, mesure, avant.valeur, apres.valeur
    FROM avant FULL JOIN apres USING (etablissement_id, annee_scolaire, mesure)
    LEFT JOIN socle_etablissement e ON e.id = etablissement_id
    WHERE avant.valeur IS DISTINCT FROM apres.valeur
    UNION ALL
    SELECT niveau || ' ' || cle, annee_scolaire, mesure, t.valeur::text, e.valeur::text
    FROM pilotage_syntheseterritoire t FULL JOIN synthese_ecart e USING (niveau, cle, annee_scolaire, mesure)
    WHERE t.valeur IS DISTINCT FROM e.valeur
)
SELECT ou, annee_scolaire, mesure, ecrit, compte, count(*) OVER () FROM difference ORDER BY 1, 2, 3 LIMIT {PREMIERES}
"""  # noqa: S608 (constants)
_ETENDUE = """
SELECT (SELECT count(DISTINCT etablissement_id) FROM synthese_comptee),
    (SELECT count(*) FROM (SELECT DISTINCT niveau, cle FROM synthese_ecart) t),
    (SELECT count(DISTINCT etablissement_id) FROM pilotage_faitchange)
"""


def verifier_les_syntheses() -> Verification:
    """In a transaction of its own, at one instant: facts may change meanwhile, nobody waits."""
    with transaction.atomic(durable=True), connection.cursor() as curseur:
        curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0")
        compter_tout(curseur)
        curseur.execute(_ETENDUE)
        etablissements, territoires, en_attente = curseur.fetchone()
        curseur.execute(_DIFFERENCES)
        lignes = curseur.fetchall()
    return Verification(
        etablissements,
        territoires,
        en_attente,
        lignes[0][-1] if lignes else 0,
        tuple(Difference(*ligne[:-1]) for ligne in lignes),
    )
