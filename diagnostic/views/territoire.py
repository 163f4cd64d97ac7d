"""What surveys say of a territory, from what schools may show."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from diagnostic.domain.statistiques import SEUIL_DES_SEMBLABLES
from diagnostic.domain.territoire import ouvrir_la_comparaison
from diagnostic.interfaces.territoire import COLONNES, lignes_du_territoire
from diagnostic.queries.territoire import SEUIL_DES_ETABLISSEMENTS, annees_du_territoire, territoire_de
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Droit, roles_ayant
from strategie.socle.interfaces.exports import reponse_csv
from strategie.socle.models import Academie
from strategie.socle.queries.academies import academies_confiees


@require_safe
def territoire(request: HttpRequest) -> HttpResponse:
    """One académie, one school year: participation, champs, districts, training; then the comparison's switch."""
    academies, academie = _academie_ou_404(request, request.GET.get("academie", ""), Droit.LIRE_TERRITOIRE)
    annees = annees_du_territoire(academie, timezone.localdate())
    annee = _annee_ou_404(request, annees)
    contexte = {
        "academies": academies,
        "academie": academie,
        "annees": annees,
        "territoire": territoire_de(academie, annee),
        "seuil": SEUIL_DES_ETABLISSEMENTS,
        "seuil_semblables": SEUIL_DES_SEMBLABLES,
        "ouvre_la_comparaison": academies_confiees(request.user, Droit.GERER_CAMPAGNES).filter(pk=academie.pk).exists(),
    }
    return render(request, "diagnostic/territoire/territoire.html", contexte)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same figures, for a spreadsheet."""
    _, academie = _academie_ou_404(request, request.GET.get("academie", ""), Droit.LIRE_TERRITOIRE)
    annee = _annee_ou_404(request, annees_du_territoire(academie, timezone.localdate()))
    nom = f"enquetes-{annee}-{slugify(academie.nom)}.csv"
    return reponse_csv(nom, COLONNES, lignes_du_territoire(territoire_de(academie, annee)))


@require_POST
def comparaison_ouverte(request: HttpRequest) -> HttpResponse:
    """Opens the comparison with similar schools in an académie (`ouverte=oui`), or closes it."""
    _, academie = _academie_ou_404(request, request.POST.get("academie", ""), Droit.GERER_CAMPAGNES)
    ouverte = request.POST.get("ouverte", "") == "oui"
    ouvrir_la_comparaison(academie=academie, ouverte=ouverte, auteur=request.user)
    fait = "ouverte à chaque établissement" if ouverte else "fermée"
    messages.success(request, f"La comparaison avec des établissements semblables est {fait}.")
    adresse = reverse("enquetes_territoire", query={"academie": academie.code}, fragment="comparaison")
    return redirect(adresse)


def _academie_ou_404(request: HttpRequest, code: str, droit: Droit) -> tuple[list[Academie], Academie]:
    """The person's académies, and the one asked for, or the first; another's does not exist."""
    academies = list(academies_confiees(request.user, droit))
    if not academies:
        roles = ", ".join(role.label.lower() for role in roles_ayant(droit))
        raise PermissionDenied(f"Cette page s'adresse à qui suit une académie entière ({roles}).")
    academie = next((a for a in academies if a.code == code), None) if code else academies[0]
    if academie is None:
        raise Http404("Cette académie n'est pas dans votre périmètre.")
    timezone.activate(academie.zone)
    return academies, academie


def _annee_ou_404(request: HttpRequest, annees: list[str]) -> str:
    """The year asked for, or the present one."""
    annee = request.GET.get("annee") or annee_scolaire(timezone.localdate())
    if annee not in annees:
        raise Http404("Aucune enquête n'a été dépouillée cette année-là.")
    return annee
