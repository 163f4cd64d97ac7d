"""What may be done with several lines of the inventory at once, and what must be said to do it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from budget.domain.agir import Demande
from budget.interfaces.champs import ChoixDeCle, choix, cle_lue, jour
from budget.models import Equipement, Salle
from budget.rules.equipements import SALLE_D_AILLEURS, empechement_date, empechement_detacher


@dataclass(frozen=True)
class Acte:
    """`libelle` is in the menu, `titre` above the page that asks, `fait` says what was done. `champs` are asked for;
    `divisible`: part of a line that counts several may be chosen; one that is not `au_menu` is of one line only.
    """

    code: str
    libelle: str
    titre: str
    bouton: str
    fait: str
    champs: tuple[str, ...] = ()
    divisible: bool = True
    au_menu: bool = True

    @property
    def etat(self) -> str:
        """The state that it gives; empty where it gives none."""
        return Equipement.Etat.SORTI if self.code == "sortir" else self.code if self.code in Equipement.Etat else ""


ACTES = {
    acte.code: acte
    for acte in (
        Acte("deplacer", "Changer de salle", "Changer de salle", "Déplacer", "Déplacé", ("salle",)),
        Acte("reutilisable", "Noter réutilisable", "Noter réutilisable", "Noter réutilisable", "Noté réutilisable"),
        Acte("a_reparer", "Noter à réparer", "Noter à réparer", "Noter à réparer", "Noté à réparer"),
        Acte("reformable", "Noter réformable", "Noter réformable", "Noter réformable", "Noté réformable"),
        Acte(
            "constater", "Noter vu aujourd'hui", "Noter vu aujourd'hui", "Noter vu", "Noté vu aujourd'hui",
            divisible=False,
        ),
        Acte("preter", "Prêter", "Prêter", "Prêter", "Prêté", ("a", "jusqu_au")),
        Acte(
            "regrouper", "Regrouper les lignes pareilles", "Regrouper en une seule ligne", "Regrouper", "Regroupé",
            divisible=False,
        ),
        Acte(
            "sortir", "Sortir de l'inventaire", "Sortir de l'inventaire", "Sortir de l'inventaire",
            "Sorti de l'inventaire", ("destination", "sorti_le"),
        ),
        Acte(
            "separer", "Mettre une partie à part", "Mettre une partie à part", "Mettre à part", "Mis à part",
            au_menu=False,
        ),
    )
}  # fmt: skip


def actes_possibles(ligne: Equipement) -> list[Acte]:
    """Those that would change something of one line, in the order of the menu; lending it has a page of its own."""
    sorti = ligne.etat == Equipement.Etat.SORTI
    inutiles = {ligne.etat, "preter", *(("sortir", "constater") if sorti else ())}
    inutiles |= {"separer"} if ligne.nombre == 1 else set()
    inutiles |= {"regrouper"} if ligne.numero_serie or ligne.etiquette else set()
    return [acte for acte in ACTES.values() if acte.code not in inutiles]


class AgirForm(forms.Form):
    """Only the fields that the act asks for, and how many when one line counts several: `sur`, what the page showed, so
    that the same part is not taken twice.
    """

    sur = forms.IntegerField(widget=forms.HiddenInput, required=False)
    nombre = forms.IntegerField(
        label="Combien\u00a0?",
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "effectif", "inputmode": "numeric"}),
        error_messages={"required": "Dites combien.", "invalid": "Donnez un nombre entier."},
    )
    salle = ChoixDeCle(label="Où\u00a0?", absent=SALLE_D_AILLEURS, vide="Aucune salle", required=False)
    destination = choix("Où cela va-t-il\u00a0?", Equipement.Destination.choices, vide="Choisir une destination")
    sorti_le = jour("Sorti le", required=True)
    a = choix(
        "Prêté à qui\u00a0?",
        Equipement.Emprunteur.choices,
        vide="Choisir",
        help_text="Jamais un nom\u00a0: la convention de prêt, sur papier, le garde.",
    )
    jusqu_au = jour("À rendre le (facultatif)")

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        acte: Acte,
        lignes: Sequence[Equipement],
        salles: Sequence[Salle],
        aujourd_hui: datetime.date,
    ) -> None:
        divisible = acte.divisible and len(lignes) == 1 and lignes[0].nombre > 1
        self.total = lignes[0].nombre if divisible else None
        super().__init__(donnees, initial={"nombre": self.total, "sur": self.total, "sorti_le": aujourd_hui})
        self.aujourd_hui = aujourd_hui
        gardes = {*acte.champs, *(["nombre", "sur"] if divisible else [])}
        for nom in self.fields.keys() - gardes:
            del self.fields[nom]
        if "salle" in self.fields:
            self.fields["salle"].proposer((salle.pk, str(salle)) for salle in salles)
        if divisible:
            self.fields["nombre"].help_text = f"Sur {self.total}\u00a0: les autres restent comme elles sont."

    def clean_nombre(self) -> int:
        nombre: int = self.cleaned_data["nombre"]
        if self.total is not None and self.cleaned_data.get("sur") not in (None, self.total):
            raise forms.ValidationError(compte_change(self.total))
        if refus := empechement_detacher(nombre, self.total or 1):
            raise forms.ValidationError(refus)
        return nombre

    def clean_sorti_le(self) -> datetime.date:
        return self._date("sorti_le", passee=True)

    def clean_jusqu_au(self) -> datetime.date | None:
        date = self._date("jusqu_au", passee=False)
        if date and date < self.aujourd_hui:
            raise forms.ValidationError("Cette date est déjà passée.")
        return date

    def _date(self, nom: str, *, passee: bool) -> datetime.date:
        date: datetime.date = self.cleaned_data[nom]
        if refus := empechement_date(date, self.aujourd_hui, passee=passee):
            raise forms.ValidationError(refus)
        return date

    def demande(self, acte: Acte, lignes: Sequence[Equipement]) -> Demande:
        dit = {nom: self.cleaned_data[nom] for nom in acte.champs}
        cles = frozenset(ligne.pk for ligne in lignes)
        return Demande(acte=acte.code, cles=cles, nombre=self.cleaned_data.get("nombre"), etat=acte.etat, **dit)


def compte_change(nombre: int) -> str:
    return f"La ligne compte maintenant {nombre} choses\u00a0: dites-le de nouveau."


def cles_cochees(donnees: QueryDict) -> frozenset[int]:
    """The keys of the ticked lines; anything else is forgotten."""
    return frozenset(cle for texte in donnees.getlist("cles") if (cle := cle_lue(texte)) is not None)
