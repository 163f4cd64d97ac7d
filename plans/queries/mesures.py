"""Values that the system already holds: an indicator that names one of them reads itself.

Only what is settled is read: signed diagnostics, surveys that were counted and what they publish, the plan as it is
today, and what floors above add (`ajouter_mesures`). A survey's figures stay with those who read surveys, and are never
added up from here: a territory has its own rule for that.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.statistiques import arrondi
from diagnostic.models import Enquete
from diagnostic.queries.copies import copies_de
from diagnostic.queries.resultats_enquete import Lecture, lire_resultat
from plans.models import Action, Axe, Besoin, IndicateurSuivi
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

HAUSSE, BAISSE = IndicateurSuivi.Sens.HAUSSE, IndicateurSuivi.Sens.BAISSE
ANNUELLE, MENSUELLE = IndicateurSuivi.Cadence.ANNUELLE, IndicateurSuivi.Cadence.MENSUELLE
DIAGNOSTIC, ENQUETE, PLAN = "Diagnostic signé", "Enquêtes des équipes", "Plan d'action"


@dataclass(frozen=True)
class Point:
    """A value on a day, and the sentence that says where it comes from."""

    date: datetime.date
    valeur: Decimal
    source: str


@dataclass(frozen=True)
class Mesure:
    """What the system can read by itself. `droit`: what a reader of the plan needs besides, to see its values;
    `calcul`: how they are computed. `du_jour`: it says what is true today, and no table says what was true before: one
    value a month is kept as a reading (`domain.releves.relever_les_mesures`).
    """

    code: str
    groupe: str
    libelle: str
    unite: str
    sens: str
    cadence: str
    source: str
    calcul: str
    droit: Droit | None
    lire: Callable[[Registre], list[Point]]
    du_jour: bool = False

    @property
    def s_agrege(self) -> bool:
        return self.droit != Droit.LIRE_ENQUETE


# --- What a school's own tables say ---------------------------------------------------------------------------
@dataclass(frozen=True)
class DiagnosticSigne:
    """The copy in force of a year; by champ, its palier and the share of its conditions that are met."""

    date: datetime.date
    source: str
    paliers: Mapping[str, int]
    conditions: Mapping[str, Fraction]


class Registre:
    """A school on a day. Each source is one query, made the first time a measure asks for it."""

    def __init__(self, etablissement: Etablissement, jour: datetime.date) -> None:
        self.etablissement = etablissement
        self.jour = jour
        self.annee = annee_scolaire(jour)
        self._tenus: dict[object, Any] = {}

    def tenir[T](self, lire: Callable[[Etablissement, datetime.date], T]) -> T:
        """What a floor above reads of the school on that day: once, whatever asks for it."""
        if lire not in self._tenus:
            self._tenus[lire] = lire(self.etablissement, self.jour)
        tenu: T = self._tenus[lire]
        return tenu

    @cached_property
    def diagnostics(self) -> list[DiagnosticSigne]:
        """One a year, oldest first."""
        en_vigueur: dict[str, DiagnosticSigne] = {}
        for copie in copies_de(self.etablissement):  # the newest version of each year comes first
            annee = copie.diagnostic.campagne.annee_scolaire
            if annee not in en_vigueur:
                jour = copie.signee_le.astimezone(self.etablissement.academie.zone).date()
                source = f"Diagnostic {annee}, signé le {date_en_phrase(jour)}."
                en_vigueur[annee] = _diagnostic_signe(jour, source, json.loads(copie.contenu)["champs"])
        return list(en_vigueur.values())[::-1]

    @cached_property
    def enquetes(self) -> list[tuple[Enquete, Lecture]]:
        """Those that were counted, oldest first, as they publish themselves."""
        comptees = Enquete.objects.depouillees().filter(etablissement=self.etablissement).defer("questions")
        return [
            (enquete, lire_resultat(json.loads(enquete.resultat.contenu)))
            for enquete in comptees.select_related("resultat").order_by("date_cloture", "pk")
        ]

    @cached_property
    def actions(self) -> list[Action]:
        """Published ones."""
        return list(Action.objects.vivants().publiees().filter(etablissement=self.etablissement).defer("description"))

    @cached_property
    def besoins_repondus(self) -> int:
        """Needs of the year that a published action answers, by one of its axes."""
        publiees = Action.objects.vivants().publiees().filter(etablissement=self.etablissement)
        axes = Axe.objects.vivants().filter(contributions__action__in=publiees)
        siens = Besoin.objects.vivants().filter(etablissement=self.etablissement, annee_scolaire=self.annee)
        return siens.filter(axes__in=axes).distinct().count()


def _diagnostic_signe(jour: datetime.date, source: str, champs: Collection[Mapping[str, Any]]) -> DiagnosticSigne:
    parts = {champ["code"]: _part_des_oui(champ["indicateurs"]) for champ in champs}
    return DiagnosticSigne(
        date=jour,
        source=source,
        paliers={champ["code"]: champ["resultat"]["palier"] for champ in champs},
        conditions={code: part for code, part in parts.items() if part is not None},
    )


def _part_des_oui(indicateurs: Collection[Mapping[str, Any]]) -> Fraction | None:
    """Of the conditions that concern the school; one that nobody knows is not met."""
    valeurs = [i["valeur"] for i in indicateurs if i["concerne"] and i["valeur"] != Valeur.sans_objet]
    return Fraction(valeurs.count(Valeur.oui), len(valeurs)) if valeurs else None


# --- The measures ---------------------------------------------------------------------------------------------
def _paliers(registre: Registre, champ: str) -> list[Point]:
    return [
        Point(signe.date, Decimal(signe.paliers[champ]), signe.source)
        for signe in registre.diagnostics
        if champ in signe.paliers
    ]


def _conditions(registre: Registre, champ: str) -> list[Point]:
    return [
        Point(signe.date, _decimal(100 * signe.conditions[champ]), signe.source)
        for signe in registre.diagnostics
        if champ in signe.conditions
    ]


def _participation(registre: Registre) -> list[Point]:
    """Of the teams; under the threshold, a survey publishes nothing, and nothing is read."""
    points = []
    for enquete, lecture in registre.enquetes:
        famille = lecture.equipes.famille if lecture.equipes else None
        if famille and famille.reponses is not None:
            source = f"{_nom(enquete)}\u00a0: {famille.reponses} réponses, {famille.invites} personnes invitées."
            part = Fraction(100 * famille.reponses, famille.invites)
            points.append(Point(enquete.date_cloture, _decimal(part), source))
    return points


def _moyennes(registre: Registre, champ: str) -> list[Point]:
    """Of complete surveys only: a « pouls » asks other questions of a champ, its mean is not the same thing."""
    points = []
    for enquete, lecture in registre.enquetes:
        if enquete.forme != Enquete.Forme.LONGUE or lecture.equipes is None:
            continue
        for lu in lecture.equipes.montres:
            if lu.code == champ and lu.resume:
                approche = " Valeur approchée\u00a0: presque toutes les réponses se ressemblent." if lu.approche else ""
                source = f"{_nom(enquete)}\u00a0: {lu.effectif}.{approche}"
                points.append(Point(enquete.date_cloture, _decimal(lu.resume.moyenne, 1), source))
    return points


def _realisees(registre: Registre) -> list[Point]:
    annee = registre.annee
    faites = [a for a in registre.actions if a.annee_scolaire <= annee <= a.annee_fin and a.etat == a.Etat.REALISEE]
    return [Point(registre.jour, Decimal(len(faites)), f"Actions du plan {annee} dites réalisées, à ce jour.")]


def _en_retard(registre: Registre) -> list[Point]:
    tardives = [action for action in registre.actions if action.en_retard(registre.jour)]
    source = "Actions publiées dont la fin est passée sans qu'elles soient réalisées ni abandonnées, à ce jour."
    return [Point(registre.jour, Decimal(len(tardives)), source)]


def _besoins_repondus(registre: Registre) -> list[Point]:
    source = f"Besoins de {registre.annee} auxquels répond au moins une action publiée, à ce jour."
    return [Point(registre.jour, Decimal(registre.besoins_repondus), source)]


def _decimal(valeur: Fraction, decimales: int = 0) -> Decimal:
    """Rounded half up, as the pages show it."""
    return Decimal(int(arrondi(valeur, decimales) * 10**decimales)).scaleb(-decimales)


def _nom(enquete: Enquete) -> str:
    forme = "Pouls clos" if enquete.forme == Enquete.Forme.POULS else "Enquête complète close"
    return f"{forme} le {date_en_phrase(enquete.date_cloture)}"


# Filled by the floors above when the application starts: the plan knows none of them.
AJOUTEES: list[Mesure] = []


def ajouter_mesures(mesures: Iterable[Mesure]) -> None:
    AJOUTEES.extend(mesures)


def mesures_tenues(champs: Mapping[str, str]) -> dict[str, Mesure]:
    """By code; `champs`: libellés of the référentiel's champs, by code, in order."""
    toutes = [
        *(_mesure_palier(code, libelle) for code, libelle in champs.items()),
        *(_mesure_conditions(code, libelle) for code, libelle in champs.items()),
        PARTICIPATION,
        *(_mesure_moyenne(code, libelle) for code, libelle in champs.items()),
        REALISEES,
        EN_RETARD,
        BESOINS_REPONDUS,
        *AJOUTEES,
    ]
    return {mesure.code: mesure for mesure in toutes}


