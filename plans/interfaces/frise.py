"""The plan along the school years: an action a line, drawn on the server as SVG, and the same as a table."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plans.interfaces import mots
from plans.interfaces.morceaux import ETATS, adresses
from plans.interfaces.selection import Selection
from plans.interfaces.tableau_du_plan import Groupe, groupes
from plans.queries.plan import LigneDuPlan
from strategie.socle.domain.calendrier import bornes, bornes_du_trimestre
from strategie.socle.interfaces.charts import hachures

# In the drawing's units: labels on the left, a year, words at the end of a bar, a line, the dates above.
GAUCHE, ANNEE, DROITE, LIGNE, HAUT, BARRE = 340, 270, 170, 30, 66, 16
JOURS = 366
CARACTERES = 48
ANNEES_AVANT, ANNEES_APRES = 1, 4
# Each state has its own drawing, besides the word written after the bar.
PAS_DES_HACHURES = {"en_cours": 9, "bloquee": 4}


@dataclass(frozen=True)
class Barre:
    """An action: where its bar is, how it is drawn, and what is written after it."""

    ligne: LigneDuPlan
    libelle: str
    sous_action: bool
    y: int
    x: int
    largeur: int
    hachures: str
    mots: str
    adresse: str

    @property
    def debut(self) -> str:
        return mots.moment(self.ligne.action.annee_scolaire, self.ligne.action.trimestre)

    @property
    def fin(self) -> str:
        return mots.moment(self.ligne.action.annee_fin, self.ligne.action.trimestre_fin)

    @property
    def milieu(self) -> int:
        return self.y + BARRE // 2

    @property
    def pied(self) -> int:
        """Where its words stand."""
        return self.y + BARRE - 3

    @property
    def bout(self) -> int:
        return self.x + self.largeur

    @property
    def x_des_mots(self) -> int:
        return self.bout + 6

    @property
    def x_du_libelle(self) -> int:
        return 18 if self.sous_action else 0


@dataclass(frozen=True)
class Bande:
    """An axe: its name, then the bars of its actions."""

    titre: str
    y: int
    barres: Sequence[Barre]


@dataclass(frozen=True)
class Repere:
    x: int
    libelle: str


@dataclass(frozen=True)
class Frise:
    bandes: Sequence[Bande]
    annees: Sequence[Repere]
    trimestres: Sequence[Repere]
    aujourd_hui: int | None
    largeur: int
    hauteur: int

    @property
    def barres(self) -> list[Barre]:
        return [barre for bande in self.bandes for barre in bande.barres]

    @property
    def bas(self) -> int:
        return self.hauteur - 4

    @property
    def premiere(self) -> str:
        return self.annees[0].libelle

    @property
    def derniere(self) -> str:
        return self.annees[-1].libelle


def dessiner(selection: Selection, uai: str, jour: datetime.date) -> Frise | None:
    """The actions chosen, each once, under the first axe that it serves; None when there is none."""
    if not selection.lignes:
        return None
    annees, adresse = _annees(selection), adresses("action", uai)
    debut = bornes(annees[0])[0]
    bandes, y = [], HAUT
    for groupe, lignes in _bandes(selection):
        barres = [
            _barre(ligne, y + (rang + 1) * LIGNE, debut, len(annees), adresse(ligne.action.pk))
            for rang, ligne in enumerate(lignes)
        ]
        bandes.append(Bande(_court(groupe.axe.intitule if groupe.axe else "Sans axe", 100), y + BARRE, barres))
        y += (len(lignes) + 1) * LIGNE
    dedans = debut <= jour <= bornes(annees[-1])[1]
    return Frise(
        bandes=bandes,
        annees=[Repere(_x(bornes(annee)[0], debut), annee) for annee in annees],
        trimestres=[
            Repere(_x(bornes_du_trimestre(annee, rang)[0], debut), f"T{rang}") for annee in annees for rang in (1, 2, 3)
        ],
        aujourd_hui=_x(jour, debut) if dedans else None,
        largeur=GAUCHE + len(annees) * ANNEE + DROITE,
        hauteur=y + 8,
    )


def _annees(selection: Selection) -> list[str]:
    """From the first year of these actions to the last, not too far from the one that is looked at."""
    ici = int(selection.plan.annee[:4])
    premiere = min(int(ligne.action.annee_scolaire[:4]) for ligne in selection.lignes)
    derniere = max(int(ligne.action.annee_fin[:4]) for ligne in selection.lignes)
    annees = range(max(premiere, ici - ANNEES_AVANT), min(derniere, ici + ANNEES_APRES) + 1)
    return [f"{annee}-{annee + 1}" for annee in annees]


def _bandes(selection: Selection) -> Iterator[tuple[Groupe, list[LigneDuPlan]]]:
    """Each action once, followed by its sub-actions."""
    retenues = {ligne.action.pk for ligne in selection.lignes}
    for groupe in groupes(selection):
        lignes = [ligne for racine in groupe.lignes for ligne in (racine, *racine.sous_actions)]
        nouvelles = [ligne for ligne in lignes if ligne.action.pk in retenues]
        retenues -= {ligne.action.pk for ligne in nouvelles}
        if nouvelles:
            yield groupe, nouvelles


def _barre(ligne: LigneDuPlan, y: int, debut: datetime.date, annees: int, adresse: str) -> Barre:
    action = ligne.action
    bord = GAUCHE + annees * ANNEE
    x = max(GAUCHE, _x(action.debut_prevu, debut))
    fin = min(bord, _x(action.fin_prevue + datetime.timedelta(days=1), debut))
    largeur = max(6, fin - x)
    pas = PAS_DES_HACHURES.get(action.etat)
    return Barre(
        ligne=ligne,
        libelle=_court(action.intitule, CARACTERES),
        sous_action=action.parent_id is not None,
        y=y,
        x=x,
        largeur=largeur,
        hachures=hachures(x, y, largeur, BARRE, pas) if pas else "",
        mots=f"{ETATS[action.etat]}{', en retard' if ligne.en_retard else ''}",
        adresse=adresse,
    )


def _x(jour: datetime.date, debut: datetime.date) -> int:
    return GAUCHE + round((jour - debut).days * ANNEE / JOURS)


def _court(texte: str, caracteres: int) -> str:
    """On one line of the drawing; the table under it has the whole."""
    ligne = " ".join(texte.split())
    return ligne if len(ligne) <= caracteres else ligne[: caracteres - 1].rstrip() + "…"
