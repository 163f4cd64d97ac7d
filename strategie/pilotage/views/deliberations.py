"""The act that the board is asked for: its text, its vote, what comes after."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from plans.interfaces.indicateurs import AvecVersion, signaler_le_refus
from plans.views.demande import cles_demandees, envoye
from strategie.pilotage.domain.conseil import avertissements
from strategie.pilotage.domain.deliberations import (
    enregistrer_vote,
    lire_dates,
    lire_deliberation,
    modifier_deliberation,
    noter_dates,
    preparer_deliberation,
    retirer_deliberation,
)
from strategie.pilotage.interfaces.acte_docx import ecrire_acte
from strategie.pilotage.interfaces.actes import acte_en_mots
from strategie.pilotage.interfaces.deliberations import (
    DatesForm,
    DeliberationForm,
    VoteForm,
    deliberation_proposee,
    dossiers_a_choisir,
    en_champs,
    seances_a_choisir,
)
from strategie.pilotage.interfaces.documents import DOCX
from strategie.pilotage.interfaces.dossier import imprimer_dossier
from strategie.pilotage.models import Deliberation
from strategie.pilotage.queries.deliberations import (
    acte_en_clair,
    deliberations_de,
    dossiers_presentables,
    seances_de,
    tenue_de,
)
from strategie.pilotage.queries.regles_du_conseil import regles_de
from strategie.pilotage.rules.deliberations import (
    empechement_avant_la_seance,
    empechement_dater,
    empechement_modifier,
    empechement_retirer,
)
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.fusion import Conflit
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


def deliberation_ou_404(request: HttpRequest, uai: str, cle: int, droit: Droit) -> Deliberation:
    """With its `etablissement`, and its meeting's."""
    etablissement = etablissement_ou_404(request, uai, droit)
    deliberation = get_object_or_404(deliberations_de(etablissement), pk=cle)
    deliberation.etablissement = deliberation.seance.etablissement = etablissement
    return deliberation


def _contexte(etablissement: Etablissement, **autres: Any) -> dict[str, Any]:
    droits = {"prepare": Droit.PREPARER_DOSSIER, "enregistre": Droit.ENREGISTRER_VOTE}
    possibles = {nom: droit in etablissement.droits for nom, droit in droits.items()}
    return {"etablissement": etablissement, "etape": "evaluation"} | possibles | autres


