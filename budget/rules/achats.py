"""When a purchase may be written, approved, delivered, given up: French sentences that say why not, or None."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from budget.domain.argent import MONTANT_MAX
from budget.rules.exercices import ANNEES_D_AVANCE, empechement_exercice
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

if TYPE_CHECKING:
    from budget.domain.achats import SaisieAchat, SaisiePoste

PROJET, APPROUVE, LIVRE, ABANDONNE = "projet", "approuve", "livre", "abandonne"
EN_MOTS = {PROJET: "en projet", APPROUVE: "approuvé", LIVRE: "livré", ABANDONNE: "abandonné"}
ENGAGES = (APPROUVE, LIVRE)
NON_VERIFIEE, ADAPTATION, NE_CONVIENT_PAS = "", "adaptation", "ne_convient_pas"
LONGUEURS = {"intitule": 200, "usage": 400, "public": 200, "accessibilite_note": 300}
POSTE_INTITULE_MAX, RAISON_MAX, POSTES_MAX = 120, 300, 60
DUREE_MAX, QUANTITE_MAX = 30, 10_000
CHANGE = "Cet achat a changé ou n'est plus là\u00a0: rechargez la page."
SANS_INTITULE = "Dites en quelques mots ce qui sera acheté."


# --- Writing one -----------------------------------------------------------------------------------------------
def defauts_de_l_achat(
    saisie: SaisieAchat, *, annee_courante: int, categories: Collection[str], accessibilites: Collection[str]
) -> dict[str, str]:
    """What is wrong, by field; a field has one sentence."""
    defauts = [*_des_textes(saisie, categories, accessibilites), *_des_annees(saisie, annee_courante)]
    return dict(reversed(defauts))


def _des_textes(
    saisie: SaisieAchat, categories: Collection[str], accessibilites: Collection[str]
) -> Iterator[tuple[str, str]]:
    if not saisie.intitule:
        yield "intitule", SANS_INTITULE
    for champ, longueur in LONGUEURS.items():
        if len(getattr(saisie, champ)) > longueur:
            yield champ, f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."
    if saisie.categorie not in categories:
        yield "categorie", "Choisissez la catégorie dans la liste."
    if saisie.accessibilite not in accessibilites:
        yield "accessibilite", "Choisissez une réponse dans la liste."
    if saisie.accessibilite == ADAPTATION and not saisie.accessibilite_note:
        yield "accessibilite_note", "Dites quelle adaptation est prévue."
    if not 1 <= saisie.quantite <= QUANTITE_MAX:
        yield "quantite", f"On en achète de 1 à {decimal_en_phrase(QUANTITE_MAX)}."


def _des_annees(saisie: SaisieAchat, annee_courante: int) -> Iterator[tuple[str, str]]:
    if refus := empechement_exercice(saisie.exercice, annee_courante):
        yield "exercice", refus
    derniere = annee_courante + ANNEES_D_AVANCE
    if not 1 <= saisie.duree <= DUREE_MAX:
        yield "duree", f"Une durée de service va de 1 à {DUREE_MAX}\u00a0ans."
    elif saisie.exercice <= derniere < saisie.exercice + saisie.duree - 1:
        yield (
            "duree",
            f"Le budget s'écrit jusqu'à l'exercice {derniere}\u00a0: un achat de {saisie.exercice} se prévoit pour "
            f"{ans(derniere - saisie.exercice + 1)} au plus.",
        )
    if saisie.livraison and saisie.livraison.year < saisie.exercice:
        yield (
            "livraison",
            f"La livraison, le {date_en_phrase(saisie.livraison)}, tombe avant l'exercice {saisie.exercice}.",
        )


def ans(nombre: int) -> str:
    return f"{nombre}\u00a0an{'s' if nombre > 1 else ''}"


def defauts_apres_l_approbation(avant: SaisieAchat, apres: SaisieAchat) -> dict[str, str]:
    """What was approved is not changed behind the back of whoever approved it."""
    dit = "L'achat est approuvé ainsi\u00a0: pour le changer, remettez-le d'abord en projet."
    champs = ("categorie", "quantite", "exercice", "duree")
    return {champ: dit for champ in champs if getattr(avant, champ) != getattr(apres, champ)}


def empechement_modifier_achat(etat: str) -> str | None:
    return "Cet achat est abandonné\u00a0: remettez-le d'abord en projet." if etat == ABANDONNE else None


def defaut_de_duree(duree: int, dernieres: Collection[int]) -> str | None:
    """`dernieres`: the last year of each of its costs."""
    trop = max(dernieres, default=0)
    if trop <= duree:
        return None
    return f"Un coût est écrit pour l'année {trop} de l'achat\u00a0: changez d'abord les coûts."


# --- What it costs ---------------------------------------------------------------------------------------------
def empechement_fixer_postes(etat: str) -> str | None:
    if etat == PROJET:
        return None
    return f"Cet achat est {EN_MOTS[etat]}\u00a0: pour changer ce qu'il coûte, remettez-le d'abord en projet."


def defauts_du_poste(poste: SaisiePoste, *, duree: int, familles: Collection[str]) -> dict[str, str]:
    """What is wrong, by field."""
    return dict(reversed(list(_defauts_du_poste(poste, duree, familles))))


def _defauts_du_poste(poste: SaisiePoste, duree: int, familles: Collection[str]) -> Iterator[tuple[str, str]]:
    if poste.famille not in familles:
        yield "famille", "Choisissez de quel coût il s'agit."
    if len(poste.intitule) > POSTE_INTITULE_MAX:
        yield "intitule", f"Ce texte dépasse {POSTE_INTITULE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    if poste.montant < 0:
        yield "montant", "Un coût est positif ou nul."
    elif poste.montant > MONTANT_MAX / 100:
        yield "montant", "Ce montant est démesuré."
    hors = f"L'achat sert {ans(duree)}\u00a0: ses années vont de 1 à {duree}."
    if not 1 <= poste.de <= duree:
        yield "de", hors
    if not 1 <= poste.a <= duree:
        yield "a", hors
    elif poste.a < poste.de:
        yield "a", "La dernière année ne vient pas avant la première."


# --- Its life --------------------------------------------------------------------------------------------------
def promesses_manquantes(*, usage: str, public: str, accessibilite: str, formation: str | None) -> Mapping[str, str]:
    """Row 93: a purchase goes with its use, its public, its training (`formation`: what is wrong with it) and its
    check. A sentence by what is wanting.
    """
    dites: dict[str, str] = {}
    if not usage:
        dites["usage"] = "L'usage pédagogique n'est pas dit\u00a0: à quoi servira-t-il en classe\u00a0?"
    if not public:
        dites["public"] = "On ne sait pas pour qui\u00a0: dites quelles classes ou quelles équipes s'en serviront."
    if formation:
        dites["formation"] = formation
    if accessibilite == NON_VERIFIEE:
        dites["handicap"] = (
            "On n'a pas vérifié s'il convient aux élèves et aux personnels en situation de handicap\u00a0: répondez."
        )
    elif accessibilite == NE_CONVIENT_PAS:
        dites["handicap"] = "Il ne convient pas à certains\u00a0: prévoyez une adaptation, ou choisissez autre chose."
    return dites


SANS_COUT = "Ce qu'il coûte n'est pas écrit\u00a0: dites au moins son prix."


def annees_sans_lignes(exercices: Sequence[int], dette: str) -> str | None:
    """Row 98. `dette`: the euros that are wanting, in words."""
    if not exercices:
        return None
    nombre = "Une année" if len(exercices) == 1 else f"{len(exercices)} années"
    sont = "n'est pas couverte" if len(exercices) == 1 else "ne sont pas couvertes"
    return (
        f"{nombre} de fonctionnement {sont} par le budget ({', '.join(map(str, exercices))})\u00a0: il y manque "
        f"{dette}."
    )


def empechement_passer(acte: str, etat: str) -> str | None:
    depuis = {
        "approuver": (PROJET,),
        "livrer": (APPROUVE,),
        "abandonner": (PROJET, APPROUVE),
        "reprendre": (APPROUVE, ABANDONNE),
        "prevoir": (PROJET, APPROUVE, LIVRE),
    }
    if etat in depuis[acte]:
        return None
    return f"L'achat est maintenant {EN_MOTS[etat]}\u00a0: cela n'est plus possible. Rechargez la page."


def empechement_livrer(
    bloque: str | None, jour: datetime.date, aujourd_hui: datetime.date, exercice: int
) -> str | None:
    if bloque:
        return f"Cet achat est bloqué. {bloque}"
    if jour > aujourd_hui:
        return "Une livraison se note le jour où elle arrive, ou après\u00a0: cette date est à venir."
    if jour.year < exercice:
        return f"Cette date tombe avant l'exercice {exercice} de l'achat."
    return None


def empechement_raison(raison: str) -> str | None:
    if not raison:
        return "Dites pourquoi, en une phrase."
    return (
        f"Ce texte dépasse {RAISON_MAX}\u00a0caractères\u00a0: raccourcissez-le." if len(raison) > RAISON_MAX else None
    )


def empechement_retirer_achat(etat: str, lignes: int, financements: int) -> str | None:
    if etat in ENGAGES:
        return (
            f"Cet achat est {EN_MOTS[etat]}\u00a0: il reste, pour l'histoire. Vous pouvez l'abandonner s'il n'est "
            "pas livré."
        )
    if lignes:
        quoi = "Une ligne du budget le paie" if lignes == 1 else f"{lignes} lignes du budget le paient"
        return f"{quoi}\u00a0: retirez-les d'abord, ou abandonnez l'achat."
    if financements:
        return "Un financement lui est rattaché\u00a0: retirez-le d'abord, ou rattachez-le à autre chose."
    return None
