"""The journal of visits and advice: read by the school and its académie, kept by the animateur."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from diagnostic.domain.visites import VisiteChangee, modifier_visite, noter_visite, retirer_visite
from diagnostic.interfaces.visites import CHAMPS, ModificationVisiteForm, NouvelleVisiteForm
from diagnostic.models import Visite
from diagnostic.queries.visites import page_du_journal
from diagnostic.rules import empechement_modifier_visite
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def journal(request: HttpRequest, uai: str) -> HttpResponse:
    """The lines, newest first, and the form that adds one."""
    droit = Droit.SECOND_REGARD if request.method == "POST" else Droit.LIRE_DIAGNOSTIC
    etablissement = etablissement_ou_404(request, uai, droit)
    formulaire = NouvelleVisiteForm(request.POST or None, aujourd_hui=timezone.localdate())
    if request.method == "POST" and formulaire.is_valid() and _noter(request, etablissement, formulaire):
        messages.success(request, "La ligne est ajoutée au journal.")
        return redirect("journal", uai)
    contexte = {
        "etablissement": etablissement,
        "page": page_du_journal(etablissement, request.GET.get("apres", "")[:40]),
        "formulaire": formulaire if Droit.SECOND_REGARD in etablissement.droits else None,
    }
    return render(request, "diagnostic/journal.html", contexte, status=422 if formulaire.errors else 200)


def _noter(request: HttpRequest, etablissement: Etablissement, formulaire: NouvelleVisiteForm) -> bool:
    try:
        noter_visite(
            etablissement=etablissement,
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        formulaire.repartir(cle=formulaire.fields["cle"].initial())
        return False
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, visite: int) -> HttpResponse:
    """Changes a line of one's own."""
    sienne = _sienne_ou_403(request, uai, visite)
    initial = {nom: getattr(sienne, nom) for nom in (*CHAMPS, "version")}
    formulaire = ModificationVisiteForm(request.POST or None, initial=initial, aujourd_hui=timezone.localdate())
    changee = None
    if request.method == "POST" and formulaire.is_valid():
        changee = _modifier(request, sienne, formulaire)
        if changee is None and not formulaire.errors:
            messages.success(request, "La ligne du journal est modifiée.")
            return redirect("journal", uai)
    contexte = {"etablissement": sienne.etablissement, "formulaire": formulaire, "changee": changee}
    statut = 409 if changee else 422 if formulaire.errors else 200
    return render(request, "diagnostic/journal_modifier.html", contexte, status=statut)


def _modifier(request: HttpRequest, visite: Visite, formulaire: ModificationVisiteForm) -> Visite | None:
    """The line as it is now, when it has changed since the page was opened."""
    version = formulaire.cleaned_data["version"]
    try:
        resultat = modifier_visite(
            visite=visite,
            saisie=formulaire.saisie(),
            version=version,
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return None
    if isinstance(resultat, VisiteChangee):
        formulaire.repartir(version=resultat.actuelle.version)
        return resultat.actuelle
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, visite: int) -> HttpResponse:
    """Asks first, then takes a line of one's own away."""
    sienne = _sienne_ou_403(request, uai, visite)
    if request.method == "POST":
        try:
            retirer_visite(visite=sienne, auteur=request.user)
            messages.success(request, "La ligne est retirée du journal.")
        except Empeche as refus:
            messages.error(request, str(refus))
        return redirect("journal", uai)
    contexte = {"etablissement": sienne.etablissement, "visite": sienne}
    return render(request, "diagnostic/journal_retirer.html", contexte)


def _sienne_ou_403(request: HttpRequest, uai: str, numero: int) -> Visite:
    etablissement = etablissement_ou_404(request, uai, Droit.SECOND_REGARD)
    visite = get_object_or_404(etablissement.visites, pk=numero)
    visite.etablissement = etablissement
    if refus := empechement_modifier_visite(visite, request.user):
        raise PermissionDenied(refus)
    return visite
