"""What the pages of a line of the budget take and show."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from budget.domain.argent import MontantIllisible, euros, lire_montant, total
from budget.domain.lignes import SaisieLigne
from budget.interfaces.champs import ChoixDeCle, choix, phrase
from budget.models import DecisionModificative, Financement, LigneBudget, MouvementBudget, Partie
from budget.rules.exercices import ANNEES_D_AVANCE, ANNEES_PASSEES
from budget.rules.lignes import INTITULE_MAX, NOTE_MAX, SANS_INTITULE, defauts_de_la_ligne
from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.models import Action
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement

ACTIVITE_MAX = COMPTE_MAX = 20
# An école has no EPLE budget: neither its services nor its codes.
DE_L_EPLE = ("service", "activite", "compte")
LIENS = ("action", "achat", "formation")


class Somme(forms.CharField):
    """Euros, as they are written in France or copied from elsewhere; nothing said is nothing."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "effectif"})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_python(self, value: object) -> Decimal:
        texte = super().to_python(value)
        if not texte:
            return Decimal("0.00")
        try:
            return lire_montant(texte)
        except MontantIllisible as illisible:
            raise ValidationError(str(illisible)[:1].upper() + str(illisible)[1:], code="invalid") from illisible

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return euros(value).removesuffix("\u00a0€") if value else ""


class AnneeDExercice(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        dites = dict.fromkeys(("invalid", "required"), "Donnez l'année civile de l'exercice, en quatre chiffres.")
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "effectif", "size": 4})
        super().__init__(label="Exercice", error_messages=dites, widget=widget, **options)


def annees_a_choisir(jour: datetime.date, tenue: str) -> list[tuple[str, str]]:
    """The school years that an exercice may serve, and the one that is held."""
    annees = [f"{un}-{un + 1}" for un in range(jour.year - ANNEES_PASSEES - 1, jour.year + ANNEES_D_AVANCE + 1)]
    return [(annee, annee) for annee in sorted({*annees, *([tenue] if tenue else [])})]


def annee_proposee(exercice: int, jour: datetime.date) -> str:
    """What a spending of this exercice most likely serves: the school year of the day if it touches it, else the one
    that begins in it.
    """
    celle_du_jour = annee_scolaire(jour)
    return celle_du_jour if str(exercice) in celle_du_jour.split("-") else f"{exercice}-{exercice + 1}"


def aide_sur_l_annee(exercice: int) -> str:
    return (
        f"L'exercice {exercice} touche deux années scolaires\u00a0: {exercice - 1}-{exercice} jusqu'en août, "
        f"{exercice}-{exercice + 1} à partir de septembre. Choisissez celle que l'argent sert."
    )


def nouvelle_ligne(
    etablissement: Etablissement, exercice: int, jour: datetime.date, liens: Mapping[str, int | None]
) -> SaisieLigne:
    """What the form proposes."""
    return SaisieLigne(
        exercice=exercice,
        annee_scolaire=annee_proposee(exercice, jour),
        intitule="",
        section=LigneBudget.Section.FONCTIONNEMENT,
        levier="",
        payeur=Partie.COMMUNE if etablissement.premier_degre else Partie.EPLE,
        **liens,
    )