def _mesure_palier(code: str, libelle: str) -> Mesure:
    return Mesure(
        code=f"palier-{code}",
        groupe=DIAGNOSTIC,
        libelle=f"Palier du champ «\u00a0{libelle}\u00a0»",
        unite="sur\u00a03",
        sens=HAUSSE,
        cadence=ANNUELLE,
        source="Diagnostics signés",
        calcul="Le palier du champ dans la version signée la plus récente de chaque année.",
        droit=Droit.LIRE_DIAGNOSTIC,
        lire=partial(_paliers, champ=code),
    )


def _mesure_conditions(code: str, libelle: str) -> Mesure:
    return Mesure(
        code=f"conditions-{code}",
        groupe=DIAGNOSTIC,
        libelle=f"Part des conditions remplies du champ «\u00a0{libelle}\u00a0»",
        unite="%",
        sens=HAUSSE,
        cadence=ANNUELLE,
        source="Diagnostics signés",
        calcul=(
            "Le nombre de conditions du champ dont la réponse signée est «\u00a0oui\u00a0», divisé par le nombre de "
            "celles qui concernent l'établissement, les «\u00a0sans objet\u00a0» mises à part."
        ),
        droit=Droit.LIRE_DIAGNOSTIC,
        lire=partial(_conditions, champ=code),
    )


