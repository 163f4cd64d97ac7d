"""Similar schools, as three figures: never a list, a rank, a name, a least or a most.

What keeps a school unknown among the others, besides the threshold of eight:

- quartiles are interpolated, then rounded to steps wider than one answer makes (`PAS_*`): no figure is a school's own;
- they stop one step short of both ends of the scale: all at the bottom, or all at the top, is never said;
- how many schools there are is said by bands (`BANDES`), so that one more does not show;
- the school that reads is left out, and only signed copies and frozen results count.
"""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from sys import intern
from typing import Any

from django.db import connection
from django.db.models import Max

from diagnostic.domain.statistiques import (
    ETENDUE,
    SEUIL_DES_SEMBLABLES,
    Resume,
    arrondi,
    ensemble,
    quartiles,
    resumer,
    resumer_bande,
)
from diagnostic.models import CopieSignee, Enquete
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement

INSECABLE = "\u00a0"
Type = Etablissement.Type
TAILLES: Mapping[str, tuple[int, ...]] = {
    Type.ECOLE: (100, 200),
    Type.COLLEGE: (300, 500, 700),
    Type.LYCEE: (500, 1000),
    Type.EREA: (),
}
COPIES_GARDEES = 20_000  # of some 0.5 kB each
ET_MOINS, ET_PLUS = " et moins", " et plus"
BANDES = (SEUIL_DES_SEMBLABLES, 12, 20, 50, 100)


class Obstacle(StrEnum):
    """Why nothing can be compared, whatever the others have done."""

    FERMEE = "fermee"  # the académie has not opened the comparison
    TYPE = "type"
    EFFECTIF = "effectif"


@dataclass(frozen=True)
class Dite:
    """A figure as it is said: « 2,5 et plus »."""

    valeur: Fraction
    suffixe: str = ""


@dataclass(frozen=True)
class Echelle:
    """What is measured: from `bas` to `haut`, said by steps of `pas`."""

    bas: Fraction
    haut: Fraction
    pas: Fraction

    def dire(self, valeur: Fraction) -> Dite:
        """To the nearest step (half up); one step before an end, « et plus » or « et moins »."""
        pas = self.bas + arrondi((valeur - self.bas) / self.pas) * self.pas
        if pas <= self.bas + self.pas:
            return Dite(self.bas + self.pas, ET_MOINS)
        return Dite(self.haut - self.pas, ET_PLUS) if pas >= self.haut - self.pas else Dite(pas)


PALIER = Echelle(Fraction(0), Fraction(3), Fraction(1, 2))
PART = Echelle(Fraction(0), Fraction(100), Fraction(5))
MOYENNE = Echelle(Fraction(1), Fraction(1 + ETENDUE), Fraction(1, 4))


@dataclass(frozen=True)
class Tranche:
    """A size band: from `de` pupils to fewer than `a`; `a` is None for the last one."""

    de: int
    a: int | None

    @property
    def libelle(self) -> str:
        if self.a is None:
            return f"{self.de}{INSECABLE}élèves et plus" if self.de else "toutes les tailles"
        if not self.de:
            return f"moins de {self.a}{INSECABLE}élèves"
        return f"de {self.de} à {self.a - 1}{INSECABLE}élèves"


@dataclass(frozen=True)
class Repere:
    """Of one champ: the school's own figure (None: it has none), and the three of the others, already rounded."""

    code: str
    libelle: str
    echelle: Echelle
    sien: Fraction | None
    q1: Dite
    mediane: Dite
    q3: Dite

    @property
    def debut(self) -> Fraction:
        """Where the middle half begins in a drawing: « et moins » goes down to the end."""
        return self.echelle.bas if self.q1.suffixe == ET_MOINS else self.q1.valeur

    @property
    def fin(self) -> Fraction:
        return self.echelle.haut if self.q3.suffixe == ET_PLUS else self.q3.valeur

    @property
    def place(self) -> int | None:
        """−1 under the middle half, 1 over it, 0 inside; told from what is said, the school's own figure included."""
        if self.sien is None:
            return None
        dite = self.echelle.dire(self.sien).valeur
        return (dite > self.q3.valeur) - (dite < self.q1.valeur)


@dataclass(frozen=True)
class Comparaison:
    """`nombre`: « de 8 à 11 »; empty under the threshold, where nothing else is said either."""

    annee: str
    nombre: str
    reperes: Mapping[str, tuple[Repere, ...]]


def obstacle(etablissement: Etablissement) -> Obstacle | None:
    if not etablissement.academie.compare_les_semblables:
        return Obstacle.FERMEE
    if etablissement.type not in TAILLES:
        return Obstacle.TYPE
    return Obstacle.EFFECTIF if tranche_de(etablissement) is None else None


