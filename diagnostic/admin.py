"""The diagnostic's tables, for the technical administrator: read here, written by the screens.

Of the surveys, their life only: who opened one, when, for how many people. Ballots and slips (`BulletinScelle`,
`Coupon`) have no list: looking at how many there are, again and again, would say when each answer came in, and so whose
it may be. Free texts (`Expression`), what the head answered and the figures are the school's to read: whoever keeps
the machine running has no need of them, and a page here would read them beside no threshold, warning or masking.
The link's code and the keys are left out for the same reason: what is not shown is not copied by mistake.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from diagnostic.models import (
    Campagne,
    Champ,
    CopieSignee,
    Diagnostic,
    Enquete,
    Indicateur,
    Palier,
    Referentiel,
    Reponse,
    ResultatEnquete,
)
from strategie.socle.admin import Lecture
from strategie.socle.models import Etablissement


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


@admin.register(Enquete)
class AdministrationEnquetes(Lecture):
    """Neither the keys, the link's code, nor how many have answered."""

    list_display = ("etablissement", "annee_scolaire", "forme", "date_ouverture", "date_cloture", "etat", "ouverte_par")
    list_filter = ("etat", "forme", "acces", "annee_scolaire", "etablissement__academie")
    list_select_related = ("etablissement", "ouverte_par")
    search_fields = ("etablissement__uai",)
    fields = (
        "etablissement",
        "annee_scolaire",
        "forme",
        "acces",
        "date_ouverture",
        "date_cloture",
        "seuil",
        "invites",
        "coupons_de_secours",
        "etat",
        "ouverte_par",
        "ouverte_le",
    )
    ordering = ("-ouverte_le",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquete]:
        return super().get_queryset(request).defer("questions", "code", "cle_publique", "sel")


@admin.register(ResultatEnquete)
class AdministrationResultats(Lecture):
    """That a survey was counted, when, and the fingerprint of its figures; not the figures."""

    list_display = ("enquete", "etablissement", "publie_le", "sha256")
    list_filter = ("enquete__annee_scolaire", "enquete__etablissement__academie")
    list_select_related = ("enquete__etablissement",)
    search_fields = ("enquete__etablissement__uai", "sha256")
    fields = ("enquete", "publie_le", "sha256")
    ordering = ("-publie_le",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ResultatEnquete]:
        return super().get_queryset(request).defer("contenu")

    @admin.display(description="établissement", ordering="enquete__etablissement__nom")
    def etablissement(self, resultat: ResultatEnquete) -> Etablissement:
        return resultat.enquete.etablissement
