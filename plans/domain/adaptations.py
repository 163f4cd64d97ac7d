"""An académie words a proposal in its own way, for its schools; or goes back to the national text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, replace

from plans.models import PropositionAdaptee
from plans.queries.propositions import Proposition, texte_adapte
from plans.rules.propositions import TexteDeProposition, defauts_du_texte
from strategie.socle.domain.empechement import SaisieRefusee
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, Utilisateur

# Fields whose values must agree: apart, two people's changes may be right and their sum wrong.
LIES = (("effort_min", "effort_max"), ("cout_min", "cout_max"))


def adapter_proposition(
    *,
    academie: Academie,
    nationale: Proposition,
    base: TexteDeProposition,
    saisie: TexteDeProposition,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """Write what changed between `base`, that the form showed, and `saisie`; what others changed meanwhile stays.
    Gives what somebody else has changed in another way: then nothing is written. Worded as the national text, it is no
    adaptation. Raises SaisieRefusee.
    """
    if defauts := defauts_du_texte(saisie):
        raise SaisieRefusee(defauts)
    with acte("adapter_proposition", auteur):
        Academie.objects.select_for_update(no_key=True).get(pk=academie.pk)
        adaptee = PropositionAdaptee.objects.filter(academie=academie, code=nationale.code).first()
        actuel = texte_adapte(adaptee) if adaptee else nationale.texte
        fusion = fusionner(asdict(base), asdict(saisie), asdict(actuel))
        fusionne = replace(actuel, **fusion.valeurs)
        conflits = dict(fusion.conflits)
        if not conflits and defauts_du_texte(fusionne):
            conflits = _conflits_des_fourchettes(base, saisie, actuel)
        if not conflits and fusionne != actuel:
            _ecrire(academie, nationale, adaptee, fusionne, auteur, maintenant)
    return conflits


def revenir_au_texte_national(*, academie: Academie, code: str, auteur: Utilisateur) -> None:
    """Asked twice, it is done once; the history keeps the académie's words."""
    with acte("revenir_au_texte_national", auteur):
        PropositionAdaptee.objects.filter(academie=academie, code=code).delete()


def _conflits_des_fourchettes(
    base: TexteDeProposition, mien: TexteDeProposition, actuel: TexteDeProposition
) -> dict[str, Conflit]:
    """The least that one wrote is above the most that the other did."""
    return {
        champ: Conflit(getattr(base, champ), getattr(mien, champ), getattr(actuel, champ))
        for couple in LIES
        for champ in couple
        if getattr(mien, champ) != getattr(actuel, champ)
    }


def _ecrire(
    academie: Academie,
    nationale: Proposition,
    adaptee: PropositionAdaptee | None,
    texte: TexteDeProposition,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> None:
    if texte == nationale.texte:
        PropositionAdaptee.objects.filter(academie=academie, code=nationale.code).delete()
        return
    valeurs = asdict(texte) | {"comment": list(texte.comment), "modifiee_par": auteur, "modifiee_le": maintenant}
    PropositionAdaptee.objects.update_or_create(
        academie=academie,
        code=nationale.code,
        defaults=valeurs | {"version": adaptee.version + 1 if adaptee else 1},
    )
