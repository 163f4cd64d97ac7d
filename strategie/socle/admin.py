"""The ground floor's tables, for the technical administrator. Pages hold with 60,000 schools."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest

from strategie.socle.interfaces.courriels import demander_lien_mot_de_passe
from strategie.socle.models import (
    Academie,
    Affectation,
    Collectivite,
    Departement,
    District,
    Etablissement,
    Invitation,
    Utilisateur,
)
from strategie.socle.models.comptes import NIVEAUX
from strategie.socle.models.territoire import SansAccent


class Table(admin.ModelAdmin):
    show_full_result_count = False
    list_per_page = 50
    view_on_site = False
    actions_on_top = True


class Lecture(Table):
    """Read here, written elsewhere: by the person concerned, by an import, by a signature."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


# --- People -------------------------------------------------------------------------------------------
class FormulaireCompte(forms.ModelForm):
    """No password here: its owner chooses it, by the link that « mot de passe oublié » sends."""

    class Meta:
        model = Utilisateur
        fields = ("email", "first_name", "last_name", "is_active", "is_superuser")
        labels = {"is_active": "Compte actif", "is_superuser": "Administration technique"}
        help_texts = {
            "is_active": "Décoché : la personne est déconnectée et ne peut plus se connecter.",
            "is_superuser": "Donne accès à ces pages, et à aucun établissement.",
        }

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class AffectationsDuCompte(admin.StackedInline):
    model = Affectation
    autocomplete_fields = NIVEAUX
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Affectation]:
        return super().get_queryset(request).select_related(*NIVEAUX)


@admin.register(Utilisateur)
class AdministrationComptes(Table):
    form = FormulaireCompte
    list_display = ("email", "last_name", "first_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("email", "last_name", "first_name")
    readonly_fields = ("last_login", "date_joined")
    ordering = ("email",)
    inlines = (AffectationsDuCompte,)
    actions = ("envoyer_lien",)

    def get_readonly_fields(self, request: HttpRequest, obj: Utilisateur | None = None) -> tuple[str, ...]:
        soi_meme = obj is not None and obj.pk == request.user.pk
        return (*self.readonly_fields, "is_active", "is_superuser") if soi_meme else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Utilisateur | None = None) -> bool:
        return False  # what people signed keeps its author: an account is disabled

    def save_model(self, request: HttpRequest, obj: Utilisateur, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @admin.action(description="Envoyer un lien pour choisir le mot de passe")
    def envoyer_lien(self, request: HttpRequest, queryset: QuerySet[Utilisateur]) -> None:
        for compte in (actifs := queryset.filter(is_active=True)):
            demander_lien_mot_de_passe(compte, request.build_absolute_uri("/"))
        self.message_user(request, f"Liens demandés : {len(actifs)}. Ils partent par courriel.", messages.SUCCESS)


@admin.register(Affectation)
class AdministrationAffectations(Table):
    list_display = ("utilisateur", "role", "fonction", "territoire", "debut", "fin")
    list_filter = ("role", "debut", "fin")
    list_select_related = ("utilisateur", *NIVEAUX)
    search_fields = ("utilisateur__email", "utilisateur__last_name", "etablissement__uai")
    autocomplete_fields = ("utilisateur", *NIVEAUX)
    date_hierarchy = None
    ordering = ("-debut", "-pk")


@admin.register(Invitation)
class AdministrationInvitations(Lecture):
    list_display = ("email", "role", "etablissement", "invite_par", "cree_le", "expire_le", "acceptee_le", "annulee_le")
    list_filter = ("role", "cree_le", "acceptee_le")
    list_select_related = ("etablissement", "invite_par")
    search_fields = ("email", "etablissement__uai")
    exclude = ("empreinte",)


# --- Territory ----------------------------------------------------------------------------------------
@admin.register(Academie)
class AdministrationAcademies(Table):
    list_display = ("nom", "code", "fuseau", "libelle_district")
    search_fields = ("nom", "code")


@admin.register(Departement)
class AdministrationDepartements(Table):
    list_display = ("code", "nom", "academie")
    list_filter = ("academie",)
    list_select_related = ("academie",)
    search_fields = ("code", "nom")


@admin.register(District)
class AdministrationDistricts(Table):
    list_display = ("nom", "academie")
    list_filter = ("academie",)
    list_select_related = ("academie",)
    search_fields = ("nom", "academie__nom")


@admin.register(Collectivite)
class AdministrationCollectivites(Table):
    list_display = ("nom", "niveau")
    list_filter = ("niveau",)
    search_fields = ("nom",)


class FormulaireEtablissement(forms.ModelForm):
    def clean_district(self) -> District | None:
        district = self.cleaned_data["district"]
        if district and district.academie_id != self.instance.academie_id:
            raise forms.ValidationError("Ce district est d'une autre académie que l'établissement.")
        return district


@admin.register(Etablissement)
class AdministrationEtablissements(Table):
    """Identity comes from the State's register by import; only links to our own territories are typed."""

    form = FormulaireEtablissement
    list_display = ("uai", "nom", "commune", "type", "etat", "departement", "district")
    list_filter = ("type", "etat", "source", "academie")
    list_select_related = ("departement", "district")
    search_fields = ("uai", "nom")
    search_help_text = "UAI, ou mots du nom, sans souci d'accents."
    autocomplete_fields = ("district", "collectivite")
    exclude = ("recherche",)
    ordering = ("uai",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Etablissement]:
        return super().get_queryset(request).select_related("academie", "departement", "district", "collectivite")

    def get_readonly_fields(self, request: HttpRequest, obj: Etablissement | None = None) -> list[str]:
        champs = [champ.name for champ in Etablissement._meta.fields if champ.name not in ("id", "recherche")]
        return [champ for champ in champs if champ not in self.autocomplete_fields]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Etablissement], search_term: str
    ) -> tuple[QuerySet[Etablissement], bool]:
        """By the indexed columns: all the words, in any order."""
        for mot in search_term.split():
            queryset = queryset.filter(Q(uai__startswith=mot.upper()) | Q(recherche__contains=SansAccent(Value(mot))))
        return queryset, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Etablissement | None = None) -> bool:
        return False
