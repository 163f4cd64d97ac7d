"""The forms of an act: its text, its vote, its dates."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from budget.interfaces.achats import entier
from budget.interfaces.champs import ChoixDeCle, choix, jour
from budget.interfaces.lignes import champ_de_cle
from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs, Texte
from plans.interfaces.besoins import Phrase
from strategie.pilotage.domain.conseil import Voix, visas_par_defaut
from strategie.pilotage.domain.deliberations import (
    DOSSIER_ABSENT,
    SEANCE_ABSENTE,
    SaisieDates,
    SaisieDeliberation,
    SaisieVote,
)
from strategie.pilotage.interfaces.seances import ENTIER
from strategie.pilotage.models import Deliberation, Dossier, SeanceDuConseil
from strategie.pilotage.rules.deliberations import (
    VOIX,
    VOIX_MAX,
    decision_proposee,
    expose_propose,
    objet_propose,
)
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

RELU = "Cochez cette case\u00a0: elle dit que vous avez relu l'acte, et qu'il ne changera plus."


def texte(label: str, lignes: int, **options: Any) -> Texte:
    """Its length is the rule's: a field that cuts what is pasted would lose it."""
    return Texte(label=label, widget=forms.Textarea(attrs={"rows": lignes, "dir": "auto"}), **options)


def deliberation_proposee(
    etablissement: Etablissement,
    seances: Sequence[SeanceDuConseil],
    dossiers: Sequence[Dossier],
    demandees: Collection[int],
) -> SaisieDeliberation:
    """For the meeting that the address asks for, else the last; with the last file made."""
    voulue = next((une for une in seances if une.pk in demandees), seances[0] if seances else None)
    ecole = etablissement.premier_degre
    return SaisieDeliberation(
        seance=voulue.pk if voulue else 0,
        objet=objet_propose(premier_degre=ecole),
        decision=decision_proposee(premier_degre=ecole),
        visas=visas_par_defaut(premier_degre=ecole),
        expose=expose_propose(premier_degre=ecole),
        dossier=dossiers[0].pk if dossiers else None,
    )


def seances_a_choisir(seances: Iterable[SeanceDuConseil]) -> list[tuple[int, str]]:
    return [(une.pk, f"Séance du {date_en_phrase(une.date)}") for une in seances]


def dossiers_a_choisir(dossiers: Collection[Dossier]) -> list[tuple[int, str]]:
    return [
        (un.pk, f"Dossier n°\u00a0{un.numero}, du {date_en_phrase(timezone.localdate(un.fait_le))}") for un in dossiers
    ]


class DeliberationForm(FormulaireAPlusieurs):
    seance = ChoixDeCle(label="Séance", absent=SEANCE_ABSENTE, vide="Choisissez")
    dossier = ChoixDeCle(
        label="Dossier présenté au conseil (facultatif)",
        required=False,
        absent=DOSSIER_ABSENT,
        vide="Pas encore choisi",
    )
    famille = choix(
        "Famille de l'acte",
        Deliberation.Famille.choices,
        help_text="Elle dit à qui l'acte est transmis, et quand il devient exécutoire.",
    )
    objet = Phrase(
        label="Objet", error_messages={"required": "Dites en quelques mots sur quoi le conseil se prononce."}
    )
    visas = texte("Visas", 4, required=False, help_text="Un par ligne. Ceux-ci sont proposés\u00a0: adaptez-les.")
    expose = texte("Considérant (exposé des motifs)", 4, required=False)
    decision = texte("Décision", 4, error_messages={"required": "Écrivez ce que le conseil décide."})

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        tenu: SaisieDeliberation,
        nouveau: bool,
        premier_degre: bool,
        seances: Iterable[tuple[int, str]],
        dossiers: Iterable[tuple[int, str]],
    ) -> None:
        super().__init__(donnees, tenu=en_champs(tenu), nouveau=nouveau)
        self.fields["seance"].proposer(seances)
        self.fields["dossier"].proposer(dossiers)
        if premier_degre:
            del self.fields["famille"]
            self.fields["decision"].label = "Avis"
        if nouveau:
            self.fields["cle"] = champ_de_cle()

    def saisie(self) -> SaisieDeliberation:
        return self._en_saisie(self.cleaned_data)

    def base(self) -> SaisieDeliberation:
        """What the page showed."""
        return self._en_saisie(self.lu())

    def _en_saisie(self, lues: Mapping[str, Any]) -> SaisieDeliberation:
        valeurs = {nom: lues[nom] for nom in self.fields if nom != "cle"}
        visas = tuple(filter(None, (ligne.strip() for ligne in (valeurs["visas"] or "").split("\n"))))
        return SaisieDeliberation(**valeurs | {"visas": visas})

    def en_mots(self, nom: str, valeur: Any) -> str:
        return super().en_mots(nom, " / ".join(valeur) if isinstance(valeur, tuple) else valeur)


