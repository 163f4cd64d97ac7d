"""What an académie calls a training made for one school, the smallest group and the notice that it asks for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from budget.queries.reglages_formation import reglages_de
from budget.rules.reglages_formation import defauts_des_reglages
from strategie.socle.domain.empechement import SaisieRefusee
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, Utilisateur


@dataclass(frozen=True)
class SaisieReglages:
    sigle: str
    nom_local: str
    effectif_minimum: int
    semaines_avant: int


def lire_reglages(academie: Academie) -> SaisieReglages:
    reglages = reglages_de(academie)
    return SaisieReglages(**{champ.name: getattr(reglages, champ.name) for champ in fields(SaisieReglages)})


def regler_formation(
    *,
    academie: Academie,
    base: SaisieReglages,
    saisie: SaisieReglages,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    SaisieRefusee, which says what fields are wrong.
    """
    if defauts := defauts_des_reglages(saisie):
        raise SaisieRefusee(defauts)
    with acte("regler_formation", auteur):
        Academie.objects.select_for_update(no_key=True).get(pk=academie.pk)  # two people who set them wait
        actuel = asdict(lire_reglages(academie))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        if fusion.possible and fusion.valeurs != actuel:
            tenus = reglages_de(academie)
            for champ, valeur in fusion.valeurs.items():
                setattr(tenus, champ, valeur)
            tenus.version = tenus.version + 1 if tenus.pk else 1
            tenus.fixes_par, tenus.fixes_le = auteur, maintenant
            tenus.save()
    return fusion.conflits
