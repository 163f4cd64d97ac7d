"""The auditor: what can be worked out from the published figures of surveys, by somebody who has them all.

Two ways of attacking, on the frozen results themselves (what `depouiller` returns), never on our own rules:

- *by adding and taking away* (`retrouves`): every published number is a sum over atoms (a school, a group, an answer).
  Whatever an attacker may compute by adding and subtracting is a linear combination of these sums; a group is found
  out when its indicator is one. Exact arithmetic, so that there is no doubt.
- *by elimination* (`certitudes`): every distribution of the answers that would have been published alike is listed;
  somebody is found out when her answer is the same in all of them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product
from typing import Any

from diagnostic.domain.bulletins import SANS_AVIS, Bulletin

type Atome = tuple[str, str, int]  # school, group, answer
type Forme = dict[Atome, int]  # a sum of atoms, each counted so many times
type Recensement = dict[Atome, int]  # how many people there are in each atom


@dataclass(frozen=True)
class Publie:
    """One published number: which sum it is, and how much."""

    forme: Forme
    valeur: int


# --- What is published, as sums ---------------------------------------------------------------------------
def recenser(ecole: str, bulletins: Sequence[Bulletin], numero: int, groupes: Iterable[str]) -> Recensement:
    """The truth that nobody is told: how many of each group gave each answer to one item."""
    atomes = {(ecole, groupe, valeur): 0 for groupe in groupes for valeur in range(6)}
    for bulletin in bulletins:
        atomes[ecole, str(bulletin.groupe), bulletin.reponses.get(numero, SANS_AVIS)] += 1
    return atomes


def lire_item(ecole: str, contenu: Mapping[str, Any], numero: int, poses: Collection[str]) -> list[Publie]:
    """Every number that the frozen results of a school give, of its people and of one item, put to `poses`."""
    publies = []
    for famille in contenu["familles"]:
        if famille["reponses"] is None:
            continue
        codes = [groupe for part in famille["parts"] for groupe in part["groupes"]]
        publies.append(Publie(_somme(ecole, codes, range(6)), famille["reponses"]))
        publies += [Publie(_somme(ecole, part["groupes"], range(6)), part["reponses"]) for part in famille["parts"]]
    item = next(item for item in contenu["items"] if item["numero"] == numero)
    for code, publication in item["familles"].items():
        famille = next(famille for famille in contenu["familles"] if famille["code"] == code)
        groupes = {part["code"]: part["groupes"] for part in famille["parts"] if set(part["groupes"]) <= set(poses)}
        publies += _chiffres(ecole, [groupe for part in groupes.values() for groupe in part], publication["total"])
        for part, chiffres in (publication["parts"] or {}).items():
            publies += _chiffres(ecole, groupes[part], chiffres)
    return publies


def _chiffres(ecole: str, groupes: Sequence[str], chiffres: Mapping[str, Any] | None) -> list[Publie]:
    if chiffres is None:
        return []
    publies = [Publie(_somme(ecole, groupes, range(1, 6)), chiffres["n"])]
    if chiffres["effectifs"] is not None:
        publies.append(Publie(_somme(ecole, groupes, [SANS_AVIS]), chiffres["sans_avis"]))
        publies += [
            Publie(_somme(ecole, groupes, [valeur]), nombre)
            for valeur, nombre in enumerate(chiffres["effectifs"], start=1)
        ]
    return publies


def _somme(ecole: str, groupes: Iterable[str], valeurs: Iterable[int]) -> Forme:
    return {(ecole, groupe, valeur): 1 for groupe, valeur in product(groupes, valeurs)}


def naivement(ecole: str, atomes: Recensement, k: int) -> list[Publie]:
    """What one would publish without thinking: each group of `k` or more, and the sum of everybody."""
    groupes = sorted({groupe for _, groupe, _ in atomes})
    grands = [g for g in groupes if sum(n for (_, groupe, _), n in atomes.items() if groupe == g) >= k]
    formes = [_somme(ecole, ensemble, [v]) for ensemble in (groupes, *([g] for g in grands)) for v in range(6)]
    return [Publie(forme, valeur_de(forme, atomes)) for forme in formes]


def ajouter(publies: Iterable[Publie]) -> Publie:
    """One number of a district: the sum of numbers of its schools."""
    forme: dict[Atome, int] = defaultdict(int)
    total = 0
    for publie in publies:
        total += publie.valeur
        for atome, combien in publie.forme.items():
            forme[atome] += combien
    return Publie(dict(forme), total)


def valeur_de(forme: Forme, atomes: Recensement) -> int:
    return sum(combien * atomes[atome] for atome, combien in forme.items())


# --- By adding and taking away ------------------------------------------------------------------------------
class Combinaisons:
    """All the linear combinations of some sums, as a basis in echelon form, with exact fractions."""

    def __init__(self, formes: Iterable[Forme]) -> None:
        self.lignes: dict[Atome, dict[Atome, Fraction]] = {}  # by its pivot
        for forme in formes:
            reste = self._reste(forme)
            if reste:
                pivot = min(reste)
                self.lignes[pivot] = {atome: combien / reste[pivot] for atome, combien in reste.items()}

    def __contains__(self, forme: Forme) -> bool:
        return not self._reste(forme)

    def _reste(self, forme: Forme) -> dict[Atome, Fraction]:
        """What is left of `forme` once every pivot in it is taken away."""
        reste = {atome: Fraction(combien) for atome, combien in forme.items() if combien}
        attente = sorted(reste)
        while attente:
            pivot = attente.pop(0)
            if pivot not in reste or pivot not in self.lignes:
                continue
            facteur = reste[pivot]
            for atome, combien in self.lignes[pivot].items():
                reste[atome] = reste.get(atome, Fraction(0)) - facteur * combien
                if not reste[atome]:
                    del reste[atome]
            attente = sorted(atome for atome in reste if atome > pivot)
        return reste


def retrouves(publies: Collection[Publie], atomes: Recensement, k: int) -> list[tuple[Atome, ...]]:
    """The groups of fewer than `k` people, and their answers, that somebody finds by adding and taking away.

    Looked for: any union of groups of a school, and any such pair of two schools; for all their people, for those who
    answered the item, and for each answer to it.
    """
    combinaisons = Combinaisons(publie.forme for publie in publies)
    unions = list(_unions(atomes, k))
    candidates = [union for union in unions if union]
    for (ecole, groupes, nombre), (autre, siens, sien) in combinations(unions, 2):
        if ecole != autre and nombre + sien < k:
            candidates.append((f"{ecole}+{autre}", (*groupes, *siens), nombre + sien))
    trouves = []
    for _, groupes, _ in candidates:
        for valeurs in (range(6), range(1, 6), *([valeur] for valeur in range(6))):
            forme = {(ecole, groupe, valeur): 1 for (ecole, groupe), valeur in product(groupes, valeurs)}
            if forme in combinaisons:
                trouves.append(tuple(forme))
    return trouves


def _unions(atomes: Recensement, k: int) -> Iterable[tuple[str, tuple[tuple[str, str], ...], int]]:
    """School, groups, people: every union of a school's groups with fewer than `k` people, were it nobody."""
    personnes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (ecole, groupe, _), nombre in atomes.items():
        personnes[ecole][groupe] += nombre
    for ecole, groupes in personnes.items():
        for taille in range(1, len(groupes) + 1):
            for union in combinations(sorted(groupes), taille):
                nombre = sum(groupes[groupe] for groupe in union)
                if nombre < k:
                    yield ecole, tuple((ecole, groupe) for groupe in union), nombre


