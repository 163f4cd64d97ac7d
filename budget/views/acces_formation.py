"""The door of trainings: the school reads and writes its own, its district answers its requests."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from budget.models import BesoinFormation, Seance
from budget.queries.formations import formation_de, seance_de
from budget.rules.formations import actes_possibles
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.rules import empechement_ecrire
from strategie.socle.views.acces import etablissement_ou_404, exiger


@dataclass(frozen=True)
class Lecteur:
    """What the person who asks may do of the school's trainings."""

    ecrit: bool
    pilote: bool
    lit_le_plan: bool
    lit_les_besoins: bool
    lit_le_budget: bool


def lecteur_de(etablissement: Etablissement) -> Lecteur:
    droits = etablissement.droits
    return Lecteur(
        ecrit=Droit.TENIR_FORMATION in droits,
        pilote=Droit.PILOTER_FORMATION in droits,
        lit_le_plan=Droit.LIRE_PLAN in droits,
        lit_les_besoins=Droit.LIRE_BESOINS in droits,
        lit_le_budget=Droit.LIRE_BUDGET in droits,
    )


def formations_lisibles_ou_404(request: HttpRequest, uai: str) -> Etablissement:
    return etablissement_ou_404(request, uai, Droit.LIRE_FORMATION)


def formations_a_ecrire_ou_404(request: HttpRequest, uai: str) -> Etablissement:
    return etablissement_ou_404(request, uai, Droit.TENIR_FORMATION)


def formation_ou_404(etablissement: Etablissement, cle: int) -> BesoinFormation:
    formation = formation_de(etablissement, cle)
    if formation is None:
        raise Http404("Cette formation n'est pas, ou n'est plus, dans l'établissement.")
    return formation


def seance_ou_404(etablissement: Etablissement, cle: int) -> Seance:
    seance = seance_de(etablissement, cle)
    if seance is None:
        raise Http404("Cette séance n'est pas, ou n'est plus, dans l'établissement.")
    return seance


def actes_de(formation: BesoinFormation, lecteur: Lecteur) -> tuple[str, ...]:
    """Of a school that is closed, the district may still refuse: its hours come back."""
    actes = actes_possibles(
        formation.etat,
        formation.modalite,
        formation.heures_formateur,
        ecole=lecteur.ecrit,
        pilote=lecteur.pilote,
    )
    fermee = empechement_ecrire(formation.etablissement)
    return tuple(acte for acte in actes if acte == "refuser" or not fermee)


def a_decider_ou_404(request: HttpRequest, uai: str) -> Etablissement:
    """For those who write the school's needs, and for those who answer them; 403 for the others who read them."""
    etablissement = formations_lisibles_ou_404(request, uai)
    if not etablissement.droits & {Droit.TENIR_FORMATION, Droit.PILOTER_FORMATION}:
        exiger(etablissement, Droit.TENIR_FORMATION)
    return etablissement
