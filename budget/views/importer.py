"""An inventory that comes in: a file, what it would do, then its confirmation."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.correspondances import retenir_correspondance
from budget.domain.equipements import Tenant
from budget.domain.import_equipements import importer_equipements
from budget.interfaces.correspondance_d_inventaire import CorrespondanceForm, correspondance_du_fichier, empreinte
from budget.interfaces.import_d_inventaire import COLONNES_DES_ERREURS, EnvoiForm, Repetition
from budget.interfaces.lecture_d_inventaire import Correspondance, LectureInventaire
from budget.interfaces.modele_d_import import A_REMPLIR, CONSIGNES, attendu, modele_csv, modele_xlsx
from budget.interfaces.sources_d_inventaire import ouvrir_source
from budget.views.acces import inventaire_ou_404
from plans.domain.depots import deposer, noter_repetition, retirer_depot
from plans.interfaces.importation import FichierRecu
from plans.models import Depot
from plans.queries.depots import depot_de
from strategie.socle.domain.empechement import Empeche
from strategie.socle.interfaces.exports import reponse_csv
from strategie.socle.interfaces.imports import FichierRefuse
from strategie.socle.models import Etablissement

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MODELES = {"xlsx": (modele_xlsx, TYPE_XLSX), "csv": (modele_csv, "text/csv; charset=utf-8")}
PLUS_LA = "Ce fichier n'est plus là\u00a0: il a été importé, ou remplacé. Envoyez-le de nouveau."
CHANGE_DEPUIS = "L'inventaire a changé depuis cette vérification\u00a0: voici ce que l'import ferait maintenant."


# --- The file --------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest, uai: str) -> HttpResponse:
    """Takes a file, and shows what it would do; its columns are asked first when they say nothing by themselves."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    formulaire = EnvoiForm(request.POST, request.FILES) if request.method == "POST" else EnvoiForm()
    repetition = None
    if request.method == "POST" and formulaire.is_valid():
        try:
            return _deposer(request, etablissement, formulaire.cleaned_data["fichier"])
        except FichierRefuse as refuse:
            repetition = Repetition.du_fichier_refuse(refuse)
    contexte = _contexte(etablissement) | {
        "formulaire": formulaire,
        "repetition": repetition,
        "consignes": CONSIGNES,
        "colonnes": [(colonne.entete, attendu(colonne)) for colonne in A_REMPLIR],
    }
    return render(request, "budget/importer.html", contexte, status=422 if request.method == "POST" else 200)


def _deposer(request: HttpRequest, etablissement: Etablissement, recu: FichierRecu) -> HttpResponse:
    correspondance = correspondance_du_fichier(ouvrir_source(recu.contenu), etablissement)
    depot = deposer(
        etablissement=etablissement,
        nom=recu.nom,
        contenu=recu.contenu,
        auteur=request.user,
        maintenant=timezone.now(),
        objet=Depot.Objet.INVENTAIRE,
    )
    if correspondance is None:
        return redirect("equipements_import_colonnes", etablissement.uai, depot.cle)
    _repeter(request, etablissement, depot, correspondance)
    return redirect("equipements_import", etablissement.uai, depot.cle)


@require_safe
def modele(request: HttpRequest, uai: str, forme: str) -> HttpResponse:
    """The empty table, to fill in."""
    inventaire_ou_404(request, uai, ecrire=True)
    if forme not in MODELES:
        raise Http404("Ce modèle n'existe pas.")
    ecrire_modele, type_contenu = MODELES[forme]
    entetes = {"Content-Disposition": f'attachment; filename="modele-inventaire.{forme}"'}
    return HttpResponse(ecrire_modele(), content_type=type_contenu, headers=entetes)


