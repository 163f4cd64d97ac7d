"""Reuse first: before buying, what is there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from budget.domain.reemploi import BesoinNet
from budget.interfaces.reemploi import BesoinForm, Calcul, calculer
from budget.queries.reemploi import dormants_du_district, parc_d_une_categorie
from budget.queries.usages import terme_du_jour
from budget.views.acces import inventaire_ou_404
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement


@require_safe
def reemploi(request: HttpRequest, uai: str) -> HttpResponse:
    """The net need of a category, line by line (`?categorie=&besoin=&promis=`)."""
    etablissement = inventaire_ou_404(request, uai)
    formulaire = BesoinForm(request.GET)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "formulaire": formulaire,
        "calcul": _calculer(etablissement, **formulaire.cleaned_data) if formulaire.is_valid() else None,
        "peut_creer": Droit.MODIFIER_PLAN in etablissement.droits,
    }
    return render(request, "budget/reemploi.html", contexte, status=422 if formulaire.errors else 200)


def _calculer(etablissement: Etablissement, categorie: str, besoin: int, promis: int | None) -> Calcul:
    parc = parc_d_une_categorie(etablissement, categorie)
    return calculer(
        etablissement.uai,
        categorie,
        BesoinNet(besoin, parc.libres, promis or 0),
        parc,
        dormants_du_district(etablissement, categorie, terme_du_jour(timezone.localdate())),
    )