def tranche_de(etablissement: Etablissement) -> Tranche | None:
    """None where the register says no number of pupils, unless the type has one band only."""
    bornes = TAILLES[etablissement.type]
    if not bornes:
        return Tranche(0, None)
    if etablissement.effectif is None:
        return None
    tranches = [Tranche(de, a) for de, a in pairwise((0, *bornes, None)) if de is not None]
    return next(t for t in tranches if t.a is None or etablissement.effectif < t.a)


def nombre_en_bande(nombre: int) -> str:
    """« de 8 à 11 », « au moins 100 »; empty under the threshold."""
    if nombre < SEUIL_DES_SEMBLABLES:
        return ""
    suivante = next((bande for bande in BANDES if bande > nombre), None)
    if suivante is None:
        return f"au moins {BANDES[-1]}"
    return f"de {max(bande for bande in BANDES if bande <= nombre)} à {suivante - 1}"


def annees_a_comparer(etablissement: Etablissement, jour: datetime.date) -> tuple[str, str]:
    """The years of its last signed diagnostic and of its last full survey; the present one where it has none."""
    copies = CopieSignee.objects.filter(diagnostic__etablissement=etablissement)
    signee = copies.aggregate(annee=Max("diagnostic__campagne__annee_scolaire"))["annee"]
    enquetes = Enquete.objects.filter(
        etablissement=etablissement, forme=Enquete.Forme.LONGUE, etat=Enquete.Etat.DEPOUILLEE
    )
    depouillee = enquetes.aggregate(annee=Max("annee_scolaire"))["annee"]
    return signee or annee_scolaire(jour), depouillee or annee_scolaire(jour)


def diagnostics_semblables(etablissement: Etablissement, annee: str) -> Comparaison:
    """Palier and share of points of each champ, from the copy in force of each school that year.

    One query for the copies, one for those that this process has never read: what is signed does not change.
    """
    libelles: dict[str, str] = {}
    paliers: dict[str, dict[int, Fraction]] = defaultdict(dict)
    parts: dict[str, dict[int, Fraction]] = defaultdict(dict)
    en_vigueur = list(_lire(_COPIES, etablissement, annee))
    lues = _champs_signes({sha256: copie for _, copie, sha256 in en_vigueur})
    for ecole, _, sha256 in en_vigueur:
        for champ, libelle, palier, points, attendus in lues[sha256]:
            libelles.setdefault(champ, libelle)
            paliers[champ][ecole] = Fraction(palier)
            if attendus:
                parts[champ][ecole] = Fraction(50 * points, attendus)
    ecoles = {ecole for valeurs in paliers.values() for ecole in valeurs} - {etablissement.pk}
    return Comparaison(
        annee,
        nombre_en_bande(len(ecoles)),
        {
            "palier": _reperes(libelles, paliers, etablissement.pk, PALIER),
            "part": _reperes(libelles, parts, etablissement.pk, PART),
        },
    )


type _Champs = tuple[tuple[str, str, int, int, int], ...]
_GARDEES: dict[str, _Champs] = {}


def _champs_signes(copies: Mapping[str, int]) -> dict[str, _Champs]:
    """Of each copy, by the fingerprint of its text: code, libellé, palier, half points and indicators of each champ."""
    lues = {sha256: _GARDEES[sha256] for sha256 in copies if sha256 in _GARDEES}
    a_lire = [copie for sha256, copie in copies.items() if sha256 not in lues]
    if a_lire:
        nouvelles = defaultdict(list)
        with connection.cursor() as curseur:
            curseur.execute(_CHAMPS, {"copies": a_lire})
            for sha256, code, libelle, *nombres in curseur.fetchall():
                nouvelles[sha256].append((intern(code), intern(libelle), *(int(nombre) for nombre in nombres)))
        lues |= {sha256: tuple(champs) for sha256, champs in nouvelles.items()}
        if len(_GARDEES) + len(lues) > COPIES_GARDEES:
            _GARDEES.clear()
        _GARDEES.update(lues)
    return lues


def enquetes_semblables(etablissement: Etablissement, annee: str) -> Comparaison:
    """Mean of each champ among the teams, from the frozen figures of each school's full survey of the year."""
    libelles: dict[str, str] = {}
    moyennes: dict[str, dict[int, Fraction]] = defaultdict(dict)
    for ecole, champ, libelle, totaux in _lire(_ENQUETES, etablissement, annee):
        if resume := ensemble([_resume(total) for total in json.loads(totaux)]):
            libelles.setdefault(champ, libelle)
            moyennes[champ][ecole] = resume.moyenne
    ecoles = {ecole for valeurs in moyennes.values() for ecole in valeurs} - {etablissement.pk}
    reperes = {"moyenne": _reperes(libelles, moyennes, etablissement.pk, MOYENNE)}
    return Comparaison(annee, nombre_en_bande(len(ecoles)), reperes)


def _resume(total: Mapping[str, Any]) -> Resume:
    bande = total["bande"]
    return resumer(total["effectifs"]) if bande is None else resumer_bande(bande, total["n"])


