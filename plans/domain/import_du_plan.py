"""A plan that comes back from a workbook: all of its rows through the acts of the screens, or none of them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pghistory
from django.db import transaction

from plans.domain.actions import (
    SaisieAction,
    changer_etat,
    creer_action,
    modifier_action,
    publier_action,
    rattacher_action,
)
from plans.domain.axes import SaisieAxe, ouvrir_axe
from plans.domain.facteurs import FacteurChange, SaisieFacteur, ajouter_facteur, modifier_facteur
from plans.domain.indicateurs import SaisieIndicateur, ajouter_indicateur, modifier_indicateur
from plans.domain.indicateurs import lire_saisie as lire_indicateur
from plans.domain.releves import DejaReleve, SaisieReleve, enregistrer_releve
from plans.domain.verrou import verrouiller_le_plan
from plans.models import Action, FacteurReussite, IndicateurSuivi, Releve
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.domain.fusion import Conflit
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur

# What a row is called: the key of something kept, or the name (« N1 ») of another row of the same file.
Repere = int | str
TOURNE_EN_ROND = "Ces lignes font partie les unes des autres\u00a0: une sous-action ne contient pas son action."
LIGNE_REFUSEE = "La ligne dont celle-ci dépend est refusée elle aussi."
HOMONYME = "Cette action a déjà un indicateur de ce nom\u00a0: donnez son identifiant pour le modifier."
CHANGE_DEPUIS = "Cette case a changé depuis que ce classeur a été fait."


@dataclass(frozen=True)
class ActionDemandee:
    """`base` is None for a new one, whose `cle` is made of its own words: the same file twice makes it once.

    `parent`, `etat` and their `_lu` are what the file says, and what it said when it was made; `axes` are those of the
    file that are not opened yet, by name.
    """

    ligne: int
    repere: Repere
    saisie: SaisieAction
    base: SaisieAction | None
    parent: Repere | None
    parent_lu: Repere | None
    etat: str
    etat_lu: str
    raison: str
    raison_lue: str
    cle: uuid.UUID | None = None
    axes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class IndicateurDemande:
    ligne: int
    repere: Repere
    action: Repere
    saisie: SaisieIndicateur
    base: SaisieIndicateur | None


@dataclass(frozen=True)
class FacteurDemande:
    """`version` is None for a new one."""

    ligne: int
    repere: Repere
    action: Repere
    saisie: SaisieFacteur
    version: int | None


@dataclass(frozen=True)
class ReleveDemande:
    """`remplace`: when the value that the file was made with had been read."""

    ligne: int
    indicateur: Repere
    saisie: SaisieReleve
    remplace: datetime.datetime | None


@dataclass(frozen=True)
class AxeDemande:
    """An axe that a plan made elsewhere brings; its rows name it by `repere`."""

    ligne: int
    repere: str
    annee: str
    saisie: SaisieAxe


@dataclass(frozen=True)
class Demande:
    """Rows that ask for something; those that change nothing are not there."""

    axes: Sequence[AxeDemande] = ()
    actions: Sequence[ActionDemandee] = ()
    indicateurs: Sequence[IndicateurDemande] = ()
    facteurs: Sequence[FacteurDemande] = ()
    releves: Sequence[ReleveDemande] = ()


@dataclass(frozen=True)
class LigneRefusee:
    """`sorte`: « axe », « action », « indicateur », « facteur » or « releve »; `champ`: what of the row is refused.

    `change`: somebody else has changed it since the file was made.
    """

    sorte: str
    ligne: int
    champ: str
    raison: str
    change: bool = False


@dataclass
class Resultat:
    """`deja`: the new things (`sorte`, `repere`) that an earlier import of the same file had made."""

    refuses: list[LigneRefusee] = field(default_factory=list)
    deja: set[tuple[str, Repere]] = field(default_factory=set)


def importer_plan(
    *,
    etablissement: Etablissement,
    demande: Demande,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    simulation: bool = False,
) -> Resultat:
    """Does all of it, then undoes it when a row is refused or in `simulation`."""
    with acte("importer_plan", auteur), pghistory.context(source="import"):
        importation = _Importation(etablissement, auteur, maintenant)
        importation.tout_faire(demande)
        if simulation or importation.resultat.refuses:
            transaction.set_rollback(True)
    return importation.resultat


class _Importation:
    """One import on its way: what its rows are called, and what was refused of them."""

    def __init__(self, etablissement: Etablissement, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
        self.etablissement = etablissement
        self.auteur, self.maintenant = auteur, maintenant
        self.signature: dict[str, Any] = {"auteur": auteur, "maintenant": maintenant}
        self.resultat = Resultat()
        self.axes: dict[str, int] = {}
        self.actions: dict[Repere, Action] = {}
        self.indicateurs: dict[Repere, IndicateurSuivi] = {}

    def tout_faire(self, demande: Demande) -> None:
        """States come last: an action is published once its indicators are there."""
        verrouiller_le_plan(self.etablissement)  # two imports of one school follow each other
        self._tenir(demande)
        for axe in demande.axes:
            self._faire("axe", axe.ligne, "axes", self._ouvrir, axe)
        self._creer(demande.actions)
        anciennes = [demandee for demandee in demande.actions if demandee.base is not None]
        for demandee in anciennes:
            self._faire("action", demandee.ligne, "parent", self._rattacher, demandee)
        for demandee in anciennes:
            self._faire("action", demandee.ligne, "intitule", self._modifier, demandee)
        for indicateur in demande.indicateurs:
            self._faire("indicateur", indicateur.ligne, "action", self._indicateur, indicateur)
        for facteur in demande.facteurs:
            self._faire("facteur", facteur.ligne, "action", self._facteur, facteur)
        for releve in demande.releves:
            self._faire("releve", releve.ligne, "date", self._releve, releve)
        for demandee in sorted(demande.actions, key=lambda une: une.parent is not None):
            if demandee.repere in self.actions and ("action", demandee.repere) not in self.resultat.deja:
                self._faire("action", demandee.ligne, "etat", self._passer, demandee)

    def _tenir(self, demande: Demande) -> None:
        """Every row that is named, locked in one order: nobody waits for an import that waits for them."""
        reperes = {
            *(repere for une in demande.actions for repere in (une.repere, une.parent)),
            *(un.action for un in demande.indicateurs),
            *(un.action for un in demande.facteurs),
        }
        siennes = Action.objects.filter(etablissement=self.etablissement)
        cles = [repere for repere in reperes if isinstance(repere, int)]
        tenues = siennes.select_for_update(no_key=True, of=("self",)).filter(pk__in=cles).order_by("pk")
        self.actions = {tenue.pk: tenue for tenue in tenues}
        self.par_cle = {
            action.cle: action for action in siennes.filter(cle__in=[une.cle for une in demande.actions if une.cle])
        }
        suivis = IndicateurSuivi.objects.filter(action__etablissement=self.etablissement)
        nommes = {*(un.repere for un in demande.indicateurs), *(un.indicateur for un in demande.releves)}
        self.indicateurs = {un.pk: un for un in suivis.filter(pk__in=[cle for cle in nommes if isinstance(cle, int)])}

    # --- Axes and actions ---
    def _ouvrir(self, axe: AxeDemande) -> None:
        ouvert, nouveau = ouvrir_axe(
            etablissement=self.etablissement, annee=axe.annee, saisie=axe.saisie, **self.signature
        )
        self.axes[axe.repere] = ouvert.pk
        if not nouveau:
            self.resultat.deja.add(("axe", axe.repere))

    def _creer(self, demandees: Sequence[ActionDemandee]) -> None:
        """Each once the action that it is part of is there."""
        restantes = [une for une in demandees if une.base is None]
        reperes = {une.repere for une in restantes}
        while pretes := [une for une in restantes if une.parent not in reperes or une.parent in self.actions]:
            for une in pretes:
                self._faire("action", une.ligne, "parent", self._creer_une, une)
            faites = {id(une) for une in pretes}
            restantes = [une for une in restantes if id(une) not in faites]
            reperes -= {une.repere for une in pretes}
        for une in restantes:
            self._refuser("action", une.ligne, "parent", TOURNE_EN_ROND)

    def _creer_une(self, une: ActionDemandee) -> None:
        if une.cle in self.par_cle:
            self.actions[une.repere] = self.par_cle[une.cle]
            self.resultat.deja.add(("action", une.repere))
            return
        if une.axes - self.axes.keys():
            raise Empeche(LIGNE_REFUSEE)
        axes = une.saisie.axes | {self.axes[nom] for nom in une.axes}
        self.actions[une.repere] = creer_action(
            etablissement=self.etablissement,
            saisie=replace(une.saisie, axes=axes),
            parent=self._action(une.parent) if une.parent else None,
            cle=une.cle,
            **self.signature,
        )

    def _rattacher(self, une: ActionDemandee) -> None:
        if une.parent == une.parent_lu:
            return
        tenue = self._action(une.repere)
        parent = self._action(une.parent) if une.parent else None
        actuel = tenue.parent_id
        if actuel == (parent.pk if parent else None):
            return
        if actuel != une.parent_lu:
            self._refuser("action", une.ligne, "parent", CHANGE_DEPUIS, change=True)
            return
        rattacher_action(action=tenue, parent=parent, **self.signature)

    def _modifier(self, une: ActionDemandee) -> None:
        if une.base is None or une.base == une.saisie:
            return
        modification = modifier_action(
            action=self._action(une.repere), base=une.base, saisie=une.saisie, **self.signature
        )
        self._refuser_conflits("action", une.ligne, modification.conflits)

    def _passer(self, une: ActionDemandee) -> None:
        """To the state that the file says, unless it says what it said when it was made."""
        tenue = self._action(une.repere)
        tenue.refresh_from_db(fields=["etat", "raison"])
        dit, lu = (une.etat, une.raison), (une.etat_lu, une.raison_lue)
        actuel = (tenue.etat, tenue.raison)
        if dit in (lu, actuel):
            return
        for champ, mien, base, garde in zip(("etat", "raison"), dit, lu, actuel, strict=True):
            if garde not in (base, mien):
                self._refuser("action", une.ligne, champ, CHANGE_DEPUIS, change=True)
                return
        if tenue.etat == Action.Etat.BROUILLON and une.etat != Action.Etat.BROUILLON:
            publier_action(action=tenue, **self.signature)
            if une.etat == Action.Etat.A_VENIR:
                return
        changer_etat(action=tenue, etat=une.etat, raison=une.raison, **self.signature)

    # --- What hangs on them ---
    def _indicateur(self, un: IndicateurDemande) -> None:
        if un.base is not None:
            modification = modifier_indicateur(
                indicateur=self._suivi(un.repere), base=un.base, saisie=un.saisie, **self.signature
            )
            self._refuser_conflits("indicateur", un.ligne, modification.conflits)
            return
        action = self._action(un.action)
        pareils = action.indicateurs.vivants().filter(intitule=un.saisie.intitule)
        memes = [pareil for pareil in pareils if lire_indicateur(pareil) == un.saisie]
        if pareils and not memes:
            self._refuser("indicateur", un.ligne, "intitule", HOMONYME)
            return
        if memes:
            self.resultat.deja.add(("indicateur", un.repere))
        self.indicateurs[un.repere] = ajouter_indicateur(action=action, saisie=un.saisie, **self.signature)

    def _facteur(self, un: FacteurDemande) -> None:
        if un.version is None:
            action = self._action(un.action)
            avant = set(action.facteurs.values_list("pk", flat=True))
            cree = ajouter_facteur(action=action, saisie=un.saisie, **self.signature)
            if cree.pk in avant:
                self.resultat.deja.add(("facteur", un.repere))
            return
        facteur = FacteurReussite.objects.get(pk=un.repere, action__etablissement=self.etablissement)
        modifier_facteur(facteur=facteur, version=un.version, saisie=un.saisie, **self.signature)

    def _releve(self, un: ReleveDemande) -> None:
        enregistrer_releve(
            indicateur=self._suivi(un.indicateur),
            saisie=un.saisie,
            remplace=un.remplace,
            origine=Releve.Origine.IMPORT,
            **self.signature,
        )

    # --- Names and refusals ---
    def _action(self, repere: Repere) -> Action:
        if repere not in self.actions:
            raise Empeche(LIGNE_REFUSEE)
        return self.actions[repere]

    def _suivi(self, repere: Repere) -> IndicateurSuivi:
        if repere not in self.indicateurs:
            raise Empeche(LIGNE_REFUSEE)
        return self.indicateurs[repere]

    def _faire[Ligne](self, sorte: str, ligne: int, champ: str, faire: Callable[[Ligne], None], quoi: Ligne) -> None:
        """One row; what prevents it is noted, and the next row has its turn."""
        with self._noter(sorte, ligne, champ):
            faire(quoi)

    @contextmanager
    def _noter(self, sorte: str, ligne: int, champ: str) -> Iterator[None]:
        try:
            yield
        except SaisieRefusee as refusee:
            for nom, raison in refusee.defauts.items():
                self._refuser(sorte, ligne, nom, raison)
        except DejaReleve:
            self._refuser(sorte, ligne, "valeur", CHANGE_DEPUIS, change=True)
        except FacteurChange:
            self._refuser(sorte, ligne, "texte", CHANGE_DEPUIS, change=True)
        except Empeche as refus:
            self._refuser(sorte, ligne, champ, str(refus))

    def _refuser(self, sorte: str, ligne: int, champ: str, raison: str, *, change: bool = False) -> None:
        self.resultat.refuses.append(LigneRefusee(sorte, ligne, champ, raison, change))

    def _refuser_conflits(self, sorte: str, ligne: int, conflits: Mapping[str, Conflit]) -> None:
        for champ in conflits:
            self._refuser(sorte, ligne, champ, CHANGE_DEPUIS, change=True)