@require_safe
def deliberation(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """As it will be read."""
    lue = deliberation_ou_404(request, uai, cle, Droit.LIRE_DOSSIER)
    regles = regles_de(lue.etablissement)
    contexte = _contexte(
        lue.etablissement,
        deliberation=lue,
        acte=acte_en_mots(acte_en_clair(lue, lue.etablissement, regles), regles),
        avertissements=list(avertissements(regles, tenue_de(lue.seance))),
        a_venir=empechement_avant_la_seance(lue.seance.date, timezone.localdate()),
        datable=empechement_dater(lue.resultat) is None,
    )
    return render(request, "pilotage/deliberation.html", contexte)


@require_safe
def docx(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    lue = deliberation_ou_404(request, uai, cle, Droit.LIRE_DOSSIER)
    regles = regles_de(lue.etablissement)
    acte = acte_en_mots(acte_en_clair(lue, lue.etablissement, regles), regles)
    nom = f"{'avis' if acte.avis else 'deliberation'}-{uai}-{lue.seance.date:%Y-%m-%d}.docx"
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return HttpResponse(ecrire_acte(lue.etablissement, acte, lue.numero), content_type=DOCX, headers=entetes)


# --- Writing it ------------------------------------------------------------------------------------------------
@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    """For the meeting of the address, with the texts that the law wants cited."""
    etablissement = etablissement_ou_404(request, uai, Droit.PREPARER_DOSSIER)
    seances, dossiers = list(seances_de(etablissement)), list(dossiers_presentables(etablissement))
    proposee = deliberation_proposee(etablissement, seances, dossiers, cles_demandees(request, "seance"))
    formulaire = DeliberationForm(
        envoye(request),
        tenu=proposee,
        nouveau=True,
        premier_degre=etablissement.premier_degre,
        seances=seances_a_choisir(seances),
        dossiers=dossiers_a_choisir(dossiers),
    )
    if request.method == "POST" and formulaire.is_valid() and (ecrite := _preparer(request, etablissement, formulaire)):
        messages.success(request, "Le projet est écrit. Relisez-le comme le conseil le lira.")
        return redirect("deliberation", uai, ecrite.pk)
    contexte = _contexte(etablissement, formulaire=formulaire, deliberation=None, sans_seance=not seances)
    return render(request, "pilotage/deliberation_saisir.html", contexte, status=formulaire.statut)


def _preparer(request: HttpRequest, etablissement: Etablissement, formulaire: DeliberationForm) -> Deliberation | None:
    try:
        return preparer_deliberation(
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
    lue = deliberation_ou_404(request, uai, cle, Droit.PREPARER_DOSSIER)
    etablissement = lue.etablissement
    formulaire = DeliberationForm(
        envoye(request),
        tenu=lire_deliberation(lue),
        nouveau=False,
        premier_degre=etablissement.premier_degre,
        seances=seances_a_choisir(seances_de(etablissement)),
        dossiers=dossiers_a_choisir(list(dossiers_presentables(etablissement))),
    )
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, lue, formulaire):
        messages.success(request, "Le projet est enregistré.")
        return redirect("deliberation", uai, cle)
    refus = empechement_modifier(lue.votee)
    contexte = _contexte(etablissement, formulaire=formulaire, deliberation=lue, empechement=refus)
    return render(request, "pilotage/deliberation_saisir.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, lue: Deliberation, formulaire: DeliberationForm) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    return _fusionner(
        formulaire,
        lambda: modifier_deliberation(deliberation=lue, base=base, saisie=saisie, auteur=request.user),
        lambda: en_champs(lire_deliberation(lue)),
    )


def _fusionner(
    formulaire: Any, ecrire: Callable[[], Mapping[str, Conflit]], actuels: Callable[[], Mapping[str, Any]]
) -> bool:
    """Whether it is written; else the form says why, or what somebody else wrote."""
    try:
        conflits = ecrire()
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        formulaire.signaler(conflits, actuels())
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first; a draft only."""
    lue = deliberation_ou_404(request, uai, cle, Droit.PREPARER_DOSSIER)
    formulaire = AvecVersion(envoye(request), initial={"version": lue.version})
    if request.method == "POST" and formulaire.is_valid():
        try:
            version = formulaire.cleaned_data["version"]
            retirer_deliberation(deliberation=lue, version=version, auteur=request.user)
            messages.success(request, "Le projet est retiré.")
            return redirect("evaluation", uai)
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    refus = empechement_retirer(lue.votee)
    contexte = _contexte(lue.etablissement, formulaire=formulaire, deliberation=lue, empechement=refus)
    return render(request, "pilotage/deliberation_retirer.html", contexte, status=formulaire.statut)


# --- Its vote, and what comes after ----------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def voter(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What is frozen is said before it is."""
    lue = deliberation_ou_404(request, uai, cle, Droit.ENREGISTRER_VOTE)
    regles = regles_de(lue.etablissement)
    formulaire = VoteForm(envoye(request), initial={"version": lue.version})
    if request.method == "POST" and formulaire.is_valid() and _voter(request, lue, formulaire):
        messages.success(request, "Le vote est enregistré. L'acte ne change plus\u00a0: il reste à noter ses dates.")
        return redirect("deliberation", uai, cle)
    contexte = _contexte(
        lue.etablissement,
        formulaire=formulaire,
        deliberation=lue,
        acte=acte_en_mots(acte_en_clair(lue, lue.etablissement, regles), regles),
        avertissements=list(avertissements(regles, tenue_de(lue.seance))),
        empechement=empechement_modifier(lue.votee)
        or empechement_avant_la_seance(lue.seance.date, timezone.localdate()),
    )
    return render(request, "pilotage/deliberation_voter.html", contexte, status=formulaire.statut)


def _voter(request: HttpRequest, lue: Deliberation, formulaire: VoteForm) -> bool:
    try:
        enregistrer_vote(
            deliberation=lue,
            version=formulaire.cleaned_data["version"],
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
            rendre_pdf=imprimer_dossier,
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
    return not formulaire.errors


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dates(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    lue = deliberation_ou_404(request, uai, cle, Droit.PREPARER_DOSSIER)
    formulaire = DatesForm(envoye(request), tenu=lire_dates(lue), premier_degre=lue.etablissement.premier_degre)
    if request.method == "POST" and formulaire.is_valid() and _dater(request, lue, formulaire):
        messages.success(request, "Les dates sont enregistrées.")
        return redirect("deliberation", uai, cle)
    refus = empechement_dater(lue.resultat)
    contexte = _contexte(
        lue.etablissement,
        formulaire=formulaire,
        deliberation=lue,
        regles=regles_de(lue.etablissement),
        empechement=refus,
    )
    return render(request, "pilotage/deliberation_dates.html", contexte, status=formulaire.statut)


def _dater(request: HttpRequest, lue: Deliberation, formulaire: DatesForm) -> bool:
    dites = {"base": formulaire.base(), "saisie": formulaire.saisie()}
    return _fusionner(
        formulaire,
        lambda: noter_dates(deliberation=lue, auteur=request.user, maintenant=timezone.now(), **dites),
        lambda: vars(lire_dates(lue)),
    )
