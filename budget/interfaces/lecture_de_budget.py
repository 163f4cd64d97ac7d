"""From the rows of a file to lines of the budget: each cell read, every fault said. Saves nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from budget.domain.argent import MontantIllisible, lire_montant
from budget.domain.import_equipements import LigneNonEcrite
from budget.domain.import_lignes import LIGNES_MAX, TROP_DE_LIGNES, LigneDuFichier
from budget.interfaces.fichiers_d_inventaire import Modele
from budget.interfaces.fichiers_de_budget import (
    AILLEURS,
    CIBLES,
    LEVIERS,
    PALIERS,
    PAYEURS,
    SECTIONS,
    SENS,
    SERVICES,
    connus,
    deviner_la_section,
    deviner_le_levier,
    modele_de,
)
from budget.interfaces.lecture_d_inventaire import AILLEURS_NOM, FORMULE, Faute, Lecteur, placer, sans_apostrophe
from budget.interfaces.lecture_d_inventaire import lecteur_de_choix as parmi
from budget.interfaces.lecture_d_inventaire import lecteur_de_texte as texte
from budget.interfaces.sources_d_inventaire import Source, ouvrir_source
from budget.models import LigneBudget, Partie
from plans.models import Action
from plans.rules.besoins import est_une_annee
from strategie.socle.interfaces.imports import FichierRefuse, Refus, ValeurRefusee, clef, jour, refus

REFERENCE_MAX = 120
SEPARATEUR = " / "
EXERCICE = re.compile(r"(?:exercice\s+)?([0-9]{4})(?:[.,]0+)?", re.IGNORECASE)
SANS_EXERCICE = (
    "cette ligne ne dit pas son exercice\u00a0: ajoutez une colonne «\u00a0Exercice\u00a0», ou dites-le en envoyant le"
    " fichier."
)
UNE_RECETTE = "une recette n'est pas une ligne à payer\u00a0: notez-la parmi les financements."
DES_MACHINES = "Ce fichier décrit des machines\u00a0: importez-le dans l'inventaire."
SANS_COLONNES = (
    "Aucune colonne ne dit ce qui est payé et combien\u00a0: il faut un intitulé, un code d'activité ou un compte, et"
    " un montant."
)
QUOI, COMBIEN = frozenset({"intitule", "activite", "compte"}), frozenset({"prevu", "engage", "paye"})


@dataclass(frozen=True)
class CorrespondanceDuBudget:
    """Which column (counted from 0) says what; the exercice of rows that say none."""

    modele: str
    cibles: Mapping[int, str]
    exercice: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"cibles": {str(place): cible for place, cible in self.cibles.items()}}

    @classmethod
    def from_json(cls, objet: Mapping[str, Any]) -> CorrespondanceDuBudget:
        return cls(objet["modele"], {int(p): cible for p, cible in objet["cibles"].items()}, objet["exercice"])

    def pour(self, exercice: int | None) -> CorrespondanceDuBudget:
        return replace(self, exercice=exercice)


def ouvrir_budget(fichier: Path | bytes) -> Source:
    """Raises FichierRefuse with a French sentence."""
    source = ouvrir_source(fichier, connus)
    if source.par_agent:
        raise FichierRefuse(DES_MACHINES)
    return source


def empreinte_du_budget(entetes: list[str]) -> str:
    """Apart from those of an inventory, which may have the same headings."""
    return hashlib.sha256("\n".join(["budget:", *map(clef, entetes)]).encode()).hexdigest()


def reconnaitre(source: Source) -> CorrespondanceDuBudget | None:
    """What the headings say by themselves; None when they are of no kind we know, or say too little."""
    modele: Modele | None = modele_de(source.entetes)
    if modele is None:
        return None
    cibles = placer(source.entetes, modele.cibles)
    return CorrespondanceDuBudget(modele.nom, cibles) if suffit(cibles.values()) else None


def deviner(source: Source) -> CorrespondanceDuBudget:
    return CorrespondanceDuBudget(AILLEURS_NOM, placer(source.entetes, AILLEURS))


def suffit(cibles: Any) -> bool:
    dites = set(cibles)
    return bool(dites & QUOI and dites & COMBIEN)


class LectureBudget:
    """What `domain.import_lignes` imports; `lus`, `refuses` and `remarques` hold once every row has been read."""

    def __init__(self, source: Source, correspondance: CorrespondanceDuBudget) -> None:
        if not suffit(correspondance.cibles.values()):
            valeur = ", ".join(filter(None, source.entetes))
            raise FichierRefuse(SANS_COLONNES, ligne=source.ligne_des_entetes, valeur=valeur)
        self.fichier, self.correspondance = source, correspondance
        self.cibles = {cible: place for place, cible in correspondance.cibles.items() if cible}
        self.lecteurs = [Lecteur(champ, place, self._lecteur(champ)) for champ, place in self.cibles.items()]
        self.propres: list[Refus] = []

    @property
    def modele(self) -> str:
        return self.correspondance.modele

    @property
    def lus(self) -> int:
        return self.fichier.lus

    def nom_de(self, champ: str) -> str:
        """As the file calls it."""
        if champ not in self.cibles:
            return CIBLES.get(champ, "")
        return self.fichier.entetes[self.cibles[champ]] or CIBLES[champ]

    # --- Rows ---
    def __iter__(self) -> Iterator[LigneDuFichier]:
        self.propres = []
        self.cellules: dict[int, list[str]] = {}
        for ligne, cellules in self.fichier.lignes():
            valeurs, fautes = self._lire(ligne, cellules)
            lue = None if fautes else self._composer(ligne, valeurs, fautes)
            if lue is None:
                self.propres += [self._refus(ligne, champ, cellules, raison) for champ, raison in fautes]
                if len(self.propres) > LIGNES_MAX:
                    raise FichierRefuse(TROP_DE_LIGNES)
            else:
                self.cellules[ligne] = cellules
                yield lue

    def _lire(self, ligne: int, cellules: list[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """What the cells say, blanks apart, and what is wrong with each."""
        valeurs: dict[str, Any] = {}
        fautes: list[tuple[str, str]] = []
        formules = self.fichier.formules.get(ligne, set())
        for lecteur in self.lecteurs:
            brut = cellules[lecteur.place]
            if lecteur.place in formules:
                fautes.append((lecteur.champ, FORMULE))
            elif brut.strip():
                valeur = lecteur.lus[brut] if brut in lecteur.lus else lecteur(brut)
                if isinstance(valeur, Faute):
                    fautes.append((lecteur.champ, valeur.raison))
                else:
                    valeurs[lecteur.champ] = valeur
        return valeurs, fautes

    def _composer(self, ligne: int, valeurs: dict[str, Any], fautes: list[tuple[str, str]]) -> LigneDuFichier | None:
        """The line, or None once its faults are said."""
        exercice = valeurs.pop("exercice", None) or self.correspondance.exercice
        vote, domaine = valeurs.pop("vote", None), valeurs.pop("domaine", "")
        if valeurs.pop("sens", "") == "recette":
            fautes.append(("sens", UNE_RECETTE))
        if exercice is None:
            fautes.append(("exercice", SANS_EXERCICE))
        if fautes or exercice is None:
            return None
        reference = valeurs.pop("reference", "") or composer_la_reference(valeurs, domaine)
        return LigneDuFichier(ligne, exercice, reference, valeurs, devines(valeurs, exercice), vote)

    # --- What is to be said of them ---
    def _refus(self, ligne: int, champ: str, cellules: list[str], raison: str) -> Refus:
        valeur = cellules[self.cibles[champ]].strip() if champ in self.cibles else ""
        return refus(ligne, self.nom_de(champ), valeur, raison)

    def dire(self, non_ecrites: list[LigneNonEcrite]) -> list[Refus]:
        """All the refusals, those of the writing too, each at its column; in the order of the file."""
        autres = [self._refus(une.ligne, une.champ, self.cellules[une.ligne], une.raison) for une in non_ecrites]
        return sorted([*self.fichier.refuses, *self.propres, *autres], key=lambda refuse: refuse.ligne)

    @property
    def remarques(self) -> list[str]:
        dites = list(self.fichier.remarques)
        for champ in ("reference", "activite", "domaine"):
            if champ in self.cibles and self.cibles[champ] in self.fichier.nombres:
                dites.append(
                    f"Colonne « {self.nom_de(champ)} » : des cases sont des nombres pour le tableur, qui n'en garde pas"
                    " les zéros de tête. S'ils en avaient, mettez la colonne au format texte et retapez-les."
                )
        prises = set(self.cibles.values())
        if laissees := [f"« {nom} »" for place, nom in enumerate(self.fichier.entetes) if nom and place not in prises]:
            dites.append(f"Colonnes laissées de côté : {', '.join(laissees)}.")
        return dites

    # --- How a column is read ---
    def _lecteur(self, champ: str) -> Callable[[str], Any]:
        lire = LECTEURS.get(champ) or texte(LONGUEURS[champ])
        if self.modele == PALIERS.nom and champ not in LECTEURS:
            return lambda valeur: lire(sans_apostrophe(valeur))
        return lire


def composer_la_reference(valeurs: Mapping[str, Any], domaine: str) -> str:
    """Service, domaine, activity and account name a line of a budget; without an activity, its words do too."""
    codes = [valeurs.get("service", ""), domaine, valeurs.get("activite", ""), valeurs.get("compte", "")]
    if not valeurs.get("activite"):
        codes.append(valeurs.get("intitule", ""))
    reference = SEPARATEUR.join(" ".join(code.split()) for code in codes if code)
    if len(reference) <= REFERENCE_MAX:
        return reference
    return f"{reference[: REFERENCE_MAX - 17]} {hashlib.sha256(reference.lower().encode()).hexdigest()[:16]}"


def devines(valeurs: Mapping[str, Any], exercice: int) -> dict[str, Any]:
    """What a new line takes where the file says nothing."""
    compte, activite = valeurs.get("compte", ""), valeurs.get("activite", "")
    code = f"Activité {activite}" if activite else f"Compte {compte}" if compte else ""
    intitule = valeurs.get("intitule") or code
    return {
        "intitule": intitule,
        "annee_scolaire": f"{exercice}-{exercice + 1}",
        "section": deviner_la_section(valeurs.get("service", ""), compte),
        "levier": deviner_le_levier(intitule),
        "engage": valeurs.get("paye", 0),
    }


def _montant(valeur: str) -> Any:
    try:
        montant = lire_montant(valeur)
    except MontantIllisible as illisible:
        raise ValeurRefusee(str(illisible)) from None
    if montant < 0:
        raise ValeurRefusee("un montant est positif ou nul.")
    return montant


def _exercice(valeur: str) -> int:
    if (lu := EXERCICE.fullmatch(valeur)) is None:
        raise ValeurRefusee("une année civile en quatre chiffres est attendue, comme 2026.")
    return int(lu[1])


def _annee_scolaire(valeur: str) -> str:
    annee = re.sub(r"\s*[/–-]\s*", "-", valeur)
    if not est_une_annee(annee):
        raise ValeurRefusee("une année scolaire est attendue, comme 2026-2027.")
    return annee


LONGUEURS: dict[str, int] = {
    champ: LigneBudget._meta.get_field(champ).max_length for champ in ("intitule", "activite", "compte", "note")
} | {"reference": REFERENCE_MAX, "domaine": 40}
LECTEURS: dict[str, Callable[[str], Any]] = {
    "exercice": _exercice,
    "annee_scolaire": _annee_scolaire,
    "vote": jour,
    **dict.fromkeys(("prevu", "engage", "paye"), _montant),
    "section": parmi(SECTIONS, LigneBudget.Section.choices),
    "levier": parmi(LEVIERS, Action.Levier.choices),
    "service": parmi(SERVICES, LigneBudget.Service.choices),
    "payeur": parmi(PAYEURS, Partie.choices),
    "sens": parmi(SENS, [("", "dépense"), ("", "recette")]),
}
