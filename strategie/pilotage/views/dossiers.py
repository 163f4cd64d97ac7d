"""The board's files: prepared, made, read, kept, checked."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.views.demande import envoye
from strategie.pilotage.domain.dossiers import choisir_sections, faire_dossier, lire_choix
from strategie.pilotage.interfaces.conseil import contexte_du_conseil
from strategie.pilotage.interfaces.documents import DOCX
from strategie.pilotage.interfaces.dossier import contexte_du_dossier, imprimer_dossier
from strategie.pilotage.interfaces.dossier_docx import ecrire_dossier
from strategie.pilotage.interfaces.preparer import PreparerForm, VerifierForm
from strategie.pilotage.interfaces.tableaux_du_dossier import classeur_du_dossier
from strategie.pilotage.models import Dossier
from strategie.pilotage.queries.contenu_du_dossier import contenu_du_dossier
from strategie.pilotage.queries.dossiers import dossier_d_empreinte, dossier_de_numero, dossiers_de
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def evaluation(request: HttpRequest, uai: str) -> HttpResponse:
    """The step's home: the files of the board, its meetings and its acts."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_DOSSIER)
    contexte = {
        "etablissement": etablissement,
        "etape": "evaluation",
        "dossiers": dossiers_de(etablissement),
        "prepare": Droit.PREPARER_DOSSIER in etablissement.droits,
    } | contexte_du_conseil(etablissement, timezone.localdate())
    return render(request, "pilotage/evaluation.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def preparer(request: HttpRequest, uai: str) -> HttpResponse:
    """Ticks and report, kept for the next file; « Voir l'aperçu » shows what they would give, and keeps nothing."""
    etablissement = etablissement_ou_404(request, uai, Droit.PREPARER_DOSSIER)
    formulaire = _formulaire(request, etablissement)
    if request.method == "POST" and formulaire.is_valid():
        if "apercu" in request.POST:
            return _apercu(request, etablissement, _contenu(etablissement, formulaire))
        if _garder(request, etablissement, formulaire):
            messages.success(request, "Vos choix sont enregistrés pour ce dossier et les suivants.")
            return redirect("dossier_preparer", uai)
    return _page_preparer(request, etablissement, formulaire)


@require_POST
def faire(request: HttpRequest, uai: str) -> HttpResponse:
    """Keeps the choices, then freezes the file. Sent twice, it is one file."""
    etablissement = etablissement_ou_404(request, uai, Droit.PREPARER_DOSSIER)
    formulaire = _formulaire(request, etablissement)
    if not (formulaire.is_valid() and _garder(request, etablissement, formulaire)):
        return _page_preparer(request, etablissement, formulaire)
    maintenant = timezone.now()
    dossier = faire_dossier(
        etablissement=etablissement,
        sections=formulaire.cleaned_data["sections"],
        annee=annee_scolaire(timezone.localdate(maintenant)),
        exercice=formulaire.cleaned_data["exercice"],
        auteur=request.user,
        maintenant=maintenant,
        rendre_pdf=imprimer_dossier,
    )
    messages.success(request, f"Le dossier n°\u00a0{dossier.numero} est fait.")
    return redirect("dossier", uai, dossier.numero)


def _formulaire(request: HttpRequest, etablissement: Etablissement) -> PreparerForm:
    tenu = lire_choix(etablissement)
    return PreparerForm(envoye(request), etablissement=etablissement, tenu=tenu, exercice=timezone.localdate().year)


def _garder(request: HttpRequest, etablissement: Etablissement, formulaire: PreparerForm) -> bool:
    conflits = choisir_sections(
        etablissement=etablissement,
        base=formulaire.base(),
        saisie=formulaire.saisie(),
        auteur=request.user,
        maintenant=timezone.now(),
    )
    if conflits:
        formulaire.signaler(conflits, lire_choix(etablissement))
    return not conflits


def _page_preparer(request: HttpRequest, etablissement: Etablissement, formulaire: PreparerForm) -> HttpResponse:
    contexte = {"etablissement": etablissement, "etape": "evaluation", "formulaire": formulaire}
    return render(request, "pilotage/preparer.html", contexte, status=formulaire.statut)


def _contenu(etablissement: Etablissement, formulaire: PreparerForm) -> dict[str, Any]:
    jour = timezone.localdate()
    contenu = contenu_du_dossier(
        etablissement,
        sections=formulaire.cleaned_data["sections"],
        annee=annee_scolaire(jour),
        exercice=formulaire.cleaned_data["exercice"],
        jour=jour,
    )
    return contenu | ({"rapport": formulaire.cleaned_data["rapport"]} if "rapport" in contenu["sections"] else {})


def _apercu(
    request: HttpRequest, etablissement: Etablissement, contenu: dict[str, Any], dossier: Dossier | None = None
) -> HttpResponse:
    contexte = contexte_du_dossier(contenu, dossier.numero if dossier else "")
    contexte |= {"etablissement": etablissement, "etape": "evaluation", "dossier": dossier, "ecran": True}
    return render(request, "pilotage/dossier.html", contexte)


# --- A file that was made --------------------------------------------------------------------------------------
def _dossier_ou_404(request: HttpRequest, uai: str, numero: str) -> Dossier:
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_DOSSIER)
    dossier = dossier_de_numero(etablissement, numero)
    if dossier is None:
        raise Http404("L'établissement n'a pas de dossier de ce numéro.")
    dossier.etablissement = etablissement
    return dossier


@require_safe
def voir(request: HttpRequest, uai: str, numero: str) -> HttpResponse:
    dossier = _dossier_ou_404(request, uai, numero)
    return _apercu(request, dossier.etablissement, json.loads(dossier.contenu), dossier)


@require_safe
def pdf(request: HttpRequest, uai: str, numero: str) -> HttpResponse:
    """The very bytes that were frozen."""
    dossier = _dossier_ou_404(request, uai, numero)
    nom = f'attachment; filename="dossier-{uai}-{numero}.pdf"'
    return HttpResponse(bytes(dossier.pdf), content_type="application/pdf", headers={"Content-Disposition": nom})


@require_safe
def xlsx(request: HttpRequest, uai: str, numero: str) -> FileResponse:
    classeur = classeur_du_dossier(json.loads(_dossier_ou_404(request, uai, numero).contenu))
    return FileResponse(classeur, as_attachment=True, filename=f"dossier-{uai}-{numero}.xlsx", content_type=XLSX)


@require_safe
def docx(request: HttpRequest, uai: str, numero: str) -> HttpResponse:
    dossier = _dossier_ou_404(request, uai, numero)
    nom = f'attachment; filename="dossier-{uai}-{numero}.docx"'
    document = ecrire_dossier(json.loads(dossier.contenu), numero)
    return HttpResponse(document, content_type=DOCX, headers={"Content-Disposition": nom})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verifier(request: HttpRequest) -> HttpResponse:
    """Public: which file this is, unchanged, or none of ours. Nothing of it is kept."""
    formulaire = VerifierForm(envoye(request), request.FILES or None)
    contexte: dict[str, Any] = {"formulaire": formulaire}
    if request.method == "POST" and formulaire.is_valid():
        sha256 = hashlib.file_digest(formulaire.cleaned_data["fichier"], "sha256").hexdigest()
        contexte |= {"sha256": sha256, "trouve": dossier_d_empreinte(sha256)}
    return render(request, "pilotage/verifier.html", contexte, status=422 if formulaire.errors else 200)
