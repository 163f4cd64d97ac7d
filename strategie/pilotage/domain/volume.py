"""A realistic volume, made by the database itself: a district, an académie, a nation of fictional schools.

One transaction: it is there whole, summaries counted, or not at all. The same seed gives the same volume.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import NOT_PROVIDED
from django.utils import timezone

from diagnostic.models import Referentiel
from strategie.pilotage.domain import volume_faits as faits
from strategie.pilotage.domain.syntheses import recompter_tout
from strategie.pilotage.domain.volume_profils import NIVEAUX, profils
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from strategie.socle.models import Academie, Affectation, District, Etablissement, Utilisateur

PAR_DISTRICT = 30
QUELQUES_ECOLES = 1_000  # below, indexes are filled as rows come
PREMIER_UAI, DERNIER_UAI = "2000000", "2999999"
# A page of nothing: who downloads it gets a PDF.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
REELS = (
    "Cette base contient des établissements réels : le volume d'essai s'y mêlerait. Prenez une base neuve "
    "(PALIERS_DONNEES), ou ajoutez --forcer."
)
DEJA_LA = "Cette base contient déjà un volume d'essai : prenez une base neuve (PALIERS_DONNEES)."


@dataclass(frozen=True)
class Echelle:
    academies: int
    departements: int  # of each académie
    districts: int  # of each département

    @property
    def ecoles(self) -> int:
        return self.academies * self.departements * self.districts * PAR_DISTRICT


ECHELLES: Mapping[str, Echelle] = {
    "district": Echelle(1, 1, 1),
    "academie": Echelle(1, 4, 50),
    "nation": Echelle(10, 4, 50),
}


@dataclass(frozen=True)
class Compte:
    email: str
    role: Role
    lieu: str


def generer_volume(
    *,
    echelle: str,
    graine: int,
    maintenant: datetime.datetime,
    mot_de_passe: str,
    forcer: bool = False,
    dire: Callable[[str], object] = lambda etape: None,
) -> list[Compte]:
    """Returns two accounts that see it: of the first académie, of its first district. Raises Empeche."""
    siens = Etablissement.objects.filter(uai__range=(PREMIER_UAI, DERNIER_UAI + "Z"))
    if siens.exists():
        raise Empeche(DEJA_LA)
    if not forcer and Etablissement.objects.exclude(source=Etablissement.Source.DEMONSTRATION).exists():
        raise Empeche(REELS)
    referentiel = Referentiel.objects.filter(publie_le__isnull=False, academie=None).order_by("-version").first()
    if referentiel is None:
        raise Empeche("Aucun référentiel n'est publié : lancez d'abord charger_referentiel.")
    with transaction.atomic(), connection.cursor() as curseur:
        _Volume(curseur, ECHELLES[echelle], graine, referentiel, maintenant, dire).remplir()
        dire("Synthèses")
        recompter_tout(maintenant=maintenant)
        return _comptes(mot_de_passe, maintenant)


class _Volume:
    def __init__(
        self,
        curseur: CursorWrapper,
        echelle: Echelle,
        graine: int,
        referentiel: Referentiel,
        maintenant: datetime.datetime,
        dire: Callable[[str], object],
    ) -> None:
        jour = timezone.localdate(maintenant)
        annee = annee_scolaire(jour)
        self.curseur, self.graine, self.referentiel, self.dire = curseur, graine, referentiel, dire
        self.annees = _dernieres_annees(annee, len(faits.SIGNES))
        self.echelle = echelle
        # All of them ours, none typed by anybody.
        self.valeurs: dict[str, Any] = {
            "graine": int(graine),
            "ecoles": echelle.ecoles,
            "par_district": PAR_DISTRICT,
            "districts_par_departement": echelle.districts,
            "departements_par_academie": echelle.departements,
            "referentiel": referentiel.pk,
            "niveaux": NIVEAUX,
            "jour": f"date '{jour}'",
            "debut": f"date '{jour - datetime.timedelta(days=365)}'",
            "annee": f"'{annee}'",
            "annee_suivante": f"'{annee_suivante(annee)}'",
            "exercice": jour.year,
            "format": faits.FORMAT_SIGNE,
            "pdf": "\\x" + PDF.hex(),
        }

    def remplir(self) -> None:
        self.executer("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL work_mem = '128MB'")
        self.executer(faits.ALEA)
        insertions = (*faits.TERRITOIRES, *faits.FAITS, faits.COPIES, faits.REPONSES)
        with self.sans_declencheurs([insertion.modele for insertion in insertions]):
            self.executer(faits.ECOLES)
            for insertion in faits.TERRITOIRES:
                self.inserer(insertion)
            self.executer(faits.REPERER)
            self.preparer_les_profils()
            self.executer(faits.MATERIEL)
            for insertion in faits.FAITS:
                self.inserer(insertion)
            self.executer(faits.SUIVRE)
            for insertion in (faits.COPIES, faits.REPONSES):
                self.inserer(insertion)
        self.executer("ANALYZE")

    def preparer_les_profils(self) -> None:
        self.executer(
            "CREATE TEMP TABLE volume_annee (rang int, annee text, signes int, brouillons int) ON COMMIT DROP;"
            "CREATE TEMP TABLE volume_profil (situation int, niveau int, avant text, apres text) ON COMMIT DROP;"
            "CREATE TEMP TABLE volume_reponse (situation int, niveau int, rang int, combien int, indicateur bigint,"
            " valeur text) ON COMMIT DROP"
        )
        annees = zip(range(len(self.annees)), self.annees, faits.SIGNES, faits.BROUILLONS, strict=True)
        self.curseur.executemany("INSERT INTO volume_annee VALUES (%s, %s, %s, %s)", list(annees))
        for profil in profils(self.referentiel, self.graine):
            situation, combien = (profil.situation, profil.niveau), len(profil.reponses)
            self.curseur.execute(
                "INSERT INTO volume_profil VALUES (%s, %s, %s, %s)", [*situation, profil.avant, profil.apres]
            )
            indicateurs, valeurs = zip(*profil.reponses, strict=True)
            self.curseur.execute(
                "INSERT INTO volume_reponse SELECT %s, %s, r.rang, %s, r.indicateur, r.valeur"
                " FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS r (indicateur, valeur, rang)",
                [*situation, combien, list(indicateurs), list(valeurs)],
            )
        self.executer("ANALYZE volume_annee; ANALYZE volume_profil; ANALYZE volume_reponse")

    def executer(self, enonce: str) -> None:
        self.curseur.execute(enonce.format(**self.valeurs))

    def inserer(self, insertion: faits.Insertion) -> None:
        """Columns that are not told get what a form that says nothing of them would give."""
        meta = insertion.modele._meta
        self.dire(str(meta.verbose_name_plural).capitalize())
        valeurs = _valeurs_par_defaut(insertion.modele) | dict(insertion.expressions)
        colonnes, dites = ", ".join(valeurs), ", ".join(valeurs.values())
        with self.sans_index(meta.db_table):
            self.executer(f"INSERT INTO {meta.db_table} ({colonnes}) SELECT {dites} {insertion.depuis}")

    @contextmanager
    def sans_declencheurs(self, modeles: list[type[models.Model]]) -> Iterator[None]:
        """No history of what nobody did, and no queue: all is counted at the end."""
        tables = sorted({modele._meta.db_table for modele in modeles})
        self.executer("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            self.executer(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        self.executer("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            self.executer(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.executer("SET CONSTRAINTS ALL DEFERRED")

    @contextmanager
    def sans_index(self, table: str) -> Iterator[None]:
        """Millions of rows come in first; what checks and indexes them is made again afterwards, and checks them."""
        if self.echelle.ecoles < QUELQUES_ECOLES:
            yield
            return
        contraintes = self.lire(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('f', 'u') ORDER BY contype DESC",
            table,
        )
        index = self.lire(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1",
            table,
        )
        for nom, _ in contraintes:
            self.curseur.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{nom}"')
        for nom, _ in index:
            self.curseur.execute(f"DROP INDEX {nom}")
        yield
        self.executer("SET LOCAL maintenance_work_mem = '512MB'")
        for _, definition in index:
            self.curseur.execute(definition)
        for nom, definition in contraintes:
            self.curseur.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{nom}" {definition}')

    def lire(self, enonce: str, table: str) -> list[tuple[Any, ...]]:
        self.curseur.execute(enonce, [table])
        return list(self.curseur.fetchall())


def _dernieres_annees(annee: str, combien: int) -> list[str]:
    annees = [annee]
    while len(annees) < combien:
        annees.insert(0, annee_precedente(annees[0]))
    return annees


def _valeurs_par_defaut(modele: type[models.Model]) -> dict[str, str]:
    """By column, in SQL; those that the database fills by itself are not in it."""
    valeurs = {}
    for champ in modele._meta.concrete_fields:
        if champ.generated or champ.db_default is not NOT_PROVIDED or isinstance(champ, models.AutoField):
            continue
        if champ.has_default():
            valeurs[str(champ.column)] = _en_sql(champ.get_default())
        elif champ.null:
            valeurs[str(champ.column)] = "NULL"
        elif isinstance(champ, models.CharField | models.TextField):
            valeurs[str(champ.column)] = "''"
    return valeurs


def _en_sql(valeur: object) -> str:
    """A default of ours: number, truth, word, empty list, instant."""
    if isinstance(valeur, bool | int | Decimal):
        return str(valeur)
    return "'{{}}'" if valeur == [] else f"'{valeur}'"


def _comptes(mot_de_passe: str, maintenant: datetime.datetime) -> list[Compte]:
    academie = Academie.objects.get(code="V0")
    district = District.objects.filter(academie=academie).order_by("nom")[0]
    return [
        _compte(Role.RECTORAT, mot_de_passe, maintenant, academie=academie),
        _compte(Role.ANIMATEUR, mot_de_passe, maintenant, district=district),
    ]


def _compte(role: Role, mot_de_passe: str, maintenant: datetime.datetime, **lieu: Any) -> Compte:
    personne = Utilisateur.objects.create(
        email=f"{role.value}.volume@exemple.invalid",
        first_name="Volume",
        last_name=str(role.label),
        password=make_password(mot_de_passe),
    )
    Affectation.objects.create(utilisateur=personne, role=role, debut=timezone.localdate(maintenant), **lieu)
    return Compte(personne.email, role, ", ".join(map(str, lieu.values())))
