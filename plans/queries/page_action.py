"""What the page of an action shows, in few queries whatever hangs on it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import JSONObject

from plans.models import Action, Axe, Commentaire, Examen, Participation, Suivi
from plans.queries.actions import axes_servis, evenements
from plans.rules.actions import AxeServi
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.equipe import membres


class Personne(NamedTuple):
    cle: int
    nom: str


@dataclass(frozen=True)
class AvisLu:
    """What was answered to one of the four questions, by whom and when."""

    question: str
    favorable: bool
    reponse: str
    par: str
    le: datetime.datetime

    @property
    def libelle(self) -> str:
        return str(Examen.Question(self.question).label)


class Dit(NamedTuple):
    """A line of the trail (`etat` is a code), or a comment."""

    commentaire: bool
    cle: int
    etat_avant: str
    etat: str
    texte: str
    auteur: int
    prenom: str
    nom: str
    courriel: str
    le: datetime.datetime

    @property
    def par(self) -> str:
        return _nom(self.prenom, self.nom, self.courriel)

    @property
    def change(self) -> bool:
        return self.etat_avant != self.etat


@dataclass(frozen=True)
class PageAction:
    action: Action
    justifiee: bool
    contributeurs: Sequence[Personne]
    avis: Sequence[AvisLu]
    axes: Sequence[AxeServi]
    sous_actions: Sequence[Action]
    suivis: Sequence[Dit]
    commentaires: Sequence[Dit]

    def est_a(self, personne: int) -> bool:
        """Whether this person carries it."""
        return self.action.porteur_id == personne

    def compte(self, personne: int) -> bool:
        """Whether this person carries it or contributes to it."""
        return self.est_a(personne) or any(un.cle == personne for un in self.contributeurs)


def page_de_l_action(etablissement: Etablissement, cle: int, *, brouillons: bool) -> PageAction | None:
    """Three queries; nothing when it is in the bin, or in draft for those who read what is published only."""
    siennes = Action.objects.vivants().filter(Q(pk=cle) | Q(parent=cle), etablissement=etablissement)
    lues: list[Any] = list(
        (siennes if brouillons else siennes.publiees())
        .avec_justification()
        .select_related("parent", "porteur")
        .annotate(contributeurs_lus=ArraySubquery(_contributeurs()), avis_lus=ArraySubquery(_avis()))
    )
    lue = next((une for une in lues if une.pk == cle), None)
    if lue is None:
        return None
    lue.etablissement = etablissement
    dits = _dits(lue)
    return PageAction(
        action=lue,
        justifiee=lue.justifiee,
        contributeurs=[
            Personne(un["cle"], _nom(un["prenom"], un["nom"], un["courriel"])) for un in lue.contributeurs_lus
        ],
        avis=[_avis_lu(un) for un in lue.avis_lus],
        axes=axes_servis(lue),
        sous_actions=[une for une in lues if une is not lue],
        suivis=[dit for dit in dits if not dit.commentaire],
        commentaires=[dit for dit in dits if dit.commentaire],
    )


def _contributeurs() -> Any:
    personne = {"prenom": "utilisateur__first_name", "nom": "utilisateur__last_name", "courriel": "utilisateur__email"}
    siens = Participation.objects.filter(action=OuterRef("pk")).order_by("utilisateur__last_name", "pk")
    return siens.values(lu=JSONObject(cle="utilisateur_id", **personne))


def _avis() -> Any:
    personne = {"prenom": "repondu_par__first_name", "nom": "repondu_par__last_name", "courriel": "repondu_par__email"}
    siens = Examen.objects.filter(action=OuterRef("pk"))
    return siens.values(
        lu=JSONObject(question="question", favorable="favorable", reponse="reponse", le="repondu_le", **personne)
    )


def _avis_lu(lu: dict[str, Any]) -> AvisLu:
    par = _nom(lu["prenom"], lu["nom"], lu["courriel"])
    le = datetime.datetime.fromisoformat(lu["le"])
    return AvisLu(lu["question"], lu["favorable"], lu["reponse"], par, le)


def avis_de(action: Action) -> list[AvisLu]:
    """Those that were given, in one query."""
    return [
        AvisLu(un.question, un.favorable, un.reponse, str(un.repondu_par), un.repondu_le)
        for un in action.examens.select_related("repondu_par")
    ]


def _dits(action: Action) -> list[Dit]:
    """The trail and the comments, oldest first, in one statement."""
    suivis = Suivi.objects.filter(action=action).order_by().annotate(le=F("note_le"), dit=Value(False))
    commentaires = Commentaire.objects.filter(action=action, retire_le=None).order_by()
    commentaires = commentaires.annotate(le=F("ecrit_le"), dit=Value(True), avant=Value(""), apres=Value(""))
    qui, auteur = ("first_name", "last_name", "email"), "auteur"
    lus = suivis.values_list(
        *("dit", "pk", "etat_avant", "etat", "note", "note_par"), *(f"note_par__{champ}" for champ in qui), "le"
    ).union(
        commentaires.values_list(
            *("dit", "pk", "avant", "apres", "texte", auteur), *(f"{auteur}__{champ}" for champ in qui), "le"
        ),
        all=True,
    )
    return [Dit._make(lu) for lu in lus.order_by("le", "pk")]


def _nom(prenom: str, nom: str, courriel: str) -> str:
    return f"{prenom} {nom}".strip() or courriel


# --- The form ------------------------------------------------------------------------------------------------
class AxeAuChoix(NamedTuple):
    """An axe that an action serves already may be in the bin: it keeps its box, and comes back with it."""

    cle: int
    intitule: str
    supprime_le: datetime.datetime | None


@dataclass(frozen=True)
class Choix:
    """What a form offers: those who may carry an action or contribute to it, and the axes that it may serve."""

    equipe: Sequence[Personne]
    axes: Sequence[AxeAuChoix]


def choix_de_l_action(etablissement: Etablissement, jour: datetime.date, action: Action | None = None) -> Choix:
    """The team of the day and the open axes, with whom and what the action names already."""
    equipe = {a.utilisateur_id: str(a.utilisateur) for a in membres(etablissement, jour)}
    axes = Axe.objects.vivants().filter(etablissement=etablissement, clos_le=None)
    if action is not None:
        axes |= Axe.objects.filter(etablissement=etablissement, contributions__action=action)
        nommes = Q(actions_portees=action) | Q(participations__action=action)
        equipe |= {un.pk: str(un) for un in Utilisateur.objects.filter(nommes).exclude(pk__in=equipe).distinct()}
    proposes = axes.distinct().values_list("pk", "intitule", "supprime_le")
    return Choix([Personne(cle, nom) for cle, nom in equipe.items()], [AxeAuChoix(*un) for un in proposes])


# --- Who has changed what meanwhile ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Changement:
    par: str
    le: datetime.datetime


def derniers_changements(action: Action, colonnes: Collection[str]) -> dict[str, Changement]:
    """Who gave each column of the action the value that it has, and when."""
    lus = evenements(action).order_by("pgh_id").values("pgh_created_at", "pgh_context", *colonnes)
    derniers: dict[str, dict[str, Any]] = {}
    precedent: dict[str, Any] = {}
    for lu in lus:
        derniers |= {colonne: lu for colonne in colonnes if precedent.get(colonne) != lu[colonne]}
        precedent = lu
    auteurs = {colonne: (lu["pgh_context"] or {}).get("auteur", 0) for colonne, lu in derniers.items()}
    noms = {un.pk: str(un) for un in Utilisateur.objects.filter(pk__in=set(auteurs.values()))}
    return {
        colonne: Changement(noms.get(auteurs[colonne], ""), lu["pgh_created_at"]) for colonne, lu in derniers.items()
    }
