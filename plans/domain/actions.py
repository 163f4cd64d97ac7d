"""Actions: written by several people, published once nothing lacks, followed to their end."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db.models import F

from plans.domain.corbeille import mettre_a_la_corbeille
from plans.domain.verrou import verrouiller_le_plan
from plans.models import Action, Contribution, Participation, Suivi
from plans.queries.actions import action_a_publier, cadre_de_l_action, etat_a_la_version, sous_actions_ouvertes
from plans.rules.actions import (
    BROUILLON,
    EN_CORBEILLE,
    Cadre,
    defauts_de_la_saisie,
    empechement_changer_etat,
    empechement_parent,
    empechement_publier,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

ENSEMBLES = ("axes", "contributeurs", "groupes")
# Fields whose values must agree: apart, two people's changes may be right and their sum wrong.
LIES = (
    frozenset({"porteur", "fonction_porteuse", "contributeurs"}),
    frozenset({"annee_scolaire", "trimestre", "annee_fin", "trimestre_fin", "echeance"}),
)
DEJA_CREEE = (
    "Une action a déjà été créée depuis cette page, avec d'autres mots. S'il s'agit d'une autre action, enregistrez de "
    "nouveau\u00a0; sinon, modifiez celle du plan."
)
ETAT_CHANGE = (
    "L'action a changé pendant que vous écriviez\u00a0: elle est maintenant «\u00a0{etat}\u00a0». Vérifiez, puis "
    "enregistrez de nouveau."
)


@dataclass(frozen=True)
class SaisieAction:
    """What a form says of an action."""

    levier: str
    intitule: str
    description: str
    axes: frozenset[int]
    porteur: int | None
    fonction_porteuse: str
    contributeurs: frozenset[int]
    autres_contributeurs: str
    groupes: tuple[str, ...]
    autres_concernes: str
    annee_scolaire: str
    trimestre: int | None
    annee_fin: str
    trimestre_fin: int | None
    echeance: datetime.date | None


CHAMPS = tuple(champ.name for champ in fields(SaisieAction))
COLONNES = tuple(champ for champ in CHAMPS if champ not in ("axes", "contributeurs", "porteur"))


@dataclass(frozen=True)
class Modification:
    """The action as it is now, and what somebody else has changed in another way; then nothing was written."""

    action: Action
    conflits: Mapping[str, Conflit]


def lire_saisie(action: Action) -> SaisieAction:
    """The action as it is kept."""
    return SaisieAction(
        axes=frozenset(action.contributions.values_list("axe", flat=True)),
        porteur=action.porteur_id,
        contributeurs=frozenset(action.participations.values_list("utilisateur", flat=True)),
        **{champ: getattr(action, champ) for champ in COLONNES} | {"groupes": tuple(action.groupes)},
    )


# --- Writing one ---------------------------------------------------------------------------------------------
def creer_action(
    *,
    etablissement: Etablissement,
    saisie: SaisieAction,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    parent: Action | None = None,
    modele: str = "",
    cle: uuid.UUID | None = None,
) -> Action:
    """In draft. A form sent twice (same `cle`, same words) is one action. Raises Empeche."""
    jour = _jour(etablissement, maintenant)
    with acte("creer_action", auteur):
        refuser(empechement_ecrire(etablissement))
        if parent is not None:
            parent = verrouiller_action(parent.pk)
            refuser(empechement_parent(parent))
        _verifier(saisie, cadre_de_l_action(etablissement, jour, sous_action=parent is not None))
        action, creee = Action.objects.get_or_create(
            cle=cle or uuid.uuid4(),
            defaults=_valeurs(saisie)
            | {
                "etablissement": etablissement,
                "parent": parent,
                "modele": modele,
                "derniere_nouvelle": jour,
                "cree_par": auteur,
                "cree_le": maintenant,
                "modifiee_le": maintenant,
            },
        )
        if creee:
            _relier(action, saisie)
        elif (action.etablissement_id, action.cree_par_id) != (etablissement.pk, auteur.pk) or (
            lire_saisie(action) != saisie
        ):
            raise Empeche(DEJA_CREEE)
    return action


def modifier_action(
    *, action: Action, base: SaisieAction, saisie: SaisieAction, auteur: Utilisateur, maintenant: datetime.datetime
) -> Modification:
    """Write what changed between `base`, that the form showed, and `saisie`; what others changed meanwhile stays.
    With a conflict nothing is written. Raises Empeche.
    """
    with acte("modifier_action", auteur):
        tenue = verrouiller_action(action.pk)
        cadre = cadre_de_l_action(
            tenue.etablissement, _jour(tenue.etablissement, maintenant), tenue, sous_action=tenue.parent_id is not None
        )
        _verifier(saisie, cadre)
        actuelle = lire_saisie(tenue)
        fusionnee, conflits = fusionner_saisies(base, saisie, actuelle, cadre)
        if not conflits and fusionnee != actuelle:
            _ecrire(tenue, maintenant, **_valeurs(fusionnee))
            _relier(tenue, fusionnee)
    return Modification(tenue, conflits)


def fusionner_saisies(
    base: SaisieAction, mienne: SaisieAction, actuelle: SaisieAction, cadre: Cadre
) -> tuple[SaisieAction, Mapping[str, Conflit]]:
    """Three-way merge, field by field; several choices are merged choice by choice, and never conflict. What is right
    apart and wrong together (a person and a function, an end before the start) is a conflict too.
    """
    fusion = fusionner(*({champ: getattr(saisie, champ) for champ in CHAMPS} for saisie in (base, mienne, actuelle)))
    ensembles = {champ: _reunir(*(getattr(s, champ) for s in (base, mienne, actuelle))) for champ in ENSEMBLES}
    fusionnee = replace(actuelle, **dict(fusion.valeurs) | ensembles)
    conflits = {champ: conflit for champ, conflit in fusion.conflits.items() if champ not in ENSEMBLES}
    conflits = conflits or _conflits_de_la_somme(defauts_de_la_saisie(fusionnee, cadre), base, mienne, actuelle)
    return (actuelle if conflits else fusionnee), conflits


def _reunir(base: Collection[Any], mien: Collection[Any], actuel: Collection[Any]) -> Collection[Any]:
    """What is kept now, with what I ticked and without what I unticked; in its own order, then mine."""
    gardes = [choix for choix in actuel if choix in mien or choix not in base]
    ajouts = [choix for choix in mien if choix not in base and choix not in gardes]
    return frozenset([*gardes, *ajouts]) if isinstance(actuel, frozenset) else (*gardes, *ajouts)


def _conflits_de_la_somme(
    defauts: Mapping[str, str], base: SaisieAction, mienne: SaisieAction, actuelle: SaisieAction
) -> dict[str, Conflit]:
    """The fields that must agree, when they do not, are shown as if both people had changed each."""
    lies = frozenset[str]().union(*(groupe for groupe in LIES if groupe & defauts.keys()))
    return {
        champ: Conflit(getattr(base, champ), getattr(mienne, champ), getattr(actuelle, champ))
        for champ in CHAMPS
        if champ in lies and getattr(mienne, champ) != getattr(actuelle, champ)
    }


def rattacher_action(
    *, action: Action, parent: Action | None, auteur: Utilisateur, maintenant: datetime.datetime
) -> None:
    """Make it part of another one, whose axes it then serves, or an action of its own. Raises Empeche."""
    with acte("rattacher_action", auteur):
        # Both rows, always in the same order: two people who tie A to B and B to A wait for each other.
        tenues = {cle: verrouiller_action(cle) for cle in sorted({action.pk, *([parent.pk] if parent else [])})}
        tenue, dessus = tenues[action.pk], tenues[parent.pk] if parent else None
        siennes = tenue.sous_actions.vivants().exists()
        refuser(empechement_parent(dessus, action=tenue.pk, a_des_sous_actions=siennes))
        if dessus is not None:
            tenue.contributions.all().delete()
        _ecrire(tenue, maintenant, parent=dessus)


# --- States --------------------------------------------------------------------------------------------------
def publier_action(*, action: Action, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Out of draft, for the whole plan to show; asked twice, it is done once. Raises Empeche, which says all that
    lacks.
    """
    with acte("publier_action", auteur):
        tenue = verrouiller_action(action.pk)
        if tenue.etat == BROUILLON:
            refuser(empechement_publier(action_a_publier(tenue)))
            _passer(tenue, Action.Etat.A_VENIR, "", auteur, maintenant)


