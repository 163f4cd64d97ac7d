"""Bringing a whole inventory in: rows go through COPY into a temporary table, then a handful of statements do the rest.

A row is known by its serial number, else by its tag, within the school; a row with neither by all that it says, and is
then added once and never changed. A blank erases nothing, and what was only guessed (a category, a name) never stands
against what the school has said. So the same file, imported again, changes nothing.

The names put into the statements are constants of this module.
"""

# ruff: noqa: S608

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

import pghistory
from django.db import IntegrityError, connection, transaction

from budget.domain.equipements import Tenant
from budget.models import Lot, Salle
from budget.rules.equipements import PAS_A_SOI, empechement_tenir
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement
from strategie.socle.rules import decimal_en_phrase

TEXTES = (
    "designation", "designation_devinee", "categorie", "categorie_devinee", "marque", "modele", "numero_serie",
    "etiquette", "salle", "lot", "domaine", "proprietaire", "payeur", "mainteneur", "etat", "destination", "prete_a",
    "note",
)  # fmt: skip
DATES = ("achete_le", "garanti_jusqu_au", "suivi_jusqu_au", "prevu_jusqu_au", "sorti_le", "prete_le")
AUTRES = {"nombre": "integer", "prix": "numeric(12, 2)"}
# The staging table, in the order of the rows that a reading gives: the line of the file, then these.
STAGING = dict.fromkeys(TEXTES, "text NOT NULL DEFAULT ''") | dict.fromkeys(DATES, "date") | AUTRES
CHAMPS = tuple(STAGING)

# What a line becomes: `s` what the file says, `e` what the school has, if it has it.
SIMPLES = ("marque", "modele", "numero_serie", "etiquette", "proprietaire", "payeur", "mainteneur", "note")
FUSION = {
    "designation": "COALESCE(NULLIF(s.designation, ''), e.designation, s.designation_devinee)",
    "categorie": "COALESCE(NULLIF(s.categorie, ''), e.categorie, NULLIF(s.categorie_devinee, ''), 'autre')",
    "domaine": "COALESCE(NULLIF(s.domaine, ''), e.domaine, 'pedagogique')",
    "etat": "COALESCE(NULLIF(s.etat, ''), e.etat, 'reutilisable')",
    "nombre": "COALESCE(s.nombre, e.nombre, 1)",
    "prix": "COALESCE(s.prix, e.prix)",
    **{champ: f"COALESCE(NULLIF(s.{champ}, ''), e.{champ}, '')" for champ in SIMPLES},
    **{champ: f"COALESCE(s.{champ}, e.{champ})" for champ in DATES if champ.endswith("jusqu_au")},
    "achete_le": "COALESCE(s.achete_le, e.achete_le)",
}
# What has left says where to and when, and is lent no more; a loan keeps the day that is known of it.
DEPENDANTS = {
    "destination": "CASE WHEN f.etat = 'sorti' THEN COALESCE(NULLIF(s.destination, ''), e.destination, '') ELSE '' END",
    "sorti_le": "CASE WHEN f.etat = 'sorti' THEN COALESCE(s.sorti_le, e.sorti_le, %(jour)s) END",
    "prete_a": "CASE WHEN f.etat = 'sorti' THEN '' ELSE COALESCE(NULLIF(s.prete_a, ''), e.prete_a, '') END",
    "prete_le": """CASE WHEN f.etat <> 'sorti' AND COALESCE(NULLIF(s.prete_a, ''), e.prete_a, '') <> ''
        THEN COALESCE(e.prete_le, s.prete_le, %(jour)s) END""",
    "pret_jusqu_au": "CASE WHEN f.etat <> 'sorti' THEN e.pret_jusqu_au END",
    "salle_id": "COALESCE(salle.id, e.salle_id)",
    "lot_id": "COALESCE(lot.id, e.lot_id)",
}
ECRITS = (*FUSION, *DEPENDANTS)
# What an unnumbered line is recognised by, when an import did not bring it: how the school's own say the same.
CONTENU = {
    **{champ: f"e.{champ}" for champ in (*FUSION, "destination", "sorti_le") if champ not in ("numero_serie",)},
    "salle": "COALESCE(salle.nom, '')",
    "lot": "COALESCE(lot.intitule, '')",
}
DEFAUTS = {
    "categorie": "COALESCE(NULLIF(s.categorie, ''), NULLIF(s.categorie_devinee, ''), 'autre')",
    "designation": "COALESCE(NULLIF(s.designation, ''), s.designation_devinee)",
    "domaine": "COALESCE(NULLIF(s.domaine, ''), 'pedagogique')",
    "etat": "COALESCE(NULLIF(s.etat, ''), 'reutilisable')",
    "nombre": "COALESCE(s.nombre, 1)",
}
SALLES_MAX, LIGNES_A_LA_FOIS = 2_000, 2_000
REFUS_MAX = 20_000
TROP_DE_REFUS = (
    f"Plus de {decimal_en_phrase(REFUS_MAX)} lignes ne peuvent pas être écrites\u00a0: ce n'est pas un inventaire, ou"
    " ses colonnes sont mal choisies. Rien n'est écrit."
)
MONTRES = 300


