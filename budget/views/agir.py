"""One act on the lines that are ticked: what will change is shown first."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from budget.domain.agir import agir as agir_sur
from budget.domain.equipements import Tenant, empechement_de_regrouper
from budget.interfaces.agir import ACTES, Acte, AgirForm, cles_cochees
from budget.interfaces.champs import adresse_locale
from budget.models import Equipement
from budget.queries.equipements import lignes_cochees, pareilles
from budget.queries.salles import salles_a_choisir
from budget.rules.controle import debut_du_controle
from budget.rules.equipements import A_LA_FOIS, PAS_A_SOI
from budget.views.acces import inventaire_ou_404
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement

RIEN = "Cochez au moins une ligne, puis dites quoi en faire."
TROP = f"Cochez {A_LA_FOIS} lignes à la fois, au plus."


@require_http_methods(["GET", "HEAD", "POST"])
def agir(request: HttpRequest, uai: str) -> HttpResponse:
    """`cles` and `acte`, from a list or from a sheet; nothing is written before `confirme`. From a sheet, a line is put
    together with all those alike.
    """
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    dit = request.POST if request.method == "POST" else request.GET
    cles, acte = cles_cochees(dit), ACTES.get(dit.get("acte", ""))
    retour = adresse_locale(dit.get("retour", "")) or _retour(uai, cles)
    lignes = lignes_cochees(etablissement, cles) if len(cles) <= A_LA_FOIS else []
    if acte is None or not lignes or (len(lignes) > 1 and not acte.au_menu):
        messages.error(request, TROP if len(cles) > A_LA_FOIS else RIEN)
        return redirect(retour)
    if acte.code == "regrouper" and len(lignes) == 1:
        lignes += pareilles(lignes[0], debut_du_controle(annee_scolaire(timezone.localdate())))
    confirme = request.method == "POST" and "confirme" in request.POST
    formulaire = _formulaire(dit if confirme else None, etablissement, acte, lignes)
    if confirme and formulaire.is_valid() and (faites := _agir(request, etablissement, formulaire, acte, lignes)):
        return redirect(retour if faites == cles else _retour(uai, faites))
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "acte": acte,
        "lignes": lignes,
        "total": sum(ligne.nombre for ligne in lignes),
        "retour": retour,
        "formulaire": formulaire,
        "empechement": _empechement(etablissement, lignes, acte),
    }
    return render(request, "budget/agir.html", contexte, status=422 if formulaire.errors else 200)


def _formulaire(
    donnees: QueryDict | None, etablissement: Etablissement, acte: Acte, lignes: list[Equipement]
) -> AgirForm:
    salles = salles_a_choisir(etablissement) if "salle" in acte.champs else ()
    return AgirForm(donnees, acte=acte, lignes=lignes, salles=salles, aujourd_hui=timezone.localdate())


def _agir(
    request: HttpRequest, etablissement: Etablissement, formulaire: AgirForm, acte: Acte, lignes: list[Equipement]
) -> frozenset[int]:
    """The lines that it is about: a part is a line of its own."""
    try:
        faites = agir_sur(
            etablissement=etablissement,
            demande=formulaire.demande(acte, lignes),
            tenant=Tenant(request.user, etablissement.proprietaire_tenu),
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return frozenset()
    nombre = formulaire.cleaned_data.get("nombre") or sum(ligne.nombre for ligne in lignes)
    messages.success(request, f"{acte.fait}\u00a0: {nombre} équipement{'s' if nombre > 1 else ''}.")
    return faites


def _empechement(etablissement: Etablissement, lignes: list[Equipement], acte: Acte) -> str | None:
    tenu = etablissement.proprietaire_tenu
    if tenu and any(ligne.proprietaire != tenu for ligne in lignes):
        return PAS_A_SOI
    return empechement_de_regrouper(lignes, timezone.localdate()) if acte.code == "regrouper" else None


def _retour(uai: str, cles: frozenset[int]) -> str:
    """The sheet of the only one, or the inventory."""
    return reverse("equipement", args=[uai, *cles]) if len(cles) == 1 else reverse("inventaire", args=[uai])
