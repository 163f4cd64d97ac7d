"""Which schools belong to which district: by list, commune, file or register; foreseen, then confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from strategie.pilotage.domain import districts as actes
from strategie.pilotage.interfaces.districts import (
    TYPES,
    ChoixForm,
    CommunesForm,
    FichierForm,
    LectureDuDessin,
    RegistreForm,
    UaisForm,
    du_texte,
    en_texte,
    lire_dessin,
    maniere_lue,
)
from strategie.pilotage.queries.districts import prevoir, retour_de
from strategie.pilotage.rules.districts import RIEN_A_ANNULER, RIEN_A_CHANGER, empechement_annuler
from strategie.pilotage.views.acces_districts import academie_ou_404, district_ou_404
from strategie.socle.domain.empechement import Empeche
from strategie.socle.interfaces.imports import FichierRefuse
from strategie.socle.models import Academie, District, MouvementDeDistricts
from strategie.socle.queries import districts as lecture
from strategie.socle.queries.etablissements import page_apres
from strategie.socle.templatetags.paliers import compte

COMMUNES_MONTREES = 200
Maniere = MouvementDeDistricts.Maniere


# --- By list --------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dessiner(request: HttpRequest, cle: int) -> HttpResponse:
    """Schools of the académie to tick, fifty at a time, or their UAIs pasted."""
    district = district_ou_404(request, cle)
    formulaire = UaisForm(request.POST if "uais" in request.POST else None, academie=district.academie)
    if request.method == "POST" and formulaire.is_bound and formulaire.is_valid():
        return _prevoir_ici(request, district, formulaire.cleaned_data["uais"], Maniere.LISTE)
    rien = request.method == "POST" and not formulaire.is_bound
    if rien and (uais := request.POST.getlist("ecole")[:500]):
        trouvees = lecture.ecoles_par_uai(district.academie, uais)
        vers = "" if request.POST.get("vers") == "dehors" else district.nom
        return _prevoir_ici(request, district, list(trouvees.values()), Maniere.LISTE, vers=vers)
    filtre = _filtre(request, district.academie)
    apres = request.GET.get("apres", "").replace("\x00", "")[:400]
    contexte = _contexte(district, filtre) | {
        "formulaire": formulaire,
        "rien_de_coche": rien,
        "page": page_apres(lecture.ecoles_a_dessiner(district.academie, filtre.choix), apres),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/districts/dessiner.html", contexte, status=statut)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def par_commune(request: HttpRequest, cle: int) -> HttpResponse:
    """All the schools of the communes that are ticked."""
    district = district_ou_404(request, cle)
    filtre = _filtre(request, district.academie)
    initial = {"types": [code for code, _ in TYPES]}
    formulaire = CommunesForm(request.POST or None, academie=district.academie, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        lu = formulaire.cleaned_data
        ecoles = lecture.ecoles_des_communes(district.academie, lu["commune"], lu["types"], libres=lu["libres"])
        return _prevoir_ici(request, district, ecoles, Maniere.COMMUNES)
    communes = lecture.communes_de(district.academie, filtre.choix)
    contexte = _contexte(district, filtre) | {
        "formulaire": formulaire,
        "communes": communes[:COMMUNES_MONTREES],
        "autres": max(0, len(communes) - COMMUNES_MONTREES),
        "cochees": formulaire.data.getlist("commune") if formulaire.is_bound else [],
    }
    statut = 422 if formulaire.errors else 200
    return render(request, "pilotage/districts/communes.html", contexte, status=statut)


def _filtre(request: HttpRequest, academie: Academie) -> ChoixForm:
    departements, districts = academie.departements.all(), academie.districts.all()
    return ChoixForm(request.GET, academie=academie, departements=departements, districts=districts)


def _contexte(district: District, filtre: ChoixForm) -> dict[str, object]:
    filtree = any(filtre.cleaned_data.values())
    return {"district": district, "academie": district.academie, "filtre": filtre, "filtree": filtree}


def _prevoir_ici(
    request: HttpRequest, district: District, ecoles: list[int], maniere: str, vers: str | None = None
) -> HttpResponse:
    cibles = dict.fromkeys(ecoles, district.nom if vers is None else vers)
    return _montrer(request, district.academie, cibles, maniere, district=district)


# --- For the whole académie -----------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def par_fichier(request: HttpRequest, code: str) -> HttpResponse:
    """A table of UAIs and names: everything wrong at once, or what it would change."""
    academie = academie_ou_404(request, code)
    formulaire = FichierForm(request.POST or None, request.FILES or None, academie=academie)
    lecture_faite = None
    if request.method == "POST" and formulaire.is_valid():
        lecture_faite = _lire(formulaire, academie)
        if lecture_faite and not lecture_faite.refuses:
            return _montrer(request, academie, lecture_faite.cibles, Maniere.FICHIER, doubles=lecture_faite.doubles)
    contexte = {"academie": academie, "formulaire": formulaire, "lecture": lecture_faite}
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/districts/fichier.html", contexte, status=statut)


def _lire(formulaire: FichierForm, academie: Academie) -> LectureDuDessin | None:
    try:
        contenu = formulaire.cleaned_data["fichier"].read()
        return lire_dessin(contenu, academie, creer=formulaire.cleaned_data["creer"])
    except FichierRefuse as refuse:
        formulaire.add_error("fichier", str(refuse.refus))
        return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def par_registre(request: HttpRequest, code: str) -> HttpResponse:
    """The circonscriptions or the bassins that the State's register knows."""
    academie = academie_ou_404(request, code)
    initial = {"types": [code_du_type for code_du_type, _ in TYPES], "libres": True}
    formulaire = RegistreForm(request.POST or None, academie=academie, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        lu = formulaire.cleaned_data
        cibles = lecture.noms_du_registre(academie, lu["maniere"], lu["types"], libres=lu["libres"])
        return _montrer(request, academie, cibles, lu["maniere"])
    contexte = {"academie": academie, "formulaire": formulaire}
    statut = 422 if formulaire.errors else 200
    return render(request, "pilotage/districts/registre.html", contexte, status=statut)


# --- Foreseen, confirmed, taken back --------------------------------------------------------------------------------
def _montrer(
    request: HttpRequest,
    academie: Academie,
    cibles: Mapping[int, str],
    maniere: str,
    *,
    refus: str = "",
    **contexte: object,
) -> HttpResponse:
    """What would change; nothing is written yet."""
    prevision = prevoir(academie, cibles, timezone.localdate())
    contexte |= {
        "academie": academie,
        "prevision": prevision,
        "rien": RIEN_A_CHANGER,
        "adresse": reverse("dessin_confirmer", args=[academie.code]),
        "maniere": maniere,
        "dessin": en_texte({d.etablissement.uai: d.apres for d in prevision.deplacements}),
        "refus": refus,
    }
    return render(request, "pilotage/districts/prevision.html", contexte, status=422 if refus else 200)


@never_cache
@require_POST
def confirmer(request: HttpRequest, code: str) -> HttpResponse:
    """What was foreseen is done, or shown again when something has changed meanwhile."""
    academie = academie_ou_404(request, code)
    voulu, maniere = du_texte(request.POST.get("dessin", "")), maniere_lue(request.POST.get("maniere", ""))
    ecoles = lecture.ecoles_par_uai(academie, list(voulu))
    cibles = {cle: voulu[uai] for uai, cle in ecoles.items()}
    try:
        mouvement = actes.dessiner(
            academie=academie,
            maniere=maniere,
            cibles=cibles,
            empreinte=request.POST.get("empreinte", ""),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        return _montrer(request, academie, cibles, maniere, refus=str(refus))
    combien = compte(len(mouvement.deplacements), "établissement a changé de place,établissements ont changé de place")
    messages.success(request, f"{combien}. Vous pouvez encore annuler ce mouvement, plus bas.")
    return redirect("districts_dessines")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def annuler(request: HttpRequest, code: str, cle: int) -> HttpResponse:
    """The last move, taken back while no school has moved since."""
    academie = academie_ou_404(request, code)
    dernier = lecture.mouvement_a_annuler(academie)
    if dernier is None or dernier.pk != cle:
        get_object_or_404(lecture.mouvements_confies(request.user), pk=cle, academie=academie)
        return _montrer_le_retour(request, academie, dernier, empechement=RIEN_A_ANNULER)
    if request.method == "POST":
        empreinte = request.POST.get("empreinte", "")
        try:
            actes.annuler_mouvement(
                mouvement=dernier, empreinte=empreinte, auteur=request.user, maintenant=timezone.now()
            )
            messages.success(request, "Le mouvement est annulé.")
            return redirect("districts_dessines")
        except Empeche as refus:
            return _montrer_le_retour(request, academie, dernier, refus=str(refus))
    return _montrer_le_retour(request, academie, dernier)


def _montrer_le_retour(
    request: HttpRequest,
    academie: Academie,
    mouvement: MouvementDeDistricts | None,
    *,
    refus: str = "",
    empechement: str | None = None,
) -> HttpResponse:
    retour = retour_de(mouvement) if mouvement and not empechement else None
    if retour:
        empechement = empechement_annuler(bouges=retour.bouges, disparus=retour.disparus)
    contexte = {
        "academie": academie,
        "annulation": True,
        "empechement": empechement,
        "refus": "" if empechement else refus,
        "prevision": None if empechement or not retour else prevoir(academie, retour.cibles, timezone.localdate()),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/districts/prevision.html", contexte, status=statut)
