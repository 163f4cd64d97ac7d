"""How many people each team of a school has: what attendance is checked against, and coverage counted on."""

from __future__ import annotations

from collections.abc import Mapping

from budget.models import EffectifEquipe
from budget.queries.couverture import effectifs_de, plus_presents
from budget.rules.effectifs import defauts_des_effectifs
from plans.domain.verrou import verrouiller_le_plan
from plans.rules.besoins import est_une_annee
from strategie.socle.domain.empechement import SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

Effectifs = Mapping[str, int | None]


def fixer_effectifs(
    *, etablissement: Etablissement, annee: str, base: Effectifs, saisie: Effectifs, auteur: Utilisateur
) -> Mapping[str, Conflit]:
    """By team; None: not known. `base` is what the form showed; what two people changed alike is given back and
    nothing is written. Raises Empeche; SaisieRefusee says which teams are wrong.
    """
    refuser(empechement_ecrire(etablissement))
    refuser(None if est_une_annee(annee) else "Cette année scolaire n'existe pas.")
    with acte("fixer_effectifs_equipes", auteur):
        verrouiller_le_plan(etablissement)
        connus = effectifs_de(etablissement.pk, annee)
        actuels: dict[str, int | None] = {equipe: connus.get(equipe) for equipe in saisie}
        fusion = fusionner(base, saisie, actuels)
        if fusion.possible and fusion.valeurs != actuels:
            if defauts := defauts_des_effectifs(fusion.valeurs, plus_presents(etablissement.pk, annee), annee):
                raise SaisieRefusee(defauts)
            for equipe, effectif in fusion.valeurs.items():
                if effectif != actuels[equipe]:
                    _ecrire(etablissement, annee, equipe, effectif)
    return fusion.conflits


def _ecrire(etablissement: Etablissement, annee: str, equipe: str, effectif: int | None) -> None:
    siens = EffectifEquipe.objects.filter(etablissement=etablissement, annee_scolaire=annee, equipe=equipe)
    if effectif is None:
        siens.delete()
    elif not siens.update(effectif=effectif):
        EffectifEquipe.objects.create(
            etablissement=etablissement, annee_scolaire=annee, equipe=equipe, effectif=effectif
        )
