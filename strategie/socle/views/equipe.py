"""Who works in a school: the list, invitations, the end of an access."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from strategie.socle.domain import comptes
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit, Role, roles_a_inviter
from strategie.socle.interfaces.comptes import FormulaireInvitation
from strategie.socle.interfaces.courriels import envoyer_invitation
from strategie.socle.models import Etablissement, Invitation
from strategie.socle.queries import equipe as lecture
from strategie.socle.rules import empechement_inviter
from strategie.socle.views.acces import etablissement_ou_404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def equipe(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.VOIR_EQUIPE)
    roles = roles_a_inviter(etablissement.droits)
    if request.method == "POST" and not roles:
        raise PermissionDenied("Votre rôle ne permet pas d'inviter.")
    formulaire = FormulaireInvitation(request.POST if request.method == "POST" else None, roles=roles)
    if request.method == "POST" and formulaire.is_valid():
        try:
            invitation, jeton = comptes.inviter(
                etablissement=etablissement,
                auteur=request.user,
                maintenant=timezone.now(),
                **formulaire.cleaned_data,
            )
        except Empeche as refus:
            formulaire.add_error(None, str(refus))
        else:
            return montrer_lien(request, etablissement, invitation, jeton)
    return montrer_equipe(request, etablissement, roles, formulaire)


def montrer_equipe(
    request: HttpRequest, etablissement: Etablissement, roles: tuple[Role, ...], formulaire: FormulaireInvitation
) -> HttpResponse:
    maintenant = timezone.now()
    membres = lecture.equipe(etablissement, timezone.localdate(maintenant))
    a_un_chef = any(membre.affectation.role == Role.CHEF for membre in membres)
    contexte = {
        "etablissement": etablissement,
        "membres": membres,
        "invitations": lecture.invitations_en_attente(etablissement, roles, maintenant) if roles else [],
        "formulaire": formulaire if roles else None,
        "empechement": empechement_inviter(droits=etablissement.droits, a_un_chef=a_un_chef),
        "peut_retirer": Droit.INVITER in etablissement.droits,
    }
    return render(request, "socle/equipe.html", contexte, status=422 if formulaire.errors else 200)


def montrer_lien(request: HttpRequest, etablissement: Etablissement, invitation: Invitation, jeton: str):
    """Shown in the answer itself, once: the link's secret is in no session and no message."""
    lien = request.build_absolute_uri(reverse("invitation", args=[jeton]))
    envoyee = envoyer_invitation(invitation, lien)
    contexte = {"etablissement": etablissement, "invitation": invitation, "lien": lien, "envoyee": envoyee}
    return render(request, "socle/equipe_invitation.html", contexte)


@require_POST
def annuler_invitation(request: HttpRequest, uai: str, invitation: int) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.VOIR_EQUIPE)
    roles = roles_a_inviter(etablissement.droits)
    if not roles:
        raise PermissionDenied("Votre rôle ne permet pas d'annuler une invitation.")
    siennes = Invitation.objects.visible_to(request.user).filter(etablissement=etablissement, role__in=roles)
    annulee = get_object_or_404(siennes, pk=invitation)
    try:
        comptes.annuler_invitation(invitation=annulee, auteur=request.user, maintenant=timezone.now())
        messages.success(request, f"L'invitation de {annulee.email} est annulée\u00a0: son lien ne fonctionne plus.")
    except Empeche as refus:
        messages.error(request, str(refus))
    return redirect("equipe", uai)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer_acces(request: HttpRequest, uai: str, affectation: int) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.INVITER)
    maintenant = timezone.now()
    retiree = get_object_or_404(lecture.membres(etablissement, timezone.localdate(maintenant)), pk=affectation)
    soi_meme = retiree.utilisateur_id == request.user.pk
    if request.method != "POST":
        contexte = {"etablissement": etablissement, "affectation": retiree, "soi_meme": soi_meme}
        return render(request, "socle/equipe_retirer.html", contexte)
    try:
        comptes.retirer_acces(affectation=retiree, auteur=request.user, maintenant=maintenant)
    except Empeche as refus:
        messages.error(request, str(refus))
        return redirect("equipe", uai)
    messages.success(request, f"L'accès de {retiree.utilisateur} ({retiree.get_role_display().lower()}) est retiré.")
    return redirect("accueil") if soi_meme else redirect("equipe", uai)
