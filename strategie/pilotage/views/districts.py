"""The districts of an académie: made, named, given to animateurs."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from plans.interfaces.historique import actes_dits, instant_demande
from strategie.pilotage.domain.districts import supprimer_district
from strategie.pilotage.interfaces.districts import AnimateurForm, FinForm, LibelleForm, NomForm
from strategie.pilotage.queries.districts import ce_qui_retient
from strategie.pilotage.rules.districts import empechement_supprimer
from strategie.pilotage.views.acces_districts import academie_ou_404, academies_a_dessiner, district_ou_404
from strategie.socle.domain import districts as actes
from strategie.socle.domain.empechement import Empeche
from strategie.socle.interfaces.courriels import annoncer_district
from strategie.socle.models import Affectation, District
from strategie.socle.queries import districts as lecture
from strategie.socle.queries.etablissements import page_apres
from strategie.socle.queries.historique import Suivies, page_d_historique

SUIVIES = (
    Suivies(District, tus=frozenset({"academie"})),
    Suivies(Affectation, chemin="district", nom="rôle", resume="utilisateur_id", tus=frozenset({"role", "fonction"})),
)


@require_safe
def districts(request: HttpRequest) -> HttpResponse:
    """By académie: its districts, the schools that have none, the last moves."""
    academies = list(academies_a_dessiner(request))
    tous = list(lecture.districts_de_l_academie(academies, timezone.localdate()))
    libres, mouvements = lecture.sans_district(academies), lecture.derniers_mouvements(academies)
    derniers = {mouvement.academie_id: mouvement for mouvement in reversed(mouvements)}
    sections = [
        {
            "academie": academie,
            "districts": [district for district in tous if district.academie_id == academie.pk],
            "libres": libres.get(academie.pk, 0),
            "dernier": lecture.annulable(derniers.get(academie.pk)),
        }
        for academie in academies
    ]
    return render(request, "pilotage/districts/liste.html", {"sections": sections, "mouvements": mouvements})


@require_http_methods(["GET", "HEAD", "POST"])
def creer(request: HttpRequest, code: str) -> HttpResponse:
    academie = academie_ou_404(request, code)
    formulaire = NomForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            district = actes.creer_district(academie=academie, auteur=request.user, **formulaire.cleaned_data)
            messages.success(request, f"«\u00a0{district}\u00a0» est créé. Choisissez ses établissements.")
            return redirect("district_dessiner", district.pk)
        except Empeche as refus:
            formulaire.add_error("nom", str(refus))
    return _montrer(request, "creer", formulaire, academie=academie)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, cle: int) -> HttpResponse:
    district = district_ou_404(request, cle)
    formulaire = NomForm(request.POST or None, initial={"nom": district.nom})
    vu = request.POST.get("vu", district.nom)
    if request.method == "POST" and formulaire.is_valid():
        try:
            actes.renommer_district(district=district, vu=vu, auteur=request.user, **formulaire.cleaned_data)
            messages.success(request, "Le nom est enregistré.")
            return redirect("district_dessine", district.pk)
        except Empeche as refus:
            formulaire.add_error("nom", str(refus))
            vu = district.nom
    return _montrer(request, "modifier", formulaire, academie=district.academie, district=district, vu=vu)


@require_http_methods(["GET", "HEAD", "POST"])
def supprimer(request: HttpRequest, cle: int) -> HttpResponse:
    district = district_ou_404(request, cle)
    if request.method != "POST":
        empechement, statut = empechement_supprimer(ce_qui_retient(district)), 200
    else:
        try:
            supprimer_district(district=district, auteur=request.user)
            messages.success(request, f"«\u00a0{district}\u00a0» est supprimé.")
            return redirect("districts_dessines")
        except Empeche as refus:
            empechement, statut = str(refus), 422
    contexte = {"district": district, "academie": district.academie, "empechement": empechement}
    return render(request, "pilotage/districts/supprimer.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
def reglages(request: HttpRequest, code: str) -> HttpResponse:
    """The word by which the académie calls them."""
    academie = academie_ou_404(request, code)
    initial = {
        "libelle": academie.libelle_district,
        "pluriel": academie.libelle_districts,
        "feminin": academie.libelle_feminin,
    }
    formulaire = LibelleForm(request.POST or None, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        actes.nommer_les_districts(academie=academie, auteur=request.user, **formulaire.cleaned_data)
        messages.success(request, "Le mot de votre académie est enregistré.")
        return redirect("districts_dessines")
    return _montrer(request, "reglages", formulaire, academie=academie)


@require_safe
def district(request: HttpRequest, cle: int) -> HttpResponse:
    """One of them: who follows it, which schools it holds."""
    tenu = district_ou_404(request, cle)
    apres = request.GET.get("apres", "").replace("\x00", "")[:400]
    contexte = {
        "district": tenu,
        "academie": tenu.academie,
        "roles": lecture.roles_du_district(tenu),
        "aujourd_hui": timezone.localdate(),
        "page": page_apres(lecture.ecoles_du_district(tenu), apres),
        "combien": lecture.ecoles_du_district(tenu).count(),
    }
    return render(request, "pilotage/districts/district.html", contexte)


@require_safe
def historique(request: HttpRequest, cle: int) -> HttpResponse:
    """Its name, and who has followed it."""
    tenu = district_ou_404(request, cle)
    avant = instant_demande(request.GET.get("avant", ""))
    page = page_d_historique(tenu, SUIVIES, avant)
    contexte = {
        "district": tenu,
        "academie": tenu.academie,
        "actes": actes_dits(page.actes),
        "avant": avant,
        "suivante": page.suivante.isoformat() if page.suivante else "",
    }
    return render(request, "pilotage/districts/historique.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def confier(request: HttpRequest, cle: int) -> HttpResponse:
    """To somebody known in the académie, or to an exact address."""
    tenu = district_ou_404(request, cle)
    personnes = lecture.personnes_de_l_academie(tenu.academie, timezone.localdate())
    initial = {"debut": timezone.localdate()}
    formulaire = AnimateurForm(request.POST or None, personnes=personnes, initial=initial)
    if request.method == "POST" and formulaire.is_valid() and _confier(request, tenu, formulaire):
        return redirect("district_dessine", tenu.pk)
    return _montrer(request, "confier", formulaire, academie=tenu.academie, district=tenu)


def _confier(request: HttpRequest, tenu: District, formulaire: AnimateurForm) -> bool:
    lu = dict(formulaire.cleaned_data)
    commun = {"district": tenu, "debut": lu["debut"], "auteur": request.user, "maintenant": timezone.now()}
    try:
        if lu["personne"]:
            affectation = actes.confier_a_un_compte(personne=lu["personne"], **commun)
        else:
            nommee = {champ: lu[champ] for champ in ("email", "prenom", "nom")}
            affectation, _ = actes.confier_par_adresse(**nommee, **commun)
    except Empeche as refus:
        formulaire.add_error("personne" if lu["personne"] else "email", str(refus))
        return False
    annoncer_district(affectation, request.build_absolute_uri("/"))
    messages.success(request, f"{affectation.utilisateur} suit «\u00a0{tenu}\u00a0»\u00a0: un message le lui annonce.")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, cle: int, affectation: int) -> HttpResponse:
    """Ends an animateur's role there, on a day or at once."""
    tenu = district_ou_404(request, cle)
    role = get_object_or_404(lecture.roles_du_district(tenu), pk=affectation)
    formulaire = FinForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            actes.retirer_du_district(
                affectation=role, auteur=request.user, maintenant=timezone.now(), **formulaire.cleaned_data
            )
            messages.success(request, f"La fin du rôle de {role.utilisateur} est enregistrée.")
            return redirect("district_dessine", tenu.pk)
        except Empeche as refus:
            formulaire.add_error("dernier", str(refus))
    return _montrer(request, "retirer", formulaire, academie=tenu.academie, district=tenu, role=role)


def _montrer(request: HttpRequest, page: str, formulaire: Form, **contexte: object) -> HttpResponse:
    contexte["formulaire"] = formulaire
    statut = 422 if formulaire.errors else 200
    return render(request, f"pilotage/districts/{page}.html", contexte, status=statut)