class LigneForm(FormulaireAPlusieurs):
    """Adding a line, or changing it: `tenue` is what is kept, or proposed. `choix_de_liens`: what may be linked to it,
    by field.
    """

    intitule = phrase(
        "Ce qui est payé",
        INTITULE_MAX,
        error_messages={"required": SANS_INTITULE},
        help_text="En quelques mots\u00a0: «\u00a0Licences de la classe mobile\u00a0».",
    )
    exercice = AnneeDExercice(help_text="L'année civile où l'on paie.")
    annee_scolaire = choix("Année scolaire servie", [])
    section = choix(
        "Section",
        LigneBudget.Section.choices,
        help_text="Investissement\u00a0: ce qui dure. Fonctionnement\u00a0: ce qui revient chaque année.",
    )
    levier = choix("Moyen", Action.Levier.choices, vide="Choisissez", help_text="Ce que cet argent permet.")
    payeur = choix("Qui paie", [])
    prevu = Somme(label="Prévu", help_text="En euros, avec ou sans centimes\u00a0: 1\u202f234,50.")
    engage = Somme(label="Engagé", help_text="Ce qui est commandé.")
    paye = Somme(label="Payé", help_text="Ce qui est réglé, sur ce qui est engagé.")
    action = ChoixDeCle(
        label="Action du plan (facultatif)",
        required=False,
        absent="Cette action n'est pas, ou n'est plus, dans le plan.",
        vide="Aucune",
    )
    achat = ChoixDeCle(
        label="Achat (facultatif)",
        required=False,
        absent="Cet achat n'est pas, ou n'est plus, à l'établissement.",
        vide="Aucun",
    )
    formation = ChoixDeCle(
        label="Formation (facultatif)",
        required=False,
        absent="Cette formation n'est pas, ou n'est plus, à l'établissement.",
        vide="Aucune",
    )
    service = choix(
        "Service (facultatif)", [(c, m) for c, m in LigneBudget.Service.choices if c], vide="Aucun", required=False
    )
    activite = phrase(
        "Code d'activité (facultatif)",
        ACTIVITE_MAX,
        required=False,
        help_text="Il commence par 0 (établissement), 1 (État) ou 2 (collectivité et autres)\u00a0: 0NUM.",
    )
    compte = phrase("Compte (facultatif)", COMPTE_MAX, required=False)
    note = phrase("Note (facultatif)", NOTE_MAX, required=False)

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        etablissement: Etablissement,
        tenue: SaisieLigne,
        nouvelle: bool,
        jour: datetime.date,
        choix_de_liens: Mapping[str, list[tuple[int, str]]],
    ) -> None:
        super().__init__(donnees, tenu=asdict(tenue), nouveau=nouvelle)
        self.etablissement, self.ligne = etablissement, tenue
        self.fields["annee_scolaire"].choices = annees_a_choisir(jour, tenue.annee_scolaire)
        self.fields["annee_scolaire"].help_text = aide_sur_l_annee(tenue.exercice)
        self.fields["payeur"].choices = payeurs_a_choisir(etablissement, tenue.payeur)
        for nom in LIENS:
            if choix_de_liens.get(nom):
                self.fields[nom].proposer(choix_de_liens[nom])
            else:
                del self.fields[nom]
        if etablissement.premier_degre:
            for nom in DE_L_EPLE:
                del self.fields[nom]
        if nouvelle:
            self.fields["cle"] = champ_de_cle()

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            for champ, defaut in defauts_de_la_ligne(self.etablissement, self.saisie()).items():
                self.add_error(champ if champ in self.fields else None, defaut)

    def saisie(self) -> SaisieLigne:
        return replace(self.ligne, **_valeurs(self.cleaned_data, self.fields))

    def base(self) -> SaisieLigne:
        """What the page showed."""
        return replace(self.ligne, **_valeurs(self.lu(), self.fields))

    def en_mots(self, nom: str, valeur: Any) -> str:
        return euros(valeur) if isinstance(valeur, Decimal) else super().en_mots(nom, valeur)


def champ_de_cle() -> forms.UUIDField:
    """Sent twice, a form makes one thing."""
    return forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE},
    )


def _valeurs(lues: dict[str, Any], champs: Iterable[str]) -> dict[str, Any]:
    return {nom: lues[nom] for nom in champs if nom != "cle"}


def payeurs_a_choisir(etablissement: Etablissement, tenu: str) -> list[tuple[str, str]]:
    sans = Partie.EPLE if etablissement.premier_degre else None
    return [(code, mots) for code, mots in Partie.choices if code != sans or code == tenu]


# --- Its sheet ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FicheDeLigne:
    """`corrections`: what adopted decisions have added; `avant_corrections`: what was planned before them."""

    financements: Sequence[Financement]
    mouvements: Sequence[MouvementBudget]
    accorde: Decimal
    demande: Decimal
    recu: Decimal
    corrections: Decimal
    avant_corrections: Decimal
    depassement: Decimal


def fiche_de_la_ligne(
    ligne: LigneBudget, financements: Iterable[Financement], mouvements: Iterable[MouvementBudget]
) -> FicheDeLigne:
    aides, siens = list(financements), list(mouvements)
    corrections = total(un.montant for un in siens if un.decision.etat == DecisionModificative.Etat.ADOPTEE)
    return FicheDeLigne(
        aides,
        siens,
        total(aide.accorde for aide in aides),
        total(aide.demande for aide in aides),
        total(aide.recu for aide in aides),
        corrections,
        ligne.prevu - corrections,
        max(ligne.engage - ligne.prevu, Decimal(0)),
    )
