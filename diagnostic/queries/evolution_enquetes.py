"""Two surveys of a school side by side, from their frozen figures only: the questions that both put to the same people.

Nothing is computed that the two results do not already show.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from diagnostic.domain.bulletins import LIBELLES_FAMILLES, LIBELLES_GROUPES
from diagnostic.domain.statistiques import Resume, arrondi, ensemble, interpretable, resumer
from diagnostic.models import Enquete, Instantane, ResultatEnquete
from diagnostic.queries.enquetes import enquetes_de
from diagnostic.queries.evolution import INSECABLE, avec_noms
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

PRUDENCE = Fraction(1, 2)  # under this share of answers, a survey is read with caution


@dataclass(frozen=True)
class MomentEnquete:
    """A survey that was counted, and the names that the school gave to it."""

    enquete: Enquete
    noms: tuple[str, ...]

    @property
    def cle(self) -> int:
        return self.enquete.pk

    @property
    def annee(self) -> str:
        return self.enquete.annee_scolaire

    @property
    def court(self) -> str:
        """« pouls clos le 3 mars 2027 »."""
        forme = "pouls clos" if self.enquete.forme == Enquete.Forme.POULS else "enquête close"
        return f"{forme} le {date_en_phrase(self.enquete.date_cloture)}"

    @property
    def libelle(self) -> str:
        return avec_noms(self.court[:1].upper() + self.court[1:], self.noms)


def moments_depouilles(etablissement: Etablissement) -> tuple[MomentEnquete, ...]:
    """One query, without the questions."""
    noms = Instantane.objects.filter(enquete=OuterRef("pk")).order_by("nom").values("nom")
    siennes = enquetes_de(etablissement.pk).filter(etat=Enquete.Etat.DEPOUILLEE)
    enquetes = siennes.defer("questions").annotate(noms=ArraySubquery(noms))
    return tuple(MomentEnquete(enquete, tuple(enquete.noms)) for enquete in enquetes)


@dataclass(frozen=True)
class Population:
    """A family, or a part of one that both surveys tell apart."""

    famille: str
    part: str = ""

    @property
    def code(self) -> str:
        return f"{self.famille}:{self.part}" if self.part else self.famille

    @property
    def libelle(self) -> str:
        if not self.part:
            return LIBELLES_FAMILLES[self.famille]
        return " et ".join(LIBELLES_GROUPES[groupe] for groupe in self.part.split("+"))


@dataclass(frozen=True)
class Participation:
    """Of a population, in one survey."""

    moment: MomentEnquete
    reponses: int
    invites: int

    @property
    def prudence(self) -> bool:
        return self.reponses < self.invites * PRUDENCE


@dataclass(frozen=True)
class Ecart:
    """One question, or one champ, then and now; `lisible`: not the doing of fewer than three people."""

    avant: Resume
    apres: Resume

    @property
    def ecart(self) -> Fraction:
        return self.apres.moyenne - self.avant.moyenne

    @property
    def montre(self) -> Fraction:
        """Between the means that are shown: what a reader finds again by subtracting."""
        return arrondi(self.apres.moyenne, 1) - arrondi(self.avant.moyenne, 1)

    @property
    def lisible(self) -> bool:
        return interpretable(self.ecart, min(self.avant.n, self.apres.n))


@dataclass(frozen=True)
class ItemEvolue(Ecart):
    numero: int
    enonce: str
    champ: str


@dataclass(frozen=True)
class ChampEnquete(Ecart):
    """`questions`: how many common ones it is made of."""

    code: str
    libelle: str
    questions: int


@dataclass(frozen=True)
class ItemNonComparable:
    numero: int
    enonce: str
    pourquoi: str


@dataclass(frozen=True)
class EvolutionEnquete:
    """`population` is None where the two surveys show nobody in common."""

    avant: MomentEnquete
    apres: MomentEnquete
    populations: tuple[Population, ...]
    population: Population | None
    participations: tuple[Participation, ...]
    items: tuple[ItemEvolue, ...]
    champs: tuple[ChampEnquete, ...]
    non_comparables: tuple[ItemNonComparable, ...]


def evolution_enquete(avant: MomentEnquete, apres: MomentEnquete, population: str) -> EvolutionEnquete:
    """One query; `population`: what an address asks for, the first of those shown both times where it is none."""
    lus = ResultatEnquete.objects.filter(enquete__in=[avant.cle, apres.cle]).values_list("enquete", "contenu")
    contenus = {cle: json.loads(contenu) for cle, contenu in lus}
    ancien, nouveau = contenus[avant.cle], contenus[apres.cle]
    possibles = tuple(_populations(ancien, nouveau))
    choisie = next((p for p in possibles if p.code == population), next(iter(possibles), None))
    if choisie is None:
        return EvolutionEnquete(avant, apres, (), None, (), (), (), ())
    items, non_comparables = _comparer(_Cote(avant, ancien, choisie), _Cote(apres, nouveau, choisie))
    return EvolutionEnquete(
        avant=avant,
        apres=apres,
        populations=possibles,
        population=choisie,
        participations=tuple(_Cote(m, c, choisie).participation() for m, c in ((avant, ancien), (apres, nouveau))),
        items=tuple(items),
        champs=tuple(_champs(items, nouveau["questions"]["champs"])),
        non_comparables=tuple(non_comparables),
    )


def _populations(ancien: Mapping[str, Any], nouveau: Mapping[str, Any]) -> Iterator[Population]:
    montrees = [{f["code"]: f for f in contenu["familles"] if f["parts"]} for contenu in (ancien, nouveau)]
    for code in LIBELLES_FAMILLES:
        if code not in montrees[0] or code not in montrees[1]:
            continue
        yield Population(code)
        parts = [[part["code"] for part in familles[code]["parts"]] for familles in montrees]
        if min(map(len, parts)) > 1:
            yield from (Population(code, part) for part in parts[1] if part in parts[0])


class _Cote:
    """One of the two surveys, for one population."""

    def __init__(self, moment: MomentEnquete, contenu: Mapping[str, Any], population: Population) -> None:
        self.moment, self.population = moment, population
        famille = next(f for f in contenu["familles"] if f["code"] == population.famille)
        self.parts = [p for p in famille["parts"] if population.part in ("", p["code"])]
        self.questions = {question["numero"]: question for question in contenu["questions"]["items"]}
        self.items = {item["numero"]: item["familles"].get(population.famille) for item in contenu["items"]}

    def participation(self) -> Participation:
        reponses, invites = (sum(part[nom] for part in self.parts) for nom in ("reponses", "invites"))
        return Participation(self.moment, reponses, invites)

    def mots(self, numero: int) -> dict[str, str]:
        """The question's words for each group whose answers are counted: the parts that were asked as a whole."""
        enonces = self.questions[numero]["enonces"] if numero in self.questions else {}
        posees = [part["groupes"] for part in self.parts if set(part["groupes"]) <= set(enonces)]
        return {groupe: enonces[groupe] for groupes in posees for groupe in groupes}

    def chiffres(self, numero: int) -> Mapping[str, Any] | None:
        publie = self.items[numero] or {"total": None, "parts": None}
        chiffres: Mapping[str, Any] | None = publie["total"]
        if self.population.part:
            chiffres = (publie["parts"] or {}).get(self.population.part)
        return chiffres

    def muet(self, numero: int) -> str:
        """Why there are no exact figures, of which it is never said more; empty when there are some."""
        chiffres = self.chiffres(numero)
        if chiffres is None:
            return "réponses trop peu nombreuses ou trop semblables pour être montrées"
        return "réponses presque toutes du même côté" if chiffres["bande"] is not None else ""

    def resume(self, numero: int) -> Resume:
        chiffres = self.chiffres(numero)
        assert chiffres is not None  # noqa: S101 (said by `muet`)
        return resumer(chiffres["effectifs"])


