"""A plan copied into another school year, or another school: what is to be done, never what was done of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from plans.domain.verrou import verrouiller_le_plan
from plans.models import Action, Axe, Contribution, FacteurReussite, IndicateurSuivi, Justification, Participation
from plans.queries.axes import nombre_d_axes
from plans.queries.dupliquer import PlanACopier, plan_a_copier
from plans.rules.actions import derniere_annee_possible
from plans.rules.axes import empechement_axe_de_plus
from plans.rules.dupliquer import RIEN_DE_CHOISI, empechement_dupliquer
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.equipe import membres

# What an action keeps of itself in a copy; people are another matter, and states, dates and trails stay behind.
REPRIS = ("levier", "intitule", "description", "fonction_porteuse", "groupes", "modele")
REPRIS_CHEZ_SOI = ("autres_contributeurs", "autres_concernes")
REPRIS_D_UN_INDICATEUR = ("intitule", "unite", "cible", "sens", "source", "cadence", "agregation", "mesure")


@dataclass(frozen=True)
class Choix:
    """The keys of the axes and of the actions to copy; an action brings its sub-actions."""

    axes: frozenset[int]
    actions: frozenset[int]
    raison_de_plus: str = ""


@dataclass
class Copie:
    """What was made, what was there already, and what was left behind."""

    axes: int = 0
    actions: int = 0
    sous_actions: int = 0
    deja_la: int = 0
    personnes_laissees: set[int] = field(default_factory=set)
    sans_axe: int = 0
    autre_etablissement: bool = False


def dupliquer_plan(
    *,
    source: Etablissement,
    annee: str,
    cible: Etablissement,
    annee_cible: str,
    choix: Choix,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Copie:
    """As drafts. What is there already, in the same words, is not copied again: sent twice, it is done once. Nobody
    of one school is named in another. Raises Empeche.
    """
    jour = maintenant.astimezone(cible.academie.zone).date()
    refuser(empechement_dupliquer(source, annee, cible, annee_cible, jour))
    with acte("dupliquer_plan", auteur):
        verrouiller_le_plan(cible)
        plan = plan_a_copier(source, annee, choix.axes, choix.actions)
        if not plan.axes and not plan.actions:
            raise Empeche(RIEN_DE_CHOISI)
        copieur = _Copieur(source, annee, cible, annee_cible, auteur, maintenant, jour)
        copieur.axes(plan.axes, choix.raison_de_plus)
        copieur.actions(plan)
    return copieur.copie


class _Copieur:
    """Where things go, and what each became."""

    def __init__(
        self,
        source: Etablissement,
        annee: str,
        cible: Etablissement,
        annee_cible: str,
        auteur: Utilisateur,
        maintenant: datetime.datetime,
        jour: datetime.date,
    ) -> None:
        self.cible, self.annee_cible = cible, annee_cible
        self.auteur, self.maintenant, self.jour = auteur, maintenant, jour
        self.chez_soi = source.pk == cible.pk
        self.decalage = int(annee_cible[:4]) - int(annee[:4])
        self.equipe = set(membres(cible, jour).values_list("utilisateur", flat=True)) if self.chez_soi else set()
        self.copie = Copie(autre_etablissement=not self.chez_soi)
        self.axes_copies: dict[int, Axe] = {}

    # --- Axes ---------------------------------------------------------------------------------------------
    def axes(self, axes: Iterable[Axe], raison: str) -> None:
        siens = Axe.objects.vivants().filter(etablissement=self.cible, annee_scolaire=self.annee_cible)
        deja = {(axe.theme, axe.intitule): axe for axe in siens}
        nombre = nombre_d_axes(self.cible, self.annee_cible)
        for axe in axes:
            if tenu := deja.get((axe.theme, axe.intitule)):
                self.axes_copies[axe.pk] = tenu
                continue
            refuser(empechement_axe_de_plus(self.cible, self.annee_cible, nombre, raison))
            de_plus = empechement_axe_de_plus(self.cible, self.annee_cible, nombre, "") is not None
            self.axes_copies[axe.pk] = self._axe(axe, raison if de_plus else "")
            nombre += 1

    def _axe(self, axe: Axe, raison: str) -> Axe:
        copie = Axe.objects.create(
            etablissement=self.cible,
            annee_scolaire=self.annee_cible,
            theme=axe.theme,
            intitule=axe.intitule,
            precision=axe.precision,
            raison_de_plus=raison,
            cree_par=self.auteur,
            cree_le=self.maintenant,
        )
        if self.chez_soi:  # another school's needs are its own
            Justification.objects.bulk_create(Justification(axe=copie, besoin=besoin) for besoin in axe.besoins.all())
        self.copie.axes += 1
        return copie

    # --- Actions ------------------------------------------------------------------------------------------
    def actions(self, plan: PlanACopier) -> None:
        deja = self._deja_la()
        for action in plan.actions:
            axes = self._axes_de(action, plan)
            if (action.intitule, frozenset(axes)) in deja:
                self.copie.deja_la += 1
                continue
            copie = self._action(action, None)
            Contribution.objects.bulk_create(Contribution(action=copie, axe_id=axe) for axe in axes)
            self.copie.actions += 1
            self.copie.sans_axe += not axes
            for sous_action in plan.sous_actions.get(action.pk, ()):
                self._action(sous_action, copie)
                self.copie.sous_actions += 1

    def _deja_la(self) -> set[tuple[str, frozenset[int]]]:
        """The actions of the year where the copy goes, by their words and the axes that they serve."""
        siennes = Action.objects.vivants().filter(etablissement=self.cible, parent__isnull=True)
        return {
            (action.intitule, frozenset(contribution.axe_id for contribution in action.contributions.all()))
            for action in siennes.de_l_annee(self.annee_cible).prefetch_related("contributions")
        }

    def _axes_de(self, action: Action, plan: PlanACopier) -> list[int]:
        """The copies of its axes; at home, an axe that goes on and was not copied serves as it is."""
        axes = plan.axes_des_actions.get(action.pk, ())
        copies = [self.axes_copies[axe.pk].pk for axe in axes if axe.pk in self.axes_copies]
        gardes = [axe.pk for axe in axes if axe.pk not in self.axes_copies and self.chez_soi and axe.clos_le is None]
        return sorted({*copies, *gardes})

    def _action(self, action: Action, parent: Action | None) -> Action:
        champs = REPRIS + (REPRIS_CHEZ_SOI if self.chez_soi else ())
        copie = Action.objects.create(
            etablissement=self.cible,
            parent=parent,
            porteur_id=self._personne(action.porteur_id),
            **self._quand(action),
            derniere_nouvelle=self.jour,
            cree_par=self.auteur,
            cree_le=self.maintenant,
            modifiee_le=self.maintenant,
            **{champ: getattr(action, champ) for champ in champs},
        )
        personnes = [self._personne(participation.utilisateur_id) for participation in action.participations.all()]
        Participation.objects.bulk_create(
            Participation(action=copie, utilisateur_id=personne) for personne in personnes if personne
        )
        self._mesures(action, copie)
        return copie

    def _personne(self, cle: int | None) -> int | None:
        """Somebody who is in the school's team still."""
        if cle is None or cle in self.equipe:
            return cle
        self.copie.personnes_laissees.add(cle)
        return None

    def _quand(self, action: Action) -> dict[str, str | int | None]:
        """As many years later; it does not begin before the year of the copy, nor end beyond what a plan reaches."""
        debut, fin = self._decaler(action.annee_scolaire), self._decaler(action.annee_fin)
        fin = min(fin, derniere_annee_possible(self.jour))
        commence = debut >= self.annee_cible
        return {
            "annee_scolaire": debut if commence else self.annee_cible,
            "trimestre": action.trimestre if commence else None,
            "annee_fin": fin,
            "trimestre_fin": action.trimestre_fin,
        }

    def _decaler(self, annee: str) -> str:
        debut = int(annee[:4]) + self.decalage
        return f"{debut}-{debut + 1}"

    def _mesures(self, action: Action, copie: Action) -> None:
        """Its indicators without a value read, and its factors; who reads them is known at home only."""
        IndicateurSuivi.objects.bulk_create(
            IndicateurSuivi(
                action=copie,
                responsable=indicateur.responsable if self.chez_soi else "",
                **{champ: getattr(indicateur, champ) for champ in REPRIS_D_UN_INDICATEUR},
            )
            for indicateur in action.indicateurs.all()
            if indicateur.supprime_le is None
        )
        FacteurReussite.objects.bulk_create(
            FacteurReussite(action=copie, texte=facteur.texte) for facteur in action.facteurs.all()
        )