class Lecture(Protocol):
    """Clean rows: the line of the file, then `CHAMPS`. `colonnes` are those that the file has."""

    source: str

    @property
    def colonnes(self) -> Sequence[str]: ...

    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...


@dataclass(frozen=True)
class LigneNonEcrite:
    """What of a line cannot be, `champ` of it being `valeur`."""

    ligne: int
    champ: str
    valeur: str
    raison: str


@dataclass(frozen=True)
class LigneCreee:
    ligne: int
    designation: str
    categorie: str
    numero: str
    nombre: int


@dataclass(frozen=True)
class CaseChangee:
    """Values as the database writes them: a code, a date as 2026-09-01, an amount as 12.50."""

    ligne: int
    designation: str
    champ: str
    avant: str
    apres: str


@dataclass
class Resultat:
    """`crees` + `modifies` + `inchanges` + the lines of `refuses` are all the rows of the reading.

    The first new lines and changed cells are told; `empreinte` is that of all of them, so that what is confirmed is
    what was shown. `ecrit` is false after a simulation, or when something else than what was shown would be written.
    """

    crees: int = 0
    modifies: int = 0
    inchanges: int = 0
    refuses: list[LigneNonEcrite] = field(default_factory=list)
    creees: list[LigneCreee] = field(default_factory=list)
    changees: list[CaseChangee] = field(default_factory=list)
    cases: int = 0
    salles: list[str] = field(default_factory=list)
    salles_rouvertes: list[str] = field(default_factory=list)
    lots: list[str] = field(default_factory=list)
    laisses: list[str] = field(default_factory=list)
    empreinte: str = ""
    ecrit: bool = False


def importer_equipements(
    *,
    etablissement: Etablissement,
    lecture: Lecture,
    tenant: Tenant,
    maintenant: datetime.datetime,
    simulation: bool = False,
    attendu: str | None = None,
) -> Resultat:
    """Adds and changes the lines of `lecture`, at once; those that cannot be are left out and said.

    A simulation does it all and takes it back, as does an import whose print is not the one that was `attendu`. Raises
    Empeche.
    """
    refuser(empechement_tenir(etablissement, tenant.proprietaire, tenant.proprietaire))
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    with acte("importer_equipements", tenant.personne), pghistory.context(source="import"):
        with connection.cursor() as cursor:
            importation = _Importation(cursor, etablissement, lecture, tenant, maintenant, jour)
            resultat = importation.tout_faire()
        resultat.ecrit = not simulation and attendu in (None, resultat.empreinte)
        if not resultat.ecrit:
            transaction.set_rollback(True)
    return resultat


class FluxCsv:
    """The rows as a file that COPY reads, some at a time."""

    def __init__(self, lignes: Iterator[tuple[Any, ...]]) -> None:
        self.lignes = lignes
        self.erreur: BaseException | None = None

    def read(self, taille: int = -1) -> str:
        tampon = io.StringIO()
        try:
            csv.writer(tampon).writerows(islice(self.lignes, LIGNES_A_LA_FOIS))
        except BaseException as erreur:  # psycopg2 would only tell its name
            self.erreur = erreur
            raise
        return tampon.getvalue()


