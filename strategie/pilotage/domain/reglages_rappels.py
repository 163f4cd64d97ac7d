"""What an académie wants of reminders, and what a person wants of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from strategie.pilotage.models import ArretDeCourriel, SorteDeCourriel
from strategie.pilotage.queries.rappels import reglages_de
from strategie.pilotage.rules.rappels import defauts_des_jours
from strategie.socle.domain.empechement import SaisieRefusee
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, Utilisateur


@dataclass(frozen=True)
class SaisieReglages:
    """`jours`: before the deadline, from the farthest to the closest."""

    actifs: bool
    jours: tuple[int, ...]
    recapitulatif: bool


def lire_reglages(academie: Academie) -> SaisieReglages:
    reglages = reglages_de(academie)
    return SaisieReglages(reglages.actifs, tuple(reglages.jours), reglages.recapitulatif)


def regler_les_rappels(
    *,
    academie: Academie,
    base: SaisieReglages,
    saisie: SaisieReglages,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    SaisieRefusee, which says which field is wrong.
    """
    with acte("regler_rappels", auteur):
        Academie.objects.select_for_update(no_key=True).get(pk=academie.pk)  # two people who set them wait
        actuels = asdict(lire_reglages(academie))
        fusion = fusionner(asdict(base), asdict(saisie), actuels)
        if not fusion.possible:
            return fusion.conflits
        voulus = SaisieReglages(**fusion.valeurs)
        if defaut := defauts_des_jours(voulus.jours):
            raise SaisieRefusee({"jours": defaut})
        if asdict(voulus) != actuels:
            tenus = reglages_de(academie)
            tenus.actifs, tenus.recapitulatif = voulus.actifs, voulus.recapitulatif
            tenus.jours = sorted(voulus.jours, reverse=True)
            tenus.version += 1
            tenus.fixes_par, tenus.fixes_le = auteur, maintenant
            tenus.save()
    return fusion.conflits


def arreter_un_courriel(*, personne: Utilisateur, sorte: SorteDeCourriel, maintenant: datetime.datetime) -> None:
    """Asked twice, it is done once."""
    with acte("arreter_un_courriel", personne):
        ArretDeCourriel.objects.get_or_create(utilisateur=personne, sorte=sorte, defaults={"arrete_le": maintenant})


def reprendre_un_courriel(*, personne: Utilisateur, sorte: SorteDeCourriel) -> None:
    with acte("reprendre_un_courriel", personne):
        ArretDeCourriel.objects.filter(utilisateur=personne, sorte=sorte).delete()
