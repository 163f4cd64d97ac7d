"""A diagnostic as its screens, its PDF and its rule see it: champs, indicators, answers, paliers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from diagnostic.domain.cotation import IndicateurCote, ResultatChamp, Valeur, coter_champ
from diagnostic.models import Champ, Diagnostic, Indicateur, Palier, Preuve, Reponse


@dataclass(frozen=True)
class EtatIndicateur:
    """One indicator, and what the school says of it."""

    indicateur: Indicateur
    concerne: bool
    reponse: Reponse | None
    preuves: tuple[Preuve, ...]

    @property
    def valeur(self) -> Valeur | None:
        """What counts: « sans objet » only with its reason, as the rule of cotation asks."""
        if self.reponse is None or not self.reponse.valeur:
            return None
        if self.reponse.valeur == Valeur.sans_objet and not self.reponse.motif.strip():
            return None
        return Valeur(self.reponse.valeur)

    @property
    def raison_manque(self) -> bool:
        """« Sans objet » is ticked, but not yet why."""
        return self.reponse is not None and self.reponse.valeur == Valeur.sans_objet and self.valeur is None


@dataclass(frozen=True)
class EtatChamp:
    """One champ: its indicators of the three paliers, and its result as things stand."""

    champ: Champ
    indicateurs: tuple[EtatIndicateur, ...]
    resultat: ResultatChamp

    @cached_property
    def concernes(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for etat in self.indicateurs if etat.concerne)

    @property
    def repondus(self) -> int:
        return sum(etat.valeur is not None for etat in self.concernes)

    @property
    def inconnus(self) -> int:
        return sum(etat.valeur == Valeur.ne_sait_pas for etat in self.concernes)

    @property
    def complet(self) -> bool:
        return self.repondus == len(self.concernes)

    @property
    def bloquants_sans_reponse(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for etat in self.concernes if etat.indicateur.bloquant and etat.valeur is None)

    @property
    def manquants(self) -> tuple[EtatIndicateur, ...]:
        par_code = {etat.indicateur.code: etat for etat in self.concernes}
        return tuple(par_code[code] for code in self.resultat.manquants)

    @property
    def premier_manquant(self) -> str:
        """The énoncé to name first; empty when nothing is missing."""
        return self.manquants[0].indicateur.enonce if self.manquants else ""

    def du_palier(self, numero: int) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for etat in self.concernes if etat.indicateur.palier == numero)


@dataclass(frozen=True)
class EtatDiagnostic:
    """The whole diagnostic, read in four queries."""

    diagnostic: Diagnostic
    paliers: tuple[Palier, ...]
    champs: tuple[EtatChamp, ...]

    @property
    def concernes(self) -> int:
        return sum(len(champ.concernes) for champ in self.champs)

    @property
    def repondus(self) -> int:
        return sum(champ.repondus for champ in self.champs)

    @property
    def inconnus(self) -> int:
        return sum(champ.inconnus for champ in self.champs)

    @property
    def bloquants_sans_reponse(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for champ in self.champs for etat in champ.bloquants_sans_reponse)

    @property
    def raisons_manquantes(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for champ in self.champs for etat in champ.concernes if etat.raison_manque)

    @property
    def premier_sans_reponse(self) -> EtatIndicateur | None:
        sans_reponse = (etat for champ in self.champs for etat in champ.concernes if etat.valeur is None)
        return next(sans_reponse, None)

    @property
    def champs_a_finir(self) -> tuple[EtatChamp, ...]:
        return tuple(champ for champ in self.champs if not champ.complet)

    def champ(self, code: str) -> EtatChamp | None:
        return next((champ for champ in self.champs if champ.champ.code == code), None)

    def voisins(self, code: str) -> tuple[EtatChamp | None, EtatChamp | None]:
        """The champs before and after this one."""
        codes = [champ.champ.code for champ in self.champs]
        rang = codes.index(code)
        suivant = self.champs[rang + 1] if rang + 1 < len(codes) else None
        return (self.champs[rang - 1] if rang else None), suivant


def etat_du_diagnostic(diagnostic: Diagnostic) -> EtatDiagnostic:
    """Reads everything at once; `diagnostic` comes with its établissement and référentiel loaded."""
    referentiel = diagnostic.campagne.referentiel
    indicateurs = list(Indicateur.objects.filter(referentiel=referentiel).select_related("champ"))
    reponses = {reponse.indicateur_id: reponse for reponse in Reponse.objects.filter(diagnostic=diagnostic)}
    preuves: dict[int, list[Preuve]] = defaultdict(list)
    for preuve in Preuve.objects.filter(diagnostic=diagnostic):
        preuves[preuve.indicateur_id].append(preuve)
    return EtatDiagnostic(
        diagnostic=diagnostic,
        paliers=tuple(Palier.objects.filter(referentiel=referentiel)),
        champs=_etats_des_champs(diagnostic, indicateurs, reponses, preuves),
    )


def _etats_des_champs(
    diagnostic: Diagnostic,
    indicateurs: Iterable[Indicateur],
    reponses: Mapping[int, Reponse],
    preuves: Mapping[int, list[Preuve]],
) -> tuple[EtatChamp, ...]:
    portees = diagnostic.etablissement.portees
    par_champ: dict[Champ, list[EtatIndicateur]] = defaultdict(list)
    for indicateur in indicateurs:
        par_champ[indicateur.champ].append(
            EtatIndicateur(
                indicateur=indicateur,
                concerne=not portees.isdisjoint(indicateur.portee),
                reponse=reponses.get(indicateur.pk),
                preuves=tuple(preuves.get(indicateur.pk, ())),
            )
        )
    referentiel = diagnostic.campagne.referentiel
    seuils = {"seuil": Fraction(referentiel.seuil), "part_inconnue_max": Fraction(referentiel.part_inconnue_max)}
    return tuple(
        EtatChamp(champ=champ, indicateurs=tuple(etats), resultat=coter(etats, **seuils))
        for champ, etats in sorted(par_champ.items(), key=lambda paire: paire[0].ordre)
    )


def coter(etats: Iterable[EtatIndicateur], *, seuil: Fraction, part_inconnue_max: Fraction) -> ResultatChamp:
    """The rule of cotation over the indicators that concern the school."""
    concernes = [etat for etat in etats if etat.concerne]
    return coter_champ(
        [IndicateurCote(e.indicateur.code, e.indicateur.palier, e.indicateur.bloquant) for e in concernes],
        {e.indicateur.code: e.valeur for e in concernes if e.valeur is not None},
        seuil=seuil,
        part_inconnue_max=part_inconnue_max,
    )
