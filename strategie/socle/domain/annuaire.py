"""Bringing the register of schools into the database, 60,000 rows at a time.

The rows go through COPY into a temporary table, then a handful of statements do the rest. Which source wins:

- the register over the merged list, whatever the order in which they come;
- in the register, the later line: an older edition changes nothing, and lines without a date only fill blanks;
- the merged list only fills the blanks of what the register told;
- a blank erases nothing, but for « éducation prioritaire », where it says « non »;
- a school of the demonstration is never touched.

So every file, imported again, changes nothing. The names put into the statements are constants of this module.
"""

# ruff: noqa: S608

import csv
import datetime
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import pghistory
from django.db import connection, transaction

from strategie.socle.domain.historique import acte
from strategie.socle.domain.territoires import creer_departements

# The staging table. `nom_provisoire` is used where `nom` is empty, and `annexe` tells two lines of one UAI apart.
STAGING = {
    "uai": "text NOT NULL",
    "nom": "text NOT NULL",
    "nom_provisoire": "text NOT NULL",
    "annexe": "boolean NOT NULL",
    "departement": "text NOT NULL",
    "etat": "text NOT NULL",
    "date_annuaire": "date",
    "type": "text NOT NULL DEFAULT 'autre'",
    "effectif": "integer",
    "internat": "boolean",
    "latitude": "double precision",
    "longitude": "double precision",
    **dict.fromkeys(
        [
            "nature", "secteur", "adresse", "code_postal", "commune", "code_commune", "telephone", "courriel", "site",
            "education_prioritaire", "circonscription", "bassin",
        ],
        "text NOT NULL DEFAULT ''",
    ),
}  # fmt: skip
SANS_TEXTE_VIDE = {"effectif", "internat", "latitude", "longitude"}
PROPRES_AU_STAGING = {"nom_provisoire", "annexe", "departement"}
JAMAIS_COMPLETES = {"nom", "type", "etat", "education_prioritaire", "date_annuaire"}

REMPLACE = {
    "registre": "(e.source = 'liste' OR e.source = 'registre'"
    " AND (e.date_annuaire IS NULL OR s.date_annuaire >= e.date_annuaire))",
    "liste": "e.source = 'liste'",
}
COMPLETE = {
    "registre": "e.source = 'registre' AND e.date_annuaire IS NOT NULL AND s.date_annuaire IS NULL",
    "liste": "e.source = 'registre'",
}


class Lecture(Protocol):
    """Clean rows, in the order of `champs` (keys of `STAGING`). What is said of the refused lines holds once
    every row has been read."""

    source: str
    champs: tuple[str, ...]

    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...

    @property
    def chiffres_refuses(self) -> Sequence[str]: ...

    @property
    def entiere(self) -> bool: ...


@dataclass(frozen=True)
class Comptes:
    """`acceptees` = `crees` + `modifies` + `inchanges`; `doubles` are the second lines of a UAI, among `inchanges`."""

    acceptees: int
    crees: int
    modifies: int
    fermes: int
    doubles: int
    anciennes: int

    @property
    def inchanges(self) -> int:
        return self.acceptees - self.crees - self.modifies


class ImportEnCours(Exception):
    """Another import of the register is running."""


def importer_annuaire(
    lecture: Lecture, *, jour: datetime.date, complet: bool = False, simulation: bool = False
) -> Comptes:
    """Creates and updates the schools of `lecture`; with `complet`, closes on `jour` those of its départements
    that are missing from it, unless `lecture` is not whole. A simulation does it all and takes it back."""
    with acte("importer_annuaire", None), pghistory.context(source="import"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('importer_annuaire'))")
        if not cursor.fetchone()[0]:
            raise ImportEnCours("Un autre import de l'annuaire est en cours : recommencez quand il sera fini.")
        acceptees = charger(cursor, lecture)
        doubles = ecarter_les_doubles(cursor, lecture.champs)
        cursor.execute("ANALYZE annuaire_lu, socle_etablissement")  # a join planned on old figures takes minutes
        cursor.execute("SELECT DISTINCT departement FROM annuaire_lu")
        creer_departements([code for (code,) in cursor.fetchall()])
        anciennes = compter_les_anciennes(cursor)
        modifies = remplacer(cursor, lecture) + completer(cursor, lecture)
        crees = creer(cursor, lecture)
        fermes = fermer(cursor, lecture, jour) if complet and lecture.entiere else 0
        cursor.execute("DROP TABLE annuaire_lu")
        cursor.execute("ANALYZE socle_etablissement")
        if simulation:
            transaction.set_rollback(True)
    return Comptes(acceptees, crees, modifies, fermes, doubles, anciennes)


