"""The yearly report in words and tables, from its dictionary alone: the same parts for page, PDF and slides."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from budget.domain.argent import euros
from diagnostic.domain.contenu import empreinte, json_canonique
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs, Texte
from strategie.pilotage.interfaces.dossier import Barre, barre
from strategie.pilotage.interfaces.tableaux_du_bilan import pieces_du_bilan
from strategie.pilotage.rules.bilan import MOT_MAX
from strategie.socle.interfaces.charts import Marche, marches
from strategie.socle.interfaces.pdf import imprimer, insecables
from strategie.socle.rules import date_en_phrase

FORMAT = 1
Contenu = Mapping[str, Any]
# As charts group the states of an action; the board's own words for each.
GROUPES: Mapping[str, Sequence[str]] = {
    "Réalisées": ("realisee",),
    "En cours ou à venir": ("en_cours", "a_venir"),
    "Bloquées ou en pause": ("bloquee", "en_pause"),
    "Abandonnées": ("abandonnee",),
}


SANS_BUDGET = (
    "Une école n'a pas de budget propre\u00a0: ces montants sont ceux que paient la commune et les autres financeurs."
)


@dataclass(frozen=True)
class Dessin:
    """A cell that is drawn; what it says is said beside it too."""

    palier: int = 0
    marches: Sequence[Marche] = ()
    barre: Barre | None = None


@dataclass(frozen=True)
class Colonne:
    titre: str
    classe: str = ""
    nombre: bool = False


Cellule = str | Dessin


@dataclass(frozen=True)
class TableauDit:
    """Its first column names the rows; `total` is a last row."""

    legende: str
    colonnes: Sequence[Colonne]
    rangees: Sequence[Sequence[Cellule]]
    total: Sequence[Cellule] = ()

    @property
    def lignes(self) -> Iterator[Sequence[tuple[Colonne, Cellule]]]:
        for rangee in self.rangees:
            yield list(zip(self.colonnes, rangee, strict=True))

    @property
    def ligne_du_total(self) -> Sequence[tuple[Colonne, Cellule]]:
        return list(zip(self.colonnes, self.total, strict=True)) if self.total else []


@dataclass(frozen=True)
class Partie:
    """A part of the report; `texte` is what somebody typed."""

    code: str
    titre: str
    chapo: str = ""
    texte: str = ""
    tableaux: Sequence[TableauDit] = ()
    notes: Sequence[str] = ()


def imprimer_bilan(contenu: Contenu) -> bytes:
    """PDF/A-3a and PDF/UA-1 in one file. No database and no clock: the same content gives the same bytes."""
    if contenu["format"] != FORMAT:
        raise ValueError(f"Format de bilan inconnu : {contenu['format']}")
    contexte = contexte_du_bilan(contenu)
    nom, jour = contenu["etablissement"]["nom"], datetime.date.fromisoformat(contenu["fait_le"])
    octets, _ = imprimer(
        "pilotage/pdf/bilan.html",
        contexte,
        titre=f"{contexte['titre_du_bilan']} · {nom}",
        auteur=nom,
        date=datetime.datetime.combine(jour, datetime.time(12), datetime.UTC),
        pieces=pieces_du_bilan(contenu),
    )
    return octets


def contexte_du_bilan(contenu: Contenu) -> dict[str, Any]:
    return {
        "contenu": contenu,
        "titre_du_bilan": titre_du_bilan(contenu),
        "parties": parties_du_bilan(contenu),
        "premier_degre": contenu["etablissement"]["premier_degre"],
        "empreinte": empreinte(json_canonique(contenu)),
    }


def titre_du_bilan(contenu: Contenu) -> str:
    return f"Bilan numérique {contenu['annee_scolaire']}"


def parties_du_bilan(contenu: Contenu) -> list[Partie]:
    """In the order in which they are told; the head's word only when there is one."""
    lire = (_mot, _chiffres, _diagnostic, _actions, _indicateurs, _formation, _equipement, _budget, _conseil, _suite)
    return [partie for une in lire if (partie := une(contenu)) is not None]