def changer_etat(
    *,
    action: Action,
    etat: str,
    raison: str,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    version: int | None = None,
) -> None:
    """A new state with its reason, or a note on the one it has; a line is added to its trail.

    `version` is the one that the page showed: when the state has changed since, nothing is written. Raises Empeche.
    """
    with acte("changer_etat", auteur):
        tenue = verrouiller_action(action.pk)
        if version is not None and version != tenue.version and etat_a_la_version(tenue, version) != tenue.etat:
            raise Empeche(ETAT_CHANGE.format(etat=tenue.get_etat_display()))
        ouvertes = sous_actions_ouvertes(tenue) if etat == Action.Etat.REALISEE else []
        refuser(empechement_changer_etat(tenue.etat, etat, raison, ouvertes=ouvertes))
        _passer(tenue, Action.Etat(etat), raison, auteur, maintenant)


def retirer_action(
    *, action: Action, avec_sous_actions: bool, auteur: Utilisateur, maintenant: datetime.datetime
) -> None:
    """To the bin; its sub-actions go along, and only when that is said. Raises Empeche."""
    with acte("retirer_action", auteur):
        verrouiller_le_plan(action.etablissement)  # as the year's turn, which takes the same actions in another order
        tenue = verrouiller_action(action.pk)
        siennes = tenue.sous_actions.vivants()
        if not avec_sous_actions and siennes.exists():
            raise Empeche("Cette action a des sous-actions\u00a0: dites qu'elles vont à la corbeille avec elle.")
        siennes.update(supprime_le=maintenant, supprime_par=auteur, version=F("version") + 1)
        mettre_a_la_corbeille(objet=tenue, auteur=auteur, maintenant=maintenant)


