"""The indicators of actions, and their readings."""

import datetime
from dataclasses import asdict
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from plans.domain.indicateurs import ajouter_indicateur, lire_saisie, modifier_indicateur, retirer_indicateur
from plans.domain.releves import DejaReleve, Enregistrement, enregistrer_releve, supprimer_releve
from plans.interfaces.courbe import courbe
from plans.interfaces.indicateurs import (
    IndicateurForm,
    ReleveForm,
    instant_lu,
    releve_a_remplir,
    signaler_le_refus,
    suit_l_action,
)
from plans.interfaces.taches import programmer_les_releves
from plans.models import Action, IndicateurSuivi, Releve
from plans.queries.indicateurs import (
    Lecteur,
    actions_lisibles,
    avec_unite,
    indicateurs_lisibles,
    mesures_de,
    releves_lisibles,
)
from plans.rules.indicateurs import (
    empechement_relever,
    empechement_retirer_indicateur,
    empechement_un_indicateur_de_plus,
    manques_de_l_indicateur,
)
from plans.views.acces import plan_lisible_ou_404
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase
from strategie.socle.views.acces import etablissement_ou_404, exiger


def action_ou_404(etablissement: Etablissement, cle: int) -> Action:
    action = get_object_or_404(actions_lisibles(etablissement), pk=cle)
    action.etablissement = etablissement
    return action


def indicateur_ou_404(etablissement: Etablissement, cle: int) -> IndicateurSuivi:
    """One that the person may read, of an action that is still there."""
    indicateur = get_object_or_404(indicateurs_lisibles(etablissement), pk=cle)
    indicateur.action.etablissement = etablissement
    return indicateur


def exiger_de_suivre(request: HttpRequest, etablissement: Etablissement, action: Action) -> None:
    """403 for those who neither write the plan nor carry this action."""
    exiger(etablissement, Droit.SUIVRE_SES_ACTIONS)
    if not suit_l_action(etablissement, action, request.user):
        raise PermissionDenied("Vous ne portez pas cette action et n'y contribuez pas : vous pouvez la lire.")


def adresse_de_l_action(action: Action) -> str:
    return f"{reverse('action', args=[action.etablissement.uai, action.pk])}#indicateurs"