# --- The year in figures -------------------------------------------------------------------------------------------
def _mot(contenu: Contenu) -> Partie | None:
    titre = "Le mot de la direction" if _ecole(contenu) else "Le mot du chef d'établissement"
    return Partie("mot", titre, texte=contenu["mot"]) if contenu["mot"] else None


def _chiffres(contenu: Contenu) -> Partie:
    if contenu["fini"]:
        etat = f"L'année est finie. Ce qui suit est dit tel qu'on le lit le {_jour(contenu['fait_le'])}."
    else:
        etat = f"L'année n'est pas finie\u00a0: ce bilan dit où elle en est le {_jour(contenu['fait_le'])}."
    colonnes = (Colonne("Ce qui est compté", "d-axe"), Colonne("Chiffre", "d-levier"), Colonne("Précision"))
    return Partie("chiffres", "L'année en chiffres", etat, tableaux=[TableauDit(
        f"L'année scolaire {contenu['annee_scolaire']}", colonnes, faits_du_bilan(contenu),
    )])  # fmt: skip


def faits_du_bilan(contenu: Contenu) -> list[tuple[str, str, str]]:
    """What is counted, its figure, what it is made of."""
    return [
        ("Actions du plan", *_fait_du_plan(contenu["plan"])),
        ("Indicateurs", *_fait_des_indicateurs(contenu["indicateurs"])),
        ("Diagnostic", *_fait_du_diagnostic(contenu)),
        ("Formation", *_fait_de_la_formation(contenu["formation"])),
        ("Équipement", *_fait_de_l_equipement(contenu)),
        ("Dépenses", *_fait_du_budget(contenu["budget"])),
        ("Conseil d'école" if _ecole(contenu) else "Conseil d'administration", *_fait_du_conseil(contenu)),
    ]


def _fait_du_plan(plan: Contenu) -> tuple[str, str]:
    if not plan["nombre"]:
        return "Aucune action", "Aucune action n'était publiée pour cette année."
    faites = plan["etats"]["realisee"]
    arretees = {nom: sum(plan["etats"][etat] for etat in etats) for nom, etats in GROUPES.items()}
    precisions = [
        _compte(arretees["En cours ou à venir"], "en cours ou à venir", "en cours ou à venir"),
        _compte(arretees["Bloquées ou en pause"], "bloquée ou en pause", "bloquées ou en pause"),
        _compte(arretees["Abandonnées"], "abandonnée", "abandonnées"),
        _compte(plan["en_retard"], "en retard", "en retard"),
    ]
    return f"{_compte(faites, 'réalisée', 'réalisées') or 'Aucune réalisée'} sur {plan['nombre']}", _suite_de(
        precisions
    )


def _fait_des_indicateurs(indicateurs: Sequence[Contenu]) -> tuple[str, str]:
    if not indicateurs:
        return "Aucun indicateur", "Aucune action de l'année n'en portait."
    mesures = [un for un in indicateurs if un["valeur"] is not None]
    atteints = sum(un["atteinte"] is True for un in indicateurs)
    sans = len(indicateurs) - len(mesures)
    precision = f"{len(mesures)} sur {len(indicateurs)} ont un relevé" if sans else "Tous ont un relevé"
    return _compte(atteints, "cible atteinte", "cibles atteintes") or "Aucune cible atteinte", f"{precision}."


def _fait_du_diagnostic(contenu: Contenu) -> tuple[str, str]:
    lu = contenu["diagnostic"]
    if lu is None:
        return "Aucun", "Aucun diagnostic n'est signé."
    if lu["annee"] != contenu["annee_scolaire"]:
        return "Aucun cette année", f"Le dernier signé est celui de {lu['annee']}."
    if not lu["annee_avant"]:
        return "Signé", f"Le {_jour(lu['signe_le'])}. C'est le premier\u00a0: rien à quoi le comparer."
    gagnees, perdues = (sum(len(champ[nom]) for champ in lu["champs"]) for nom in ("gagnees", "perdues"))
    return (
        f"{_compte(gagnees, 'condition gagnée', 'conditions gagnées') or 'Aucune condition gagnée'}, "
        f"{_compte(perdues, 'perdue', 'perdues') or 'aucune perdue'}",
        f"Depuis le diagnostic {lu['annee_avant']}, sur {lu['communs']} questions communes.",
    )


