"""Whether the money is there: resources against charges, what comes back every year, what another choice would cost.

An EPLE balances what it pays itself; what others pay for it directly is told beside. An école has no budget of its own:
all that is paid for it is counted, against all that is granted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Q, Sum

from budget.domain.argent import euros, total
from budget.models import Exercice, Financement, LigneBudget, LigneDeScenario, Partie
from budget.queries.achats import AchatLu, achats_du_budget, dette_de
from budget.queries.budget import FinancementLu, LigneLue, Selection, Synthese, synthese
from plans.models import Action
from strategie.socle.models import Etablissement

ZERO = Decimal("0.00")
Section = LigneBudget.Section
ANNEES_A_VENIR = 5
PREVU = "prevu"


@dataclass(frozen=True)
class Cote:
    """`attendu` is asked and not answered: it is no resource yet. `d_autrui`: what others pay themselves."""

    accorde: Decimal
    attendu: Decimal
    charges: Decimal
    d_autrui: Decimal

    @property
    def solde(self) -> Decimal:
        return self.accorde - self.charges

    @property
    def solde_si_tout(self) -> Decimal:
        """Were all that is asked granted."""
        return self.solde + self.attendu


@dataclass(frozen=True)
class AnneeDEquilibre:
    exercice: int
    sections: Mapping[str, Cote]
    ensemble: Cote


@dataclass(frozen=True)
class AnneeQuiRevient:
    """`courant`: running lines of the present exercice that are neither a purchase's nor a training's; `achats`: what
    purchases cost to run; `prevu`: the running lines that this exercice has already.
    """

    exercice: int
    courant: Decimal
    achats: Decimal
    prevu: Decimal

    @property
    def total(self) -> Decimal:
        return self.courant + self.achats

    @property
    def manque(self) -> Decimal:
        return max(self.total - self.prevu, ZERO)


@dataclass(frozen=True)
class Scenario:
    """`prevu` is the budget as it is."""

    code: str
    nom: str
    investissement: Decimal
    fonctionnement: Decimal
    accorde: Decimal

    @property
    def total(self) -> Decimal:
        return self.investissement + self.fonctionnement

    @property
    def solde(self) -> Decimal:
        return self.accorde - self.total


@dataclass(frozen=True)
class LigneComparee:
    """`ligne` is None for what only a scenario has; `montants` by scenario, None where it is not in it."""

    ligne: LigneLue | None
    intitule: str
    section: str
    montants: Mapping[str, Decimal | None]

    @property
    def differe(self) -> bool:
        return len(set(self.montants.values())) > 1


@dataclass(frozen=True)
class Equilibre:
    """Nothing here asks the database."""

    premier_degre: bool
    exercice: int
    annee_courante: int
    lu: Synthese
    achats: Sequence[AchatLu]
    ecarts: Sequence[LigneDeScenario]

    @cached_property
    def annees(self) -> list[AnneeDEquilibre]:
        connues = {ligne.exercice for ligne in self.lu.toutes} | {aide.exercice for aide in self.lu.tous}
        return [self._annee(annee) for annee in sorted(connues)]

    @cached_property
    def annee(self) -> AnneeDEquilibre:
        """The one that is chosen."""
        return self._annee(self.exercice)

    def _annee(self, exercice: int) -> AnneeDEquilibre:
        lignes = [ligne for ligne in self.lu.toutes if ligne.exercice == exercice]
        aides = [aide for aide in self.lu.tous if aide.exercice == exercice]
        sections = {
            section: self._cote(
                [ligne for ligne in lignes if ligne.section == section],
                [aide for aide in aides if aide.section == section],
            )
            for section in Section.values
        }
        return AnneeDEquilibre(exercice, sections, self._cote(lignes, aides))

    def _cote(self, lignes: Iterable[LigneLue], aides: Iterable[FinancementLu]) -> Cote:
        lignes, siennes = list(lignes), [aide for aide in aides if self._pour_elle(aide)]
        propres = total(ligne.prevu for ligne in lignes if self.paie(ligne))
        return Cote(
            total(aide.accorde for aide in siennes),
            total(aide.attendu for aide in siennes),
            propres,
            total(ligne.prevu for ligne in lignes) - propres,
        )

    def paie(self, ligne: LigneLue) -> bool:
        return self.premier_degre or ligne.payeur == Partie.EPLE

    def _pour_elle(self, aide: FinancementLu) -> bool:
        return aide.ligne not in self._lignes_d_autrui

    @cached_property
    def _lignes_d_autrui(self) -> frozenset[int]:
        return frozenset(ligne.cle for ligne in self.lu.toutes if not self.paie(ligne))

    @cached_property
    def dette(self) -> Decimal:
        return dette_de(self.achats)

    @cached_property
    def a_decouvert(self) -> list[AchatLu]:
        return [lu for lu in self.achats if lu.dette.annees]

    # -- What comes back every year
    @cached_property
    def a_venir(self) -> list[AnneeQuiRevient]:
        courant = total(ligne.prevu for ligne in self._qui_revient)
        suivantes = range(self.annee_courante + 1, self.annee_courante + 1 + ANNEES_A_VENIR)
        return [
            AnneeQuiRevient(annee, courant, self._des_achats(annee), self._fonctionnement_prevu(annee))
            for annee in suivantes
        ]

    @cached_property
    def _qui_revient(self) -> list[LigneLue]:
        return [
            ligne
            for ligne in self.lu.toutes
            if ligne.exercice == self.annee_courante
            and ligne.section == Section.FONCTIONNEMENT
            and ligne.achat is None
            and ligne.formation is None
        ]

    def _des_achats(self, exercice: int) -> Decimal:
        tenus = (lu for lu in self.achats if lu.achat.etat != lu.achat.Etat.ABANDONNE)
        return total(a.fonctionnement for lu in tenus for a in lu.cout.annees if a.exercice == exercice)

    def _fonctionnement_prevu(self, exercice: int) -> Decimal:
        return total(
            ligne.prevu
            for ligne in self.lu.toutes
            if ligne.exercice == exercice and ligne.section == Section.FONCTIONNEMENT
        )

    # -- Scenarios of the chosen exercice
    @cached_property
    def lignes_propres(self) -> list[LigneLue]:
        return [ligne for ligne in self.lu.toutes if ligne.exercice == self.exercice and self.paie(ligne)]

    def ecarts_de(self, scenario: str) -> dict[int, Decimal]:
        """Another amount, by the key of its line."""
        return {e.ligne_id: e.montant for e in self.ecarts if e.scenario == scenario and e.ligne_id is not None}

    def ajouts_de(self, scenario: str) -> list[LigneDeScenario]:
        return [ecart for ecart in self.ecarts if ecart.scenario == scenario and ecart.ligne_id is None]

    @cached_property
    def comparees(self) -> list[LigneComparee]:
        codes = LigneDeScenario.Scenario.values
        ecarts = {code: self.ecarts_de(code) for code in codes}
        lignes = [
            LigneComparee(
                ligne,
                ligne.intitule,
                ligne.section,
                {PREVU: ligne.prevu} | {code: ecarts[code].get(ligne.cle, ligne.prevu) for code in codes},
            )
            for ligne in self.lignes_propres
        ]
        ajouts = [
            LigneComparee(
                None,
                ajout.intitule,
                ajout.section,
                {PREVU: None} | {autre: ajout.montant if autre == code else None for autre in codes},
            )
            for code in codes
            for ajout in self.ajouts_de(code)
        ]
        return lignes + ajouts

    @cached_property
    def scenarios(self) -> list[Scenario]:
        """Sober, as planned, ambitious."""
        noms = {"sobre": "Sobre", PREVU: "Prévu", "ambitieux": "Ambitieux"}
        return [
            Scenario(
                code,
                nom,
                self._somme(code, Section.INVESTISSEMENT),
                self._somme(code, Section.FONCTIONNEMENT),
                self.annee.ensemble.accorde,
            )
            for code, nom in noms.items()
        ]

    def _somme(self, scenario: str, section: str) -> Decimal:
        return total(ligne.montants[scenario] or ZERO for ligne in self.comparees if ligne.section == section)


def lire_equilibre(etablissement: Etablissement, exercice: int, annee_courante: int) -> Equilibre:
    """Six queries, however many lines there are."""
    lu = synthese(etablissement, Selection())
    return Equilibre(
        etablissement.premier_degre,
        exercice,
        annee_courante,
        lu,
        achats_du_budget(etablissement, lu),
        ecarts_de_l_exercice(etablissement, exercice),
    )


def ecarts_de_l_exercice(etablissement: Etablissement, exercice: int) -> list[LigneDeScenario]:
    """A line that is in the bin is in no scenario."""
    siens = LigneDeScenario.objects.filter(etablissement=etablissement, exercice=exercice)
    return list(siens.filter(Q(ligne__isnull=True) | Q(ligne__supprime_le__isnull=True)).order_by("pk"))


def empreinte(ecarts: Iterable[LigneDeScenario], scenario: str) -> str:
    """What tells a scenario from what somebody made of it since."""
    siens = sorted(f"{e.ligne_id}|{e.intitule}|{e.section}|{e.montant}" for e in ecarts if e.scenario == scenario)
    return hashlib.sha256("\n".join(siens).encode()).hexdigest()[:16]


# --- Is an action feasible? (row 92) -------------------------------------------------------------------------------
def obstacle_de_l_argent(action: Action) -> str | None:
    """« Ses lignes demandent 8 000 € en 2027, il en reste 5 000 »: what is granted in the exercice, less the other
    lines that the school pays. Where nobody has noted a resource, nothing is refused; nor where the exercice is
    closed, nor in an école, which has no budget of its own. Two queries.
    """
    etablissement = action.etablissement
    if etablissement.premier_degre:
        return None
    clos = Exercice.objects.filter(etablissement=etablissement, clos_le__isnull=False).values("annee")
    lignes = LigneBudget.objects.vivants().filter(etablissement=etablissement, payeur=Partie.EPLE)
    demandes = (
        lignes.exclude(exercice__in=clos)
        .order_by("exercice")
        .values("exercice")
        .annotate(voulu=Sum("prevu", filter=Q(action=action)), autres=Sum("prevu", filter=_pas_de(action)))
        .filter(voulu__gt=0)
        .values_list("exercice", "voulu", "autres")
    )
    voulus = {exercice: (voulu, autres or ZERO) for exercice, voulu, autres in demandes}
    if not voulus:
        return None
    accordes = _accordes(etablissement, voulus)
    dits = [
        _manque_en_mots(exercice, voulu, accordes[exercice], autres)
        for exercice, (voulu, autres) in voulus.items()
        if exercice in accordes and voulu > accordes[exercice] - autres
    ]
    return " ".join(dits) or None


def _pas_de(action: Action) -> Q:
    return Q(action__isnull=True) | ~Q(action=action)


def _accordes(etablissement: Etablissement, exercices: Iterable[int]) -> dict[int, Decimal]:
    """Grants for a line that others pay are not the school's."""
    siens = Financement.objects.vivants().filter(
        etablissement=etablissement, exercice__in=list(exercices), accorde__gt=0
    )
    siens = siens.filter(Q(ligne__isnull=True) | Q(ligne__payeur=Partie.EPLE))
    return dict(siens.order_by().values_list("exercice").annotate(Sum("accorde")))


def _manque_en_mots(exercice: int, voulu: Decimal, accorde: Decimal, autres: Decimal) -> str:
    reste = max(accorde - autres, ZERO)
    return (
        f"Les lignes de cette action demandent {euros(voulu)} en {exercice}, il en reste {euros(reste)}\u00a0: "
        f"{euros(accorde)} sont accordés, les autres lignes en prennent {euros(autres)}."
    )