@require_safe
def indicateur(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Where it stands in a sentence, then its curve and its table."""
    etablissement, jour = plan_lisible_ou_404(request, uai), timezone.localdate()
    lu = indicateur_ou_404(etablissement, cle)
    lecture = Lecteur(etablissement, jour, etablissement.droits).un(lu)
    saisit = suit_l_action(etablissement, lu.action, request.user) and not lecture.calculee
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "lecture": lecture,
        "indicateur": lu,
        "courbe": courbe(lecture),
        "manques": manques_de_l_indicateur(lu),
        "peut_modifier": Droit.MODIFIER_PLAN in etablissement.droits,
        "lit_l_historique": Droit.LIRE_PLAN in etablissement.droits,
        "releve": releve_a_remplir(lu, jour) if saisit else None,
    }
    return render(request, "plans/indicateur.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """To an action; incomplete, it says what publication will ask for."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    action = action_ou_404(etablissement, cle)
    formulaire = IndicateurForm(envoye(request), mesures=mesures_de(etablissement))
    if request.method == "POST" and formulaire.is_valid():
        try:
            ajoute = ajouter_indicateur(
                action=action, saisie=formulaire.saisie(), auteur=request.user, maintenant=timezone.now()
            )
            _programmer(ajoute)
            messages.success(request, _enregistre("L'indicateur est ajouté.", ajoute))
            return redirect("indicateur", uai, ajoute.pk)
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    empechement = empechement_un_indicateur_de_plus(action.indicateurs.vivants().count())
    contexte = {"etablissement": etablissement, "etape": "moyens", "action": action, "formulaire": formulaire}
    contexte |= {"empechement": None if formulaire.errors else empechement}
    return render(request, "plans/indicateur_ajouter.html", contexte, status=formulaire.statut)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What two people change apart is merged; what they change alike is shown to the last of them."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    tenu = indicateur_ou_404(etablissement, cle)
    formulaire = IndicateurForm(envoye(request), tenu=lire_saisie(tenu), mesures=mesures_de(etablissement))
    if request.method == "POST" and formulaire.is_valid() and (fait := _modifier(request, tenu, formulaire)):
        _programmer(fait)
        messages.success(request, _enregistre("L'indicateur est enregistré.", fait))
        return redirect("indicateur", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "indicateur": tenu, "formulaire": formulaire}
    return render(request, "plans/indicateur_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, tenu: IndicateurSuivi, formulaire: IndicateurForm) -> IndicateurSuivi | None:
    try:
        fait = modifier_indicateur(
            indicateur=tenu,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return None
    if fait.conflits:
        formulaire.signaler(fait.conflits, asdict(lire_saisie(fait.indicateur)))
    return None if fait.conflits else fait.indicateur


def _programmer(indicateur: IndicateurSuivi) -> None:
    """What the system reads is kept each month."""
    if indicateur.mesure:
        programmer_les_releves()


def _enregistre(debut: str, indicateur: IndicateurSuivi) -> str:
    manques = manques_de_l_indicateur(indicateur)
    if not manques:
        return debut
    return f"{debut} Pour que l'action se publie, il manque encore\u00a0: {', '.join(manques)}."


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first; it waits in the bin with its readings."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    tenu = indicateur_ou_404(etablissement, cle)
    empechement = empechement_retirer_indicateur(tenu)
    if request.method == "POST":
        try:
            retirer_indicateur(indicateur=tenu, auteur=request.user, maintenant=timezone.now())
            messages.success(request, "L'indicateur est à la corbeille, avec ses relevés, pour trente jours.")
            return redirect(adresse_de_l_action(tenu.action))
        except Empeche as refus:
            empechement = str(refus)
    contexte = {"etablissement": etablissement, "etape": "moyens", "indicateur": tenu, "empechement": empechement}
    contexte |= {"releves": tenu.releves.count()}
    return render(request, "plans/indicateur_retirer.html", contexte, status=422 if request.method == "POST" else 200)


# --- Readings -----------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def relever(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """A value of a day; `?date=` brings the one to correct. Nothing kept is replaced unseen."""
    etablissement = etablissement_ou_404(request, uai, Droit.SUIVRE_SES_ACTIONS)
    lu = indicateur_ou_404(etablissement, cle)
    exiger_de_suivre(request, etablissement, lu.action)
    if request.method == "POST":
        return _recevoir(request, lu)
    tenu = lu.releves.filter(date=_date_demandee(request)).first()
    return _page_du_releve(request, lu, releve_a_remplir(lu, timezone.localdate(), tenu=tenu), tenu, 200)


def _recevoir(request: HttpRequest, lu: IndicateurSuivi) -> HttpResponse:
    formulaire, deja = ReleveForm(request.POST, indicateur=lu), None
    if formulaire.is_valid():
        dit = formulaire.cleaned_data
        enregistre = partial(enregistrer_releve, indicateur=lu, auteur=request.user, maintenant=timezone.now())
        try:
            fait = enregistre(saisie=formulaire.saisie(), remplace=dit["remplace"])
            messages.success(request, _releve_en_mots(lu, fait))
            return redirect(dit["retour"] or reverse("indicateur", args=[lu.action.etablissement.uai, lu.pk]))
        except DejaReleve as autre:
            deja = autre.tenu
            formulaire.a_remplacer(deja)
        except Empeche as refus:
            formulaire.add_error(None, str(refus))
    return _page_du_releve(request, lu, formulaire, deja, 409 if deja else 422)


def _page_du_releve(
    request: HttpRequest, lu: IndicateurSuivi, formulaire: ReleveForm, tenu: Releve | None, statut: int
) -> HttpResponse:
    """`tenu`: the reading that the day has already."""
    contexte = {
        "etablissement": lu.action.etablissement,
        "etape": "moyens",
        "indicateur": lu,
        "formulaire": formulaire,
        "tenu": tenu,
        "en_conflit": statut == 409,
        "empechement": empechement_relever(lu.mesure),
    }
    return render(request, "plans/releve.html", contexte, status=statut)


def _date_demandee(request: HttpRequest) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        return None


def _releve_en_mots(lu: IndicateurSuivi, fait: Enregistrement) -> str:
    jour, valeur = date_en_phrase(fait.releve.date), avec_unite(fait.releve.valeur, lu.unite)
    if fait.avant is None or fait.avant == fait.releve.valeur:
        return f"«\u00a0{lu}\u00a0»\u00a0: {valeur} le {jour}, c'est enregistré."
    avant = avec_unite(fait.avant, lu.unite)
    return f"«\u00a0{lu}\u00a0»\u00a0: le relevé du {jour} est corrigé, {valeur} au lieu de {avant}."


@require_http_methods(["GET", "HEAD", "POST"])
def supprimer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first; gone already, it says so."""
    etablissement = etablissement_ou_404(request, uai, Droit.SUIVRE_SES_ACTIONS)
    releve = get_object_or_404(releves_lisibles(etablissement), pk=cle)
    lu, change = releve.indicateur, False
    exiger_de_suivre(request, etablissement, lu.action)
    if request.method == "POST":
        try:
            supprimer_releve(releve=releve, lu=instant_lu(request.POST.get("lu", "")), auteur=request.user)
            messages.success(request, f"Le relevé du {date_en_phrase(releve.date)} est supprimé.")
            return redirect("indicateur", uai, lu.pk)
        except DejaReleve as autre:
            change, releve = True, autre.tenu or releve
    contexte = {"etablissement": etablissement, "etape": "moyens", "indicateur": lu, "releve": releve}
    statut = 409 if change else 200
    return render(request, "plans/releve_supprimer.html", contexte | {"en_conflit": change}, status=statut)
