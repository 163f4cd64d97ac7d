"""From an académie's priorities to a district's project, and to what each school makes of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import F

from plans.domain.verrou import verrouiller_le_plan
from plans.models import Axe, AxeDistrict, PrioriteAcademique, Rattachement
from plans.rules.cascade import (
    AXE_ABSENT,
    AXE_RETIRE,
    PRIORITE_ABSENTE,
    PRIORITE_RETIREE,
    SERVI,
    empechement_annee,
    empechement_dire,
    empechement_repondre,
    empechement_servir_la_priorite,
)
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, District, Etablissement, Utilisateur

Conflits = Mapping[str, Conflit]


@dataclass(frozen=True)
class SaisiePriorite:
    annee_scolaire: str
    intitule: str
    precision: str = ""


@dataclass(frozen=True)
class SaisieAxeDistrict:
    """`priorite`: the key of the one it serves, if any."""

    annee_scolaire: str
    priorite: int | None
    theme: str
    intitule: str
    precision: str = ""


@dataclass(frozen=True)
class SaisieRattachement:
    """`axe`: the key of the school's own that serves it."""

    reponse: str = ""
    axe: int | None = None
    motif: str = ""


# --- The académie's priorities ---------------------------------------------------------------------------------
def lire_priorite(priorite: PrioriteAcademique) -> SaisiePriorite:
    return SaisiePriorite(priorite.annee_scolaire, priorite.intitule, priorite.precision)


def fixer_priorite(
    *, academie: Academie, saisie: SaisiePriorite, auteur: Utilisateur, maintenant: datetime.datetime
) -> PrioriteAcademique:
    """Fixed twice in the same words, it is there once. Raises Empeche."""
    refuser(empechement_annee(saisie.annee_scolaire, _jour(academie, maintenant)))
    with acte("fixer_priorite", auteur):
        Academie.objects.select_for_update(no_key=True).get(pk=academie.pk)
        dite = {"academie": academie, **asdict(saisie)}
        deja = PrioriteAcademique.objects.filter(retiree_le=None, **dite).first()
        return deja or PrioriteAcademique.objects.create(fixee_par=auteur, fixee_le=maintenant, **dite)


