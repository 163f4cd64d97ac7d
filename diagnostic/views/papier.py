"""On paper or in a spreadsheet: the form to print, the workbook to fill in, and what comes back."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diagnostic.domain.papier import ReponsesChangees, importer_reponses
from diagnostic.interfaces.classeur_a_remplir import ecrire_classeur
from diagnostic.interfaces.classeur_rempli import depouiller, refus_du_conflit
from diagnostic.interfaces.papier import PagePapier, RetourForm, rendre_formulaire_pdf
from diagnostic.queries.etat import EtatDiagnostic, etat_du_diagnostic
from diagnostic.rules import empechement_repondre
from diagnostic.views.acces import diagnostic_ou_404, peut_repondre
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.interfaces.imports import FichierRefuse
from strategie.socle.views.acces import refuser_l_acces

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def papier(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """Two files to take away, one to bring back; all of its answers are kept, or none."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    etat = etat_du_diagnostic(diagnostic)
    permis = any(peut_repondre(diagnostic, champ.champ.code) for champ in etat.champs)
    if request.method == "POST" and not permis:
        raison = "Vous pouvez lire ces réponses, pas les renvoyer : aucun champ ne vous est confié."
        refuser_l_acces(diagnostic.etablissement, Droit.REPONDRE_CONFIE, raison)
    formulaire = RetourForm(request.POST or None, request.FILES or None)
    page = PagePapier(empechement=empechement_repondre(diagnostic, timezone.now()))
    if request.method == "POST" and formulaire.is_valid():
        page = _importer(request, etat, formulaire)
    contexte = {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "diagnostic": diagnostic,
        "peut_renvoyer": permis,
        "formulaire": formulaire,
        "page": page,
    }
    refusee = request.method == "POST" and page.bilan is None
    return render(request, "diagnostic/papier.html", contexte, status=422 if refusee else 200)


def _importer(request: HttpRequest, etat: EtatDiagnostic, formulaire: RetourForm) -> PagePapier:
    """What the page says of the file: what was kept, or everything that prevents it."""
    fichier, simulation = formulaire.cleaned_data["fichier"], formulaire.cleaned_data["simulation"]
    page = PagePapier(fichier=fichier.nom, simulation=simulation)
    try:
        lu = depouiller(fichier.contenu, etat, partial(peut_repondre, etat.diagnostic))
        if lu.refuses:
            return page.refusee(lu.refuses)
        bilan = importer_reponses(
            diagnostic=etat.diagnostic,
            saisies=lu.saisies,
            auteur=request.user,
            maintenant=timezone.now(),
            simulation=simulation,
        )
    except FichierRefuse as refuse:
        return page.refusee([refuse.refus])
    except ReponsesChangees as changees:
        return page.refusee([refus_du_conflit(conflit) for conflit in changees.conflits])
    except Empeche as refus:
        return PagePapier(fichier=page.fichier, empechement=str(refus))
    return page.acceptee(bilan, lu.inchangees)


@require_safe
def papier_pdf(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """The form to print; `?rempli=1` ticks the answers kept so far."""
    etat = etat_du_diagnostic(diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON))
    # A probe asks for the headers only: nothing is laid out for it.
    pdf = b"" if request.method == "HEAD" else rendre_formulaire_pdf(etat, rempli=request.GET.get("rempli") == "1")
    return _telecharger(pdf, "application/pdf", f"formulaire-{uai}-{annee}.pdf")


@require_safe
def papier_classeur(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """The workbook to fill in."""
    etat = etat_du_diagnostic(diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON))
    return _telecharger(ecrire_classeur(etat), TYPE_XLSX, f"reponses-{uai}-{annee}.xlsx")


def _telecharger(octets: bytes, type_contenu: str, nom: str) -> HttpResponse:
    reponse = HttpResponse(octets, content_type=type_contenu)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
