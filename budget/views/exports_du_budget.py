"""The budget as files: what the page shows, with its filters."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from budget.interfaces.exports_du_budget import classeur_du_budget, colonnes_csv, nom_du_fichier, rendre_budget_pdf
from budget.views.acces_budget import synthese_demandee
from strategie.socle.droits import Droit
from strategie.socle.interfaces.exports import reponse_csv
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def en_xlsx(request: HttpRequest, uai: str) -> HttpResponseBase:
    """Lines, what pays for them, totals: a sheet each."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BUDGET)
    lu, _ = synthese_demandee(request, etablissement)
    classeur = classeur_du_budget(lu, premier_degre=etablissement.premier_degre)
    return FileResponse(classeur, as_attachment=True, filename=nom_du_fichier(uai, lu.selection, "xlsx"))


@require_safe
def en_csv(request: HttpRequest, uai: str) -> HttpResponseBase:
    """The lines."""
    lu, _ = synthese_demandee(request, etablissement_ou_404(request, uai, Droit.LIRE_BUDGET))
    return reponse_csv(nom_du_fichier(uai, lu.selection, "csv"), colonnes_csv(), lu.lignes)


@require_safe
def en_pdf(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BUDGET)
    lu, filtres = synthese_demandee(request, etablissement)
    octets = b"" if request.method == "HEAD" else rendre_budget_pdf(lu, filtres, etablissement)
    nom = nom_du_fichier(uai, lu.selection, "pdf")
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)
