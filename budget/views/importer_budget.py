"""Lines of the budget that come in: a file, what it would do, then its confirmation."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.import_lignes import importer_lignes
from budget.interfaces.import_de_budget import (
    CorrespondanceDuBudgetForm,
    EnvoiForm,
    RepetitionDuBudget,
    correspondance_du_budget,
)
from budget.interfaces.lecture_de_budget import (
    CorrespondanceDuBudget,
    LectureBudget,
    empreinte_du_budget,
    ouvrir_budget,
)
from budget.interfaces.sources_d_inventaire import Source
from budget.views.parcours_d_import import Parcours
from plans.models import Depot
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


class ParcoursDuBudget(Parcours):
    objet, gabarit = Depot.Objet.BUDGET, "budget/importer_budget.html"
    gabarit_des_nouvelles = "budget/_importer_nouvelles_du_budget.html"
    page, page_de, page_des_colonnes = "budget_importer", "budget_import", "budget_import_colonnes"
    page_des_erreurs, fin = "budget_import_erreurs", "budget"
    titre, importer_dans = "Exporter, importer le budget", "Importer dans le budget"
    deja_pareil = "Le budget dit déjà la même chose."
    change_depuis = "Le budget a changé depuis cette vérification\u00a0: voici ce que l'import ferait maintenant."
    repetition = RepetitionDuBudget

    def etablissement(self, request: HttpRequest, uai: str) -> Etablissement:
        return etablissement_ou_404(request, uai, Droit.TENIR_BUDGET)

    def formulaire(self, *donnees: Any) -> EnvoiForm:
        return EnvoiForm(*donnees)

    def ouvrir(self, contenu: bytes) -> Source:
        return ouvrir_budget(contenu)

    def correspondance(
        self, source: Source, etablissement: Etablissement, saisi: dict[str, Any]
    ) -> CorrespondanceDuBudget | None:
        return correspondance_du_budget(source, etablissement, saisi["exercice"])

    def lire_correspondance(self, objet: dict[str, Any]) -> CorrespondanceDuBudget:
        return CorrespondanceDuBudget.from_json(objet)

    def formulaire_des_colonnes(
        self, request: HttpRequest, source: Source, actuelle: CorrespondanceDuBudget | None
    ) -> CorrespondanceDuBudgetForm:
        return CorrespondanceDuBudgetForm(source, actuelle, request.POST or None, request.GET.get("exercice", ""))

    def suite(self, saisi: dict[str, Any]) -> dict[str, str]:
        return {"exercice": str(saisi["exercice"])} if saisi["exercice"] else {}

    def empreinte(self, entetes: list[str]) -> str:
        return empreinte_du_budget(entetes)

    def a_retenir(self, correspondance: CorrespondanceDuBudget) -> CorrespondanceDuBudget:
        return correspondance.pour(None)

    def executer(
        self,
        request: HttpRequest,
        etablissement: Etablissement,
        source: Source,
        correspondance: CorrespondanceDuBudget,
        attendu: str | None,
    ) -> tuple[RepetitionDuBudget, bool]:
        lecture = LectureBudget(source, correspondance)
        resultat = importer_lignes(
            etablissement=etablissement,
            lecture=lecture,
            auteur=request.user,
            maintenant=timezone.now(),
            simulation=attendu is None,
            attendu=attendu,
        )
        return RepetitionDuBudget.du_budget(lecture, resultat), resultat.ecrit

    def contexte(self, etablissement: Etablissement) -> dict[str, object]:
        return super().contexte(etablissement) | {"annee": timezone.localdate().year}


PARCOURS = ParcoursDuBudget()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest, uai: str) -> HttpResponse:
    return PARCOURS.importer(request, uai)


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
