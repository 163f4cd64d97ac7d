"""The past of each thing that a school writes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plans.interfaces.historique import ETAPES, MOTS, actes_dits, instant_demande, page_de, titre_de
from plans.queries.historique import SORTES, est_en_corbeille, objet_suivi
from plans.queries.vision import champs_en_vigueur
from strategie.socle.droits import Droit
from strategie.socle.queries.historique import page_d_historique
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def historique(request: HttpRequest, uai: str, sorte: str, cle: int) -> HttpResponse:
    """Fifty acts at a time, newest first; what is in the bin still has its own."""
    etablissement = etablissement_ou_404(request, uai, MOTS[sorte].droit if sorte in MOTS else Droit.LIRE_PLAN)
    objet = objet_suivi(etablissement, sorte, cle)
    if objet is None:
        raise Http404("Cet historique n'existe pas dans cet établissement.")
    avant = instant_demande(request.GET.get("avant", ""))
    page = page_d_historique(objet, SORTES[sorte], avant)
    adresse, libelle = page_de(etablissement, sorte, objet)
    contexte = {
        "etablissement": etablissement,
        "etape": ETAPES.get(sorte, "moyens"),
        "mots": MOTS[sorte],
        "titre": titre_de(sorte, objet),
        "en_corbeille": est_en_corbeille(objet),
        "retour": {"adresse": adresse, "libelle": libelle},
        "actes": actes_dits(page.actes, champs_en_vigueur(etablissement) if ETAPES.get(sorte) == "pourquoi" else {}),
        "avant": avant,
        "suivante": page.suivante.isoformat() if page.suivante else "",
    }
    return render(request, "plans/historique.html", contexte)
