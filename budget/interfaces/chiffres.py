"""The page of the figures: each with its drawing, its table and the list that is behind it; and its files."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import xlsxwriter
from django.urls import reverse

from budget.domain.argent import euros
from budget.domain.cycle import Echeance
from budget.interfaces.barres import Barres, Valeur, barres
from budget.interfaces.selection import age_en_mots
from budget.models import Categorie, Equipement, Partie
from budget.queries.chiffres import (
    AGE_MAX,
    FAMILLES,
    Age,
    Parc,
    Part,
    Tranche,
    compte,
    part_a_reprendre,
    part_agee,
    part_depassee,
    pyramide,
    repartition,
)
from budget.queries.inventaire import APRES, RETARD, SANS
from strategie.socle.interfaces.exports import Colonne
from strategie.socle.models import Etablissement
from strategie.socle.rules import decimal_en_phrase

Type = Etablissement.Type
# Ordinateurs for a hundred pupils in public schools, 2018-2019 (survey ETIC; Insee, « L'économie et la société à l'ère
# du numérique », 2019). Old, and of computers only: a reference, never a target.
SOURCE_ETIC = "https://www.insee.fr/fr/statistiques/4238598?sommaire=4238635"
REPERES_ETIC: Mapping[str, tuple[tuple[str, Decimal], ...]] = {
    Type.ECOLE: (("écoles maternelles", Decimal("6.3")), ("écoles élémentaires", Decimal("14.4"))),
    Type.COLLEGE: (("collèges", Decimal("33.8")),),
    Type.LYCEE: (
        ("lycées d'enseignement général et technologique", Decimal("43.9")),
        ("lycées professionnels", Decimal("62.0")),
    ),
}


# --- Cells ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cellule:
    """A count of `titre` that leads to its list; `dont`: those past their planned life. Nothing leads nowhere."""

    titre: str
    nombre: int
    adresse: str
    dont: int = 0


@dataclass(frozen=True)
class LigneAge:
    libelle: str
    cellules: Sequence[Cellule]


@dataclass(frozen=True)
class LignePart:
    """A share, with what leads to those that it counts."""

    libelle: str
    part: Part
    adresse: str
    adresse_des_inconnus: str


@dataclass(frozen=True)
class LigneCompte:
    libelle: str
    nombre: int
    pour_cent: Decimal | None
    adresse: str


@dataclass(frozen=True)
class LigneEcheance:
    """What is late, due in a year, later, or without a date: `fin`, as the list's filter says it; or a sum of them."""

    libelle: str
    fin: str
    echeance: Echeance
    terminaux: int
    adresse: str = ""