def _fait_de_la_formation(formation: Contenu) -> tuple[str, str]:
    tenues = formation["seances"]["tenue"]
    prevues = _compte(formation["prevues"], "formation prévue", "formations prévues") or "aucune formation prévue"
    if not tenues:
        return "Aucune séance tenue", f"{prevues.capitalize()}."
    presences = _compte(formation["presences"], "présence", "présences") or "aucune présence notée"
    heures = formation["heures"]
    recues = "heure reçue" if heures.partition(",")[0] in ("0", "1") else "heures reçues"
    return (
        _compte(tenues, "séance tenue", "séances tenues"),
        f"{presences.capitalize()}, {heures}\u00a0{recues}, {prevues}.",
    )


def _fait_de_l_equipement(contenu: Contenu) -> tuple[str, str]:
    equipement = contenu["equipement"]
    arrives = _compte(equipement["arrives"], "arrivé", "arrivés") or "Aucun arrivé"
    sortis = _compte(equipement["sortis"], "sorti", "sortis") or "aucun sorti"
    return f"{arrives}, {sortis}", _taux(contenu)


def _taux(contenu: Contenu) -> str:
    equipement = contenu["equipement"]
    terminaux = _compte(equipement["terminaux"], "terminal pédagogique", "terminaux pédagogiques")
    pour_cent = equipement["terminaux_pour_cent_eleves"]
    taux = f", soit {pour_cent} pour 100\u00a0élèves" if terminaux and pour_cent is not None else ""
    return f"{terminaux or 'Aucun terminal pédagogique'} le {_jour(contenu['fait_le'])}{taux}."


def _fait_du_budget(budget: Contenu) -> tuple[str, str]:
    if not budget["nombre"]:
        return "Aucune", "Aucune ligne ne sert cette année."
    totaux = budget["totaux"]
    return (
        f"{_euros(totaux['paye'])} payés",
        f"Sur {_euros(totaux['prevu'])} prévus, dont {_euros(totaux['engage'])} engagés.",
    )


def _fait_du_conseil(contenu: Contenu) -> tuple[str, str]:
    votes = contenu["votes"]
    sorte = ("avis", "avis") if _ecole(contenu) else ("délibération", "délibérations")
    resultats = [vote["resultat"] for vote in votes]
    distincts = list(dict.fromkeys(resultats))
    precision = ", ".join(f"{un}\u00a0: {resultats.count(un)}" for un in distincts)
    aucun = "Aucun avis" if _ecole(contenu) else "Aucune délibération"
    return _compte(len(votes), *sorte) or aucun, f"{precision}." if precision else f"{_sans_vote(contenu)}."


# --- Two diagnostics -----------------------------------------------------------------------------------------------
def _diagnostic(contenu: Contenu) -> Partie:
    lu, titre = contenu["diagnostic"], "Le diagnostic, d'une année à l'autre"
    if lu is None:
        return Partie(
            "diagnostic", titre, "Aucun diagnostic n'est encore signé\u00a0: l'établissement ne s'est pas situé."
        )
    compare = bool(lu["annee_avant"])
    avant = [Colonne(lu["annee_avant"], "d-etat")] if compare else []
    colonnes = [
        Colonne("Champ", "c-champ"), Colonne("Profil", "c-marches"), *avant, Colonne(lu["annee"], "d-etat"),
        Colonne("Pour aller plus loin"),
    ]  # fmt: skip
    rangees = [
        [
            champ["libelle"],
            Dessin(champ["palier"], marches(champ["palier"])),
            *([palier_dit(champ["palier_avant"])] if compare else []),
            palier_dit(champ["palier"]),
            insecables(champ["manque"]) or "Les trois paliers sont atteints.",
        ]
        for champ in lu["champs"]
    ]
    return Partie(
        "diagnostic",
        titre,
        _chapo_du_diagnostic(contenu),
        tableaux=[
            TableauDit("Palier atteint par champ, et première condition qui manque pour le suivant", colonnes, rangees),
            *_mouvements(lu, "gagnees", "Conditions gagnées"),
            *_mouvements(lu, "perdues", "Conditions perdues"),
        ],
        notes=_notes_du_diagnostic(lu),
    )


