"""Versions of the référentiel: where each comes from, and what would prevent one from being published."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, Model, OuterRef, Q, QuerySet

from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.plausibilite import cycle
from diagnostic.models import Correspondance, Indicateur, Palier, Referentiel
from strategie.socle.models import Academie

Nature = Correspondance.Nature
NATURES_A_UNE_SUITE = (Nature.CONSERVE, Nature.REFORMULE)


@dataclass(frozen=True)
class Lien:
    """A correspondance by codes, as a file writes it."""

    nature: str
    ancien: str | None
    nouveau: str | None


def versions_lisibles(academies: QuerySet[Academie]) -> QuerySet[Referentiel]:
    """The common versions once published, and everything that belongs to these académies; newest first."""
    return (
        Referentiel.objects.filter(Q(academie__in=academies) | Q(academie__isnull=True, publie_le__isnull=False))
        .select_related("academie", "precedent")
        .order_by("code", "-version", F("academie").asc(nulls_last=True))
    )


def numero_suivant(precedent: Referentiel, academie: Academie) -> int:
    """The first version number that neither the common référentiel nor the académie's own has used."""
    connues = Referentiel.objects.filter(Q(academie__isnull=True) | Q(academie=academie), code=precedent.code)
    derniere: int = connues.aggregate(derniere=Max("version"))["derniere"] or 0
    return derniere + 1


def versions_de(code: str) -> dict[int, Referentiel]:
    return Referentiel.objects.filter(code=code).select_related("academie").in_bulk()


def ascendance(version: Referentiel, connues: Mapping[int, Referentiel] | None = None) -> list[Referentiel]:
    """The version, the one it follows, and so on to the first; stops where versions follow one another in a ring.
    `connues`: those of its code, where they are read already.
    """
    if connues is None:
        connues = versions_de(version.code)
    suite = [version]
    vues = {version.pk}
    while (precedente := suite[-1].precedent_id) is not None and precedente in connues and precedente not in vues:
        suite.append(connues[precedente])
        vues.add(precedente)
    return suite


def descendance(version: Referentiel, academie: Academie) -> list[Referentiel]:
    """The published versions that follow this one, near or far, and that the académie may use; newest first."""
    en_usage = Referentiel.objects.filter(
        Q(academie__isnull=True) | Q(academie=academie), code=version.code, publie_le__isnull=False
    )
    suivantes = {version.pk: version}
    for candidate in en_usage.select_related("academie").order_by("pk"):  # made after the one it follows
        if candidate.precedent_id in suivantes:
            suivantes[candidate.pk] = candidate
    return list(reversed(suivantes.values()))[:-1]


def lignee(version: Referentiel, ancetre: Referentiel) -> list[Referentiel] | None:
    """The versions from `ancetre` (left out) to `version`, newest first; None when it is no ancestor of it."""
    suite = ascendance(version)
    rang = next((rang for rang, actuelle in enumerate(suite) if actuelle.pk == ancetre.pk), None)
    return None if rang is None else suite[:rang]


def empreinte_de(*objets: Model) -> str:
    """The fingerprint of rows as they were read, wherever they stand; a form carries it, and nobody writes over what
    they did not see.
    """
    lus = [
        {champ.attname: str(getattr(objet, champ.attname)) for champ in objet._meta.fields if champ.name != "ordre"}
        for objet in objets
    ]
    return empreinte(json_canonique({"lus": lus}))


@dataclass(frozen=True)
class Suite:
    """A version, those it follows (itself first), and what it says that old indicators became."""

    version: Referentiel
    chaine: tuple[Referentiel, ...]
    liens: tuple[Correspondance, ...]

    @property
    def parametres(self) -> dict[str, Any]:
        return chemins_vers(self.chaine)


def chemins_vers(chaine: Sequence[Referentiel]) -> dict[str, Any]:
    """For the SQL of `chemins`: from every version before to the first of this chain."""
    versions = [version.pk for version in chaine]
    return {"departs": versions[1:], "arrivee": versions[0], "lignee": versions}


