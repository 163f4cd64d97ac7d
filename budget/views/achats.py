"""A school's purchases: written with their whole cost, approved with what they rest on, delivered, given up."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.achats import (
    AchatChange,
    abandonner_achat,
    approuver_achat,
    creer_achat,
    empechement_de_retirer_achat,
    fixer_postes,
    lire_saisie_achat,
    livrer_achat,
    modifier_achat,
    prevoir_lignes,
    remettre_en_projet,
    retirer_achat,
)
from budget.interfaces.achats import (
    AbandonForm,
    AchatForm,
    ActeForm,
    CoutsForm,
    LignesForm,
    LivraisonForm,
    annees_montrees,
    dessin_des_annees,
    lignes_prevues_en_mots,
    nouvel_achat,
    points,
    totaux,
)
from budget.models import Achat
from budget.queries.achats import (
    AchatLu,
    achat_lu,
    achats_de,
    financements_de_l_achat,
    formations_a_choisir,
    lignes_de_l_achat,
)
from budget.queries.lignes import a_choisir
from budget.rules.achats import empechement_fixer_postes, empechement_modifier_achat, empechement_passer
from budget.views.acces_budget import exercice_demande, liens_demandes
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


def achat_ou_404(request: HttpRequest, uai: str, cle: int, droit: Droit) -> AchatLu:
    etablissement = etablissement_ou_404(request, uai, droit)
    lu = achat_lu(etablissement, cle)
    if lu is None:
        raise Http404("Cet achat n'est pas, ou n'est plus, à l'établissement.")
    return lu


def _contexte(etablissement: Etablissement, **autres: Any) -> dict[str, Any]:
    droits = {"tient": Droit.TENIR_BUDGET, "arbitre": Droit.ARBITRER_BUDGET, "lit_le_plan": Droit.LIRE_PLAN}
    possibles = {nom: droit in etablissement.droits for nom, droit in droits.items()}
    return {"etablissement": etablissement, "etape": "moyens"} | possibles | autres


@require_safe
def achats(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BUDGET)
    lus = achats_de(etablissement)
    contexte = _contexte(etablissement, achats=lus, totaux=totaux(lus), bloques=[lu for lu in lus if lu.bloque])
    return render(request, "budget/achats.html", contexte)


@require_safe
def achat(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What it costs over its life, what it waits for, what pays for it."""
    lu = achat_ou_404(request, uai, cle, Droit.LIRE_BUDGET)
    etablissement = lu.achat.etablissement
    contexte = _contexte(
        etablissement,
        lu=lu,
        achat=lu.achat,
        points=points(lu),
        annees=annees_montrees(lu),
        dessin=dessin_des_annees(lu),
        par_eleve=lu.cout.par_eleve_et_par_an(etablissement.effectif),
        lignes=lignes_de_l_achat(lu.achat),
        financements=financements_de_l_achat(lu.achat),
    )
    return render(request, "budget/achat.html", contexte)


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    """For the exercice of the address, and linked to what it names."""
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_BUDGET)
    liens = liens_demandes(request)
    tenu = nouvel_achat(exercice_demande(request), liens["action"], liens["formation"])
    formulaire = _formulaire(request, etablissement, tenu=tenu, nouveau=True)
    if request.method == "POST" and formulaire.is_valid() and (cree := _creer(request, etablissement, formulaire)):
        messages.success(request, "L'achat est écrit. Dites maintenant tout ce qu'il coûtera.")
        return redirect("achat_couts", uai, cree.pk)
    contexte = _contexte(etablissement, formulaire=formulaire, achat=None)
    return render(request, "budget/achat_saisir.html", contexte, status=formulaire.statut)


def _formulaire(request: HttpRequest, etablissement: Etablissement, *, tenu: Any, nouveau: bool) -> AchatForm:
    return AchatForm(
        envoye(request),
        tenu=tenu,
        nouveau=nouveau,
        annee_courante=timezone.localdate().year,
        formations=formations_a_choisir(etablissement, None if nouveau else tenu.formation),
        actions=a_choisir("action", etablissement, None if nouveau else tenu.action),
    )


