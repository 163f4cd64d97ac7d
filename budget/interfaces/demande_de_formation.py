"""The written request for a training: one page, signed by the head, sent to the académie's school of training."""

from __future__ import annotations

import datetime

from budget.interfaces.formations import equipes_en_mots, modalite_dite, moment_en_mots
from budget.models import BesoinFormation, ReglagesFormation
from budget.rules.formations import heures_en_mots
from strategie.socle.interfaces.pdf import rendre_pdf
from strategie.socle.models import Affectation


def lignes_de_la_demande(formation: BesoinFormation, reglages: ReglagesFormation) -> list[tuple[str, str]]:
    """What a request says, in the order it is read; nothing of what was left out, nor of an action in draft."""
    formateurs, action, indicateur = formation.heures_formateur, formation.action, formation.indicateur
    lignes = [
        ("Formation demandée", formation.intitule),
        ("Modalité", modalite_dite(formation, reglages)),
        ("Constat de départ", formation.constat),
        ("Objectif professionnel", formation.objectif),
        ("Public", f"{equipes_en_mots(formation.equipes)}\u00a0: {formation.effectif} personnes"),
        ("Période souhaitée", moment_en_mots(formation)),
        ("Durée", f"{heures_en_mots(formation.heures)} par personne"),
        ("Formateurs", f"{heures_en_mots(formateurs)} de formateurs du district" if formateurs else ""),
        ("Appuis", formation.personnes_ressources),
        ("Action du plan numérique", action.intitule if action and action.publiee else ""),
        ("Suite dans l'établissement", formation.suite),
        ("Effet attendu", formation.effet_attendu),
        ("Indicateur d'effet", indicateur.intitule if indicateur and indicateur.action.publiee else ""),
    ]
    return [(nom, dit) for nom, dit in lignes if dit]


def rendre_demande_pdf(
    formation: BesoinFormation, reglages: ReglagesFormation, chef: Affectation | None, jour: datetime.date
) -> bytes:
    """In PDF/UA. `chef`: who signs, when the school has a head; `jour`: the date when it has not been asked yet."""
    etablissement = formation.etablissement
    contexte = {
        "formation": formation,
        "etablissement": etablissement,
        "lignes": lignes_de_la_demande(formation, reglages),
        "le": formation.demande_le or jour,
        "chef": chef,
    }
    return rendre_pdf(
        "budget/pdf/demande_de_formation.html",
        contexte,
        titre=f"Demande de formation · {formation.intitule} · {etablissement.nom}",
        auteur=etablissement.nom,
    )
