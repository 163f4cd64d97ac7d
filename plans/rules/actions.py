"""When an action may be written, published or change state: French sentences that say why not, or None.

States are given by their codes (`Action.Etat`): this room knows no model.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import annee_scolaire, bornes_du_trimestre
from strategie.socle.rules import date_en_phrase

if TYPE_CHECKING:
    from plans.domain.actions import SaisieAction
    from plans.models import Action

BROUILLON, REALISEE = "brouillon", "realisee"
ETATS = (BROUILLON, "a_venir", "en_cours", "bloquee", "en_pause", REALISEE, "abandonnee")
A_RAISON = {"bloquee": "bloquer", "en_pause": "mettre en pause", "abandonnee": "abandonner"}
ANNEES_D_AVANCE = 5
LONGUEURS = {
    "intitule": 250,
    "description": 4_000,
    "fonction_porteuse": 80,
    "autres_contributeurs": 400,
    "autres_concernes": 400,
}
NOTE_MAX, COMMENTAIRE_MAX, REPONSE_MAX = 1_000, 2_000, 400
# What a figure of the school shows by itself; the other needs rest on constats.
ORIGINES_MESUREES = ("indicateur", "question", "ecart", "formation")
LEVIERS = ("formation", "equipement", "infrastructure", "budget", "organisation")
QUESTIONS = {
    "necessaire": "Nécessaire",
    "realiste": "Réaliste",
    "realisable": "Réalisable",
    "coherent": "Cohérent avec la vision",
}
SILENCE = datetime.timedelta(days=90)
EN_CORBEILLE = "Cette action n'est plus dans le plan\u00a0: voyez dans la corbeille si elle y est encore."


# --- Writing one ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cadre:
    """What an action may name: the school's team of the day and those whom it names already, the axes that are open
    or that it serves already (none for a sub-action), the last school year it may reach.
    """

    equipe: frozenset[int]
    axes: frozenset[int]
    derniere_annee: str
    sous_action: bool = False


def derniere_annee_possible(jour: datetime.date) -> str:
    debut = int(annee_scolaire(jour)[:4]) + ANNEES_D_AVANCE
    return f"{debut}-{debut + 1}"


def defauts_de_la_saisie(saisie: SaisieAction, cadre: Cadre) -> dict[str, str]:
    """What is wrong, by field; a field has one sentence."""
    return dict(
        reversed([*_defauts_du_quand(saisie, cadre), *_defauts_du_qui(saisie, cadre), *_defauts_du_quoi(saisie, cadre)])
    )


def _defauts_du_quoi(saisie: SaisieAction, cadre: Cadre) -> Iterator[tuple[str, str]]:
    if saisie.axes and cadre.sous_action:
        yield "axes", "Une sous-action sert les axes de l'action dont elle fait partie\u00a0: n'en choisissez pas."
    elif saisie.axes - cadre.axes:
        yield "axes", "Cet axe n'est pas, ou n'est plus, un axe ouvert de l'établissement."
    if saisie.levier not in LEVIERS:
        yield "levier", "Choisissez le moyen dans la liste."
    if not saisie.intitule:
        yield "intitule", "Dites en une phrase ce qui sera fait."
    for champ, longueur in LONGUEURS.items():
        if len(getattr(saisie, champ)) > longueur:
            yield champ, f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."


def _defauts_du_qui(saisie: SaisieAction, cadre: Cadre) -> Iterator[tuple[str, str]]:
    if saisie.porteur is not None and saisie.fonction_porteuse:
        yield "fonction_porteuse", "Choisissez une personne, ou écrivez une fonction, pas les deux."
    if saisie.porteur is not None and saisie.porteur not in cadre.equipe:
        yield "porteur", "Cette personne n'est pas dans l'équipe de l'établissement."
    if saisie.contributeurs - cadre.equipe:
        yield (
            "contributeurs",
            "Un contributeur est une personne de l'équipe\u00a0; écrivez les autres en toutes lettres.",
        )
    if saisie.porteur in saisie.contributeurs:
        yield "contributeurs", "Le porteur de l'action n'a pas à figurer aussi parmi les contributeurs."


def _defauts_du_quand(saisie: SaisieAction, cadre: Cadre) -> Iterator[tuple[str, str]]:
    if (refus := _annee_refusee(saisie.annee_scolaire, cadre)) is not None:
        yield "annee_scolaire", refus
    elif (refus := _annee_refusee(saisie.annee_fin, cadre)) is not None:
        yield "annee_fin", refus
    elif not {saisie.trimestre, saisie.trimestre_fin} <= {None, 1, 2, 3}:
        yield "trimestre", "Un trimestre va de 1 à 3."
    else:
        yield from _defauts_de_l_ordre(saisie)


def _annee_refusee(annee: str, cadre: Cadre) -> str | None:
    if not est_une_annee(annee):
        return "Une année scolaire s'écrit sur deux années qui se suivent, comme 2026-2027."
    if annee > cadre.derniere_annee:
        return f"Une action ne va pas au-delà de l'année scolaire {cadre.derniere_annee}."
    return None


def _defauts_de_l_ordre(saisie: SaisieAction) -> Iterator[tuple[str, str]]:
    debut = bornes_du_trimestre(saisie.annee_scolaire, saisie.trimestre)[0]
    fin = bornes_du_trimestre(saisie.annee_fin, saisie.trimestre_fin)[1]
    if saisie.annee_fin < saisie.annee_scolaire:
        yield "annee_fin", "La fin d'une action ne peut pas précéder son début."
    elif fin < debut:
        yield "trimestre_fin", "La fin d'une action ne peut pas précéder son début."
    elif saisie.echeance and not debut <= saisie.echeance <= fin:
        yield (
            "echeance",
            f"L'échéance précise tombe entre le début et la fin de l'action\u00a0: du {date_en_phrase(debut)} "
            f"au {date_en_phrase(fin)}.",
        )


def empechement_parent(
    parent: Action | None, *, action: int | None = None, a_des_sous_actions: bool = False
) -> str | None:
    """Whether an action (`action`, its key, when it exists) may be part of `parent`: one level, so no cycle either."""
    if parent is None:
        return None
    if parent.pk == action:
        return "Une action ne peut pas faire partie d'elle-même."
    if parent.supprime_le is not None:
        return f"L'action «\u00a0{parent.intitule}\u00a0» est à la corbeille\u00a0: elle ne reçoit pas de sous-action."
    if parent.parent_id is not None and parent.parent_id == action:
        return f"«\u00a0{parent.intitule}\u00a0» fait partie de cette action\u00a0: elle ne peut pas aussi la contenir."
    if parent.parent_id is not None:
        return f"«\u00a0{parent.intitule}\u00a0» est déjà une sous-action\u00a0: il n'y a pas de troisième niveau."
    if a_des_sous_actions:
        return "Cette action a elle-même des sous-actions\u00a0: elle ne peut pas en devenir une."
    return None


# --- Leaving draft -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BesoinVise:
    """A need that an axe answers. A figure of the school backs it (its `origine`), or `constats`, by key."""

    intitule: str
    origine: str = "saisi"
    constats: Mapping[int, str] = field(default_factory=dict)
    cle: int = 0
    reference: str = ""
    annee: str = ""

    @property
    def adosse(self) -> bool:
        return self.origine in ORIGINES_MESUREES or bool(self.constats)


@dataclass(frozen=True)
class AxeServi:
    """An axe, and the needs that it answers; what is in the bin is not there."""

    intitule: str
    besoins: Sequence[BesoinVise]
    cle: int = 0
    clos: bool = False

    @property
    def adosse(self) -> bool:
        return any(besoin.adosse for besoin in self.besoins)


@dataclass(frozen=True)
class IndicateurPrevu:
    """`manquants`: what is not filled of its six mandatory parts, in words."""

    intitule: str
    manquants: Sequence[str]


@dataclass(frozen=True)
class ActionAPublier:
    """Everything that decides whether an action may leave draft. `parent_publie`: None when it is no sub-action.

    `avis`: to each question answered, whether the answer is yes.
    """

    intitule: str
    porteur: bool
    quand: bool
    axes: Sequence[AxeServi]
    indicateurs: Sequence[IndicateurPrevu]
    avis: Mapping[str, bool]
    parent: str = ""
    parent_publie: bool | None = None


@dataclass(frozen=True)
class Manque:
    """`ancre`: the place to go to, an anchor of the page that `page` names, by its reverse name."""

    code: str
    phrase: str
    page: str
    ancre: str = ""


def manques_pour_publier(action: ActionAPublier) -> list[Manque]:
    """In the order of the plan's columns; none when the action may be published."""
    manques = [*_comment_qui_quand(action)]
    if action.parent_publie is False:
        phrase = f"L'action «\u00a0{action.parent}\u00a0», dont elle fait partie, est encore en brouillon."
        return [Manque("parent", phrase, "parent"), *manques]
    if action.parent_publie:
        return manques
    return [*_quoi(action), *manques, *_indicateurs(action), *_questions(action)]


