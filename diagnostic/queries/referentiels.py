"""Versions of the référentiel: where each comes from, and what would prevent one from being published."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import F, Max, Model, Q, QuerySet

from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.plausibilite import cycle
from diagnostic.models import Correspondance, Indicateur, Referentiel
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


def ascendance(version: Referentiel) -> list[Referentiel]:
    """The version, the one it follows, and so on to the first; stops where versions follow one another in a ring."""
    connues = Referentiel.objects.filter(code=version.code).select_related("academie").in_bulk()
    suite = [version]
    vues = {version.pk}
    while (precedente := suite[-1].precedent_id) is not None and precedente in connues and precedente not in vues:
        suite.append(connues[precedente])
        vues.add(precedente)
    return suite


def lignee(version: Referentiel, ancetre: Referentiel) -> list[Referentiel] | None:
    """The versions from `ancetre` (left out) to `version`, newest first; None when it is no ancestor of it."""
    suite = ascendance(version)
    rang = next((rang for rang, actuelle in enumerate(suite) if actuelle.pk == ancetre.pk), None)
    return None if rang is None else suite[:rang]


def empreinte_de(*objets: Model) -> str:
    """The fingerprint of rows as they were read; a form carries it, and nobody writes over what they did not see."""
    lus = [{champ.attname: str(getattr(objet, champ.attname)) for champ in objet._meta.fields} for objet in objets]
    return empreinte(json_canonique({"lus": lus}))


# --- What prevents a publication ----------------------------------------------------------------------
def defauts_de_publication(referentiel: Referentiel) -> list[str]:
    """French sentences, each naming what is wrong; empty when the version may be published."""
    return [*_defauts_du_contenu(referentiel), *_defauts_des_regles(referentiel), *_defauts_de_la_suite(referentiel)]


def _defauts_du_contenu(referentiel: Referentiel) -> Iterator[str]:
    if [palier.numero for palier in referentiel.paliers.all()] != [1, 2, 3]:
        yield "Un référentiel a trois paliers, numérotés 1, 2 et 3."
    poses = set(Indicateur.objects.filter(referentiel=referentiel).values_list("champ", flat=True))
    for champ in referentiel.champs.all():
        if champ.pk not in poses:
            yield f"Le champ {champ.code} « {champ.libelle} » n'a aucun indicateur."


def _defauts_des_regles(referentiel: Referentiel) -> Iterator[str]:
    yield from defauts_des_regles(list(referentiel.regles.values_list("si__code", "alors__code")))


def defauts_des_regles(fleches: Iterable[tuple[str, str]]) -> Iterator[str]:
    """`fleches`: for each rule, the code of its « si » and that of its « alors »."""
    suites: dict[str, list[str]] = defaultdict(list)
    for si, alors in fleches:
        suites[si].append(alors)
    if tour := cycle(suites):
        yield f"Les règles de plausibilité tournent en rond\u00a0: {' → '.join(tour)}."


def _defauts_de_la_suite(referentiel: Referentiel) -> Iterator[str]:
    precedent = referentiel.precedent
    if precedent is None:
        return
    if not precedent.publie:
        yield f"La version d'avant, « {precedent} », n'est pas publiée."
    if lignee(precedent, referentiel) is not None:
        yield f"Cette version et « {precedent} » se suivent l'une l'autre\u00a0: c'est un cycle."
    liens = list(
        referentiel.correspondances.values_list(
            "nature", "ancien__code", "nouveau__code", "ancien__referentiel", "nouveau__referentiel"
        )
    )
    for _, ancien, nouveau, version_d_ancien, version_de_nouveau in liens:
        if version_d_ancien not in (None, precedent.pk) or version_de_nouveau not in (None, referentiel.pk):
            yield f"La correspondance {ancien or '–'} → {nouveau or '–'} nomme un indicateur d'une autre version."
    yield from defauts_des_correspondances(
        [Lien(*lien[:3]) for lien in liens],
        codes_de(precedent),
        codes_de(referentiel),
        codes_servis(precedent),
    )


def codes_de(referentiel: Referentiel) -> list[str]:
    return list(Indicateur.objects.filter(referentiel=referentiel).order_by("ordre").values_list("code", flat=True))


def codes_servis(referentiel: Referentiel) -> dict[str, int]:
    """Each code that this version or one before it has used, with the number of the last version that did."""
    servis = Indicateur.objects.filter(referentiel__in=ascendance(referentiel)).order_by("referentiel__version")
    return dict(servis.values_list("code", "referentiel__version"))


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