def en_champs(saisie: SaisieDeliberation) -> dict[str, Any]:
    """As the form shows it: a visa a line."""
    return asdict(saisie) | {"visas": "\n".join(saisie.visas)}


# --- Its vote --------------------------------------------------------------------------------------------------
class VoteForm(forms.Form):
    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE)
    )
    numero = Phrase(
        label="Numéro de l'acte",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez le numéro de l'acte."},
        help_text="Celui du registre de l'établissement\u00a0: il ne sert qu'une fois.",
    )
    pour = entier("Pour", ENTIER, required=False)
    contre = entier("Contre", ENTIER, required=False)
    abstentions = entier("Abstentions", ENTIER, required=False)
    refus = entier("Ne prennent pas part au vote", ENTIER, required=False)
    president = choix(
        "Si les voix sont égales, le président a voté",
        [("pour", "Pour"), ("contre", "Contre")],
        vide="Les voix ne sont pas égales",
        required=False,
        help_text="Sa voix est alors prépondérante.",
    )
    modifications = forms.BooleanField(
        label="Le conseil a demandé des modifications au lieu de se prononcer",
        required=False,
        help_text="L'acte est clos sans dossier voté\u00a0: vous en préparerez un autre.",
    )
    confirme = forms.BooleanField(
        label="J'ai relu l'acte et ces nombres\u00a0: ils ne changeront plus", error_messages={"required": RELU}
    )

    @property
    def statut(self) -> int:
        return 422 if self.errors else 200

    def clean(self) -> None:
        """A board of a hundred has no thousand voices; said here, whatever else is wrong."""
        for nom in VOIX:
            voix = self.cleaned_data.get(nom)
            if voix is not None and not 0 <= voix <= VOIX_MAX:
                self.add_error(nom, f"Un nombre de voix va de 0 à {VOIX_MAX}.")

    def saisie(self) -> SaisieVote:
        lues = self.cleaned_data
        return SaisieVote(
            numero=lues["numero"],
            voix=Voix(**{nom: lues[nom] or 0 for nom in VOIX}),
            modifications=lues["modifications"],
            president={"pour": True, "contre": False}.get(lues["president"]),
        )


# --- What comes after ------------------------------------------------------------------------------------------
class DatesForm(FormulaireAPlusieurs):
    transmise_le = jour("Transmise le", help_text="À l'autorité académique, par exemple dans Dém'Act.")
    publiee_le = jour("Publiée le", help_text="Affichée ou mise en ligne.")

    def __init__(self, donnees: QueryDict | None, *, tenu: SaisieDates, premier_degre: bool) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=False)
        if premier_degre:
            del self.fields["transmise_le"]
            self.fields["publiee_le"].label = "Affiché le"
            self.fields["publiee_le"].help_text = ""

    def saisie(self) -> SaisieDates:
        return SaisieDates(**self.cleaned_data)

    def base(self) -> SaisieDates:
        return SaisieDates(**self.lu())

    def en_mots(self, nom: str, valeur: Any) -> str:
        return date_en_phrase(valeur) if isinstance(valeur, datetime.date) else super().en_mots(nom, valeur)