def _comment_qui_quand(action: ActionAPublier) -> Iterator[Manque]:
    if not action.intitule:
        yield Manque("comment", "Comment\u00a0: dites ce qui sera fait.", "action_modifier", "id_intitule")
    if not action.porteur:
        yield Manque(
            "qui", "Qui\u00a0: personne ne la porte. Nommez une personne ou une fonction.", "action_modifier", "qui"
        )
    if not action.quand:
        yield Manque("quand", "Quand\u00a0: dites l'année scolaire.", "action_modifier", "quand")


def _quoi(action: ActionAPublier) -> Iterator[Manque]:
    """The path from the action to a fact: one backed axe is enough; without any, each missing link is named."""
    if not action.axes:
        yield Manque("axe", "Quoi\u00a0: aucun axe ne la justifie.", "action_modifier", "quoi")
    if any(axe.adosse for axe in action.axes):
        return
    for axe in action.axes:
        if not axe.besoins:
            yield Manque("besoin", f"L'axe «\u00a0{axe.intitule}\u00a0» ne répond à aucun besoin.", "matrice")
        for besoin in axe.besoins:
            phrase = (
                f"Le besoin «\u00a0{besoin.intitule}\u00a0» ne repose sur aucun constat, aucune condition du "
                "diagnostic, aucun écart."
            )
            yield Manque("fait", phrase, "matrice")