def _reperes(
    libelles: Mapping[str, str], valeurs: Mapping[str, Mapping[int, Fraction]], soi: int, echelle: Echelle
) -> tuple[Repere, ...]:
    """The champs for which eight other schools have a figure, in the order of the référentiel."""
    return tuple(
        Repere(code, libelle, echelle, valeurs[code].get(soi), *(echelle.dire(q) for q in quartiles(autres)))
        for code, libelle in libelles.items()
        if len(autres := _autres(valeurs[code], soi)) >= SEUIL_DES_SEMBLABLES
    )


def _autres(valeurs: Mapping[int, Fraction], soi: int) -> Sequence[Fraction]:
    return [valeur for ecole, valeur in valeurs.items() if ecole != soi]


def _lire(enonce: str, etablissement: Etablissement, annee: str) -> Iterable[tuple[Any, ...]]:
    """Rows of the similar schools and of the school itself; `etablissement` has met no obstacle."""
    tranche = tranche_de(etablissement)
    assert tranche is not None  # noqa: S101 (said by `obstacle`)
    with connection.cursor() as curseur:
        curseur.execute(
            enonce,
            {
                "soi": etablissement.pk,
                "academie": etablissement.academie_id,
                "type": etablissement.type,
                "education_prioritaire": etablissement.education_prioritaire,
                "toutes_tailles": not TAILLES[etablissement.type],
                "de": tranche.de,
                "a": tranche.a,
                "annee": annee,
            },
        )
        lignes: list[tuple[Any, ...]] = curseur.fetchall()
    return lignes


_SEMBLABLES = """
WITH semblables AS (
    SELECT id FROM socle_etablissement
    WHERE academie_id = %(academie)s AND type = %(type)s AND education_prioritaire = %(education_prioritaire)s
      AND (%(toutes_tailles)s OR effectif >= %(de)s AND (%(a)s IS NULL OR effectif < %(a)s))
)
"""
_COPIES = f"""
{_SEMBLABLES}
SELECT DISTINCT ON (diagnostic.etablissement_id = %(soi)s, diagnostic.etablissement_id)
    diagnostic.etablissement_id, copie.id, copie.sha256_contenu
FROM semblables
JOIN diagnostic_diagnostic AS diagnostic ON diagnostic.etablissement_id = semblables.id
JOIN diagnostic_campagne AS campagne ON campagne.id = diagnostic.campagne_id AND campagne.annee_scolaire = %(annee)s
JOIN diagnostic_copiesignee AS copie ON copie.diagnostic_id = diagnostic.id
ORDER BY diagnostic.etablissement_id = %(soi)s DESC, diagnostic.etablissement_id, copie.version DESC
"""  # noqa: S608 (two texts of ours)
# The frozen texts never leave the database: six short rows come out of each. An answer is worth two half points.
_CHAMPS = """
SELECT copie.sha256_contenu, champ.valeur->>'code', champ.valeur->>'libelle',
    champ.valeur->'resultat'->>'palier', compte.points, compte.attendus
FROM diagnostic_copiesignee AS copie
CROSS JOIN LATERAL jsonb_array_elements(copie.contenu::jsonb->'champs') WITH ORDINALITY AS champ(valeur, rang)
CROSS JOIN LATERAL (
    SELECT count(*) AS attendus,
        coalesce(sum(CASE reponse->>'valeur' WHEN 'oui' THEN 2 WHEN 'en_partie' THEN 1 ELSE 0 END), 0) AS points
    FROM jsonb_array_elements(champ.valeur->'indicateurs') AS reponse
    WHERE (reponse->>'concerne')::boolean
      AND NOT (reponse->>'valeur' = 'sans_objet' AND reponse->>'motif' ~ '\\S')
) AS compte
WHERE copie.id = ANY(%(copies)s)
ORDER BY copie.id, champ.rang
"""
_ENQUETES = f"""
{_SEMBLABLES},
resultats AS (
    SELECT enquete.etablissement_id AS ecole, resultat.contenu::jsonb AS contenu
    FROM semblables
    JOIN diagnostic_enquete AS enquete
        ON enquete.etablissement_id = semblables.id AND enquete.annee_scolaire = %(annee)s
        AND enquete.forme = 'longue' AND enquete.etat = 'depouillee'
    JOIN diagnostic_resultatenquete AS resultat ON resultat.enquete_id = enquete.id
)
SELECT ecole, question->>'champ', contenu->'questions'->'champs'->>(question->>'champ'),
    jsonb_agg(item->'familles'->'equipes'->'total')
FROM resultats
CROSS JOIN LATERAL jsonb_array_elements(contenu->'questions'->'items') WITH ORDINALITY AS posee(question, rang)
JOIN LATERAL jsonb_array_elements(contenu->'items') AS item ON item->'numero' = question->'numero'
WHERE jsonb_typeof(item->'familles'->'equipes'->'total') = 'object'
GROUP BY ecole, question->>'champ', contenu->'questions'->'champs'
ORDER BY ecole = %(soi)s DESC, ecole, min(rang)
"""  # noqa: S608
