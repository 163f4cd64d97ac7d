"""Changing a draft of the référentiel: its indicators, what old ones became, its settings and its rules."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostic.domain import brouillons as domaine
from diagnostic.domain.brouillons import ModifieEntreTemps, SensADire
from diagnostic.interfaces.referentiels import (
    FusionForm,
    IndicateurForm,
    LuForm,
    ReglagesForm,
    RegleForm,
    ScissionForm,
    SuiteForm,
    initial_de_l_indicateur,
)
from diagnostic.models import Champ, Correspondance, Indicateur, Referentiel
from diagnostic.queries.brouillons import (
    code_libre,
    lien_simple,
    lire_ancien,
    lire_champ,
    lire_indicateur,
    lire_suites,
    regles_citant,
    sens_propose,
)
from diagnostic.queries.referentiels import empreinte_de
from diagnostic.views.referentiels import brouillon_ou_404
from strategie.socle.domain.empechement import Empeche

ENTRE_TEMPS = (
    "Quelqu'un a modifié ce brouillon pendant que vous écriviez. Rien de ce que vous avez saisi n'est perdu\u00a0: "
    "relisez ce qui a changé, puis enregistrez de nouveau pour garder votre version."
)
SENS_A_DIRE = "L'énoncé a changé\u00a0: dites si le sens change aussi. Le choix coché est une proposition, à vérifier."


def _tenter(request: HttpRequest, formulaire: Form, faire: Callable[[], object], lu: Callable[[], str]) -> bool:
    """Whether the act was done; else the form says why, and starts again from what is kept now."""
    try:
        faire()
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
    except ModifieEntreTemps:
        formulaire.add_error(None, ENTRE_TEMPS)
        formulaire.data = formulaire.data.copy()
        formulaire.data["lu"] = lu()
    else:
        return True
    return False


def _page(request: HttpRequest, gabarit: str, formulaire: Form, **contexte: object) -> HttpResponse:
    statut = 422 if formulaire.is_bound else 200
    contexte |= {"formulaire": formulaire}
    return render(request, f"diagnostic/referentiels/{gabarit}.html", contexte, status=statut)


def _vers(version: Referentiel, ancre: str) -> HttpResponse:
    return redirect(reverse("referentiel", args=[version.pk], fragment=ancre))


def _indicateur_ou_404(version: Referentiel, code: str) -> Indicateur:
    if (indicateur := lire_indicateur(version, code)) is None:
        raise Http404("Cet indicateur n'est pas dans cette version.")
    return indicateur


def _champ_ou_404(version: Referentiel, code: str) -> Champ:
    if (champ := lire_champ(version, code)) is None:
        raise Http404("Ce champ n'est pas dans cette version.")
    return champ


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    indicateur = _indicateur_ou_404(version, code)
    lien = lien_simple(indicateur)
    initial = initial_de_l_indicateur(indicateur, lien.nature if lien else None)
    formulaire = IndicateurForm(request.POST or None, initial=initial | {"lu": empreinte_de(indicateur)})
    formulaire.sans("code", *([] if lien else ["sens"]))
    if formulaire.is_valid() and _modifier(request, version, indicateur, lien, formulaire):
        messages.success(request, f"{code} est enregistré.")
        return _vers(version, code)
    entre_temps = formulaire.is_bound and request.POST.get("lu") != empreinte_de(indicateur)
    ecarts = formulaire.ecarts(initial) if entre_temps else []
    contexte = {"version": version, "indicateur": indicateur, "lien": lien, "ecarts": ecarts}
    return _page(request, "indicateur", formulaire, **contexte)


def _modifier(
    request: HttpRequest,
    version: Referentiel,
    indicateur: Indicateur,
    lien: Correspondance | None,
    formulaire: IndicateurForm,
) -> bool:
    try:
        return _tenter(
            request,
            formulaire,
            lambda: domaine.modifier_indicateur(
                referentiel=version,
                code=indicateur.code,
                redaction=formulaire.redaction,
                sens_change=formulaire.sens_change,
                lu=formulaire.cleaned_data["lu"],
                auteur=request.user,
            ),
            lambda: empreinte_de(_indicateur_ou_404(version, indicateur.code)),
        )
    except SensADire:
        formulaire.add_error("sens", SENS_A_DIRE)
        formulaire.data = formulaire.data.copy()
        formulaire.data["sens"] = sens_propose(lien.ancien.enonce, formulaire.cleaned_data["enonce"])
        return False


@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, pk: int, champ: str) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    le_champ = _champ_ou_404(version, champ)
    initial = {"code": code_libre(version, champ, 1), "portee": ["ecole", "college", "lycee"], "lu": "-"}
    formulaire = IndicateurForm(request.POST or None, initial=initial).sans("sens")
    if formulaire.is_valid():
        code = formulaire.cleaned_data["code"]
        if _tenter(
            request,
            formulaire,
            lambda: domaine.ajouter_indicateur(
                referentiel=version, champ=champ, code=code, redaction=formulaire.redaction, auteur=request.user
            ),
            str,
        ):
            messages.success(request, f"{code} est ajouté.")
            return _vers(version, code)
    return _page(request, "ajouter", formulaire, version=version, champ=le_champ)


@require_POST
def deplacer(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    _indicateur_ou_404(version, code)
    vers_le_haut = request.POST.get("sens") == "haut"
    try:
        domaine.deplacer_indicateur(referentiel=version, code=code, vers_le_haut=vers_le_haut, auteur=request.user)
    except Empeche as refus:
        messages.error(request, str(refus))
    return _vers(version, code)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    indicateur = _indicateur_ou_404(version, code)
    formulaire = LuForm(request.POST or None, initial={"lu": empreinte_de(indicateur)})
    if formulaire.is_valid() and _tenter(
        request,
        formulaire,
        lambda: domaine.retirer_indicateur(
            referentiel=version, code=code, lu=formulaire.cleaned_data["lu"], auteur=request.user
        ),
        lambda: empreinte_de(_indicateur_ou_404(version, code)),
    ):
        messages.success(request, f"{code} est retiré de cette version.")
        return _vers(version, f"champ-{indicateur.champ.code}")
    regles = regles_citant(version, indicateur)
    return _page(request, "retirer", formulaire, version=version, indicateur=indicateur, regles=regles)


@require_http_methods(["GET", "HEAD", "POST"])
def scinder(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    indicateur = _indicateur_ou_404(version, code)
    initial = {"lu": empreinte_de(indicateur), "enonce_1": indicateur.enonce, "preuve_1": indicateur.preuve}
    formulaire = ScissionForm(request.POST or None, initial=initial)
    if formulaire.is_valid() and _tenter(
        request,
        formulaire,
        lambda: domaine.scinder_indicateur(
            referentiel=version,
            code=code,
            parties=formulaire.parties,
            lu=formulaire.cleaned_data["lu"],
            auteur=request.user,
        ),
        lambda: empreinte_de(_indicateur_ou_404(version, code)),
    ):
        messages.success(request, f"{code} est scindé. Réglez chaque partie si besoin.")
        return _vers(version, formulaire.parties[0].code)
    libre = code_libre(version, indicateur.champ.code, indicateur.palier)
    return _page(request, "scinder", formulaire, version=version, indicateur=indicateur, libre=libre)


@require_http_methods(["GET", "HEAD", "POST"])
def fusionner(request: HttpRequest, pk: int, champ: str) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    le_champ = _champ_ou_404(version, champ)
    indicateurs = list(le_champ.indicateurs.order_by("pk"))
    initial = {"code": code_libre(version, champ, 1), "portee": ["ecole", "college", "lycee"]}
    initial |= {"codes": request.GET.getlist("avec"), "lu": empreinte_de(*indicateurs)}
    choix = sorted(indicateurs, key=lambda indicateur: indicateur.ordre)
    formulaire = FusionForm(request.POST or None, initial=initial, choix=choix)
    if formulaire.is_valid() and _tenter(
        request,
        formulaire,
        lambda: domaine.fusionner_indicateurs(
            referentiel=version,
            champ=champ,
            redaction=formulaire.redaction,
            auteur=request.user,
            **{nom: formulaire.cleaned_data[nom] for nom in ("codes", "code", "lu")},
        ),
        lambda: empreinte_de(*le_champ.indicateurs.order_by("pk")),
    ):
        messages.success(request, f"{formulaire.cleaned_data['code']} remplace les indicateurs fusionnés.")
        return _vers(version, formulaire.cleaned_data["code"])
    return _page(request, "fusionner", formulaire, version=version, champ=le_champ)


@require_safe
def correspondances(request: HttpRequest, pk: int) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    contexte = {"version": version, "suites": lire_suites(version)}
    return render(request, "diagnostic/referentiels/correspondances.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def correspondance(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    if (ancien := lire_ancien(version, code)) is None:
        raise Http404("Cet indicateur n'est pas dans la version d'avant.")
    initial = {"nature": ancien.nature, "nouveaux": ", ".join(ancien.codes), "lu": empreinte_de(*ancien.liens)}
    formulaire = SuiteForm(request.POST or None, initial=initial)
    if formulaire.is_valid() and _tenter(
        request,
        formulaire,
        lambda: domaine.corriger_la_suite(
            referentiel=version, ancien=code, auteur=request.user, **formulaire.cleaned_data
        ),
        lambda: empreinte_de(*ancien.liens),
    ):
        messages.success(request, f"Ce que devient {code} est enregistré.")
        return redirect(reverse("referentiel_correspondances", args=[pk], fragment=code))
    return _page(request, "correspondance", formulaire, version=version, ancien=ancien)


@require_http_methods(["GET", "HEAD", "POST"])
def reglages(request: HttpRequest, pk: int) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    paliers, champs = list(version.paliers.all()), list(version.champs.all())
    initial = ReglagesForm.initial_de(version) | {"lu": empreinte_de(version, *paliers, *champs)}
    formulaire = ReglagesForm(request.POST or None, initial=initial, paliers=paliers, champs=champs)
    if formulaire.is_valid() and _tenter(
        request,
        formulaire,
        lambda: domaine.regler_version(
            referentiel=version,
            reglages=formulaire.reglages,
            lu=formulaire.cleaned_data["lu"],
            auteur=request.user,
        ),
        lambda: initial["lu"],
    ):
        messages.success(request, "Les réglages de cette version sont enregistrés.")
        return redirect("referentiel", pk)
    return _page(request, "reglages", formulaire, version=version)


@require_http_methods(["GET", "HEAD", "POST"])
def regles(request: HttpRequest, pk: int) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    formulaire = RegleForm(request.POST or None, indicateurs=version.indicateurs.all())
    if formulaire.is_valid() and _tenter(
        request,
        formulaire,
        lambda: domaine.ajouter_regle(referentiel=version, auteur=request.user, **formulaire.cleaned_data),
        str,
    ):
        messages.success(request, f"La règle {formulaire.cleaned_data['code']} est ajoutée.")
        return redirect("referentiel_regles", pk)
    posees = version.regles.select_related("si", "alors")
    return _page(request, "regles", formulaire, version=version, regles=posees)


@require_POST
def retirer_regle(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    try:
        domaine.retirer_regle(referentiel=version, code=code, auteur=request.user)
        messages.success(request, f"La règle {code} est retirée.")
    except Empeche as refus:
        messages.error(request, str(refus))
    return redirect("referentiel_regles", pk)
