"""Two versions of the référentiel side by side: what became of each indicator, and what changed in it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from django.db.models import QuerySet

from diagnostic.models import Champ, Correspondance, Indicateur, Palier, Referentiel, ReglePlausibilite
from diagnostic.queries.referentiels import ascendance

Nature = Correspondance.Nature
PORTEES = {"ecole": "École", "college": "Collège", "lycee": "Lycée"}


@dataclass(frozen=True)
class Morceau:
    """Some words: in both wordings (« egal »), in the old one (« retire ») or in the new one (« ajoute »)."""

    sorte: str
    texte: str


@dataclass(frozen=True)
class Ecart:
    """A setting that changed, in words."""

    quoi: str
    avant: str
    apres: str


@dataclass(frozen=True)
class Changement:
    """An indicator and where it comes from, or an old one that nothing follows (`nouveau` is None)."""

    nature: Nature
    anciens: tuple[Indicateur, ...]
    nouveau: Indicateur | None

    @property
    def ancien(self) -> Indicateur | None:
        """The old one, when it is alone."""
        return self.anciens[0] if len(self.anciens) == 1 else None

    @property
    def change(self) -> bool:
        return self.nature != Nature.CONSERVE

    @cached_property
    def mots(self) -> list[Morceau]:
        """The two wordings in one, where one indicator follows one other."""
        if self.ancien is None or self.nouveau is None or self.nature == Nature.SCINDE:
            return []
        return mots_changes(self.ancien.enonce, self.nouveau.enonce)

    @cached_property
    def ecarts(self) -> list[Ecart]:
        if self.ancien is None or self.nouveau is None:
            return []
        avant, apres = _reglages(self.ancien), _reglages(self.nouveau)
        return [Ecart(quoi, avant[quoi], apres[quoi]) for quoi in avant if avant[quoi] != apres[quoi]]

    @property
    def a_montrer(self) -> bool:
        return self.change or bool(self.ecarts) or any(mot.sorte != "egal" for mot in self.mots)


@dataclass(frozen=True)
class ChampCompare:
    code: str
    libelle: str
    changements: tuple[Changement, ...]

    @property
    def a_montrer(self) -> tuple[Changement, ...]:
        return tuple(changement for changement in self.changements if changement.a_montrer)

    @property
    def inchanges(self) -> int:
        return len(self.changements) - len(self.a_montrer)


@dataclass(frozen=True)
class Comparaison:
    avant: Referentiel
    apres: Referentiel
    ecarts: tuple[Ecart, ...]
    champs: tuple[ChampCompare, ...]

    @cached_property
    def changements(self) -> tuple[Changement, ...]:
        return tuple(changement for champ in self.champs for changement in champ.changements)

    @property
    def comptes(self) -> list[tuple[str, int]]:
        """How many new indicators each nature made, and how many old ones were given up."""
        nombres = Counter(changement.nature for changement in self.changements)
        return [(nature.label, nombres[nature]) for nature in Nature]


@dataclass(frozen=True)
class ChampLu:
    """A champ as the page of a version shows it: palier by palier, then what was given up."""

    champ: Champ
    paliers: tuple[tuple[Palier, tuple[Changement, ...]], ...]
    abandonnes: tuple[Indicateur, ...]


def lire_version(version: Referentiel) -> list[ChampLu]:
    """The whole version; the nature of each indicator is what its correspondances say."""
    liens = list(Correspondance.objects.filter(referentiel=version).select_related("ancien__champ"))
    origines: dict[int, list[Correspondance]] = defaultdict(list)
    abandonnes: dict[str, list[Indicateur]] = defaultdict(list)
    for lien in liens:
        if lien.nouveau_id:
            origines[lien.nouveau_id].append(lien)
        elif lien.ancien:
            abandonnes[lien.ancien.champ.code].append(lien.ancien)
    poses: dict[tuple[int, int], list[Changement]] = defaultdict(list)
    for indicateur in Indicateur.objects.filter(referentiel=version).order_by("ordre"):
        siens = origines[indicateur.pk]
        nature = Nature(siens[0].nature) if siens else Nature.NOUVEAU
        anciens = tuple(lien.ancien for lien in siens if lien.ancien)
        poses[indicateur.champ_id, indicateur.palier].append(Changement(nature, anciens, indicateur))
    paliers = list(version.paliers.all())
    return [
        ChampLu(champ, tuple((p, tuple(poses[champ.pk, p.numero])) for p in paliers), tuple(abandonnes[champ.code]))
        for champ in version.champs.all()
    ]


def mots_changes(avant: str, apres: str) -> list[Morceau]:
    """Word by word; spaces go with the word before them."""
    vieux, neufs = re.findall(r"\S+\s*", avant), re.findall(r"\S+\s*", apres)
    morceaux = []
    for operation, i1, i2, j1, j2 in SequenceMatcher(a=vieux, b=neufs, autojunk=False).get_opcodes():
        if operation == "equal":
            morceaux.append(Morceau("egal", "".join(vieux[i1:i2])))
            continue
        if i2 > i1:
            morceaux.append(Morceau("retire", "".join(vieux[i1:i2])))
        if j2 > j1:
            morceaux.append(Morceau("ajoute", "".join(neufs[j1:j2])))
    return morceaux


def comparer(apres: Referentiel, avant: Referentiel) -> Comparaison:
    """`avant` is an ancestor of `apres`; what lies between them is followed step by step."""
    chaine = ascendance(apres)
    entre = chaine[: [version.pk for version in chaine].index(avant.pk)]
    par_champ: dict[str, list[Changement]] = defaultdict(list)
    for changement in changements_entre(avant, apres, entre):
        par_champ[(changement.nouveau or changement.anciens[0]).champ.code].append(changement)
    champs = _par_version(Champ.objects.order_by("ordre"), avant, apres)
    libelles = {champ.code: champ.libelle for version in (apres.pk, avant.pk) for champ in reversed(champs[version])}
    ordre = dict.fromkeys(champ.code for version in (apres.pk, avant.pk) for champ in champs[version])
    return Comparaison(
        avant=avant,
        apres=apres,
        ecarts=tuple(_ecarts_des_versions(avant, apres, champs)),
        champs=tuple(ChampCompare(code, libelles[code], tuple(par_champ[code])) for code in ordre),
    )


def changements_entre(avant: Referentiel, apres: Referentiel, entre: list[Referentiel]) -> list[Changement]:
    """What became of each indicator, in two queries; `entre`: the versions after `avant`, up to `apres`."""
    anciens, nouveaux = _indicateurs(avant, apres)
    origines, suivis, reformules = _suivre(anciens, nouveaux, entre)
    suites = []
    for indicateur in nouveaux.values():
        siens = tuple(anciens[pk] for pk in origines.get(indicateur.pk, ()))
        suites.append(Changement(_nature(siens, suivis, reforme=indicateur.pk in reformules), siens, indicateur))
    perdus = [ancien for ancien in anciens.values() if not suivis[ancien.pk]]
    return suites + [Changement(Nature.ABANDONNE, (ancien,), None) for ancien in perdus]


def _par_version[M: Champ | Palier | ReglePlausibilite](
    lignes: QuerySet[M], avant: Referentiel, apres: Referentiel
) -> dict[int, list[M]]:
    """The rows of both versions, read at once."""
    lues: dict[int, list[M]] = {avant.pk: [], apres.pk: []}
    for ligne in lignes.filter(referentiel__in=[avant, apres]):
        lues[ligne.referentiel_id].append(ligne)
    return lues


def _indicateurs(avant: Referentiel, apres: Referentiel) -> tuple[dict[int, Indicateur], dict[int, Indicateur]]:
    lus = Indicateur.objects.filter(referentiel__in=[avant, apres]).select_related("champ").order_by("ordre")
    anciens = {indicateur.pk: indicateur for indicateur in lus if indicateur.referentiel_id == avant.pk}
    return anciens, {indicateur.pk: indicateur for indicateur in lus if indicateur.referentiel_id == apres.pk}


def _suivre(
    anciens: dict[int, Indicateur], nouveaux: dict[int, Indicateur], entre: list[Referentiel]
) -> tuple[dict[int, list[int]], Counter[int], set[int]]:
    """For each new one its origins, for each old one how many follow it, and the new ones that a change led to."""
    suites: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    liens = Correspondance.objects.filter(referentiel__in=entre, ancien__isnull=False, nouveau__isnull=False)
    for ancien, nouveau, nature in liens.values_list("ancien", "nouveau", "nature"):
        suites[ancien].append((nouveau, nature != Nature.CONSERVE))
    origines: dict[int, list[int]] = defaultdict(list)
    suivis: Counter[int] = Counter()
    reformules = set()
    for depart in anciens:
        etapes = {depart: False}
        for _ in entre:
            suivantes: dict[int, bool] = {}
            for etape, change in etapes.items():
                for suivante, encore in suites[etape]:
                    suivantes[suivante] = suivantes.get(suivante, False) or change or encore
            etapes = suivantes
        for arrivee, change in etapes.items():
            if arrivee in nouveaux:
                origines[arrivee].append(depart)
                suivis[depart] += 1
                if change:
                    reformules.add(arrivee)
    return origines, suivis, reformules


def _nature(anciens: tuple[Indicateur, ...], suivis: Counter[int], *, reforme: bool) -> Nature:
    if not anciens:
        return Nature.NOUVEAU
    if len(anciens) > 1:
        return Nature.FUSIONNE
    if suivis[anciens[0].pk] > 1:
        return Nature.SCINDE
    return Nature.REFORMULE if reforme else Nature.CONSERVE


def _reglages(indicateur: Indicateur) -> dict[str, str]:
    """Everything but the énoncé, in words."""
    return {
        "Code": indicateur.code,
        "Champ": indicateur.champ.code,
        "Palier": str(indicateur.palier),
        "Preuve attendue": indicateur.preuve,
        "Levier": indicateur.get_levier_display(),
        "Second levier": indicateur.get_levier_secondaire_display() or "aucun",
        "S'adresse à": portee_en_mots(indicateur.portee),
        "Seulement avec un internat": _oui_non(indicateur.si_internat),
        "Seulement en éducation prioritaire": _oui_non(indicateur.si_education_prioritaire),
        "Mesure": indicateur.mesure or "aucune",
        "Indispensable": _oui_non(indicateur.bloquant),
    }


def portee_en_mots(portee: Iterable[str]) -> str:
    return ", ".join(libelle for valeur, libelle in PORTEES.items() if valeur in portee).capitalize()


def _oui_non(valeur: bool) -> str:
    return "oui" if valeur else "non"


def _ecarts_des_versions(avant: Referentiel, apres: Referentiel, champs: dict[int, list[Champ]]) -> Iterable[Ecart]:
    """Title, thresholds, words of paliers and champs, rules: what a version says besides its indicators."""
    paliers = _par_version(Palier.objects.order_by("numero"), avant, apres)
    regles = _par_version(ReglePlausibilite.objects.order_by("code"), avant, apres)
    dits_avant, dits_apres = (_dits(v, paliers[v.pk], champs[v.pk], regles[v.pk]) for v in (avant, apres))
    for quoi in dict.fromkeys([*dits_apres, *dits_avant]):
        vieux, neuf = dits_avant.get(quoi, "rien"), dits_apres.get(quoi, "rien")
        if vieux != neuf:
            yield Ecart(quoi, vieux, neuf)


def _dits(
    version: Referentiel, paliers: list[Palier], champs: list[Champ], regles: list[ReglePlausibilite]
) -> dict[str, str]:
    return {
        "Titre": version.titre,
        "Seuil d'un palier": pour_cent(version.seuil),
        "Part d'inconnu admise": pour_cent(version.part_inconnue_max),
        **{f"Palier {palier.numero}": f"{palier.libelle}. {palier.definition}" for palier in paliers},
        **{f"Champ {champ.code}": champ.libelle for champ in champs},
        **{f"Règle {regle.code}": f"{regle.phrase} ({regle.get_gravite_display().lower()})" for regle in regles},
    }


def pour_cent(part: object) -> str:
    return f"{float(str(part)) * 100:g}\u00a0%".replace(".", ",")
