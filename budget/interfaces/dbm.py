"""What the pages of corrections of the budget take and show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from budget.domain.argent import euros
from budget.domain.dbm import SaisieDBM
from budget.interfaces.champs import ChoixDeCle, choix, jour, phrase
from budget.interfaces.lignes import AnneeDExercice, Somme, champ_de_cle
from budget.models import DecisionModificative, LigneBudget
from budget.rules.dbm import (
    CODES,
    LIGNE_ABSENTE,
    OBJET_MAX,
    SANS_OBJET,
    defauts_de_la_dbm,
    empechement_montant_du_mouvement,
)
from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs

GENRES = {
    "information": "Pour information\u00a0: le conseil en prend connaissance",
    "vote": "Pour vote\u00a0: le conseil d'administration en décide",
}
AIDE_SUR_LE_CODE = "Le code de votre logiciel comptable\u00a0: " + "\u00a0; ".join(
    f"{code}, {mots}" for code, mots in CODES.items()
)


class DBMForm(FormulaireAPlusieurs):
    """Preparing a correction, or changing its words."""

    exercice = AnneeDExercice()
    objet = phrase(
        "Ce qu'elle change, et pourquoi",
        OBJET_MAX,
        error_messages={"required": SANS_OBJET},
        help_text="En une phrase\u00a0: «\u00a0Le département accorde 4\u202f000 € pour le Wi-Fi\u00a0».",
    )
    genre = choix("Elle est présentée", GENRES.items(), widget=forms.RadioSelect)
    code = phrase(
        "Code (facultatif)",
        4,
        required=False,
        help_text=f"{AIDE_SUR_LE_CODE}.",
        widget=forms.TextInput({"class": "effectif", "inputmode": "numeric"}),
    )

    def __init__(self, donnees: QueryDict | None, *, tenue: SaisieDBM | None, exercice: int) -> None:
        """`tenue`: what is kept; without it, a new one for `exercice`."""
        nouvelle = tenue is None
        tenu = asdict(tenue or SaisieDBM("vote", "")) | {"exercice": exercice}
        super().__init__(donnees, tenu=tenu, nouveau=nouvelle)
        if nouvelle:
            self.fields["cle"] = champ_de_cle()
        else:
            del self.fields["exercice"]

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            for champ, defaut in defauts_de_la_dbm(self.saisie()).items():
                self.add_error(champ, defaut)

    def saisie(self) -> SaisieDBM:
        return _saisie(self.cleaned_data)

    def base(self) -> SaisieDBM:
        """What the page showed."""
        return _saisie(self.lu())


def _saisie(lues: Mapping[str, Any]) -> SaisieDBM:
    return SaisieDBM(**{nom: lues[nom] for nom in ("genre", "objet", "code")})


class AvecVersionDBM(forms.Form):
    """`version`: the one that the page showed. `change`: somebody has written since."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), INCOMPLETE),
    )
    change = False

    @property
    def statut(self) -> int:
        return 409 if self.change else 422 if self.errors else 200

    def signaler(self, actuelle: DecisionModificative) -> None:
        """Sent again, it is of what the page now shows."""
        self.change = True
        self.data = self.data.copy()
        self.data["version"] = str(actuelle.version)


class MouvementForm(AvecVersionDBM):
    ligne = ChoixDeCle(label="Ligne", absent=LIGNE_ABSENTE, vide="Choisissez une ligne")
    montant = Somme(
        label="Montant",
        help_text="Ce qui s'ajoute au prévu\u00a0; avec un moins pour ce qui s'en retire. Zéro enlève le mouvement.",
    )

    def __init__(self, donnees: QueryDict | None, *, version: int, lignes: Iterable[LigneBudget]) -> None:
        super().__init__(donnees, initial={"version": version})
        self.fields["ligne"].proposer(
            (ligne.pk, f"{ligne.intitule}\u00a0: {euros(ligne.prevu)} prévus") for ligne in lignes
        )

    def clean_montant(self) -> Any:
        montant = self.cleaned_data["montant"]
        if not self.data.get("montant", "").strip():
            raise ValidationError("Écrivez un montant, comme 500 ou −500.")
        if refus := empechement_montant_du_mouvement(montant):
            raise ValidationError(refus)
        return montant


class AdoptionForm(AvecVersionDBM):
    adoptee_le = jour("Adoptée le", required=True, help_text="Le jour du vote, ou celui de la décision du chef.")
