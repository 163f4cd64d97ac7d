"""Small forms beside an action: its new state, the last value of an indicator. They post to the action's own pages."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cached_property
from html import escape

from plans.interfaces.morceaux import ETATS, adresses, saisi
from plans.models import Action
from plans.queries.plan import ActionLue, IndicateurLu, LigneDuPlan
from plans.rules.actions import NOTE_MAX
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement

PROPOSES = [etat for etat in ETATS if etat != Action.Etat.BROUILLON]
NOTER, CHANGER = "Ajouter une note", "Changer l'état"
RAISON = "Raison (pour bloquer, mettre en pause, abandonner) ou note"


class SuiviRapide:
    """Whom the forms are for, and the page to which they come back."""

    def __init__(
        self, etablissement: Etablissement, personne: int, jeton: str, retour: str, jour: datetime.date
    ) -> None:
        self.etablissement = etablissement
        self.personne = personne
        self.jour = jour
        self.caches = (
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(jeton)}">'
            f'<input type="hidden" name="retour" value="{escape(retour)}">'
        )

    @cached_property
    def adresse_action(self) -> Callable[[int], str]:
        return adresses("action", self.etablissement.uai)

    @cached_property
    def _adresse_etat(self) -> Callable[[int], str]:
        return adresses("action_etat", self.etablissement.uai)

    @cached_property
    def _adresse_releve(self) -> Callable[[int], str]:
        return adresses("releve_ajouter", self.etablissement.uai)

    def permis(self, ligne: LigneDuPlan) -> bool:
        """Whether the person may bring this action up to date."""
        droits = self.etablissement.droits
        return Droit.MODIFIER_PLAN in droits or (Droit.SUIVRE_SES_ACTIONS in droits and ligne.est_a(self.personne))

    def etat(self, ligne: LigneDuPlan) -> str:
        """The form of its state, folded; who contributes adds a note; a draft is published from its own page."""
        action = ligne.action
        if not action.publiee or not self.permis(ligne):
            return ""
        nom = f'<span class="visually-hidden"> «\u00a0{saisi(action.intitule)}\u00a0»</span>'
        note_seule = not self._change_l_etat(action)
        return (
            f'<details class="precisions"><summary>{NOTER if note_seule else CHANGER}{nom}</summary>'
            f'<form method="post" action="{self._adresse_etat(action.pk)}" class="suivi-rapide">{self.caches}'
            f'<input type="hidden" name="version" value="{action.version}">'
            f"{_etat_tenu(action) if note_seule else _choix_de_l_etat(action)}"
            f'<p class="long"><label for="raison-{action.pk}">{"Note" if note_seule else RAISON}</label>'
            f'<input class="form-control" id="raison-{action.pk}" name="raison" maxlength="{NOTE_MAX}" dir="auto"></p>'
            f'<button type="submit" class="btn btn-outline-primary">Enregistrer{nom}</button></form></details>'
        )

    def _change_l_etat(self, action: ActionLue) -> bool:
        return Droit.MODIFIER_PLAN in self.etablissement.droits or action.porteur_id == self.personne

    def releve(self, ligne: LigneDuPlan, indicateur: IndicateurLu) -> str:
        """The form of a value read today; Paliers reads some by itself."""
        if ligne.action.finie or indicateur.mesure or not self.permis(ligne):
            return ""
        cle, nom = indicateur.cle, saisi(indicateur.intitule)
        unite = f' <span class="discret">({saisi(indicateur.unite)})</span>' if indicateur.unite else ""
        return (
            f'<details class="precisions"><summary>Ajouter un relevé<span class="visually-hidden">\u00a0: {nom}</span>'
            f"</summary>"
            f'<form method="post" action="{self._adresse_releve(cle)}" class="suivi-rapide">{self.caches}'
            f'<p><label for="valeur-{cle}">Valeur{unite}</label>'
            f'<input class="form-control" id="valeur-{cle}" name="valeur" inputmode="decimal" maxlength="30"></p>'
            f'<p><label for="date-{cle}">Relevée le</label><input class="form-control" type="date" id="date-{cle}" '
            f'name="date" value="{self.jour:%Y-%m-%d}" max="{self.jour:%Y-%m-%d}"></p>'
            f'<button type="submit" class="btn btn-outline-primary">Enregistrer<span class="visually-hidden"> la valeur'
            f" de {nom}</span></button></form></details>"
        )


def _etat_tenu(action: ActionLue) -> str:
    return f'<input type="hidden" name="etat" value="{action.etat}">'


def _choix_de_l_etat(action: ActionLue) -> str:
    choix = "".join(
        f'<option value="{etat}"{" selected" if etat == action.etat else ""}>{escape(ETATS[etat])}</option>'
        for etat in PROPOSES
    )
    return (
        f'<p><label for="etat-{action.pk}">État</label>'
        f'<select class="form-select" id="etat-{action.pk}" name="etat">{choix}</select></p>'
    )