def _creer(request: HttpRequest, etablissement: Etablissement, formulaire: AchatForm) -> Achat | None:
    try:
        return creer_achat(
            etablissement=etablissement,
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    lu = achat_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    etablissement = lu.achat.etablissement
    formulaire = _formulaire(request, etablissement, tenu=lire_saisie_achat(lu.achat), nouveau=False)
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, lu.achat, formulaire):
        messages.success(request, "L'achat est enregistré.")
        return redirect("achat", uai, cle)
    refus = empechement_modifier_achat(lu.achat.etat)
    contexte = _contexte(etablissement, formulaire=formulaire, achat=lu.achat, empechement=refus)
    return render(request, "budget/achat_saisir.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, lu: Achat, formulaire: AchatForm) -> bool:
    try:
        conflits = modifier_achat(
            achat=lu,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        lu.refresh_from_db()
        formulaire.signaler(conflits, asdict(lire_saisie_achat(lu)))
    return not conflits


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def couts(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """All its costs, in one form."""
    lu = achat_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    formulaire = CoutsForm(envoye(request), lu)
    if request.method == "POST" and formulaire.is_valid() and _fixer(request, lu, formulaire):
        messages.success(request, "Les coûts sont enregistrés.")
        return redirect("achat", uai, cle)
    if formulaire.change:
        lu = achat_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
        formulaire.version_lue = lu.achat.version
    refus = empechement_fixer_postes(lu.achat.etat)
    contexte = _contexte(lu.achat.etablissement, formulaire=formulaire, achat=lu.achat, lu=lu, empechement=refus)
    return render(request, "budget/achat_couts.html", contexte, status=formulaire.statut)


def _fixer(request: HttpRequest, lu: AchatLu, formulaire: CoutsForm) -> bool:
    try:
        fixer_postes(achat=lu.achat, version=formulaire.version_lue, postes=formulaire.saisie(), auteur=request.user)
    except AchatChange:
        formulaire.change = True
        return False
    except Empeche as refus:
        formulaire.refus = str(refus)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def approuver(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its whole cost is read first; all that is wanting is said at once."""
    lu = achat_ou_404(request, uai, cle, Droit.ARBITRER_BUDGET)

    def agir(formulaire: ActeForm) -> Achat:
        return approuver_achat(
            achat=lu.achat,
            version=formulaire.cleaned_data["version"],
            auteur=request.user,
            maintenant=timezone.now(),
        )

    formulaire = ActeForm(envoye(request), achat=lu.achat)
    autres = {"points": points(lu), "annees": annees_montrees(lu), "dessin": dessin_des_annees(lu)}
    autres["par_eleve"] = lu.cout.par_eleve_et_par_an(lu.achat.etablissement.effectif)
    return _passer(request, lu, "approuver", formulaire, agir, "L'achat est approuvé.", **autres)


@require_http_methods(["GET", "HEAD", "POST"])
def livrer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    lu = achat_ou_404(request, uai, cle, Droit.TENIR_BUDGET)

    def agir(formulaire: ActeForm) -> Achat:
        return livrer_achat(achat=lu.achat, auteur=request.user, maintenant=timezone.now(), **formulaire.cleaned_data)

    formulaire = LivraisonForm(envoye(request), achat=lu.achat, aujourd_hui=timezone.localdate())
    return _passer(request, lu, "livrer", formulaire, agir, "La livraison est notée.")


@require_http_methods(["GET", "HEAD", "POST"])
def abandonner(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    lu = achat_ou_404(request, uai, cle, Droit.TENIR_BUDGET)

    def agir(formulaire: ActeForm) -> Achat:
        return abandonner_achat(achat=lu.achat, auteur=request.user, **formulaire.cleaned_data)

    return _passer(
        request, lu, "abandonner", AbandonForm(envoye(request), achat=lu.achat), agir, "L'achat est abandonné."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reprendre(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    lu = achat_ou_404(request, uai, cle, Droit.ARBITRER_BUDGET)

    def agir(formulaire: ActeForm) -> Achat:
        return remettre_en_projet(achat=lu.achat, auteur=request.user, **formulaire.cleaned_data)

    return _passer(
        request, lu, "reprendre", ActeForm(envoye(request), achat=lu.achat), agir, "L'achat est remis en projet."
    )


def _passer(
    request: HttpRequest,
    lu: AchatLu,
    nom: str,
    formulaire: ActeForm,
    agir: Callable[[Any], Achat],
    fait: str,
    **autres: Any,
) -> HttpResponse:
    """To confirm, then done; refused, it says why. What is done already is not refused."""
    achat, etablissement = lu.achat, lu.achat.etablissement
    if request.method == "POST" and formulaire.is_valid():
        try:
            agir(formulaire)
        except AchatChange as change:
            achat.refresh_from_db(fields=["etat", "version"])
            formulaire.add_error(None, str(change))
            formulaire.signaler(achat)
        except Empeche as refus:
            formulaire.add_error(None, str(refus))
        else:
            messages.success(request, fait)
            return redirect("achat", etablissement.uai, achat.pk)
    empechement = empechement_passer(nom, achat.etat)
    contexte = _contexte(etablissement, formulaire=formulaire, achat=achat, lu=lu, empechement=empechement)
    return render(request, f"budget/achat_{nom}.html", contexte | autres, status=formulaire.statut)


@require_http_methods(["GET", "HEAD", "POST"])
def lignes(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """The lines that its life wants and that the budget has not."""
    lu = achat_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    formulaire = LignesForm(envoye(request), etablissement=lu.achat.etablissement)
    if request.method == "POST" and formulaire.is_valid():
        payeur, maintenant = formulaire.cleaned_data["payeur"], timezone.now()
        try:
            prevues = prevoir_lignes(achat=lu.achat, payeur=payeur, auteur=request.user, maintenant=maintenant)
        except Empeche as impossible:
            formulaire.add_error(None, str(impossible))
        else:
            messages.success(request, lignes_prevues_en_mots(prevues))
            return redirect("achat", uai, cle)
    refus = empechement_passer("prevoir", lu.achat.etat)
    contexte = _contexte(lu.achat.etablissement, formulaire=formulaire, achat=lu.achat, lu=lu, empechement=refus)
    return render(request, "budget/achat_lignes.html", contexte, status=422 if formulaire.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """To the bin, where it waits thirty days."""
    lu = achat_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    empechement = empechement_de_retirer_achat(lu.achat)
    if request.method == "POST":
        try:
            retirer_achat(achat=lu.achat, auteur=request.user, maintenant=timezone.now())
        except Empeche as refus:
            empechement = str(refus)
        else:
            messages.success(request, "L'achat est à la corbeille, pour trente jours.")
            return redirect("achats", uai)
    contexte = _contexte(lu.achat.etablissement, achat=lu.achat, empechement=empechement)
    return render(request, "budget/achat_retirer.html", contexte, status=422 if request.method == "POST" else 200)