# --- What they share -----------------------------------------------------------------------------------------
def _jour(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()


def verrouiller_action(cle: int) -> Action:
    """As it is kept, held until the end of the transaction. Raises Empeche when it is in the bin, or destroyed, or its
    school closed.
    """
    tenue = (
        Action.objects.select_for_update(no_key=True, of=("self",))
        .select_related("etablissement__academie", "parent")
        .filter(pk=cle)
        .first()
    )
    if tenue is None or tenue.supprime_le is not None:
        raise Empeche(EN_CORBEILLE)
    refuser(empechement_ecrire(tenue.etablissement))
    return tenue


def _verifier(saisie: SaisieAction, cadre: Cadre) -> None:
    if defauts := defauts_de_la_saisie(saisie, cadre):
        raise SaisieRefusee(defauts)


def _valeurs(saisie: SaisieAction) -> dict[str, object]:
    """The columns of the action's own table."""
    return {champ: getattr(saisie, champ) for champ in COLONNES} | {
        "groupes": list(saisie.groupes),
        "porteur_id": saisie.porteur,
    }


def _ecrire(action: Action, maintenant: datetime.datetime, **valeurs: object) -> None:
    for nom, valeur in valeurs.items():
        setattr(action, nom, valeur)
    action.version += 1
    action.modifiee_le = maintenant
    action.save()


def _relier(action: Action, saisie: SaisieAction) -> None:
    """Its axes and contributors: what goes, goes; what comes, comes; the rest is not touched."""
    action.contributions.exclude(axe__in=saisie.axes).delete()
    action.participations.exclude(utilisateur__in=saisie.contributeurs).delete()
    axes = saisie.axes - set(action.contributions.values_list("axe", flat=True))
    personnes = saisie.contributeurs - set(action.participations.values_list("utilisateur", flat=True))
    Contribution.objects.bulk_create(Contribution(action=action, axe_id=axe) for axe in sorted(axes))
    Participation.objects.bulk_create(Participation(action=action, utilisateur_id=p) for p in sorted(personnes))


def _passer(action: Action, etat: Action.Etat, raison: str, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """One line more in the trail, and the state that it says."""
    Suivi.objects.create(
        action=action, etat_avant=action.etat, etat=etat, note=raison, note_par=auteur, note_le=maintenant
    )
    gardee = action.raison if etat == action.etat and etat not in Action.A_RAISON else raison
    _ecrire(
        action,
        maintenant,
        etat=etat,
        raison=gardee if etat in Action.A_RAISON else "",
        derniere_nouvelle=_jour(action.etablissement, maintenant),
    )
