"""What an académie says of its boards' delays, otherwise than the law as Paliers knows it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from strategie.pilotage.domain.conseil import regles_par_defaut
from strategie.pilotage.models import ReglesConseil
from strategie.pilotage.queries.regles_du_conseil import regles_de_l_academie, regles_fixees
from strategie.pilotage.rules.regles_du_conseil import defauts_des_regles
from strategie.socle.domain.empechement import SaisieRefusee
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, Utilisateur


@dataclass(frozen=True)
class SaisieRegles:
    convocation_jours: int
    urgence_jours: int
    executoire_jours: int
    executoire_budget_jours: int
    source: str


CHAMPS = tuple(champ.name for champ in fields(SaisieRegles))


def lire_regles(academie: Academie) -> SaisieRegles:
    regles = regles_de_l_academie(regles_fixees(academie))
    return SaisieRegles(**{nom: getattr(regles, nom) for nom in CHAMPS})


def regles_communes() -> SaisieRegles:
    regles = regles_par_defaut(premier_degre=False)
    return SaisieRegles(**{nom: getattr(regles, nom) for nom in CHAMPS})


def fixer_regles(
    *,
    academie: Academie,
    base: SaisieRegles,
    saisie: SaisieRegles,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. The common
    rules, written again, are the common rules. Raises SaisieRefusee, which says which fields are wrong.
    """
    with acte("fixer_regles_du_conseil", auteur):
        Academie.objects.select_for_update(no_key=True).get(pk=academie.pk)  # two people who set them wait
        actuelles = asdict(lire_regles(academie))
        fusion = fusionner(asdict(base), asdict(saisie), actuelles)
        if not fusion.possible:
            return fusion.conflits
        voulues = SaisieRegles(**fusion.valeurs)
        if defauts := defauts_des_regles(voulues):
            raise SaisieRefusee(defauts)
        if voulues == regles_communes():
            ReglesConseil.objects.filter(academie=academie).delete()
        elif fusion.valeurs != actuelles:
            tenues = regles_fixees(academie) or ReglesConseil(academie=academie, version=0)
            for nom, valeur in fusion.valeurs.items():
                setattr(tenues, nom, valeur)
            tenues.version += 1
            tenues.fixees_par, tenues.fixees_le = auteur, maintenant
            tenues.save()
    return fusion.conflits
