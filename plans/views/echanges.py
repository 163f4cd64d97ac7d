"""The plan that leaves in a workbook or a text document, and the one that comes back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from plans.domain.depots import deposer, noter_repetition, retirer_depot
from plans.domain.import_du_plan import importer_plan
from plans.interfaces.classeur_du_plan import ecrire_plan
from plans.interfaces.correspondance import CorrespondanceForm
from plans.interfaces.document_du_plan import ecrire_document
from plans.interfaces.importation import COLONNES_DES_ERREURS, EnvoiForm, FichierRecu, Repetition
from plans.interfaces.lecture_du_fichier import esquisser_fichier, est_d_ailleurs, lire_fichier
from plans.interfaces.tableau_en_mots import tableau_en_mots
from plans.models import Depot
from plans.queries.depots import depot_de
from plans.queries.echanges import lire_plan_tenu
from plans.queries.matrice import lignes_de_la_matrice
from plans.queries.plan import etendue_du_plan, lire_plan
from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Droit
from strategie.socle.interfaces.exports import reponse_csv
from strategie.socle.interfaces.imports import FichierRefuse
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404, exiger

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPE_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PLUS_LA = "Ce fichier n'est plus là\u00a0: il a été importé, ou remplacé. Envoyez-le de nouveau."


# --- Out -------------------------------------------------------------------------------------------------------
@require_safe
def exporter(request: HttpRequest, uai: str) -> HttpResponse:
    """The workbook of a school year (`?annee=`), or of all of them (`?annee=toutes`)."""
    etablissement, jour = etablissement_ou_404(request, uai, Droit.LIRE_PLAN), timezone.localdate()
    toutes = request.GET.get("annee") == "toutes"
    annee = annee_scolaire(jour) if toutes else _annee(request)
    if request.method == "HEAD":  # a probe asks for the headers only
        return _telecharger(b"", TYPE_XLSX, "plan.xlsx")
    octets = ecrire_plan(
        etablissement,
        None if toutes else annee,
        lire_plan_tenu(etablissement, jour),
        tableau_en_mots(lire_plan(etablissement, annee, jour, brouillons=True), jour),
        lignes_de_la_matrice(etablissement, annee),
        annee,
    )
    return _telecharger(octets, TYPE_XLSX, f"plan-{uai}-{'toutes-les-annees' if toutes else annee}.xlsx")


@require_safe
def exporter_document(request: HttpRequest, uai: str) -> HttpResponse:
    """The text document of a school year, to be worked over or printed."""
    etablissement, jour = etablissement_ou_404(request, uai, Droit.LIRE_PLAN), timezone.localdate()
    annee = _annee(request)
    if request.method == "HEAD":
        return _telecharger(b"", TYPE_DOCX, "plan.docx")
    plan = lire_plan(etablissement, annee, jour, brouillons=True)
    matrice = lignes_de_la_matrice(etablissement, annee)
    octets = ecrire_document(etablissement, annee, jour, plan.axes, tableau_en_mots(plan, jour), matrice)
    return _telecharger(octets, TYPE_DOCX, f"plan-{uai}-{annee}.docx")


def _annee(request: HttpRequest) -> str:
    annee = request.GET.get("annee") or annee_scolaire(timezone.localdate())
    if not est_une_annee(annee):
        raise Http404("Cette année scolaire n'existe pas.")
    return annee


def _telecharger(octets: bytes, type_contenu: str, nom: str) -> HttpResponse:
    reponse = HttpResponse(octets, content_type=type_contenu)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


# --- In --------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest, uai: str) -> HttpResponse:
    """What leaves, for whoever reads the plan; a file that comes back, for who writes it: nothing is written yet."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_PLAN)
    if request.method == "POST":
        exiger(etablissement, Droit.MODIFIER_PLAN)
    formulaire, repetition = EnvoiForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and formulaire.is_valid():
        try:
            return _deposer(request, etablissement, formulaire.cleaned_data["fichier"])
        except FichierRefuse as refuse:
            repetition = Repetition.du_fichier_refuse(refuse)
    contexte = _contexte(etablissement) | {
        "annees": etendue_du_plan(etablissement, timezone.localdate(), brouillons=True).annees,
        "peut_importer": Droit.MODIFIER_PLAN in etablissement.droits,
        "formulaire": formulaire,
        "repetition": repetition,
    }
    return render(request, "plans/importer.html", contexte, status=422 if request.method == "POST" else 200)