# --- By elimination -----------------------------------------------------------------------------------------
type Monde = tuple[tuple[int, ...], ...]  # what the people of each part answered, in order


def certitudes(
    tailles: Sequence[int], valeurs: Sequence[int], publication: Callable[[Monde], object], complices: int = 1
) -> tuple[int, list[tuple[object, ...]]]:
    """(How many different publications there may be, who is found out.)

    Every way in which people may have answered is listed, and those published alike put together. `complices` people,
    of any part, put together what they answered themselves; somebody else is found out when the publication, the
    number of people of each part and these answers leave her only one.
    """
    mondes: dict[object, list[Monde]] = defaultdict(list)
    for monde in product(*(list(combinations_with_replacement(valeurs, taille)) for taille in tailles)):
        mondes[publication(monde)].append(monde)
    connus = [connu for nombre in range(complices + 1) for connu in _connus(len(tailles), valeurs, nombre)]
    trouves = [
        (publie, connu, part, reste)
        for publie, semblables in mondes.items()
        for connu in connus
        for part, reste in enumerate(_restes(semblables, connu))
        if len(reste) == 1
    ]
    return len(mondes), trouves


def _connus(parts: int, valeurs: Sequence[int], nombre: int) -> Iterable[tuple[tuple[int, int], ...]]:
    return combinations_with_replacement(list(product(range(parts), valeurs)), nombre)


def _restes(mondes: Iterable[Monde], connu: Sequence[tuple[int, int]]) -> list[set[int]]:
    """For each part, what its other people may have answered; nothing where the answers known are impossible."""
    possibles: list[set[int]] = []
    for monde in mondes:
        restes = [list(part) for part in monde]
        try:
            for part, valeur in connu:
                restes[part].remove(valeur)
        except ValueError:
            continue
        if not possibles:
            possibles = [set() for _ in restes]
        for ensemble, reste in zip(possibles, restes, strict=True):
            ensemble.update(reste)
    return possibles
