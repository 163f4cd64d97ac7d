"""The yearly report as slides, from its dictionary alone: eight or so, their figures in tables, the rest in notes.

What there is nothing to show of has no slide of its own: the year in figures says it, and its notes.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from strategie.pilotage.interfaces.bilan import (
    GROUPES,
    Contenu,
    Dessin,
    Partie,
    TableauDit,
    faits_du_bilan,
    nom_de_l_axe,
    palier_dit,
    parties_du_bilan,
    titre_du_bilan,
)
from strategie.pilotage.interfaces.diapositives import (
    BLANC,
    FONCE,
    MOYEN,
    PALE,
    TAILLE_DE_PHRASE,
    Diaporama,
    Graphique,
    Grille,
    Serie,
    abreger,
    couper,
    graphique,
    grille,
    partager,
    texte,
)
from strategie.pilotage.interfaces.modele_pptx import Cadre
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

Parties = Mapping[str, Partie]
AXES_MAX = 8
SORTES = {"leviers": ("formation", "equipement")}


def ecrire_presentation(contenu: Contenu, modele: bytes) -> bytes:
    """Raises FichierRefuse for a template that is none."""
    titre, nom = titre_du_bilan(contenu), contenu["etablissement"]["nom"]
    diapos = Diaporama(modele, pied=f"{titre} · {nom}")
    parties = {partie.code: partie for partie in parties_du_bilan(contenu)}
    _ouverture(diapos, contenu)
    if "mot" in parties:
        _mot(diapos, parties["mot"])
    _chiffres(diapos, contenu, parties.values())
    for code, faire in DIAPOSITIVES.items():
        if any(parties[une].tableaux for une in SORTES.get(code, (code,))):
            faire(diapos, contenu, parties)
    jour = datetime.date.fromisoformat(contenu["fait_le"])
    return diapos.octets(titre=f"{titre} · {nom}", auteur=nom, jour=jour)


def notes_de(*parties: Partie) -> list[str]:
    """What each part says, in full: a line a row."""
    return [ligne for partie in parties for ligne in _notes(partie)]


def _notes(partie: Partie) -> Iterator[str]:
    yield from filter(None, [f"{partie.titre}.", partie.chapo, partie.texte])
    for tableau in partie.tableaux:
        yield f"{tableau.legende} ({' · '.join(colonne.titre for colonne in _colonnes(tableau))})\u00a0:"
        for rangee in (*tableau.rangees, *([tableau.total] if tableau.total else [])):
            yield f"– {' · '.join(cellule for cellule in rangee if isinstance(cellule, str) and cellule)}"
    yield from partie.notes


def _colonnes(tableau: TableauDit) -> list:
    """All but those that are drawn."""
    dessinees = {rang for rangee in tableau.rangees for rang, une in enumerate(rangee) if isinstance(une, Dessin)}
    return [colonne for rang, colonne in enumerate(tableau.colonnes) if rang not in dessinees]


# --- Slides --------------------------------------------------------------------------------------------------------
def _ouverture(diapos: Diaporama, contenu: Contenu) -> None:
    ecole = contenu["etablissement"]
    jour = date_en_phrase(datetime.date.fromisoformat(contenu["fait_le"]))
    lieu = " · ".join(filter(None, [ecole["commune"], ecole["uai"]]))
    etape = "" if contenu["fini"] else "Bilan d'étape, "
    nom = " ".join(couper(ecole["nom"], diapos.cadre.largeur // 2, 24, 2))
    fait = f"{etape}{'fait' if etape else 'Fait'} le {jour} pour le {contenu['instance']}"
    diapos.ouverture(titre_du_bilan(contenu), f"{nom}\n{fait}", [ecole["nom"], lieu, fait])


def _mot(diapos: Diaporama, partie: Partie) -> None:
    diapositive, reste = diapos.contenu(partie.titre, "", notes_de(partie))
    texte(diapositive, reste, abreger(partie.texte, reste, TAILLE_DE_PHRASE), TAILLE_DE_PHRASE)


def _chiffres(diapos: Diaporama, contenu: Contenu, parties: Iterable[Partie]) -> None:
    [partie] = [une for une in parties if une.code == "chiffres"]
    vides = [une for une in parties if not une.tableaux and une.code != "mot"]
    diapositive, reste = diapos.contenu(partie.titre, partie.chapo, notes_de(partie, *vides))
    [tableau] = partie.tableaux
    entetes = [colonne.titre for colonne in tableau.colonnes]
    grille(diapositive, reste, Grille(tableau.legende, entetes, faits_du_bilan(contenu), (3, 4, 6)))


def _diagnostic(diapos: Diaporama, contenu: Contenu, parties: Parties) -> None:
    partie = parties["diagnostic"]
    diapositive, reste = diapos.contenu("Le diagnostic", partie.chapo, notes_de(partie))
    lu = contenu["diagnostic"]
    gauche, droite = partager(reste, 0.5)
    avant = (
        [Serie(lu["annee_avant"], [champ["palier_avant"] or 0 for champ in lu["champs"]])] if lu["annee_avant"] else []
    )
    series = [*avant, Serie(lu["annee"], [champ["palier"] for champ in lu["champs"]])]
    champs = [champ["libelle"] for champ in lu["champs"]]
    mots = _mots("Palier de chaque champ, de 0 à 3", champs, series)
    graphique(diapos, diapositive, gauche, Graphique(mots, champs, series, [PALE, FONCE][-len(series) :], maximum=3))
    if lu["annee_avant"]:
        entetes = ["Champ", lu["annee_avant"], lu["annee"], "Gagnées", "Perdues"]
        rangees = [
            [
                champ["libelle"],
                palier_dit(champ["palier_avant"]),
                palier_dit(champ["palier"]),
                str(len(champ["gagnees"])),
                str(len(champ["perdues"])),
            ]
            for champ in lu["champs"]
        ]
        faite = Grille(
            "Paliers, et conditions gagnées et perdues", entetes, rangees, (8, 5, 5, 4, 4), frozenset({3, 4})
        )
    else:
        rangees = [[champ["libelle"], palier_dit(champ["palier"]), champ["manque"]] for champ in lu["champs"]]
        faite = Grille(
            "Paliers, et ce qui manque pour le suivant", ["Champ", "Palier", "Ce qui manque"], rangees, (5, 3, 9)
        )
    grille(diapositive, droite, faite)


def _actions(diapos: Diaporama, contenu: Contenu, parties: Parties) -> None:
    partie = parties["actions"]
    diapositive, reste = diapos.contenu("Les actions", partie.chapo, notes_de(partie))
    plan = contenu["plan"]
    gauche, droite = partager(reste, 0.48)
    axes = plan["axes"][:AXES_MAX]
    noms = [f"Axe {axe['rang']}" if axe["rang"] else "Sans axe" for axe in axes]
    series = [Serie(nom, [sum(axe["etats"][etat] for etat in etats) for axe in axes]) for nom, etats in GROUPES.items()]
    graphique(
        diapos,
        diapositive,
        gauche,
        Graphique(_mots("Actions de chaque axe", noms, series), noms, series, (FONCE, MOYEN, PALE, BLANC), empile=True),
    )
    rangees = [
        [nom_de_l_axe(axe), *map(str, (axe["nombre"], axe["etats"]["realisee"], axe["en_retard"]))]
        for axe in plan["axes"]
    ]
    entetes = ["Axe", "Prévues", "Réalisées", "En retard"]
    faite = Grille("Les actions de l'année, par axe", entetes, rangees, (9, 3, 3, 3), frozenset({1, 2, 3}))
    grille(diapositive, droite, faite)


def _indicateurs(diapos: Diaporama, contenu: Contenu, parties: Parties) -> None:
    _d_un_tableau(diapos, parties["indicateurs"], "Les indicateurs", (6, 5, 3, 3, 3, 5))


def _d_un_tableau(diapos: Diaporama, partie: Partie, titre: str, parts: Sequence[float]) -> None:
    diapositive, reste = diapos.contenu(titre, partie.chapo, notes_de(partie))
    grille(diapositive, reste, _grille(partie.tableaux[0], parts))


def _grille(tableau: TableauDit, parts: Sequence[float], colonnes: Sequence[int] | None = None) -> Grille:
    """Of some columns of a table of the report."""
    gardees = list(range(len(tableau.colonnes))) if colonnes is None else list(colonnes)
    rangees = [[str(rangee[rang]) for rang in gardees] for rangee in tableau.rangees]
    nombres = frozenset(place for place, rang in enumerate(gardees) if tableau.colonnes[rang].nombre)
    return Grille(tableau.legende, [tableau.colonnes[rang].titre for rang in gardees], rangees, parts, nombres)


def _leviers(diapos: Diaporama, contenu: Contenu, parties: Parties) -> None:
    formation, equipement = parties["formation"], parties["equipement"]
    phrase = f"Formation\u00a0: {_minuscule(formation.chapo)} Équipement\u00a0: {_minuscule(equipement.chapo)}"
    diapositive, reste = diapos.contenu("Formation et équipement", phrase, notes_de(formation, equipement))
    grilles = [
        *([_grille(formation.tableaux[0], (7, 4, 3, 3), (0, 2, 3, 4))] if formation.tableaux else []),
        *([_grille(equipement.tableaux[0], (3, 6, 3))] if equipement.tableaux else []),
    ]
    _cote_a_cote(diapositive, reste, grilles, 0.58)


def _budget(diapos: Diaporama, contenu: Contenu, parties: Parties) -> None:
    partie = parties["budget"]
    diapositive, reste = diapos.contenu(partie.titre, partie.chapo, notes_de(partie))
    lu = contenu["budget"]
    gauche, droite = partager(reste, 0.46)
    noms = [levier["nom"] for levier in lu["leviers"]]
    montants = {"Prévu": "prevu", "Engagé": "engage", "Payé": "paye"}
    series = [
        Serie(nom, [float(Decimal(levier[champ])) for levier in lu["leviers"]]) for nom, champ in montants.items()
    ]
    dits = [
        Serie(nom, [decimal_en_phrase(Decimal(levier[champ])) for levier in lu["leviers"]])
        for nom, champ in montants.items()
    ]
    mots = _mots("Euros prévus, engagés et payés, par moyen", noms, dits)
    graphique(diapos, diapositive, gauche, Graphique(mots, noms, series, (PALE, MOYEN, FONCE), format='#,##0\\ "€"'))
    tableau = partie.tableaux[0]
    faite = _grille(tableau, (5, 4, 4, 4), (0, 2, 3, 4))
    total = [str(tableau.total[rang]) for rang in (0, 2, 3, 4)]
    grille(
        diapositive, droite, Grille(faite.legende, faite.entetes, [*faite.rangees, total], faite.parts, faite.nombres)
    )


def _conseil(diapos: Diaporama, contenu: Contenu, parties: Parties) -> None:
    partie = parties["conseil"]
    _d_un_tableau(diapos, partie, partie.titre, (8, 4, 4, 2, 2, 2))


def _suite(diapos: Diaporama, contenu: Contenu, parties: Parties) -> None:
    partie = parties["suite"]
    diapositive, reste = diapos.contenu(partie.titre, partie.chapo, notes_de(partie))
    grilles = [_grille(tableau, _PARTS[len(tableau.colonnes)]) for tableau in partie.tableaux]
    _cote_a_cote(diapositive, reste, grilles, 0.42)


def _cote_a_cote(diapositive: Any, cadre: Cadre, grilles: Sequence[Grille], part: float) -> None:
    cadres = partager(cadre, part) if len(grilles) == 2 else [cadre]
    for faite, sien in zip(grilles, cadres, strict=True):
        grille(diapositive, sien, faite)


_PARTS: Mapping[int, Sequence[float]] = {4: (6, 4, 4, 4), 3: (7, 4, 5)}


DIAPOSITIVES: Mapping[str, Callable[[Diaporama, Contenu, Parties], None]] = {
    "diagnostic": _diagnostic,
    "actions": _actions,
    "indicateurs": _indicateurs,
    "leviers": _leviers,
    "budget": _budget,
    "conseil": _conseil,
    "suite": _suite,
}


# --- Words ---------------------------------------------------------------------------------------------------------
def _mots(quoi: str, categories: Sequence[str], series: Sequence[Serie]) -> str:
    """What a chart shows, to those who do not see it."""
    valeurs = (
        f"{categorie}, {', '.join(f'{serie.nom.lower()}\u00a0: {serie.valeurs[rang]}' for serie in series)}"
        for rang, categorie in enumerate(categories)
    )
    return f"{quoi}. {'. '.join(valeurs)}."


def _minuscule(phrase: str) -> str:
    return f"{phrase[:1].lower()}{phrase[1:]}"
