"""Loans: what goes out, what comes back in a stack, what is still out."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from budget.domain.agir import Demande, agir
from budget.domain.equipements import Tenant, changer_etat_en_lot, rendre
from budget.domain.retours import annuler_retour, recevoir
from budget.interfaces.controle import ETATS
from budget.interfaces.retours import (
    CollageForm,
    Pile,
    PretForm,
    RenduForm,
    RetourForm,
    Revenu,
    phrase_des_retours,
    prets_a_montrer,
)
from budget.models import Equipement
from budget.queries.controle import siens
from budget.queries.numeros import trouver
from budget.queries.retours import compte_des_prets, pretes, revenus
from budget.views.acces import inventaire_ou_404
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement

DEHORS_PAR_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def retours(request: HttpRequest, uai: str) -> HttpResponse:
    """Each number that is read brings its thing back at once; those that nobody knows stay in the field."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    pile = Pile(request.session, uai)
    colle = "colle" in request.POST
    lu, collage = RetourForm(), CollageForm()
    if request.method == "POST":
        formulaire = CollageForm(request.POST) if colle else RetourForm(request.POST)
        if _recevoir(request, etablissement, formulaire, pile):
            return redirect(request.path)
        lu, collage = (lu, formulaire) if colle else (formulaire, collage)
    statut = 422 if request.method == "POST" else 200
    contexte = _contexte(request, etablissement, pile) | {"lu": lu, "collage": collage}
    return render(request, "budget/retours.html", contexte, status=statut)


@require_POST
def etat(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What came back is in another state: one tap."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    voulu = request.POST.get("etat", "")
    if voulu not in dict(ETATS):
        raise Http404("Cet état n'existe pas.")
    chose = _la_sienne_ou_404(etablissement, cle)
    try:
        changer_etat_en_lot(
            etablissement=etablissement, cles=[cle], etat=voulu, tenant=_tenant(request, etablissement),
            maintenant=timezone.now(),
        )  # fmt: skip
        messages.success(request, f"{chose.designation}\u00a0: {dict(ETATS)[voulu].lower()}.")
    except Empeche as refus:
        messages.error(request, str(refus))
    return redirect("retours", uai)


@require_POST
def annuler(request: HttpRequest, uai: str) -> HttpResponse:
    """Undoes the last of the pile."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    pile = Pile(request.session, uai)
    dernier = next(iter(pile.retours()), None)
    if dernier is None:
        messages.error(request, "Il n'y a plus de retour à annuler.")
        return redirect("retours", uai)
    try:
        annuler_retour(etablissement=etablissement, retour=dernier, tenant=_tenant(request, etablissement))
        messages.success(request, "Le dernier retour est annulé.")
    except Empeche as refus:
        messages.error(request, str(refus))
    pile.oter(dernier.cle)
    return redirect("retours", uai)


@require_http_methods(["GET", "HEAD", "POST"])
def preter(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """To a kind of borrower, never to a name; some of those alike, or all."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    chose = _la_sienne_ou_404(etablissement, cle)
    donnees = request.POST if request.method == "POST" else None
    formulaire = PretForm(donnees, equipement=chose, aujourd_hui=timezone.localdate())
    if formulaire.is_valid() and (pretee := _preter(request, etablissement, chose, formulaire)):
        messages.success(request, "Le prêt est enregistré. La convention, elle, est à faire signer sur papier.")
        return redirect("equipement", uai, pretee)
    contexte = {"etablissement": etablissement, "etape": "moyens", "chose": chose, "formulaire": formulaire}
    return render(request, "budget/preter.html", contexte, status=422 if formulaire.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def rendu(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Back from its loan, in what state."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    chose = _la_sienne_ou_404(etablissement, cle)
    formulaire = RenduForm(request.POST if request.method == "POST" else None, initial={"etat": chose.etat})
    if formulaire.is_valid():
        try:
            fait = rendre(
                etablissement=etablissement, cles=[cle], etat=formulaire.cleaned_data["etat"],
                tenant=_tenant(request, etablissement), maintenant=timezone.now(),
            )  # fmt: skip
            messages.success(request, "Le retour est enregistré." if fait else "Cet équipement n'était plus prêté.")
            return redirect("equipement", uai, cle)
        except Empeche as refus:
            formulaire.add_error(None, str(refus))
    contexte = {"etablissement": etablissement, "etape": "moyens", "chose": chose, "formulaire": formulaire}
    return render(request, "budget/rendre.html", contexte, status=422 if formulaire.errors else 200)


def _recevoir(request: HttpRequest, etablissement: Etablissement, formulaire: RetourForm, pile: Pile) -> bool:
    """False when something is left to say in the form; what could be received is received all the same."""
    if not formulaire.is_valid():
        return False
    connus = trouver(etablissement, formulaire.cleaned_data["numeros"])
    formulaire.reconnaitre(connus, etablissement.proprietaire_tenu)
    cles = [chose.pk for chose in formulaire.retenus]
    if cles:
        try:
            recus = recevoir(
                etablissement=etablissement, cles=cles, tenant=_tenant(request, etablissement),
                maintenant=timezone.now(),
            )  # fmt: skip
        except Empeche as refus:
            formulaire.add_error(None, str(refus))
            return False
        par_cle = {recu.cle: recu for recu in recus}
        pile.poser([par_cle[cle] for cle in cles])
        messages.success(request, phrase_des_retours(recus))
    return not formulaire.inconnus


def _preter(request: HttpRequest, etablissement: Etablissement, chose: Equipement, formulaire: PretForm) -> int | None:
    dit = formulaire.cleaned_data
    demande = Demande(
        acte="preter", cles=frozenset({chose.pk}), nombre=dit.get("combien"), a=dit["a"], jusqu_au=dit["jusqu_au"]
    )
    try:
        (pretee,) = agir(
            etablissement=etablissement,
            demande=demande,
            tenant=_tenant(request, etablissement),
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return None
    return pretee


def _la_sienne_ou_404(etablissement: Etablissement, cle: int) -> Equipement:
    chose = siens(etablissement, etablissement.proprietaire_tenu).select_related("salle").filter(pk=cle).first()
    if chose is None:
        raise Http404("Cet équipement n'est pas, ou n'est plus, de ceux que vous tenez.")
    return chose


def _tenant(request: HttpRequest, etablissement: Etablissement) -> Tenant:
    return Tenant(request.user, etablissement.proprietaire_tenu)


def _contexte(request: HttpRequest, etablissement: Etablissement, pile: Pile) -> dict[str, Any]:
    jour, proprietaire = timezone.localdate(), etablissement.proprietaire_tenu
    gardes = pile.retours()
    choses = revenus(etablissement, [retour.cle for retour in gardes]) if gardes else {}
    page = Paginator(pretes(etablissement, proprietaire), DEHORS_PAR_PAGE).get_page(request.GET.get("page"))
    dehors, tardifs = compte_des_prets(etablissement, jour, proprietaire)
    return {
        "etablissement": etablissement,
        "etape": "moyens",
        "revenus": [Revenu(retour, choses[retour.cle]) for retour in gardes if retour.cle in choses],
        "page": page,
        "prets": prets_a_montrer(page.object_list, jour),
        "dehors": dehors,
        "tardifs": tardifs,
    }
