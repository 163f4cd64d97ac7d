"""The seed's table: irritants, the needs that they show, the axes that answer these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from plans.models import Axe, Besoin, Constat, Theme
from strategie.socle.models import Etablissement

THEMES = [*Theme.values, ""]


@dataclass(frozen=True)
class LigneMatrice:
    """A row of the seed's table, in words: what a screen, a sheet and a test compare."""

    theme: str
    irritants: tuple[str, ...]
    besoins: tuple[str, ...]
    axes: tuple[str, ...]


@dataclass(frozen=True)
class GroupeMatrice:
    """What one row holds: the needs of a theme that share a constat or an axe, and all of these; or what has no need
    yet.
    """

    theme: str
    constats: tuple[Constat, ...] = ()
    besoins: tuple[Besoin, ...] = ()
    axes: tuple[Axe, ...] = ()

    @property
    def libelle(self) -> str:
        return Theme(self.theme).label if self.theme else ""

    @property
    def irritants(self) -> tuple[str, ...]:
        """What shows the needs: constats, then figures of the diagnostic or of a survey."""
        return (*(constat_en_mots(c) for c in self.constats), *(fait_en_mots(b) for b in self.besoins if _mesure(b)))

    def en_mots(self) -> LigneMatrice:
        return LigneMatrice(self.libelle, self.irritants, tuple(map(str, self.besoins)), tuple(map(str, self.axes)))


def constat_en_mots(constat: Constat) -> str:
    """A need may rest on what went well too: it is said, in a column of irritants."""
    return constat.texte if constat.sens == Constat.Sens.IRRITANT else f"Point fort\u00a0: {constat.texte}"


def fait_en_mots(besoin: Besoin) -> str:
    return besoin.constat or f"{besoin.get_origine_display()} ({besoin.reference})"


def lignes_de_la_matrice(etablissement: Etablissement, annee: str) -> list[LigneMatrice]:
    return [groupe.en_mots() for groupe in groupes_de_la_matrice(etablissement, annee)]


def groupes_de_la_matrice(etablissement: Etablissement, annee: str) -> list[GroupeMatrice]:
    """By theme: the needs of the year with what they are linked to, of any year; then its irritants and its axes that
    no need of the year links. Five queries.
    """
    besoins = _avec_liens(Besoin.objects.vivants().filter(etablissement=etablissement, annee_scolaire=annee))
    constats = {constat.pk for besoin in besoins for constat in besoin.retours.all()}
    axes = {axe.pk for besoin in besoins for axe in besoin.axes.all()}
    irritants = Constat.objects.vivants().filter(
        etablissement=etablissement, annee_scolaire=annee, sens=Constat.Sens.IRRITANT
    )
    seuls = [constat for constat in irritants.order_by("cree_le", "pk") if constat.pk not in constats]
    ouverts = Axe.objects.vivants().filter(etablissement=etablissement, annee_scolaire=annee)
    sans_besoin = [axe for axe in ouverts.order_by("cree_le", "pk") if axe.pk not in axes]
    return sorted(
        [
            *map(_groupe, grouper(besoins)),
            *(GroupeMatrice(theme, constats=tuple(siens)) for theme, siens in _par_theme(seuls)),
            *(GroupeMatrice(theme, axes=tuple(siens)) for theme, siens in _par_theme(sans_besoin)),
        ],
        key=lambda groupe: THEMES.index(groupe.theme),
    )


def axes_a_choisir(etablissement: Etablissement, annee: str, deja: Collection[int] = ()) -> list[Axe]:
    """The open ones of any year, those of the year even closed, and those that are asked for."""
    siens = Axe.objects.vivants().filter(etablissement=etablissement)
    return list(siens.filter(Q(clos_le__isnull=True) | Q(annee_scolaire=annee) | Q(pk__in=deja)))


def besoins_relies(etablissement: Etablissement, cles: Collection[int]) -> list[Besoin]:
    """These needs, with the constats that back them and the axes that answer them."""
    return _avec_liens(Besoin.objects.vivants().filter(etablissement=etablissement, pk__in=cles))


def grouper(besoins: Sequence[Besoin]) -> list[list[Besoin]]:
    """Needs of the same theme that share a constat or an axe go together, were it by way of a third; in their order."""
    groupes: list[tuple[str, set[tuple[str, int]], list[Besoin]]] = []
    for besoin in besoins:
        theme, liens, ensemble = theme_de(besoin), _liens(besoin), [besoin]
        touches = [groupe for groupe in groupes if groupe[0] == theme and groupe[1] & liens]
        for groupe in touches:
            liens |= groupe[1]
            ensemble += groupe[2]
        groupes = [groupe for groupe in groupes if groupe not in touches]
        groupes.append((theme, liens, ensemble))
    rangs = {besoin.pk: rang for rang, besoin in enumerate(besoins)}
    ranges = [sorted(groupe[2], key=lambda besoin: rangs[besoin.pk]) for groupe in groupes]
    return sorted(ranges, key=lambda groupe: rangs[groupe[0].pk])


def theme_de(besoin: Besoin) -> str:
    """Its own, else that of what shows it, else of what answers it; none when nothing says."""
    autour: Iterator[Constat | Axe] = iter([*besoin.retours.all(), *besoin.axes.all()])
    return besoin.theme or next((autre.theme for autre in autour), "")


def _avec_liens(besoins: QuerySet[Besoin]) -> list[Besoin]:
    return list(
        besoins.order_by("retenu_le", "pk").prefetch_related(
            Prefetch("retours", Constat.objects.vivants().order_by("cree_le", "pk")),
            Prefetch("axes", Axe.objects.vivants().order_by("cree_le", "pk")),
        )
    )


def _groupe(besoins: Sequence[Besoin]) -> GroupeMatrice:
    constats = {constat.pk: constat for besoin in besoins for constat in besoin.retours.all()}
    axes = {axe.pk: axe for besoin in besoins for axe in besoin.axes.all()}
    return GroupeMatrice(
        theme_de(besoins[0]),
        tuple(sorted(constats.values(), key=lambda constat: (constat.cree_le, constat.pk))),
        tuple(besoins),
        tuple(sorted(axes.values(), key=lambda axe: (axe.cree_le, axe.pk))),
    )


def _liens(besoin: Besoin) -> set[tuple[str, int]]:
    return {("constat", constat.pk) for constat in besoin.retours.all()} | {
        ("axe", axe.pk) for axe in besoin.axes.all()
    }


def _mesure(besoin: Besoin) -> bool:
    return besoin.origine in Besoin.ORIGINES_MESUREES


def _par_theme[Objet: (Constat, Axe)](objets: Iterable[Objet]) -> list[tuple[str, list[Objet]]]:
    ranges: defaultdict[str, list[Objet]] = defaultdict(list)
    for objet in objets:
        ranges[objet.theme].append(objet)
    return list(ranges.items())
