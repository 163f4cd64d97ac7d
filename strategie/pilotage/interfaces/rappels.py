"""Forms of chasing, of its log and of its settings, and the log as a table."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.interfaces.besoins import Phrase
from strategie.pilotage.domain.reglages_rappels import SaisieReglages
from strategie.pilotage.models import Rappel, SorteDeCourriel
from strategie.pilotage.rules.rappels import JOURS_MAX, MOT_MAX, empechement_du_mot
from strategie.socle.droits import Droit, droits_de
from strategie.socle.interfaces.exports import Colonne
from strategie.socle.models import Academie, District

PERIMEE = "Cette page n'est plus à jour\u00a0: rouvrez-la, puis recommencez."
PERSONNES = re.compile(r"[0-9]{1,18}:[0-9]{1,18}(,[0-9]{1,18}:[0-9]{1,18})*")
PERSONNES_MAX = 1_000_000  # characters: every head of the largest académie
COULEURS = {
    Rappel.Etat.ENVOYE: "fait",
    Rappel.Etat.ECHEC: "attention",
    Rappel.Etat.INCERTAIN: "attention",
}


# --- Chasing -----------------------------------------------------------------------------------------------------
class Personnes(forms.Field):
    """Many people in one field (`Candidat.cle`)."""

    widget = forms.HiddenInput
    default_error_messages: ClassVar[dict[str, Any]] = {"required": PERIMEE, "invalid": PERIMEE}

    def to_python(self, value: Any) -> tuple[str, ...]:
        if not value:
            return ()
        if len(value) > PERSONNES_MAX or not PERSONNES.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"])
        return tuple(value.split(","))


class RelanceForm(forms.Form):
    """`vus`: everybody that the preview counted; `montres`: those of this page, who have a box (`garde` when it is
    ticked); `exclus`: those whose box was unticked on another.
    """

    cle = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": PERIMEE})
    vus = Personnes()
    montres = Personnes(required=False)
    exclus = Personnes(required=False)
    cherche = forms.CharField(
        label="Trouver quelqu'un dans cette liste",
        required=False,
        max_length=100,
        help_text="Nom, établissement, commune ou UAI. Cela ne change pas à qui l'on écrit.",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    mot = Phrase(
        label="Ajouter une phrase (facultatif)",
        required=False,
        max_length=MOT_MAX,
        help_text=f"{MOT_MAX} caractères au plus, sans lien\u00a0: le message porte déjà celui de Paliers.",
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={
            "max_length": f"Cette phrase dépasse {MOT_MAX}\u00a0caractères\u00a0: raccourcissez-la.",
            "null_characters_not_allowed": "Cette phrase contient un caractère invisible\u00a0: écrivez-la de nouveau.",
        },
    )

    def __init__(self, donnees: QueryDict | None, *, racine: str, **options: Any) -> None:
        super().__init__(donnees, **options)
        self.racine = racine

    def clean_mot(self) -> str:
        mot = " ".join(self.cleaned_data["mot"].split())
        if refus := empechement_du_mot(mot, self.racine):
            raise ValidationError(refus)
        return mot

    def clean(self) -> None:
        """What a person did not type is said once, above the form."""
        caches = [nom for nom in ("cle", "vus", "montres", "exclus") if nom in self.errors]
        for nom in caches:
            del self.errors[nom]
        if caches:
            self.add_error(None, PERIMEE)

    @cached_property
    def decoches(self) -> frozenset[str]:
        """Whose box was unticked, on this page or on another; the first time, all are ticked."""
        if not self.is_bound:
            return frozenset()
        sans = {*self.cleaned_data.get("montres", ()), *self.cleaned_data.get("exclus", ())}
        return frozenset(sans) - frozenset(self.data.getlist("garde"))

    @property
    def choisis(self) -> frozenset[str]:
        return frozenset(self.cleaned_data["vus"]) - self.decoches

    @property
    def texte_cherche(self) -> str:
        return str(self.cleaned_data.get("cherche", "")) if self.is_bound else ""

    @property
    def mot_a_montrer(self) -> str:
        return str(self.cleaned_data.get("mot", "")) if self.is_bound else ""


# --- The log -----------------------------------------------------------------------------------------------------
class FiltreJournalForm(forms.Form):
    """A choice that is not understood keeps everything, and the page says so (`ignores`)."""

    q = forms.CharField(label="Nom, commune ou UAI", max_length=100, required=False)
    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous"), *Rappel.Etat.choices])
    sorte = forms.ChoiceField(
        label="Sorte",
        required=False,
        choices=[("", "Toutes"), *(c for c in SorteDeCourriel.choices if c[0] != SorteDeCourriel.RECAPITULATIF)],
    )
    district = forms.ChoiceField(label="District", required=False)
    relance = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, donnees: QueryDict, *, districts: Iterable[District]) -> None:
        super().__init__(donnees)
        self.fields["district"].choices = [("", "Tous"), *((str(d.pk), d.nom) for d in districts)]
        for champ in self.fields.values():
            sorte = "form-select" if isinstance(champ, forms.ChoiceField) else "form-control recherche"
            champ.widget.attrs["class"] = sorte
        self.fields["q"].widget.input_type = "search"
        self.ignores = bool(self.errors)
        if self.errors:
            self.data = self.cleaned_data
            self.full_clean()

    @property
    def filtres(self) -> dict[str, Any]:
        lus = self.cleaned_data
        return {
            "texte": lus.get("q") or "",
            "etat": lus.get("etat") or "",
            "sorte": lus.get("sorte") or "",
            "district": lus.get("district") or "",
            "relance": lus.get("relance"),
        }


def nommable(rappel: Rappel) -> bool:
    """Whether the reader's roles on the school (`mes_roles`) let her know its team."""
    return Droit.VOIR_EQUIPE in droits_de(rappel.mes_roles)


