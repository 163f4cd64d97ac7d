"""What the pages of the balance, of its scenarios and of the renewal cliff take and show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict

from budget.domain.argent import euros
from budget.domain.scenarios import Ajout
from budget.interfaces.achats import habiller
from budget.interfaces.barres import Barres, Valeur, barres
from budget.interfaces.champs import choix, phrase
from budget.interfaces.lignes import Somme
from budget.models import LigneBudget
from budget.queries.budget import LigneLue
from budget.queries.equilibre import Equilibre, empreinte
from budget.queries.falaise import Falaise
from budget.rules.scenarios import AJOUTS_MAX, INTITULE_MAX, defauts_de_l_ajout, empechement_montant
from diagnostic.interfaces.formulaires import INCOMPLETE

LIBRES = 3
LIGNES_PAR_PAGE = 100  # each is two fields, and Django takes a thousand at once


# --- A scenario ------------------------------------------------------------------------------------------------
class MontantDeLigneForm(forms.Form):
    """Another amount for a line, or none at all."""

    montant = Somme(label="Montant")
    sans = forms.BooleanField(label="Sans", required=False)

    def __init__(self, donnees: QueryDict | None, *, ligne: LigneLue, montant: Decimal) -> None:
        initial = {"montant": montant, "sans": not montant and bool(ligne.prevu)}
        super().__init__(donnees, initial=initial, prefix=f"ligne{ligne.cle}")
        self.ligne, self.tenu = ligne, montant
        habiller(self)

    def clean_montant(self) -> Decimal:
        montant: Decimal = self.cleaned_data["montant"]
        if refus := empechement_montant(montant):
            raise forms.ValidationError(refus)
        return montant

    @property
    def voulu(self) -> Decimal:
        return Decimal("0.00") if self.cleaned_data["sans"] else self.cleaned_data["montant"]


class AjoutForm(forms.Form):
    """What only the scenario has; empty, it is nothing."""

    intitule = phrase("Ce qui s'ajoute", INTITULE_MAX, required=False)
    section = choix("Section", LigneBudget.Section.choices, required=False)
    montant = Somme(label="Montant")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        habiller(self)

    def clean(self) -> None:
        if not self.errors and self.compte:
            for champ, defaut in defauts_de_l_ajout(self.saisie()).items():
                self.add_error(champ, defaut)

    @property
    def compte(self) -> bool:
        return bool(self.cleaned_data["intitule"] or self.cleaned_data["montant"])

    def saisie(self) -> Ajout:
        lus = self.cleaned_data
        return Ajout(lus["intitule"], lus["section"], lus["montant"])


class ScenarioForm:
    """An amount for each line of a page of the exercice, and what the scenario adds. `lu`: the mark of what the page
    showed.
    """

    def __init__(self, donnees: QueryDict | None, equilibre: Equilibre, scenario: str, page: str) -> None:
        self.donnees, self.change, self.refus = donnees, False, ""
        tenue = empreinte(equilibre.ecarts, scenario)
        self.lu = tenue if donnees is None else donnees.get("lu", "")
        self.page = Paginator(equilibre.lignes_propres, LIGNES_PAR_PAGE).get_page(page)
        ecarts = equilibre.ecarts_de(scenario)
        lignes = self.page.object_list if donnees is None else _envoyees(donnees, equilibre.lignes_propres)
        self.lignes = [
            MontantDeLigneForm(donnees, ligne=ligne, montant=ecarts.get(ligne.cle, ligne.prevu)) for ligne in lignes
        ]
        if donnees is None:
            tenus: list[dict[str, Any]] = [
                {"intitule": a.intitule, "section": a.section, "montant": a.montant}
                for a in equilibre.ajouts_de(scenario)
            ]
            self.ajouts = [
                AjoutForm(initial=initial, prefix=f"ajout{rang}")
                for rang, initial in enumerate([*tenus, *([{"section": "fonctionnement"}] * LIBRES)])
            ]
        else:
            self.ajouts = [AjoutForm(donnees, prefix=f"ajout{rang}") for rang in range(_nombre(donnees))]

    def is_valid(self) -> bool:
        if not self.lu:
            self.refus = INCOMPLETE
        valides = [formulaire.is_valid() for formulaire in (*self.lignes, *self.ajouts)]  # each says its mistakes
        return all(valides) and not self.refus

    def montants(self) -> dict[int, Decimal]:
        return {formulaire.ligne.cle: formulaire.voulu for formulaire in self.lignes}

    def saisie_des_ajouts(self) -> list[Ajout]:
        return [ajout.saisie() for ajout in self.ajouts if ajout.compte]

    @property
    def statut(self) -> int:
        if self.donnees is None:
            return 200
        return 409 if self.change else 422


def _envoyees(donnees: QueryDict, lignes: Sequence[LigneLue]) -> list[LigneLue]:
    """Those that the page had, wherever the others have pushed them meanwhile."""
    return [ligne for ligne in lignes if f"ligne{ligne.cle}-montant" in donnees]


def _nombre(donnees: QueryDict) -> int:
    texte = donnees.get("nombre", "")
    return min(int(texte), AJOUTS_MAX + LIBRES) if texte.isascii() and texte.isdigit() and len(texte) < 6 else 0


# --- The balance -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CoteMontree:
    libelle: str
    accorde: Decimal
    attendu: Decimal
    charges: Decimal
    solde: Decimal
    solde_si_tout: Decimal
    d_autrui: Decimal


def cotes(equilibre: Equilibre) -> list[CoteMontree]:
    """Of the chosen exercice: each section, then the whole."""
    annee = equilibre.annee
    dites = [(str(LigneBudget.Section(code).label), cote) for code, cote in annee.sections.items()]
    return [
        CoteMontree(nom, c.accorde, c.attendu, c.charges, c.solde, c.solde_si_tout, c.d_autrui)
        for nom, c in [*dites, ("Ensemble", annee.ensemble)]
    ]


def dessin_de_l_equilibre(equilibre: Equilibre) -> Barres:
    cote = equilibre.annee.ensemble
    dites = [
        ("Accordé", cote.accorde, Decimal(0)),
        ("Demandé", cote.attendu, cote.attendu),
        ("Charges", cote.charges, Decimal(0)),
    ]
    return _barres("Ressources et charges", dites)


def dessin_des_scenarios(equilibre: Equilibre) -> Barres:
    dites = [(scenario.nom, scenario.total, scenario.fonctionnement) for scenario in equilibre.scenarios]
    return _barres("Les trois scénarios", dites)


def dessin_de_ce_qui_revient(equilibre: Equilibre) -> Barres:
    dites = [(str(annee.exercice), annee.total, annee.manque) for annee in equilibre.a_venir]
    return _barres("Ce qui revient chaque année", dites)


def dessin_de_la_falaise(falaise: Falaise) -> Barres:
    """Hatched: what no line plans."""
    retard = falaise.en_retard.montant
    dites = [("En retard", retard, retard)]
    dites += [(str(annee.annee), annee.total, annee.manque) for annee in falaise.annees]
    return _barres("À renouveler, en euros", dites)


def _barres(titre: str, dites: Sequence[tuple[str, Decimal, Decimal]]) -> Barres:
    """Names, amounts, the part that is hatched."""
    valeurs = [
        Valeur(nom, int(montant * 100), euros(montant, centimes=False), int(dont * 100)) for nom, montant, dont in dites
    ]
    return barres(titre, valeurs, max([1, *(valeur.total for valeur in valeurs)]))
