"""What the page of reuse takes and shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from budget.domain.reemploi import BesoinNet
from budget.interfaces.usages import adresse_d_une_action
from budget.models import Categorie
from budget.queries.reemploi import Dormants, ParcDUneCategorie
from budget.rules.equipements import NOMBRE_MAX
from plans.interfaces.indicateurs import HORS_LISTE
from strategie.socle.rules import decimal_en_phrase

UN_NOMBRE = f"Un nombre de 1 à {decimal_en_phrase(NOMBRE_MAX)} était attendu."
# One, several: as the sentences of the page say them.
NOMS: Mapping[str, tuple[str, str]] = {
    Categorie.FIXE: ("ordinateur fixe", "ordinateurs fixes"),
    Categorie.PORTABLE: ("ordinateur portable", "ordinateurs portables"),
    Categorie.TABLETTE: ("tablette", "tablettes"),
    Categorie.CLIENT_LEGER: ("client léger", "clients légers"),
    Categorie.HYBRIDE: ("tablette à clavier", "tablettes à clavier"),
    Categorie.VIDEOPROJECTEUR: ("vidéoprojecteur", "vidéoprojecteurs"),
    Categorie.TABLEAU: ("tableau ou écran interactif", "tableaux ou écrans interactifs"),
    Categorie.ECRAN: ("écran", "écrans"),
    Categorie.VISUALISEUR: ("visualiseur", "visualiseurs"),
    Categorie.IMPRIMANTE: ("imprimante ou copieur", "imprimantes ou copieurs"),
    Categorie.SERVEUR: ("serveur", "serveurs"),
    Categorie.BORNE: ("borne Wi-Fi", "bornes Wi-Fi"),
    Categorie.RESEAU: ("commutateur ou pare-feu", "commutateurs ou pare-feu"),
    Categorie.MOBILE: ("chariot mobile", "chariots mobiles"),
    Categorie.SON_IMAGE: ("appareil de son ou d'image", "appareils de son ou d'image"),
    Categorie.FABRICATION: ("machine de fabrication", "machines de fabrication"),
    Categorie.ACCESSIBILITE: ("matériel adapté", "matériels adaptés"),
    Categorie.AUTRE: ("autre équipement", "autres équipements"),
}


def en_nombre(nombre: int, categorie: str) -> str:
    """« 18 tablettes », « 1 tablette »."""
    un, plusieurs = NOMS[categorie]
    return f"{nombre}\u00a0{un if nombre < 2 else plusieurs}"


def _nombre(label: str, au_moins: int, **options: Any) -> forms.IntegerField:
    erreur = UN_NOMBRE if au_moins else f"Un nombre de 0 à {decimal_en_phrase(NOMBRE_MAX)} était attendu."
    return forms.IntegerField(
        label=label,
        min_value=au_moins,
        max_value=NOMBRE_MAX,
        widget=forms.NumberInput(attrs={"class": "effectif", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), erreur),
        **options,
    )


class BesoinForm(forms.Form):
    """Asked by the address: nothing is kept."""

    categorie = forms.ChoiceField(
        label="De quoi avez-vous besoin", choices=Categorie.choices, error_messages=HORS_LISTE
    )
    besoin = _nombre("Combien", 1)
    promis = _nombre(
        "Dont promis par un autre établissement (facultatif)",
        0,
        required=False,
        help_text="Ce que l'on vous a dit oui, pas ce que vous espérez.",
    )

    def __init__(self, donnees: QueryDict) -> None:
        """Nothing asked yet, nothing is wrong yet."""
        super().__init__(donnees if "besoin" in donnees else None, initial={"categorie": Categorie.TABLETTE})


@dataclass(frozen=True)
class LigneDuCalcul:
    """`effet`: what it takes from the need; `adresse`: the lines of the inventory."""

    libelle: str
    nombre: int
    effet: int
    adresse: str
    pourquoi: str = ""


@dataclass(frozen=True)
class Calcul:
    """The reasoning, line by line; `achat` is what the action of the plan would say."""

    besoin: BesoinNet
    demande: str
    net: str
    lignes: list[LigneDuCalcul]
    dormants: Dormants
    achat: str


def calculer(uai: str, categorie: str, besoin: BesoinNet, parc: ParcDUneCategorie, dormants: Dormants) -> Calcul:
    def liste(**filtres: str) -> str:
        return reverse("inventaire", args=[uai], query={"categorie": categorie} | filtres)

    pedagogique = {"etat": "reutilisable", "domaine": "pedagogique"}
    lignes = [
        LigneDuCalcul("Réutilisables et libres", parc.libres, parc.libres, liste(**pedagogique)),
        LigneDuCalcul(
            *("Réutilisables, mais prêtés", parc.pretes, 0, liste(**pedagogique, prete="1")),
            pourquoi="Ils sont déjà entre les mains de quelqu'un.",
        ),
        LigneDuCalcul(
            *("Réutilisables, à l'administration", parc.administratifs, 0),
            liste(etat="reutilisable", domaine="administratif"),
            pourquoi="Ils ne sont pas pour les élèves.",
        ),
        LigneDuCalcul(
            *("À réparer", parc.a_reparer, 0, liste(etat="a_reparer")),
            pourquoi="Chacun, une fois réparé, en fera un de moins à acheter.",
        ),
        LigneDuCalcul(
            *("Réformables", parc.reformables, 0, liste(etat="reformable")), pourquoi="Ils ne serviront plus."
        ),
    ]
    return Calcul(
        besoin=besoin,
        demande=en_nombre(besoin.besoin, categorie),
        net=en_nombre(besoin.net, categorie),
        lignes=[ligne for ligne in lignes if ligne.nombre or ligne.effet or ligne is lignes[0]],
        dormants=dormants,
        achat=adresse_d_une_action(uai, levier="equipement", intitule=f"Acheter {en_nombre(besoin.net, categorie)}"),
    )