def _chapo_du_diagnostic(contenu: Contenu) -> str:
    lu = contenu["diagnostic"]
    signe = f"Le diagnostic {lu['annee']} est signé le {_jour(lu['signe_le'])}."
    if lu["annee_avant"]:
        return f"{signe} Il est comparé à celui de {lu['annee_avant']}."
    if lu["annee"] != contenu["annee_scolaire"]:
        return f"Aucun diagnostic n'est signé pour {contenu['annee_scolaire']}. Voici le dernier\u00a0: {lu['annee']}."
    return f"{signe} C'est le premier\u00a0: il n'y a rien à quoi le comparer."


def _notes_du_diagnostic(lu: Contenu) -> list[str]:
    notes = ["Marche pleine\u00a0: palier atteint. Marche hachurée\u00a0: la prochaine. Marche vide\u00a0: plus loin."]
    if lu["non_comparables"]:
        questions = _compte(lu["non_comparables"], "question ne se compare pas", "questions ne se comparent pas")
        notes.append(f"{questions}\u00a0: posée une seule fois, reformulée, ou sans réponse connue.")
    return notes


def _mouvements(lu: Contenu, nom: str, legende: str) -> Iterator[TableauDit]:
    rangees = [
        [mouvement["enonce"], champ["libelle"], mouvement["avant"], mouvement["apres"]]
        for champ in lu["champs"]
        for mouvement in champ[nom]
    ]
    if rangees:
        colonnes = (
            Colonne("Condition"), Colonne("Champ", "d-axe"), Colonne(lu["annee_avant"], "d-etat"),
            Colonne(lu["annee"], "d-etat"),
        )  # fmt: skip
        yield TableauDit(legende, colonnes, rangees)


def palier_dit(palier: int | None) -> str:
    if palier is None:
        return "Inconnu"
    return f"Palier\u00a0{palier}" if palier else "Avant le palier\u00a01"


# --- Plan ----------------------------------------------------------------------------------------------------------
def _actions(contenu: Contenu) -> Partie:
    plan, titre = contenu["plan"], "Ce qui était prévu, ce qui est fait"
    if not plan["nombre"]:
        return Partie("actions", titre, f"Aucune action n'était publiée pour {contenu['annee_scolaire']}.")
    faites, precision = _fait_du_plan(plan)
    return Partie(
        "actions",
        titre,
        f"{faites}{f'\u00a0; {precision[0].lower()}{precision[1:]}' if precision else '.'}",
        tableaux=[_par_axe(plan), *_par_etat(plan["actions"])],
        notes=["Une action qui sert deux axes est comptée sous chacun, et une fois dans le total."],
    )


def _par_axe(plan: Contenu) -> TableauDit:
    nombre = {"classe": "d-cout", "nombre": True}
    colonnes = [
        Colonne("Axe"), Colonne("Prévues", "d-nombre", nombre=True),
        *(Colonne(nom, **nombre) for nom in GROUPES), Colonne("En retard", "d-nombre", nombre=True),
    ]  # fmt: skip

    def rangee(nom: str, comptes: Contenu) -> list[str]:
        groupes = (sum(comptes["etats"][etat] for etat in etats) for etats in GROUPES.values())
        return [nom, *(str(valeur) for valeur in (comptes["nombre"], *groupes, comptes["en_retard"]))]

    return TableauDit(
        "Les actions de l'année, par axe",
        colonnes,
        [rangee(nom_de_l_axe(axe), axe) for axe in plan["axes"]],
        rangee("Ensemble", plan),
    )


def nom_de_l_axe(axe: Contenu) -> str:
    return f"Axe\u00a0{axe['rang']} · {axe['intitule']}" if axe["rang"] else "Sans axe"


