"""The map of a territory: its schools with the contour of their académie, what each mark says, the same in a table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.urls import reverse
from django.utils.http import urlencode

from strategie.pilotage.models import Niveau
from strategie.pilotage.queries.carte import EcoleSituee
from strategie.pilotage.queries.territoires import Territoire
from strategie.socle.interfaces.cartes import Boite, Carte, Cellule, Contour, Lieu, contour_de, dessiner_carte

FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "contours-academies-v1.json"
UNE_ECOLE = "0000000A"
LISTE_MAX = 100
SANS_COORDONNEES = "l'annuaire ne donne pas ses coordonnées"
HORS_DE_L_ACADEMIE = "ses coordonnées tombent hors de l'académie"
# Each state: the name of its drawing, and its words. What a reader may not know is one state.
ETATS = {"signe": "signé", "brouillon": "brouillon", "a_commencer": "à commencer", "aucun": "pas attendu"}
PALIERS = {f"p{palier}": f"palier\u00a0{palier}" for palier in (3, 2, 1)}
PALIERS |= {"p0": "avant le palier\u00a01", "non": "non signé"}
LIEUX = {"lieu": "établissement"}
# The paper and the ink of each palier, by day.
COULEURS = (
    ("0", "#e9e7e0", "#1b2733"),
    ("1", "#bcdcd6", "#1b2733"),
    ("2", "#5fa8a1", "#0b1e1d"),
    ("3", "#0c5a57", "#ffffff"),
)
SOURCE = "Contour de l'académie\u00a0: ministère de l'Éducation nationale (DEPP), 2020, simplifié, Licence Ouverte 2.0."


@cache
def contours() -> Mapping[str, Contour]:
    """By code of académie; a fictional one has none."""
    lus = json.loads(FICHIER.read_text(encoding="utf-8"))["academies"]
    return {code: contour_de(lu) for code, lu in lus.items()}


@dataclass(frozen=True)
class Absente:
    """A school that the map cannot show, and why."""

    ecole: EcoleSituee
    raison: str


@dataclass(frozen=True)
class LigneDeCellule:
    """A place of the map, in words: how many schools there, of each state of the legend by its words."""

    cellule: Cellule
    nom: str
    adresse: str
    comptes: Sequence[tuple[str, int]]

    @property
    def dit(self) -> str:
        return f"{self.nom}\u00a0: {self.cellule.nombre} établissements"


@dataclass(frozen=True)
class CarteDuTerritoire:
    """`champ`: its code, when paliers are shown."""

    territoire: Territoire
    ecoles: Sequence[EcoleSituee]
    champ: str = ""
    cadre: Boite | None = None
    suite: str = ""

    @property
    def communiques(self) -> bool:
        """Whether the reader may know where diagnostics stand."""
        return self.territoire.lit_les_diagnostics

    @property
    def couleurs(self) -> Sequence[tuple[str, str, str]]:
        return COULEURS

    @property
    def legende(self) -> Mapping[str, str]:
        return LIEUX if not self.communiques else PALIERS if self.champ else ETATS

    def etat(self, ecole: EcoleSituee) -> str:
        if not self.communiques:
            return "lieu"
        if self.champ:
            return f"p{ecole.palier}" if ecole.palier is not None else "non"
        return ecole.diagnostic or "aucun"

    @cached_property
    def adresse(self) -> str:
        return reverse("etablissement", args=[UNE_ECOLE])

    @cached_property
    def dessin(self) -> Carte:
        academie = self.territoire.academie
        lieux = [self._lieu(ecole) for ecole in self.ecoles if ecole.latitude is not None]
        return dessiner_carte(
            lieux,
            contours().get(academie.code) if academie else None,
            cadre=self.cadre,
            entier=self.territoire.niveau in (Niveau.ACADEMIE, Niveau.SANS_DISTRICT),
            plein="signe" if not self.champ else "p3",
        )

    def _lieu(self, ecole: EcoleSituee) -> Lieu:
        adresse = self.adresse.replace(UNE_ECOLE, ecole.uai)
        return Lieu(ecole.longitude or 0, ecole.latitude or 0, self.etat(ecole), ecole.nom, ecole.commune, adresse)

    @cached_property
    def montres(self) -> Counter[str]:
        """What the drawing shows, by state."""
        comptes = Counter(marque.lieu.etat for marque in self.dessin.marques)
        for cellule in self.dessin.cellules:
            comptes.update(cellule.etats)
        return comptes

    @property
    def combien(self) -> int:
        return self.montres.total() if self.cadre else len(self.ecoles)

    @cached_property
    def comptes(self) -> list[tuple[str, str, int]]:
        """The legend, with how many schools are so: of the territory, wherever they are, or of the closer look."""
        comptes = self.montres if self.cadre else Counter(self.etat(ecole) for ecole in self.ecoles)
        return [(etat, mots, comptes[etat]) for etat, mots in self.legende.items() if comptes[etat] or etat != "aucun"]

    @cached_property
    def marques(self) -> list[tuple[int, int, str, str, str, str, str]]:
        """Place, drawing, address, name, commune and state in words, of each school drawn alone."""
        legende = self.legende
        return [
            (m.x, m.y, m.lieu.etat, m.lieu.adresse, m.lieu.nom, m.lieu.commune, legende[m.lieu.etat])
            for m in self.dessin.marques
        ]

    @cached_property
    def cellules(self) -> list[LigneDeCellule]:
        liste = reverse("etablissements_du_territoire", args=[self.territoire.niveau, self.territoire.cle])
        return [
            LigneDeCellule(
                cellule=cellule,
                nom=_nom(cellule),
                adresse=self._plus_pres(cellule, liste),
                comptes=[(mots, cellule.etats.get(etat, 0)) for etat, mots, _ in self.comptes],
            )
            for cellule in self.dessin.cellules
        ]

    def _plus_pres(self, cellule: Cellule, liste: str) -> str:
        """A closer look; a single commune has its list."""
        if cellule.communes == 1 and cellule.nom:
            return f"{liste}?{urlencode({'q': cellule.nom})}"
        return f"?{self.suite}cadre={cellule.cadre}"

    @cached_property
    def absentes(self) -> list[Absente]:
        perdues = {lieu.adresse for lieu in self.dessin.dehors}
        return [
            Absente(ecole, SANS_COORDONNEES if ecole.latitude is None else HORS_DE_L_ACADEMIE)
            for ecole in self.ecoles
            if ecole.latitude is None or self.adresse.replace(UNE_ECOLE, ecole.uai) in perdues
        ]

    @property
    def absentes_montrees(self) -> Sequence[Absente]:
        return self.absentes[:LISTE_MAX]

    @property
    def autres_absentes(self) -> int:
        return max(0, len(self.absentes) - LISTE_MAX)

    @property
    def disque(self) -> str:
        """What a disc says, where schools are too many to be drawn one by one."""
        if not self.dessin.cellules:
            return ""
        part = f"\u00a0; en épais, la part {'au palier 3' if self.champ else 'qui a signé'}"
        return f"Un disque\u00a0: les établissements d'un même endroit{part if self.communiques else ''}"

    @property
    def source(self) -> str:
        return SOURCE if self.dessin.contour else ""


def _nom(cellule: Cellule) -> str:
    """« Rennes et 12 autres communes »."""
    nom, autres = cellule.nom or "Commune inconnue", cellule.communes - 1
    pluriel = "s" if autres > 1 else ""
    return f"{nom} et {autres}\u00a0autre{pluriel} commune{pluriel}" if autres else nom