def modifier_priorite(
    *,
    priorite: PrioriteAcademique,
    base: SaisiePriorite,
    saisie: SaisiePriorite,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Conflits:
    """Write what changed since `base`; with a conflict, that is given, nothing is written. Raises Empeche."""
    refuser(empechement_annee(saisie.annee_scolaire, _jour(priorite.academie, maintenant)))
    with acte("modifier_priorite", auteur):
        tenue = PrioriteAcademique.objects.select_for_update(no_key=True).get(pk=priorite.pk)
        refuser(PRIORITE_RETIREE if tenue.retiree_le else None)
        actuelle = asdict(lire_priorite(tenue))
        fusion = fusionner(asdict(base), asdict(saisie), actuelle)
        if fusion.possible and fusion.valeurs != actuelle:
            PrioriteAcademique.objects.filter(pk=tenue.pk).update(version=F("version") + 1, **fusion.valeurs)
        return fusion.conflits


def retirer_priorite(*, priorite: PrioriteAcademique, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """The axes that serve it stay; asked twice, it is done once."""
    with acte("retirer_priorite", auteur):
        PrioriteAcademique.objects.filter(pk=priorite.pk, retiree_le=None).update(
            retiree_le=maintenant, version=F("version") + 1
        )


def retablir_priorite(*, priorite: PrioriteAcademique, auteur: Utilisateur) -> None:
    with acte("retablir_priorite", auteur):
        PrioriteAcademique.objects.filter(pk=priorite.pk, retiree_le__isnull=False).update(
            retiree_le=None, version=F("version") + 1
        )


# --- A district's project ---------------------------------------------------------------------------------------
def lire_axe_district(axe: AxeDistrict) -> SaisieAxeDistrict:
    return SaisieAxeDistrict(axe.annee_scolaire, axe.priorite_id, axe.theme, axe.intitule, axe.precision)


def fixer_axe_district(
    *, district: District, saisie: SaisieAxeDistrict, auteur: Utilisateur, maintenant: datetime.datetime
) -> AxeDistrict:
    """Fixed twice in the same words, it is there once. Raises Empeche."""
    refuser(empechement_annee(saisie.annee_scolaire, _jour(district.academie, maintenant)))
    with acte("fixer_axe_district", auteur):
        District.objects.select_for_update(no_key=True).get(pk=district.pk)
        _verifier_la_priorite(district, saisie.priorite)
        dit = {"district": district, **_colonnes(saisie)}
        deja = AxeDistrict.objects.filter(retire_le=None, **dit).first()
        return deja or AxeDistrict.objects.create(fixe_par=auteur, fixe_le=maintenant, **dit)


def modifier_axe_district(
    *,
    axe: AxeDistrict,
    base: SaisieAxeDistrict,
    saisie: SaisieAxeDistrict,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Conflits:
    """Write what changed since `base`; with a conflict, that is given, nothing is written. Raises Empeche."""
    refuser(empechement_annee(saisie.annee_scolaire, _jour(axe.district.academie, maintenant)))
    with acte("modifier_axe_district", auteur):
        tenu = AxeDistrict.objects.select_for_update(no_key=True).get(pk=axe.pk)
        refuser(AXE_RETIRE if tenu.retire_le else None)
        actuel = asdict(lire_axe_district(tenu))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        voulu = SaisieAxeDistrict(**fusion.valeurs)
        if fusion.possible and fusion.valeurs != actuel:
            if voulu.priorite != tenu.priorite_id:
                _verifier_la_priorite(axe.district, voulu.priorite)
            AxeDistrict.objects.filter(pk=tenu.pk).update(version=F("version") + 1, **_colonnes(voulu))
        return fusion.conflits


def retirer_axe_district(*, axe: AxeDistrict, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """What the schools said of it stays, « orphelin »; asked twice, it is done once."""
    with acte("retirer_axe_district", auteur):
        AxeDistrict.objects.filter(pk=axe.pk, retire_le=None).update(retire_le=maintenant, version=F("version") + 1)


def retablir_axe_district(*, axe: AxeDistrict, auteur: Utilisateur) -> None:
    with acte("retablir_axe_district", auteur):
        AxeDistrict.objects.filter(pk=axe.pk, retire_le__isnull=False).update(retire_le=None, version=F("version") + 1)


# --- What a school makes of it ----------------------------------------------------------------------------------
def lire_rattachement(rattachement: Rattachement | None) -> SaisieRattachement:
    """Empty as long as the school has said nothing."""
    if rattachement is None:
        return SaisieRattachement()
    return SaisieRattachement(rattachement.reponse, rattachement.axe_id, rattachement.motif)


def dire_rattachement(
    *,
    etablissement: Etablissement,
    axe_district: AxeDistrict,
    base: SaisieRattachement,
    saisie: SaisieRattachement,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Conflits:
    """An answer holds together: when somebody else has given another one since `base`, nothing is written, and what
    differs is given. Raises Empeche.
    """
    with acte("dire_rattachement", auteur):
        verrouiller_le_plan(etablissement)  # two first answers at once wait for each other
        lu = AxeDistrict.objects.get(pk=axe_district.pk)
        refuser(empechement_repondre(etablissement, lu))
        voulue = SaisieRattachement(saisie.reponse, saisie.axe if saisie.reponse == SERVI else None, saisie.motif)
        axe = _axe(etablissement, voulue.axe)
        refuser(empechement_dire(etablissement, voulue.reponse, axe, voulue.motif))
        tenu = Rattachement.objects.filter(etablissement=etablissement, axe_district=lu).first()
        actuelle = lire_rattachement(tenu)
        if actuelle not in (base, voulue):
            return _differences(base, voulue, actuelle)
        if actuelle != voulue:
            _repondre(etablissement, lu, tenu, voulue, auteur, maintenant)
        return {}


def _repondre(
    etablissement: Etablissement,
    axe_district: AxeDistrict,
    tenu: Rattachement | None,
    voulue: SaisieRattachement,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> None:
    valeurs: dict[str, Any] = {"reponse": voulue.reponse, "axe_id": voulue.axe, "motif": voulue.motif}
    valeurs |= {"dit_par": auteur, "dit_le": maintenant}
    if tenu is None:
        Rattachement.objects.create(etablissement=etablissement, axe_district=axe_district, **valeurs)
    else:
        siens = Rattachement.objects.filter(pk=tenu.pk, version=tenu.version)
        siens.update(version=F("version") + 1, **valeurs)


def _differences(base: SaisieRattachement, mienne: SaisieRattachement, actuelle: SaisieRattachement) -> Conflits:
    lue, mise, tenue = asdict(base), asdict(mienne), asdict(actuelle)
    return {nom: Conflit(lue[nom], mise[nom], tenue[nom]) for nom in tenue if mise[nom] != tenue[nom]}


def _axe(etablissement: Etablissement, cle: int | None) -> Axe | None:
    if cle is None:
        return None
    axe = Axe.objects.vivants().filter(etablissement=etablissement, pk=cle).first()
    if axe is None:
        raise Empeche(AXE_ABSENT)
    return axe


def _verifier_la_priorite(district: District, cle: int | None) -> None:
    """Held until the end of the act, so that it is not retired meanwhile."""
    if cle is None:
        return
    priorite = PrioriteAcademique.objects.select_for_update(no_key=True).filter(pk=cle).first()
    refuser(empechement_servir_la_priorite(district, priorite) if priorite else PRIORITE_ABSENTE)


def _colonnes(saisie: SaisieAxeDistrict) -> dict[str, object]:
    valeurs = asdict(saisie)
    return {"priorite_id": valeurs.pop("priorite"), **valeurs}


def _jour(academie: Academie, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(academie.zone).date()
