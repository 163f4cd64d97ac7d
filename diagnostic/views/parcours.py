"""The entrance of the Diagnostic step."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from diagnostic.domain.reponses import commencer_diagnostic
from diagnostic.domain.reprises import commencer_depuis_l_an_dernier
from diagnostic.queries.copies import copies_de
from diagnostic.queries.parcours import campagne_en_cours, depart_possible, diagnostic_en_cours
from diagnostic.rules import empechement_commencer, empechement_repondre
from diagnostic.views.acces import sa_part
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def accueil(request: HttpRequest, uai: str) -> HttpResponse:
    """Where the school stands: start, resume, read what was signed."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_DIAGNOSTIC)
    maintenant = timezone.now()
    campagne = campagne_en_cours(etablissement, maintenant)
    repond = Droit.REPONDRE in etablissement.droits
    lit_le_brouillon = Droit.LIRE_BROUILLON in etablissement.droits
    etat = diagnostic_en_cours(etablissement, campagne, request.user) if lit_le_brouillon else None
    contexte = {
        "etablissement": etablissement,
        "etape": "diagnostic",
        "campagne": campagne,
        "annee": campagne.annee_scolaire if campagne else "",
        "se_prepare": campagne is not None and campagne.jour_local(maintenant) < campagne.date_ouverture,
        "etat": etat,
        "depart": depart_possible(etablissement, campagne, etat) if repond else None,
        "copies": copies_de(etablissement),
        "empechement": empechement_commencer(etablissement, campagne, campagne and campagne.fin, maintenant),
        "empechement_repondre": empechement_repondre(etat.diagnostic, maintenant) if etat else None,
        "peut_repondre": repond,
        "peut_confier": Droit.CONFIER in etablissement.droits,
        "peut_signer": Droit.SIGNER in etablissement.droits,
        "sa_part": [champ for champ in etat.champs if champ.champ.code in sa_part(etat.diagnostic)] if etat else [],
        "lit_le_brouillon": lit_le_brouillon,
        "lit_les_enquetes": Droit.LIRE_ENQUETE in etablissement.droits,
    }
    return render(request, "diagnostic/accueil.html", contexte)


@require_POST
def commencer(request: HttpRequest, uai: str) -> HttpResponse:
    """Begins blank, or with the answers of the last year signed."""
    etablissement = etablissement_ou_404(request, uai, Droit.REPONDRE)
    maintenant = timezone.now()
    debuter = commencer_depuis_l_an_dernier if "reprendre" in request.POST else commencer_diagnostic
    try:
        diagnostic = debuter(
            etablissement=etablissement,
            campagne=campagne_en_cours(etablissement, maintenant),
            auteur=request.user,
            maintenant=maintenant,
        )
    except Empeche as refus:
        messages.error(request, str(refus))
        return redirect("diagnostic", uai)
    return redirect("diagnostic_reprendre", uai, diagnostic.campagne.annee_scolaire)
