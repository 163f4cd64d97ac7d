"""One's deadlines in one's own calendar: the page of the secret link, and what the link gives."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from plans.domain.agenda import creer_lien_agenda, revoquer_lien_agenda
from plans.interfaces.agenda import calendrier
from plans.queries.agenda import agenda_du_jeton, lien_vivant
from plans.views.acces import plan_lisible_ou_404
from strategie.socle.droits import Droit


@sensitive_variables("jeton")
@require_http_methods(["GET", "HEAD", "POST"])
def lien(request: HttpRequest, uai: str) -> HttpResponse:
    """Makes the link, shows it once, or revokes it; making another one revokes the first."""
    etablissement = plan_lisible_ou_404(request, uai)
    porte = Droit.SUIVRE_SES_ACTIONS in etablissement.droits
    adresse = ""
    if request.method == "POST" and "revoquer" in request.POST:
        revoquer_lien_agenda(etablissement=etablissement, auteur=request.user, maintenant=timezone.now())
        messages.success(request, "Le lien ne fonctionne plus.")
        return redirect("agenda_lien", uai)
    if request.method == "POST":
        les_miennes = porte and request.POST.get("portee") != "plan"
        _, jeton = creer_lien_agenda(
            etablissement=etablissement, les_miennes=les_miennes, auteur=request.user, maintenant=timezone.now()
        )
        adresse = request.build_absolute_uri(reverse("agenda_ics", args=[jeton]))
    contexte = {"etablissement": etablissement, "etape": "moyens", "porte": porte, "adresse": adresse}
    contexte["lien"] = lien_vivant(etablissement, request.user)
    return render(request, "plans/agenda.html", contexte)


@login_not_required
@sensitive_variables("jeton")
@require_safe
def ics(request: HttpRequest, jeton: str) -> HttpResponse:
    """What a calendar reads, without an account. Unknown, revoked, no longer allowed: one answer for all."""
    agenda = agenda_du_jeton(jeton, timezone.now())
    if agenda is None:
        reponse = HttpResponse("Cet agenda n'existe pas.", "text/plain; charset=utf-8", 404)
    else:
        uai = agenda.etablissement.uai
        octets = calendrier(agenda, lambda cle: request.build_absolute_uri(reverse("action", args=[uai, cle])))
        reponse = HttpResponse(octets, "text/calendar; charset=utf-8")
        reponse["Content-Disposition"] = 'inline; filename="paliers.ics"'
    reponse["Cache-Control"] = "private, no-store"
    reponse["X-Robots-Tag"] = "noindex, nofollow"
    return reponse
