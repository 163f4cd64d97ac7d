"""Académies, départements, districts, collectivités and schools."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Upper
from django.urls import reverse

from strategie.socle.droits import Droit
from strategie.socle.models.perimetre import ModelePerimetre, commun, par_academie, par_etablissement
from strategie.socle.rules import lettre_uai, mot_en_phrase


class SansAccent(Func):
    """`sans_accent(text)`: lower case without accents, IMMUTABLE, so that it can be indexed and stored."""

    function = "sans_accent"
    output_field = models.TextField()


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["compare_les_semblables", "libelle_district", "libelle_districts", "libelle_feminin"],
    model_name="AcademieCompareLesSemblablesEvent",  # its first name: what it holds stays
)
class Academie(ModelePerimetre):
    PERIMETRE = commun()

    code = models.CharField(max_length=2, unique=True)
    nom = models.CharField(max_length=60, unique=True)
    fuseau = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    libelle_district = models.CharField(
        "nom donné aux districts", max_length=30, default="district", help_text="district, bassin, circonscription…"
    )
    libelle_districts = models.CharField(
        "ce nom au pluriel", max_length=30, blank=True, db_default="", help_text="Vide : le nom, suivi d'un s."
    )
    libelle_feminin = models.BooleanField("ce nom est féminin", default=False, db_default=False)
    compare_les_semblables = models.BooleanField(
        "comparaison avec des établissements semblables",
        default=False,
        db_default=False,
        help_text="Montre à chaque établissement la médiane et les quartiles de huit semblables au moins.",
    )

    class Meta:
        verbose_name = "académie"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this académie's deadlines are read."""
        return ZoneInfo(self.fuseau)

    def nommer_un_district(self, forme: str = "") -> str:
        """« district », « bassins », « la circonscription »: see `rules.mot_en_phrase`."""
        return mot_en_phrase(self.libelle_district, self.libelle_districts, self.libelle_feminin, forme)


class Departement(ModelePerimetre):
    PERIMETRE = commun()

    code = models.CharField(max_length=3, unique=True, help_text="Trois caractères : 035, 02A, 974.")
    nom = models.CharField(max_length=60)
    academie = models.ForeignKey(Academie, models.PROTECT, related_name="departements", verbose_name="académie")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class District(ModelePerimetre):
    PERIMETRE = par_academie("academie")

    academie = models.ForeignKey(Academie, models.PROTECT, related_name="districts", verbose_name="académie")
    nom = models.CharField(max_length=80)

    class Meta:
        verbose_name = "district"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["academie", "nom"],
                name="district_unique_dans_l_academie",
                violation_error_message="Cette académie a déjà un district de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Collectivite(ModelePerimetre):
    PERIMETRE = commun()

    class Niveau(models.TextChoices):
        COMMUNE = "commune", "Commune"
        DEPARTEMENT = "departement", "Département"
        REGION = "region", "Région"

    nom = models.CharField(max_length=120)
    niveau = models.CharField(max_length=12, choices=Niveau)

    class Meta:
        verbose_name = "collectivité"
        ordering = ["nom"]
        constraints = [models.UniqueConstraint(fields=["niveau", "nom"], name="collectivite_unique")]

    def __str__(self) -> str:
        return self.nom


