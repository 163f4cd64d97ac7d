"""The forms of a line of the inventory."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django import forms
from django.http import QueryDict

from budget.domain.argent import euros
from budget.domain.equipements import DATES_A_VENIR, DATES_PASSEES, SaisieEquipement, SaisieModifiee, a_plat
from budget.interfaces.champs import CONTROLES, ChoixDeCle, Montant, choix, jour, phrase
from budget.models import Categorie, Equipement, Lot, Partie, Salle
from budget.queries.equipements import numeros_pris
from budget.rules.equipements import A_LA_FOIS, NOMBRE_MAX, SALLE_D_AILLEURS, empechement_date, repetes
from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

SERIE_MAX, ETIQUETTE_MAX = 80, 60
LOT_ABSENT = "Ce lot n'est pas, ou n'est plus, à l'établissement."
AVANT_L_ACHAT = "Aucune date ne peut précéder l'achat."
SEPARATEUR = re.compile(r"[\t;]")
DESCRIPTION = tuple(champ.name for champ in fields(SaisieEquipement))
GROUPES = {
    "Quoi": (
        *("designation", "categorie", "domaine", "nombre", "series", "etiquettes"),
        *("numero_serie", "etiquette"),
    ),
    "Où": ("salle", "lot", "nouveau_lot"),
    "À qui": ("proprietaire", "payeur", "mainteneur"),
    "Dates et prix": ("achete_le", "prix", *DATES_A_VENIR),
    "Marque, modèle, note": ("marque", "modele", "note"),
}
PEUVENT_ATTENDRE = {"À qui", "Dates et prix", "Marque, modèle, note"}
LIBELLE_SERIE, LIBELLE_ETIQUETTE = "Numéro de série", "Étiquette"


@dataclass(frozen=True)
class Choix:
    """What a line may be put in, and whose it may be: `proprietaire` when the person keeps one owner's things only."""

    etablissement: Etablissement
    salles: Sequence[Salle]
    lots: Sequence[Lot]
    jour: datetime.date
    proprietaire: str = ""


@dataclass(frozen=True)
class GroupeDeChamps:
    """`repliable`: it may wait; `ouvert`: something in it is filled, or to be corrected."""

    titre: str
    champs: Sequence[forms.BoundField]
    repliable: bool
    ouvert: bool


class DescriptionForm(FormulaireAPlusieurs):
    """What describes a thing, whether it arrives or is there already."""

    designation = phrase(
        "Désignation",
        120,
        help_text="Ce que l'on dit pour en parler, par exemple «\u00a0Tablette 10 pouces\u00a0».",
        error_messages={"required": "Dites en quelques mots ce que c'est."},
    )
    categorie = choix("Catégorie", Categorie.choices, vide="Choisir une catégorie")
    marque = phrase("Marque (facultatif)", 60, required=False)
    modele = phrase("Modèle (facultatif)", 80, required=False)
    salle = ChoixDeCle(label="Salle", absent=SALLE_D_AILLEURS, vide="Aucune pour l'instant", required=False)
    lot = ChoixDeCle(label="Lot", absent=LOT_ABSENT, vide="Aucun", required=False)
    domaine = choix("Domaine", Equipement.Domaine.choices)
    proprietaire = choix("À qui est-ce\u00a0?", Partie.choices, vide="On ne sait pas", required=False)
    payeur = choix("Qui l'a payé\u00a0?", Partie.choices, vide="On ne sait pas", required=False)
    mainteneur = choix("Qui l'entretient\u00a0?", Partie.choices, vide="On ne sait pas", required=False)
    achete_le = jour("Acheté le (facultatif)")
    garanti_jusqu_au = jour("Garanti jusqu'au (facultatif)")
    suivi_jusqu_au = jour(
        "Mis à jour par son fabricant jusqu'au (facultatif)", help_text="Après, plus de corrections de sécurité."
    )
    prevu_jusqu_au = jour(
        "Prévu pour servir jusqu'au (facultatif)",
        help_text="Vide\u00a0: la durée que la collectivité fixe pour sa catégorie.",
    )
    prix = Montant(label="Prix unitaire en euros (facultatif)", required=False)
    note = phrase("Note (facultatif)", 300, required=False, help_text="Ni nom d'élève, ni mot de passe.")

    def __init__(self, donnees: QueryDict | None, *, tenu: dict[str, Any], offre: Choix, nouveau: bool) -> None:
        super().__init__(donnees, tenu=tenu, nouveau=nouveau)
        self.offre = offre
        self.fields["salle"].proposer((salle.pk, _lieu(salle)) for salle in offre.salles)
        self.fields["lot"].proposer((lot.pk, str(lot)) for lot in offre.lots)
        if offre.proprietaire:
            self.fields["proprietaire"].choices = [(offre.proprietaire, Partie(offre.proprietaire).label)]
            self.fields["proprietaire"].required = True

    @property
    def groupes(self) -> list[GroupeDeChamps]:
        """The visible fields, as people think of them; for what arrives, those that may wait are folded."""
        groupes = ((titre, [self[nom] for nom in noms if nom in self.fields]) for titre, noms in GROUPES.items())
        return [
            GroupeDeChamps(
                titre,
                champs,
                repliable=self.nouveau and titre in PEUVENT_ATTENDRE,
                ouvert=any(champ.errors or champ.value() not in (None, "") for champ in champs),
            )
            for titre, champs in groupes
        ]

    def clean(self) -> None:
        super().clean()
        achat = self.cleaned_data.get("achete_le")
        for nom in (*DATES_PASSEES, *DATES_A_VENIR):
            date = self.cleaned_data.get(nom)
            refus = empechement_date(date, self.offre.jour, passee=nom in DATES_PASSEES)
            if not refus and date and achat and date < achat:
                refus = AVANT_L_ACHAT
            if refus:
                self.add_error(nom, refus)

    def en_mots(self, nom: str, valeur: Any) -> str:
        if isinstance(valeur, datetime.date):
            return date_en_phrase(valeur)
        if nom == "prix" and valeur is not None:
            return euros(valeur)
        return super().en_mots(nom, "" if valeur is None else valeur)

    def description(self) -> SaisieEquipement:
        return SaisieEquipement(**{nom: self.cleaned_data[nom] for nom in DESCRIPTION})

    def refuser_les_pris(self, champ: str, nom: str, numeros: Sequence[str], **sauf: Any) -> None:
        """At the field `nom`: which numbers are in the inventory already, and on what."""
        pris = numeros_pris(self.offre.etablissement, champ, numeros, **sauf)
        if pris:
            ou = ", ".join(f"{getattr(ligne, champ)} ({_ou(ligne)})" for ligne in pris[:10])
            reste = f" et {len(pris) - 10} autres" if len(pris) > 10 else ""
            self.add_error(nom, f"Déjà dans l'inventaire\u00a0: {ou}{reste}.")


