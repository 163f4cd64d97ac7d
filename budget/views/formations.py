"""Trainings: the list, one sheet, its form, what becomes of it, the request to print."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.formations import (
    accorder,
    annuler,
    creer_formation,
    demander,
    evaluer,
    lire_formation,
    modifier_formation,
    realiser,
    refuser_formation,
    reprendre,
)
from budget.interfaces.demande_de_formation import rendre_demande_pdf
from budget.interfaces.formations import (
    ACTES_DITS,
    ActeForm,
    FormationForm,
    filtres_des_formations,
    formation_proposee,
    groupes_de_formations,
    tenue_de,
)
from budget.interfaces.page_formation import contexte_de_la_formation
from budget.models import BesoinFormation
from budget.queries.besoins_detectes import BesoinDetecte, besoin_detecte
from budget.queries.formations import (
    annees_et_etats,
    choix_de_la_formation,
    empechement_de_retirer,
    formations_de,
    lire_formation_entiere,
)
from budget.queries.reglages_formation import reglages_de
from budget.rules.formations import empechement_modifier, empechement_passer
from budget.views.acces_formation import (
    a_decider_ou_404,
    actes_de,
    formation_ou_404,
    formations_a_ecrire_ou_404,
    formations_lisibles_ou_404,
    lecteur_de,
)
from plans.domain.corbeille import mettre_a_la_corbeille
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import annee_demandee, envoye
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from strategie.socle.queries.equipe import chefs
from strategie.socle.rules import empechement_ecrire


@require_safe
def formations(request: HttpRequest, uai: str) -> HttpResponse:
    """By state. Filters are in the address."""
    etablissement = formations_lisibles_ou_404(request, uai)
    filtres, choisis = filtres_des_formations(annees_et_etats(etablissement), request.GET, request.path)
    voulues = {"annee_scolaire" if nom == "annee" else nom: valeur for nom, valeur in choisis.items()}
    siennes = list(formations_de(etablissement).filter(**voulues).order_by("-annee_scolaire", "trimestre", "intitule"))
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "groupes": groupes_de_formations(siennes, reglages_de(etablissement.academie)),
        "filtres": filtres,
        "lecteur": lecteur_de(etablissement),
    }
    return render(request, "budget/formations.html", contexte)


@require_safe
def formation(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """All that is known of it, and what may be done of it now."""
    etablissement = formations_lisibles_ou_404(request, uai)
    la_formation, lecteur = formation_ou_404(etablissement, cle), lecteur_de(etablissement)
    lecture = lire_formation_entiere(la_formation, budget=lecteur.lit_le_budget)
    contexte = contexte_de_la_formation(lecture, reglages_de(etablissement.academie), timezone.localdate())
    contexte |= {"etablissement": etablissement, "etape": "moyens", "lecteur": lecteur}
    contexte |= {"actes": [(acte, ACTES_DITS[acte]) for acte in actes_de(la_formation, lecteur)]}
    return render(request, "budget/formation.html", contexte)


# --- Writing one -----------------------------------------------------------------------------------------------
@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    """Typed, or proposed from what shows it (`?origine=&reference=`)."""
    etablissement = formations_a_ecrire_ou_404(request, uai)
    detecte = _detecte(request, etablissement)
    formulaire = _formulaire(request, etablissement, formation_proposee(annee_demandee(request), detecte))
    if request.method == "POST" and (ecrite := _ajouter(request, etablissement, formulaire, detecte)):
        messages.success(request, "Le besoin de formation est écrit. Quand il est complet, demandez-le.")
        return redirect("formation", uai, ecrite.pk)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "detecte": detecte}
    return render(request, "budget/formation_modifier.html", contexte, status=formulaire.statut)


def _detecte(request: HttpRequest, etablissement: Etablissement) -> BesoinDetecte | None:
    """What the address names; 404 when facts no longer show it."""
    origine, reference = request.GET.get("origine", ""), request.GET.get("reference", "")
    if not origine:
        return None
    detecte = besoin_detecte(etablissement, timezone.localdate(), origine, reference)
    if detecte is None:
        raise Http404("Ce besoin n'est plus montré par une enquête, le diagnostic ou le plan.")
    return detecte


def _formulaire(
    request: HttpRequest, etablissement: Etablissement, tenue: dict[str, Any], deja: BesoinFormation | None = None
) -> FormationForm:
    annee = annee_scolaire(timezone.localdate())
    return FormationForm(
        envoye(request),
        tenue=tenue,
        choix_proposes=choix_de_la_formation(etablissement, annee, deja),
        reglages=reglages_de(etablissement.academie),
        annee=annee,
        nouveau=deja is None,
    )


def _ajouter(
    request: HttpRequest, etablissement: Etablissement, formulaire: FormationForm, detecte: BesoinDetecte | None
) -> BesoinFormation | None:
    if not formulaire.is_valid():
        return None
    try:
        return creer_formation(
            etablissement=etablissement,
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
            **({"origine": detecte.origine, "reference": detecte.reference} if detecte else {}),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What two people change apart is merged; what they change alike is shown to the last of them."""
    etablissement = formations_a_ecrire_ou_404(request, uai)
    la_formation = formation_ou_404(etablissement, cle)
    formulaire = _formulaire(request, etablissement, tenue_de(lire_formation(la_formation)), la_formation)
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, la_formation, formulaire):
        messages.success(request, "La formation est enregistrée.")
        return redirect("formation", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire}
    contexte |= {"formation": la_formation, "empechement": empechement_modifier(la_formation.etat)}
    return render(request, "budget/formation_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, formation: BesoinFormation, formulaire: FormationForm) -> bool:
    try:
        conflits = modifier_formation(
            formation=formation,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        formulaire.signaler(conflits, tenue_de(lire_formation(formation)))
    return not conflits


# --- What becomes of it ----------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def etat(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """The act of the address (`?acte=`), to confirm; without one, those that are possible."""
    etablissement = a_decider_ou_404(request, uai)
    la_formation, lecteur = formation_ou_404(etablissement, cle), lecteur_de(etablissement)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formation": la_formation}
    actes, acte = actes_de(la_formation, lecteur), request.GET.get("acte", "")
    if acte not in ACTES_DITS:
        contexte |= {"actes": [(un, ACTES_DITS[un]) for un in actes]}
        return render(request, "budget/formation_etats.html", contexte, status=_statut(request))
    formulaire = ActeForm(envoye(request), formation=la_formation, texte=ACTES_DITS[acte].texte)
    impossible = _impossible(la_formation, acte, actes)
    if request.method == "POST" and not impossible and _agir(request, la_formation, acte, formulaire):
        messages.success(request, ACTES_DITS[acte].fait)
        return redirect("formation", uai, cle)
    contexte |= {"acte": ACTES_DITS[acte], "code": acte, "formulaire": formulaire, "empechement": impossible}
    return render(request, "budget/formation_etat.html", contexte, status=_statut(request))


def _statut(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _impossible(formation: BesoinFormation, acte: str, actes: tuple[str, ...]) -> str | None:
    """Why it is not possible now; 403 when it is, for somebody else."""
    if acte in actes:
        return None
    empechement = empechement_ecrire(formation.etablissement) or empechement_passer(
        acte, formation.etat, formation.modalite, formation.heures_formateur
    )
    if empechement is None:
        raise PermissionDenied("Cette réponse est celle du district ou de l'académie.")
    return empechement


def _agir(request: HttpRequest, formation: BesoinFormation, acte: str, formulaire: ActeForm) -> bool:
    if not formulaire.is_valid():
        return False
    lu = formulaire.cleaned_data
    commun = {"formation": formation, "version": lu["version"], "auteur": request.user}
    date = {"maintenant": timezone.now()}
    faire: dict[str, Callable[[], object]] = {
        "demander": partial(demander, **commun, **date),
        "accorder": partial(accorder, **commun, **date),
        "refuser": partial(refuser_formation, **commun, **date, raison=lu.get("raison", "")),
        "annuler": partial(annuler, **commun, raison=lu.get("raison", "")),
        "reprendre": partial(reprendre, **commun, **date),
        "realiser": partial(realiser, **commun),
        "evaluer": partial(evaluer, **commun, **date, bilan=lu.get("bilan", "").strip()),
    }
    try:
        faire[acte]()
    except Empeche as refus:
        formulaire.add_error(ACTES_DITS[acte].texte or None, str(refus))
        formation.refresh_from_db()
        formulaire.a_relire(formation)
    return not formulaire.errors


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """To the bin, for thirty days."""
    etablissement = formations_a_ecrire_ou_404(request, uai)
    la_formation = formation_ou_404(etablissement, cle)
    empechement = empechement_de_retirer(la_formation)
    if request.method == "POST" and empechement is None:
        try:
            mettre_a_la_corbeille(objet=la_formation, auteur=request.user, maintenant=timezone.now())
            messages.success(request, "La formation est à la corbeille, pour trente jours.")
            return redirect("formations", uai)
        except Empeche as refus:
            empechement = str(refus)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formation": la_formation}
    contexte |= {"empechement": empechement}
    return render(request, "budget/formation_retirer.html", contexte, status=_statut(request))


@require_safe
def demande_pdf(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """The written request, to be signed by the head and sent."""
    etablissement = formations_lisibles_ou_404(request, uai)
    la_formation = formation_ou_404(etablissement, cle)
    pdf = b""
    if request.method != "HEAD":
        jour = timezone.localdate()
        chef = chefs(etablissement, jour).first()
        pdf = rendre_demande_pdf(la_formation, reglages_de(etablissement.academie), chef, jour)
    reponse = HttpResponse(pdf, content_type="application/pdf")
    reponse["Content-Disposition"] = f'attachment; filename="demande-de-formation-{uai}-{cle}.pdf"'
    return reponse
