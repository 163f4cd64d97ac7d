"""The columns of the inventory: those of the list, of its exports, and of the file that an import recognises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from budget.models import Categorie, Equipement, Partie
from strategie.socle.interfaces.csv_en_sql import ColonneEnBase, Genre


@dataclass(frozen=True)
class ColonneInventaire:
    """Its code in addresses, its heading everywhere, what its values are and where `values_list` finds them.

    `choix`: the words of its codes. `importable`: an import reads it; the others are said by acts on screen, and an
    import passes over them. A cell is written so: a choice by its word, a date as 2026-09-01, an amount as 1234,50, and
    a text that a spreadsheet would run after an apostrophe (`exports.sans_formule`).
    """

    code: str
    entete: str
    genre: Genre = Genre.TEXTE
    chemin: str = ""
    choix: Mapping[str, str] = field(default_factory=dict)
    importable: bool = True

    @property
    def valeur(self) -> str:
        return self.chemin or self.code

    @property
    def en_base(self) -> ColonneEnBase:
        return ColonneEnBase(self.entete, self.valeur, self.genre, self.choix)


PARTIES = dict(Partie.choices)
COLONNES: tuple[ColonneInventaire, ...] = (
    ColonneInventaire("designation", "Désignation"),
    ColonneInventaire("categorie", "Catégorie", choix=dict(Categorie.choices)),
    ColonneInventaire("marque", "Marque"),
    ColonneInventaire("modele", "Modèle"),
    ColonneInventaire("numero_serie", "Numéro de série"),
    ColonneInventaire("etiquette", "Étiquette"),
    ColonneInventaire("nombre", "Nombre", Genre.NOMBRE),
    ColonneInventaire("salle", "Salle", chemin="salle__nom"),
    ColonneInventaire("lot", "Lot", chemin="lot__intitule"),
    ColonneInventaire("etat", "État", choix=dict(Equipement.Etat.choices)),
    ColonneInventaire("domaine", "Domaine", choix=dict(Equipement.Domaine.choices)),
    ColonneInventaire("proprietaire", "Propriétaire", choix=PARTIES),
    ColonneInventaire("payeur", "Payeur", choix=PARTIES),
    ColonneInventaire("mainteneur", "Qui l'entretient", choix=PARTIES),
    ColonneInventaire("achete_le", "Acheté le", Genre.DATE),
    ColonneInventaire("prix", "Prix unitaire", Genre.MONTANT),
    ColonneInventaire("garanti_jusqu_au", "Garanti jusqu'au", Genre.DATE),
    ColonneInventaire("suivi_jusqu_au", "Mis à jour par son fabricant jusqu'au", Genre.DATE),
    ColonneInventaire("prevu_jusqu_au", "Prévu pour servir jusqu'au", Genre.DATE),
    ColonneInventaire("destination", "Destination", choix=dict(Equipement.Destination.choices)),
    ColonneInventaire("sorti_le", "Sorti le", Genre.DATE),
    ColonneInventaire("prete_a", "Prêté à", choix=dict(Equipement.Emprunteur.choices), importable=False),
    ColonneInventaire("prete_le", "Prêté le", Genre.DATE, importable=False),
    ColonneInventaire("pret_jusqu_au", "À rendre le", Genre.DATE, importable=False),
    ColonneInventaire("vu_le", "Vu le", Genre.DATE, importable=False),
    ColonneInventaire("note", "Note"),
    ColonneInventaire("source", "Origine", choix=dict(Equipement.Source.choices), importable=False),
)
PAR_CODE = {colonne.code: colonne for colonne in COLONNES}
