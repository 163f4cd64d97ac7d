"""Who a new version asks again: before it is published, then before a campaign moves to it."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from diagnostic.domain.conditions import Situation
from diagnostic.models import Campagne, Correspondance, Diagnostic, Indicateur, Referentiel
from diagnostic.queries.chemins import CHEMIN
from diagnostic.queries.questionnaire import ecarte, situation_de
from diagnostic.queries.referentiels import Suite, ascendance, chemins_vers
from strategie.socle.models import Academie, Etablissement

CE_QUE_LIT_UNE_SITUATION = ("type", "internat", "education_prioritaire")

_A_REPOSER = f"""
{CHEMIN}
SELECT arrivee.indicateur,
    count(DISTINCT diagnostic.id) FILTER (WHERE diagnostic.etat IN ('brouillon', 'rouvert')),
    count(DISTINCT diagnostic.id) FILTER (WHERE diagnostic.etat = 'soumis')
FROM arrivee
JOIN diagnostic_indicateur AS origine ON origine.id = arrivee.origine
JOIN diagnostic_reponse AS reponse ON reponse.indicateur_id = arrivee.origine AND reponse.valeur <> ''
JOIN diagnostic_diagnostic AS diagnostic
    ON diagnostic.id = reponse.diagnostic_id AND diagnostic.referentiel_id = origine.referentiel_id
JOIN diagnostic_campagne AS campagne ON campagne.id = diagnostic.campagne_id
WHERE arrivee.change AND campagne.academie_id = %(academie)s
    AND diagnostic.date_cloture + campagne.jours_de_correction >= %(jour)s
GROUP BY arrivee.indicateur
"""  # noqa: S608 (a constant)
_DEPLACEMENTS = f"""
{CHEMIN}, deplace AS (
    SELECT * FROM diagnostic_diagnostic
    WHERE campagne_id = %(campagne)s AND etat IN ('brouillon', 'rouvert') AND referentiel_id = ANY(%(departs)s)
), dite AS (
    SELECT deplace.id AS diagnostic, arrivee.indicateur, arrivee.change, reponse.valeur, reponse.a_reconfirmer
    FROM deplace
    JOIN diagnostic_reponse AS reponse ON reponse.diagnostic_id = deplace.id AND reponse.valeur <> ''
    JOIN diagnostic_indicateur AS origine
        ON origine.id = reponse.indicateur_id AND origine.referentiel_id = deplace.referentiel_id
    LEFT JOIN arrivee ON arrivee.origine = origine.id
), venue AS (
    SELECT diagnostic, indicateur, count(DISTINCT valeur) AS valeurs, bool_or(change OR a_reconfirmer) AS change
    FROM dite WHERE indicateur IS NOT NULL GROUP BY diagnostic, indicateur
), comptee AS (
    SELECT diagnostic, count(*) FILTER (WHERE NOT change) AS gardees,
        count(*) FILTER (WHERE change AND valeurs = 1) AS a_reconfirmer,
        count(*) FILTER (WHERE valeurs > 1) AS divergentes
    FROM venue GROUP BY diagnostic
), perdue AS (
    SELECT diagnostic, count(*) AS abandonnees FROM dite WHERE indicateur IS NULL GROUP BY diagnostic
)
SELECT deplace.referentiel_id, etablissement.type, etablissement.internat, etablissement.education_prioritaire,
    coalesce(gardees, 0), coalesce(a_reconfirmer, 0), coalesce(divergentes, 0), coalesce(abandonnees, 0)