def _indicateurs(action: ActionAPublier) -> Iterator[Manque]:
    if not action.indicateurs:
        yield Manque("indicateur", "Indicateurs\u00a0: aucun ne dira si elle réussit.", "indicateur_ajouter")
    for indicateur in action.indicateurs:
        if manquants := ", ".join(indicateur.manquants):
            phrase = f"L'indicateur «\u00a0{indicateur.intitule}\u00a0» est incomplet\u00a0: {manquants}."
            yield Manque("indicateur", phrase, "action", "indicateurs")


def _questions(action: ActionAPublier) -> Iterator[Manque]:
    for code, libelle in QUESTIONS.items():
        if code not in action.avis:
            yield Manque(code, f"«\u00a0{libelle}\u00a0»\u00a0: personne n'a encore répondu.", "action_examen", code)
        elif not action.avis[code]:
            yield Manque(code, f"«\u00a0{libelle}\u00a0»\u00a0: la réponse est non.", "action_examen", code)


def empechement_publier(action: ActionAPublier) -> str | None:
    manques = manques_pour_publier(action)
    return " ".join(["L'action reste en brouillon.", *(manque.phrase for manque in manques)]) if manques else None


# --- States --------------------------------------------------------------------------------------------------
def empechement_changer_etat(avant: str, etat: str, raison: str, *, ouvertes: Sequence[str] = ()) -> str | None:
    """`ouvertes`: the sub-actions that are neither done nor given up. Without a change of state, `raison` is a note."""
    if etat not in ETATS:
        return "Choisissez un état dans la liste."
    if len(raison) > NOTE_MAX:
        return f"Ce texte dépasse {NOTE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    if avant == etat:
        return None if raison else "Rien n'a changé\u00a0: choisissez un autre état, ou écrivez une note."
    if avant == BROUILLON:
        return "Cette action est en brouillon\u00a0: publiez-la d'abord."
    if etat == BROUILLON:
        return "Une action publiée ne redevient pas un brouillon\u00a0: abandonnez-la, ou mettez-la à la corbeille."
    if etat in A_RAISON and not raison:
        return f"Pour {A_RAISON[etat]} une action, dites pourquoi."
    if etat == REALISEE and ouvertes:
        noms = ", ".join(f"«\u00a0{nom}\u00a0»" for nom in ouvertes)
        suite = "sa sous-action n'est pas finie" if len(ouvertes) == 1 else "ses sous-actions ne sont pas finies"
        return f"L'action n'est pas encore réalisée\u00a0: {suite} ({noms})."
    return None


# --- Questions and comments ----------------------------------------------------------------------------------
def empechement_repondre(question: str, favorable: bool | None, reponse: str) -> str | None:
    """A question may stay without an answer; a yes or a no goes with its sentence."""
    if question not in QUESTIONS:
        return "Cette question n'est pas l'une des quatre."
    if favorable is None and reponse:
        return "Dites oui ou non."
    if favorable is not None and not reponse:
        return "Dites en une phrase ce qui vous le fait dire."
    if len(reponse) > REPONSE_MAX:
        return f"Cette phrase dépasse {REPONSE_MAX}\u00a0caractères\u00a0: raccourcissez-la."
    return None


def empechement_commenter(texte: str) -> str | None:
    if not texte:
        return "Écrivez votre commentaire."
    if len(texte) > COMMENTAIRE_MAX:
        return f"Ce commentaire dépasse {COMMENTAIRE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    return None


def empechement_retirer_commentaire(auteur: int, demandeur: int) -> str | None:
    return None if auteur == demandeur else "Chacun retire ses propres commentaires, pas ceux des autres."
