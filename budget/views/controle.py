"""The yearly check, on a phone: rooms, one room, and what nobody has seen."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.controle import Bilan, controler_salle
from budget.domain.equipements import Tenant
from budget.interfaces.champs import cle_lue
from budget.interfaces.controle import (
    ETATS,
    SANS_SALLE,
    ControleDeSalle,
    cles_lues,
    lignes_a_montrer,
    lignes_envoyees,
    phrase_du_bilan,
)
from budget.models import Salle
from budget.queries.controle import (
    choses_de_la_salle,
    choses_nommees,
    dans,
    jamais_vus,
    lire_controle,
    non_vus,
    pretes_de_la_salle,
    salle_controlee,
)
from budget.queries.numeros import trouver
from budget.rules.controle import A_LA_FOIS, debut_du_controle
from budget.views.acces import inventaire_ou_404
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement


@require_safe
def controle(request: HttpRequest, uai: str) -> HttpResponse:
    """Rooms, with what was seen there since the year began."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    annee = annee_scolaire(timezone.localdate())
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "annee": annee,
        "controle": lire_controle(etablissement, debut_du_controle(annee), etablissement.proprietaire_tenu),
    }
    return render(request, "budget/controle.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def salle(request: HttpRequest, uai: str, cle: str) -> HttpResponse:
    """One room: each thing is ticked, counted, or noted as broken; then all of it is saved at once."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    visitee = _salle_ou_404(etablissement, cle)
    if request.method != "POST":
        return _montrer(request, etablissement, visitee)
    lignes = lignes_envoyees(request.POST, choses_nommees(etablissement, cles_lues(request.POST)))
    if "tout" in request.POST:
        formulaire = ControleDeSalle(None, lignes=lignes, initial=request.POST.dict())
        formulaire.tout_cocher()
        contexte = _contexte(etablissement, visitee, formulaire) | {"tout_coche": True}
        return render(request, "budget/controle_salle.html", contexte)
    formulaire = ControleDeSalle(request.POST, lignes=lignes)
    if formulaire.is_valid():
        formulaire.reconnaitre(trouver(etablissement, formulaire.cleaned_data["numeros"]))
    if formulaire.is_valid() and (bilan := _controler(request, etablissement, visitee, formulaire)):
        for ecart in bilan.ecarts:
            messages.warning(request, ecart)
        messages.success(request, phrase_du_bilan(bilan))
        return redirect(request.get_full_path())
    return render(request, "budget/controle_salle.html", _contexte(etablissement, visitee, formulaire), status=422)


@require_safe
def pas_vus(request: HttpRequest, uai: str) -> HttpResponse:
    """What was looked for and not found; with `?toutes`, what nobody has looked for either."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    annee, toutes = annee_scolaire(timezone.localdate()), "toutes" in request.GET
    debut, proprietaire = debut_du_controle(annee), etablissement.proprietaire_tenu
    commencees = [une for une in lire_controle(etablissement, debut, proprietaire).toutes if une.commencee or toutes]
    lignes = dans(non_vus(etablissement, debut, proprietaire), commencees)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "annee": annee,
        "toutes": toutes,
        "reste": sum(une.reste for une in commencees),
        "page": Paginator(lignes, A_LA_FOIS).get_page(request.GET.get("page")),
    }
    return render(request, "budget/non_vus.html", contexte)


def _salle_ou_404(etablissement: Etablissement, cle: str) -> Salle | None:
    if cle == SANS_SALLE:
        return None
    trouvee = etablissement.salles.filter(pk=cle_lue(cle)).first()
    if trouvee is None:
        raise Http404("Cette salle n'est pas, ou n'est plus, une salle de l'établissement.")
    return trouvee


def _montrer(request: HttpRequest, etablissement: Etablissement, visitee: Salle | None) -> HttpResponse:
    debut, reste = debut_du_controle(annee_scolaire(timezone.localdate())), "reste" in request.GET
    choses = choses_de_la_salle(etablissement, visitee, etablissement.proprietaire_tenu)
    page = Paginator(jamais_vus(choses, debut) if reste else choses, A_LA_FOIS).get_page(request.GET.get("page"))
    lignes = lignes_a_montrer(page, debut)
    formulaire = ControleDeSalle(None, lignes=lignes, initial={"cle": uuid.uuid4()})
    contexte = _contexte(etablissement, visitee, formulaire) | {"page": page, "reste": reste}
    return render(request, "budget/controle_salle.html", contexte)


def _controler(
    request: HttpRequest, etablissement: Etablissement, visitee: Salle | None, formulaire: ControleDeSalle
) -> Bilan | None:
    try:
        return controler_salle(
            etablissement=etablissement,
            salle=visitee,
            constats=formulaire.constats(),
            apportes=[chose.pk for chose in formulaire.trouves],
            cle=formulaire.cleaned_data["cle"],
            tenant=Tenant(request.user, etablissement.proprietaire_tenu),
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return None


def _contexte(etablissement: Etablissement, visitee: Salle | None, formulaire: ControleDeSalle) -> dict[str, Any]:
    annee, proprietaire = annee_scolaire(timezone.localdate()), etablissement.proprietaire_tenu
    return {
        "etablissement": etablissement,
        "etape": "moyens",
        "annee": annee,
        "salle": salle_controlee(etablissement, visitee, debut_du_controle(annee), proprietaire),
        "pretes": pretes_de_la_salle(etablissement, visitee, proprietaire),
        "formulaire": formulaire,
        "etats": ETATS,
        "page": None,
        "reste": False,
        "tout_coche": False,
    }
