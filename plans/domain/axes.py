"""Opening axes, changing them, closing them: what a school wants to improve, and the needs that this answers."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F

from plans.domain.corbeille import mettre_a_la_corbeille
from plans.domain.liens import fusionner_avec_choix
from plans.domain.verrou import verrouiller_le_plan
from plans.models import Axe, Besoin, Justification
from plans.rules.axes import (
    AXES_PAR_AN,
    BESOIN_ABSENT,
    empechement_annee_de_l_axe,
    empechement_axe_de_plus,
    empechement_modifier_axe,
)
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class SaisieAxe:
    """What a form says of an axe; `besoins` are keys."""

    theme: str
    intitule: str
    precision: str = ""
    raison_de_plus: str = ""
    besoins: frozenset[int] = frozenset()


def lire_axe(axe: Axe) -> SaisieAxe:
    """The axe as it is kept; a need in the bin is linked still."""
    return SaisieAxe(
        theme=axe.theme,
        intitule=axe.intitule,
        precision=axe.precision,
        raison_de_plus=axe.raison_de_plus,
        besoins=frozenset(axe.justifications.values_list("besoin", flat=True)),
    )


def ouvrir_axe(
    *, etablissement: Etablissement, annee: str, saisie: SaisieAxe, auteur: Utilisateur, maintenant: datetime.datetime
) -> tuple[Axe, bool]:
    """The axe, and whether it was not there yet: asked twice in the same words, it is opened once. Raises Empeche,
    from the fourth of a school year on when no reason is written.
    """
    [ouvert] = ouvrir_axes(
        etablissement=etablissement, annee=annee, saisies=[saisie], auteur=auteur, maintenant=maintenant
    )
    return ouvert


def ouvrir_axes(
    *,
    etablissement: Etablissement,
    annee: str,
    saisies: Sequence[SaisieAxe],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> list[tuple[Axe, bool]]:
    """Each as `ouvrir_axe` does; all or none."""
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    refuser(empechement_annee_de_l_axe(annee, jour))
    with acte("ouvrir_axe", auteur):
        verrouiller_le_plan(etablissement)  # two openings at once count each other
        siens = Axe.objects.vivants().filter(etablissement=etablissement, annee_scolaire=annee)
        deja = {(axe.theme, axe.intitule): axe for axe in siens}
        ouverts = []
        for saisie in saisies:
            nouveau = (saisie.theme, saisie.intitule) not in deja
            if nouveau:
                axe = _ouvrir(etablissement, annee, len(deja), saisie, auteur, maintenant)
                deja[saisie.theme, saisie.intitule] = axe
            ouverts.append((deja[saisie.theme, saisie.intitule], nouveau))
        return ouverts


def _ouvrir(
    etablissement: Etablissement,
    annee: str,
    nombre: int,
    saisie: SaisieAxe,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Axe:
    """`nombre`: how many the year has already."""
    refuser(empechement_axe_de_plus(etablissement, annee, nombre, saisie.raison_de_plus))
    axe = Axe.objects.create(
        etablissement=etablissement,
        annee_scolaire=annee,
        theme=saisie.theme,
        intitule=saisie.intitule,
        precision=saisie.precision,
        raison_de_plus=saisie.raison_de_plus if nombre >= AXES_PAR_AN else "",
        cree_par=auteur,
        cree_le=maintenant,
    )
    justifier(axe, saisie.besoins)
    return axe


def modifier_axe(*, axe: Axe, base: SaisieAxe, saisie: SaisieAxe, auteur: Utilisateur) -> Mapping[str, Conflit]:
    """Write what changed between `base`, that the form showed, and `saisie`; what others changed meanwhile stays.
    Gives what somebody else has changed in another way: then nothing is written. Raises Empeche.
    """
    with acte("modifier_axe", auteur):
        verrouiller_le_plan(axe.etablissement)
        tenu = Axe.objects.select_for_update(no_key=True).get(pk=axe.pk)
        refuser(empechement_modifier_axe(tenu))
        actuelle = lire_axe(tenu)
        fusion = fusionner_avec_choix(base, saisie, actuelle, choix="besoins")
        if not fusion.conflits and fusion.valeurs != actuelle:
            valeurs = fusion.valeurs
            justifier(tenu, valeurs.besoins - actuelle.besoins)
            tenu.justifications.filter(besoin__in=actuelle.besoins - valeurs.besoins).delete()
            _ecrire(
                tenu,
                theme=valeurs.theme,
                intitule=valeurs.intitule,
                precision=valeurs.precision,
                raison_de_plus=valeurs.raison_de_plus or tenu.raison_de_plus,  # once asked for, it stays
            )
        return fusion.conflits


def clore_axe(*, axe: Axe, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """It stays in sight, with its actions; asked twice, it is done once. Raises Empeche."""
    with acte("clore_axe", auteur):
        verrouiller_le_plan(axe.etablissement)
        Axe.objects.vivants().filter(pk=axe.pk, clos_le__isnull=True).update(
            clos_le=maintenant, version=F("version") + 1
        )


def rouvrir_axe(*, axe: Axe, auteur: Utilisateur) -> None:
    """No new axe: the cap does not count it again. Raises Empeche."""
    with acte("rouvrir_axe", auteur):
        verrouiller_le_plan(axe.etablissement)
        Axe.objects.vivants().filter(pk=axe.pk, clos_le__isnull=False).update(clos_le=None, version=F("version") + 1)


def retirer_axe(*, axe: Axe, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """To the bin. Raises Empeche while published actions rest on it only."""
    mettre_a_la_corbeille(objet=axe, auteur=auteur, maintenant=maintenant)


def justifier(axe: Axe, besoins: Collection[int]) -> None:
    """As `justifier_tous`, for one."""
    justifier_tous([axe], besoins)


def justifier_tous(axes: Sequence[Axe], besoins: Collection[int]) -> None:
    """Link each axe to each of these needs, which must be living ones of its school. Inside an act; raises Empeche."""
    if not axes or not besoins:
        return
    siens = Besoin.objects.vivants().filter(etablissement=axes[0].etablissement_id, pk__in=besoins)
    if siens.count() != len(set(besoins)):
        raise Empeche(BESOIN_ABSENT)
    Justification.objects.bulk_create(
        (Justification(axe=axe, besoin_id=besoin) for axe in axes for besoin in sorted(besoins)), ignore_conflicts=True
    )


def _ecrire(axe: Axe, **valeurs: object) -> None:
    Axe.objects.filter(pk=axe.pk).update(version=F("version") + 1, **valeurs)