class _Importation:
    """One import on its way: each step leaves fewer lines to the next."""

    def __init__(
        self,
        cursor: Any,
        etablissement: Etablissement,
        lecture: Lecture,
        tenant: Tenant,
        maintenant: datetime.datetime,
        jour: datetime.date,
    ) -> None:
        self.cursor, self.etablissement, self.lecture, self.tenant = cursor, etablissement, lecture, tenant
        self.maintenant = maintenant
        self.resultat = Resultat()
        self.sql = {"ecole": etablissement.pk, "jour": jour, "source": lecture.source, "tenu": tenant.proprietaire}

    def tout_faire(self) -> Resultat:
        # Figures of the tables are those of before: a nested loop planned on them may take minutes. Every join reads
        # the school's own lines once instead.
        self._executer("SET LOCAL statement_timeout = 0; SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        # Two imports of one school follow each other.
        self._executer("SELECT pg_advisory_xact_lock(hashtext('importer_equipements'), %(ecole)s)")
        lues = self._charger()
        self._refuser_les_doubles()
        self._reconnaitre_les_sans_numero()
        self._reconnaitre()
        self._preparer_les_salles_et_les_lots()
        self._fusionner()
        self._dire_ce_qui_change()
        self._ecrire()
        self._executer("DROP TABLE inventaire_lu, inventaire_cle, inventaire_reconnu, inventaire_fusionne")
        resultat = self.resultat
        refusees = len({refus.ligne for refus in resultat.refuses})
        resultat.inchanges = lues - refusees - resultat.crees - resultat.modifies
        return resultat

    def _executer(self, sql: str) -> int:
        self.cursor.execute(sql, self.sql)
        return int(self.cursor.rowcount)

    def _lire(self, sql: str) -> list[tuple[Any, ...]]:
        self.cursor.execute(sql, self.sql)
        lignes: list[tuple[Any, ...]] = self.cursor.fetchall()
        return lignes

    # --- What the file says ---
    def _charger(self) -> int:
        definition = ", ".join(f"{nom} {sorte}" for nom, sorte in STAGING.items())
        self._executer(f"CREATE TEMP TABLE inventaire_lu (ligne integer NOT NULL, {definition}, cle uuid)")
        copie = (
            f"COPY inventaire_lu (ligne, {', '.join(CHAMPS)}) FROM STDIN"
            f" WITH (FORMAT csv, FORCE_NOT_NULL ({', '.join(TEXTES)}))"
        )
        flux = FluxCsv(iter(self.lecture))
        try:
            self.cursor.copy_expert(copie, flux)
        except Exception as erreur:
            raise flux.erreur or erreur from None
        lues = int(self.cursor.rowcount)
        if self.tenant.proprietaire:  # a collectivité imports what it owns: a blank says so
            self._executer("UPDATE inventaire_lu SET proprietaire = %(tenu)s WHERE proprietaire = ''")
        self._executer("ANALYZE inventaire_lu (ligne, numero_serie, etiquette)")
        return lues

    def _refuser_les_doubles(self) -> None:
        """All the lines of one number: nobody knows which is right."""
        for champ, quoi in (("numero_serie", "ce numéro de série est"), ("etiquette", "cette étiquette est")):
            self._refuser(
                champ,
                f"""
                SELECT ligne, {champ}, '{quoi} aussi à la ligne ' || autre || ' : gardez une seule de ces lignes.'
                FROM (
                    SELECT ligne, {champ}, COALESCE(lag(ligne) OVER pareilles, lead(ligne) OVER pareilles) AS autre
                    FROM inventaire_lu WHERE {champ} <> ''
                    WINDOW pareilles AS (PARTITION BY lower({champ}) ORDER BY ligne)
                ) AS lignes
                WHERE autre IS NOT NULL""",
            )
        self._ecarter("inventaire_lu")

    def _refuser(self, champ: str, sql: str) -> None:
        """`sql` gives the line, the value of `champ`, and what is wrong with it."""
        self.resultat.refuses += [
            LigneNonEcrite(ligne, champ, valeur or "", raison)
            for ligne, valeur, raison in self._lire(f"{sql} LIMIT {REFUS_MAX + 1}")
        ]
        if len(self.resultat.refuses) > REFUS_MAX:
            raise Empeche(TROP_DE_REFUS)

    def _ecarter(self, table: str) -> None:
        """Lines that are refused go no further."""
        if lignes := sorted({refus.ligne for refus in self.resultat.refuses}):
            self.cursor.execute(f"DELETE FROM {table} WHERE ligne = ANY (%s)", [lignes])

    # --- What the school has of it ---
    def _reconnaitre_les_sans_numero(self) -> None:
        """A line with neither serial number nor tag is told by what it says and by its rank among its likes: brought
        already, by an import or by hand, it is not added again. A line of the school that counts more than what brought
        it said, for its likes were put together with it, stands for as many of them.
        """
        champs = ", ".join(champ for champ in CHAMPS if champ not in ("categorie_devinee", "designation_devinee"))
        sans_numero = self._executer(f"""
            CREATE TEMP TABLE inventaire_cle AS
            SELECT ligne, contenu, nombre, md5(ROW(%(ecole)s, %(source)s, contenu,
                row_number() OVER (PARTITION BY contenu ORDER BY ligne))::text)::uuid AS cle
            FROM (
                SELECT ligne, COALESCE(nombre, 1) AS nombre, ROW({champs})::text AS contenu FROM inventaire_lu
                WHERE numero_serie = '' AND etiquette = ''
            ) AS lignes""")
        if not sans_numero:
            return
        self._executer("UPDATE inventaire_lu s SET cle = c.cle FROM inventaire_cle c WHERE c.ligne = s.ligne")
        self._executer("""
            DELETE FROM inventaire_lu s USING (
                SELECT c.ligne, e.id AS equipement,
                    sum(GREATEST(e.nombre - c.nombre, 0)) OVER pareilles AS en_plus,
                    sum(c.nombre) FILTER (WHERE e.id IS NULL) OVER (pareilles ORDER BY c.ligne) AS sans_ligne
                FROM inventaire_cle c
                LEFT JOIN budget_equipement e ON e.cle = c.cle AND e.etablissement_id = %(ecole)s
                WINDOW pareilles AS (PARTITION BY c.contenu)
            ) AS tenues
            WHERE tenues.ligne = s.ligne AND (tenues.equipement IS NOT NULL OR tenues.sans_ligne <= tenues.en_plus)""")
        dites = [champ for champ in CONTENU if champ == "designation" or champ in self.lecture.colonnes]
        sien = ", ".join(CONTENU[champ] for champ in dites)
        lu = ", ".join(DEFAUTS.get(champ, f"s.{champ}") for champ in dites)
        self._executer(f"""
            DELETE FROM inventaire_lu WHERE ligne IN (
                SELECT du_fichier.ligne FROM (
                    SELECT ligne, contenu, row_number() OVER (PARTITION BY contenu ORDER BY ligne) AS rang
                    FROM (SELECT ligne, ROW({lu})::text AS contenu FROM inventaire_lu s WHERE cle IS NOT NULL) AS lues
                ) AS du_fichier
                JOIN (
                    SELECT contenu, row_number() OVER (PARTITION BY contenu) AS rang
                    FROM (
                        SELECT ROW({sien})::text AS contenu FROM budget_equipement e
                        LEFT JOIN budget_salle salle ON salle.id = e.salle_id
                        LEFT JOIN budget_lot lot ON lot.id = e.lot_id
                        WHERE e.etablissement_id = %(ecole)s AND e.supprime_le IS NULL
                            AND (%(tenu)s = '' OR e.proprietaire = %(tenu)s)
                            AND e.numero_serie = '' AND e.etiquette = ''
                            AND (e.cle IS NULL OR NOT EXISTS (SELECT FROM inventaire_cle c WHERE c.cle = e.cle))
                    ) AS siennes
                ) AS de_l_ecole USING (contenu, rang)
            )""")

    def _reconnaitre(self) -> None:
        """By serial number, else by tag; what cannot be both is refused."""
        self._executer("""
            CREATE TEMP TABLE inventaire_reconnu AS
            SELECT s.ligne, COALESCE(serie.id, etiquette.id) AS equipement, serie.id AS par_serie,
                etiquette.id AS par_etiquette, etiquette.numero_serie AS autre_serie, s.numero_serie, s.etiquette
            FROM inventaire_lu s
            LEFT JOIN budget_equipement serie ON serie.etablissement_id = %(ecole)s AND serie.supprime_le IS NULL
                AND lower(serie.numero_serie) = lower(s.numero_serie) AND serie.numero_serie <> ''
            LEFT JOIN budget_equipement etiquette ON etiquette.etablissement_id = %(ecole)s
                AND etiquette.supprime_le IS NULL
                AND lower(etiquette.etiquette) = lower(s.etiquette) AND etiquette.etiquette <> ''
            WHERE s.cle IS NULL""")
        self._executer("ANALYZE inventaire_reconnu (ligne, equipement)")
        self._executer("""
            SELECT count(*) FROM (
                SELECT e.id FROM budget_equipement e JOIN inventaire_reconnu r ON r.equipement = e.id
                WHERE e.etablissement_id = %(ecole)s
                ORDER BY e.id FOR NO KEY UPDATE OF e
            ) AS tenues""")
        self._refuser(
            "etiquette",
            """
            SELECT ligne, etiquette, 'cette étiquette est déjà celle d''un autre équipement de l''établissement'
                || CASE WHEN autre_serie <> '' THEN ', dont le numéro de série est ' || autre_serie ELSE '' END || '.'
            FROM inventaire_reconnu
            WHERE par_serie <> par_etiquette OR (par_serie IS NULL AND numero_serie <> '' AND autre_serie <> '')""",
        )
        self._ecarter("inventaire_reconnu")
        self._refuser(
            "etiquette",
            """
            SELECT ligne, etiquette, 'cette ligne désigne le même équipement que la ligne ' || autre
                || ' : gardez une seule de ces lignes.'
            FROM (
                SELECT ligne, etiquette, COALESCE(lag(ligne) OVER pareilles, lead(ligne) OVER pareilles) AS autre
                FROM inventaire_reconnu WHERE equipement IS NOT NULL
                WINDOW pareilles AS (PARTITION BY equipement ORDER BY ligne)
            ) AS lignes
            WHERE autre IS NOT NULL""",
        )
        self.sql["pas_a_soi"] = PAS_A_SOI
        self._refuser(
            "proprietaire",
            """
            SELECT s.ligne, s.proprietaire, %(pas_a_soi)s FROM inventaire_lu s
            LEFT JOIN inventaire_reconnu r USING (ligne)
            LEFT JOIN budget_equipement e ON e.id = r.equipement AND e.etablissement_id = %(ecole)s
            WHERE %(tenu)s <> '' AND (s.proprietaire <> %(tenu)s OR e.proprietaire <> %(tenu)s)""",
        )
        self._ecarter("inventaire_lu")

    # --- Rooms and lots ---
    def _preparer_les_salles_et_les_lots(self) -> None:
        """By name; those that the school has not are created, but for a collectivité: they are the school's to name."""
        siennes = Salle.objects.filter(etablissement=self.etablissement).values_list("pk", "nom", "archivee_le")
        salles = {nom.lower(): (pk, archivee) for pk, nom, archivee in siennes}
        inconnues, rouvertes = [], []
        for nom in self._noms("salle"):
            pk, archivee = salles.get(nom.lower(), (None, None))
            if pk is None:
                inconnues.append(nom)
            elif archivee:
                rouvertes.append((pk, nom))
        siens = Lot.objects.vivants().filter(etablissement=self.etablissement).values_list("intitule", flat=True)
        lots = {nom.lower() for nom in siens}
        absents = [nom for nom in self._noms("lot") if nom.lower() not in lots]
        if len(inconnues) > SALLES_MAX or len(absents) > SALLES_MAX:
            raise Empeche(
                f"Ce fichier ferait plus de {decimal_en_phrase(SALLES_MAX)} salles ou lots\u00a0: vérifiez quelle"
                " colonne est quoi."
            )
        if self.tenant.proprietaire:
            self.resultat.laisses = [*inconnues, *(nom for _, nom in rouvertes), *absents]
            return
        ecole = self.etablissement
        Salle.objects.bulk_create([Salle(etablissement=ecole, nom=nom) for nom in inconnues])
        Salle.objects.filter(pk__in=[pk for pk, _ in rouvertes]).update(archivee_le=None)
        signature = {"etablissement": ecole, "cree_par": self.tenant.personne, "cree_le": self.maintenant}
        Lot.objects.bulk_create([Lot(intitule=nom, **signature) for nom in absents])
        self.resultat.salles, self.resultat.lots = inconnues, absents
        self.resultat.salles_rouvertes = [nom for _, nom in rouvertes]

    def _noms(self, champ: str) -> list[str]:
        """Each once, written as the file first writes it, however many there are of them within reason."""
        lignes = self._lire(f"""
            SELECT DISTINCT ON (lower({champ})) {champ} FROM inventaire_lu WHERE {champ} <> ''
            ORDER BY lower({champ}), ligne LIMIT {2 * SALLES_MAX}""")
        return [nom for (nom,) in lignes]

    # --- What each line becomes ---
    def _fusionner(self) -> None:
        fusion = ", ".join(f"{valeur} AS {champ}" for champ, valeur in FUSION.items())
        dependants = ", ".join(f"{valeur} AS {champ}" for champ, valeur in DEPENDANTS.items())
        archivee = "AND salle.archivee_le IS NULL"
        self._executer(f"""
            CREATE TEMP TABLE inventaire_fusionne AS
            SELECT s.ligne, e.id AS equipement, s.cle, f.*, {dependants}
            FROM inventaire_lu s
            LEFT JOIN inventaire_reconnu r USING (ligne)
            LEFT JOIN budget_equipement e ON e.id = r.equipement AND e.etablissement_id = %(ecole)s
            LEFT JOIN budget_salle salle ON salle.etablissement_id = %(ecole)s AND s.salle <> '' {archivee}
                AND lower(salle.nom) = lower(s.salle)
            LEFT JOIN budget_lot lot ON lot.etablissement_id = %(ecole)s AND s.lot <> ''
                AND lot.supprime_le IS NULL AND lower(lot.intitule) = lower(s.lot)
            CROSS JOIN LATERAL (SELECT {fusion}) AS f""")
        self._refuser_l_impossible()
        # Those that already are what the file says need nothing.
        self._executer(f"""
            DELETE FROM inventaire_fusionne n USING budget_equipement e
            WHERE e.id = n.equipement AND e.etablissement_id = %(ecole)s
                AND ({", ".join(f"e.{champ}" for champ in ECRITS)})
                IS NOT DISTINCT FROM ({", ".join(f"n.{champ}" for champ in ECRITS)})""")
        self._executer("ANALYZE inventaire_fusionne (ligne, equipement)")

    def _refuser_l_impossible(self) -> None:
        """What the file and the school say together, and that no line of the inventory may be."""
        impossibles = [
            ("designation", "designation = ''", "une désignation est attendue."),
            (
                "nombre",
                "nombre > 1 AND (numero_serie <> '' OR etiquette <> '')",
                "une ligne qui a un numéro de série ou une étiquette compte une seule chose.",
            ),
            (
                "destination",
                "etat = 'sorti' AND destination = ''",
                "il manque où va ce qui sort de l''inventaire (don, DEEE, rendu, perdu).",
            ),
            *(
                (champ, f"{champ} < achete_le", "aucune date ne peut précéder l''achat.")
                for champ in ("garanti_jusqu_au", "suivi_jusqu_au", "prevu_jusqu_au", "sorti_le")
            ),
        ]
        for champ, condition, raison in impossibles:
            self._refuser(champ, f"SELECT ligne, {champ}::text, '{raison}' FROM inventaire_fusionne WHERE {condition}")
        self._ecarter("inventaire_fusionne")

    def _dire_ce_qui_change(self) -> None:
        resultat = self.resultat
        resultat.creees = [
            LigneCreee(*ligne)
            for ligne in self._lire(f"""
                SELECT ligne, designation, categorie, COALESCE(NULLIF(numero_serie, ''), etiquette), nombre
                FROM inventaire_fusionne WHERE equipement IS NULL ORDER BY ligne LIMIT {MONTRES}""")
        ]
        avant = {
            "salle_id": ("salle", "vieille.nom", "neuve.nom"),
            "lot_id": ("lot", "vieux.intitule", "neuf.intitule"),
        }
        cases = ", ".join(
            "({}, '{}', {}, {})".format(rang, *avant.get(champ, (champ, f"e.{champ}::text", f"n.{champ}::text")))
            for rang, champ in enumerate(ECRITS)
        )
        changees = f"""
            FROM inventaire_fusionne n
            JOIN budget_equipement e ON e.id = n.equipement AND e.etablissement_id = %(ecole)s
            LEFT JOIN budget_salle vieille ON vieille.id = e.salle_id
            LEFT JOIN budget_salle neuve ON neuve.id = n.salle_id
            LEFT JOIN budget_lot vieux ON vieux.id = e.lot_id LEFT JOIN budget_lot neuf ON neuf.id = n.lot_id
            CROSS JOIN LATERAL (VALUES {cases}) AS c (rang, champ, avant, apres)
            WHERE c.avant IS DISTINCT FROM c.apres"""
        resultat.changees = [
            CaseChangee(*ligne)
            for ligne in self._lire(f"""
                SELECT n.ligne, e.designation, c.champ, COALESCE(c.avant, ''), COALESCE(c.apres, '') {changees}
                ORDER BY n.ligne, c.rang LIMIT {MONTRES}""")
        ]
        [(resultat.cases, somme)] = self._lire(f"""
            SELECT count(*), COALESCE(sum(hashtextextended(ROW(e.id, c.champ, c.avant, c.apres)::text, 0)), 0)
            {changees}""")
        [(neuves,)] = self._lire("""
            SELECT COALESCE(sum(hashtextextended((n.ligne, n.designation, n.numero_serie, n.etiquette)::text, 0)), 0)
            FROM inventaire_fusionne n WHERE equipement IS NULL""")
        resultat.empreinte = f"{somme}/{neuves}/{len(resultat.refuses)}"

    # --- Writing ---
    def _ecrire(self) -> None:
        cibles = ", ".join(ECRITS)
        # The history's trigger keeps for the whole session the plan that suited its first statement: see
        # `strategie.socle.domain.annuaire`.
        self._executer("DISCARD PLANS")
        try:
            self.resultat.modifies = self._executer(f"""
                UPDATE budget_equipement AS e SET ({cibles}, version)
                    = ROW({", ".join(f"n.{champ}" for champ in ECRITS)}, e.version + 1)
                FROM inventaire_fusionne n WHERE e.id = n.equipement AND e.etablissement_id = %(ecole)s""")
            self.sql |= {"academie": self.etablissement.academie_id, "maintenant": self.maintenant}
            self.resultat.crees = self._executer(f"""
                INSERT INTO budget_equipement
                    (academie_id, etablissement_id, source, version, cree_le, cle, {cibles})
                SELECT %(academie)s, %(ecole)s, %(source)s, 1, %(maintenant)s, cle, {cibles}
                FROM inventaire_fusionne WHERE equipement IS NULL ORDER BY ligne""")
        except IntegrityError as doublon:  # entered by somebody else at the same moment
            raise Empeche(
                "L'inventaire a changé pendant l'import\u00a0: rien n'est écrit. Envoyez le fichier de nouveau."
            ) from doublon
