"""The infrastructure on one page, and what writes it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budget.domain.reseau import (
    ajouter_raccordement,
    constater_wifi,
    dire_service,
    lire_raccordement,
    lire_service,
    modifier_raccordement,
    noter_mesure,
    retablir_raccordement,
    retirer_mesure,
    retirer_raccordement,
)
from budget.interfaces.reseau import (
    MesureForm,
    RaccordementForm,
    ServiceForm,
    WifiForm,
    bilan_du_wifi,
    ligne_de_service,
    lignes_des_services,
    lignes_du_reseau,
    mesure_a_remplir,
    service_suivant,
)
from budget.models import MesureDebit, Raccordement, ServiceReseau
from budget.queries.reseau import raccordements_de, services_de, wifi_des_salles
from budget.rules.reseau import RETIRE
from budget.views.acces import inventaire_ou_404
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404

TOUTES = 1000


@require_safe
def reseau(request: HttpRequest, uai: str) -> HttpResponse:
    """Lines and what they give, the Wi-Fi of rooms, services."""
    etablissement = inventaire_ou_404(request, uai)
    lignes = lignes_du_reseau(list(raccordements_de(etablissement)), timezone.now())
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "jour": timezone.localdate(),
        "lignes": [ligne for ligne in lignes if ligne.raccordement.retire_le is None],
        "retires": [ligne.raccordement for ligne in lignes if ligne.raccordement.retire_le],
        "wifi": bilan_du_wifi(wifi_des_salles(etablissement)),
        "services": lignes_des_services(etablissement, services_de(etablissement)),
        "peut_ecrire": Droit.TENIR_INVENTAIRE in etablissement.droits,
    }
    return render(request, "budget/reseau.html", contexte)


# --- Lines ------------------------------------------------------------------------------------------------------
@require_safe
def raccordement(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """One line, with every measure."""
    etablissement = inventaire_ou_404(request, uai)
    (ligne,) = lignes_du_reseau([_raccordement(etablissement, cle)], timezone.now(), TOUTES)
    contexte = {"etablissement": etablissement, "etape": "moyens", "ligne": ligne, "raccordement": ligne.raccordement}
    contexte |= {"peut_ecrire": Droit.TENIR_INVENTAIRE in etablissement.droits}
    return render(request, "budget/raccordement.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def raccordement_ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_INVENTAIRE)
    formulaire = RaccordementForm(envoye(request))
    if request.method == "POST" and formulaire.is_valid():
        try:
            ajouter_raccordement(
                etablissement=etablissement,
                saisie=formulaire.saisie(),
                auteur=request.user,
                maintenant=timezone.now(),
            )
            messages.success(request, "Le raccordement est ajouté. Mesurez-le\u00a0: le débit réel n'est pas le prévu.")
            return redirect("reseau", uai)
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire}
    return render(request, "budget/raccordement_modifier.html", contexte, status=formulaire.statut)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def raccordement_modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What two people change apart is merged; of what they change alike, the last of them chooses."""
    etablissement, tenu = _a_ecrire(request, uai, cle)
    formulaire = RaccordementForm(envoye(request), tenu=lire_raccordement(tenu))
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, tenu, formulaire):
        messages.success(request, "Le raccordement est enregistré.")
        return redirect("reseau", uai)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "raccordement": tenu}
    contexte |= {"empechement": RETIRE if tenu.retire_le else None}
    return render(request, "budget/raccordement_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, tenu: Raccordement, formulaire: RaccordementForm) -> bool:
    try:
        conflits = modifier_raccordement(
            raccordement=tenu,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        tenu.refresh_from_db()
        formulaire.signaler(conflits, vars(lire_raccordement(tenu)))
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def raccordement_retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first; it may be undone at once, or later."""
    etablissement, tenu = _a_ecrire(request, uai, cle)
    if request.method == "POST":
        retirer_raccordement(raccordement=tenu, auteur=request.user, maintenant=timezone.now())
        adresse = f"{reverse('reseau', args=[uai])}#retires"
        phrase = 'Le raccordement est retiré. <a href="{}">Le rétablir</a>'
        messages.success(request, format_html(phrase, adresse))
        return redirect("reseau", uai)
    contexte = {"etablissement": etablissement, "etape": "moyens", "raccordement": tenu}
    return render(request, "budget/raccordement_retirer.html", contexte)


@require_POST
def raccordement_retablir(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    _, tenu = _a_ecrire(request, uai, cle)
    retablir_raccordement(raccordement=tenu, auteur=request.user)
    messages.success(request, "Le raccordement est rétabli, avec ses mesures.")
    return redirect("reseau", uai)


# --- Measures ---------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def mesure_ajouter(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What a line gave, when and where; and how to measure."""
    etablissement, tenu = _a_ecrire(request, uai, cle)
    formulaire = MesureForm(envoye(request), initial=mesure_a_remplir(timezone.now()))
    if request.method == "POST" and formulaire.is_valid():
        try:
            noter_mesure(raccordement=tenu, saisie=formulaire.saisie(), auteur=request.user, maintenant=timezone.now())
            messages.success(request, "La mesure est notée.")
            return redirect("reseau", uai)
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "raccordement": tenu}
    contexte |= {"empechement": RETIRE if tenu.retire_le else None}
    return render(request, "budget/mesure.html", contexte, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def mesure_retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first."""
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_INVENTAIRE)
    siennes = MesureDebit.objects.visible_to(request.user).filter(raccordement__etablissement=etablissement)
    mesure = siennes.select_related("raccordement").filter(pk=cle).first()
    if mesure is None:
        raise Http404("Cette mesure n'est pas, ou n'est plus, au réseau de l'établissement.")
    if request.method == "POST":
        retirer_mesure(mesure=mesure, auteur=request.user)
        messages.success(request, "La mesure est retirée.")
        return redirect("raccordement", uai, mesure.raccordement_id)
    contexte = {"etablissement": etablissement, "etape": "moyens", "mesure": mesure}
    return render(request, "budget/mesure_retirer.html", contexte)


# --- Services, Wi-Fi --------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, uai: str, sorte: str) -> HttpResponse:
    """One at a time; the next one of which nobody has said anything comes by itself."""
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_INVENTAIRE)
    if sorte not in ServiceReseau.Sorte:
        raise Http404("Ce service n'existe pas.")
    services = services_de(etablissement)
    formulaire = ServiceForm(envoye(request), tenu=lire_service(services.get(sorte)))
    if request.method == "POST" and formulaire.is_valid() and _dire(request, etablissement, sorte, formulaire):
        suivant = service_suivant(services, sorte)
        messages.success(request, f"{ServiceReseau.Sorte(sorte).label}\u00a0: c'est enregistré.")
        return redirect("service_reseau", uai, suivant) if suivant else redirect(_aux_services(uai))
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire}
    contexte |= {"ligne": ligne_de_service(etablissement, sorte, services.get(sorte))}
    return render(request, "budget/service.html", contexte, status=formulaire.statut)


def _dire(request: HttpRequest, etablissement: Etablissement, sorte: str, formulaire: ServiceForm) -> bool:
    try:
        conflits = dire_service(
            etablissement=etablissement,
            sorte=sorte,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        formulaire.signaler(conflits, vars(lire_service(services_de(etablissement).get(sorte))))
    return not conflits


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wifi(request: HttpRequest, uai: str) -> HttpResponse:
    """All rooms in one pass, on a phone; a hundred at a time, one page leading to the next."""
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_INVENTAIRE)
    salles, voulue = wifi_des_salles(etablissement).salles, request.GET.get("page")
    formulaire = WifiForm(envoye(request), salles=salles, page=voulue)
    page = formulaire.page
    if request.method == "POST" and formulaire.is_valid() and _constater(request, etablissement, formulaire):
        if page.has_next():
            return redirect(reverse("reseau_wifi", args=[uai], query={"page": page.next_page_number()}))
        return redirect(f"{reverse('reseau', args=[uai])}#wifi")
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "page": page}
    return render(request, "budget/wifi.html", contexte, status=422 if formulaire.errors else 200)


def _constater(request: HttpRequest, etablissement: Etablissement, formulaire: WifiForm) -> bool:
    try:
        fait = constater_wifi(
            etablissement=etablissement,
            lus=formulaire.lus(),
            dits=formulaire.dits(),
            tour=formulaire.cleaned_data["tour"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    for salle in fait.disputees:
        dit = f"{salle.nom}\u00a0: quelqu'un d'autre vient d'y constater «\u00a0{salle.get_wifi_display()}\u00a0»."
        messages.warning(request, f"{dit} Cette salle n'est pas changée\u00a0: dites de nouveau ce que vous y voyez.")
    salles = "salle est constatée" if fait.constatees < 2 else "salles sont constatées"
    messages.success(request, f"{fait.constatees}\u00a0{salles}.")
    return True


def _aux_services(uai: str) -> str:
    return f"{reverse('reseau', args=[uai])}#services"


def _raccordement(etablissement: Etablissement, cle: int) -> Raccordement:
    tenu = get_object_or_404(raccordements_de(etablissement), pk=cle)
    tenu.etablissement = etablissement
    return tenu


def _a_ecrire(request: HttpRequest, uai: str, cle: int) -> tuple[Etablissement, Raccordement]:
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_INVENTAIRE)
    return etablissement, _raccordement(etablissement, cle)
