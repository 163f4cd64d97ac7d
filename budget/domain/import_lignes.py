"""Bringing lines of the budget in from a file, at once: those that cannot be are left out and said.

A line is known by its exercice and its reference. A blank erases nothing, and what is only guessed is for a new line.
So the same file, imported again, changes nothing, and a correction imported twice corrects once.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

import pghistory
from django.db import transaction
from django.db.models import Sum

from budget.domain.exercices import tenir_exercices
from budget.domain.import_equipements import MONTRES, CaseChangee, LigneNonEcrite
from budget.domain.lignes import SaisieLigne, lire_ligne, suivre_la_ligne, valeurs_de_la_saisie
from budget.models import Exercice, Financement, LigneBudget, MouvementBudget, Partie
from budget.rules.exercices import empechement_ecrire_exercice, empechement_exercice
from budget.rules.lignes import defauts_de_la_ligne, empechement_depasser
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import decimal_en_phrase

LIGNES_MAX = 20_000
TROP_DE_LIGNES = (
    f"Plus de {decimal_en_phrase(LIGNES_MAX)} lignes\u00a0: ce n'est pas le budget d'un établissement."
    " Rien n'est écrit."
)
REFERENCE_DE_PALIERS = "PALIERS-"
Cle = tuple[int, str]


@dataclass(frozen=True)
class LigneDuFichier:
    """`dits`: what the file says of the fields of `SaisieLigne`, blanks apart; `devines`: what a new line takes when
    the file says nothing.
    """

    ligne: int
    exercice: int
    reference: str
    dits: Mapping[str, Any]
    devines: Mapping[str, Any]
    vote: datetime.date | None = None

    @property
    def cle(self) -> Cle:
        return self.exercice, self.reference.lower()


class Lecture(Protocol):
    def __iter__(self) -> Iterator[LigneDuFichier]: ...


@dataclass(frozen=True)
class LigneNouvelle:
    ligne: int
    exercice: int
    intitule: str
    reference: str
    prevu: str


@dataclass
class ResultatDuBudget:
    """`crees` + `modifies` + `inchanges` + the lines of `refuses` are all the rows of the reading. `remplacees`: those
    that a later vote replaces, counted among `refuses`; `corrigees`: lines that a correction had changed, whose planned
    amount the file changes again. `empreinte`, `ecrit`: as for the inventory.
    """

    crees: int = 0
    modifies: int = 0
    inchanges: int = 0
    refuses: list[LigneNonEcrite] = field(default_factory=list)
    creees: list[LigneNouvelle] = field(default_factory=list)
    changees: list[CaseChangee] = field(default_factory=list)
    cases: int = 0
    remplacees: int = 0
    corrigees: list[str] = field(default_factory=list)
    devines: int = 0
    empreinte: str = ""
    ecrit: bool = False


def importer_lignes(
    *,
    etablissement: Etablissement,
    lecture: Lecture,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    simulation: bool = False,
    attendu: str | None = None,
) -> ResultatDuBudget:
    """A simulation does it all and takes it back, as does an import whose print is not the one that was `attendu`.
    Raises Empeche.
    """
    with acte("importer_budget", auteur), pghistory.context(source="import"):
        importation = _Importation(etablissement, auteur, maintenant)
        resultat = importation.tout_faire(lecture)
        resultat.ecrit = not simulation and attendu in (None, resultat.empreinte)
        if not resultat.ecrit:
            transaction.set_rollback(True)
    return resultat


class _Importation:
    """One import on its way: each step leaves fewer lines to the next."""

    def __init__(self, etablissement: Etablissement, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
        self.etablissement, self.auteur, self.maintenant = etablissement, auteur, maintenant
        self.resultat = ResultatDuBudget()
        self.nouvelles: list[LigneBudget] = []
        self.changees: list[tuple[LigneBudget, SaisieLigne, SaisieLigne]] = []

    def tout_faire(self, lecture: Lecture) -> ResultatDuBudget:
        lues = self._dans_un_exercice_ouvert(self._une_seule_fois(_compter(lecture)))
        siennes = self._siennes({une.exercice for une in lues})
        accordes = _accordes(siennes.values())
        for lue in lues:
            tenue = siennes.get(lue.cle)
            if tenue is None:
                self._ajouter(lue)
            else:
                self._changer(lue, tenue, accordes.get(tenue.pk, Decimal("0.00")))
        self._dire_les_corrections()
        self._ecrire()
        return self.resultat

    def _refuser(self, lue: LigneDuFichier, champ: str, raison: str) -> None:
        self.resultat.refuses.append(LigneNonEcrite(lue.ligne, champ, "", raison))

    # --- Which rows ---
    def _une_seule_fois(self, lues: Iterable[LigneDuFichier]) -> list[LigneDuFichier]:
        """One row a key: of several votes the last stands; else nobody knows which is right, and none is added up."""
        par_cle: dict[Cle, list[LigneDuFichier]] = defaultdict(list)
        for lue in lues:
            par_cle[lue.cle].append(lue)
        retenues = []
        for pareilles in par_cle.values():
            derniere = _dernier_vote(pareilles)
            if derniere is not None:
                retenues.append(derniere)
            for lue in pareilles:
                if lue is not derniere:
                    self._refuser(lue, "reference", _pourquoi_pas(lue, pareilles, derniere))
                    self.resultat.remplacees += derniere is not None
        return retenues

    def _dans_un_exercice_ouvert(self, lues: list[LigneDuFichier]) -> list[LigneDuFichier]:
        """An exercice is opened by its first line; a closed one changes no more."""
        courante = self.maintenant.astimezone(self.etablissement.academie.zone).year
        refus = {une.exercice: empechement_exercice(une.exercice, courante) for une in lues}
        possibles = [annee for annee, raison in refus.items() if raison is None]
        tenus: Mapping[int, Exercice] = tenir_exercices(self.etablissement, possibles, self.maintenant)
        refus |= {annee: empechement_ecrire_exercice(exercice) for annee, exercice in tenus.items()}
        for lue in lues:
            if raison := refus[lue.exercice]:
                self._refuser(lue, "exercice", raison)
        return [lue for lue in lues if refus[lue.exercice] is None]

    def _siennes(self, annees: Iterable[int]) -> dict[Cle, LigneBudget]:
        """The school's lines by key. One that no file brought is known by its number here, as our exports write it."""
        lignes = LigneBudget.objects.vivants().filter(etablissement=self.etablissement, exercice__in=annees)
        siennes: dict[Cle, LigneBudget] = {}
        for ligne in lignes.order_by("pk").select_for_update(no_key=True, of=("self",)):
            siennes[ligne.exercice, (ligne.reference or f"{REFERENCE_DE_PALIERS}{ligne.pk}").lower()] = ligne
        return siennes

    # --- A row ---
    def _ajouter(self, lue: LigneDuFichier) -> None:
        defauts = {"payeur": Partie.EPLE, "intitule": ""}
        saisie = SaisieLigne(exercice=lue.exercice, **{**defauts, **lue.devines, **lue.dits})
        if not self._est_bonne(lue, saisie):
            return
        self.resultat.crees += 1
        self.resultat.devines += "levier" not in lue.dits
        if len(self.resultat.creees) < MONTRES:
            self.resultat.creees.append(
                LigneNouvelle(lue.ligne, lue.exercice, saisie.intitule, lue.reference, str(saisie.prevu))
            )
        self.nouvelles.append(
            LigneBudget(
                etablissement=self.etablissement,
                reference=lue.reference,
                origine=LigneBudget.Origine.TABLEUR,
                cle=uuid.uuid4(),
                cree_par=self.auteur,
                cree_le=self.maintenant,
                **valeurs_de_la_saisie(saisie),
            )
        )

    def _changer(self, lue: LigneDuFichier, tenue: LigneBudget, accorde: Decimal) -> None:
        actuelle = lire_ligne(tenue)
        dits = dict(lue.dits)
        if "paye" in dits and "engage" not in dits:  # what is paid was engaged
            dits["engage"] = max(actuelle.engage, dits["paye"])
        voulue = replace(actuelle, **dits)
        if voulue == actuelle:
            self.resultat.inchanges += 1
        elif self._est_bonne(lue, voulue, accorde):
            self.resultat.modifies += 1
            self.changees.append((tenue, actuelle, voulue))
            self._montrer(lue, actuelle, voulue)

    def _est_bonne(self, lue: LigneDuFichier, saisie: SaisieLigne, accorde: Decimal = Decimal(0)) -> bool:
        defauts = defauts_de_la_ligne(self.etablissement, saisie)
        if not defauts and (raison := empechement_depasser("accordé", accorde, saisie.prevu)):
            defauts = {"prevu": raison}
        for champ, raison in defauts.items():
            self._refuser(lue, champ, raison)
        return not defauts

    def _montrer(self, lue: LigneDuFichier, actuelle: SaisieLigne, voulue: SaisieLigne) -> None:
        apres = asdict(voulue)
        cases = [
            CaseChangee(lue.ligne, voulue.intitule, champ, str(avant), str(apres[champ]))
            for champ, avant in asdict(actuelle).items()
            if avant != apres[champ]
        ]
        self.resultat.cases += len(cases)
        self.resultat.changees += cases[: MONTRES - len(self.resultat.changees)]

    # --- Writing ---
    def _dire_les_corrections(self) -> None:
        """What an adopted correction had changed: the file says another amount, and the school is to know."""
        prevus = [tenue.pk for tenue, actuelle, voulue in self.changees if actuelle.prevu != voulue.prevu]
        adoptes = MouvementBudget.objects.filter(ligne__in=prevus, decision__etat="adoptee")
        self.resultat.corrigees = sorted(set(adoptes.values_list("ligne__intitule", flat=True)))

    def _ecrire(self) -> None:
        a_ecrire = [asdict(voulue) | {"pk": tenue.pk} for tenue, _, voulue in self.changees]
        a_ecrire += [{nom: getattr(une, nom) for nom in ("reference", *_champs_ecrits())} for une in self.nouvelles]
        self.resultat.empreinte = hashlib.sha256(repr(a_ecrire).encode()).hexdigest()
        LigneBudget.objects.bulk_create(self.nouvelles, batch_size=1000)
        for tenue, actuelle, voulue in self.changees:
            suivre_la_ligne(tenue, actuelle, voulue)
            for champ, valeur in valeurs_de_la_saisie(voulue).items():
                setattr(tenue, champ, valeur)
            tenue.version += 1
        lignes = [tenue for tenue, _, _ in self.changees]
        LigneBudget.objects.bulk_update(lignes, [*_champs_ecrits(), "version"], batch_size=500)


