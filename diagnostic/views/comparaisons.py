"""Year on year, with similar schools, and « what if »."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from diagnostic.domain.anonymat import PAS_DU_TAUX, SEUIL_TEXTES
from diagnostic.domain.instantanes import nommer_un_moment, retirer_un_nom
from diagnostic.domain.statistiques import PERSONNES_POUR_CONCLURE, SEUIL_DES_SEMBLABLES
from diagnostic.interfaces.comparaisons import (
    NomForm,
    barres_des_moyennes,
    barres_des_paliers,
    etendues,
    lecture_diagnostics,
    lecture_enquetes,
    lecture_semblables,
)
from diagnostic.queries.et_si import contenu_actuel, supposer
from diagnostic.queries.evolution import choisir, evolution, moments_signes
from diagnostic.queries.evolution_enquetes import evolution_enquete, moments_depouilles
from diagnostic.queries.semblables import (
    annees_a_comparer,
    diagnostics_semblables,
    enquetes_semblables,
    obstacle,
    tranche_de,
)
from diagnostic.views.acces import diagnostic_ou_404
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404, exiger

CONDITIONS_MAX = 200  # more than any version asks
MOT_MAX = 20


# --- Two moments ------------------------------------------------------------------------------------------
@require_safe
def comparer(request: HttpRequest, uai: str) -> HttpResponse:
    """Two signed diagnostics, or two surveys."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_DIAGNOSTIC)
    if request.GET.get("quoi") == "enquetes":
        exiger(etablissement, Droit.LIRE_ENQUETE)
        return _comparer_enquetes(request, etablissement)
    choix = choisir(moments_signes(etablissement), request.GET.get("avant", ""), request.GET.get("apres", ""))
    contexte = _contexte(etablissement, "diagnostics") | {"choix": choix}
    if choix.avant and choix.apres:
        evolue = evolution(choix.avant, choix.apres)
        contexte |= {
            "evolution": evolue,
            "lecture": lecture_diagnostics(evolue),
            "barres": barres_des_paliers(evolue),
        }
    return render(request, "diagnostic/comparer/diagnostics.html", contexte)


def _comparer_enquetes(request: HttpRequest, etablissement: Etablissement) -> HttpResponse:
    choix = choisir(moments_depouilles(etablissement), request.GET.get("avant", ""), request.GET.get("apres", ""))
    contexte = _contexte(etablissement, "enquetes") | {"choix": choix}
    if choix.avant and choix.apres:
        evolue = evolution_enquete(choix.avant, choix.apres, request.GET.get("groupe", ""))
        contexte |= {
            "evolution": evolue,
            "lecture": lecture_enquetes(evolue),
            "barres": barres_des_moyennes(evolue),
        }
    return render(request, "diagnostic/comparer/enquetes.html", contexte)


def _contexte(etablissement: Etablissement, page: str) -> dict[str, Any]:
    """What the pages under « Comparer » share: the ways from one to another that are open to the person."""
    return {
        "etablissement": etablissement,
        "etape": "diagnostic",
        "page": page,
        "lit_les_enquetes": Droit.LIRE_ENQUETE in etablissement.droits,
        "lit_les_semblables": Droit.LIRE_BROUILLON in etablissement.droits,
        "nomme": Droit.REPONDRE in etablissement.droits,
    }


# --- Names ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def nommer(request: HttpRequest, uai: str) -> HttpResponse:
    """The names already given, and the form that gives one more."""
    etablissement = etablissement_ou_404(request, uai, Droit.REPONDRE)
    lit_les_enquetes = Droit.LIRE_ENQUETE in etablissement.droits
    formulaire = NomForm(
        request.POST if request.method == "POST" else None,
        signes=moments_signes(etablissement),
        depouilles=moments_depouilles(etablissement) if lit_les_enquetes else (),
    )
    if request.method == "POST" and formulaire.is_valid() and _nommer(request, etablissement, formulaire):
        messages.success(request, "Le moment est nommé.")
        return redirect("instantane_nommer", uai)
    contexte = _contexte(etablissement, "noms") | {
        "formulaire": formulaire,
        "instantanes": etablissement.instantanes.select_related("copie__diagnostic__campagne", "enquete").defer(
            "copie__contenu", "copie__pdf", "enquete__questions"
        ),
    }
    return render(request, "diagnostic/comparer/noms.html", contexte, status=422 if formulaire.errors else 200)


