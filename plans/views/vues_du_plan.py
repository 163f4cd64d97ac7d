"""The plan of a school year as its readers look at it: table, by state, timeline; and one's own actions."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from plans.interfaces.annonces import annonces_du_plan
from plans.interfaces.frise import dessiner
from plans.interfaces.plan_par_etat import groupes_des_miennes, sections
from plans.interfaces.selection import Selection, bilan, choisir
from plans.interfaces.suivi_rapide import SuiviRapide
from plans.interfaces.tableau_du_plan import ENTETES, corps_du_tableau
from plans.queries.plan import etendue_du_plan, lire_plan, mes_actions
from plans.rules.besoins import est_une_annee
from plans.rules.tour import annee_qui_finit, est_le_moment
from plans.views.acces import plan_lisible_ou_404
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def tableau(request: HttpRequest, uai: str) -> HttpResponse:
    """What the seed's workshop ends with: thème, quoi, comment, qui, quand, indicateurs."""
    etablissement, jour = plan_lisible_ou_404(request, uai), timezone.localdate()
    selection = _selection(request, etablissement, jour)
    peut_ajouter = Droit.MODIFIER_PLAN in etablissement.droits
    corps = corps_du_tableau(selection, uai, jour, peut_ajouter=peut_ajouter)
    contexte = _contexte(request, etablissement, selection, jour)
    return render(request, "plans/moyens.html", contexte | {"corps": corps, "entetes": ENTETES})


@require_safe
def par_etat(request: HttpRequest, uai: str) -> HttpResponse:
    """What is late first, then by state; each may be brought up to date from there."""
    etablissement, jour = plan_lisible_ou_404(request, uai), timezone.localdate()
    selection = _selection(request, etablissement, jour)
    suivi = SuiviRapide(etablissement, request.user.pk, get_token(request), request.get_full_path(), jour)
    contexte = _contexte(request, etablissement, selection, jour)
    return render(request, "plans/par_etat.html", contexte | {"sections": sections(selection, suivi)})


@require_safe
def frise(request: HttpRequest, uai: str) -> HttpResponse:
    """School years and terms from left to right, an action a line; then the same as a table."""
    etablissement, jour = plan_lisible_ou_404(request, uai), timezone.localdate()
    selection = _selection(request, etablissement, jour)
    contexte = _contexte(request, etablissement, selection, jour)
    return render(request, "plans/frise.html", contexte | {"frise": dessiner(selection, uai, jour)})


@require_safe
def miennes(request: HttpRequest, uai: str) -> HttpResponse:
    """Those that the person carries or contributes to, what is late first."""
    etablissement, jour = etablissement_ou_404(request, uai, Droit.LIRE_PLAN), timezone.localdate()
    lignes = mes_actions(etablissement, request.user, jour)
    suivi = SuiviRapide(etablissement, request.user.pk, get_token(request), request.path, jour)
    contexte = {"etablissement": etablissement, "etape": "moyens", "groupes": groupes_des_miennes(lignes, suivi)}
    contexte |= {"en_retard": sum(ligne.en_retard for ligne in lignes), "nombre": len(lignes)}
    return render(request, "plans/mes_actions.html", contexte)


def _selection(request: HttpRequest, etablissement: Etablissement, jour: datetime.date) -> Selection:
    """The plan of the year asked for, and what the address filters of it."""
    annee = request.GET.get("annee") or annee_scolaire(jour)
    if not est_une_annee(annee):
        raise Http404("Cette année scolaire n'existe pas.")
    entier = Droit.LIRE_PLAN in etablissement.droits
    plan = lire_plan(etablissement, annee, jour, brouillons=entier)
    return choisir(plan, request.GET, request.path, entier=entier)


def _contexte(
    request: HttpRequest, etablissement: Etablissement, selection: Selection, jour: datetime.date
) -> dict[str, object]:
    """What the three views of a year share."""
    cette_annee, annee = annee_scolaire(jour), selection.plan.annee
    entier = Droit.LIRE_PLAN in etablissement.droits
    etendue = etendue_du_plan(etablissement, jour, brouillons=entier)
    return {
        "etablissement": etablissement,
        "etape": "moyens",
        "annee": annee,
        "annee_choisie": annee if annee != cette_annee else "",
        "annees": sorted({annee, cette_annee, *etendue.annees}, reverse=True),
        "chemin": request.path,
        "selection": selection,
        "annonces": annonces_du_plan(etablissement, selection.plan, jour),
        "bilan": bilan(selection.plan, reverse("moyens", args=[etablissement.uai]), entier=entier),
        "entier": entier,
        "peut_ajouter": Droit.MODIFIER_PLAN in etablissement.droits,
        "a_tourner": etendue.a_tourner if est_le_moment(jour) else 0,
        "annee_qui_finit": annee_qui_finit(jour),
    }