def _par_etat(actions: Sequence[Contenu]) -> Iterator[TableauDit]:
    """What is done, what goes on, what was given up and why."""
    for nom, etats in GROUPES.items():
        siennes = [action for action in actions if action["etat"] in etats]
        if siennes:
            colonnes = (
                Colonne("Action"),
                Colonne("Axe", "d-heures"),
                Colonne("Quand", "d-qui"),
                Colonne("État", "d-quoi"),
            )
            yield TableauDit(f"{nom}\u00a0: {len(siennes)}", colonnes, [_une_action(action) for action in siennes])


def _une_action(action: Contenu) -> list[str]:
    axes = ", ".join(map(str, action["axes"])) or "Aucun"
    return [_nom_de_l_action(action), axes, action["quand"], _etat(action)]


def _nom_de_l_action(action: Contenu) -> str:
    return f"Sous-action\u00a0: {action['intitule']}" if action["parent"] else action["intitule"]


def _etat(action: Contenu) -> str:
    etat = f"{action['etat_dit']}, en retard" if action["en_retard"] else action["etat_dit"]
    return f"{etat}\u00a0: {action['raison']}" if action["raison"] else etat


def _indicateurs(contenu: Contenu) -> Partie:
    titre = "Ce que disent les indicateurs"
    if not contenu["indicateurs"]:
        return Partie("indicateurs", titre, "Aucune action de l'année ne porte d'indicateur.")
    chiffre, precision = _fait_des_indicateurs(contenu["indicateurs"])
    colonnes = (
        Colonne("Indicateur"), Colonne("Action", "d-axe"), Colonne("Départ", "d-etat"), Colonne("Relevé", "d-etat"),
        Colonne("Cible", "d-etat"), Colonne("Où l'on en est", "d-public"),
    )  # fmt: skip
    rangees = [
        [un["intitule"], un["action"], _valeur(un, "depart"), _valeur(un, "valeur"), _valeur(un, "cible"), _chemin(un)]
        for un in contenu["indicateurs"]
    ]
    return Partie(
        "indicateurs",
        titre,
        f"{chiffre} sur {len(rangees)}. {precision}",
        tableaux=[TableauDit("Du départ au dernier relevé de l'année", colonnes, rangees)],
    )


def _valeur(indicateur: Contenu, nom: str) -> str:
    valeur = indicateur[nom]
    if valeur is None:
        return "–"
    return f"{valeur}\u00a0{indicateur['unite']}" if indicateur["unite"] else valeur


def _chemin(indicateur: Contenu) -> str:
    if indicateur["valeur"] is None:
        return "Calculé par Paliers, sur la page de l'action" if indicateur["calcule"] else "Aucun relevé"
    le = f"le {datetime.date.fromisoformat(indicateur['releve_le']):%d/%m/%Y}"
    avancement = indicateur["avancement"] or "sans cible"
    return f"{avancement[0].upper()}{avancement[1:]} ({le})"


# --- Three levers --------------------------------------------------------------------------------------------------
def _formation(contenu: Contenu) -> Partie:
    lu, titre = contenu["formation"], "La formation"
    if not lu["formations"]:
        return Partie("formation", titre, "Aucune formation n'était prévue cette année.")
    chiffre, precision = _fait_de_la_formation(lu)
    cout = f" Coût des séances tenues\u00a0: {_euros(lu['cout'])}." if Decimal(lu["cout"]) else ""
    nombre = {"classe": "d-nombre", "nombre": True}
    colonnes = (
        Colonne("Formation"), Colonne("Pour qui", "d-public"), Colonne("Où elle en est", "d-qui"),
        Colonne("Séances", **nombre), Colonne("Présences", "d-cout", nombre=True), Colonne("Heures", **nombre),
    )  # fmt: skip
    rangees = [
        [
            une["intitule"],
            une["public"],
            f"{une['etat']}\u00a0: {une['raison']}" if une["raison"] else une["etat"],
            str(une["seances"]),
            str(une["presences"]),
            une["heures"],
        ]
        for une in lu["formations"]
    ]
    changes = [[une["intitule"], une["change"]] for une in lu["formations"] if une["change"]]
    total = ["Ensemble", "", "", str(lu["seances"]["tenue"]), str(lu["presences"]), lu["heures"]]
    effets = TableauDit("Ce que les formations ont changé", (Colonne("Formation", "d-quoi"), Colonne("Effet")), changes)
    return Partie(
        "formation",
        titre,
        f"{chiffre}. {precision}{cout}",
        tableaux=[TableauDit("Les formations de l'année, séances tenues", colonnes, rangees, total)]
        + ([effets] if changes else []),
        notes=["Une personne venue à deux séances compte deux présences. Personne n'est nommé."],
    )


