"""What a school reads of the past of each thing in its plan."""

from __future__ import annotations

from typing import cast

from plans.models import (
    Action,
    Axe,
    Besoin,
    Commentaire,
    Constat,
    Contribution,
    Demande,
    Examen,
    Experimentation,
    FacteurReussite,
    Fondement,
    IndicateurSuivi,
    Justification,
    ModeleCorbeille,
    Objectif,
    Participation,
    PropositionDeclinee,
    Rattachement,
    Releve,
    Vision,
)
from strategie.socle.models import Etablissement, ModelePerimetre
from strategie.socle.queries.historique import Suivies

# By the name that a kind has in addresses: its own rows first, then what hangs from them. Floors above add theirs.
SORTES: dict[str, tuple[Suivies, ...]] = {
    "vision": (
        Suivies(Vision),
        Suivies(Objectif, "etablissement", "etablissement_id", nom="objectif", resume="champ"),
    ),
    "objectif": (Suivies(Objectif),),
    "constat": (Suivies(Constat),),
    "besoin": (
        Suivies(Besoin),
        Suivies(Fondement, "besoin", nom="constat", resume="constat_id"),
        Suivies(Justification, "besoin", nom="axe", resume="axe_id"),
    ),
    "proposition": (Suivies(PropositionDeclinee),),
    "demande": (Suivies(Demande),),
    "axe": (
        Suivies(Axe),
        Suivies(Justification, "axe", nom="besoin", resume="besoin_id"),
        Suivies(Contribution, "axe", nom="action", feminin=True, resume="action_id"),
    ),
    "rattachement": (Suivies(Rattachement),),
    "action": (
        Suivies(Action, tus=frozenset({"derniere_nouvelle", "modele"})),
        Suivies(Contribution, "action", nom="axe", resume="axe_id"),
        Suivies(Participation, "action", nom="contributeur", resume="utilisateur_id"),
        Suivies(Examen, "action", nom="réponse", feminin=True, resume="question"),
        Suivies(IndicateurSuivi, "action", nom="indicateur", resume="intitule"),
        Suivies(FacteurReussite, "action", nom="facteur de réussite", resume="texte"),
        # What is said there is read there, and only as long as its author lets it be.
        Suivies(Commentaire, "action", nom="commentaire", tus=frozenset({"texte"})),
        Suivies(Experimentation, "action", nom="expérimentation", feminin=True, resume="question"),
    ),
    "indicateur": (
        Suivies(IndicateurSuivi, tus=frozenset({"action"})),
        Suivies(Releve, "indicateur", nom="relevé", resume="date", tus=frozenset({"origine"})),
    ),
    "experimentation": (Suivies(Experimentation, tus=frozenset({"action"})),),
}


def objet_suivi(etablissement: Etablissement, sorte: str, cle: int) -> ModelePerimetre | None:
    """One of the school's own, in the bin or not; nothing for a kind that has no history."""
    if sorte not in SORTES:
        return None
    modele = cast(type[ModelePerimetre], SORTES[sorte][0].modele)
    trouve: ModelePerimetre | None = modele.objects.filter(pk=cle, **{modele.PERIMETRE[1]: etablissement}).first()
    return trouve


def est_en_corbeille(objet: ModelePerimetre) -> bool:
    return isinstance(objet, ModeleCorbeille) and objet.supprime_le is not None
