"""The pages of loans and of their returns."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from budget.domain.retours import Retour
from budget.interfaces.agir import compte_change
from budget.interfaces.champs import choix, jour
from budget.interfaces.controle import ETATS, numeros_de, refus_du_numero
from budget.interfaces.numeros import Numeros
from budget.models import Equipement
from budget.rules.equipements import PAS_A_SOI, empechement_date, empechement_detacher

DANS_LA_PILE = 30
DATES = ("vu_le", "prete_le", "pret_jusqu_au")


# --- Returning ------------------------------------------------------------------------------------------
class RetourForm(forms.Form):
    """One number that a scanner types, Enter at its end. What nobody knows is named, not kept in the field: the next
    number would be typed after it.
    """

    numeros = Numeros(
        label="Étiquette ou numéro de série",
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
        error_messages={"required": "Scannez ou tapez un numéro."},
    )
    garde_les_refuses = False
    retenus: Sequence[Equipement] = ()
    inconnus: Sequence[str] = ()

    def reconnaitre(self, connus: Mapping[str, Equipement], proprietaire_tenu: str) -> None:
        """Which things came back; the other numbers are said, with why."""
        retenus, refuses = [], []
        for numero in self.cleaned_data["numeros"]:
            chose = connus.get(numero)
            refus = refus_du_numero(numero, chose)
            if chose is not None and proprietaire_tenu not in ("", chose.proprietaire):
                refus = f"«\u00a0{numero}\u00a0»\u00a0: {PAS_A_SOI}"
            if refus is None:
                retenus.append(chose)
            else:
                refuses.append(numero)
                self.add_error("numeros", refus)
        self.retenus, self.inconnus = retenus, refuses
        if refuses:
            self.data = self.data.copy()
            self.data["numeros"] = "\n".join(refuses) if self.garde_les_refuses else ""


class CollageForm(RetourForm):
    """Many, pasted: those that nobody knows stay."""

    garde_les_refuses = True
    numeros = Numeros(label="Numéros, un par ligne", error_messages={"required": "Collez au moins un numéro."})

    def __init__(self, donnees: QueryDict | None = None) -> None:
        super().__init__(donnees, auto_id="colle_%s")
        self.fields["numeros"].widget.attrs["data-colles"] = ""


@dataclass(frozen=True)
class Revenu:
    """A thing of the pile, as it is now, and what it was before it came back."""

    retour: Retour
    chose: Equipement

    @property
    def numeros(self) -> str:
        return numeros_de(self.chose)

    @property
    def venait_de(self) -> str:
        if not self.retour.prete_a:
            return "N'était pas prêté\u00a0: noté vu"
        return f"Était prêté à {Equipement.Emprunteur(self.retour.prete_a).label.lower()}"

    @property
    def etats(self) -> list[tuple[str, str]]:
        """Those that it may take in one tap."""
        return [(valeur, libelle) for valeur, libelle in ETATS if valeur != self.chose.etat]


class Pile:
    """What the person has just received, the last on top; kept in her session, for her to undo."""

    def __init__(self, session: SessionBase, uai: str) -> None:
        self.session, self.cle = session, f"retours-{uai}"

    def retours(self) -> list[Retour]:
        return [_lire(garde) for garde in self.session.get(self.cle, [])]

    def poser(self, retours: Sequence[Retour]) -> None:
        """What came back before and comes again keeps what it was first: undoing leads there."""
        deja = {retour.cle: retour for retour in self.retours()}
        poses = [retour if retour.prete_a else deja.get(retour.cle, retour) for retour in retours]
        cles = {retour.cle for retour in poses}
        dessous = [retour for retour in self.retours() if retour.cle not in cles]
        self._garder([*reversed(poses), *dessous])

    def oter(self, cle: int) -> None:
        self._garder([retour for retour in self.retours() if retour.cle != cle])

    def _garder(self, retours: Sequence[Retour]) -> None:
        self.session[self.cle] = [_ecrire(retour) for retour in retours[:DANS_LA_PILE]]


def _ecrire(retour: Retour) -> dict[str, Any]:
    return {nom: v.isoformat() if isinstance(v, datetime.date) else v for nom, v in asdict(retour).items()}


def _lire(garde: Mapping[str, Any]) -> Retour:
    return Retour(**{nom: datetime.date.fromisoformat(v) if v and nom in DATES else v for nom, v in garde.items()})


def phrase_des_retours(retours: Sequence[Retour]) -> str:
    rendus = sum(bool(retour.prete_a) for retour in retours)
    vus = len(retours) - rendus
    dits = [
        f"{nombre}\u00a0{un if nombre == 1 else plusieurs}"
        for nombre, un, plusieurs in (
            (rendus, "retour enregistré", "retours enregistrés"),
            (
                vus,
                "chose n'était pas prêtée\u00a0: elle est notée vue",
                "choses n'étaient pas prêtées, et sont notées vues",
            ),
        )
        if nombre
    ]
    return f"{', '.join(dits)}."


# --- What is still out ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Pret:
    chose: Equipement
    retard: int

    @property
    def numeros(self) -> str:
        return numeros_de(self.chose)


def prets_a_montrer(choses: Sequence[Equipement], jour_du_lieu: datetime.date) -> list[Pret]:
    return [
        Pret(chose, max(0, (jour_du_lieu - chose.pret_jusqu_au).days) if chose.pret_jusqu_au else 0) for chose in choses
    ]


# --- Lending ------------------------------------------------------------------------------------------------
class PretForm(forms.Form):
    """`sur`: how many things the page showed."""

    a = choix(
        "À qui\u00a0?",
        Equipement.Emprunteur.choices,
        widget=forms.RadioSelect,
        help_text="Jamais un nom\u00a0: la convention de prêt le porte, et reste dans l'établissement.",
    )
    jusqu_au = jour("À rendre le (facultatif)")
    sur = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    combien = forms.IntegerField(
        label="Combien\u00a0?",
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "effectif", "inputmode": "numeric"}),
        error_messages={
            "required": "Dites combien.",
            "invalid": "Donnez un nombre entier.",
            "min_value": "Prêtez-en au moins une.",
        },
    )

    def __init__(self, donnees: QueryDict | None, *, equipement: Equipement, aujourd_hui: datetime.date) -> None:
        super().__init__(donnees, initial={"sur": equipement.nombre, "combien": equipement.nombre})
        self.nombre, self.aujourd_hui = equipement.nombre, aujourd_hui
        if equipement.nombre == 1:
            del self.fields["combien"], self.fields["sur"]

    def clean_jusqu_au(self) -> datetime.date | None:
        date = self.cleaned_data["jusqu_au"]
        if date and date < self.aujourd_hui:
            raise forms.ValidationError("Cette date est déjà passée.")
        if refus := empechement_date(date, self.aujourd_hui, passee=False):
            raise forms.ValidationError(refus)
        return date

    def clean_combien(self) -> int:
        combien: int = self.cleaned_data["combien"]
        if self.cleaned_data.get("sur", self.nombre) != self.nombre:
            raise forms.ValidationError(compte_change(self.nombre))
        if refus := empechement_detacher(combien, self.nombre):
            raise forms.ValidationError(refus)
        return combien


class RenduForm(forms.Form):
    etat = choix("Dans quel état\u00a0?", ETATS, widget=forms.RadioSelect)
