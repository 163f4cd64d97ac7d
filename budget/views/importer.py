"""An inventory that comes in: a file, what it would do, then its confirmation."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.equipements import Tenant
from budget.domain.import_equipements import importer_equipements
from budget.interfaces.correspondance_d_inventaire import CorrespondanceForm, correspondance_du_fichier, empreinte
from budget.interfaces.import_d_inventaire import EnvoiForm, Repetition
from budget.interfaces.lecture_d_inventaire import Correspondance, LectureInventaire
from budget.interfaces.modele_d_import import A_REMPLIR, CONSIGNES, attendu, modele_csv, modele_xlsx
from budget.interfaces.sources_d_inventaire import Source, ouvrir_source
from budget.views.acces import inventaire_ou_404
from budget.views.parcours_d_import import Parcours
from plans.models import Depot
from strategie.socle.models import Etablissement

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MODELES = {"xlsx": (modele_xlsx, TYPE_XLSX), "csv": (modele_csv, "text/csv; charset=utf-8")}


class ParcoursDeLInventaire(Parcours):
    objet, gabarit = Depot.Objet.INVENTAIRE, "budget/importer.html"
    gabarit_des_nouvelles = "budget/_importer_nouvelles.html"
    page, page_de, page_des_colonnes = "equipements_importer", "equipements_import", "equipements_import_colonnes"
    page_des_erreurs, fin = "equipements_import_erreurs", "inventaire"
    titre, importer_dans = "Importer un inventaire", "Importer dans l'inventaire"
    deja_pareil = "L'inventaire dit déjà la même chose."
    change_depuis = "L'inventaire a changé depuis cette vérification\u00a0: voici ce que l'import ferait maintenant."
    repetition = Repetition

    def etablissement(self, request: HttpRequest, uai: str) -> Etablissement:
        return inventaire_ou_404(request, uai, ecrire=True)

    def formulaire(self, *donnees: Any) -> EnvoiForm:
        return EnvoiForm(*donnees)

    def ouvrir(self, contenu: bytes) -> Source:
        return ouvrir_source(contenu)

    def correspondance(
        self, source: Source, etablissement: Etablissement, saisi: dict[str, Any]
    ) -> Correspondance | None:
        return correspondance_du_fichier(source, etablissement)

    def lire_correspondance(self, objet: dict[str, Any]) -> Correspondance:
        return Correspondance.from_json(objet)

    def formulaire_des_colonnes(
        self, request: HttpRequest, source: Source, actuelle: Correspondance | None
    ) -> CorrespondanceForm:
        return CorrespondanceForm(source, actuelle, request.POST or None)

    def empreinte(self, entetes: list[str]) -> str:
        return empreinte(entetes)

    def executer(
        self,
        request: HttpRequest,
        etablissement: Etablissement,
        source: Source,
        correspondance: Correspondance,
        attendu: str | None,
    ) -> tuple[Repetition, bool]:
        maintenant = timezone.now()
        lecture = LectureInventaire(source, correspondance, maintenant.astimezone(etablissement.academie.zone).date())
        resultat = importer_equipements(
            etablissement=etablissement,
            lecture=lecture,
            tenant=Tenant(request.user, etablissement.proprietaire_tenu),
            maintenant=maintenant,
            simulation=attendu is None,
            attendu=attendu,
        )
        return Repetition.de(lecture, resultat), resultat.ecrit

    def contexte(self, etablissement: Etablissement) -> dict[str, object]:
        return super().contexte(etablissement) | {
            "consignes": CONSIGNES,
            "colonnes": [(colonne.entete, attendu(colonne)) for colonne in A_REMPLIR],
        }


PARCOURS = ParcoursDeLInventaire()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest, uai: str) -> HttpResponse:
    return PARCOURS.importer(request, uai)


@require_safe
def modele(request: HttpRequest, uai: str, forme: str) -> HttpResponse:
    """The empty table, to fill in."""
    inventaire_ou_404(request, uai, ecrire=True)
    if forme not in MODELES:
        raise Http404("Ce modèle n'existe pas.")
    ecrire_modele, type_contenu = MODELES[forme]
    entetes = {"Content-Disposition": f'attachment; filename="modele-inventaire.{forme}"'}
    return HttpResponse(ecrire_modele(), content_type=type_contenu, headers=entetes)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def colonnes(request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
    return PARCOURS.colonnes(request, uai, cle)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
    return PARCOURS.confirmer(request, uai, cle)


@require_safe
def erreurs(request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
    return PARCOURS.erreurs(request, uai, cle)