class ModifierForm(DescriptionForm):
    """A line that is there; what tells one thing from the next is only said of one thing."""

    numero_serie = phrase(f"{LIBELLE_SERIE} (facultatif)", SERIE_MAX, required=False)
    etiquette = phrase(f"{LIBELLE_ETIQUETTE} (facultatif)", ETIQUETTE_MAX, required=False)

    def __init__(self, donnees: QueryDict | None, *, ligne: Equipement, tenu: SaisieModifiee, offre: Choix) -> None:
        super().__init__(donnees, tenu=a_plat(tenu), offre=offre, nouveau=False)
        self.ligne = ligne
        if ligne.nombre > 1:
            del self.fields["numero_serie"], self.fields["etiquette"]

    def clean(self) -> None:
        super().clean()
        for nom in ("numero_serie", "etiquette"):
            if numero := self.cleaned_data.get(nom):
                self.refuser_les_pris(nom, nom, [numero], sauf=self.ligne.pk)

    def saisie(self) -> SaisieModifiee:
        dit = self.cleaned_data
        return SaisieModifiee(self.description(), dit.get("numero_serie", ""), dit.get("etiquette", ""))

    def base(self) -> SaisieModifiee:
        lu = self.lu()
        description = SaisieEquipement(**{nom: lu[nom] for nom in DESCRIPTION})
        return SaisieModifiee(description, lu.get("numero_serie", ""), lu.get("etiquette", ""))


