"""What the sheet of a training shows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from budget.domain.formations import lire_formation
from budget.interfaces.formations import CLASSES, equipes_en_mots, modalite_dite, moment_en_mots
from budget.models import Equipe, ReglagesFormation, Seance
from budget.queries.formations import LectureFormation, etat_de_formation_pour_achat
from budget.rules.formations import EXPRIME, LOCALE, avertissement_preavis, empechement_demander
from budget.rules.seances import empechement_prevoir, empechement_tenir_seance
from plans.interfaces.mots import valeur

CLASSES_SEANCE = {Seance.Etat.PREVUE: "", Seance.Etat.TENUE: "fait", Seance.Etat.ANNULEE: "retard"}


@dataclass(frozen=True)
class SeanceDite:
    """`presents`: how many of each team, nothing as long as it is not held; `a_compter`: they may be counted now."""

    seance: Seance
    classe: str
    presents: Sequence[tuple[str, int]]
    total: int
    a_compter: bool


def seances_dites(seances: Sequence[Seance], etat: str, jour: datetime.date) -> list[SeanceDite]:
    """`etat`: that of the training."""
    dites = []
    for seance in seances:
        comptes = {presence.equipe: presence.presents for presence in seance.presences.all()}
        presents = [(str(equipe.label), comptes[equipe.value]) for equipe in Equipe if equipe.value in comptes]
        classe = CLASSES_SEANCE[Seance.Etat(seance.etat)]
        refus = empechement_prevoir(etat, tenir=True) or empechement_tenir_seance(seance.jour, jour)
        dites.append(SeanceDite(seance, classe, presents, sum(comptes.values()), a_compter=refus is None))
    return dites


def contexte_de_la_formation(
    lecture: LectureFormation, reglages: ReglagesFormation, jour: datetime.date
) -> dict[str, Any]:
    formation = lecture.formation
    achats = None
    if lecture.achats is not None:
        achats = [(achat, etat_de_formation_pour_achat(formation, achat.livraison)) for achat in lecture.achats]
    return {
        "formation": formation,
        "classe": CLASSES[formation.Etat(formation.etat)],
        "pour": equipes_en_mots(formation.equipes),
        "quand": moment_en_mots(formation),
        "modalite": modalite_dite(formation, reglages),
        "seances": seances_dites(lecture.seances, formation.etat, jour),
        "cout": lecture.cout,
        "axes": lecture.axes,
        "achats": achats,
        "rappels": rappels(lecture, reglages, jour),
        "effet": _effet(lecture),
        "derniere_tenue": lecture.derniere_tenue,
    }


def rappels(lecture: LectureFormation, reglages: ReglagesFormation, jour: datetime.date) -> list[str]:
    """What keeps it from being asked for, or makes the request late."""
    formation = lecture.formation
    if formation.etat != EXPRIME:
        return []
    saisie = lire_formation(formation)
    manque = empechement_demander(saisie, sigle=reglages.sigle, effectif_minimum=reglages.effectif_minimum)
    preavis = None
    if formation.modalite == LOCALE:
        preavis = avertissement_preavis(jour, formation.annee_scolaire, formation.trimestre, reglages.semaines_avant)
    return [dit for dit in (manque, preavis) if dit]


def _effet(lecture: LectureFormation) -> list[tuple[str, str, datetime.date | None]]:
    """Where its indicator stood before the first session and since the last one."""
    indicateur = lecture.formation.indicateur
    if indicateur is None or not lecture.tenues:
        return []
    avant, apres = lecture.dernier_avant, lecture.dernier_apres
    lignes = []
    if avant:
        lignes.append(("Avant la première séance", valeur(avant.valeur, indicateur.unite), avant.date))
    elif indicateur.depart is not None:
        lignes.append(("Au départ", valeur(indicateur.depart, indicateur.unite), indicateur.depart_le))
    if apres:
        lignes.append(("Depuis la dernière séance", valeur(apres.valeur, indicateur.unite), apres.date))
    return lignes