# --- The page -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PageDesChiffres:
    parc: Parc

    def liste(self, **filtres: str) -> str:
        return reverse("inventaire", args=[self.parc.etablissement.uai], query=filtres or None)

    # -- Terminals
    @cached_property
    def terminaux(self) -> LigneCompte:
        adresse = self.liste(famille="terminaux", domaine=Equipement.Domaine.PEDAGOGIQUE)
        nombre = compte(self.parc.terminaux_pedagogiques)
        return LigneCompte("Terminaux", nombre, self.parc.terminaux_pour_cent_eleves, adresse)

    @property
    def reperes(self) -> tuple[tuple[str, Decimal], ...]:
        return REPERES_ETIC.get(self.parc.etablissement.type, ())

    @property
    def source_des_reperes(self) -> str:
        return SOURCE_ETIC

    @cached_property
    def terminaux_ages(self) -> Part:
        return part_agee(self.parc.terminaux)

    @cached_property
    def a_reprendre(self) -> Part:
        return part_a_reprendre(self.parc.presentes)

    # -- Ages
    @cached_property
    def _ages(self) -> list[tuple[str, str, list[Age]]]:
        """By family that has something, then all of them."""
        familles = [
            (famille.code, famille.libelle, _de(self.parc.presentes, famille.categories)) for famille in FAMILLES
        ]
        siennes = [(code, libelle, tranches) for code, libelle, tranches in familles if tranches]
        return [(code, libelle, pyramide(t)) for code, libelle, t in [*siennes, ("", "Tout", self.parc.presentes)]]

    @property
    def entetes_des_ages(self) -> list[str]:
        return [libelle for _, libelle, _ in self._ages]

    @cached_property
    def pyramides(self) -> list[Barres]:
        """On one scale, so that they compare."""
        maximum = max((age.nombre for _, _, ages in self._ages[:-1] for age in ages), default=0)
        return [
            barres(f"{libelle}, par âge", [_barre_d_age(age) for age in ages], maximum)
            for _, libelle, ages in self._ages[:-1]
        ]

    @property
    def ages(self) -> list[LigneAge]:
        lignes = zip(*(ages for _, _, ages in self._ages), strict=True)
        familles = [(code, libelle) for code, libelle, _ in self._ages]
        return [
            LigneAge(_age(ages[0].age), [self._cellule(*dite, age) for dite, age in zip(familles, ages, strict=True)])
            for ages in lignes
        ]

    def _cellule(self, famille: str, libelle: str, age: Age) -> Cellule:
        filtres = {"famille": famille} if famille else {}
        return Cellule(
            libelle,
            age.nombre,
            self.liste(**filtres, age=SANS if age.age is None else str(age.age)),
            dont=age.depassees,
        )

    # -- Planned lives
    @cached_property
    def depassee(self) -> Part:
        return part_depassee(self.parc.presentes)

    @property
    def durees(self) -> list[LignePart]:
        """Each family that has something, the school's teaching things, then all."""
        lignes = [
            self._part(famille.libelle, tranches, famille=famille.code)
            for famille in FAMILLES
            if (tranches := _de(self.parc.presentes, famille.categories))
        ]
        pedagogiques = self._part(
            "Tout le pédagogique", self.parc.pedagogiques, domaine=Equipement.Domaine.PEDAGOGIQUE.value
        )
        return [*lignes, pedagogiques, self._part("Tout", self.parc.presentes)]

    def _part(self, libelle: str, tranches: Sequence[Tranche], **filtres: str) -> LignePart:
        return LignePart(
            libelle, part_depassee(tranches), self.liste(**filtres, fin=RETARD), self.liste(**filtres, fin=SANS)
        )

    @property
    def durees_appliquees(self) -> list[tuple[str, int]]:
        """Of the categories that the school has."""
        presentes = {tranche.categorie for tranche in self.parc.presentes}
        return [(c.label, self.parc.durees[c]) for c in Categorie if c in presentes]

    # -- Renewal
    @cached_property
    def echeances(self) -> list[LigneEcheance]:
        return list(self._echeances())

    def _echeances(self) -> Iterator[LigneEcheance]:
        tout, terminaux = self.parc.prevision, self.parc.prevision_des_terminaux
        dites = [
            ("En retard", RETARD, tout.en_retard, terminaux.en_retard),
            *((str(annee), str(annee), tout.annees[annee], terminaux.annees[annee]) for annee in tout.annees),
            (f"Après {self.derniere_annee}", APRES, tout.au_dela, terminaux.au_dela),
            ("Sans date", SANS, tout.sans_date, terminaux.sans_date),
        ]
        for libelle, fin, echeance, siens in dites:
            yield LigneEcheance(libelle, fin, echeance, siens.nombre, self.liste(fin=fin))

    @property
    def derniere_annee(self) -> int:
        return max(self.parc.prevision.annees)

    @property
    def a_l_horizon(self) -> LigneEcheance:
        tout, terminaux = self.parc.prevision.a_l_horizon, self.parc.prevision_des_terminaux.a_l_horizon
        return LigneEcheance(f"En retard, et jusqu'à {self.derniere_annee}", "", tout, terminaux.nombre)

    @property
    def total(self) -> LigneEcheance:
        tout, terminaux = self.parc.prevision.total, self.parc.prevision_des_terminaux.total
        return LigneEcheance("Tout", "", tout, terminaux.nombre, self.liste())

    @property
    def renouvellement(self) -> list[Barres]:
        """Things, then euros, over the eight years."""
        lignes = [ligne for ligne in self.echeances if ligne.fin not in (APRES, SANS)]
        choses = [_barre(ligne, ligne.echeance.nombre, decimal_en_phrase(ligne.echeance.nombre)) for ligne in lignes]
        centimes = [_barre(ligne, int(ligne.echeance.montant * 100), _euros(ligne.echeance)) for ligne in lignes]
        return [
            barres(titre, valeurs, max(valeur.total for valeur in valeurs))
            for titre, valeurs in (("À renouveler, en nombre", choses), ("À renouveler, en euros", centimes))
        ]

    # -- States and owners
    @property
    def etats(self) -> list[LigneCompte]:
        comptes = repartition(self.parc.presentes, "etat")
        etats = [etat for etat in Equipement.Etat if etat != Equipement.Etat.SORTI]
        return [self._compte(etat.label, comptes[etat], etat=etat.value) for etat in etats]

    @property
    def sorties(self) -> int:
        return compte(self.parc.tranches) - self.parc.nombre

    @property
    def adresse_des_sorties(self) -> str:
        return self.liste(etat=Equipement.Etat.SORTI.value)

    @property
    def proprietaires(self) -> list[LigneCompte]:
        """Those who own something, then what nobody is said to own."""
        comptes = repartition(self.parc.presentes, "proprietaire")
        lignes = [self._compte(p.label, comptes[p], proprietaire=p.value) for p in Partie if comptes[p]]
        return [*lignes, *([self._compte("Non renseigné", comptes[""], proprietaire=SANS)] if comptes[""] else [])]

    def _compte(self, libelle: str, nombre: int, **filtres: str) -> LigneCompte:
        return LigneCompte(libelle, nombre, Part(nombre, self.parc.nombre).pour_cent, self.liste(**filtres))