class AjouterForm(DescriptionForm):
    """Things that arrive: how many alike, or their numbers, pasted or read by a scanner."""

    nombre = forms.IntegerField(
        label="Combien\u00a0?",
        required=False,
        min_value=1,
        max_value=NOMBRE_MAX,
        widget=forms.NumberInput(attrs={"class": "effectif", "inputmode": "numeric"}),
        help_text="Une seule ligne pour tous. Avec des numéros ci-dessous, laissez vide ou vérifiez le compte.",
        error_messages={"invalid": "Donnez un nombre entier."},
    )
    series = forms.CharField(
        label="Numéros de série (facultatif)",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}),
        help_text=(
            "Un par ligne, saisis, collés ou lus par une douchette\u00a0: chacun devient une ligne de l'inventaire. "
            "L'étiquette peut suivre, après une tabulation ou un point-virgule."
        ),
    )
    etiquettes = forms.CharField(
        label="Étiquettes (facultatif)",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}),
        help_text="Une par ligne, dans le même ordre que les numéros de série s'il y en a.",
    )
    nouveau_lot = phrase(
        "ou un nouveau lot (facultatif)",
        120,
        required=False,
        help_text="Ce qui arrive ensemble, pour un même usage, par exemple «\u00a030 tablettes, 2026\u00a0».",
    )
    cle = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})

    def __init__(self, donnees: QueryDict | None, *, offre: Choix, salle: int | None, lot: int | None) -> None:
        propose = {"domaine": Equipement.Domaine.PEDAGOGIQUE, "proprietaire": offre.proprietaire, "cle": uuid.uuid4()}
        super().__init__(donnees, tenu=propose | {"salle": salle, "lot": lot}, offre=offre, nouveau=True)

    def clean(self) -> None:
        super().clean()
        self._lire_les_numeros()
        if self.cleaned_data.get("lot") and self.cleaned_data.get("nouveau_lot"):
            self.add_error("nouveau_lot", "Choisissez un lot existant, ou nommez-en un nouveau\u00a0: pas les deux.")

    def _lire_les_numeros(self) -> None:
        """Two columns pasted in one box, or one box each; every mistake is said where it is."""
        paires = [_paire(ligne) for ligne in _lignes(self.cleaned_data.get("series", ""))]
        series = [serie for serie, _ in paires]
        etiquettes = [etiquette for _, etiquette in paires if etiquette]
        a_part = [_net(ligne) for ligne in _lignes(self.cleaned_data.get("etiquettes", ""))]
        if etiquettes and a_part:
            self.add_error("etiquettes", "Ces étiquettes sont déjà données à côté des numéros de série.")
        self._verifier("series", "numero_serie", series, SERIE_MAX)
        self._verifier("series" if etiquettes else "etiquettes", "etiquette", etiquettes or a_part, ETIQUETTE_MAX)
        self._verifier_le_compte(series, etiquettes or a_part)
        self.numeros = (series, etiquettes or a_part)

    def _verifier(self, nom: str, champ: str, numeros: Sequence[str], longueur: int) -> None:
        if len(numeros) > A_LA_FOIS:
            self.add_error(nom, f"Ajoutez {A_LA_FOIS} numéros à la fois, au plus\u00a0: il y en a {len(numeros)}.")
            return
        if vides := [str(rang) for rang, numero in enumerate(numeros, 1) if not numero]:
            self.add_error(nom, f"Il manque le numéro de série\u00a0: ligne {', '.join(vides[:10])}.")
        for numero in numeros:
            if len(numero) > longueur:
                self.add_error(nom, f"«\u00a0{numero[:30]}…\u00a0» dépasse {longueur} caractères.")
        if doubles := repetes([numero for numero in numeros if numero]):
            self.add_error(nom, f"Donné deux fois\u00a0: {', '.join(doubles[:10])}.")
        envoi = self.cleaned_data.get("cle")
        self.refuser_les_pris(champ, nom, [numero for numero in numeros if numero], envoi=envoi)

    def _verifier_le_compte(self, series: Sequence[str], etiquettes: Sequence[str]) -> None:
        nombre, lus = self.cleaned_data.get("nombre"), max(len(series), len(etiquettes))
        if series and etiquettes and len(series) != len(etiquettes):
            ecart = f"Il y a {len(series)} numéros de série et {len(etiquettes)} étiquettes\u00a0: donnez-en autant."
            self.add_error("series" if not self.cleaned_data.get("etiquettes") else "etiquettes", ecart)
        elif nombre and lus and nombre != lus:
            self.add_error("nombre", f"Vous en annoncez {nombre}, et {lus} numéros sont donnés\u00a0: vérifiez.")
        elif not nombre and not lus and "nombre" not in self.errors:
            self.add_error("nombre", "Dites combien, ou donnez les numéros.")


def _lignes(texte: str) -> Iterable[str]:
    return [ligne for ligne in re.split(r"[\r\n\v\f]+", texte) if ligne.strip(" \t;")]


def _paire(ligne: str) -> tuple[str, str]:
    """A serial number, and the tag beside it where there is one."""
    serie, *suite = SEPARATEUR.split(ligne, maxsplit=1)
    return _net(serie), _net(suite[0]) if suite else ""


def _net(numero: str) -> str:
    """Scanners may send signs that nobody sees."""
    return CONTROLES.sub("", numero).strip()


def _lieu(salle: Salle) -> str:
    return f"{salle} ({salle.batiment})" if salle.batiment else str(salle)


def _ou(ligne: Equipement) -> str:
    return f"{ligne}, {ligne.salle}" if ligne.salle else str(ligne)
