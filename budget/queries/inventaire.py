"""The inventory as its list reads it: what answers to filters, one page by its key, what each filter would show."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from budget.domain.cycle import HORIZON
from budget.models import Equipement, Lot, Salle
from budget.queries.chiffres import AGE_MAX, FAMILLES, age_en_base
from budget.queries.durees import durees_de, fin_prevue
from budget.rules.controle import debut_du_controle
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement
from strategie.socle.models.territoire import SansAccent
from strategie.socle.queries.preparees import preparee

TAILLE_PAGE = 50
MOTS_MAX = 6
# Beyond, a page no longer counts what it does not show: its cost stays that of its own lines.
LIGNES_COMPTEES = 5_000
SANS = "sans"  # in no room, in no lot, of no known owner
OUI = "1"
# What the figures lead to (`interfaces.chiffres`): a family of categories, an age, the end of a planned life.
FAMILLE, AGE, FIN = DERRIERE = ("famille", "age", "fin")
RETARD, APRES = "retard", "apres"
# Where a page begins or ends: `classement` and key of a line.
Cle = tuple[str, int]


class Facette(NamedTuple):
    """The lines that are alike for every filter; fields are named as filters are. `trouve`: they hold the words."""

    categorie: str
    etat: str
    salle: str
    lot: str
    proprietaire: str
    domaine: str
    prete: str
    non_vu: str
    trouve: bool
    lignes: int
    choses: int


@dataclass(frozen=True)
class Parc:
    """What the filters of a school choose among; `facettes` is None beyond `LIGNES_COMPTEES` lines."""

    salles: Mapping[str, str]
    lots: Mapping[str, str]
    facettes: Sequence[Facette] | None


@dataclass(frozen=True)
class Page:
    """Its rows: key, `classement`, then the values asked for; and where the next and the previous ones begin."""

    lignes: Sequence[tuple[Any, ...]]
    apres: Cle | None
    avant: Cle | None


def _debut(jour: datetime.date) -> datetime.date:
    """From when what is seen is seen « cette année scolaire »."""
    return debut_du_controle(annee_scolaire(jour))


def filtrer(
    etablissement: Etablissement, choisis: Mapping[str, str], mots: Sequence[str], jour: datetime.date
) -> QuerySet[Equipement]:
    """The lines that answer to every filter and hold every word; what has left is shown when it is asked for."""
    lignes: QuerySet[Equipement] = Equipement.objects.vivants().filter(etablissement=etablissement)
    if "etat" not in choisis:
        lignes = lignes.exclude(etat=Equipement.Etat.SORTI)
    lignes = _restreindre(lignes, etablissement, choisis, jour)
    for mot in mots[:MOTS_MAX]:
        lignes = lignes.filter(recherche__contains=SansAccent(Value(mot)))
    return lignes


def _restreindre(
    lignes: QuerySet[Equipement], etablissement: Etablissement, choisis: Mapping[str, str], jour: datetime.date
) -> QuerySet[Equipement]:
    if AGE in choisis:
        lignes = lignes.alias(age=age_en_base(jour))
    if FIN in choisis:
        lignes = lignes.alias(fin=fin_prevue(durees_de(etablissement)))
    for nom, valeur in choisis.items():
        lignes = lignes.filter(_critere(nom, valeur, jour))
    return lignes


def _critere(nom: str, valeur: str, jour: datetime.date) -> Q:
    match nom:
        case "salle" | "lot":
            return Q((f"{nom}__isnull", True)) if valeur == SANS else Q((nom, int(valeur)))
        case "proprietaire":
            return Q(proprietaire="" if valeur == SANS else valeur)
        case "famille":
            return Q(categorie__in=next(famille.categories for famille in FAMILLES if famille.code == valeur))
        case "age":
            return _critere_d_age(valeur)
        case "fin":
            return _critere_de_fin(valeur, jour)
        case "prete":
            return ~Q(prete_a="")
        case "non_vu":
            return Q(vu_le__isnull=True) | Q(vu_le__lt=_debut(jour))
        case _:
            return Q((nom, valeur))


def _critere_d_age(valeur: str) -> Q:
    if valeur == SANS:
        return Q(age__isnull=True)
    age = int(valeur)
    return Q(age__lte=0) if age == 0 else Q(age__gte=AGE_MAX) if age == AGE_MAX else Q(age=age)


def _critere_de_fin(valeur: str, jour: datetime.date) -> Q:
    if valeur == SANS:
        return Q(fin__isnull=True)
    if valeur == RETARD:
        return Q(fin__lt=jour)
    if valeur == APRES:
        return Q(fin__year__gte=jour.year + HORIZON)
    return Q(fin__gte=jour, fin__year=int(valeur))


def dans_l_ordre(lignes: QuerySet[Equipement]) -> QuerySet[Equipement]:
    return lignes.order_by("classement", "pk")


def page(
    lignes: QuerySet[Equipement], champs: Sequence[str], *, apres: Cle | None = None, avant: Cle | None = None
) -> Page:
    """The first page, or the one after or before a key, whether its line is still there or not."""
    rangee = Tuple(F("classement"), F("pk"))
    if avant:
        lignes = lignes.filter(TupleLessThan(rangee, avant)).order_by("-classement", "-pk")
    else:
        lignes = dans_l_ordre(lignes.filter(TupleGreaterThan(rangee, apres)) if apres else lignes)
    trouvees = list(lignes.values_list("pk", "classement", *champs)[: TAILLE_PAGE + 1])
    encore = len(trouvees) > TAILLE_PAGE
    montrees = trouvees[:TAILLE_PAGE]
    if avant:
        montrees.reverse()
    if not montrees:
        return Page((), None, None)
    return Page(
        montrees,
        apres=_cle(montrees[-1]) if encore or avant else None,
        avant=_cle(montrees[0]) if apres or (avant and encore) else None,
    )


def _cle(ligne: tuple[Any, ...]) -> Cle:
    return ligne[1], ligne[0]


# Every line of a school is read once, whatever is filtered: the counts of all the filters come from there.
_FACETTES = r"""
SELECT categorie, etat, coalesce(salle_id::text, 'sans'), coalesce(lot_id::text, 'sans'),
    coalesce(nullif(proprietaire, ''), 'sans'), domaine, CASE WHEN prete_a = '' THEN '' ELSE '1' END,
    CASE WHEN vu_le >= %(debut)s THEN '' ELSE '1' END,
    recherche LIKE ALL (ARRAY(
        SELECT '%%' || regexp_replace(sans_accent(mot), '([\\%%_])', '\\\1', 'g') || '%%'
        FROM unnest(%(mots)s::text[]) AS mot))
        AND (%(seules)s::bigint[] IS NULL OR id = ANY(%(seules)s::bigint[])),
    count(*), sum(nombre)