def suite_de(version: Referentiel) -> Suite:
    liens = Correspondance.objects.filter(referentiel=version).select_related("ancien", "nouveau")
    return Suite(version, tuple(ascendance(version)), tuple(liens))


def empreinte_de_la_suite(suite: Suite) -> str:
    """The fingerprint of what is published: the version's settings, its indicators and where they come from."""
    indicateurs = (lien.nouveau for lien in suite.liens if lien.nouveau)
    return empreinte_de(suite.version, *suite.liens, *indicateurs)


# --- What prevents a publication ----------------------------------------------------------------------
def defauts_de_publication(suite: Suite) -> list[str]:
    """French sentences, each naming what is wrong; empty when the version may be published."""
    version = suite.version
    regles = version.regles.values_list("si__code", "alors__code")
    return [*_defauts_du_contenu(version), *defauts_des_regles(regles), *_defauts_de_la_suite(suite)]


def _defauts_du_contenu(referentiel: Referentiel) -> Iterator[str]:
    paliers = ArraySubquery(Palier.objects.filter(referentiel=OuterRef("referentiel")).values("numero"))
    champs = list(referentiel.champs.annotate(paliers=paliers, poses=Count("indicateurs")))
    if any(champ.paliers != [1, 2, 3] for champ in champs[:1]):
        yield "Un référentiel a trois paliers, numérotés 1, 2 et 3."
    for champ in champs:
        if not champ.poses:
            yield f"Le champ {champ.code} « {champ.libelle} » n'a aucun indicateur."


def defauts_des_regles(fleches: Iterable[tuple[str, str]]) -> Iterator[str]:
    """`fleches`: for each rule, the code of its « si » and that of its « alors »."""
    suites: dict[str, list[str]] = defaultdict(list)
    for si, alors in fleches:
        suites[si].append(alors)
    if tour := cycle(suites):
        yield f"Les règles de plausibilité tournent en rond\u00a0: {' → '.join(tour)}."


def _defauts_de_la_suite(suite: Suite) -> Iterator[str]:
    precedent = suite.version.precedent
    if precedent is None:
        return
    if not precedent.publie:
        yield f"La version d'avant, « {precedent} », n'est pas publiée."
    if suite.version.pk in {version.precedent_id for version in suite.chaine}:
        yield f"Cette version et « {precedent} » se suivent l'une l'autre\u00a0: c'est un cycle."
    par_version = _codes_par_version(suite.chaine)
    yield from _liens_egares(suite)
    yield from defauts_des_correspondances(
        [Lien(lien.nature, _code(lien.ancien), _code(lien.nouveau)) for lien in suite.liens],
        par_version.get(precedent.pk, []),
        par_version.get(suite.version.pk, []),
        _servis(suite.chaine[1:], par_version),
    )


def _liens_egares(suite: Suite) -> Iterator[str]:
    for lien in suite.liens:
        ancien, nouveau = lien.ancien, lien.nouveau
        perdu = ancien is not None and ancien.referentiel_id != suite.version.precedent_id
        if perdu or (nouveau is not None and nouveau.referentiel_id != suite.version.pk):
            bouts = f"{_code(ancien) or '–'} → {_code(nouveau) or '–'}"
            yield f"La correspondance {bouts} nomme un indicateur d'une autre version."


def _code(indicateur: Indicateur | None) -> str | None:
    return indicateur.code if indicateur else None


def _codes_par_version(chaine: Iterable[Referentiel]) -> dict[int, list[str]]:
    codes: dict[int, list[str]] = defaultdict(list)
    indicateurs = Indicateur.objects.filter(referentiel__in=chaine).order_by("ordre")
    for version, code in indicateurs.values_list("referentiel", "code"):
        codes[version].append(code)
    return codes


def _servis(avant: Sequence[Referentiel], par_version: Mapping[int, list[str]]) -> dict[str, int]:
    return {code: version.version for version in reversed(avant) for code in par_version.get(version.pk, [])}