def _equipement(contenu: Contenu) -> Partie:
    lu = contenu["equipement"]
    depense = f" pour {_euros(lu['depense'])}" if Decimal(lu["depense"]) else ""
    chiffre, taux = _fait_de_l_equipement(contenu)
    arrivees = [["Arrivé", une["nom"], str(une["nombre"])] for une in lu["arrivees"]]
    sorties = [["Sorti", une["nom"], str(une["nombre"])] for une in lu["sorties"]]
    colonnes = (Colonne("Mouvement", "d-axe"), Colonne("Quoi"), Colonne("Nombre", "d-chiffre", nombre=True))
    tableau = TableauDit(
        "Ce qui est arrivé, par sorte\u00a0; ce qui est sorti, par destination", colonnes, arrivees + sorties
    )
    return Partie(
        "equipement",
        "L'équipement",
        f"{chiffre}{depense}. {taux}",
        tableaux=[tableau] if tableau.rangees else [],
        notes=["Arrivé\u00a0: ce dont la date d'achat est dans l'année. Ce qui n'a pas de date n'est pas compté ici."],
    )


def _budget(contenu: Contenu) -> Partie:
    lu, titre = contenu["budget"], "Ce que cela a coûté"
    ecole = [SANS_BUDGET] if _ecole(contenu) else []
    if not lu["nombre"]:
        return Partie("budget", titre, "Aucune ligne de budget ne sert cette année scolaire.", notes=ecole)
    exercices = " et ".join(str(un["exercice"]) for un in lu["exercices"])
    plus = max(Decimal(levier["prevu"]) for levier in lu["leviers"])
    leviers = [
        [levier["nom"], Dessin(barre=_barre(levier, plus)), *_montants(levier)] for levier in lu["leviers"]
    ]  # fmt: skip
    tableaux = [
        TableauDit(
            "Par moyen", (Colonne("Moyen"), Colonne("En barre", "d-barre"), *SOMMES), leviers,
            ["Total", "", *_montants(lu["totaux"])],
        )
    ]  # fmt: skip
    if len(lu["exercices"]) > 1:
        rangees = [[str(un["exercice"]), *_montants(un)] for un in lu["exercices"]]
        tableaux.append(TableauDit("Par exercice", (Colonne("Exercice"), *SOMMES), rangees))
    return Partie("budget", titre, (
        f"{_fait_du_budget(lu)[0]}. {_fait_du_budget(lu)[1]} Lignes qui servent l'année scolaire, "
        f"{'exercices' if len(lu['exercices']) > 1 else 'exercice'} {exercices}."
    ), tableaux=tableaux, notes=[*ecole, *_aides(lu["aides"])])  # fmt: skip


SOMMES = tuple(Colonne(nom, "d-somme", nombre=True) for nom in ("Prévu", "Engagé", "Payé"))


def _barre(levier: Contenu, plus: Decimal) -> Barre:
    return barre(Decimal(levier["prevu"]), Decimal(0), plus, f"{_euros(levier['prevu'])} prévus")


def _montants(montants: Contenu) -> list[str]:
    return [_euros(montants[nom]) for nom in ("prevu", "engage", "paye")]


def _aides(aides: Contenu) -> list[str]:
    if not any(Decimal(montant) for montant in aides.values()):
        return []
    return [
        f"Aides\u00a0: {_euros(aides['demande'])} demandés, {_euros(aides['accorde'])} accordés, "
        f"{_euros(aides['recu'])} reçus."
    ]