def _nommer(request: HttpRequest, etablissement: Etablissement, formulaire: NomForm) -> bool:
    try:
        nommer_un_moment(
            etablissement=etablissement,
            nom=formulaire.cleaned_data["nom"],
            moment=formulaire.choisi,
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error("nom", str(refus))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def retirer_nom(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first; what was named stays."""
    etablissement = etablissement_ou_404(request, uai, Droit.REPONDRE)
    instantane = get_object_or_404(etablissement.instantanes, pk=cle)
    if request.method == "POST":
        retirer_un_nom(instantane=instantane, auteur=request.user)
        messages.success(request, "Le nom est retiré.")
        return redirect("instantane_nommer", uai)
    contexte = _contexte(etablissement, "noms") | {"instantane": instantane}
    return render(request, "diagnostic/comparer/retirer_nom.html", contexte)


# --- Similar schools --------------------------------------------------------------------------------------
@require_safe
def semblables(request: HttpRequest, uai: str) -> HttpResponse:
    """The middle half of the schools that are like this one; for its own team only."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BROUILLON)
    empeche = obstacle(etablissement)
    contexte = _contexte(etablissement, "semblables") | {"obstacle": empeche, "seuil": SEUIL_DES_SEMBLABLES}
    if empeche is None:
        annee, annee_enquete = annees_a_comparer(etablissement, timezone.localdate())
        contexte |= {"tranche": tranche_de(etablissement), "annee": annee} | _des_diagnostics(etablissement, annee)
        if contexte["lit_les_enquetes"]:
            contexte |= _des_enquetes(etablissement, annee_enquete)
    return render(request, "diagnostic/comparer/semblables.html", contexte)


def _des_diagnostics(etablissement: Etablissement, annee: str) -> dict[str, Any]:
    trouves = diagnostics_semblables(etablissement, annee)
    parts, paliers = trouves.reperes["part"], trouves.reperes["palier"]
    return {
        "diagnostics": trouves,
        "paliers": etendues(paliers, "Palier par champ parmi les établissements semblables", 1),
        "parts": etendues(parts, "Part des points par champ parmi les établissements semblables", 0),
        "lecture": lecture_semblables(parts, "part des points") if parts else None,
    }


def _des_enquetes(etablissement: Etablissement, annee: str) -> dict[str, Any]:
    trouvees = enquetes_semblables(etablissement, annee)
    reperes = trouvees.reperes["moyenne"]
    return {
        "enquetes": trouvees,
        "moyennes": etendues(reperes, "Moyenne des équipes par champ, établissements semblables", 2),
        "lecture_des_enquetes": lecture_semblables(reperes, "moyenne") if reperes else None,
    }


# --- What if ----------------------------------------------------------------------------------------------
@require_safe
def et_si(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """The paliers as they would be if some missing conditions were fulfilled; nothing is kept."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    etablissement = diagnostic.etablissement
    supposition = supposer(contenu_actuel(diagnostic, timezone.now()), request.GET.getlist("oui")[:CONDITIONS_MAX])
    contexte = _contexte(etablissement, "et_si") | {
        "diagnostic": diagnostic,
        "annee": annee,
        "supposition": supposition,
        "inconnus": [code[:MOT_MAX] for code in supposition.inconnus],
        "retour": request.get_full_path(),
    }
    return render(request, "diagnostic/comparer/et_si.html", contexte)


# --- How it is computed -----------------------------------------------------------------------------------
@login_not_required
@require_safe
def calculs(request: HttpRequest) -> HttpResponse:
    """Each figure's formula, with an example to redo by hand."""
    contexte = {
        "seuil": settings.SEUIL_ANONYMAT,
        "seuil_textes": SEUIL_TEXTES,
        "pas_du_taux": PAS_DU_TAUX,
        "personnes": PERSONNES_POUR_CONCLURE,
        "seuil_semblables": SEUIL_DES_SEMBLABLES,
    }
    return render(request, "publiques/calculs.html", contexte)
