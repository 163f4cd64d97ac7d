"""The map of a territory as a file that needs no other: an SVG with its title and its legend, a PDF with its table."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

from django.template.loader import render_to_string

from strategie.pilotage.interfaces.blocs_du_territoire import accorde, entier
from strategie.pilotage.interfaces.carte import CarteDuTerritoire
from strategie.pilotage.interfaces.filtres_du_territoire import Filtres
from strategie.socle.interfaces.pdf import ILLISIBLE, rendre_pdf
from strategie.socle.rules import date_en_phrase

NB = "\u00a0"
SIGNES_PAR_LIGNE, INTERLIGNE = 80, 20
TAS = "tas"


@dataclass(frozen=True)
class Planche:
    """A map with its legend under it and, where no page says it, its title above."""

    filtres: Filtres
    carte: CarteDuTerritoire
    jour: datetime.date
    titree: bool = True

    @property
    def titre(self) -> str:
        return f"Carte des établissements · {self.carte.territoire.titre}"

    @property
    def sujet(self) -> str:
        """How many schools, and what their marks say."""
        combien, annee = accorde(self.carte.combien, "établissement", "établissements"), self.filtres.annee
        if self.carte.cadre:
            combien += " d'un même endroit"
        if not self.carte.communiques:
            return combien
        champ = self.filtres.libelle(self.carte.champ)
        return f"{combien}{NB}: {f'{champ}, palier de la dernière copie signée' if champ else 'diagnostic'} {annee}"

    @cached_property
    def lignes(self) -> list[tuple[int, str]]:
        """The text above the drawing, each line with its height."""
        dites = [self.titre, f"{self.sujet}. {self.filtres.seulement} Au {date_en_phrase(self.jour)}."]
        coupees = [ligne for dite in dites for ligne in wrap(dite, SIGNES_PAR_LIGNE)] if self.titree else []
        return [((rang + 1) * INTERLIGNE + 4, ligne) for rang, ligne in enumerate(coupees)]

    @property
    def haut(self) -> int:
        return INTERLIGNE * len(self.lignes) + 16 if self.lignes else 0

    @cached_property
    def legende(self) -> Sequence[tuple[int, str, str]]:
        """Under the drawing, each line with its height: a mark and what it says, or a text alone."""
        carte, manquent = self.carte, len(self.carte.absentes) if not self.carte.cadre else 0
        dites = [(etat, f"{mots.capitalize()}{NB}: {entier(combien)}") for etat, mots, combien in carte.comptes]
        sans_place = f"{accorde(manquent, 'établissement', 'établissements')} sans place sur la carte."
        textes = [(TAS, carte.disque), ("", sans_place if manquent else ""), ("", carte.source)]
        for sorte, texte in textes:
            dites += [("" if rang else sorte, ligne) for rang, ligne in enumerate(wrap(texte, SIGNES_PAR_LIGNE))]
        debut = self.haut + carte.dessin.hauteur + INTERLIGNE
        return [(debut + rang * INTERLIGNE, sorte, ligne) for rang, (sorte, ligne) in enumerate(dites)]

    @property
    def alternative(self) -> str:
        """The drawing for those who do not see it; alone, it has its title."""
        if self.titree:
            return self.titre
        comptes = (f"{mots}{NB}: {entier(combien)}" for _, mots, combien in self.carte.comptes)
        return f"{self.titre}. {f'{NB}; '.join(comptes).capitalize()}."

    @property
    def hauteur(self) -> int:
        return self.legende[-1][0] + INTERLIGNE


def ecrire_svg(planche: Planche) -> str:
    """No link, no script, no file of ours: what it shows goes where it is copied."""
    return ILLISIBLE.sub("?", render_to_string("pilotage/territoires/_planche.svg.html", {"planche": planche}))


def rendre_pdf_de_la_carte(planche: Planche) -> bytes:
    contexte = {"planche": planche, "carte": planche.carte, "filtres": planche.filtres, "jour": planche.jour}
    contexte["territoire"] = planche.carte.territoire
    return rendre_pdf("pilotage/pdf/carte.html", contexte, titre=planche.titre, auteur="Paliers")
