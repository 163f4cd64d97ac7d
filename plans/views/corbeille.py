"""What the school has taken away, and may take back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from plans.domain.corbeille import restaurer as restaurer_objet
from plans.interfaces.corbeille import lignes_de_la_corbeille, sortes_lisibles
from plans.interfaces.historique import MOTS
from plans.queries.corbeille import EN_CORBEILLE_PAR_PAGE, corbeille_de, objet_en_corbeille
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def corbeille(request: HttpRequest, uai: str) -> HttpResponse:
    """Everybody in the school reads it; the head restores."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_PLAN)
    contenu = corbeille_de(etablissement, sortes_lisibles(etablissement.droits))
    page = Paginator(contenu, EN_CORBEILLE_PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "page": page,
        "lignes": lignes_de_la_corbeille(page, timezone.now()),
        "peut_restaurer": Droit.RESTAURER in etablissement.droits,
    }
    return render(request, "plans/corbeille.html", contexte)


@require_POST
def restaurer(request: HttpRequest, uai: str, sorte: str, cle: int) -> HttpResponse:
    """Back where it was, or the sentence that says why not."""
    etablissement = etablissement_ou_404(request, uai, Droit.RESTAURER)
    objet = objet_en_corbeille(etablissement, sorte, cle)
    if objet is None:
        raise Http404("Cela n'est pas, ou n'est plus, dans la corbeille de cet établissement.")
    try:
        restaurer_objet(objet=objet, auteur=request.user, maintenant=timezone.now())
    except Empeche as refus:
        messages.error(request, f"Rien n'a été restauré. {refus}")
    else:
        messages.success(request, f"{MOTS[sorte].nom} «\u00a0{objet}\u00a0»\u00a0: de retour hors de la corbeille.")
    return redirect("corbeille", uai)
