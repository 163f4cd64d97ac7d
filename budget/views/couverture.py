"""Who has been trained, counted by team; how many people each team has."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.effectifs import fixer_effectifs
from budget.interfaces.couverture import EffectifsForm, lignes_dites
from budget.queries.couverture import effectifs_de, lire_couverture
from budget.queries.plan_formation import trois_annees
from budget.views.acces_formation import formations_a_ecrire_ou_404, formations_lisibles_ou_404, lecteur_de
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import annee_demandee, envoye
from strategie.socle.domain.calendrier import annee_precedente, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement


@require_safe
def couverture(request: HttpRequest, uai: str) -> HttpResponse:
    """The school year of the address (`?annee=`), or this one, and the two before."""
    etablissement, derniere = formations_lisibles_ou_404(request, uai), annee_demandee(request)
    tableau = lire_couverture(etablissement, trois_annees(annee_precedente(annee_precedente(derniere))))
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "tableau": tableau,
        "lignes": lignes_dites(tableau),
        "lecteur": lecteur_de(etablissement),
        "annee": derniere,
        "avant": annee_precedente(derniere),
        "apres": annee_suivante(derniere),
    }
    return render(request, "budget/couverture.html", contexte)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def effectifs(request: HttpRequest, uai: str) -> HttpResponse:
    """Of one school year."""
    etablissement, annee = formations_a_ecrire_ou_404(request, uai), annee_demandee(request)
    formulaire = EffectifsForm(envoye(request), tenus=effectifs_de(etablissement.pk, annee))
    if request.method == "POST" and formulaire.is_valid() and _fixer(request, etablissement, annee, formulaire):
        messages.success(request, f"Les effectifs de {annee} sont enregistrés.")
        return redirect(reverse("couverture", args=[uai], query={"annee": annee}))
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "annee": annee}
    contexte |= {"avant": annee_precedente(annee), "apres": annee_suivante(annee)}
    return render(request, "budget/effectifs_equipes.html", contexte, status=formulaire.statut)


def _fixer(request: HttpRequest, etablissement: Etablissement, annee: str, formulaire: EffectifsForm) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    try:
        conflits = fixer_effectifs(
            etablissement=etablissement, annee=annee, base=base, saisie=saisie, auteur=request.user
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        tenus = effectifs_de(etablissement.pk, annee)
        formulaire.signaler(conflits, {equipe: tenus.get(equipe) for equipe in saisie})
    return not conflits
