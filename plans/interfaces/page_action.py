"""What the page of an action says."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from plans.interfaces.indicateurs import SuiviDeLAction
from plans.interfaces.morceaux import CLASSES
from plans.interfaces.mots import periode, pour, quand
from plans.models import Action, Besoin
from plans.queries.actions import a_publier
from plans.queries.page_action import Dit, PageAction
from plans.rules.actions import AxeServi, BesoinVise, Manque, manques_pour_publier
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class ManqueDit:
    phrase: str
    adresse: str


@dataclass(frozen=True)
class BesoinDit:
    """`adresse`: its place in the list of needs; `faits`: what backs it, each with its page when it has one."""

    intitule: str
    adresse: str
    faits: Sequence[tuple[str, str, bool]]


@dataclass(frozen=True)
class AxeDit:
    axe: AxeServi
    besoins: Sequence[BesoinDit]


@dataclass(frozen=True)
class SousActionDite:
    action: Action
    qui: str
    periode: str
    classe: str
    en_retard: bool


@dataclass(frozen=True)
class SuiviDit:
    dit: Dit
    avant: str
    apres: str


def contexte_de_l_action(
    etablissement: Etablissement, page: PageAction, suivi: SuiviDeLAction, lecteur: Utilisateur, jour: datetime.date
) -> dict[str, Any]:
    """Those who read what is published only see neither the trail, nor the comments, nor the facts behind."""
    action, droits = page.action, etablissement.droits
    entier = Droit.LIRE_PLAN in droits
    modifie = Droit.MODIFIER_PLAN in droits
    return {
        "etablissement": etablissement,
        "etape": "moyens",
        "action": action,
        "page": page,
        "suivi": suivi,
        "classe": CLASSES.get(action.etat, ""),
        "en_retard": action.en_retard(jour),
        "a_justifier": action.publiee and not action.finie and not page.justifiee,
        "quand": quand(action),
        "pour": pour(action),
        "axes": [_axe(etablissement, axe, entier) for axe in page.axes],
        "sous_actions": [_sous_action(un, jour) for un in page.sous_actions],
        "suivis": [_suivi(un) for un in page.suivis] if entier else [],
        "manques": _manques(etablissement, page, suivi) if entier and not action.publiee else [],
        "entier": entier,
        "peut_modifier": modifie,
        "peut_changer_l_etat": modifie or (Droit.SUIVRE_SES_ACTIONS in droits and page.est_a(lecteur.pk)),
        "peut_noter": modifie or (Droit.SUIVRE_SES_ACTIONS in droits and page.compte(lecteur.pk)),
        "peut_commenter": Droit.COMMENTER_PLAN in droits,
    }


def _axe(etablissement: Etablissement, axe: AxeServi, entier: bool) -> AxeDit:
    return AxeDit(axe, [_besoin(etablissement, besoin) for besoin in axe.besoins] if entier else [])


def _besoin(etablissement: Etablissement, besoin: BesoinVise) -> BesoinDit:
    uai, retex = etablissement.uai, reverse("retex", args=[etablissement.uai])
    liste = reverse("besoins", args=[uai], query={"annee": besoin.annee})
    faits = [(texte, f"{retex}#constat-{cle}", True) for cle, texte in besoin.constats.items()]
    if besoin.origine == Besoin.Origine.INDICATEUR:
        champ = besoin.reference.partition("-")[0]
        adresse = reverse("diagnostic_champ", args=[uai, besoin.annee, champ])
        faits.insert(0, (f"Indicateur {besoin.reference} du diagnostic", f"{adresse}#{besoin.reference}", False))
    elif besoin.origine not in (Besoin.Origine.CONSTAT, Besoin.Origine.SAISI):
        faits.insert(0, (str(Besoin.Origine(besoin.origine).label), "", False))
    return BesoinDit(besoin.intitule, f"{liste}#{besoin.origine}-{besoin.reference or besoin.cle}", faits)


def _sous_action(action: Action, jour: datetime.date) -> SousActionDite:
    qui = str(action.porteur) if action.porteur else action.fonction_porteuse
    return SousActionDite(action, qui, periode(action), CLASSES.get(action.etat, ""), action.en_retard(jour))


def _suivi(dit: Dit) -> SuiviDit:
    return SuiviDit(dit, str(Action.Etat(dit.etat_avant).label), str(Action.Etat(dit.etat).label))


def _manques(etablissement: Etablissement, page: PageAction, suivi: SuiviDeLAction) -> list[ManqueDit]:
    """What keeps it in draft, each with the place to go to."""
    lue = a_publier(
        page.action,
        axes=page.axes,
        indicateurs=[ligne.lecture.indicateur for ligne in suivi.lignes],
        avis={un.question: un.favorable for un in page.avis},
    )
    return [
        ManqueDit(manque.phrase, _adresse(etablissement, page.action, manque)) for manque in manques_pour_publier(lue)
    ]


def _adresse(etablissement: Etablissement, action: Action, manque: Manque) -> str:
    ancre = f"#{manque.ancre}" if manque.ancre else ""
    if manque.page == "parent":
        return reverse("action", args=[etablissement.uai, action.parent_id])
    cle = [action.pk] if manque.page not in ("matrice",) else []
    return f"{reverse(manque.page, args=[etablissement.uai, *cle])}{ancre}"