def _champs_ecrits() -> list[str]:
    """What a file may say of a line, the fields of its links apart."""
    return [nom for nom in SaisieLigne.__dataclass_fields__ if nom not in ("action", "achat", "formation")]


def _compter(lecture: Lecture) -> Iterator[LigneDuFichier]:
    for rang, lue in enumerate(lecture, start=1):
        if rang > LIGNES_MAX:
            raise Empeche(TROP_DE_LIGNES)
        yield lue


def _dernier_vote(pareilles: list[LigneDuFichier]) -> LigneDuFichier | None:
    """The only row, or that of the last vote; None when two rows say as much."""
    if len(pareilles) == 1:
        return pareilles[0]
    votes = [une.vote for une in pareilles if une.vote]
    if len(votes) < len(pareilles) or votes.count(max(votes)) > 1:
        return None
    return max(pareilles, key=lambda une: une.vote or datetime.date.min)


def _pourquoi_pas(lue: LigneDuFichier, pareilles: list[LigneDuFichier], derniere: LigneDuFichier | None) -> str:
    if derniere is not None and derniere.vote is not None:
        return f"le vote du {derniere.vote:%d/%m/%Y} la remplace (ligne {derniere.ligne})\u00a0: elle est laissée."
    autre = next(une for une in pareilles if une is not lue)
    return (
        f"la ligne {autre.ligne} est la même ({lue.reference}, exercice {lue.exercice})\u00a0: gardez une seule de ces"
        " lignes, ou donnez à chacune une référence."
    )


def _accordes(lignes: Iterable[LigneBudget]) -> dict[int, Decimal]:
    """What is granted for each line."""
    siens = Financement.objects.vivants().filter(ligne__in=[ligne.pk for ligne in lignes])
    return dict(siens.values_list("ligne").annotate(total=Sum("accorde")).order_by())
