"""Success factors: what shows, in words, that an action succeeds."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass

from plans.domain.actions import verrouiller_action
from plans.domain.indicateurs import VersionDepassee, donner_des_nouvelles
from plans.models import Action, FacteurReussite
from plans.rules.indicateurs import defauts_du_facteur, empechement_un_facteur_de_plus
from strategie.socle.domain.empechement import SaisieRefusee, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur


@dataclass(frozen=True)
class SaisieFacteur:
    texte: str
    atteint: str = ""
    preuve: str = ""


class FacteurChange(VersionDepassee):
    """`actuel`: the factor as it is kept now, None when it was taken away."""


def lire_facteur(facteur: FacteurReussite) -> SaisieFacteur:
    return SaisieFacteur(facteur.texte, facteur.atteint, facteur.preuve)


def ajouter_facteur(
    *, action: Action, saisie: SaisieFacteur, auteur: Utilisateur, maintenant: datetime.datetime
) -> FacteurReussite:
    """Sent twice, the same words are one factor. Raises Empeche."""
    _verifier(saisie)
    with acte("ajouter_facteur", auteur):
        tenue = verrouiller_action(action.pk)
        siens = list(tenue.facteurs.all())
        for facteur in siens:
            if facteur.texte == saisie.texte:
                return facteur
        refuser(empechement_un_facteur_de_plus(len(siens)))
        _dire(tenue, maintenant)
        cree: FacteurReussite = tenue.facteurs.create(**asdict(saisie))
        return cree


def modifier_facteur(
    *,
    facteur: FacteurReussite,
    version: int,
    saisie: SaisieFacteur,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> FacteurReussite:
    """`version`: the one that the page showed. Raises FacteurChange, with nothing written, when it is another."""
    _verifier(saisie)
    with acte("modifier_facteur", auteur):
        tenue = verrouiller_action(facteur.action_id)
        actuel = _actuel(facteur, version)
        if lire_facteur(actuel) != saisie:
            for champ, valeur in asdict(saisie).items():
                setattr(actuel, champ, valeur)
            actuel.version += 1
            actuel.save()
            _dire(tenue, maintenant)
    return actuel


def retirer_facteur(*, facteur: FacteurReussite, version: int, auteur: Utilisateur) -> None:
    """Its history stays. Raises FacteurChange."""
    with acte("retirer_facteur", auteur):
        verrouiller_action(facteur.action_id)
        _actuel(facteur, version).delete()


def _verifier(saisie: SaisieFacteur) -> None:
    if defauts := defauts_du_facteur(saisie.texte, saisie.atteint, saisie.preuve):
        raise SaisieRefusee(defauts)


def _actuel(facteur: FacteurReussite, version: int) -> FacteurReussite:
    """As it is kept; its action is held, hence nobody else writes."""
    actuel = FacteurReussite.objects.filter(pk=facteur.pk).first()
    if actuel is None or actuel.version != version:
        raise FacteurChange(actuel)
    return actuel


def _dire(action: Action, maintenant: datetime.datetime) -> None:
    donner_des_nouvelles(action, maintenant.astimezone(action.etablissement.academie.zone).date())
