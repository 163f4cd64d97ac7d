"""What the pages of the yearly check take and show."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict

from budget.domain.controle import Bilan, Constat
from budget.interfaces.numeros import Numeros
from budget.models import Equipement
from budget.rules.controle import A_LA_FOIS, empechement_compter
from diagnostic.interfaces.formulaires import INCOMPLETE
from strategie.socle.rules import date_en_phrase

SANS_SALLE = "sans-salle"
# What the page showed of a line: key, how many things, state, seen or not.
LU = re.compile(r"^(?P<cle>\d{1,18}) (?P<sur>\d{1,5}) (?P<etat>reutilisable|a_reparer|reformable) (?P<deja>[01])$")
ETATS = [(etat.value, etat.label) for etat in Equipement.Etat if etat is not Equipement.Etat.SORTI]


@dataclass
class LigneDeSalle:
    """A line of the page: what it shows of the thing, and what the person has said so far."""

    equipement: Equipement
    sur: int
    etat_lu: str
    deja: bool
    coche: bool
    etat: str
    trouves: str = ""
    combien: str = ""
    erreurs: list[str] = field(default_factory=list)

    @property
    def lu(self) -> str:
        return f"{self.equipement.pk} {self.sur} {self.etat_lu} {int(self.deja)}"

    @property
    def numeros(self) -> str:
        return numeros_de(self.equipement)

    @property
    def plusieurs(self) -> bool:
        return self.sur > 1

    def constat(self) -> Constat:
        """To say a new state is to have seen the thing."""
        vu = self.coche or (not self.deja and self.etat != self.etat_lu)
        return Constat(
            cle=self.equipement.pk,
            designation=self.equipement.designation,
            deja=self.deja,
            etat_lu=self.etat_lu,
            sur=self.sur,
            trouves=int(self.trouves) if self.trouves else self.sur if vu else 0,
            etat=self.etat,
            combien=int(self.combien) if self.combien else None,
        )

    def verifier(self) -> None:
        for nom, texte in (("sont là", self.trouves), ("ont changé d'état", self.combien)):
            if texte and not (texte.isascii() and texte.isdigit() and len(texte) < 6):
                self.erreurs.append(f"Dites en chiffres combien {nom}.")
        if not self.erreurs:
            constat = self.constat()
            refus = empechement_compter(constat.trouves, constat.sur, constat.combien)
            self.erreurs += [refus] if refus else []


def numeros_de(equipement: Equipement) -> str:
    """« P-0012 · série C02X »: what tells a thing from those alike."""
    serie = f"série\u00a0{equipement.numero_serie}" if equipement.numero_serie else ""
    return " · ".join(filter(None, (equipement.etiquette, serie)))


def lignes_a_montrer(choses: Iterable[Equipement], debut: datetime.date) -> list[LigneDeSalle]:
    return [_ligne_a_montrer(chose, chose.vu_le is not None and chose.vu_le >= debut) for chose in choses]


def _ligne_a_montrer(chose: Equipement, vue: bool) -> LigneDeSalle:
    return LigneDeSalle(chose, sur=chose.nombre, etat_lu=chose.etat, deja=vue, coche=vue, etat=chose.etat)


class ControleDeSalle(forms.Form):
    """A line for each thing of the page, and what was found there and belongs elsewhere.

    `choses`: those that the form names, by key. Its lines are read together with its two fields.
    """

    cle = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})
    numeros = Numeros(
        label="Trouvé ici, rangé ailleurs",
        required=False,
        help_text="Scannez ou tapez les étiquettes ou les numéros de série, un par ligne\u00a0: ces choses seront "
        "rangées dans cette salle et notées vues.",
    )

    def __init__(self, donnees: QueryDict | None, *, lignes: Sequence[LigneDeSalle], **options) -> None:
        super().__init__(donnees, **options)
        self.lignes = lignes
        self.trouves: list[Equipement] = []

    def clean(self) -> dict:
        if self.errors.pop("cle", None) or len(self.data.getlist("lu")) != len(self.lignes):
            self.add_error(None, INCOMPLETE)
        for ligne in self.lignes:
            ligne.verifier()
        if any(ligne.erreurs for ligne in self.lignes):
            self.add_error(None, "Une ligne est à corriger\u00a0: elle est marquée plus bas. Rien n'est perdu.")
        return self.cleaned_data

    def reconnaitre(self, connus: Mapping[str, Equipement]) -> None:
        """Which things the numbers are; those that cannot come are named at their field."""
        numeros = self.cleaned_data.get("numeros") or []
        for phrase in filter(None, (refus_du_numero(numero, connus.get(numero)) for numero in numeros)):
            self.add_error("numeros", phrase)
        self.trouves = [connus[numero] for numero in numeros if numero in connus]

    def constats(self) -> list[Constat]:
        return [ligne.constat() for ligne in self.lignes]

    def tout_cocher(self) -> None:
        for ligne in self.lignes:
            ligne.coche = ligne.coche or not ligne.trouves


def refus_du_numero(numero: str, chose: Equipement | None) -> str | None:
    """Why a number brings nothing."""
    if chose is None:
        return f"Aucun équipement de l'établissement ne porte «\u00a0{numero}\u00a0»."
    if chose.sorti_le is not None:
        quand, ou = date_en_phrase(chose.sorti_le), chose.get_destination_display()
        return (
            f"«\u00a0{numero}\u00a0» ({chose.designation}) est sorti de l'inventaire le {quand}\u00a0: {ou.lower()}. "
            "S'il est revenu, rendez-lui d'abord un état, sur sa fiche."
        )
    return None


def cles_lues(donnees: QueryDict) -> list[int]:
    """Keys of the lines that a form was sent with."""
    return [int(lu["cle"]) for texte in donnees.getlist("lu")[: A_LA_FOIS + 1] if (lu := LU.match(texte))]


def lignes_envoyees(donnees: QueryDict, choses: Mapping[int, Equipement]) -> list[LigneDeSalle]:
    """In the order of the page; what no page of ours wrote is left out."""
    coches, etats, lignes = set(donnees.getlist("vu")), dict(ETATS), []
    for lu in filter(None, (LU.match(texte) for texte in donnees.getlist("lu")[: A_LA_FOIS + 1])):
        chose = choses.get(int(lu["cle"]))
        if chose is None:
            continue
        etat = donnees.get(f"etat-{chose.pk}", lu["etat"])
        lignes.append(
            LigneDeSalle(
                equipement=chose,
                sur=int(lu["sur"]),
                etat_lu=lu["etat"],
                deja=lu["deja"] == "1",
                coche=str(chose.pk) in coches,
                etat=etat if etat in etats else lu["etat"],
                trouves=donnees.get(f"trouves-{chose.pk}", "").strip(),
                combien=donnees.get(f"combien-{chose.pk}", "").strip(),
            )
        )
    return lignes


def phrase_du_bilan(bilan: Bilan) -> str:
    """« 28 vus, 2 changent d'état, 1 rangé ici. »"""
    parts = (
        (bilan.vus, "vu", "vus"),
        (bilan.changes, "change d'état", "changent d'état"),
        (bilan.apportes, "rangé ici", "rangés ici"),
        (bilan.plus_vus, "n'est plus noté vu", "ne sont plus notés vus"),
    )
    dits = [f"{nombre}\u00a0{un if nombre == 1 else plusieurs}" for nombre, un, plusieurs in parts if nombre]
    return f"C'est enregistré\u00a0: {', '.join(dits)}." if dits else "Rien de nouveau n'était coché."
