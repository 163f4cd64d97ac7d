"""The results of a survey, once its urn is open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diagnostic.domain.anonymat import SEUIL_TEXTES
from diagnostic.domain.enquetes import masquer_expression
from diagnostic.interfaces.resultats_enquete import (
    MasquageForm,
    calculs,
    colonnes_de_l_export,
    lignes_a_exporter,
    rendre_pdf_enquete,
)
from diagnostic.models import Enquete
from diagnostic.queries.enquetes import resultat_de
from diagnostic.queries.resultats_enquete import lire_resultat, paliers_aupres_de
from strategie.socle.droits import Droit
from strategie.socle.interfaces.exports import reponse_csv
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def resultats(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """A reading in words, then champs, weak questions, écarts, groups, training."""
    enquete = _enquete(request, uai, cle)
    etablissement, resultat = enquete.etablissement, resultat_de(enquete)
    if resultat is None:
        return redirect("enquete", uai, cle)
    lecture = lire_resultat(resultat.contenu, paliers_aupres_de(etablissement, enquete.annee_scolaire))
    contexte = {
        "etablissement": etablissement,
        "etape": "diagnostic",
        "enquete": enquete,
        "resultat": resultat,
        "lecture": lecture,
        "calculs": calculs(lecture),
        "peut_retenir": Droit.RETENIR_BESOINS in etablissement.droits,
    }
    return render(request, "diagnostic/enquetes/resultats.html", contexte)


@require_safe
def pdf(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """For the conseil pédagogique."""
    enquete = _enquete(request, uai, cle)
    resultat = resultat_de(enquete)
    if resultat is None:
        return redirect("enquete", uai, cle)
    lecture = lire_resultat(resultat.contenu, paliers_aupres_de(enquete.etablissement, enquete.annee_scolaire))
    nom = f"enquete-{uai}-{enquete.date_cloture.isoformat()}.pdf"
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    octets = rendre_pdf_enquete(
        lecture,
        sha256=resultat.sha256,
        publie_le=timezone.localtime(resultat.publie_le),
        secours=enquete.coupons_de_secours,
    )
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)


@require_safe
def export(request: HttpRequest, uai: str, cle: int) -> HttpResponseBase:
    """One row a question and group, published figures only."""
    enquete = _enquete(request, uai, cle)
    resultat = resultat_de(enquete)
    if resultat is None:
        return redirect("enquete", uai, cle)
    lecture = lire_resultat(resultat.contenu)
    nom = f"enquete-{uai}-{enquete.date_cloture.isoformat()}.csv"
    return reponse_csv(nom, colonnes_de_l_export(lecture), lignes_a_exporter(lecture))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def expressions(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Free texts in the order of keys drawn at random; those hidden are for those who may hide."""
    droit = Droit.OUVRIR_ENQUETE if request.method == "POST" else Droit.LIRE_ENQUETE
    enquete = _enquete(request, uai, cle, droit)
    resultat = resultat_de(enquete)
    if resultat is None:
        return redirect("enquete", uai, cle)
    formulaire = MasquageForm(request.POST if request.method == "POST" else None)
    if formulaire.is_valid():
        return _masquer(request, enquete, formulaire)
    textes, peut_masquer = list(enquete.expressions.all()), Droit.OUVRIR_ENQUETE in enquete.etablissement.droits
    contexte = {
        "etablissement": enquete.etablissement,
        "etape": "diagnostic",
        "enquete": enquete,
        "lecture": lire_resultat(resultat.contenu),
        "textes": [texte for texte in textes if peut_masquer or not texte.masquee],
        "masques": sum(texte.masquee for texte in textes),
        "peut_masquer": peut_masquer,
        "seuil_textes": SEUIL_TEXTES,
        "refus": "Ce texte n'a pas été reconnu\u00a0: rechargez la page." if formulaire.errors else "",
    }
    return render(request, "diagnostic/enquetes/paroles.html", contexte, status=422 if formulaire.errors else 200)


def _masquer(request: HttpRequest, enquete: Enquete, formulaire: MasquageForm) -> HttpResponse:
    texte = get_object_or_404(enquete.expressions, pk=formulaire.cleaned_data["cle"])
    masquee = formulaire.cleaned_data["masquee"]
    masquer_expression(expression=texte, masquee=masquee, auteur=request.user)
    messages.success(request, "Le texte est masqué." if masquee else "Le texte est de nouveau montré.")
    return redirect("enquete_expressions", enquete.etablissement.uai, enquete.pk)


def _enquete(request: HttpRequest, uai: str, cle: int, droit: Droit = Droit.LIRE_ENQUETE) -> Enquete:
    etablissement = etablissement_ou_404(request, uai, droit)
    enquete = get_object_or_404(etablissement.enquetes, pk=cle)
    enquete.etablissement = etablissement
    return enquete
