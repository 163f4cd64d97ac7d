"""Who has been trained, counted: by team and by school year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from budget.models import EffectifEquipe, Equipe, Presence, Seance
from budget.rules.couverture import Couverture, PresentsDUneEquipe, couvrir, ensemble
from strategie.socle.models import Etablissement


def effectifs_de(etablissement: int, annee: str) -> dict[str, int]:
    """By team, those that are known."""
    siens = EffectifEquipe.objects.filter(etablissement=etablissement, annee_scolaire=annee)
    return dict(siens.values_list("equipe", "effectif"))


def plus_presents(etablissement: int, annee: str) -> dict[str, int]:
    """By team, how many were at its fullest session of the year."""
    tenues = Presence.objects.filter(
        seance__formation__etablissement=etablissement,
        seance__formation__supprime_le__isnull=True,
        seance__formation__annee_scolaire=annee,
    )
    return dict(tenues.order_by().values("equipe").annotate(plus=Max("presents")).values_list("equipe", "plus"))


@dataclass(frozen=True)
class LigneCouverture:
    """A team, with its coverage of each year, in the order of the years."""

    equipe: str
    libelle: str
    annees: tuple[Couverture, ...]

    @property
    def total(self) -> Couverture:
        """Only its presences and hours mean something over several years: people come and go."""
        return ensemble(self.annees)


@dataclass(frozen=True)
class TableauDeCouverture:
    annees: tuple[str, ...]
    lignes: tuple[LigneCouverture, ...]
    ensemble: LigneCouverture

    @property
    def vide(self) -> bool:
        return not self.ensemble.total.presences


def lire_couverture(etablissement: Etablissement, annees: Sequence[str]) -> TableauDeCouverture:
    """Two queries."""
    presents: dict[tuple[str, str], list[PresentsDUneEquipe]] = defaultdict(list)
    lus = Presence.objects.filter(
        seance__formation__etablissement=etablissement,
        seance__formation__supprime_le__isnull=True,
        seance__formation__annee_scolaire__in=annees,
        seance__etat=Seance.Etat.TENUE,
    ).values_list("seance__formation__annee_scolaire", "equipe", "seance__formation", "presents", "seance__heures")
    for annee, equipe, formation, combien, heures in lus:
        presents[annee, equipe].append(PresentsDUneEquipe(formation, combien, heures))
    dits = EffectifEquipe.objects.filter(etablissement=etablissement, annee_scolaire__in=annees)
    effectifs = {(annee, equipe): n for annee, equipe, n in dits.values_list("annee_scolaire", "equipe", "effectif")}
    lignes = tuple(
        LigneCouverture(
            equipe.value,
            str(equipe.label),
            tuple(couvrir(presents[annee, equipe], effectifs.get((annee, equipe))) for annee in annees),
        )
        for equipe in Equipe
    )
    par_annee = tuple(ensemble(ligne.annees[rang] for ligne in lignes) for rang in range(len(annees)))
    return TableauDeCouverture(tuple(annees), lignes, LigneCouverture("", "Ensemble", par_annee))