# --- Its columns, what it would do ------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def colonnes(request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
    """Which column is what: kept for the school's next file with the same headings."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    depot = _depot(request, etablissement, cle, avec_contenu=True)
    if depot is None:
        return _renvoyer(request, uai)
    source = ouvrir_source(bytes(depot.contenu))
    actuelle = Correspondance.from_json(depot.correspondance) if depot.correspondance else None
    formulaire = CorrespondanceForm(source, actuelle, request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        _retenir(request, etablissement, source.entetes, formulaire.correspondance())
        _repeter(request, etablissement, depot, formulaire.correspondance())
        return redirect("equipements_import", uai, depot.cle)
    contexte = _contexte(etablissement) | {"depot": depot, "source": source, "formulaire": formulaire}
    return render(request, "budget/importer_colonnes.html", contexte, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
    """What the file would do; confirmed, that and nothing else is done."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    depot = _depot(request, etablissement, cle, avec_contenu=request.method == "POST")
    if depot is None or depot.repetition is None:
        return _renvoyer(request, uai)
    repetition = Repetition.from_json(depot.repetition)
    if request.method == "POST" and depot.correspondance:
        correspondance = Correspondance.from_json(depot.correspondance)
        repetition, ecrit = _repeter(request, etablissement, depot, correspondance, attendu=repetition.empreinte)
        if ecrit:
            retirer_depot(depot=depot)
            messages.success(request, repetition.en_phrase)
            return redirect("salles", uai)
        messages.warning(request, CHANGE_DEPUIS)
    contexte = _contexte(etablissement) | {"depot": depot, "repetition": repetition}
    return render(request, "budget/importer_verifier.html", contexte, status=422 if request.method == "POST" else 200)


@require_safe
def erreurs(request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
    """Everything refused, for a spreadsheet."""
    depot = _depot(request, inventaire_ou_404(request, uai, ecrire=True), cle)
    if depot is None or depot.repetition is None:
        raise Http404(PLUS_LA)
    return reponse_csv(f"erreurs-{uai}.csv", COLONNES_DES_ERREURS, Repetition.from_json(depot.repetition).refuses)


# --- Shared -----------------------------------------------------------------------------------------------------
def _repeter(
    request: HttpRequest,
    etablissement: Etablissement,
    depot: Depot,
    correspondance: Correspondance,
    *,
    attendu: str | None = None,
) -> tuple[Repetition, bool]:
    """What the file does, and whether it is done: only when that is what was `attendu`. Noted beside it."""
    maintenant, ecrit = timezone.now(), False
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    try:
        lecture = LectureInventaire(ouvrir_source(bytes(depot.contenu)), correspondance, jour)
        resultat = importer_equipements(
            etablissement=etablissement,
            lecture=lecture,
            tenant=Tenant(request.user, etablissement.proprietaire_tenu),
            maintenant=maintenant,
            simulation=attendu is None,
            attendu=attendu,
        )
        repetition, ecrit = Repetition.de(lecture, resultat), resultat.ecrit
    except FichierRefuse as refuse:
        repetition = Repetition.du_fichier_refuse(refuse)
    except Empeche as empeche:
        repetition = Repetition.du_fichier_refuse(FichierRefuse(str(empeche)))
    noter_repetition(depot=depot, repetition=repetition.to_json(), correspondance=correspondance.to_json())
    return repetition, ecrit


def _retenir(
    request: HttpRequest, etablissement: Etablissement, entetes: list[str], correspondance: Correspondance
) -> None:
    retenir_correspondance(
        etablissement=etablissement,
        entetes=empreinte(entetes),
        colonnes=correspondance.to_json(),
        auteur=request.user,
        maintenant=timezone.now(),
    )


def _depot(
    request: HttpRequest, etablissement: Etablissement, cle: uuid.UUID, *, avec_contenu: bool = False
) -> Depot | None:
    return depot_de(etablissement, request.user, cle, avec_contenu=avec_contenu, objet=Depot.Objet.INVENTAIRE)


def _renvoyer(request: HttpRequest, uai: str) -> HttpResponse:
    messages.info(request, PLUS_LA)
    return redirect("equipements_importer", uai)


def _contexte(etablissement: Etablissement) -> dict[str, object]:
    return {"etablissement": etablissement, "etape": "moyens"}
