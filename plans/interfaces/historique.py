"""The words in which a history is read."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import Field
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst

from plans.queries.historique import est_en_corbeille
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement, ModelePerimetre
from strategie.socle.queries.historique import Acte, Changement, Ligne
from strategie.socle.rules import date_en_phrase

VIDE = "vide"
SOURCES = {"écran": "à l'écran", "import": "par un import", "commande": "par une commande"}
# Where the words of a form would not say what the field is.
LIBELLES = {"favorable": "réponse", "champ": "champ"}
CODE_DE_CHAMP = "plans.Objectif.champ"
SANS_NOM: Mapping[str, str] = MappingProxyType({})
# Fields, by name, or by « app.Model.name » where the name alone is another's too, whose values have a way of their own
# to be said.
FACONS: dict[str, Callable[[Any], str]] = {}
# After the name of who did it: « Claire Martin a publié l'action ». Floors above add theirs, as to MOTS.
PHRASES: dict[str, str] = {
    "administrer": "a modifié par l'administration technique",
    "installer_demonstration": "a installé la démonstration",
    # vision
    "ecrire_vision": "a écrit la vision",
    "fixer_objectif": "a fixé un objectif",
    "retirer_objectif": "a retiré un objectif",
    # retours d'expérience
    "noter_constat": "a noté le constat",
    "modifier_constat": "a modifié le constat",
    "dire_utile": "a trouvé le constat utile",
    # besoins
    "retenir_besoin": "a retenu le besoin",
    "ajouter_besoin": "a ajouté le besoin",
    "modifier_besoin": "a modifié le besoin",
    "mettre_a_l_ordre_du_jour": "a changé l'ordre du jour de la commission numérique",
    "relier_la_matrice": "a relié constats, besoins et axes",
    "delier": "a délié constats, besoins et axes",
    # propositions, demandes
    "accepter_proposition": "a accepté une proposition",
    "decliner_proposition": "a décliné la proposition",
    "reprendre_proposition": "a repris la proposition déclinée",
    "adapter_proposition": "a adapté la proposition aux mots de l'académie",
    "revenir_au_texte_national": "est revenu au texte national de la proposition",
    "faire_demande": "a fait la demande",
    "modifier_demande": "a modifié la demande",
    "repondre_demande": "a noté la réponse à la demande",
    # axes
    "ouvrir_axe": "a ouvert l'axe",
    "modifier_axe": "a modifié l'axe",
    "clore_axe": "a clos l'axe",
    "rouvrir_axe": "a rouvert l'axe",
    # actions
    "creer_action": "a créé l'action",
    "modifier_action": "a modifié l'action",
    "rattacher_action": "a changé l'action dont celle-ci fait partie",
    "publier_action": "a publié l'action",
    "changer_etat": "a changé l'état de l'action",
    "examiner_action": "a répondu à une des quatre questions",
    "commenter_action": "a commenté l'action",
    "retirer_commentaire": "a retiré un commentaire",
    "tourner_la_page": "a passé l'action à la nouvelle année scolaire",
    "dupliquer_plan": "a dupliqué le plan",
    "importer_plan": "a importé le plan",
    # indicateurs
    "ajouter_indicateur": "a ajouté l'indicateur",
    "modifier_indicateur": "a modifié l'indicateur",
    "relever_indicateur": "a relevé l'indicateur",
    "calculer_releve": "a calculé la valeur de l'indicateur",
    "supprimer_releve": "a supprimé un relevé",
    "ajouter_facteur": "a ajouté un facteur de réussite",
    "modifier_facteur": "a modifié un facteur de réussite",
    "retirer_facteur": "a retiré un facteur de réussite",
    # expérimentations
    "ouvrir_experimentation": "a ouvert l'expérimentation",
    "modifier_experimentation": "a modifié l'expérimentation",
    "evaluer_experimentation": "a évalué l'expérimentation",
    "decider_experimentation": "a décidé de la suite de l'expérimentation",
    # agenda
    "creer_lien_agenda": "a créé un lien d'agenda",
    "revoquer_lien_agenda": "a révoqué un lien d'agenda",
    # the bin
    "retirer_constat": "a mis le constat à la corbeille",
    "retirer_besoin": "a mis le besoin à la corbeille",
    "retirer_axe": "a mis l'axe à la corbeille",
    "retirer_action": "a mis l'action à la corbeille",
    "retirer_indicateur": "a mis l'indicateur à la corbeille",
    "retirer_experimentation": "a mis l'expérimentation à la corbeille",
    "restaurer_constat": "a restauré le constat",
    "restaurer_besoin": "a restauré le besoin",
    "restaurer_axe": "a restauré l'axe",
    "restaurer_action": "a restauré l'action",
    "restaurer_indicateur": "a restauré l'indicateur",
    "restaurer_experimentation": "a restauré l'expérimentation",
    "purger_corbeille": "a vidé la corbeille de ce qui y était depuis trente jours",
    # cascade
    "fixer_priorite": "a fixé la priorité",
    "modifier_priorite": "a modifié la priorité",
    "retirer_priorite": "a retiré la priorité",
    "retablir_priorite": "a rétabli la priorité",
    "fixer_axe_district": "a fixé l'axe de district",
    "modifier_axe_district": "a modifié l'axe de district",
    "retirer_axe_district": "a retiré l'axe de district",
    "retablir_axe_district": "a rétabli l'axe de district",
    "dire_rattachement": "a répondu à l'axe de district",
}


@dataclass(frozen=True)
class Sorte:
    """How a kind is called (« de l'axe »), and its page: whether the address has the object's key. `droit`: who reads
    what became of it.
    """

    nom: str
    de: str
    page: str
    a_sa_page: bool = False
    droit: Droit = Droit.LIRE_PLAN


MOTS: dict[str, Sorte] = {
    "vision": Sorte("Vision", "de la vision", "pourquoi"),
    "objectif": Sorte("Objectif", "de l'objectif", "pourquoi"),
    "constat": Sorte("Constat", "du constat", "retex"),
    "besoin": Sorte("Besoin", "du besoin", "besoins"),
    "proposition": Sorte("Proposition déclinée", "de la proposition déclinée", "propositions"),
    "demande": Sorte("Demande", "de la demande", "demandes"),
    "axe": Sorte("Axe", "de l'axe", "axe", True),
    "rattachement": Sorte("Réponse à un axe de district", "de la réponse", "rattachements"),
    "action": Sorte("Action", "de l'action", "action", True),
    "indicateur": Sorte("Indicateur", "de l'indicateur", "indicateur", True),
    "experimentation": Sorte("Expérimentation", "de l'expérimentation", "experimentation", True),
}
ETAPES = {"vision": "pourquoi", "objectif": "pourquoi", "constat": "cap", "besoin": "cap", "proposition": "cap"}
ETAPES |= {"demande": "cap", "axe": "cap", "rattachement": "cap"}


@dataclass(frozen=True)
class ChangementDit:
    """`avant` is None where there was nothing to change: a row that is new, or whose past is not known."""

    champ: str
    avant: str | None
    apres: str


@dataclass(frozen=True)
class LigneDite:
    """`titre` is empty for the object itself."""

    titre: str
    resume: str
    changements: tuple[ChangementDit, ...]


@dataclass(frozen=True)
class ActeDit:
    qui: str
    phrase: str
    source: str
    le: datetime.datetime
    lignes: tuple[LigneDite, ...]


def actes_dits(actes: Iterable[Acte], champs: Mapping[str, str] = SANS_NOM) -> list[ActeDit]:
    """`champs`: names of the diagnostic's champs, by code; one that has none is said by its code."""
    return [
        ActeDit(
            qui=str(acte.auteur or "Paliers"),
            phrase=phrase(acte.nom),
            source=SOURCES.get(acte.source, acte.source),
            le=acte.le,
            lignes=tuple(_ligne(ligne, champs) for ligne in acte.lignes),
        )
        for acte in actes
    ]


def phrase(acte: str) -> str:
    return PHRASES.get(acte) or (f"a fait\u00a0: {acte.replace('_', ' ')}" if acte else "a modifié")


def instant_demande(texte: str) -> datetime.datetime | None:
    """What an address says of the page to read; anything else is forgotten."""
    try:
        instant = parse_datetime(texte)
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None


def page_de(etablissement: Etablissement, sorte: str, objet: ModelePerimetre) -> tuple[str, str]:
    """Where the object is read, and the words of the link: the bin when it is there."""
    if est_en_corbeille(objet):
        return reverse("corbeille", args=[etablissement.uai]), "Corbeille"
    mots = MOTS[sorte]
    cle = [objet.pk] if mots.a_sa_page else []
    return reverse(mots.page, args=[etablissement.uai, *cle]), f"Retour à la page {mots.de}"


def titre_de(sorte: str, objet: ModelePerimetre) -> str:
    """What tells one from another; a kind whose rows have no words of their own is named only."""
    return "" if sorte in ("vision", "objectif", "proposition", "rattachement") else str(objet)


def _ligne(ligne: Ligne, champs: Mapping[str, str]) -> LigneDite:
    suivies = ligne.suivies
    fait = {"insert": "ajouté", "update": "modifié", "delete": "retiré"}[ligne.sorte]
    titre = f"{capfirst(suivies.nom)} {fait}{'e' if suivies.feminin else ''}" if suivies.nom else ""
    resume = dit(suivies.champs[suivies.resume], ligne.resume, champs) if suivies.resume else ""
    return LigneDite(titre, resume, tuple(_changement(ligne.sorte, un, champs) for un in ligne.changements))


def _changement(sorte: str, changement: Changement, champs: Mapping[str, str]) -> ChangementDit:
    champ = changement.champ
    avant = dit(champ, changement.avant, champs) if sorte == "update" else None
    apres = dit(champ, changement.apres, champs)
    return ChangementDit(capfirst(LIBELLES.get(champ.name, champ.verbose_name)), avant, apres)


def dit(champ: Field, valeur: Any, champs: Mapping[str, str] = SANS_NOM) -> str:
    """A value as people say it: the label of a code, a date in words, a number with its comma."""
    if valeur in (None, "", []):
        return VIDE
    if str(champ) == CODE_DE_CHAMP:
        return champs.get(valeur, str(valeur))
    if facon := FACONS.get(champ.name) or FACONS.get(str(champ)):
        return facon(valeur)
    if isinstance(valeur, list):
        return ", ".join(dit(champ.base_field, un) for un in valeur)
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if libelles := dict(champ.flatchoices):
        return str(libelles.get(valeur, valeur))
    if isinstance(valeur, datetime.date):
        return date_en_phrase(valeur)
    if isinstance(valeur, Decimal):
        return f"{valeur.normalize():f}".replace(".", ",")
    return str(valeur)
