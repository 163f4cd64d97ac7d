"""What the pages of a financing take and show."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from budget.domain.argent import euros
from budget.domain.financements import SaisieFinancement
from budget.domain.financeurs import FINANCEURS, Financeur, financeurs_pour
from budget.interfaces.champs import choix, cle_lue, jour, phrase
from budget.interfaces.lignes import (
    AnneeDExercice,
    Somme,
    aide_sur_l_annee,
    annee_proposee,
    annees_a_choisir,
    champ_de_cle,
)
from budget.models import LigneBudget
from budget.queries.financements import Objets
from budget.rules.lignes import AIDE_SANS_INTITULE, INTITULE_MAX, NOTE_MAX, defauts_du_financement
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from strategie.socle.domain.fusion import Conflit
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

PERIODE = ("exercice", "annee_scolaire", "section")
L_EXERCICE = "L'exercice dans son ensemble"
COMME_LA_LIGNE = "Pour une ligne, l'exercice, l'année scolaire et la section sont les siens."


def nouveau_financement(
    exercice: int, au_jour: datetime.date, *, ligne: LigneBudget | None = None, achat: int | None = None
) -> SaisieFinancement:
    """What the form proposes."""
    if ligne is not None:
        return SaisieFinancement(ligne.exercice, ligne.annee_scolaire, "", "", ligne.section, ligne=ligne.pk)
    annee = annee_proposee(exercice, au_jour)
    return SaisieFinancement(exercice, annee, "", "", LigneBudget.Section.FONCTIONNEMENT, achat=achat)


class FinancementForm(FormulaireAPlusieurs):
    """Noting what pays, or changing it: `tenu` is what is kept, or proposed. `pour` says what it pays for."""

    source = choix("Financeur", [], vide="Choisissez")
    intitule = phrase(
        "De quelle aide s'agit-il\u00a0?",
        INTITULE_MAX,
        error_messages={"required": AIDE_SANS_INTITULE},
        help_text="En quelques mots\u00a0: «\u00a0Dotation 2026 du département\u00a0».",
    )
    pour = choix("Ce qu'elle paie", [], required=False)
    exercice = AnneeDExercice(help_text=COMME_LA_LIGNE)
    annee_scolaire = choix("Année scolaire servie", [])
    section = choix("Section", LigneBudget.Section.choices)
    demande = Somme(label="Demandé", help_text="En euros, avec ou sans centimes\u00a0: 1\u202f234,50.")
    demande_le = jour("Demandé le (facultatif)")
    accorde = Somme(label="Accordé", help_text="Rien tant que le financeur n'a pas répondu.")
    accorde_le = jour("Accordé le (facultatif)")
    recu = Somme(label="Reçu", help_text="Ce qui est versé, sur ce qui est accordé.")
    refuse = forms.BooleanField(label="Le financeur a refusé", required=False)
    note = phrase("Note (facultatif)", NOTE_MAX, required=False)

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        etablissement: Etablissement,
        tenu: SaisieFinancement,
        nouveau: bool,
        jour: datetime.date,
        objets: Objets,
    ) -> None:
        super().__init__(donnees, tenu=asdict(tenu) | {"pour": _pour(tenu)}, nouveau=nouveau)
        self.financement = tenu
        self.fields["source"].choices = [("", "Choisissez"), *_financeurs(etablissement, tenu.source)]
        self.fields["pour"].choices = _objets(objets)
        self.fields["annee_scolaire"].choices = annees_a_choisir(jour, tenu.annee_scolaire)
        self.fields["annee_scolaire"].help_text = aide_sur_l_annee(tenu.exercice)
        if tenu.ligne:  # which says them
            for nom in PERIODE:
                del self.fields[nom]
        if nouveau:
            self.fields["cle"] = champ_de_cle()

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            saisie = self.saisie()
            defauts = defauts_du_financement(saisie)
            if saisie.ligne:
                defauts.pop("annee_scolaire", None)
            for champ, defaut in defauts.items():
                self.add_error(champ, defaut)

    def saisie(self) -> SaisieFinancement:
        return self._en_saisie(self.cleaned_data)

    def base(self) -> SaisieFinancement:
        """What the page showed."""
        return self._en_saisie(self.lu())

    def _en_saisie(self, lues: Mapping[str, Any]) -> SaisieFinancement:
        valeurs = {nom: lues[nom] for nom in self.fields if nom not in ("cle", "pour")}
        sorte, _, cle = (lues["pour"] or "").partition("-")
        liens = {nom: cle_lue(cle) if sorte == nom else None for nom in ("ligne", "achat")}
        return replace(self.financement, **valeurs, **liens)

    def signaler_les_conflits(self, conflits: Mapping[str, Conflit], tenu: SaisieFinancement) -> None:
        """What it pays for is one field here, two there."""
        dits = {nom: conflit for nom, conflit in conflits.items() if nom not in ("ligne", "achat")}
        if len(dits) < len(conflits):
            un = next(conflits[nom] for nom in ("ligne", "achat") if nom in conflits)
            dits["pour"] = Conflit(un.base, un.mien, _pour(tenu))
        self.signaler(dits, asdict(tenu) | {"pour": _pour(tenu)})

    def en_mots(self, nom: str, valeur: Any) -> str:
        if nom == "pour":
            return dict(_objets_a_plat(self.fields["pour"].choices)).get(valeur, L_EXERCICE)
        if nom == "refuse":
            return "oui" if valeur else "non"
        if isinstance(valeur, Decimal):
            return euros(valeur)
        return date_en_phrase(valeur) if isinstance(valeur, datetime.date) else super().en_mots(nom, valeur)


def _pour(saisie: SaisieFinancement) -> str:
    return f"ligne-{saisie.ligne}" if saisie.ligne else f"achat-{saisie.achat}" if saisie.achat else ""


def _objets(objets: Objets) -> list[Any]:
    lignes = [(f"ligne-{cle}", mots) for cle, mots in objets.lignes]
    achats = [(f"achat-{cle}", mots) for cle, mots in objets.achats]
    groupes = (("Une ligne", lignes), ("Un achat", achats))
    return [("", L_EXERCICE), *(groupe for groupe in groupes if groupe[1])]


def _objets_a_plat(choix: Sequence[Any]) -> list[tuple[str, str]]:
    return [un for valeur, mots in choix for un in (mots if isinstance(mots, list) else [(valeur, mots)])]


def _financeurs(etablissement: Etablissement, tenu: str) -> list[tuple[str, str]]:
    """Those of its degree, and the one that is held."""
    possibles: list[Financeur] = financeurs_pour(premier_degre=etablissement.premier_degre)
    if tenu in FINANCEURS and FINANCEURS[tenu] not in possibles:
        possibles.append(FINANCEURS[tenu])
    return [(financeur.code, financeur.nom) for financeur in possibles]