class FluxCsv:
    """The rows as a file that COPY reads, a few hundred at a time."""

    def __init__(self, lignes: Iterator[tuple[Any, ...]]) -> None:
        self.lignes = lignes
        self.erreur: BaseException | None = None

    def read(self, taille: int = -1) -> str:
        tampon = io.StringIO()
        try:
            csv.writer(tampon).writerows(islice(self.lignes, 200))
        except BaseException as erreur:  # psycopg2 would only tell its name
            self.erreur = erreur
            raise
        return tampon.getvalue()


def charger(cursor: Any, lecture: Lecture) -> int:
    """Fills the temporary table `annuaire_lu`; the number of rows."""
    cursor.execute(f"CREATE TEMP TABLE annuaire_lu ({', '.join(f'{nom} {sorte}' for nom, sorte in STAGING.items())})")
    textes = ", ".join(champ for champ in lecture.champs if STAGING[champ].startswith("text"))
    copie = f"COPY annuaire_lu ({', '.join(lecture.champs)}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({textes}))"
    flux = FluxCsv(iter(lecture))
    try:
        cursor.copy_expert(copie, flux)
    except Exception as erreur:
        raise flux.erreur or erreur from None
    return int(cursor.rowcount)


def ecarter_les_doubles(cursor: Any, champs: Sequence[str]) -> int:
    """Two lines of one UAI are a main site and its annexe: the main site stays, whatever the order of the file."""
    ordre = ", ".join(f'{champ}::text COLLATE "C"' for champ in champs if champ not in ("uai", "annexe", "nom"))
    cursor.execute(f"""
        DELETE FROM annuaire_lu WHERE ctid IN (
            SELECT ctid FROM (
                SELECT ctid, row_number() OVER (
                    PARTITION BY uai ORDER BY annexe, nom = '', nom COLLATE "C", {ordre}
                ) AS rang
                FROM annuaire_lu
                WHERE uai IN (SELECT uai FROM annuaire_lu GROUP BY uai HAVING count(*) > 1)
            ) AS lignes
            WHERE rang > 1
        )""")
    return int(cursor.rowcount)


def compter_les_anciennes(cursor: Any) -> int:
    """Lines that are older than what we hold."""
    cursor.execute("""
        SELECT count(*) FROM annuaire_lu s JOIN socle_etablissement e USING (uai)
        WHERE e.source = 'registre' AND s.date_annuaire < e.date_annuaire""")
    return int(cursor.fetchone()[0])


def remplacer(cursor: Any, lecture: Lecture) -> int:
    """Rows that outrank what we hold."""
    valeurs = {champ: plein(champ, "s", "e") for champ in colonnes(lecture)}
    valeurs |= {
        "etat": "s.etat",
        "ferme_le": "CASE WHEN s.etat = 'ferme' THEN e.ferme_le END",
        "date_annuaire": "s.date_annuaire",
        "source": f"'{lecture.source}'",
        "academie_id": "d.academie_id",
        "departement_id": "d.id",
    }
    if "education_prioritaire" in valeurs:
        valeurs["education_prioritaire"] = "s.education_prioritaire"
    return mettre_a_jour(cursor, valeurs, REMPLACE[lecture.source])


def completer(cursor: Any, lecture: Lecture) -> int:
    """Rows that only fill the blanks of what we hold."""
    valeurs = {champ: plein(champ, "e", "s") for champ in colonnes(lecture) if champ not in JAMAIS_COMPLETES}
    return mettre_a_jour(cursor, valeurs, COMPLETE[lecture.source]) if valeurs else 0


