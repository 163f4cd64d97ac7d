"""What schools count for, read from their facts by one statement: SQL that `domain.syntheses` puts in order.

`models.synthese` says what each measure is. A school of no known type counts for nothing. One that has closed keeps the
school years that ended before, and of the others what it signed; the rest goes, and its territories lose it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from budget.domain.cycle import REPERES
from budget.models import TERMINAUX, BesoinFormation
from plans.models import Action

COLONNES = (
    "etablissement_id, annee_scolaire, academie_id, departement_id, district_id, collectivite_id, diagnostic, "
    "signe_le, paliers, comptes"
)
# Kept by the session and empty outside a transaction. `comptee`: what schools count for now; `ecart`: what territories
# gain or lose by it.
TABLES_DE_TRAVAIL = """
CREATE TEMP TABLE IF NOT EXISTS synthese_comptee (
    etablissement_id bigint, annee_scolaire text, academie_id bigint, departement_id bigint, district_id bigint,
    collectivite_id bigint, diagnostic text, signe_le date, paliers jsonb, comptes jsonb,
    PRIMARY KEY (etablissement_id, annee_scolaire)
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS synthese_ecart (
    niveau text, cle bigint, annee_scolaire text, mesure text, valeur bigint
) ON COMMIT DELETE ROWS;
DELETE FROM synthese_comptee;
DELETE FROM synthese_ecart;
"""
# Where a row `s` is carried: five territories, four without a collectivité.
TERRITOIRES = """
CROSS JOIN LATERAL (VALUES
    ('nation', 0::bigint),
    ('academie', s.academie_id),
    ('departement', s.departement_id),
    (CASE WHEN s.district_id IS NULL THEN 'sans_district' ELSE 'district' END, COALESCE(s.district_id, s.academie_id)),
    ('collectivite', s.collectivite_id)
) AS t (niveau, cle)
"""
FIN_DE_L_ANNEE = "make_date(left({}.annee_scolaire, 4)::int + 1, 8, 31)"
COMPTER = f"""
INSERT INTO synthese_comptee ({COLONNES})
WITH connue AS MATERIALIZED (
    SELECT id, type, effectif, academie_id, departement_id, district_id, collectivite_id,
        etat <> 'ferme' AS ouverte, ferme_le
    FROM socle_etablissement
    WHERE id = ANY (%(ecoles)s) AND type IN ('ecole', 'college', 'lycee', 'erea')
),
ecole AS MATERIALIZED (
    SELECT * FROM connue WHERE ouverte
),
-- What was signed: of each year, the last version.
derniere AS MATERIALIZED (
    SELECT DISTINCT ON (d.etablissement_id, a.annee_scolaire)
        d.etablissement_id, a.annee_scolaire, c.id
    FROM connue e
    JOIN diagnostic_diagnostic d ON d.etablissement_id = e.id
    JOIN diagnostic_campagne a ON a.id = d.campagne_id
    JOIN diagnostic_copiesignee c ON c.diagnostic_id = d.id
    ORDER BY d.etablissement_id, a.annee_scolaire, c.signee_le DESC, c.version DESC, c.id DESC
),
-- Each text is read once: OFFSET keeps the planner from reading it again for each thing taken from it.
resultat AS MATERIALIZED (
    SELECT l.etablissement_id, l.annee_scolaire, (j.contenu -> 'signature' ->> 'date_locale')::date AS signe_le,
        f.champ ->> 'code' AS champ, (f.champ -> 'resultat' ->> 'palier')::int AS palier,
        f.champ -> 'resultat' -> 'manquants' AS manquants,
        (f.champ -> 'resultat' ->> 'non_etabli')::boolean AS non_etabli
    FROM derniere l JOIN diagnostic_copiesignee c ON c.id = l.id
    CROSS JOIN LATERAL (SELECT c.contenu::jsonb OFFSET 0) AS j (contenu)
    CROSS JOIN LATERAL jsonb_array_elements(j.contenu -> 'champs') AS f (champ)
),
-- Awaited: the académie has a campaign that year, or the school has begun, wherever it was then; and it was there until
-- the end of that year, or has signed.
attendue AS MATERIALIZED (
    SELECT u.etablissement_id, u.annee_scolaire, bool_or(u.commencee) AS commencee
    FROM (
        SELECT e.id, a.annee_scolaire, FALSE
        FROM connue e JOIN diagnostic_campagne a ON a.academie_id = e.academie_id
        UNION ALL
        SELECT e.id, a.annee_scolaire, TRUE
        FROM connue e
        JOIN diagnostic_diagnostic d ON d.etablissement_id = e.id AND d.commence_le IS NOT NULL
        JOIN diagnostic_campagne a ON a.id = d.campagne_id
    ) AS u (etablissement_id, annee_scolaire, commencee)
    GROUP BY 1, 2
),
diagnostic AS MATERIALIZED (
    SELECT a.etablissement_id, a.annee_scolaire, r.signe_le,
        CASE WHEN l.id IS NOT NULL THEN 'signe' WHEN a.commencee THEN 'brouillon' ELSE 'a_commencer' END AS etat
    FROM attendue a
    JOIN connue e ON e.id = a.etablissement_id
    LEFT JOIN derniere l USING (etablissement_id, annee_scolaire)
    LEFT JOIN (SELECT DISTINCT etablissement_id, annee_scolaire, signe_le FROM resultat) r
        USING (etablissement_id, annee_scolaire)
    WHERE l.id IS NOT NULL OR e.ouverte OR e.ferme_le > {FIN_DE_L_ANNEE.format("a")}
),
-- The planned life of things: `budget.domain.cycle.fin_prevue`.
repere AS (
    SELECT r.key AS categorie, r.value::int AS annees FROM jsonb_each_text(%(reperes)s::jsonb) r
),
parc AS MATERIALIZED (
    SELECT q.etablissement_id, q.categorie,
        q.domaine = 'pedagogique' AND e.effectif IS NOT NULL AS pour_eleves,
        EXTRACT(YEAR FROM q.achete_le)::int AS achat,
        EXTRACT(YEAR FROM COALESCE(
            q.prevu_jusqu_au, (q.achete_le + make_interval(years => COALESCE(v.annees, r.annees)))::date))::int AS fin,
        sum(q.nombre) AS nombre,
        COALESCE(sum(q.nombre) FILTER (WHERE q.prix IS NULL), 0) AS sans_prix,
        COALESCE(sum(q.nombre * q.prix * 100), 0) AS centimes
    FROM ecole e
    JOIN budget_equipement q ON q.etablissement_id = e.id AND q.supprime_le IS NULL AND q.etat <> 'sorti'
    LEFT JOIN budget_dureedevie v ON v.collectivite_id = e.collectivite_id AND v.categorie = q.categorie
    LEFT JOIN repere r ON r.categorie = q.categorie
    GROUP BY 1, 2, 3, 4, 5
),
-- Published actions, and the last day of each: `plans.models.Action.fin_prevue`.
action AS MATERIALIZED (
    SELECT p.etablissement_id, p.etat, COALESCE(p.echeance, CASE p.trimestre_fin
        WHEN 1 THEN make_date(left(p.annee_fin, 4)::int, 12, 31)
        WHEN 2 THEN make_date(left(p.annee_fin, 4)::int + 1, 3, 31)
        ELSE make_date(left(p.annee_fin, 4)::int + 1, 8, 31) END) AS fin
    FROM ecole e JOIN plans_action p ON p.etablissement_id = e.id AND p.supprime_le IS NULL AND p.etat <> 'brouillon'
),
formation AS MATERIALIZED (
    SELECT f.etablissement_id, f.annee_scolaire, f.etat, f.effectif, round(f.heures * 60 * f.effectif) AS minutes,
        round(f.heures_formateur * 60) AS formateurs
    FROM connue e
    JOIN budget_besoinformation f ON f.etablissement_id = e.id AND f.supprime_le IS NULL
        AND f.etat <> ALL (%(formations_arretees)s) AND (e.ouverte OR e.ferme_le > {FIN_DE_L_ANNEE.format("f")})
),
mesure (etablissement_id, annee_scolaire, mesure, valeur) AS (
    SELECT e.id, '', m.mesure, m.valeur
    FROM ecole e CROSS JOIN LATERAL (VALUES
        ('etablissements', 1), ('etablissements.' || e.type, 1),
        ('eleves', e.effectif), ('eleves.connus', CASE WHEN e.effectif IS NOT NULL THEN 1 END)
    ) AS m (mesure, valeur)
    UNION ALL
    SELECT p.etablissement_id, '', m.mesure, m.valeur
    FROM parc p CROSS JOIN LATERAL (VALUES
        ('parc.' || p.categorie, p.nombre),
        ('parc.fin.' || COALESCE(p.fin::text, 'inconnue'), p.nombre),
        ('parc.fin_cout.' || COALESCE(p.fin::text, 'inconnue'), p.centimes),
        ('parc.fin_sans_prix.' || COALESCE(p.fin::text, 'inconnue'), p.sans_prix)
    ) AS m (mesure, valeur)
    UNION ALL
    SELECT p.etablissement_id, '', m.mesure, p.nombre
    FROM parc p CROSS JOIN LATERAL (VALUES
        ('parc.terminaux'), ('parc.achat.' || COALESCE(p.achat::text, 'inconnue')),
        (CASE WHEN p.pour_eleves THEN 'parc.pour_eleves' END)
    ) AS m (mesure)
    WHERE p.categorie = ANY (%(terminaux)s) AND m.mesure IS NOT NULL
    UNION ALL
    SELECT etablissement_id, '', 'actions.' || etat, 1 FROM action
    UNION ALL
    SELECT etablissement_id, '', 'actions.echeance.' || fin, 1 FROM action WHERE etat <> ALL (%(actions_finies)s)
    UNION ALL
    SELECT l.etablissement_id, '', 'budget.' || l.exercice || '.' || l.section || '.' || m.sorte, m.montant * 100
    FROM ecole e
    JOIN budget_lignebudget l ON l.etablissement_id = e.id AND l.supprime_le IS NULL
    CROSS JOIN LATERAL (VALUES ('prevu', l.prevu), ('engage', l.engage), ('paye', l.paye)) AS m (sorte, montant)
    UNION ALL
    SELECT DISTINCT l.etablissement_id, '', 'budget.' || l.exercice || '.etablissements', 1
    FROM ecole e JOIN budget_lignebudget l ON l.etablissement_id = e.id AND l.supprime_le IS NULL
    UNION ALL
    SELECT etablissement_id, annee_scolaire, 'diagnostic.' || etat, 1 FROM diagnostic
    UNION ALL
    SELECT etablissement_id, annee_scolaire, 'champ.' || champ || '.' || palier, 1 FROM resultat
    UNION ALL
    SELECT etablissement_id, annee_scolaire, 'non_etabli.' || champ, 1 FROM resultat WHERE non_etabli
    UNION ALL
    SELECT r.etablissement_id, r.annee_scolaire, 'manque.' || m.indicateur, 1
    FROM resultat r CROSS JOIN LATERAL jsonb_array_elements_text(r.manquants) AS m (indicateur)
    UNION ALL
    SELECT r.etablissement_id, r.annee_scolaire,
        CASE sign(r.palier - avant.palier) WHEN 1 THEN 'hausse.' WHEN 0 THEN 'stable.' ELSE 'baisse.' END || r.champ, 1
    FROM resultat r
    JOIN resultat avant ON avant.etablissement_id = r.etablissement_id AND avant.champ = r.champ
        AND left(avant.annee_scolaire, 4)::int + 1 = left(r.annee_scolaire, 4)::int
    UNION ALL
    SELECT f.etablissement_id, f.annee_scolaire, 'formation.' || m.sorte, m.valeur
    FROM formation f CROSS JOIN LATERAL (VALUES
        ('besoins', 1), ('effectif', f.effectif), ('minutes', f.minutes),
        ('formateurs_demandes', CASE WHEN f.etat = 'demande' THEN f.formateurs END),
        ('formateurs_accordes', CASE WHEN f.etat = ANY (%(formations_engagees)s) THEN f.formateurs END)
    ) AS m (sorte, valeur)
),
total AS (
    SELECT etablissement_id, annee_scolaire, mesure, sum(valeur)::bigint AS valeur
    FROM mesure GROUP BY 1, 2, 3 HAVING sum(valeur) <> 0
),
compte AS (
    SELECT etablissement_id, annee_scolaire, jsonb_object_agg(mesure, valeur) AS comptes FROM total GROUP BY 1, 2
),
palier AS (
    SELECT etablissement_id, annee_scolaire, jsonb_object_agg(champ, palier) AS paliers FROM resultat GROUP BY 1, 2
)
SELECT c.etablissement_id, c.annee_scolaire, e.academie_id, e.departement_id, e.district_id, e.collectivite_id,
    COALESCE(d.etat, ''), d.signe_le, COALESCE(p.paliers, '{{}}'), c.comptes
FROM compte c
JOIN connue e ON e.id = c.etablissement_id
LEFT JOIN diagnostic d USING (etablissement_id, annee_scolaire)
LEFT JOIN palier p USING (etablissement_id, annee_scolaire)
"""  # noqa: S608 (constants of this module)
# A school that waits to be counted again is taken as it is written.
GARDER_CE_QUI_ATTEND = f"""
DELETE FROM synthese_comptee WHERE etablissement_id IN (SELECT etablissement_id FROM pilotage_faitchange);
INSERT INTO synthese_comptee ({COLONNES})
SELECT {COLONNES} FROM pilotage_syntheseetablissement
WHERE etablissement_id IN (SELECT etablissement_id FROM pilotage_faitchange);
"""  # noqa: S608 (constants)
# Into `synthese_ecart`, all that territories should say.
TOTALISER = f"""
INSERT INTO synthese_ecart (niveau, cle, annee_scolaire, mesure, valeur)
SELECT t.niveau, t.cle, s.annee_scolaire, m.key, sum(m.value::bigint)
FROM synthese_comptee s {TERRITOIRES} CROSS JOIN LATERAL jsonb_each_text(s.comptes) m
WHERE t.cle IS NOT NULL
GROUP BY 1, 2, 3, 4
HAVING sum(m.value::bigint) <> 0
"""  # noqa: S608 (constants)
VALEURS: Mapping[str, Any] = {
    "reperes": json.dumps(dict(REPERES)),
    "terminaux": [str(categorie) for categorie in TERMINAUX],
    "actions_finies": [str(etat) for etat in Action.FINIES],
    "formations_arretees": [str(etat) for etat in BesoinFormation.A_RAISON],
    "formations_engagees": [str(etat) for etat in BesoinFormation.ENGAGES],
}