# --- Board, and what comes next ------------------------------------------------------------------------------------
def _conseil(contenu: Contenu) -> Partie:
    ecole = _ecole(contenu)
    titre = "Ce que le conseil d'école a dit" if ecole else "Ce que le conseil d'administration a décidé"
    if not contenu["votes"]:
        return Partie("conseil", titre, f"{_sans_vote(contenu)} pour cette année.")
    colonnes = (
        Colonne("Objet"), Colonne("Séance", "d-public"), Colonne("Résultat", "d-qui"),
        *(Colonne(nom, "d-nombre", nombre=True) for nom in ("Pour", "Contre", "Abst.")),
    )  # fmt: skip
    rangees = [
        [
            f"Acte n°\u00a0{vote['numero']} · {vote['objet']}" if vote["numero"] else vote["objet"],
            _jour(vote["date"]),
            vote["resultat"],
            *(str(vote["voix"][nom]) for nom in ("pour", "contre", "abstentions")),
        ]
        for vote in contenu["votes"]
    ]
    return Partie("conseil", titre, tableaux=[TableauDit("Les votes de l'année", colonnes, rangees)])


def _sans_vote(contenu: Contenu) -> str:
    return "Aucun avis n'est enregistré" if _ecole(contenu) else "Aucun vote n'est enregistré"


def _suite(contenu: Contenu) -> Partie:
    lu = contenu["suite"]
    actions = [[_nom_de_l_action(action), action["quand"], _etat(action)] for action in lu["actions"]]
    objectifs = [[un["champ"], palier_dit(un["palier"]), palier_dit(un["vise"]), un["annee"]] for un in lu["objectifs"]]
    tableaux = []
    if objectifs:
        colonnes = (Colonne("Champ"), Colonne("Aujourd'hui", "d-qui"), Colonne("Visé", "d-qui"), Colonne("En", "d-qui"))
        tableaux.append(TableauDit("Les paliers visés", colonnes, objectifs))
    if actions:
        colonnes = (Colonne("Action"), Colonne("Quand", "d-qui"), Colonne("État", "d-quoi"))
        tableaux.append(TableauDit(f"Ce qui reste à faire, et ce qui commence en {lu['annee']}", colonnes, actions))
    phrases = [
        _compte(len(actions), "action reste à mener", "actions restent à mener") or "Aucune action ne reste à mener",
        _compte(len(objectifs), "palier est visé", "paliers sont visés") or "aucun palier n'est visé",
    ]
    return Partie("suite", "Ce qui vient", f"{', '.join(phrases)}.", tableaux=tableaux)


# --- Words ---------------------------------------------------------------------------------------------------------
def _ecole(contenu: Contenu) -> bool:
    return bool(contenu["etablissement"]["premier_degre"])


def _compte(nombre: int, singulier: str, pluriel: str) -> str:
    """« 2 séances tenues »; nothing of nothing."""
    return f"{nombre}\u00a0{singulier if nombre < 2 else pluriel}" if nombre else ""


def _suite_de(precisions: Iterable[str]) -> str:
    dites = [precision for precision in precisions if precision]
    return f"{', '.join(dites)}." if dites else ""


def _euros(montant: str) -> str:
    return euros(Decimal(montant))


def _jour(iso: str) -> str:
    return date_en_phrase(datetime.date.fromisoformat(iso)).replace(" ", "\u00a0")


# --- What its head writes ------------------------------------------------------------------------------------------
class MotForm(FormulaireAPlusieurs):
    texte = Texte(
        label="Ce que vous voulez dire de l'année", required=False, widget=forms.Textarea({"rows": 8}),
        help_text=f"Ce mot ouvre le bilan. {MOT_MAX} caractères au plus\u00a0; sans texte, il n'y figure pas.",
    )  # fmt: skip

    def __init__(self, donnees: QueryDict | None, *, tenu: str) -> None:
        super().__init__(donnees, tenu={"texte": tenu}, nouveau=False)
