"""The sheets of an exported plan: what each column says of a row, and how its cell is read back. Saves nothing.

A cell that says what it said when the workbook was made has not been touched, whatever it says; only the others are
read.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from plans.models import Action, FacteurReussite, IndicateurSuivi, Releve, Theme
from plans.queries.echanges import PlanTenu, Valeurs
from plans.rules.actions import LONGUEURS, NOTE_MAX
from plans.rules.besoins import est_une_annee
from plans.rules.indicateurs import LONGUEURS as LONGUEURS_INDICATEUR
from plans.rules.indicateurs import TEXTE_MAX
from strategie.socle.interfaces.fichiers import CONTROLES
from strategie.socle.interfaces.imports import ValeurRefusee, clef, jour, texte
from strategie.socle.interfaces.lecture_classeur import en_texte
from strategie.socle.interfaces.nombres import NombreRefuse, lire_decimal

Cellule = str | int | Decimal | datetime.date | None
BLANCS = re.compile(r"[ \t\r\n\f\v]+")
ENTRE_PERSONNES = re.compile(r"[\n;,]+")
LECTURE = "Cette colonne se lit\u00a0: elle ne se change pas ici."


# --- Words and keys --------------------------------------------------------------------------------------------
def sans_casse(nom: str) -> str:
    return " ".join(unicodedata.normalize("NFC", nom).casefold().split())


class Mots:
    """The names that cells use for what the database keys: axes by title, people by e-mail."""

    def __init__(self, plan: PlanTenu) -> None:
        titres = Counter(sans_casse(axe.intitule) for axe in plan.axes)
        self.axes = {
            axe.pk: " ".join(axe.intitule.split())
            + (f" (axe {axe.pk})" if titres[sans_casse(axe.intitule)] > 1 else "")
            for axe in plan.axes
        }
        self.themes = {axe.pk: Theme(axe.theme).label for axe in plan.axes}
        anciens = {sans_casse(nom): cle for nom, cle in plan.anciens_titres.items()}
        self.axes_par_nom = anciens | {sans_casse(nom): cle for cle, nom in self.axes.items()}
        self.adresses = dict(plan.adresses)
        self.personnes = {adresse.casefold(): cle for cle, adresse in plan.adresses.items()}
        noms = Counter(sans_casse(nom) for cle, nom in plan.noms.items() if cle in plan.equipe)
        self.par_nom = {
            sans_casse(nom): cle for cle, nom in plan.noms.items() if cle in plan.equipe and noms[sans_casse(nom)] == 1
        }
        self.titres = {cle: action.valeurs["intitule"] for cle, action in plan.actions.items()}
        self.indicateurs = {cle: indicateur.valeurs["intitule"] for cle, indicateur in plan.indicateurs.items()}

    def personne(self, dite: str) -> int | None:
        """By e-mail, or by a name that one person of the team alone has."""
        return self.personnes.get(dite.casefold()) or self.par_nom.get(sans_casse(dite))


def repere(prefixe: str, cle: int | None) -> str:
    """« A12 »."""
    return f"{prefixe}{cle}" if cle else ""


def lire_repere(prefixe: str, valeur: str) -> int | str | None:
    """12 for « A12 »; « N1 », or whatever names a new row, as it is; None for a blank."""
    propre = " ".join(valeur.split()).upper()
    forme = re.fullmatch(rf"{prefixe} ?([0-9]{{1,12}})", propre)
    return int(forme[1]) if forme else propre or None


# --- Reading a cell ----------------------------------------------------------------------------------------------
def phrase(maximum: int) -> Callable[[str], str]:
    """One line of plain text."""
    return lambda valeur: _propre(BLANCS.sub(" ", valeur).strip(), maximum)


def texte_libre(maximum: int) -> Callable[[str], str]:
    def lire(valeur: str) -> str:
        lignes = valeur.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return _propre("\n".join(ligne.rstrip() for ligne in lignes).strip(), maximum)

    return lire


def _propre(valeur: str, maximum: int) -> str:
    if CONTROLES.search(valeur):
        raise ValeurRefusee("le texte contient un caractère de contrôle invisible\u00a0: tapez-le de nouveau.")
    return unicodedata.normalize("NFC", texte(maximum)(valeur))


def un_choix(choix: Mapping[str, str]) -> Callable[[str], str]:
    """A label of the list, or its code; blank is nothing."""
    connus = {clef(mot): code for code, libelle in choix.items() for mot in (code, libelle)}

    def lire(valeur: str) -> str:
        if not valeur.strip():
            return ""
        if (code := connus.get(clef(valeur))) is None:
            raise ValeurRefusee(f"un mot de la liste est attendu\u00a0: {', '.join(choix.values())}.")
        return code

    return lire


def plusieurs(choix: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    lire_un = un_choix(choix)
    return lambda valeur: tuple(dict.fromkeys(filter(None, map(lire_un, ENTRE_PERSONNES.split(valeur)))))


def lire_annee(valeur: str) -> str:
    """« 2026-2027 », « 2026/2027 », « 2026 – 2027 »."""
    annee = re.sub(r"\s*[-/–—]\s*", "-", valeur.strip())
    if annee and not est_une_annee(annee):
        raise ValeurRefusee("une année scolaire est attendue, comme 2026-2027.")
    return annee


def lire_trimestre(valeur: str) -> int | None:
    """« 2 », « T2 », « 2e trimestre »."""
    if not valeur.strip():
        return None
    forme = re.fullmatch(r"t?([123])(er|e|eme)?(_trimestre)?|trimestre_([123])", clef(valeur))
    if forme is None:
        raise ValeurRefusee("1, 2 ou 3 est attendu, ou rien pour l'année entière.")
    return int(forme[1] or forme[4])


def lire_jour(valeur: str) -> datetime.date | None:
    """JJ/MM/AAAA, which a date of a spreadsheet becomes; midnight may follow it."""
    lu = jour(re.sub(r"[ T]00:00(:00)?$", "", valeur.strip()))
    if lu is not None and not 1900 < lu.year < 2200:
        raise ValeurRefusee("l'année de cette date n'est pas vraisemblable.")
    return lu


def lire_nombre(valeur: str) -> Decimal | None:
    if not valeur.strip():
        return None
    try:
        return lire_decimal(valeur[:200])
    except NombreRefuse as refus:
        raise ValeurRefusee(str(refus)) from None


# --- Columns -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ColonneDuPlan:
    """What its cell says of a row, the fields that it gives back (`lire` is None: it is only to be read), and the
    list that it offers.
    """

    champ: str
    libelle: str
    largeur: int
    ecrire: Callable[[Valeurs, Mots], Cellule]
    lire: Callable[[str, Mots], dict[str, Any]] | None = None
    aide: str = ""
    choix: tuple[str, ...] = ()
    obligatoire: bool = False
    champs: tuple[str, ...] = ()

    @property
    def dits(self) -> tuple[str, ...]:
        """The fields that it gives back."""
        return self.champs or (self.champ,)


@dataclass(frozen=True)
class FeuilleDuPlan:
    """`sorte`: what its rows are; `prefixe`: how their identifiers begin."""

    nom: str
    sorte: str
    prefixe: str
    consigne: str
    colonnes: tuple[ColonneDuPlan, ...]
    entetes: Mapping[str, ColonneDuPlan] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entetes", {colonne.champ: colonne for colonne in self.colonnes})

    def libelle(self, champ: str) -> str:
        """The heading of the column that says this field."""
        return next((colonne.libelle for colonne in self.colonnes if champ in (colonne.champ, *colonne.champs)), "")


def montrer(cellule: Cellule) -> str:
    """A cell as a spreadsheet gives it back."""
    if cellule is None:
        return ""
    return en_texte(float(cellule)) if isinstance(cellule, int | Decimal) else en_texte(cellule)


def meme_texte(une: str, autre: str) -> bool:
    """Runs of blanks apart: spreadsheets forget tabs, and end lines in their own way."""
    return _nu(une) == _nu(autre)


def _nu(valeur: str) -> str:
    lignes = (" ".join(ligne.split()) for ligne in unicodedata.normalize("NFC", valeur).splitlines())
    return "\n".join(lignes).strip()


def _lue(champ: str, lire: Callable[[str], Any]) -> Callable[[str, Mots], dict[str, Any]]:
    return lambda valeur, _: {champ: lire(valeur)}


def _simple(
    champ: str, libelle: str, largeur: int, lire: Callable[[str], Any], *, aide: str = "", obligatoire: bool = False
) -> ColonneDuPlan:
    return ColonneDuPlan(
        champ,
        libelle,
        largeur,
        ecrire=lambda valeurs, _: valeurs[champ],
        lire=_lue(champ, lire),
        aide=aide,
        obligatoire=obligatoire,
    )


def _liste(champ: str, libelle: str, largeur: int, choix: Mapping[str, str], *, aide: str = "") -> ColonneDuPlan:
    return ColonneDuPlan(
        champ,
        libelle,
        largeur,
        ecrire=lambda valeurs, _: choix.get(valeurs[champ], ""),
        lire=_lue(champ, un_choix(choix)),
        aide=aide,
        choix=tuple(choix.values()),
    )


def _a_lire(champ: str, libelle: str, largeur: int, ecrire: Callable[[Valeurs, Mots], Cellule]) -> ColonneDuPlan:
    return ColonneDuPlan(champ, libelle, largeur, ecrire, aide=LECTURE)


def _identifiant(aide: str) -> ColonneDuPlan:
    return ColonneDuPlan("identifiant", "Identifiant", 11, lambda valeurs, _: valeurs["identifiant"], aide=aide)


_VERSION = ColonneDuPlan(
    "version",
    "Version",
    9,
    lambda valeurs, _: valeurs["version"],
    aide="À laisser telle quelle\u00a0: elle évite d'écraser ce qu'un collègue a changé depuis.",
)


# --- Actions -----------------------------------------------------------------------------------------------------
def _ecrire_axes(valeurs: Valeurs, mots: Mots) -> str:
    return "\n".join(nom for cle, nom in mots.axes.items() if cle in valeurs["axes"])


def _ecrire_themes(valeurs: Valeurs, mots: Mots) -> str:
    return "\n".join(dict.fromkeys(theme for cle, theme in mots.themes.items() if cle in valeurs["axes"]))


def _lire_axes(valeur: str, mots: Mots) -> dict[str, Any]:
    """A title a line, as the plan writes it; a number that a spreadsheet adds is no part of it."""
    noms = [ligne.strip(" \t•▶-") for ligne in valeur.splitlines() if ligne.strip()]
    inconnus = [nom for nom in noms if sans_casse(nom) not in mots.axes_par_nom]
    if inconnus:
        liste = ", ".join(f"«\u00a0{nom}\u00a0»" for nom in inconnus)
        raise ValeurRefusee(
            f"aucun axe de l'établissement ne s'appelle {liste}\u00a0: ouvrez-le d'abord, ou reprenez le titre d'un "
            "axe, un par ligne."
        )
    return {"axes": frozenset(mots.axes_par_nom[sans_casse(nom)] for nom in noms)}


def _ecrire_porteur(valeurs: Valeurs, mots: Mots) -> str:
    return mots.adresses[valeurs["porteur"]] if valeurs["porteur"] else valeurs["fonction_porteuse"]


def _lire_porteur(valeur: str, mots: Mots) -> dict[str, Any]:
    dit = phrase(LONGUEURS["fonction_porteuse"])(valeur)
    personne = mots.personne(dit)
    if personne is None and "@" in dit:
        raise ValeurRefusee(_hors_de_l_equipe(dit))
    return {"porteur": personne, "fonction_porteuse": "" if personne else dit}


def _ecrire_contributeurs(valeurs: Valeurs, mots: Mots) -> str:
    return "\n".join(sorted(mots.adresses[cle] for cle in valeurs["contributeurs"]))


def _lire_contributeurs(valeur: str, mots: Mots) -> dict[str, Any]:
    dits = [dit.strip() for dit in ENTRE_PERSONNES.split(valeur) if dit.strip()]
    trouves = {dit: mots.personne(dit) for dit in dits}
    inconnus = [dit for dit, cle in trouves.items() if cle is None]
    if inconnus:
        raise ValeurRefusee(_hors_de_l_equipe(inconnus[0]))
    return {"contributeurs": frozenset(trouves.values())}


def _hors_de_l_equipe(dit: str) -> str:
    return (
        f"«\u00a0{dit}\u00a0» n'est pas l'adresse d'une personne de l'équipe de l'établissement\u00a0: invitez-la "
        "d'abord, ou écrivez une fonction, un nom, sans adresse, dans la colonne prévue."
    )


def _lire_parent(valeur: str, _: Mots) -> dict[str, Any]:
    return {"parent": lire_repere("A", valeur)}


GROUPES = {groupe.value: str(groupe.label) for groupe in Action.Groupe}
ETATS = {etat.value: str(etat.label) for etat in Action.Etat}
LEVIERS = {levier.value: str(levier.label) for levier in Action.Levier}

PLAN = FeuilleDuPlan(
    nom="Plan",
    sorte="action",
    prefixe="A",
    consigne=(
        "Une ligne par action ou sous-action. Pour en ajouter une, laissez son identifiant vide, ou écrivez N1, N2… "
        "pour y rattacher d'autres lignes. Une ligne ôtée du classeur n'est pas ôtée du plan."
    ),
    colonnes=(
        _identifiant("À laisser tel quel. Pour une action nouvelle\u00a0: rien, ou N1, N2…"),
        ColonneDuPlan(
            "parent",
            "Sous-action de",
            11,
            ecrire=lambda valeurs, _: repere("A", valeurs["parent"]),
            lire=_lire_parent,
            aide="L'identifiant de l'action dont celle-ci fait partie. Une sous-action sert les axes de cette action.",
        ),
        _a_lire("theme", "Thème", 24, _ecrire_themes),
        ColonneDuPlan(
            "axes",
            "Quoi",
            34,
            ecrire=_ecrire_axes,
            lire=_lire_axes,
            aide="Les axes servis, un par ligne, avec leur titre exact.",
        ),
        _simple("intitule", "Comment", 44, phrase(LONGUEURS["intitule"]), obligatoire=True),
        _simple("description", "Description", 44, texte_libre(LONGUEURS["description"])),
        _liste("levier", "Moyen", 18, LEVIERS),
        ColonneDuPlan(
            "porteur",
            "Porteur",
            28,
            ecrire=_ecrire_porteur,
            lire=_lire_porteur,
            champs=("porteur", "fonction_porteuse"),
            aide="L'adresse électronique d'une personne de l'équipe, ou une fonction.",
        ),
        ColonneDuPlan(
            "contributeurs",
            "Contributeurs",
            28,
            ecrire=_ecrire_contributeurs,
            lire=_lire_contributeurs,
            aide="Des adresses de l'équipe, une par ligne.",
        ),
        _simple(
            "autres_contributeurs", "Autres contributeurs", 26, phrase(LONGUEURS["autres_contributeurs"]),
            aide="En toutes lettres.",
        ),
        ColonneDuPlan(
            "groupes",
            "Groupes concernés",
            20,
            ecrire=lambda valeurs, _: "\n".join(GROUPES[groupe] for groupe in valeurs["groupes"]),
            lire=_lue("groupes", plusieurs(GROUPES)),
            aide=f"Un par ligne, parmi\u00a0: {', '.join(GROUPES.values())}.",
        ),
        _simple("autres_concernes", "Autres personnes concernées", 26, phrase(LONGUEURS["autres_concernes"])),
        _simple("annee_scolaire", "Année de début", 12, lire_annee),
        _simple("trimestre", "Trimestre de début", 11, lire_trimestre, aide="1, 2 ou 3\u00a0; vide\u00a0: l'année."),
        _simple("annee_fin", "Année de fin", 12, lire_annee),
        _simple("trimestre_fin", "Trimestre de fin", 11, lire_trimestre, aide="1, 2 ou 3\u00a0; vide\u00a0: l'année."),
        _simple("echeance", "Échéance", 12, lire_jour, aide="Une date précise, JJ/MM/AAAA, si elle compte."),
        _liste("etat", "État", 13, ETATS),
        _simple(
            "raison", "Raison", 30, texte_libre(NOTE_MAX),
            aide="Pour Bloquée, En pause et Abandonnée\u00a0: pourquoi.",
        ),
        _VERSION,
    ),
)  # fmt: skip

# --- Indicators, factors, readings ---------------------------------------------------------------------------------
SENS = {sens.value: str(sens.label) for sens in IndicateurSuivi.Sens}
CADENCES = {cadence.value: str(cadence.label) for cadence in IndicateurSuivi.Cadence}
AGREGATIONS = {agregation.value: str(agregation.label) for agregation in IndicateurSuivi.Agregation}
ATTEINTS = {atteint.value: str(atteint.label) for atteint in FacteurReussite.Atteint}
ORIGINES = {origine.value: str(origine.label) for origine in Releve.Origine}

_ACTION = ColonneDuPlan(
    "action",
    "Action",
    11,
    ecrire=lambda valeurs, _: repere("A", valeurs["action"]),
    lire=lambda valeur, _: {"action": lire_repere("A", valeur)},
    obligatoire=True,
    aide="L'identifiant de l'action, feuille «\u00a0Plan\u00a0».",
)
_COMMENT = _a_lire("comment", "Comment", 36, lambda valeurs, mots: mots.titres.get(valeurs["action"], ""))

INDICATEURS = FeuilleDuPlan(
    nom="Indicateurs",
    sorte="indicateur",
    prefixe="I",
    consigne=(
        "Une ligne par indicateur, trois au plus par action. Ses valeurs au fil du temps sont dans la feuille "
        "«\u00a0Relevés\u00a0»."
    ),
    colonnes=(
        _identifiant("À laisser tel quel. Pour un indicateur nouveau\u00a0: rien, ou N1, N2…"),
        _ACTION,
        _COMMENT,
        _simple("intitule", "Indicateur", 40, phrase(LONGUEURS_INDICATEUR["intitule"]), obligatoire=True),
        _simple("unite", "Unité", 16, phrase(LONGUEURS_INDICATEUR["unite"])),
        _simple("depart", "Valeur de départ", 12, lire_nombre),
        _simple("depart_le", "Relevée le", 12, lire_jour),
        _simple("cible", "Cible", 12, lire_nombre),
        _simple("cible_le", "À atteindre le", 12, lire_jour),
        _liste("sens", "Sens", 24, SENS),
        _simple("source", "Source de la valeur", 30, phrase(LONGUEURS_INDICATEUR["source"])),
        _simple("responsable", "Qui la relève", 24, phrase(LONGUEURS_INDICATEUR["responsable"])),
        _liste("cadence", "Cadence", 18, CADENCES),
        _liste("agregation", "Dans un territoire", 28, AGREGATIONS),
        _a_lire("mesure", "Valeur déjà tenue par Paliers", 18, lambda valeurs, _: valeurs["mesure"]),
        _a_lire("derniere", "Dernière valeur", 12, lambda valeurs, _: valeurs["derniere"]),
        _a_lire("derniere_le", "Dernier relevé", 12, lambda valeurs, _: valeurs["derniere_le"]),
        _VERSION,
    ),
)
# What the system says of a value that it reads by itself.
CALCULEES = ("intitule", "unite", "sens", "source", "responsable", "cadence")

FACTEURS = FeuilleDuPlan(
    nom="Facteurs de réussite",
    sorte="facteur",
    prefixe="F",
    consigne="Une ligne par facteur de réussite, en mots.",
    colonnes=(
        _identifiant("À laisser tel quel. Pour un facteur nouveau\u00a0: rien."),
        _ACTION,
        _COMMENT,
        _simple("texte", "Facteur de réussite", 50, phrase(TEXTE_MAX), obligatoire=True),
        _liste("atteint", "Est-il là ?", 12, ATTEINTS),
        _simple("preuve", "Ce qui le montre", 40, phrase(TEXTE_MAX)),
        _VERSION,
    ),
)

RELEVES = FeuilleDuPlan(
    nom="Relevés",
    sorte="releve",
    prefixe="",
    consigne=(
        "Une ligne par valeur et par jour. Pour en ajouter une, écrivez l'identifiant de l'indicateur, la date et la "
        "valeur."
    ),
    colonnes=(
        ColonneDuPlan(
            "indicateur",
            "Indicateur",
            11,
            ecrire=lambda valeurs, _: repere("I", valeurs["indicateur"]),
            lire=lambda valeur, _: {"indicateur": lire_repere("I", valeur)},
            obligatoire=True,
            aide="L'identifiant de l'indicateur, feuille «\u00a0Indicateurs\u00a0».",
        ),
        _a_lire("intitule", "Intitulé", 40, lambda valeurs, mots: mots.indicateurs.get(valeurs["indicateur"], "")),
        _simple("date", "Date", 12, lire_jour, obligatoire=True),
        _simple("valeur", "Valeur", 12, lire_nombre, obligatoire=True),
        _simple("note", "Note", 40, phrase(TEXTE_MAX)),
        _a_lire("origine", "Origine", 18, lambda valeurs, _: ORIGINES.get(valeurs["origine"], "")),
        ColonneDuPlan(
            "version",
            "Enregistré le",
            27,
            lambda valeurs, _: valeurs["version"],
            aide="À laisser tel quel\u00a0: cela évite d'écraser une valeur corrigée depuis.",
        ),
    ),
)

FEUILLES: Sequence[FeuilleDuPlan] = (PLAN, INDICATEURS, FACTEURS, RELEVES)
