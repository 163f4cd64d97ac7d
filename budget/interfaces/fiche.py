"""The facts of a line, in words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from budget.domain.argent import euros
from budget.domain.cycle import fin_prevue
from budget.models import Equipement
from strategie.socle.rules import date_en_phrase


@dataclass(frozen=True)
class Fait:
    """`saisi`: a person's own words; `alerte`: a date that is past."""

    nom: str
    dit: str
    alerte: str = ""
    saisi: bool = False


@dataclass(frozen=True)
class Groupe:
    titre: str
    faits: tuple[Fait, ...]


def fiche_de(ligne: Equipement, durees: Mapping[str, int], jour: datetime.date) -> list[Groupe]:
    """`durees`: planned lives, by category. What is not known is left out, but dates: their absence tells something."""
    groupes = [
        Groupe("Ce que c'est", _identite(ligne)),
        Groupe("À qui", _parties(ligne)),
        Groupe("Dates et prix", _dates(ligne, durees, jour)),
    ]
    return [groupe for groupe in groupes if groupe.faits]


def _identite(ligne: Equipement) -> tuple[Fait, ...]:
    dits = (
        Fait("Catégorie", ligne.get_categorie_display()),
        Fait("Marque", ligne.marque, saisi=True),
        Fait("Modèle", ligne.modele, saisi=True),
        Fait("Numéro de série", ligne.numero_serie, saisi=True),
        Fait("Étiquette", ligne.etiquette, saisi=True),
        Fait("Domaine", ligne.get_domaine_display()),
        Fait("Note", ligne.note, saisi=True),
    )
    return tuple(fait for fait in dits if fait.dit)


def _parties(ligne: Equipement) -> tuple[Fait, ...]:
    dits = (
        ("Propriétaire", ligne.get_proprietaire_display()),
        ("Payé par", ligne.get_payeur_display()),
        ("Entretenu par", ligne.get_mainteneur_display()),
    )
    return tuple(Fait(nom, dit or "on ne sait pas") for nom, dit in dits)


def _dates(ligne: Equipement, durees: Mapping[str, int], jour: datetime.date) -> tuple[Fait, ...]:
    fin = fin_prevue(ligne.achete_le, ligne.prevu_jusqu_au, durees[ligne.categorie])
    deduite = fin is not None and ligne.prevu_jusqu_au is None
    faits = [
        Fait("Acheté le", _date(ligne.achete_le)),
        Fait(
            "Garanti jusqu'au", _date(ligne.garanti_jusqu_au), _passee(ligne.garanti_jusqu_au, jour, "garantie finie")
        ),
        Fait(
            "Mis à jour par son fabricant jusqu'au",
            _date(ligne.suivi_jusqu_au),
            _passee(ligne.suivi_jusqu_au, jour, "plus mis à jour"),
        ),
        Fait(
            "Prévu pour servir jusqu'au",
            _date(fin) + (f", soit {durees[ligne.categorie]} ans après l'achat" if deduite else ""),
            _passee(fin, jour, "durée prévue dépassée"),
        ),
    ]
    return (*faits, *_prix(ligne))


def _prix(ligne: Equipement) -> tuple[Fait, ...]:
    if ligne.prix is None:
        return ()
    total = f", {euros(ligne.prix * ligne.nombre)} en tout" if ligne.nombre > 1 else ""
    return (Fait("Prix unitaire", euros(ligne.prix) + total),)


def _date(date: datetime.date | None) -> str:
    return date_en_phrase(date) if date else "pas dit"


def _passee(date: datetime.date | None, jour: datetime.date, mots: str) -> str:
    return mots if date and date < jour else ""