def _comparer(avant: _Cote, apres: _Cote) -> tuple[list[ItemEvolue], list[ItemNonComparable]]:
    items, non_comparables = [], []
    for numero in sorted(avant.questions | apres.questions):
        mots = {cote: cote.mots(numero) for cote in (avant, apres)}
        posee = mots[apres] or mots[avant]
        if not posee:
            continue  # asked of other people
        enonce = next(iter(posee.values()))
        if pourquoi := _pourquoi_pas(numero, avant, apres, mots):
            non_comparables.append(ItemNonComparable(numero, enonce, pourquoi))
            continue
        champ = apres.questions[numero]["champ"]
        items.append(ItemEvolue(avant.resume(numero), apres.resume(numero), numero, enonce, champ))
    return items, non_comparables


def _pourquoi_pas(numero: int, avant: _Cote, apres: _Cote, mots: Mapping[_Cote, dict[str, str]]) -> str:
    if absents := [cote.moment.court for cote in (avant, apres) if not mots[cote]]:
        return f"pas posée{INSECABLE}: {absents[0]}"
    if mots[avant].keys() != mots[apres].keys():
        return "posée à d'autres groupes"
    if mots[avant] != mots[apres]:
        return "reformulée"
    muets = [f"{raison}{INSECABLE}: {cote.moment.court}" for cote in (avant, apres) if (raison := cote.muet(numero))]
    return f"{INSECABLE}; ".join(muets)


def _champs(items: Sequence[ItemEvolue], libelles: Mapping[str, str]) -> Iterator[ChampEnquete]:
    par_champ: dict[str, list[ItemEvolue]] = defaultdict(list)
    for item in items:
        par_champ[item.champ].append(item)
    for code in par_champ:  # in the order of the questions
        avant = ensemble([item.avant for item in par_champ[code]])
        apres = ensemble([item.apres for item in par_champ[code]])
        if avant and apres:
            yield ChampEnquete(avant, apres, code, libelles[code], len(par_champ[code]))