class LigneDuJournal:
    """A message, as its reader may see it."""

    def __init__(self, rappel: Rappel) -> None:
        self.rappel = rappel
        self.couleur = COULEURS.get(Rappel.Etat(rappel.etat), "")
        self.nom = str(rappel.destinataire) if nommable(rappel) else ""
        self.adresse = (rappel.adresse or rappel.destinataire.email) if nommable(rappel) else ""
        self.a_reessayer = rappel.etat == Rappel.Etat.ECHEC and rappel.reessayer_le is None
        self.quand = rappel.envoye_le or rappel.pris_le or rappel.cree_le


def colonnes_du_journal() -> list[Colonne[LigneDuJournal]]:
    def instant(ligne: LigneDuJournal) -> str:
        return f"{timezone.localtime(ligne.quand, ligne.rappel.etablissement.academie.zone):%d/%m/%Y %H:%M}"

    return [
        Colonne("Date", instant),
        Colonne("Établissement", lambda ligne: ligne.rappel.etablissement.nom),
        Colonne("UAI", lambda ligne: ligne.rappel.etablissement.uai),
        Colonne("Sorte", lambda ligne: ligne.rappel.get_sorte_display()),
        Colonne("Rôle", lambda ligne: ligne.rappel.get_role_display()),
        Colonne("Nom", lambda ligne: ligne.nom),
        Colonne("Adresse", lambda ligne: ligne.adresse),
        Colonne("Pourquoi", lambda ligne: ligne.rappel.raison),
        Colonne("Clôture", lambda ligne: f"{ligne.rappel.echeance:%d/%m/%Y}"),
        Colonne("État", lambda ligne: ligne.rappel.get_etat_display()),
        Colonne("Précision", lambda ligne: ligne.rappel.motif),
    ]


# --- Settings ------------------------------------------------------------------------------------------------------
class Jours(forms.CharField):
    """« 30, 7, 1 » and its numbers."""

    def to_python(self, value: object) -> tuple[int, ...]:
        if isinstance(value, (tuple, list)):
            return tuple(value)
        morceaux = [m for m in re.split(r"[\s,;]+", super().to_python(value) or "") if m]
        if any(not (m.isascii() and m.isdigit() and len(m) < 5) for m in morceaux):
            raise ValidationError(self.error_messages["invalid"])
        return tuple(sorted((int(m) for m in morceaux), reverse=True))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else value


class ReglagesRappelsForm(FormulaireAPlusieurs):
    actifs = forms.BooleanField(label="Rappeler les établissements avant la clôture", required=False)
    jours = Jours(
        label="Combien de jours avant la clôture",
        required=False,
        max_length=60,
        help_text=f"Par exemple\u00a0: 30, 7, 1. {JOURS_MAX} rappels au plus.",
        error_messages={"invalid": "Écrivez des nombres de jours séparés par des virgules\u00a0: 30, 7, 1."},
    )
    recapitulatif = forms.BooleanField(label="Envoyer à chacun son récapitulatif du mois", required=False)

    def __init__(self, donnees: QueryDict | None, *, tenus: SaisieReglages) -> None:
        super().__init__(donnees, tenu=_en_texte(tenus), nouveau=False)

    def saisie(self) -> SaisieReglages:
        return SaisieReglages(**self.cleaned_data)

    def base(self) -> SaisieReglages:
        return SaisieReglages(**self.lu())

    def en_mots(self, nom: str, valeur: Any) -> str:
        if isinstance(valeur, bool):
            return "oui" if valeur else "non"
        return ", ".join(map(str, valeur)) or "(aucun)"


def _en_texte(tenus: SaisieReglages) -> dict[str, Any]:
    return asdict(tenus) | {"jours": ", ".join(map(str, tenus.jours))}


def reglages_montrables(tenus: SaisieReglages) -> dict[str, Any]:
    """As the form has them in its hidden fields."""
    return _en_texte(tenus)


def premiere(academies: list[Academie], demandee: str | None) -> Academie | None:
    """The one that the address asks for, or the first."""
    return next((a for a in academies if demandee in (None, str(a.pk))), None)
