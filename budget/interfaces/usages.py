"""What the pages of use take and show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.urls import reverse

from budget.domain.etats_d_usage import EtatUsage, Terme
from budget.domain.usages import DejaDeclare, SaisieUsage, UsageDeclare, lire_usage
from budget.models import DecisionUsage, DeclarationUsage, Lot
from budget.queries.usages import TermeDUnLot, UsageDuLot
from budget.rules.usages import MOTIF_MAX, NOTE_MAX
from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import Texte
from plans.interfaces.indicateurs import HORS_LISTE, champ_phrase
from strategie.socle.domain.calendrier import bornes_du_trimestre
from strategie.socle.rules import date_en_phrase

ORDINAUX = {1: "premier", 2: "deuxième", 3: "troisième"}
# Word, and class of the label.
ETATS = {
    EtatUsage.NON_DECLARE: ("Non déclaré", ""),
    EtatUsage.NON_UTILISE: ("Non utilisé", "retard"),
    EtatUsage.SOUS_EXPLOITE: ("Sous-exploité", "attention"),
    EtatUsage.MARGINAL: ("Usage marginal", "attention"),
    EtatUsage.CONFORME: ("Conforme", "fait"),
}


def terme_en_mots(terme: Terme) -> str:
    """« deuxième trimestre 2030-2031 »."""
    return f"{ORDINAUX[terme.trimestre]} trimestre {terme.annee}"


def fin_du_terme(terme: Terme) -> str:
    return date_en_phrase(bornes_du_trimestre(terme.annee, terme.trimestre)[1])


# --- Declaring ----------------------------------------------------------------------------------------------------
class UsageForm(forms.Form):
    """`version`: of the declaration that the page showed, 0 for none. `change`: what somebody else has declared since,
    when they have.
    """

    frequence = forms.ChoiceField(
        label="Ce trimestre, il a servi",
        required=False,  # the rule says what lacks
        choices=Lot.Frequence.choices,
        widget=forms.RadioSelect,
        error_messages=HORS_LISTE,
    )
    comme_prevu = forms.TypedChoiceField(
        label="Pour l'usage prévu\u00a0?",
        choices=[("oui", "Oui"), ("non", "Non, pour autre chose")],
        coerce=lambda dit: dit == "oui",
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages=HORS_LISTE,
    )
    frein = forms.ChoiceField(
        label="Ce qui freine",
        required=False,
        choices=DeclarationUsage.Frein.choices,
        error_messages=HORS_LISTE,
    )
    note = champ_phrase("Note (facultatif)", NOTE_MAX, help_text="Sans nommer personne.")
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), INCOMPLETE),
    )
    change: DeclarationUsage | None = None

    def __init__(self, donnees: QueryDict | None, *, lot: Lot, tenue: DeclarationUsage | None) -> None:
        dit = lire_usage(tenue) if tenue else None
        initial = vars(dit) | {"comme_prevu": "oui" if dit.comme_prevu else "non"} if dit else {}
        super().__init__(donnees, initial=initial | {"version": tenue.version if tenue else 0})
        if not lot.usage_prevu:
            del self.fields["comme_prevu"]

    def clean(self) -> None:
        """What never served was not used for anything else either."""
        super().clean()
        demande = "comme_prevu" in self.fields and "comme_prevu" not in self.errors
        servi = self.cleaned_data.get("frequence") not in (None, "", Lot.Frequence.JAMAIS)
        if demande and servi and self.cleaned_data["comme_prevu"] is None:
            self.add_error("comme_prevu", "Dites si c'était pour l'usage prévu.")

    @property
    def statut(self) -> int:
        return 409 if self.change else 422 if self.errors else 200

    def saisie(self) -> SaisieUsage:
        comme_prevu = self.cleaned_data.get("comme_prevu", True)
        return SaisieUsage(
            frequence=self.cleaned_data["frequence"],
            comme_prevu=comme_prevu is not False,
            frein=self.cleaned_data["frein"],
            note=self.cleaned_data["note"],
        )

    def signaler(self, refus: DejaDeclare) -> None:
        """Both are on the page; sent again, mine is written over what it now shows."""
        self.change = refus.actuel
        self.data = self.data.copy()
        self.data["version"] = str(refus.actuel.version)


def phrase_de_la_declaration(faite: UsageDeclare) -> str:
    """What the page says once it is declared."""
    dit = f"«\u00a0{faite.declaration.lot.intitule}\u00a0»\u00a0: c'est déclaré."
    if faite.ouverte:
        return f"{dit} Deux trimestres de suite sans servir comme prévu\u00a0: une décision est à prendre."
    return f"{dit} La décision qui attendait n'a plus lieu d'être." if faite.retiree else dit


# --- The page of all lots -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class EtatEnMots:
    mots: str
    classe: str


@dataclass(frozen=True)
class TermeEnMots:
    """A term of one lot, as its sheet shows it."""

    terme: str
    etat: EtatEnMots
    declaration: DeclarationUsage | None


def termes_en_mots(termes: Sequence[TermeDUnLot]) -> list[TermeEnMots]:
    return [TermeEnMots(terme_en_mots(lu.terme), en_mots(lu.etat), lu.declaration) for lu in termes]


@dataclass(frozen=True)
class LigneUsage:
    usage: UsageDuLot
    avant: EtatEnMots
    maintenant: EtatEnMots

    @property
    def lot(self) -> Lot:
        return self.usage.lot


def en_mots(etat: EtatUsage) -> EtatEnMots:
    return EtatEnMots(*ETATS[etat])


def ligne_d_usage(usage: UsageDuLot) -> LigneUsage:
    return LigneUsage(usage, en_mots(usage.precedent.etat), en_mots(usage.actuel.etat))


@dataclass(frozen=True)
class PageDesUsages:
    """`restent`: the lots of which nobody has spoken this term."""

    terme: str
    fin: str
    lignes: Sequence[LigneUsage]

    @property
    def restent(self) -> Sequence[LigneUsage]:
        return [ligne for ligne in self.lignes if ligne.usage.actuel.declaration is None]

    @property
    def declares(self) -> Sequence[LigneUsage]:
        return [ligne for ligne in self.lignes if ligne.usage.actuel.declaration]

    @property
    def a_decider(self) -> Sequence[LigneUsage]:
        return [ligne for ligne in self.lignes if ligne.usage.decision_ouverte]

    @property
    def decidees(self) -> Sequence[DecisionUsage]:
        siennes = [(ligne.lot, d) for ligne in self.lignes for d in ligne.usage.decisions if d.choix]
        for lot, decision in siennes:
            decision.lot = lot
        return sorted((d for _, d in siennes), key=lambda decision: decision.prise_le, reverse=True)


def page_des_usages(terme: Terme, usages: Sequence[UsageDuLot]) -> PageDesUsages:
    return PageDesUsages(terme_en_mots(terme), fin_du_terme(terme), [ligne_d_usage(usage) for usage in usages])


def lot_suivant(usages: Sequence[UsageDuLot], lot: Lot) -> Lot | None:
    """The next one that waits for its declaration, going round the list."""
    rangs = [usage.lot.pk for usage in usages]
    debut = rangs.index(lot.pk) + 1 if lot.pk in rangs else 0
    tour = [*usages[debut:], *usages[:debut]]
    return next((u.lot for u in tour if u.actuel.declaration is None and u.lot.pk != lot.pk), None)


# --- Deciding -------------------------------------------------------------------------------------------------------
CHOIX = {
    DecisionUsage.Choix.FORMER: "Former les équipes\u00a0: le lot est bon, il manque la main",
    DecisionUsage.Choix.DEPLACER: "Déplacer\u00a0: il servirait mieux ailleurs",
    DecisionUsage.Choix.REFORMER: "Réformer\u00a0: il ne servira plus",
}


class DecisionForm(forms.Form):
    choix = forms.ChoiceField(
        label="Que décidez-vous\u00a0?",
        required=False,  # the rule says what lacks
        choices=list(CHOIX.items()),
        widget=forms.RadioSelect,
        error_messages=HORS_LISTE,
    )
    motif = Texte(
        label="Pourquoi",
        required=False,
        max_length=MOTIF_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text="Sans nommer personne.",
        error_messages={"max_length": "Ce texte dépasse 2\u202f000\u00a0caractères\u00a0: résumez-le."},
    )


def suite_de_la_decision(decision: DecisionUsage, uai: str, *, modifie_le_plan: bool) -> tuple[str, str] | None:
    """What to do next: words and address; None when this reader may not."""
    lot = decision.lot
    if decision.choix == DecisionUsage.Choix.FORMER:
        intitule = f"Former les équipes à l'usage du lot «\u00a0{lot.intitule}\u00a0»"
        adresse = adresse_d_une_action(uai, levier="formation", intitule=intitule)
        return ("Créer l'action de formation dans le plan", adresse) if modifie_le_plan else None
    verbe = "déplacer" if decision.choix == DecisionUsage.Choix.DEPLACER else "dire réformables"
    liste = reverse("inventaire", args=[uai], query={"lot": lot.pk})
    return f"Les équipements du lot, à cocher pour les {verbe}", liste


def adresse_d_une_action(uai: str, **propose: Any) -> str:
    """The page that creates an action, filled with `levier` and `intitule`."""
    return f"{reverse('action_creer', args=[uai])}?{urlencode(propose)}"
