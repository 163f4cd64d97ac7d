"""Pages open to everybody; their list is `pages_publiques` in the addresses of this floor."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from strategie.socle.droits import GRILLE_DES_DROITS, Droit, Role
from strategie.socle.queries.personnes import etablissements_confies

DUREE_APPARENCE = 365 * 24 * 3600


@login_not_required
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """What Paliers is, for a visitor; for a person signed in, the way to her schools or territories."""
    if not request.user.is_authenticated:
        return render(request, "publiques/accueil.html")
    confies = etablissements_confies(request.user)
    if confies.un_seul:
        return redirect("etablissement", confies.un_seul)
    if confies.pilotes:
        return redirect("territoires")
    if confies.plusieurs:
        return redirect("etablissements")
    return render(request, "publiques/sans_etablissement.html")


@login_not_required
@require_POST
def apparence(request: HttpRequest) -> HttpResponse:
    """Keeps the choice of light or dark, and goes back to the page it was made on."""
    suite = request.POST.get("suite", "")
    if not url_has_allowed_host_and_scheme(suite, allowed_hosts=None) or not suite.startswith("/"):
        suite = reverse("accueil")
    reponse = redirect(suite)
    choix = request.POST.get("apparence")
    if choix in ("clair", "sombre"):
        reponse.set_cookie(
            "apparence", choix, max_age=DUREE_APPARENCE, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        reponse.delete_cookie("apparence", samesite="Lax")
    return reponse


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/paliers.svg"), permanent=True)


def page(request: HttpRequest, gabarit: str, **contexte: object) -> HttpResponse:
    """A page of information; it may name who answers for this installation."""
    qui = {"editeur": settings.EDITEUR, "hebergeur": settings.HEBERGEUR, "contact": settings.CONTACT}
    return render(request, f"publiques/{gabarit}.html", qui | contexte)


@login_not_required
@require_safe
def accessibilite(request: HttpRequest) -> HttpResponse:
    return page(request, "accessibilite")


@login_not_required
@require_safe
def mentions_legales(request: HttpRequest) -> HttpResponse:
    return page(request, "mentions_legales")


@login_not_required
@require_safe
def donnees_personnelles(request: HttpRequest) -> HttpResponse:
    return page(request, "donnees_personnelles")


@login_not_required
@require_safe
def aide(request: HttpRequest) -> HttpResponse:
    """How to answer, the rule of cotation, and the grid of rights as the code has it."""
    grille = [(droit.value, [droit in GRILLE_DES_DROITS[role] for role in Role]) for droit in Droit]
    return page(request, "aide", roles=list(Role), grille=grille)
