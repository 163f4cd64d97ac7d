"""Versions of the référentiel: where each comes from, and what would prevent one from being published."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from diagnostic.domain.plausibilite import cycle
from diagnostic.models import Correspondance, Indicateur, Referentiel

NATURES_A_UNE_SUITE = (Correspondance.Nature.CONSERVE, Correspondance.Nature.REFORMULE)


def lignee(version: Referentiel, ancetre: Referentiel) -> list[Referentiel] | None:
    """The versions from `ancetre` (left out) to `version`, newest first; None when it is no ancestor of it."""
    suivantes: list[Referentiel] = []
    actuelle: Referentiel | None = version
    while actuelle is not None and actuelle.pk != ancetre.pk:
        if actuelle in suivantes:
            return None
        suivantes.append(actuelle)
        actuelle = actuelle.precedent
    return suivantes if actuelle is not None else None


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
    suites: dict[str, list[str]] = defaultdict(list)
    for si, alors in referentiel.regles.values_list("si__code", "alors__code"):
        suites[si].append(alors)
    if tour := cycle(suites):
        yield f"Les règles de plausibilité tournent en rond : {' → '.join(tour)}."


def _defauts_de_la_suite(referentiel: Referentiel) -> Iterator[str]:
    """Each old indicator has a future, each new one an origin, and each link the shape of its nature."""
    precedent = referentiel.precedent
    if precedent is None:
        return
    if not precedent.publie:
        yield f"La version d'avant, « {precedent} », n'est pas publiée."
    if lignee(precedent, referentiel) is not None:
        yield f"Cette version et « {precedent} » se suivent l'une l'autre : c'est un cycle."
    liens = list(referentiel.correspondances.select_related("ancien", "nouveau"))
    anciens = {i.code: i for i in Indicateur.objects.filter(referentiel=precedent)}
    nouveaux = {i.code: i for i in Indicateur.objects.filter(referentiel=referentiel)}
    yield from _defauts_des_liens(liens, anciens, nouveaux)
    for code in anciens.keys() - {lien.ancien.code for lien in liens if lien.ancien}:
        yield f"L'ancien indicateur {code} n'a pas de correspondance : dites ce qu'il devient."
    for code in nouveaux.keys() - {lien.nouveau.code for lien in liens if lien.nouveau}:
        yield f"L'indicateur {code} n'a pas de correspondance : dites d'où il vient, ou qu'il est nouveau."


def _defauts_des_liens(
    liens: list[Correspondance], anciens: dict[str, Indicateur], nouveaux: dict[str, Indicateur]
) -> Iterator[str]:
    suites: dict[str, list[Correspondance]] = defaultdict(list)
    origines: Counter[str] = Counter()
    for lien in liens:
        if lien.ancien:
            suites[lien.ancien.code].append(lien)
        if lien.nouveau:
            origines[lien.nouveau.code] += 1
        if (lien.ancien and lien.ancien.code not in anciens) or (lien.nouveau and lien.nouveau.code not in nouveaux):
            yield f"La correspondance {lien} nomme un indicateur d'une autre version."
    for code, siens in suites.items():
        yield from _defauts_d_un_ancien(code, siens, origines)
    for lien in liens:
        if lien.nouveau and lien.nouveau.code in anciens and not _vient_de_lui(lien.nouveau.code, suites):
            yield (
                f"Le code {lien.nouveau.code} servait déjà à un autre indicateur : donnez un nouveau code à celui-ci."
            )


def _defauts_d_un_ancien(code: str, liens: list[Correspondance], origines: Counter[str]) -> Iterator[str]:
    natures = {lien.nature for lien in liens}
    if len(natures) > 1:
        yield f"L'ancien indicateur {code} est dit à la fois {' et '.join(sorted(natures))}."
        return
    nature = natures.pop()
    cibles = [lien.nouveau.code for lien in liens if lien.nouveau]
    if nature in NATURES_A_UNE_SUITE and (len(cibles) > 1 or any(origines[cible] > 1 for cible in cibles)):
        yield f"L'ancien indicateur {code} est dit {nature} : il a une seule suite, qui n'a pas d'autre origine."
    if nature == Correspondance.Nature.SCINDE and len(cibles) < 2:
        yield f"L'ancien indicateur {code} est dit scindé : nommez au moins deux indicateurs qui le suivent."
    if nature == Correspondance.Nature.FUSIONNE and (len(cibles) > 1 or origines[cibles[0]] < 2):
        yield f"L'ancien indicateur {code} est dit fusionné : nommez le même indicateur pour un autre ancien."


def _vient_de_lui(code: str, suites: dict[str, list[Correspondance]]) -> bool:
    return any(lien.nouveau and lien.nouveau.code == code for lien in suites.get(code, ()))
