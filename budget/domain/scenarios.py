"""Other choices for an exercice, side by side with the budget, which they never touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget.models import LigneBudget, LigneDeScenario
from budget.queries.equilibre import ecarts_de_l_exercice, empreinte
from budget.rules.scenarios import AJOUTS_MAX, CHANGE, TROP, defauts_de_l_ajout, empechement_montant
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire


@dataclass(frozen=True)
class Ajout:
    """What only the scenario has."""

    intitule: str
    section: str
    montant: Decimal


class ScenarioChange(Empeche):
    """Somebody has written since the page was shown."""

    def __init__(self) -> None:
        super().__init__(CHANGE)


def fixer_scenario(
    *,
    etablissement: Etablissement,
    exercice: int,
    scenario: str,
    lu: str,
    montants: Mapping[int, Decimal],
    ajouts: Sequence[Ajout],
    auteur: Utilisateur,
) -> None:
    """`lu`: the mark of what the form showed; `montants` by the key of a line, zero for « sans »: the other lines stay
    as they are kept. Of a line that costs as planned nothing is kept: it follows the budget. Raises Empeche;
    ScenarioChange.
    """
    refuser(empechement_ecrire(etablissement))
    for montant in montants.values():
        refuser(empechement_montant(montant))
    for ajout in ajouts:
        refuser(next(iter(defauts_de_l_ajout(ajout).values()), None))
    refuser(TROP if len(ajouts) > AJOUTS_MAX else None)
    with acte("fixer_scenario", auteur):
        Etablissement.objects.select_for_update(no_key=True).get(pk=etablissement.pk)  # one at a time
        tenus = [ecart for ecart in ecarts_de_l_exercice(etablissement, exercice) if ecart.scenario == scenario]
        if empreinte(tenus, scenario) != lu:
            raise ScenarioChange
        prevus = dict(
            LigneBudget.objects.vivants()
            .filter(etablissement=etablissement, exercice=exercice, pk__in=montants)
            .values_list("pk", "prevu")
        )
        if prevus.keys() != montants.keys():
            raise Empeche("Une de ces lignes n'est plus dans le budget\u00a0: rechargez la page.")
        voulus = [(cle, "", "", montant) for cle, montant in sorted(montants.items()) if montant != prevus[cle]]
        voulus_ajouts = [(None, ajout.intitule, ajout.section, ajout.montant) for ajout in ajouts]
        dits = [tenu for tenu in tenus if tenu.ligne_id is None or tenu.ligne_id in montants]
        _ranger(etablissement, exercice, scenario, dits, [*voulus, *voulus_ajouts])


def _ranger(
    etablissement: Etablissement,
    exercice: int,
    scenario: str,
    tenus: Sequence[LigneDeScenario],
    voulus: Sequence[tuple[int | None, str, str, Decimal]],
) -> None:
    """What is there already stays."""
    restants, perimes = list(voulus), []
    for tenu in tenus:
        section = "" if tenu.ligne_id else tenu.section
        if (lu := (tenu.ligne_id, tenu.intitule, section, tenu.montant)) in restants:
            restants.remove(lu)
        else:
            perimes.append(tenu.pk)
    LigneDeScenario.objects.filter(pk__in=perimes).delete()
    LigneDeScenario.objects.bulk_create(
        LigneDeScenario(
            etablissement=etablissement,
            exercice=exercice,
            scenario=scenario,
            ligne_id=ligne,
            intitule=intitule,
            section=section or LigneBudget.Section.FONCTIONNEMENT,
            montant=montant,
        )
        for ligne, intitule, section, montant in restants
    )
