"""The facts of the volume, table by table: SQL that `domain.volume` puts in order.

`pg_temp.alea(cle, n)` gives a whole number from 0 to n - 1, always the same for a key and a seed. Keys are UAI, so that
a seed gives the same volume in any database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from budget.models import BesoinFormation, CapaciteFormateurs, EffectifEquipe, Equipement, LigneBudget
from diagnostic.domain.contenu import FORMAT
from diagnostic.models import Campagne, CopieSignee, Diagnostic, Reponse
from plans.models import Action, Axe, Contribution
from strategie.socle.models import (
    Academie,
    Affectation,
    Collectivite,
    Departement,
    District,
    Etablissement,
    Utilisateur,
)


@dataclass(frozen=True)
class Insertion:
    """Rows of a model: `expressions` by column, read from `depuis`."""

    modele: type[models.Model]
    depuis: str
    expressions: Mapping[str, str]


ALEA = """
CREATE OR REPLACE FUNCTION pg_temp.alea(cle text, n int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((hashtextextended(cle, {graine}) & 9223372036854775807) % n)::int
"""
# Thirty schools a district: one in five has an EREA for its second lycée. UAI that no register gives: 2000000 and on.
ECOLES = """
CREATE TEMP TABLE volume_ecole ON COMMIT DROP AS
WITH place AS (
    SELECT n, n / {par_district} AS district, n % {par_district} AS rang, lpad((2000000 + n)::text, 7, '0') AS chiffres
    FROM generate_series(0, {ecoles} - 1) n
),
sorte AS (
    SELECT p.*, chiffres || substr('ABCDEFGHJKLMNPRSTUVWXYZ', chiffres::int % 23 + 1, 1) AS uai,
        district / {districts_par_departement} AS departement,
        district / {districts_par_departement} / {departements_par_academie} AS academie,
        CASE WHEN rang < 24 THEN 'ecole' WHEN rang < 28 THEN 'college' WHEN rang = 28 OR district % 5 > 0 THEN 'lycee'
            ELSE 'erea' END AS type
    FROM place p
)
SELECT s.*,
    CASE type
        WHEN 'ecole' THEN (pg_temp.alea(uai || 'rep', 9) = 0)::int
        WHEN 'college' THEN 2 + (pg_temp.alea(uai || 'rep', 7) = 0)::int
        WHEN 'lycee' THEN 4 + (pg_temp.alea(uai || 'internat', 3) = 0)::int
        ELSE 6 END AS situation,
    CASE WHEN pg_temp.alea(uai || 'connu', 30) = 0 THEN NULL
        ELSE CASE type WHEN 'ecole' THEN 30 + pg_temp.alea(uai || 'effectif', 300)
            WHEN 'college' THEN 220 + pg_temp.alea(uai || 'effectif', 600)
            WHEN 'lycee' THEN 350 + pg_temp.alea(uai || 'effectif', 1200)
            ELSE 80 + pg_temp.alea(uai || 'effectif', 120) END END AS effectif,
    pg_temp.alea(uai || 'niveau', 8) AS niveau,
    pg_temp.alea(uai || 'parc', 100) AS parc
FROM sorte s
ORDER BY n
"""
NOMS = "(ARRAY['Jean-Moulin', 'Simone-Veil', 'Jules-Ferry', 'Rosa-Parks', 'Louise-Michel', 'Émile-Zola'])"
COMMUNES = "(ARRAY['Valmont', 'Saint-Exemple', 'Montclair', 'Beaurivage', 'Hauteville', 'Rochefort-le-Neuf'])"

# --- Territories and people ------------------------------------------------------------------------------------------
TERRITOIRES = (
    Insertion(
        Academie,
        "FROM (SELECT DISTINCT academie FROM volume_ecole ORDER BY 1) v",
        {"code": "'V' || academie", "nom": "'Volume ' || academie + 1", "fuseau": "'Europe/Paris'"},
    ),
    Insertion(
        Departement,
        "FROM (SELECT DISTINCT academie, departement FROM volume_ecole ORDER BY 2) v"
        " JOIN socle_academie a ON a.code = 'V' || v.academie",
        {
            "code": "'V' || lpad(departement::text, 2, '0')",
            "nom": "'Volume ' || departement + 1",
            "academie_id": "a.id",
        },
    ),
    Insertion(
        District,
        "FROM (SELECT DISTINCT academie, district FROM volume_ecole ORDER BY 2) v"
        " JOIN socle_academie a ON a.code = 'V' || v.academie",
        {"nom": "'District ' || lpad((district + 1)::text, 4, '0')", "academie_id": "a.id"},
    ),
    Insertion(
        Collectivite,
        """FROM (
            SELECT 'departement' AS niveau, 'Département volume ' || departement + 1 AS nom FROM volume_ecole
            UNION SELECT 'region', 'Région volume ' || academie + 1 FROM volume_ecole
            UNION SELECT 'commune', 'Commune volume ' || district + 1 FROM volume_ecole
        ) v""",
        {"niveau": "niveau", "nom": "nom"},
    ),
    Insertion(
        Etablissement,
        """FROM volume_ecole v
        JOIN socle_academie a ON a.code = 'V' || v.academie
        JOIN socle_departement p ON p.code = 'V' || lpad(v.departement::text, 2, '0')
        JOIN socle_district d ON d.academie_id = a.id AND d.nom = 'District ' || lpad((v.district + 1)::text, 4, '0')
        JOIN socle_collectivite c ON (c.niveau, c.nom) = (
            CASE v.type WHEN 'ecole' THEN 'commune' WHEN 'college' THEN 'departement' ELSE 'region' END,
            CASE v.type WHEN 'ecole' THEN 'Commune volume ' || v.district + 1
                WHEN 'college' THEN 'Département volume ' || v.departement + 1
                ELSE 'Région volume ' || v.academie + 1 END)
        ORDER BY v.n""",
        {
            "uai": "uai",
            "nom": "CASE v.type WHEN 'ecole' THEN 'École ' WHEN 'college' THEN 'Collège ' WHEN 'lycee' THEN 'Lycée '"
            f" ELSE 'EREA ' END || {NOMS}[1 + pg_temp.alea(uai || 'nom', 6)] || ' ' || v.n + 1",
            "type": "v.type",
            "secteur": "CASE WHEN pg_temp.alea(uai || 'secteur', 8) = 0 THEN 'prive' ELSE 'public' END",
            "academie_id": "a.id",
            "departement_id": "p.id",
            # One school in forty is in no district.
            "district_id": "CASE WHEN pg_temp.alea(uai || 'district', 40) > 0 THEN d.id END",
            "collectivite_id": "c.id",
            "commune": f"{COMMUNES}[1 + v.district % 6] || ' ' || v.district + 1",
            "courriel": "'ce.' || lower(uai) || '@exemple.invalid'",
            "effectif": "effectif",
            "internat": "v.situation IN (5, 6)",
            "education_prioritaire": "CASE WHEN v.situation IN (1, 3) THEN 'REP' ELSE '' END",
            # One in fifty has no coordinates.
            "latitude": "CASE WHEN pg_temp.alea(uai || 'lieu', 50) > 0 THEN 43.5 + (v.district * 37 % 200) / 40.0"
            " + pg_temp.alea(uai || 'lat', 1000) / 8000.0 END",
            "longitude": "CASE WHEN pg_temp.alea(uai || 'lieu', 50) > 0 THEN -0.5 + (v.district * 53 % 200) / 33.0"
            " + pg_temp.alea(uai || 'lon', 1000) / 8000.0 END",
            "source": "'demonstration'",
        },
    ),
    Insertion(
        Utilisateur,
        "FROM volume_ecole v ORDER BY v.n",
        {
            "email": "'chef.' || lower(uai) || '@exemple.invalid'",
            "first_name": "(ARRAY['Camille', 'Dominique', 'Claude', 'Sacha', 'Alix'])[1 + v.n % 5]",
            "last_name": "'Volume ' || v.n + 1",
            "password": "'!'",  # nobody signs in with it
        },
    ),
)
# What follows reads schools with their keys.
REPERER = """
CREATE TEMP TABLE volume_lieu ON COMMIT DROP AS
SELECT e.id, e.uai, e.academie_id, e.district_id, u.id AS chef, v.n, v.type, v.situation, v.niveau, v.parc,
    row_number() OVER (ORDER BY v.n) AS rang
FROM volume_ecole v
JOIN socle_etablissement e USING (uai)
JOIN socle_utilisateur u ON u.email = 'chef.' || lower(v.uai) || '@exemple.invalid'
ORDER BY v.n;
ANALYZE volume_lieu;
"""
CHEFS = Insertion(
    Affectation,
    "FROM volume_lieu l",
    {"utilisateur_id": "l.chef", "role": "'chef'", "etablissement_id": "l.id", "debut": "{debut}::date"},
)

# --- Diagnostics ----------------------------------------------------------------------------------------------------
# The share of schools, in hundredths, that have signed each year, the last one under way.
SIGNES = (62, 78, 88, 95, 38)
BROUILLONS = (0, 0, 0, 0, 25)
CAMPAGNES = Insertion(
    Campagne,
    "FROM volume_annee y CROSS JOIN (SELECT DISTINCT academie_id FROM volume_lieu ORDER BY 1) l ORDER BY l, y.rang",
    {
        "academie_id": "l.academie_id",
        "annee_scolaire": "y.annee",
        "referentiel_id": "{referentiel}",
        "date_ouverture": "make_date(left(y.annee, 4)::int, 9, 15)",
        "date_cloture": "make_date(left(y.annee, 4)::int + 1, 6, 30)",
    },
)
DIAGNOSTICS = Insertion(
    Diagnostic,
    """FROM volume_lieu l
    JOIN diagnostic_campagne c ON c.academie_id = l.academie_id
    JOIN volume_annee y ON y.annee = c.annee_scolaire
    CROSS JOIN LATERAL (SELECT pg_temp.alea(l.uai || y.rang, 100) AS part) t
    CROSS JOIN LATERAL (SELECT CASE WHEN t.part < y.signes THEN 'soumis'
        WHEN t.part < y.signes + y.brouillons THEN 'brouillon' ELSE 'a_commencer' END AS etat,
        CASE WHEN t.part < y.signes AND pg_temp.alea(l.uai || y.rang || 'version', 20) = 0 THEN 2 ELSE 1 END
            AS version) s
    ORDER BY l.rang, y.rang""",
    {
        "etablissement_id": "l.id",
        "campagne_id": "c.id",
        "referentiel_id": "{referentiel}",
        "date_cloture": "c.date_cloture",
        "etat": "s.etat",
        "version": "s.version",
        "motif_reouverture": "CASE WHEN s.version = 2 THEN 'Une réponse était fausse.' ELSE '' END",
        "commence_par_id": "CASE WHEN s.etat <> 'a_commencer' THEN l.chef END",
        "commence_le": "CASE WHEN s.etat <> 'a_commencer' THEN (c.date_ouverture + 10)::timestamptz END",
    },
)
# Each with its profile: a school goes up by a step a year, more or less.
SUIVRE = """
CREATE TEMP TABLE volume_suivi ON COMMIT DROP AS
SELECT d.id, d.etat, d.version, l.uai, l.chef, l.situation, c.annee_scolaire,
    LEAST({niveaux} - 1, GREATEST(0, l.niveau + y.rang + pg_temp.alea(l.uai || y.rang || 'pas', 4) - 2)) AS niveau,
    LEAST((c.date_ouverture + 30 + pg_temp.alea(l.uai || y.rang || 'jour', 200)), {jour}::date) AS jour
FROM diagnostic_diagnostic d
JOIN volume_lieu l ON l.id = d.etablissement_id
JOIN diagnostic_campagne c ON c.id = d.campagne_id
JOIN volume_annee y ON y.annee = c.annee_scolaire
WHERE d.etat <> 'a_commencer'
ORDER BY d.id;
ANALYZE volume_suivi;
"""
# A draft has the first three fifths of its answers.
REPONSES = Insertion(
    Reponse,
    "FROM volume_suivi s JOIN volume_reponse r USING (situation, niveau)"
    " WHERE s.etat = 'soumis' OR r.rang * 5 <= r.combien * 3",
    {
        "diagnostic_id": "s.id",
        "indicateur_id": "r.indicateur",
        "valeur": "r.valeur",
        "modifiee_par_id": "s.chef",
        "modifiee_le": "s.jour",
    },
)
# The canonical JSON of `diagnostic.queries.contenu`, its keys in order; a second version says why.
COPIES = Insertion(
    CopieSignee,
    """FROM volume_suivi s
    JOIN volume_profil p USING (situation, niveau)
    JOIN socle_etablissement e ON e.uai = s.uai
    JOIN socle_departement t ON t.id = e.departement_id
    JOIN socle_academie a ON a.id = e.academie_id
    CROSS JOIN LATERAL generate_series(1, s.version) AS n (version)
    CROSS JOIN LATERAL (SELECT concat(
        '{{"annee_scolaire":"', s.annee_scolaire, '",', p.avant,
        ',"etablissement":{{"academie":', to_json(a.nom), ',"commune":', to_json(e.commune),
        ',"departement":', to_json(t.nom), ',"libelle_type":"', CASE e.type WHEN 'ecole' THEN 'École'
            WHEN 'college' THEN 'Collège' WHEN 'lycee' THEN 'Lycée' ELSE 'EREA' END,
        '","nom":', to_json(e.nom), ',"type":"', e.type, '","uai":"', e.uai,
        '"}},"format":"{format}","motif_reouverture":"',
        CASE n.version WHEN 2 THEN 'Une réponse était fausse.' END, '",', p.apres,
        ',"signature":{{"date":"', s.jour, 'T10:00:00+00:00","date_locale":"', s.jour,
        '","fonction":"Direction","fuseau":"Europe/Paris","nom":"Volume"}},"version":', n.version, '}}')
            AS texte OFFSET 0) f
    WHERE s.etat = 'soumis'""",
    {
        "diagnostic_id": "s.id",
        "version": "n.version",
        "signataire_id": "s.chef",
        "nom_signataire": "'Volume'",
        "fonction_signataire": "'Direction'",
        "signee_le": "(s.jour + time '10:00') AT TIME ZONE 'UTC'",
        "contenu": "f.texte",
        "sha256_contenu": "encode(sha256(convert_to(f.texte, 'UTF8')), 'hex')",
        "pdf": "'{pdf}'::bytea",
        "sha256_pdf": "encode(sha256('{pdf}'::bytea), 'hex')",
    },
)

# --- Plans, training, money, equipment ------------------------------------------------------------------------------
AXES = Insertion(
    Axe,
    "FROM volume_lieu l CROSS JOIN generate_series(1, 2) AS n (rang) ORDER BY l.rang, n.rang",
    {
        "etablissement_id": "l.id",
        "annee_scolaire": "{annee}",
        "theme": "(ARRAY['acces', 'enseigner', 'travailler'])[1 + (l.n + n.rang) % 3]",
        "intitule": "(ARRAY['Fiabiliser le réseau', 'Former les équipes'])[n.rang]",
        "cree_par_id": "l.chef",
        "cree_le": "{jour}",
    },
)
ACTIONS = Insertion(
    Action,
    """FROM volume_lieu l CROSS JOIN generate_series(1, 6) AS n (rang)
    CROSS JOIN LATERAL (SELECT pg_temp.alea(l.uai || n.rang || 'action', 12) AS tirage) t
    CROSS JOIN LATERAL (SELECT CASE WHEN t.tirage = 0 THEN 'brouillon' WHEN t.tirage = 1 THEN 'bloquee'
        WHEN t.tirage < 4 THEN 'realisee' WHEN t.tirage < 8 THEN 'en_cours' ELSE 'a_venir' END AS etat) s
    ORDER BY l.rang, n.rang""",
    {
        "etablissement_id": "l.id",
        "levier": "(ARRAY['formation', 'equipement', 'infrastructure', 'budget', 'organisation', 'formation'])[n.rang]",
        "intitule": "(ARRAY['Former à l''ENT', 'Renouveler une classe mobile', 'Installer des bornes Wi-Fi', "
        "'Budgéter la maintenance', 'Tenir la commission numérique', 'Former au PIX'])[n.rang]",
        "fonction_porteuse": "'Référent numérique'",
        "annee_scolaire": "{annee}",
        "trimestre": "1",
        "annee_fin": "{annee}",
        "trimestre_fin": "1 + t.tirage % 3",
        "echeance": "CASE WHEN t.tirage IN (4, 9) THEN {jour}::date - 20 END",  # late
        "etat": "s.etat",
        "raison": "CASE s.etat WHEN 'bloquee' THEN 'En attente de la collectivité' ELSE '' END",
        "derniere_nouvelle": "{jour}::date - t.tirage",
        "cree_par_id": "l.chef",
        "cree_le": "{jour}",
        "modifiee_le": "{jour}",
    },
)
CONTRIBUTIONS = Insertion(
    Contribution,
    """FROM (
        SELECT etablissement_id, id, row_number() OVER (PARTITION BY etablissement_id ORDER BY id) AS rang
        FROM plans_action WHERE etablissement_id IN (SELECT id FROM volume_lieu)
    ) a JOIN (
        SELECT etablissement_id, id, row_number() OVER (PARTITION BY etablissement_id ORDER BY id) AS rang
        FROM plans_axe WHERE etablissement_id IN (SELECT id FROM volume_lieu)
    ) x ON x.etablissement_id = a.etablissement_id AND x.rang = 1 + a.rang % 2
    ORDER BY a.id""",
    {"action_id": "a.id", "axe_id": "x.id"},
)
FORMATIONS = Insertion(
    BesoinFormation,
    """FROM volume_lieu l CROSS JOIN generate_series(1, 3) AS n (rang)
    CROSS JOIN LATERAL (SELECT pg_temp.alea(l.uai || n.rang || 'formation', 10) AS tirage) t
    ORDER BY l.rang, n.rang""",
    {
        "etablissement_id": "l.id",
        "annee_scolaire": "CASE n.rang WHEN 3 THEN {annee_suivante} ELSE {annee} END",
        "intitule": "(ARRAY['Prendre en main l''ENT', 'Scénariser avec la tablette', 'Sécurité des données'])[n.rang]",
        "equipes": "ARRAY['enseignants']",
        "effectif": "CASE l.type WHEN 'ecole' THEN 4 ELSE 12 END + t.tirage",
        "modalite": "(ARRAY['locale', 'paf', 'pairs'])[n.rang]",
        "heures": "3 * (1 + t.tirage % 4)",
        "heures_formateur": "CASE n.rang WHEN 1 THEN 3 + t.tirage ELSE 0 END",
        "etat": "(ARRAY['exprime', 'exprime', 'demande', 'demande', 'demande', 'accorde', 'accorde', 'accorde',"
        " 'exprime', 'demande'])[1 + t.tirage]",
        "demande_le": "{jour}::date",
        "cle": "md5('formation' || l.uai || n.rang)::uuid",
        "cree_par_id": "l.chef",
        "cree_le": "{jour}",
    },
)
EFFECTIFS = Insertion(
    EffectifEquipe,
    "FROM volume_lieu l",
    {
        "etablissement_id": "l.id",
        "annee_scolaire": "{annee}",
        "equipe": "'enseignants'",
        "effectif": "CASE l.type WHEN 'ecole' THEN 8 WHEN 'college' THEN 40 ELSE 70 END",
    },
)
CAPACITES = Insertion(
    CapaciteFormateurs,
    "FROM (SELECT district_id, min(chef) AS chef FROM volume_lieu WHERE district_id IS NOT NULL GROUP BY 1) l"
    " WHERE pg_temp.alea('capacite' || district_id % 10, 10) > 0",
    {
        "district_id": "l.district_id",
        "annee_scolaire": "{annee}",
        "heures": "120",
        "fixee_par_id": "l.chef",
        "fixee_le": "{jour}",
    },
)
LIGNES_DE_BUDGET = Insertion(
    LigneBudget,
    """FROM volume_lieu l CROSS JOIN generate_series(1, 8) AS n (rang)
    CROSS JOIN LATERAL (SELECT pg_temp.alea(l.uai || n.rang || 'ligne', 1000) AS tirage,
        {exercice} - (n.rang > 5)::int AS exercice) t
    ORDER BY l.rang, n.rang""",
    {
        "etablissement_id": "l.id",
        "exercice": "t.exercice",
        "annee_scolaire": "t.exercice || '-' || t.exercice + 1",
        "intitule": "(ARRAY['Licences', 'Maintenance', 'Tablettes', 'Bornes Wi-Fi', 'Consommables', 'Licences', "
        "'Maintenance', 'Ordinateurs'])[n.rang]",
        "section": "CASE WHEN n.rang IN (3, 4, 8) THEN 'investissement' ELSE 'fonctionnement' END",
        "levier": "CASE WHEN n.rang IN (1, 5, 6) THEN 'budget' ELSE 'equipement' END",
        "payeur": "CASE l.type WHEN 'ecole' THEN 'commune' ELSE 'eple' END",
        "prevu": "100 + t.tirage * CASE l.type WHEN 'ecole' THEN 1.25 ELSE 9.50 END",
        "engage": "CASE WHEN t.tirage % 3 > 0 THEN 60 + t.tirage ELSE 0 END",
        "paye": "CASE WHEN n.rang > 5 THEN 60 + t.tirage ELSE 0 END",
        "cle": "md5('ligne' || l.uai || n.rang)::uuid",
        "cree_par_id": "l.chef",
        "cree_le": "{jour}",
    },
)
# What each kind of school has: category, name, how many on a line, price, how many lines.
MATERIEL = """
CREATE TEMP TABLE volume_materiel (type text, categorie text, designation text, nombre int, prix numeric, lignes int)
ON COMMIT DROP;
INSERT INTO volume_materiel VALUES
    ('ecole', 'fixe', 'Ordinateur de la classe', 3, 520, 3), ('ecole', 'tablette', 'Tablette 10 pouces', 12, 310, 3),
    ('ecole', 'portable', 'Portable de l''enseignant', 4, 640, 2),
    ('ecole', 'videoprojecteur', 'Vidéoprojecteur', 3, 450, 2), ('ecole', 'tableau', 'Écran interactif', 2, 1900, 2),
    ('ecole', 'borne', 'Borne Wi-Fi', 5, 260, 1), ('ecole', 'imprimante', 'Copieur', 1, 2100, 1),
    ('college', 'fixe', 'Ordinateur de salle', 22, 560, 8), ('college', 'tablette', 'Tablette 10 pouces', 30, 330, 4),
    ('college', 'portable', 'Portable élève', 24, 480, 4),
    ('college', 'videoprojecteur', 'Vidéoprojecteur', 18, 470, 3),
    ('college', 'borne', 'Borne Wi-Fi', 30, 280, 2), ('college', 'reseau', 'Commutateur', 12, 900, 1),
    ('college', 'imprimante', 'Imprimante', 8, 300, 1), ('college', 'serveur', 'Serveur', 2, 3800, 1),
    ('lycee', 'fixe', 'Ordinateur de salle', 45, 590, 14), ('lycee', 'portable', 'Portable élève', 60, 500, 5),
    ('lycee', 'videoprojecteur', 'Vidéoprojecteur', 30, 490, 4), ('lycee', 'tableau', 'Écran interactif', 10, 2100, 2),
    ('lycee', 'borne', 'Borne Wi-Fi', 45, 300, 3), ('lycee', 'reseau', 'Commutateur', 24, 950, 2),
    ('lycee', 'fabrication', 'Imprimante 3D', 2, 1200, 2), ('lycee', 'serveur', 'Serveur', 4, 4200, 1),
    ('erea', 'fixe', 'Ordinateur de salle', 14, 560, 4), ('erea', 'tablette', 'Tablette 10 pouces', 15, 330, 3),
    ('erea', 'accessibilite', 'Clavier adapté', 8, 150, 2), ('erea', 'borne', 'Borne Wi-Fi', 12, 280, 1);
"""
# A school has from half to one and a half of that; a line in forty has no date, in thirty no price.
EQUIPEMENTS = Insertion(
    Equipement,
    """FROM volume_lieu l
    JOIN volume_materiel m ON m.type = l.type
    CROSS JOIN LATERAL generate_series(1, m.lignes) AS n (rang)
    CROSS JOIN LATERAL (SELECT pg_temp.alea(l.uai || m.designation || n.rang, 3600) AS tirage) t
    CROSS JOIN LATERAL (SELECT CASE WHEN t.tirage % 40 > 0
        THEN {jour}::date - t.tirage - 300 * (l.parc % 3 = 0)::int END AS achat) d
    ORDER BY l.rang""",
    {
        "academie_id": "l.academie_id",
        "etablissement_id": "l.id",
        "designation": "m.designation",
        "categorie": "m.categorie",
        "nombre": "GREATEST(1, round(m.nombre * (50 + l.parc) / 100.0)::int)",
        "domaine": "CASE WHEN t.tirage % 12 = 0 THEN 'administratif' ELSE 'pedagogique' END",
        "proprietaire": "CASE l.type WHEN 'ecole' THEN 'commune' WHEN 'college' THEN 'departement' ELSE 'region' END",
        "achete_le": "d.achat",
        "prix": "CASE WHEN t.tirage % 30 > 0 THEN m.prix + t.tirage % 50 + 0.99 END",
        "etat": "CASE WHEN t.tirage % 50 = 0 THEN 'sorti' WHEN t.tirage % 25 = 1 THEN 'a_reparer'"
        " ELSE 'reutilisable' END",
        "destination": "CASE WHEN t.tirage % 50 = 0 THEN 'deee' ELSE '' END",
        "sorti_le": "CASE WHEN t.tirage % 50 = 0 THEN {jour}::date END",
        "source": "'demonstration'",
    },
)
FAITS = (
    *(CHEFS, CAMPAGNES, AXES, ACTIONS, CONTRIBUTIONS, FORMATIONS, EFFECTIFS, CAPACITES),
    *(LIGNES_DE_BUDGET, EQUIPEMENTS, DIAGNOSTICS),
)
FORMAT_SIGNE = FORMAT
