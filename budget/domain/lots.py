"""Lots: what came together for one use."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import F

from budget.domain.equipements import SaisieEquipement, Tenant, ajouter_equipements
from budget.models import Equipement, Lot
from budget.rules.lots import ACTION_D_AILLEURS, DEJA, DISPARU
from plans.models import Action
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire


@dataclass(frozen=True)
class SaisieLot:
    """`action` is the key of the action of the plan that the lot serves."""

    intitule: str
    usage_prevu: str = ""
    public: str = ""
    frequence_prevue: str = ""
    action: int | None = None


def lire_lot(lot: Lot) -> SaisieLot:
    return SaisieLot(lot.intitule, lot.usage_prevu, lot.public, lot.frequence_prevue, lot.action_id)


def creer_lot(
    *, etablissement: Etablissement, saisie: SaisieLot, auteur: Utilisateur, maintenant: datetime.datetime
) -> Lot:
    """Raises Empeche, when the name is taken first."""
    refuser(empechement_ecrire(etablissement))
    with acte("creer_lot", auteur):
        refuser(_empechement_action(etablissement, saisie.action))
        refuser(DEJA if _de_ce_nom(etablissement, saisie.intitule) else None)
        try:
            return Lot.objects.create(
                etablissement=etablissement, cree_par=auteur, cree_le=maintenant, **_valeurs(asdict(saisie))
            )
        except IntegrityError as doublon:  # named by somebody else at the same moment
            raise Empeche(DEJA) from doublon


def modifier_lot(*, lot: Lot, base: SaisieLot, saisie: SaisieLot, auteur: Utilisateur) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back, and nothing is written. Raises
    Empeche.
    """
    refuser(empechement_ecrire(lot.etablissement))
    with acte("modifier_lot", auteur):
        tenu = Lot.objects.vivants().select_for_update(no_key=True).filter(pk=lot.pk).first()
        if tenu is None:
            raise Empeche(DISPARU)
        actuel = asdict(lire_lot(tenu))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        if not fusion.possible or fusion.valeurs == actuel:
            return fusion.conflits
        if fusion.valeurs["action"] != actuel["action"]:
            refuser(_empechement_action(lot.etablissement, fusion.valeurs["action"]))
        try:
            Lot.objects.filter(pk=tenu.pk).update(version=F("version") + 1, **_valeurs(fusion.valeurs))
        except IntegrityError as doublon:
            raise Empeche(DEJA) from doublon
    return {}


def recevoir(
    *,
    etablissement: Etablissement,
    saisie: SaisieEquipement,
    nouveau_lot: str,
    nombre: int,
    cle: uuid.UUID,
    tenant: Tenant,
    maintenant: datetime.datetime,
    series: Sequence[str] = (),
    etiquettes: Sequence[str] = (),
) -> list[Equipement]:
    """Things arrive, in a lot that is named as they do: the one of that name when there is one. Raises Empeche."""
    with transaction.atomic():
        if nouveau_lot:
            lot = _de_ce_nom(etablissement, nouveau_lot) or creer_lot(
                etablissement=etablissement,
                saisie=SaisieLot(nouveau_lot),
                auteur=tenant.personne,
                maintenant=maintenant,
            )
            saisie = replace(saisie, lot=lot.pk)
        return ajouter_equipements(
            etablissement=etablissement,
            saisie=saisie,
            nombre=nombre,
            series=series,
            etiquettes=etiquettes,
            cle=cle,
            tenant=tenant,
            maintenant=maintenant,
        )


def _de_ce_nom(etablissement: Etablissement, intitule: str) -> Lot | None:
    return Lot.objects.vivants().filter(etablissement=etablissement, intitule__iexact=intitule).first()


def _empechement_action(etablissement: Etablissement, action: int | None) -> str | None:
    if action is None:
        return None
    siennes = Action.objects.vivants().filter(etablissement=etablissement, pk=action)
    return None if siennes.exists() else ACTION_D_AILLEURS


def _valeurs(saisie: Mapping[str, object]) -> dict[str, object]:
    return {("action_id" if nom == "action" else nom): valeur for nom, valeur in saisie.items()}
