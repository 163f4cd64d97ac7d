"""Reading returns of experience: a school's own, and those that its district shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value

from plans.models import Besoin, Constat, Theme, UtileChezNous
from strategie.socle.models import Etablissement
from strategie.socle.models.territoire import SansAccent

PAR_PAGE = 30
MOTS_MAX = 8


@dataclass(frozen=True)
class ThemeRetex:
    """What is said of one theme."""

    theme: Theme
    irritants: Sequence[Constat]
    points_forts: Sequence[Constat]


def constats_de(etablissement: Etablissement, *, theme: str = "", sens: str = "") -> list[Constat]:
    """The school's, each with the needs that rest on it (`besoins_vivants`) and how many schools found it useful."""
    constats = (
        Constat.objects.vivants()
        .filter(etablissement=etablissement)
        .select_related("cree_par")
        .annotate(nombre_utiles=Count("utiles"))
        .prefetch_related(Prefetch("besoins", Besoin.objects.vivants(), to_attr="besoins_vivants"))
    )
    if theme:
        constats = constats.filter(theme=theme)
    if sens:
        constats = constats.filter(sens=sens)
    return list(constats.order_by("-annee_scolaire", "cree_le", "pk"))


def par_theme(constats: Sequence[Constat]) -> list[ThemeRetex]:
    """In the order of the five themes; those of which nothing is said are left out."""
    groupes = []
    for theme in Theme:
        siens = [constat for constat in constats if constat.theme == theme]
        if siens:
            irritants = [constat for constat in siens if constat.sens == Constat.Sens.IRRITANT]
            points_forts = [constat for constat in siens if constat.sens == Constat.Sens.POINT_FORT]
            groupes.append(ThemeRetex(theme, irritants, points_forts))
    return groupes


@dataclass(frozen=True)
class PagePartages:
    """`suivante` is the key after which the next page begins, empty on the last one."""

    constats: Sequence[Constat]
    suivante: str
    debut: bool


def partages_du_district(
    etablissement: Etablissement, *, theme: str = "", sens: str = "", texte: str = "", apres: str = ""
) -> PagePartages:
    """What the schools of the district share, newest first; each says whether it is useful here (`utile_ici`), to how
    many it is, and its school's name only where that school agreed to be named.
    """
    constats = _partages(etablissement)
    if theme:
        constats = constats.filter(theme=theme)
    if sens:
        constats = constats.filter(sens=sens)
    for mot in texte.split()[:MOTS_MAX]:
        constats = constats.alias(cherche=SansAccent(F("texte"))).filter(cherche__contains=SansAccent(Value(mot)))
    if apres.isdecimal() and len(apres) < 18:
        constats = constats.filter(pk__lt=int(apres))
    lus = list(constats.order_by("-pk")[: PAR_PAGE + 1])
    suivante = str(lus[PAR_PAGE - 1].pk) if len(lus) > PAR_PAGE else ""
    return PagePartages(lus[:PAR_PAGE], suivante, not apres)


def partage_ou_rien(etablissement: Etablissement, cle: int) -> Constat | None:
    return _partages(etablissement).filter(pk=cle).first()


def _partages(etablissement: Etablissement) -> QuerySet[Constat]:
    if etablissement.district_id is None:
        return Constat.objects.none()
    ici = UtileChezNous.objects.filter(constat=OuterRef("pk"), etablissement=etablissement)
    return (
        Constat.objects.vivants()
        .filter(~Q(partage=Constat.Partage.NON), etablissement__district=etablissement.district_id)
        .select_related("etablissement")
        .annotate(nombre_utiles=Count("utiles"), utile_ici=Exists(ici))
    )