def codes_de(referentiel: Referentiel) -> list[str]:
    return _codes_par_version([referentiel]).get(referentiel.pk, [])


def codes_servis(referentiel: Referentiel) -> dict[str, int]:
    """Each code that this version or one before it has used, with the number of the last version that did."""
    chaine = ascendance(referentiel)
    return _servis(chaine, _codes_par_version(chaine))


def defauts_des_correspondances(
    liens: Collection[Lien], anciens: Collection[str], nouveaux: Collection[str], servis: Mapping[str, int]
) -> Iterator[str]:
    """Each old indicator has one fate, each new one an origin, each link the shape of its nature, and no code
    serves twice. `servis`: the codes already used, with the last version that used them.
    """
    suites: dict[str, list[Lien]] = defaultdict(list)
    origines: dict[str, list[Lien]] = defaultdict(list)
    for lien in liens:
        if lien.ancien:
            suites[lien.ancien].append(lien)
        if lien.nouveau:
            origines[lien.nouveau].append(lien)
    yield from _codes_inconnus(suites, anciens, "la version d'avant")
    yield from _codes_inconnus(origines, nouveaux, "cette version")
    for code in anciens:
        yield from _defauts_d_un_ancien(code, suites.get(code, []), origines)
    for code in nouveaux:
        yield from _defauts_d_un_nouveau(code, origines.get(code, []), servis)


def _codes_inconnus(cites: Iterable[str], connus: Collection[str], ou: str) -> Iterator[str]:
    for code in cites:
        if code not in connus:
            yield f"L'indicateur {code} n'est pas dans {ou}."


def _defauts_d_un_ancien(code: str, siens: list[Lien], origines: Mapping[str, list[Lien]]) -> Iterator[str]:
    if not siens:
        yield f"L'ancien indicateur {code} n'a pas de correspondance\u00a0: dites ce qu'il devient."
        return
    natures = Counter(lien.nature for lien in siens)
    if len(natures) > 1:
        dits = " et ".join(Nature(nature).label.lower() for nature in natures)
        yield f"L'ancien indicateur {code} est dit à la fois {dits}."
        return
    nature = Nature(siens[0].nature)
    cibles = [lien.nouveau for lien in siens if lien.nouveau]
    partagees = [cible for cible in cibles if len(origines[cible]) > 1]
    if nature in NATURES_A_UNE_SUITE and (len(cibles) != 1 or partagees):
        yield (
            f"L'ancien indicateur {code} est dit {nature.label.lower()}\u00a0: "
            "il a une seule suite, qui n'a pas d'autre origine."
        )
    if nature == Nature.SCINDE and len(cibles) < 2:
        yield f"L'ancien indicateur {code} est dit scindé\u00a0: nommez au moins deux indicateurs qui le suivent."
    if nature == Nature.SCINDE and partagees:
        yield f"L'ancien indicateur {code} est dit scindé, mais {', '.join(partagees)} vient aussi d'ailleurs."
    if nature == Nature.FUSIONNE and (len(cibles) != 1 or not partagees):
        yield f"L'ancien indicateur {code} est dit fusionné\u00a0: nommez le même indicateur pour un autre ancien."


def _defauts_d_un_nouveau(code: str, siens: list[Lien], servis: Mapping[str, int]) -> Iterator[str]:
    if not siens:
        yield f"L'indicateur {code} n'a pas de correspondance\u00a0: dites d'où il vient, ou qu'il est nouveau."
        return
    if len({lien.nature for lien in siens}) > 1 and any(lien.nature == Nature.NOUVEAU for lien in siens):
        yield f"L'indicateur {code} est dit nouveau, et venu d'un ancien\u00a0: gardez l'un des deux."
    if code in servis and code not in {lien.ancien for lien in siens}:
        yield code_deja_servi(code, servis[code])


def code_deja_servi(code: str, version: int) -> str:
    return (
        f"Le code {code} servait déjà à un autre indicateur, dans la version {version}\u00a0: "
        "donnez un nouveau code à celui-ci."
    )
