"""The journey of every import of this app: a file, its columns, what it would do, then its confirmation."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from budget.domain.correspondances import retenir_correspondance
from budget.interfaces.import_d_inventaire import COLONNES_DES_ERREURS, Repetition
from budget.interfaces.sources_d_inventaire import Source
from plans.domain.depots import deposer, noter_repetition, retirer_depot
from plans.models import Depot
from plans.queries.depots import depot_de
from strategie.socle.domain.empechement import Empeche
from strategie.socle.interfaces.exports import reponse_csv
from strategie.socle.interfaces.imports import FichierRefuse
from strategie.socle.models import Etablissement

PLUS_LA = "Ce fichier n'est plus là\u00a0: il a été importé, ou remplacé. Envoyez-le de nouveau."


class Parcours(ABC):
    """What an import says of itself: what it brings, its pages and where they lead, its words."""

    objet: str
    gabarit: str
    gabarit_des_nouvelles: str
    page: str
    page_de: str
    page_des_colonnes: str
    page_des_erreurs: str
    fin: str
    titre: str
    importer_dans: str
    deja_pareil: str
    change_depuis: str
    repetition: type[Repetition]

    @abstractmethod
    def etablissement(self, request: HttpRequest, uai: str) -> Etablissement: ...

    @abstractmethod
    def formulaire(self, *donnees: Any) -> forms.Form: ...

    @abstractmethod
    def ouvrir(self, contenu: bytes) -> Source: ...

    @abstractmethod
    def correspondance(self, source: Source, etablissement: Etablissement, saisi: dict[str, Any]) -> Any: ...

    @abstractmethod
    def lire_correspondance(self, objet: dict[str, Any]) -> Any: ...

    @abstractmethod
    def formulaire_des_colonnes(self, request: HttpRequest, source: Source, actuelle: Any) -> Any: ...

    @abstractmethod
    def empreinte(self, entetes: list[str]) -> str: ...

    def a_retenir(self, correspondance: Any) -> Any:
        """What of it serves the next file with the same headings."""
        return correspondance

    @abstractmethod
    def executer(
        self,
        request: HttpRequest,
        etablissement: Etablissement,
        source: Source,
        correspondance: Any,
        attendu: str | None,
    ) -> tuple[Repetition, bool]:
        """What the file does, and whether it is done: only when that is what was `attendu`."""

    def contexte(self, etablissement: Etablissement) -> dict[str, object]:
        return {"etablissement": etablissement, "etape": "moyens", "parcours": self}

    def suite(self, saisi: dict[str, Any]) -> dict[str, str]:
        """What was said with the file, for the page that asks its columns."""
        return {}

    # --- Its pages ---
    def importer(self, request: HttpRequest, uai: str) -> HttpResponse:
        """Takes a file, and shows what it would do; its columns are asked first when they say nothing by themselves."""
        etablissement = self.etablissement(request, uai)
        poste = request.method == "POST"
        formulaire = self.formulaire(request.POST, request.FILES) if poste else self.formulaire()
        repetition = None
        if poste and formulaire.is_valid():
            try:
                return self._deposer(request, etablissement, formulaire.cleaned_data)
            except FichierRefuse as refuse:
                repetition = self.repetition.du_fichier_refuse(refuse)
        contexte = self.contexte(etablissement) | {"formulaire": formulaire, "repetition": repetition}
        return render(request, self.gabarit, contexte, status=422 if poste else 200)

    def colonnes(self, request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
        """Which column is what: kept for the school's next file with the same headings."""
        etablissement = self.etablissement(request, uai)
        depot = self._depot(request, etablissement, cle, avec_contenu=True)
        if depot is None:
            return self._renvoyer(request, uai)
        source = self.ouvrir(bytes(depot.contenu))
        actuelle = self.lire_correspondance(depot.correspondance) if depot.correspondance else None
        formulaire = self.formulaire_des_colonnes(request, source, actuelle)
        if request.method == "POST" and formulaire.is_valid():
            correspondance = formulaire.correspondance()
            self._retenir(request, etablissement, source.entetes, correspondance)
            self._repeter(request, etablissement, depot, correspondance)
            return redirect(self.page_de, uai, depot.cle)
        contexte = self.contexte(etablissement) | {"depot": depot, "source": source, "formulaire": formulaire}
        statut = 422 if request.method == "POST" else 200
        return render(request, "budget/importer_colonnes.html", contexte, status=statut)

    def confirmer(self, request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
        """What the file would do; confirmed, that and nothing else is done."""
        etablissement, poste = self.etablissement(request, uai), request.method == "POST"
        depot = self._depot(request, etablissement, cle, avec_contenu=poste)
        if depot is None or depot.repetition is None:
            return self._renvoyer(request, uai)
        repetition = self.repetition.from_json(depot.repetition)
        if poste and depot.correspondance:
            correspondance = self.lire_correspondance(depot.correspondance)
            repetition, ecrit = self._repeter(
                request, etablissement, depot, correspondance, attendu=repetition.empreinte
            )
            if ecrit:
                retirer_depot(depot=depot)
                messages.success(request, repetition.en_phrase)
                return redirect(self.fin, uai)
            messages.warning(request, self.change_depuis)
        contexte = self.contexte(etablissement) | {"depot": depot, "repetition": repetition}
        return render(request, "budget/importer_verifier.html", contexte, status=422 if poste else 200)

    def erreurs(self, request: HttpRequest, uai: str, cle: uuid.UUID) -> HttpResponse:
        """Everything refused, for a spreadsheet."""
        depot = self._depot(request, self.etablissement(request, uai), cle)
        if depot is None or depot.repetition is None:
            raise Http404(PLUS_LA)
        refuses = self.repetition.from_json(depot.repetition).refuses
        return reponse_csv(f"erreurs-{uai}.csv", COLONNES_DES_ERREURS, refuses)

    # --- Shared ---
    def _deposer(self, request: HttpRequest, etablissement: Etablissement, saisi: dict[str, Any]) -> HttpResponse:
        recu = saisi["fichier"]
        correspondance = self.correspondance(self.ouvrir(recu.contenu), etablissement, saisi)
        depot = deposer(
            etablissement=etablissement,
            nom=recu.nom,
            contenu=recu.contenu,
            auteur=request.user,
            maintenant=timezone.now(),
            objet=self.objet,
        )
        if correspondance is None:
            args = [etablissement.uai, depot.cle]
            return redirect(reverse(self.page_des_colonnes, args=args, query=self.suite(saisi)))
        self._repeter(request, etablissement, depot, correspondance)
        return redirect(self.page_de, etablissement.uai, depot.cle)

    def _repeter(
        self,
        request: HttpRequest,
        etablissement: Etablissement,
        depot: Depot,
        correspondance: Any,
        *,
        attendu: str | None = None,
    ) -> tuple[Repetition, bool]:
        """Noted beside the file."""
        ecrit = False
        try:
            source = self.ouvrir(bytes(depot.contenu))
            repetition, ecrit = self.executer(request, etablissement, source, correspondance, attendu)
        except FichierRefuse as refuse:
            repetition = self.repetition.du_fichier_refuse(refuse)
        except Empeche as empeche:
            repetition = self.repetition.du_fichier_refuse(FichierRefuse(str(empeche)))
        noter_repetition(depot=depot, repetition=repetition.to_json(), correspondance=correspondance.to_json())
        return repetition, ecrit

    def _retenir(
        self, request: HttpRequest, etablissement: Etablissement, entetes: list[str], correspondance: Any
    ) -> None:
        retenir_correspondance(
            etablissement=etablissement,
            entetes=self.empreinte(entetes),
            colonnes=self.a_retenir(correspondance).to_json(),
            auteur=request.user,
            maintenant=timezone.now(),
        )

    def _depot(
        self, request: HttpRequest, etablissement: Etablissement, cle: uuid.UUID, *, avec_contenu: bool = False
    ) -> Depot | None:
        return depot_de(etablissement, request.user, cle, avec_contenu=avec_contenu, objet=self.objet)

    def _renvoyer(self, request: HttpRequest, uai: str) -> HttpResponse:
        messages.info(request, PLUS_LA)
        return redirect(self.page, uai)