# Statement-level triggers, and none at creation (`cree_le` says it): the register brings 60,000 rows in one run.
@pghistory.track(pghistory.UpdateEvent(level=pgtrigger.Statement), pghistory.DeleteEvent(level=pgtrigger.Statement))
class Etablissement(ModelePerimetre):
    """A school, keyed by its UAI. Identity fields come from the State's register, never typed in."""

    PERIMETRE = par_etablissement("")

    class Type(models.TextChoices):
        ECOLE = "ecole", "École"
        COLLEGE = "college", "Collège"
        LYCEE = "lycee", "Lycée"
        EREA = "erea", "EREA"
        AUTRE = "autre", "Autre"

    class Secteur(models.TextChoices):
        PUBLIC = "public", "Public"
        PRIVE = "prive", "Privé"
        INCONNU = "", "Non renseigné"

    class Etat(models.TextChoices):
        OUVERT = "ouvert", "Ouvert"
        A_OUVRIR = "a_ouvrir", "À ouvrir"
        A_FERMER = "a_fermer", "À fermer"
        FERME = "ferme", "Fermé"

    class EducationPrioritaire(models.TextChoices):
        AUCUNE = "", "Non"
        REP = "REP", "REP"
        REP_PLUS = "REP+", "REP+"

    class Source(models.TextChoices):
        REGISTRE = "registre", "Annuaire de l'éducation"
        LISTE = "liste", "Liste nationale fusionnée"
        DEMONSTRATION = "demonstration", "Démonstration"

    uai = models.CharField(
        "UAI",
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^\d{7}[A-HJ-NPR-Z]$", "Sept chiffres et une lettre.")],
    )
    nom = models.CharField(max_length=200)
    type = models.CharField(max_length=8, choices=Type)
    nature = models.CharField("code nature", max_length=3, blank=True)
    secteur = models.CharField(max_length=6, choices=Secteur, blank=True)
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.OUVERT)
    ferme_le = models.DateField("fermé le", null=True, blank=True)
    academie = models.ForeignKey(Academie, models.PROTECT, related_name="etablissements", verbose_name="académie")
    departement = models.ForeignKey(
        Departement, models.PROTECT, related_name="etablissements", verbose_name="département"
    )
    district = models.ForeignKey(District, models.SET_NULL, null=True, blank=True, related_name="etablissements")
    collectivite = models.ForeignKey(
        Collectivite, models.SET_NULL, null=True, blank=True, related_name="etablissements",
        verbose_name="collectivité de rattachement",
    )  # fmt: skip
    adresse = models.CharField(max_length=250, blank=True)
    code_postal = models.CharField(max_length=5, blank=True)
    commune = models.CharField(max_length=80, blank=True)
    code_commune = models.CharField("code Insee de la commune", max_length=5, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.CharField(max_length=254, blank=True)
    site = models.CharField("site internet", max_length=250, blank=True)
    effectif = models.PositiveIntegerField("nombre d'élèves", null=True, blank=True)
    internat = models.BooleanField(null=True, blank=True)
    education_prioritaire = models.CharField(
        "éducation prioritaire", max_length=4, choices=EducationPrioritaire, blank=True
    )
    circonscription = models.CharField("circonscription du premier degré", max_length=150, blank=True, db_default="")
    bassin = models.CharField("bassin de formation", max_length=80, blank=True, db_default="")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=14, choices=Source)
    date_annuaire = models.DateField("date de la ligne de l'annuaire", null=True, blank=True)
    recherche = models.GeneratedField(
        expression=SansAccent(Concat(F("nom"), Value(" "), F("commune"))),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )
    cree_le = models.DateTimeField("créé le", auto_now_add=True, db_default=models.functions.Now())

    mes_roles: list[str]  # set by `avec_roles`
    droits: frozenset[Droit]  # set by `etablissement_ou_404`

    class Meta:
        verbose_name = "établissement"
        ordering = ["nom", "uai"]
        indexes = [
            models.Index(fields=["recherche", "uai"], name="etab_nom"),
            models.Index(fields=["academie", "recherche", "uai"], name="etab_academie_nom"),
            models.Index(fields=["departement", "recherche", "uai"], name="etab_departement_nom"),
            GinIndex(OpClass(F("recherche"), name="gin_trgm_ops"), name="etab_recherche_trgm"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(uai__regex=r"^[0-9]{7}[A-HJ-NPR-Z]$") & Q(uai=Upper("uai")),
                name="etab_uai_forme",
                violation_error_message="Un UAI compte sept chiffres et une lettre.",
            ),
            models.CheckConstraint(
                condition=Q(etat="ferme") | Q(ferme_le__isnull=True),
                name="etab_ferme_le_si_ferme",
                violation_error_message="Seul un établissement fermé a une date de fermeture.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        if self.uai[:7].isdecimal() and len(self.uai) == 8 and self.uai[7] != lettre_uai(self.uai[:7]):
            raise ValidationError({"uai": f"La lettre de contrôle devrait être {lettre_uai(self.uai[:7])}."})

    def get_absolute_url(self) -> str:
        return reverse("etablissement", args=[self.uai])

    @property
    def portees(self) -> frozenset[str]:
        """The parts of the référentiel that concern this school; empty when none does."""
        return {
            self.Type.ECOLE: frozenset({"ecole"}),
            self.Type.COLLEGE: frozenset({"college"}),
            self.Type.LYCEE: frozenset({"lycee"}),
            self.Type.EREA: frozenset({"college", "lycee"}),
        }.get(self.type, frozenset())

    @property
    def en_education_prioritaire(self) -> bool:
        return self.education_prioritaire != self.EducationPrioritaire.AUCUNE

    @property
    def premier_degre(self) -> bool:
        return self.type == self.Type.ECOLE


class MouvementDeDistricts(ModelePerimetre):
    """Schools that changed district in one act: what an académie reads of it, and what takes it back."""

    PERIMETRE = par_academie("academie")

    class Maniere(models.TextChoices):
        LISTE = "liste", "par liste"
        COMMUNES = "communes", "par commune"
        FICHIER = "fichier", "par fichier"
        CIRCONSCRIPTIONS = "circonscriptions", "d'après les circonscriptions de l'annuaire"
        BASSINS = "bassins", "d'après les bassins de l'annuaire"
        ANNULATION = "annulation", "annulation du mouvement précédent"

    academie = models.ForeignKey(Academie, models.PROTECT, related_name="mouvements", verbose_name="académie")
    maniere = models.CharField("manière", max_length=16, choices=Maniere)
    deplacements = models.JSONField(
        "déplacements", help_text="Clé de l'établissement : [district quitté, district rejoint]."
    )
    fait_par = models.ForeignKey(
        "socle.Utilisateur", models.PROTECT, null=True, related_name="+", verbose_name="fait par"
    )
    fait_le = models.DateTimeField("fait le")

    class Meta:
        verbose_name = "mouvement de districts"
        verbose_name_plural = "mouvements de districts"
        ordering = ["-fait_le", "-pk"]
        indexes = [models.Index(fields=["academie", "-fait_le"], name="mouvement_academie")]

    def __str__(self) -> str:
        return f"{self.academie} · {self.get_maniere_display()}"

    @property
    def combien(self) -> int:
        """How many schools moved."""
        return len(self.deplacements)
