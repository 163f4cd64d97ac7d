"""The diagnostic's tables, for the technical administrator: read here, written by the screens."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from diagnostic.models import Campagne, Champ, CopieSignee, Diagnostic, Indicateur, Palier, Referentiel, Reponse
from strategie.socle.admin import Lecture


@admin.register(Referentiel)
class AdministrationReferentiels(Lecture):
    """A version comes whole from its file and is locked once published."""

    list_display = ("titre", "code", "version", "seuil", "part_inconnue_max", "publie_le")
    search_fields = ("code", "titre")


@admin.register(Palier)
class AdministrationPaliers(Lecture):
    list_display = ("numero", "libelle", "referentiel")
    list_filter = ("referentiel",)
    list_select_related = ("referentiel",)


@admin.register(Champ)
class AdministrationChamps(Lecture):
    list_display = ("ordre", "code", "libelle", "referentiel")
    list_filter = ("referentiel",)
    list_select_related = ("referentiel",)


@admin.register(Indicateur)
class AdministrationIndicateurs(Lecture):
    list_display = ("code", "enonce", "palier", "champ", "levier", "bloquant", "referentiel")
    list_filter = ("referentiel", "palier", "champ", "levier", "bloquant")
    list_select_related = ("champ", "referentiel")
    search_fields = ("code", "enonce")


@admin.register(Campagne)
class AdministrationCampagnes(Lecture):
    """The rectorat opens and changes them: each diagnostic carries the dates and the version that result."""

    list_display = ("annee_scolaire", "academie", "referentiel", "date_ouverture", "date_cloture")
    list_filter = ("annee_scolaire", "academie")
    list_select_related = ("academie", "referentiel")
    search_fields = ("annee_scolaire", "academie__nom")


@admin.register(Diagnostic)
class AdministrationDiagnostics(Lecture):
    list_display = ("etablissement", "campagne", "etat", "version", "commence_par", "commence_le")
    list_filter = ("etat", "campagne__annee_scolaire", "campagne__academie")
    list_select_related = ("etablissement", "campagne__academie", "commence_par")
    search_fields = ("etablissement__uai",)
    ordering = ("-commence_le",)


@admin.register(Reponse)
class AdministrationReponses(Lecture):
    list_display = ("diagnostic", "indicateur", "valeur", "version", "modifiee_par", "modifiee_le")
    list_filter = ("valeur",)
    list_select_related = ("diagnostic__etablissement", "diagnostic__campagne", "indicateur", "modifiee_par")
    search_fields = ("diagnostic__etablissement__uai", "indicateur__code")
    ordering = ("-pk",)


@admin.register(CopieSignee)
class AdministrationCopies(Lecture):
    """Neither the PDF's bytes nor the whole JSON are read here."""

    list_display = ("diagnostic", "version", "nom_signataire", "signee_le", "sha256_pdf")
    list_filter = ("diagnostic__campagne__annee_scolaire", "diagnostic__campagne__academie")
    list_select_related = ("diagnostic__etablissement", "diagnostic__campagne")
    search_fields = ("diagnostic__etablissement__uai", "nom_signataire", "sha256_pdf")
    exclude = ("pdf", "contenu")
    ordering = ("-signee_le",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CopieSignee]:
        return super().get_queryset(request).defer("pdf", "contenu")
