"""What holds for a school's board: the law's figures, or those that its académie says."""

from __future__ import annotations

from dataclasses import replace

from strategie.pilotage.domain.conseil import Regles, regles_par_defaut
from strategie.pilotage.models import ReglesConseil
from strategie.socle.models import Academie, Etablissement

DELAIS = ("convocation_jours", "urgence_jours", "executoire_jours", "executoire_budget_jours", "source")


def regles_de(etablissement: Etablissement) -> Regles:
    """A conseil d'école follows the law alone."""
    if etablissement.premier_degre:
        return regles_par_defaut(premier_degre=True)
    return regles_de_l_academie(ReglesConseil.objects.filter(academie=etablissement.academie_id).first())


def regles_fixees(academie: Academie) -> ReglesConseil | None:
    return ReglesConseil.objects.filter(academie=academie).select_related("fixees_par").first()


def regles_de_l_academie(fixees: ReglesConseil | None) -> Regles:
    communes = regles_par_defaut(premier_degre=False)
    return replace(communes, **{nom: getattr(fixees, nom) for nom in DELAIS}) if fixees else communes