def _de(tranches: Sequence[Tranche], categories: Sequence[str]) -> list[Tranche]:
    return [tranche for tranche in tranches if tranche.categorie in categories]


def _age(age: int | None) -> str:
    return "Sans date" if age is None else age_en_mots(age)


def _barre_d_age(age: Age) -> Valeur:
    court = {0: "< 1\u00a0an", AGE_MAX: f"{AGE_MAX}\u00a0ans et\u00a0+"}.get(age.age, _age(age.age))
    mots = decimal_en_phrase(age.nombre)
    if 0 < age.depassees < age.nombre:
        mots += f", dont {decimal_en_phrase(age.depassees)}"
    return Valeur(court, age.nombre, mots, dont=age.depassees)


def _barre(ligne: LigneEcheance, total: int, mots: str) -> Valeur:
    return Valeur(ligne.libelle, total, mots, dont=total if ligne.fin == RETARD else 0)


def _euros(echeance: Echeance) -> str:
    """« ≥ » where a part has no price: what is not known is not nothing."""
    if echeance.nombre and echeance.nombre == echeance.sans_prix:
        return "prix inconnus"
    return f"{'≥ ' if echeance.sans_prix else ''}{euros(echeance.montant, centimes=False)}"


# --- Files ----------------------------------------------------------------------------------------------------
COLONNES: tuple[Colonne[LigneEcheance], ...] = (
    Colonne("Fin de la durée prévue", lambda ligne: ligne.libelle),
    Colonne("Nombre", lambda ligne: ligne.echeance.nombre),
    Colonne("Dont ordinateurs et tablettes", lambda ligne: ligne.terminaux),
    Colonne("Montant de ceux qui ont un prix (€)", lambda ligne: ligne.echeance.montant),
    Colonne("Sans prix", lambda ligne: ligne.echeance.sans_prix),
)


def ecrire_classeur(page: PageDesChiffres) -> bytes:
    """The forecast as a workbook: the same rows as the table, amounts as numbers."""
    sortie = io.BytesIO()
    with xlsxwriter.Workbook(sortie, {"in_memory": True, "strings_to_formulas": False}) as classeur:
        feuille = classeur.add_worksheet("Renouvellement")
        gras = classeur.add_format({"bold": True, "text_wrap": True})
        argent = classeur.add_format({"num_format": "#,##0.00"})
        feuille.set_column(0, len(COLONNES) - 1, 22)
        feuille.freeze_panes(1, 1)
        feuille.write_row(0, 0, [colonne.entete for colonne in COLONNES], gras)
        for rang, ligne in enumerate(page.echeances, start=1):
            for place, colonne in enumerate(COLONNES):
                valeur = colonne.valeur(ligne)
                feuille.write(rang, place, valeur, argent if isinstance(valeur, Decimal) else None)
    return sortie.getvalue()