def colonnes(lecture: Lecture) -> list[str]:
    """The fields of a school that this file tells, but its key."""
    return [champ for champ in lecture.champs if champ not in {*PROPRES_AU_STAGING, "uai"}]


def plein(champ: str, premier: str, second: str) -> str:
    """The first of the two tables' values that is not blank."""
    if champ in SANS_TEXTE_VIDE:
        return f"COALESCE({premier}.{champ}, {second}.{champ})"
    return f"COALESCE(NULLIF({premier}.{champ}, ''), {second}.{champ})"


def mettre_a_jour(cursor: Any, valeurs: dict[str, str], condition: str) -> int:
    """Updates the rows that would really change; their number."""
    cibles = ", ".join(valeurs)
    oublier_les_plans(cursor)
    cursor.execute(f"""
        UPDATE socle_etablissement AS cible SET ({cibles}) = ROW({", ".join(f"n.{champ}" for champ in valeurs)})
        FROM (
            SELECT e.id, {", ".join(f"{valeur} AS {champ}" for champ, valeur in valeurs.items())}
            FROM annuaire_lu s
            JOIN socle_departement d ON d.code = s.departement
            JOIN socle_etablissement e ON e.uai = s.uai
            WHERE {condition}
        ) AS n
        WHERE cible.id = n.id
        AND ({", ".join(f"cible.{champ}" for champ in valeurs)})
            IS DISTINCT FROM ({", ".join(f"n.{champ}" for champ in valeurs)})""")
    return int(cursor.rowcount)


def oublier_les_plans(cursor: Any) -> None:
    """The trigger of the history joins the old rows to the new ones, and keeps for the whole session the plan that
    suited its first statement: made for no row at all, it would take minutes for 60,000."""
    cursor.execute("DISCARD PLANS")


def creer(cursor: Any, lecture: Lecture) -> int:
    champs = [champ for champ in STAGING if champ not in {*PROPRES_AU_STAGING, "nom"}]
    cursor.execute(
        f"""
        INSERT INTO socle_etablissement (nom, academie_id, departement_id, source, {", ".join(champs)})
        SELECT COALESCE(NULLIF(s.nom, ''), s.nom_provisoire), d.academie_id, d.id, %s,
            {", ".join(f"s.{champ}" for champ in champs)}
        FROM annuaire_lu s JOIN socle_departement d ON d.code = s.departement
        WHERE NOT EXISTS (SELECT FROM socle_etablissement e WHERE e.uai = s.uai)
        ORDER BY s.uai
        ON CONFLICT (uai) DO NOTHING""",
        [lecture.source],
    )
    return int(cursor.rowcount)


def fermer(cursor: Any, lecture: Lecture, jour: datetime.date) -> int:
    """Closes the schools that are missing. The file that closes a school is then what we know it from, so that
    what outranks this file, or this file's next edition, can open it again."""
    cursor.execute("SELECT max(date_annuaire) FROM annuaire_lu")
    (date_annuaire,) = cursor.fetchone()
    oublier_les_plans(cursor)
    cursor.execute(
        """
        UPDATE socle_etablissement e
        SET etat = 'ferme', ferme_le = %(jour)s, source = %(source)s, date_annuaire = %(date)s
        WHERE e.departement_id IN (
            SELECT d.id FROM socle_departement d JOIN annuaire_lu s ON s.departement = d.code
        )
        AND e.etat <> 'ferme' AND e.source <> 'demonstration'
        AND (%(date)s::date IS NULL OR e.date_annuaire IS NULL OR e.date_annuaire <= %(date)s)
        AND NOT EXISTS (SELECT FROM annuaire_lu s WHERE s.uai = e.uai)
        AND left(e.uai, 7) <> ALL (%(refuses)s)""",
        {
            "jour": jour,
            "source": lecture.source,
            "date": date_annuaire,
            "refuses": list(lecture.chiffres_refuses),
        },
    )
    return int(cursor.rowcount)