FROM deplace
JOIN socle_etablissement AS etablissement ON etablissement.id = deplace.etablissement_id
LEFT JOIN comptee ON comptee.diagnostic = deplace.id
LEFT JOIN perdue ON perdue.diagnostic = deplace.id
"""  # noqa: S608


@dataclass(frozen=True)
class Effet:
    """What one change asks again, in the campaigns that are not over: `en_cours`, drafts that have answered it;
    `signes`, signed diagnostics that will meet it when opened again, or next year; `etablissements`: schools of the
    académie that are asked it.
    """

    nature: Correspondance.Nature
    indicateur: Indicateur
    etablissements: int
    en_cours: int
    signes: int


def effets_de_la_version(suite: Suite, academie: Academie, jour: datetime.date) -> list[Effet]:
    """One an indicator that changes or is new, in the order of the version; `jour`: the date it is in the académie."""
    natures = {lien.nouveau: Correspondance.Nature(lien.nature) for lien in suite.liens if lien.nouveau}
    changes = [indicateur for indicateur, nature in natures.items() if nature != Correspondance.Nature.CONSERVE]
    a_reposer = _a_reposer(suite, academie, jour)
    situations = _situations(academie)
    return [
        Effet(natures[i], i, _concernes(i, situations), *a_reposer.get(i.pk, (0, 0)))
        for i in sorted(changes, key=lambda indicateur: indicateur.ordre)
    ]


def _a_reposer(suite: Suite, academie: Academie, jour: datetime.date) -> dict[int, tuple[int, int]]:
    with connection.cursor() as curseur:
        curseur.execute(_A_REPOSER, suite.parametres | {"academie": academie.pk, "jour": jour})
        return {indicateur: (en_cours, signes) for indicateur, en_cours, signes in curseur.fetchall()}


def dernier_jour(campagne: Campagne) -> datetime.date:
    """The last day on which something may still change in it: extensions, then the correction window."""
    clotures = [campagne.date_cloture, *(prolongee.date_cloture for prolongee in campagne.prolongations.all())]
    return max(clotures) + datetime.timedelta(days=campagne.jours_de_correction)


def _situations(academie: Academie) -> Counter[Situation]:
    """How many schools of the académie are in each situation."""
    ouverts = Etablissement.objects.filter(academie=academie).exclude(etat=Etablissement.Etat.FERME)
    nombres: Counter[Situation] = Counter()
    for ligne in ouverts.order_by().values(*CE_QUE_LIT_UNE_SITUATION).annotate(nombre=Count("pk")):
        nombre = ligne.pop("nombre")
        nombres[situation_de(Etablissement(**ligne))] += nombre
    return nombres


def _concernes(indicateur: Indicateur, situations: Counter[Situation]) -> int:
    return sum(nombre for situation, nombre in situations.items() if ecarte(indicateur, situation) is None)


@dataclass(frozen=True)
class Etendue:
    """The least, the middle one and the most, over the diagnostics that move."""

    quoi: str
    minimum: int
    mediane: int
    maximum: int

    @classmethod
    def de(cls, quoi: str, nombres: Sequence[int]) -> Etendue:
        return cls(quoi, min(nombres), median_low(nombres), max(nombres))


@dataclass(frozen=True)
class Deplacement:
    """What moving a campaign does: how many diagnostics, and to their answers."""

    ouverts: int
    en_attente: int
    signes: int
    etendues: tuple[Etendue, ...]


def deplacement(campagne: Campagne, version: Referentiel) -> Deplacement:
    """`version` descends from the campaign's own."""
    etats = Counter(dict(_etats(campagne, version)))
    parametres = chemins_vers(ascendance(version))
    lignes = _lignes(campagne, parametres)
    colonnes = {
        "Réponses gardées telles quelles": [ligne[4] for ligne in lignes],
        "Réponses à reconfirmer": [ligne[5] for ligne in lignes],
        "Questions fusionnées dont les réponses différaient": [ligne[6] for ligne in lignes],
        "Réponses à des questions abandonnées": [ligne[7] for ligne in lignes],
        "Questions nouvelles": _questions_nouvelles(parametres, lignes),
    }
    return Deplacement(
        ouverts=len(lignes),
        en_attente=etats[Diagnostic.Etat.A_COMMENCER],
        signes=etats[Diagnostic.Etat.SOUMIS],
        etendues=tuple(Etendue.de(quoi, nombres) for quoi, nombres in colonnes.items() if nombres),
    )


def _etats(campagne: Campagne, version: Referentiel) -> QuerySet[Diagnostic, tuple[str, int]]:
    diagnostics = Diagnostic.objects.filter(campagne=campagne).exclude(referentiel=version)
    return diagnostics.order_by().values_list("etat").annotate(Count("pk"))


def _lignes(campagne: Campagne, parametres: dict[str, Any]) -> list[tuple[Any, ...]]:
    """A diagnostic that moves: its version, the situation of its school, then the counts of its answers."""
    with connection.cursor() as curseur:
        curseur.execute(_DEPLACEMENTS, parametres | {"campagne": campagne.pk})
        return list(curseur.fetchall())


def _questions_nouvelles(parametres: dict[str, Any], lignes: Iterable[tuple[Any, ...]]) -> list[int]:
    """For each diagnostic that moves, how many questions come from nothing that its version asked."""
    nouvelles = _nouvelles(parametres)
    connus: dict[tuple[Any, ...], int] = {}
    nombres = []
    for ligne in lignes:
        cle = ligne[:4]
        if cle not in connus:
            situation = situation_de(Etablissement(**dict(zip(CE_QUE_LIT_UNE_SITUATION, cle[1:], strict=True))))
            connus[cle] = sum(ecarte(indicateur, situation) is None for indicateur in nouvelles[cle[0]])
        nombres.append(connus[cle])
    return nombres


def _nouvelles(parametres: dict[str, Any]) -> dict[int, list[Indicateur]]:
    """For each version before, the indicators of the version to come that none of its own became."""
    indicateurs = list(Indicateur.objects.filter(referentiel=parametres["arrivee"]))
    venus: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as curseur:
        curseur.execute(
            f"{CHEMIN} SELECT DISTINCT origine.referentiel_id, arrivee.indicateur FROM arrivee"  # noqa: S608
            " JOIN diagnostic_indicateur AS origine ON origine.id = arrivee.origine",
            parametres,
        )
        for depart, indicateur in curseur.fetchall():
            venus[depart].add(indicateur)
    return {depart: [i for i in indicateurs if i.pk not in venus[depart]] for depart in parametres["departs"]}
