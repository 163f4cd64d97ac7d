"""Reading actions: what one may name, what decides whether it leaves draft."""

from __future__ import annotations

import datetime

from django.db.models import Prefetch

from plans.models import Action, Axe, Besoin, IndicateurSuivi
from plans.rules.actions import ActionAPublier, AxeServi, BesoinVise, Cadre, IndicateurPrevu, derniere_annee_possible
from strategie.socle.models import Etablissement
from strategie.socle.queries.equipe import membres

# The six mandatory parts of an indicator, in words; its direction is always said.
PARTIES_D_UN_INDICATEUR = {
    "depart": "la valeur de départ",
    "cible": "la cible",
    "unite": "l'unité",
    "cible_le": "la date de la cible",
    "source": "la source",
    "responsable": "qui la relève",
}


def cadre_de_l_action(
    etablissement: Etablissement, jour: datetime.date, action: Action | None = None, *, sous_action: bool = False
) -> Cadre:
    """What an action of this school may name; an existing one keeps whom and what it names already."""
    equipe = set(membres(etablissement, jour).values_list("utilisateur", flat=True))
    axes = set(Axe.objects.vivants().filter(etablissement=etablissement, clos_le=None).values_list("pk", flat=True))
    if action is not None:
        equipe |= set(action.participations.values_list("utilisateur", flat=True))
        equipe |= {action.porteur_id} if action.porteur_id else set()
        axes |= set(action.contributions.values_list("axe", flat=True))
    return Cadre(
        equipe=frozenset(equipe),
        axes=frozenset() if sous_action else frozenset(axes),
        derniere_annee=derniere_annee_possible(jour),
        sous_action=sous_action,
    )


def action_a_publier(action: Action) -> ActionAPublier:
    """Whatever the number of axes, needs and indicators, six queries at most."""
    parent = action.parent
    return ActionAPublier(
        intitule=action.intitule,
        porteur=bool(action.porteur_id or action.fonction_porteuse),
        quand=bool(action.annee_scolaire),
        axes=() if parent else axes_servis(action),
        indicateurs=() if parent else indicateurs_prevus(action),
        avis={} if parent else dict(action.examens.values_list("question", "favorable")),
        parent=parent.intitule if parent else "",
        parent_publie=(parent.publiee and parent.supprime_le is None) if parent else None,
    )


def axes_servis(action: Action) -> tuple[AxeServi, ...]:
    adosses = set(
        Besoin.objects.vivants().adosses().filter(axes__contributions__action=action).values_list("pk", flat=True)
    )
    vivants = Prefetch("besoins", Besoin.objects.vivants())
    return tuple(
        AxeServi(axe.intitule, tuple(BesoinVise(besoin.intitule, besoin.pk in adosses) for besoin in axe.besoins.all()))
        for axe in Axe.objects.vivants().filter(contributions__action=action).prefetch_related(vivants)
    )


def indicateurs_prevus(action: Action) -> tuple[IndicateurPrevu, ...]:
    siens = IndicateurSuivi.objects.vivants().filter(action=action)
    return tuple(IndicateurPrevu(indicateur.intitule, parties_manquantes(indicateur)) for indicateur in siens)


def parties_manquantes(indicateur: IndicateurSuivi) -> tuple[str, ...]:
    return tuple(mots for champ, mots in PARTIES_D_UN_INDICATEUR.items() if getattr(indicateur, champ) in (None, ""))


def sous_actions_ouvertes(action: Action) -> list[str]:
    """The names of those that are neither done nor given up."""
    siennes = action.sous_actions.vivants().exclude(etat__in=Action.FINIES)
    return list(siennes.values_list("intitule", flat=True))
