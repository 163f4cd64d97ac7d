"""The second look beside what the school signed: read from the frozen copy, never from answers being prepared."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from diagnostic.models import CopieSignee, Diagnostic, Indicateur, SecondRegard
from diagnostic.queries.questionnaire import questionnaire


@dataclass(frozen=True)
class VisAVis:
    """One indicator that the school was asked: what it signed (a part of the frozen JSON), and the second look."""

    indicateur: Indicateur
    signe: Mapping[str, Any]
    regard: SecondRegard | None
    avant_la_copie: bool

    @property
    def code(self) -> str:
        return self.indicateur.code

    @property
    def version(self) -> int:
        """The second look's own version; 0 while none is kept for the indicator of this version of the référentiel."""
        if self.regard is None or self.regard.indicateur_id != self.indicateur.pk:
            return 0
        return self.regard.version

    @property
    def valeur(self) -> str:
        return self.regard.valeur if self.regard else ""

    @property
    def commentaire(self) -> str:
        return self.regard.commentaire if self.regard else ""

    @property
    def differe(self) -> bool:
        return bool(self.valeur) and self.valeur != self.signe["valeur"]

    @property
    def identique(self) -> bool:
        return bool(self.valeur) and self.valeur == self.signe["valeur"]

    @property
    def a_une_remarque(self) -> bool:
        """A comment that comes without a gap."""
        return bool(self.commentaire.strip()) and not self.differe


@dataclass(frozen=True)
class ChampRegarde:
    """A champ as it was signed, each of its indicators beside the second look."""

    code: str
    libelle: str
    lignes: tuple[VisAVis, ...]

    @property
    def ecarts(self) -> tuple[VisAVis, ...]:
        return tuple(ligne for ligne in self.lignes if ligne.differe)

    @property
    def remarques(self) -> tuple[VisAVis, ...]:
        return tuple(ligne for ligne in self.lignes if ligne.a_une_remarque)

    @property
    def identiques(self) -> int:
        return sum(ligne.identique for ligne in self.lignes)

    @property
    def avis(self) -> int:
        return len(self.lignes) - self.sans_avis

    @property
    def sans_avis(self) -> int:
        return sum(not ligne.valeur for ligne in self.lignes)


@dataclass(frozen=True)
class Regards:
    """The whole of it, for one signed copy."""

    diagnostic: Diagnostic
    copie: CopieSignee
    paliers: tuple[Mapping[str, Any], ...]
    champs: tuple[ChampRegarde, ...]

    @property
    def ecarts(self) -> int:
        return sum(len(champ.ecarts) for champ in self.champs)

    @property
    def remarques(self) -> int:
        return sum(len(champ.remarques) for champ in self.champs)

    @property
    def identiques(self) -> int:
        return sum(champ.identiques for champ in self.champs)

    @property
    def sans_avis(self) -> int:
        return sum(champ.sans_avis for champ in self.champs)

    @property
    def commence(self) -> bool:
        return bool(self.ecarts or self.identiques or self.remarques)

    @property
    def par_code(self) -> dict[str, VisAVis]:
        return {ligne.code: ligne for champ in self.champs for ligne in champ.lignes}

    def champ(self, code: str) -> ChampRegarde | None:
        return next((champ for champ in self.champs if champ.code == code), None)

    def suivant(self, code: str) -> ChampRegarde | None:
        """The champ that comes after this one, if one does."""
        codes = [champ.code for champ in self.champs]
        return next(iter(self.champs[codes.index(code) + 1 :]), None)


def copie_a_regarder(diagnostic: Diagnostic) -> CopieSignee | None:
    """The last copy that the school signed."""
    return diagnostic.copies.sans_pdf().order_by("-version").first()


def regards_sur(diagnostic: Diagnostic, copie: CopieSignee) -> Regards:
    """One query, while the diagnostic has not moved to another version of the référentiel than its copy's."""
    contenu = json.loads(copie.contenu)
    indicateurs = _indicateurs_signes(diagnostic, contenu)
    donnes = _donnes(diagnostic)
    par_indicateur = {regard.indicateur_id: regard for regard in donnes}
    par_question = {(regard.indicateur.code, regard.indicateur.enonce): regard for regard in donnes}

    def ligne(signe: Mapping[str, Any]) -> VisAVis:
        indicateur = indicateurs[signe["code"]]
        # What was said of the same question under a version before still holds.
        regard = par_indicateur.get(indicateur.pk) or par_question.get((indicateur.code, indicateur.enonce))
        avant = regard is not None and regard.modifie_le < copie.signee_le
        return VisAVis(indicateur, signe, regard, avant_la_copie=avant)

    champs = (
        ChampRegarde(champ["code"], champ["libelle"], tuple(map(ligne, _poses(champ)))) for champ in contenu["champs"]
    )
    return Regards(
        diagnostic=diagnostic,
        copie=copie,
        paliers=tuple(contenu["referentiel"]["paliers"]),
        champs=tuple(champ for champ in champs if champ.lignes),
    )


def _donnes(diagnostic: Diagnostic) -> list[SecondRegard]:
    """Everything that was said of the diagnostic, the last word last."""
    regards = SecondRegard.objects.filter(diagnostic=diagnostic).select_related("indicateur", "modifie_par")
    return list(regards.order_by("modifie_le", "pk"))


def _poses(champ: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [indicateur for indicateur in champ["indicateurs"] if indicateur["concerne"]]


def _indicateurs_signes(diagnostic: Diagnostic, contenu: Mapping[str, Any]) -> Mapping[str, Indicateur]:
    """Those that the copy speaks of, by code: the diagnostic's own, unless it was opened again and has moved since.

    The copy names a code and a number, which an académie may share with the common référentiel: the énoncés decide.
    """
    signe = contenu["referentiel"]
    enonces = {ligne["code"]: ligne["enonce"] for champ in contenu["champs"] for ligne in champ["indicateurs"]}
    actuels = questionnaire(diagnostic.referentiel)
    nomme = (actuels.referentiel.code, actuels.referentiel.version) == (signe["code"], signe["version"])
    if nomme and _disent(actuels.par_code, enonces):
        return actuels.par_code
    par_version: dict[int, dict[str, Indicateur]] = defaultdict(dict)
    for indicateur in Indicateur.objects.filter(
        Q(referentiel__academie=None) | Q(referentiel__academie=diagnostic.campagne.academie_id),
        referentiel__code=signe["code"],
        referentiel__version=signe["version"],
    ):
        par_version[indicateur.referentiel_id][indicateur.code] = indicateur
    for indicateurs in par_version.values():
        if _disent(indicateurs, enonces):
            return indicateurs
    raise LookupError(f"No référentiel {signe['code']} {signe['version']} says what this copy says.")


def _disent(indicateurs: Mapping[str, Indicateur], enonces: Mapping[str, str]) -> bool:
    return all(code in indicateurs and indicateurs[code].enonce == enonce for code, enonce in enonces.items())
