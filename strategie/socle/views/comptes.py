"""A person's own account, and the page that an invitation's link opens."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from strategie.socle.domain import comptes
from strategie.socle.domain.empechement import Empeche
from strategie.socle.interfaces.comptes import FormulaireIdentite, FormulaireNouveauCompte
from strategie.socle.models import Invitation, Utilisateur
from strategie.socle.queries import equipe
from strategie.socle.rules import empechement_accepter


@require_http_methods(["GET", "HEAD", "POST"])
def compte(request: HttpRequest) -> HttpResponse:
    personne = request.user
    initial = {"prenom": personne.first_name, "nom": personne.last_name}
    formulaire = FormulaireIdentite(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        comptes.renommer(compte=personne, **formulaire.cleaned_data)
        messages.success(request, "Votre nom est enregistré.")
        return redirect("compte")
    affectations = equipe.affectations_de(personne, timezone.localdate())
    contexte = {"formulaire": formulaire, "affectations": affectations}
    return render(request, "socle/compte.html", contexte, status=422 if formulaire.errors else 200)


@login_not_required
@never_cache
@sensitive_post_parameters("mot_de_passe")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    """Unknown, used, cancelled, expired: one page, the same for all."""
    trouvee = equipe.invitation_du_jeton(jeton)
    if trouvee is None:
        return lien_invalide(request)
    if request.user.is_authenticated:
        return rejoindre(request, trouvee, jeton)
    return sans_session(request, trouvee, jeton)


def lien_invalide(request: HttpRequest) -> HttpResponse:
    return sans_indexation(render(request, "socle/invitation_invalide.html", status=404))


def montrer(request: HttpRequest, invitation: Invitation, *, statut: int = 200, **contexte: object) -> HttpResponse:
    empechement = empechement_accepter(
        acceptee_le=invitation.acceptee_le,
        annulee_le=invitation.annulee_le,
        expire_le=invitation.expire_le,
        maintenant=timezone.now(),
    )
    if empechement:
        return lien_invalide(request)
    contexte["invitation"] = invitation
    return sans_indexation(render(request, "socle/invitation.html", contexte, status=statut))


def sans_indexation(reponse: HttpResponse) -> HttpResponse:
    reponse.headers["X-Robots-Tag"] = "noindex, nofollow"
    return reponse


def rejoindre(request: HttpRequest, invitation: Invitation, jeton: str) -> HttpResponse:
    """For somebody signed in: one button, if the address is hers."""
    sienne = invitation.email == request.user.email
    if sienne and invitation.acceptee_le:
        return redirect("accueil")
    if request.method != "POST" or not sienne:
        return montrer(request, invitation, cas="rejoindre" if sienne else "autre_compte")
    try:
        comptes.accepter_invitation(jeton=jeton, compte=request.user, maintenant=timezone.now())
    except Empeche as refus:
        messages.error(request, str(refus))
        return redirect("accueil")
    return bienvenue(request, invitation)


def sans_session(request: HttpRequest, invitation: Invitation, jeton: str) -> HttpResponse:
    """A new person makes her account; one who has an account signs in first."""
    formulaire = FormulaireNouveauCompte(request.POST if request.method == "POST" else None, email=invitation.email)
    if request.method == "POST" and formulaire.is_valid():
        try:
            personne, _ = comptes.creer_compte_invite(jeton=jeton, maintenant=timezone.now(), **formulaire.cleaned_data)
            ouvrir_session(request, personne)
            return bienvenue(request, invitation)
        except Empeche as refus:
            if personne := reconnaitre(request, invitation.email, formulaire.cleaned_data["mot_de_passe"]):
                ouvrir_session(request, personne)
                return redirect("invitation", jeton)
            formulaire.add_error(None, str(refus))
    if equipe.compte_de(invitation.email):
        return montrer(request, invitation, cas="connexion")
    statut = 422 if formulaire.errors else 200
    return montrer(request, invitation, cas="nouveau", formulaire=formulaire, statut=statut)


def reconnaitre(request: HttpRequest, email: str, mot_de_passe: str) -> Utilisateur | None:
    """The same form sent twice finds the account made: it is then a sign-in, under its rate limits."""
    try:
        return get_adapter().authenticate(request, email=email, password=mot_de_passe)
    except ValidationError:
        return None


def ouvrir_session(request: HttpRequest, personne: Utilisateur) -> None:
    login(request, personne)
    request.session.set_expiry(0)  # until the browser closes, as at the sign-in page


def bienvenue(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    messages.success(request, f"Vous avez rejoint {invitation.etablissement}.")
    return redirect("accueil")
