"""What Paliers proposes to a school: the list, one proposal taken up or declined, the shortest way up."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.domain.propositions import (
    accepter_proposition,
    decliner_proposition,
    reprendre_proposition,
)
from plans.interfaces.propositions import AcceptationForm, RefusForm, choisir, indicateur_en_mots, phrase_du_chemin
from plans.models import Action
from plans.queries.offre import ConditionOuverte, Etat, Offre, axes_ouverts, chemins, propositions_pour
from plans.queries.propositions import Proposition, propositions_de
from plans.rules.propositions import HORS_COMPETENCE, RIEN_A_REPONDRE
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404, exiger


@require_safe
def propositions(request: HttpRequest, uai: str) -> HttpResponse:
    """By champ, those of the next palier first; filters are links."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_PLAN)
    offre = offre_lue(etablissement)
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "offre": offre,
        "choix": choisir(offre, request.GET, request.path),
        "peut_repondre": Droit.MODIFIER_PLAN in etablissement.droits,
    }
    return render(request, "plans/propositions.html", contexte)


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def proposition(request: HttpRequest, uai: str, code: str) -> HttpResponse:
    """What it says, what answers it already; and one form to take it up."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_PLAN)
    if request.method == "POST":
        exiger(etablissement, Droit.MODIFIER_PLAN)
    offre = offre_lue(etablissement)
    condition = offre.condition(code)
    proposee = condition.proposition if condition else propositions_de(etablissement.academie).get(code)
    if proposee is None:
        raise Http404("Paliers n'a pas de proposition pour cette condition.")
    formulaire = None
    if condition and Droit.MODIFIER_PLAN in etablissement.droits and _attend(request, condition):
        formulaire = AcceptationForm(
            envoye(request), condition=condition, proposition=proposee, offre=offre, axes=axes_ouverts(etablissement)
        )
    if request.method == "POST" and (condition is None or _accepter(request, etablissement, proposee, formulaire)):
        return _vers_la_liste(request, uai, condition, code)
    contexte = _contexte(etablissement, offre, condition, proposee) | {"formulaire": formulaire}
    statut = 422 if formulaire and formulaire.errors else 200
    return render(request, "plans/proposition.html", contexte, status=statut)


def _attend(request: HttpRequest, condition: ConditionOuverte) -> bool:
    """Whether an answer is awaited; one that is sent late is told why it is not."""
    return request.method == "POST" or condition.etat in (Etat.PROPOSEE, Etat.RETENUE)


def _vers_la_liste(request: HttpRequest, uai: str, condition: ConditionOuverte | None, code: str) -> HttpResponse:
    if condition is None:
        messages.info(request, RIEN_A_REPONDRE)
        return redirect("propositions", uai)
    return redirect(adresse_dans_la_liste(uai, condition))


def _accepter(
    request: HttpRequest, etablissement: Etablissement, proposee: Proposition, formulaire: AcceptationForm
) -> bool:
    if not formulaire.is_valid():
        return False
    try:
        _, action = accepter_proposition(
            etablissement=etablissement,
            proposition=proposee,
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except SaisieRefusee as refus:
        formulaire.refuser(refus.defauts)
        return False
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    _dire_ce_qui_est_fait(request, etablissement, action)
    return True


def _dire_ce_qui_est_fait(request: HttpRequest, etablissement: Etablissement, action: Action | None) -> None:
    if action is None:
        adresse, fait, suite = reverse("besoins", args=[etablissement.uai]), "Le besoin est retenu.", "Voir les besoins"
    else:
        adresse = reverse("action", args=[etablissement.uai, action.pk])
        fait, suite = "Le besoin est retenu et l'action est créée, en brouillon.", "La compléter"
    messages.success(request, format_html('{} <a href="{}">{}</a>', fait, adresse, suite))


@require_http_methods(["GET", "HEAD", "POST"])
def decliner(request: HttpRequest, uai: str, code: str) -> HttpResponse:
    """With a reason, for this school year."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    offre = offre_lue(etablissement)
    condition = condition_ou_404(offre, code)
    formulaire = RefusForm(envoye(request))
    if request.method == "POST" and _decliner(request, etablissement, offre, condition, formulaire):
        return redirect(adresse_dans_la_liste(uai, condition))
    contexte = _contexte(etablissement, offre, condition, condition.proposition) | {"formulaire": formulaire}
    return render(request, "plans/proposition_decliner.html", contexte, status=422 if formulaire.errors else 200)


def _decliner(
    request: HttpRequest, etablissement: Etablissement, offre: Offre, condition: ConditionOuverte, formulaire: RefusForm
) -> bool:
    if not formulaire.is_valid():
        return False
    try:
        declinee = decliner_proposition(
            etablissement=etablissement,
            proposition=condition.proposition,
            annee=offre.annee,
            depuis=offre.source.annee,
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except SaisieRefusee as refus:
        for nom, phrase in refus.defauts.items():
            formulaire.add_error(nom, phrase)
        return False
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    fait = f"La proposition est déclinée pour {offre.annee}."
    if declinee.raison == HORS_COMPETENCE:
        adresse = reverse("demande_faire", args=[etablissement.uai, condition.code])
        fait = format_html('{} <a href="{}">En faire la demande</a>', fait, adresse)
    messages.success(request, fait)
    return True


@require_POST
def reprendre(request: HttpRequest, uai: str, code: str) -> HttpResponse:
    """A declined one is offered again."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    offre = offre_lue(etablissement)
    reprendre_proposition(etablissement=etablissement, annee=offre.annee, code=code, auteur=request.user)
    messages.success(request, "La proposition est de nouveau offerte.")
    return redirect("proposition", uai, code)


@require_safe
def chemin(request: HttpRequest, uai: str) -> HttpResponse:
    """What is missing for the next palier of each champ, by who can lift it."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_PLAN)
    offre = offre_lue(etablissement)
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "offre": offre,
        "chemins": [(un, phrase_du_chemin(un)) for un in chemins(etablissement, offre)],
        "jour": timezone.localdate(),
        "peut_demander": Droit.MODIFIER_PLAN in etablissement.droits,
    }
    return render(request, "plans/chemin.html", contexte)


def offre_lue(etablissement: Etablissement) -> Offre:
    """For the person who reads the page."""
    brouillon = Droit.LIRE_BROUILLON in etablissement.droits
    return propositions_pour(etablissement, timezone.localdate(), brouillon=brouillon)


def condition_ou_404(offre: Offre, code: str) -> ConditionOuverte:
    """One that is missing, and that something is proposed for."""
    condition = offre.condition(code)
    if condition is None or condition.proposition is None:
        raise Http404(RIEN_A_REPONDRE)
    return condition


def adresse_dans_la_liste(uai: str, condition: ConditionOuverte) -> str:
    suite = None if condition.prochaine else {"paliers": "tous"}
    return f"{reverse('propositions', args=[uai], query=suite)}#{condition.code}"


def _contexte(
    etablissement: Etablissement, offre: Offre, condition: ConditionOuverte | None, proposee: Proposition
) -> dict[str, object]:
    return {
        "etablissement": etablissement,
        "etape": "cap",
        "offre": offre,
        "condition": condition,
        "proposition": proposee,
        "indicateur": indicateur_en_mots(proposee.indicateur),
        "peut_repondre": Droit.MODIFIER_PLAN in etablissement.droits,
    }