def _mesure_moyenne(code: str, libelle: str) -> Mesure:
    return Mesure(
        code=f"moyenne-{code}",
        groupe=ENQUETE,
        libelle=f"Moyenne des équipes, champ «\u00a0{libelle}\u00a0»",
        unite="sur\u00a05",
        sens=HAUSSE,
        cadence=ANNUELLE,
        source="Enquêtes complètes dépouillées",
        calcul=(
            "La moyenne du champ que publie chaque enquête complète, de 1 à 5. Le pouls pose moins de questions\u00a0: "
            "il n'entre pas dans cette suite."
        ),
        droit=Droit.LIRE_ENQUETE,
        lire=partial(_moyennes, champ=code),
    )


PARTICIPATION = Mesure(
    code="participation",
    groupe=ENQUETE,
    libelle="Taux de réponse des équipes à l'enquête",
    unite="%",
    sens=HAUSSE,
    cadence=ANNUELLE,
    source="Enquêtes dépouillées",
    calcul="Le nombre de réponses des équipes divisé par le nombre de personnes invitées, pour chaque enquête comptée.",
    droit=Droit.LIRE_ENQUETE,
    lire=_participation,
)
REALISEES = Mesure(
    code="actions-realisees",
    groupe=PLAN,
    libelle="Actions du plan réalisées dans l'année scolaire",
    unite="actions",
    sens=HAUSSE,
    cadence=MENSUELLE,
    source="Plan d'action",
    calcul="Le nombre d'actions publiées de l'année scolaire en cours dont l'état est «\u00a0réalisée\u00a0».",
    droit=None,
    lire=_realisees,
    du_jour=True,
)
EN_RETARD = Mesure(
    code="actions-en-retard",
    groupe=PLAN,
    libelle="Actions du plan en retard",
    unite="actions",
    sens=BAISSE,
    cadence=MENSUELLE,
    source="Plan d'action",
    calcul="Le nombre d'actions publiées dont la fin est passée sans qu'elles soient réalisées ni abandonnées.",
    droit=None,
    lire=_en_retard,
    du_jour=True,
)
BESOINS_REPONDUS = Mesure(
    code="besoins-repondus",
    groupe=PLAN,
    libelle="Besoins de l'année auxquels une action répond",
    unite="besoins",
    sens=HAUSSE,
    cadence=MENSUELLE,
    source="Plan d'action",
    calcul="Le nombre de besoins de l'année scolaire dont un axe est servi par au moins une action publiée.",
    droit=None,
    lire=_besoins_repondus,
    du_jour=True,
)