def _deposer(request: HttpRequest, etablissement: Etablissement, recu: FichierRecu) -> HttpResponse:
    """A workbook of ours is rehearsed at once; of a plan made elsewhere, the columns are asked first."""
    ailleurs = est_d_ailleurs(recu.contenu)
    depot = deposer(
        etablissement=etablissement,
        nom=recu.nom,
        contenu=recu.contenu,
        auteur=request.user,
        maintenant=timezone.now(),
    )
    if not ailleurs:
        _repeter(request, depot)
    return redirect("plan_import_colonnes" if ailleurs else "plan_import", etablissement.uai, depot.cle)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def colonnes(request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
    """Which column of a plan made elsewhere is what."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    depot = depot_de(etablissement, request.user, cle, avec_contenu=True)
    if depot is None:
        return _renvoyer(request, uai)
    esquisse = esquisser_fichier(bytes(depot.contenu), request.GET)
    formulaire = CorrespondanceForm(esquisse, annee_scolaire(timezone.localdate()), depot, request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        _repeter(request, depot, formulaire.correspondance())
        return redirect("plan_import", uai, depot.cle)
    contexte = _contexte(etablissement) | {"depot": depot, "esquisse": esquisse, "formulaire": formulaire}
    return render(request, "plans/importer_colonnes.html", contexte, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
    """What the file would do; confirmed, it is done whole or not at all."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    depot = depot_de(etablissement, request.user, cle, avec_contenu=request.method == "POST")
    if depot is None or depot.repetition is None:
        return _renvoyer(request, uai)
    repetition = Repetition.from_json(depot.repetition)
    if request.method == "POST":
        repetition = _repeter(request, depot, depot.correspondance, simulation=False)
        if not repetition.refuses:
            retirer_depot(depot=depot)
            messages.success(request, repetition.en_phrase)
            return redirect("moyens", uai)
    contexte = _contexte(etablissement) | {"depot": depot, "repetition": repetition}
    return render(request, "plans/importer_verifier.html", contexte, status=422 if request.method == "POST" else 200)


@require_safe
def erreurs(request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
    """Everything refused, for a spreadsheet."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    depot = depot_de(etablissement, request.user, cle)
    if depot is None or depot.repetition is None:
        raise Http404(PLUS_LA)
    refuses = Repetition.from_json(depot.repetition).refuses
    return reponse_csv(f"erreurs-{uai}.csv", COLONNES_DES_ERREURS, refuses)


def _repeter(
    request: HttpRequest, depot: Depot, correspondance: dict | None = None, *, simulation: bool = True
) -> Repetition:
    """What the file asks for, done for good only when nothing of it is refused; noted beside it."""
    try:
        lecture = lire_fichier(bytes(depot.contenu), depot.etablissement, timezone.localdate(), correspondance)
        resultat = importer_plan(
            etablissement=depot.etablissement,
            demande=lecture.demande,
            auteur=request.user,
            maintenant=timezone.now(),
            simulation=simulation or bool(lecture.refuses),
        )
        repetition = Repetition.de(lecture, resultat)
    except FichierRefuse as refuse:
        repetition = Repetition.du_fichier_refuse(refuse)
    noter_repetition(depot=depot, repetition=repetition.to_json(), correspondance=correspondance)
    return repetition


def _renvoyer(request: HttpRequest, uai: str) -> HttpResponse:
    messages.info(request, PLUS_LA)
    return redirect("plan_importer", uai)


def _contexte(etablissement: Etablissement) -> dict[str, object]:
    return {"etablissement": etablissement, "etape": "moyens", "annee": annee_scolaire(timezone.localdate())}
