"""The seed's table, written from its page: constats, needs and axes, typed or already there, linked in one act."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F

from plans.domain.axes import SaisieAxe, justifier, ouvrir_axe
from plans.domain.besoins import BesoinEcrit, ajouter_besoin, fonder
from plans.domain.retex import SaisieConstat, noter_constat
from plans.models import Axe, Besoin, Constat, Fondement, Justification
from plans.rules.axes import BESOIN_ABSENT
from plans.rules.matrice import AXE_ABSENT, empechement_relier
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
    with acte("relier_la_matrice", auteur):
        constats = saisie.constats | _noter(etablissement, saisie, cle, auteur, maintenant)
        besoins = _existants(etablissement, saisie.besoins)
        for intitule in saisie.nouveaux_besoins:
            ecrit = BesoinEcrit(intitule=intitule, theme=saisie.theme)
            besoins.append(
                ajouter_besoin(
                    etablissement=etablissement, annee=annee, saisie=ecrit, auteur=auteur, maintenant=maintenant
                )[0]
            )
        axes = [*_choisis(etablissement, saisie.axes)]
        for intitule in saisie.nouveaux_axes:
            quoi = SaisieAxe(theme=saisie.theme, intitule=intitule, raison_de_plus=saisie.raison_de_plus)
            axes.append(
                ouvrir_axe(etablissement=etablissement, annee=annee, saisie=quoi, auteur=auteur, maintenant=maintenant)[
                    0
                ]
            )
        with acte("relier_la_matrice", auteur):  # the acts above have told their own names
            for besoin in besoins:
                fonder(besoin, constats)
            for axe in axes:
                justifier(axe, {besoin.pk for besoin in besoins})


def delier(*, besoin: Besoin, constat: int | None = None, axe: int | None = None, auteur: Utilisateur) -> None:
    """Undo one link of a need; asked twice, it is done once."""
    with acte("delier", auteur):
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

    def un_a_un() -> Iterator[int]:
        for texte in saisie.nouveaux_irritants:
            irritant = SaisieConstat(
                sens=Constat.Sens.IRRITANT,
                theme=saisie.theme,
                source=saisie.source,
                texte=texte,
                lien="",
                partage=Constat.Partage.NON,
            )
            yield noter_constat(
                etablissement=etablissement,
                saisie=irritant,
                cle=uuid.uuid5(cle, texte),
                auteur=auteur,
                maintenant=maintenant,
            ).pk

    return frozenset(un_a_un())


def _existants(etablissement: Etablissement, cles: frozenset[int]) -> list[Besoin]:
    siens = list(Besoin.objects.vivants().filter(etablissement=etablissement, pk__in=cles))
    if len(siens) != len(cles):
        raise Empeche(BESOIN_ABSENT)
    return siens


def _choisis(etablissement: Etablissement, cles: frozenset[int]) -> list[Axe]:
    siens = list(Axe.objects.vivants().filter(etablissement=etablissement, pk__in=cles))
    if len(siens) != len(cles):
        raise Empeche(AXE_ABSENT)
    return siens
