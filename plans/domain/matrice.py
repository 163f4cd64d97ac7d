"""The seed's table, written from its page: constats, needs and axes, typed or already there, linked in one act."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from plans.domain.axes import SaisieAxe, justifier_tous, ouvrir_axes
from plans.domain.besoins import BesoinEcrit, ajouter_besoins, fonder
from plans.domain.verrou import verrouiller_le_plan
from plans.models import Axe, Besoin, Constat, Fondement, Justification
from plans.rules.axes import BESOIN_ABSENT
from plans.rules.matrice import AXE_ABSENT, empechement_relier
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class SaisieLiens:
    """Keys of what is there already, and words of what is not; `theme` and `source` are those of what is new."""

    constats: frozenset[int] = frozenset()
    besoins: frozenset[int] = frozenset()
    axes: frozenset[int] = frozenset()
    nouveaux_irritants: tuple[str, ...] = ()
    nouveaux_besoins: tuple[str, ...] = ()
    nouveaux_axes: tuple[str, ...] = ()
    theme: str = ""
    source: str = ""
    raison_de_plus: str = ""


def relier(
    *,
    etablissement: Etablissement,
    annee: str,
    saisie: SaisieLiens,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> None:
    """Each need rests on each of the constats, and each axe answers each of the needs. All or nothing; a form sent
    twice (same `cle`) does it once. Raises Empeche.
    """
    refuser(empechement_relier(len(saisie.besoins) + len(saisie.nouveaux_besoins)))
    quoi = [
        SaisieAxe(theme=saisie.theme, intitule=intitule, raison_de_plus=saisie.raison_de_plus)
        for intitule in saisie.nouveaux_axes
    ]
    ecrits = [BesoinEcrit(intitule=intitule, theme=saisie.theme) for intitule in saisie.nouveaux_besoins]
    with acte("relier_la_matrice", auteur):
        verrouiller_le_plan(etablissement)
        constats = saisie.constats | _noter(etablissement, saisie, cle, auteur, maintenant)
        besoins = [*_choisis(Besoin, etablissement, saisie.besoins, BESOIN_ABSENT)]
        axes = [*_choisis(Axe, etablissement, saisie.axes, AXE_ABSENT)]
        if ecrits:
            ajoutes = ajouter_besoins(
                etablissement=etablissement, annee=annee, saisies=ecrits, auteur=auteur, maintenant=maintenant
            )
            besoins += [besoin for besoin, _ in ajoutes]
        if quoi:
            ouverts = ouvrir_axes(
                etablissement=etablissement, annee=annee, saisies=quoi, auteur=auteur, maintenant=maintenant
            )
            axes += [axe for axe, _ in ouverts]
        with acte("relier_la_matrice", auteur):  # the acts above have told their own names
            fonder(besoins, constats)
            justifier_tous(axes, {besoin.pk for besoin in besoins})


def delier(*, besoin: Besoin, constat: int | None = None, axe: int | None = None, auteur: Utilisateur) -> None:
    """Undo one link of a need; asked twice, it is done once. Raises Empeche."""
    with acte("delier", auteur):
        verrouiller_le_plan(besoin.etablissement)
        if constat is not None:
            defaits, _ = Fondement.objects.filter(besoin=besoin, constat=constat).delete()
        else:
            defaits, _ = Justification.objects.filter(besoin=besoin, axe=axe).delete()
        if defaits:
            Besoin.objects.filter(pk=besoin.pk).update(version=F("version") + 1)


def _noter(
    etablissement: Etablissement,
    saisie: SaisieLiens,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> frozenset[int]:
    """The keys of the irritants that were typed, each named after the form and its own words."""
    if not saisie.nouveaux_irritants:
        return frozenset()
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    irritants = [
        Constat(
            etablissement=etablissement,
            annee_scolaire=annee_scolaire(jour),
            sens=Constat.Sens.IRRITANT,
            theme=saisie.theme,
            source=saisie.source,
            texte=texte,
            cle=uuid.uuid5(cle, texte),
            cree_par=auteur,
            cree_le=maintenant,
            modifie_le=maintenant,
        )
        for texte in saisie.nouveaux_irritants
    ]
    Constat.objects.bulk_create(irritants, ignore_conflicts=True)
    notes = Constat.objects.filter(etablissement=etablissement, cle__in=[irritant.cle for irritant in irritants])
    return frozenset(notes.values_list("pk", flat=True))


def _choisis[Objet: (Besoin, Axe)](
    modele: type[Objet], etablissement: Etablissement, cles: frozenset[int], absent: str
) -> Sequence[Objet]:
    siens = list(modele.objects.vivants().filter(etablissement=etablissement, pk__in=cles))
    if len(siens) != len(cles):
        raise Empeche(absent)
    return siens
