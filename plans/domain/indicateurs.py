"""The indicators of an action: three at most, written by several people."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal

from plans.domain.actions import verrouiller_action
from plans.domain.corbeille import mettre_a_la_corbeille
from plans.models import Action, Experimentation, FacteurReussite, IndicateurSuivi, Releve
from plans.queries.indicateurs import mesures_de
from plans.queries.mesures import Mesure
from plans.rules.indicateurs import (
    defauts_de_l_indicateur,
    empechement_changer_de_mesure,
    empechement_incomplet,
    empechement_retirer_indicateur,
    empechement_un_indicateur_de_plus,
    manques_de_l_indicateur,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

# Fields whose values must agree: apart, two people's changes may be right and their sum wrong.
LIES = ("depart", "depart_le", "cible", "cible_le", "sens")
MESURE_INCONNUE = "Cette valeur n'est pas, ou n'est plus, tenue par Paliers."
A_LA_CORBEILLE = "Cet indicateur, ou son action, est à la corbeille\u00a0: restaurez-le d'abord."

CHANGE_ENTRE_TEMPS = "Quelqu'un d'autre a écrit pendant que vous écriviez\u00a0: rien n'est enregistré."
DISPARU_ENTRE_TEMPS = "Quelqu'un d'autre l'a retiré pendant que vous écriviez\u00a0: rien n'est enregistré."


@dataclass(frozen=True)
class SaisieIndicateur:
    """What a form says of an indicator; `mesure`: the code of the value that the system reads, or nothing."""

    intitule: str
    unite: str
    depart: Decimal | None
    depart_le: datetime.date | None
    cible: Decimal | None
    cible_le: datetime.date | None
    sens: str
    source: str
    responsable: str
    cadence: str
    agregation: str
    mesure: str


CHAMPS = tuple(champ.name for champ in fields(SaisieIndicateur))


class VersionDepassee(Empeche):
    """Somebody else has written since the page was shown: `actuel` is what is kept now, None when it has gone."""

    def __init__(self, actuel: FacteurReussite | Experimentation | None) -> None:
        super().__init__(CHANGE_ENTRE_TEMPS if actuel else DISPARU_ENTRE_TEMPS)
        self.actuel = actuel


@dataclass(frozen=True)
class Modification:
    """The indicator as it is now, and what somebody else has changed in another way; then nothing was written."""

    indicateur: IndicateurSuivi
    conflits: Mapping[str, Conflit]


def lire_saisie(indicateur: IndicateurSuivi) -> SaisieIndicateur:
    return SaisieIndicateur(**{champ: getattr(indicateur, champ) for champ in CHAMPS})


def ajouter_indicateur(
    *, action: Action, saisie: SaisieIndicateur, auteur: Utilisateur, maintenant: datetime.datetime
) -> IndicateurSuivi:
    """Sent twice, the same words are one indicator. Raises Empeche; SaisieRefusee says which fields are wrong."""
    with acte("ajouter_indicateur", auteur):
        tenue = verrouiller_action(action.pk)
        saisie = _verifiee(saisie, tenue, maintenant)
        suivis = list(tenue.indicateurs.vivants())
        for suivi in suivis:
            if lire_saisie(suivi) == saisie:
                return suivi
        refuser(empechement_un_indicateur_de_plus(len(suivis)))
        cree: IndicateurSuivi = tenue.indicateurs.create(**asdict(saisie))
        return cree


def modifier_indicateur(
    *,
    indicateur: IndicateurSuivi,
    base: SaisieIndicateur,
    saisie: SaisieIndicateur,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Modification:
    """Write what changed between `base`, that the form showed, and `saisie`; what others changed meanwhile stays.
    With a conflict nothing is written. Raises Empeche.
    """
    with acte("modifier_indicateur", auteur):
        action = verrouiller_action(indicateur.action_id)
        tenu = verrouiller_indicateur(indicateur.pk)
        actuelle = lire_saisie(tenu)
        saisie = _verifiee(saisie, action, maintenant, deja=tenu.mesure)
        fusion = fusionner(asdict(base), asdict(saisie), asdict(actuelle))
        fusionnee, conflits = replace(actuelle, **fusion.valeurs), dict(fusion.conflits)
        if not conflits and defauts_de_l_indicateur(fusionnee, _jour(action.etablissement, maintenant)):
            conflits = _conflits_des_champs_lies(base, saisie, actuelle)
        if not conflits and fusionnee != actuelle:
            _ecrire(tenu, _verifiee(fusionnee, action, maintenant, deja=tenu.mesure))
    return Modification(tenu, conflits)


def retirer_indicateur(*, indicateur: IndicateurSuivi, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """To the bin, with its readings; held with its action, which keeps one once it is published. Raises Empeche."""
    with acte("retirer_indicateur", auteur):
        verrouiller_action(indicateur.action_id)
        tenu = verrouiller_indicateur(indicateur.pk)
        refuser(empechement_retirer_indicateur(tenu))
        mettre_a_la_corbeille(objet=tenu, auteur=auteur, maintenant=maintenant)


def _conflits_des_champs_lies(
    base: SaisieIndicateur, mienne: SaisieIndicateur, actuelle: SaisieIndicateur
) -> dict[str, Conflit]:
    """Both are right apart, and wrong together: they are shown as if both had changed each."""
    return {
        champ: Conflit(getattr(base, champ), getattr(mienne, champ), getattr(actuelle, champ))
        for champ in LIES
        if getattr(mienne, champ) != getattr(actuelle, champ)
    }


def _ecrire(indicateur: IndicateurSuivi, saisie: SaisieIndicateur) -> None:
    saisis = indicateur.releves.exclude(origine=Releve.Origine.PALIERS).count()
    refuser(empechement_changer_de_mesure(indicateur.mesure, saisie.mesure, saisis))
    if indicateur.mesure != saisie.mesure:  # what was kept of the other one
        indicateur.releves.filter(origine=Releve.Origine.PALIERS).delete()
    for champ, valeur in asdict(saisie).items():
        setattr(indicateur, champ, valeur)
    indicateur.version += 1
    indicateur.save()


def _verifiee(
    saisie: SaisieIndicateur, action: Action, maintenant: datetime.datetime, deja: str = ""
) -> SaisieIndicateur:
    """With what the system says of the value that it reads; `deja`: the one it reads now, whoever computes it.
    Raises Empeche.
    """
    if saisie.mesure:
        mesure = mesures_de(action.etablissement).get(saisie.mesure)
        if mesure is None and saisie.mesure != deja:
            raise SaisieRefusee({"mesure": MESURE_INCONNUE})
        saisie = completee(saisie, mesure) if mesure else saisie
    if defauts := defauts_de_l_indicateur(saisie, _jour(action.etablissement, maintenant)):
        raise SaisieRefusee(defauts)
    if action.publiee:
        refuser(empechement_incomplet(manques_de_l_indicateur(saisie)))
    return saisie


def completee(saisie: SaisieIndicateur, mesure: Mesure) -> SaisieIndicateur:
    """A value that the system reads has its own unit, direction, source and cadence, and nobody to read it."""
    return replace(
        saisie,
        intitule=saisie.intitule or mesure.libelle,
        unite=mesure.unite,
        sens=mesure.sens,
        source=mesure.source,
        cadence=mesure.cadence,
        responsable="Paliers",
        agregation=saisie.agregation if mesure.s_agrege else IndicateurSuivi.Agregation.AUCUNE,
    )


# --- What readings and factors need too ---------------------------------------------------------------------
def verrouiller_indicateur(cle: int) -> IndicateurSuivi:
    """Raises Empeche when it, or its action, is in the bin, or destroyed, or its school closed."""
    tenu = (
        IndicateurSuivi.objects.select_for_update(no_key=True, of=("self",))
        .select_related("action__etablissement__academie")
        .filter(pk=cle)
        .first()
    )
    if tenu is None or tenu.supprime_le or tenu.action.supprime_le:
        raise Empeche(A_LA_CORBEILLE)
    refuser(empechement_ecrire(tenu.action.etablissement))
    return tenu


def donner_des_nouvelles(action: Action, jour: datetime.date) -> None:
    """Something was said of the action on `jour`: it is not silent."""
    Action.objects.filter(pk=action.pk, derniere_nouvelle__lt=jour).update(derniere_nouvelle=jour)


def _jour(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()