FROM (SELECT * FROM budget_equipement WHERE etablissement_id = %(etablissement)s AND supprime_le IS NULL
    LIMIT %(limite)s) AS siens
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""


@preparee
def _salles(etablissement: int) -> QuerySet[Any, Any]:
    return Salle.objects.filter(etablissement=etablissement).values_list("pk", "nom")


@preparee
def _lots(etablissement: int) -> QuerySet[Any, Any]:
    return Lot.objects.filter(etablissement=etablissement).values_list("pk", "intitule")


def lire_parc(
    etablissement: Etablissement,
    mots: Sequence[str],
    jour: datetime.date,
    derriere: Mapping[str, str] = MappingProxyType({}),
) -> Parc:
    """`derriere`: the choices among `DERRIERE`, which no other choice is counted without."""
    valeurs: dict[str, Any] = {
        "seules": _seules(etablissement, derriere, jour),
        "debut": _debut(jour),
        "mots": list(mots[:MOTS_MAX]),
        "etablissement": etablissement.pk,
        "limite": LIGNES_COMPTEES + 1,
    }
    with connection.cursor() as curseur:
        curseur.execute(_FACETTES, valeurs)
        facettes = [Facette(*ligne) for ligne in curseur.fetchall()]
    trop = sum(facette.lignes for facette in facettes) > LIGNES_COMPTEES
    return Parc(
        salles={str(cle): nom for cle, nom in _salles(etablissement=etablissement.pk)},
        lots={str(cle): intitule for cle, intitule in _lots(etablissement=etablissement.pk)},
        facettes=None if trop else facettes,
    )


def _seules(etablissement: Etablissement, derriere: Mapping[str, str], jour: datetime.date) -> list[int] | None:
    """The keys of the lines that a figure counts; None without one."""
    if not derriere:
        return None
    lignes = _restreindre(
        Equipement.objects.vivants().filter(etablissement=etablissement), etablissement, derriere, jour
    )
    return list(lignes.order_by().values_list("pk", flat=True)[: LIGNES_COMPTEES + 1])
