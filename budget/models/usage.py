"""What becomes of lots: whether they serve, what breaks, and what is decided of them."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from budget.models.equipement import Equipement, Lot
from budget.models.parties import Partie
from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track(exclude=["declare_le"])
class DeclarationUsage(ModelePerimetre):
    """Thirty seconds a term: how often a lot has served, and for what was planned or not."""

    PERIMETRE = par_etablissement("lot__etablissement")

    class Frein(models.TextChoices):
        AUCUN = "", "Aucun en particulier"
        FORMATION = "formation", "Les collègues n'y sont pas formés"
        PANNES = "pannes", "Pannes, batteries, lenteur"
        ACCES = "acces", "Difficile à réserver ou à déplacer"
        RESEAU = "reseau", "Réseau ou Wi-Fi insuffisant"
        LOGICIELS = "logiciels", "Logiciels ou comptes manquants"
        BESOIN = "besoin", "Le besoin n'est plus là"

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="declarations")
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    trimestre = models.PositiveSmallIntegerField()
    frequence = models.CharField("fréquence", max_length=12, choices=Lot.Frequence)
    comme_prevu = models.BooleanField("pour l'usage prévu")
    frein = models.CharField("ce qui freine", max_length=9, choices=Frein, blank=True)
    note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    declare_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="déclaré par")
    declare_le = models.DateTimeField("déclaré le")

    class Meta:
        verbose_name = "déclaration d'usage"
        verbose_name_plural = "déclarations d'usage"
        ordering = ["annee_scolaire", "trimestre"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "annee_scolaire", "trimestre"], name="usage_une_fois_par_trimestre"),
            models.CheckConstraint(condition=Q(trimestre__range=(1, 3)), name="usage_trimestre"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} · {self.annee_scolaire} T{self.trimestre} : {self.frequence}"


@pghistory.track()
class DecisionUsage(ModelePerimetre):
    """What is to be decided of a lot that two terms running have not seen serve as planned."""

    PERIMETRE = par_etablissement("lot__etablissement")

    class Choix(models.TextChoices):
        FORMER = "former", "Former les équipes"
        DEPLACER = "deplacer", "Déplacer"
        REFORMER = "reformer", "Réformer"

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="decisions")
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    trimestre = models.PositiveSmallIntegerField("trimestre du second constat")
    ouverte_le = models.DateTimeField("ouverte le")
    choix = models.CharField(max_length=8, choices=Choix, blank=True)
    motif = models.TextField(blank=True)
    prise_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prise par"
    )
    prise_le = models.DateTimeField("prise le", null=True, blank=True)

    class Meta:
        verbose_name = "décision d'usage"
        verbose_name_plural = "décisions d'usage"
        ordering = ["ouverte_le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lot"], condition=Q(choix=""), name="decision_une_seule_ouverte"),
            models.CheckConstraint(
                condition=Q(choix="", prise_le__isnull=True)
                | (~Q(choix="") & ~Q(motif="") & Q(prise_le__isnull=False)),
                name="decision_motivee",
                violation_error_message="Une décision dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} : {self.choix or 'à décider'}"


@pghistory.track()
class Incident(ModelePerimetre):
    """Something does not work: to whom it was sent, how it ended, and how long it could not serve."""

    PERIMETRE = par_etablissement("etablissement")

    class Issue(models.TextChoices):
        REPARE = "repare", "Réparé"
        REMPLACE = "remplace", "Remplacé"
        REFORME = "reforme", "Réformé"
        SANS_SUITE = "sans_suite", "Sans suite"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="incidents", verbose_name="établissement"
    )
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="incidents")
    equipement = models.ForeignKey(
        Equipement, models.PROTECT, null=True, blank=True, related_name="incidents", verbose_name="équipement"
    )
    constat = models.CharField("ce qui ne va pas", max_length=300)
    hors_service = models.PositiveIntegerField("combien ne servent plus", default=1)
    ouvert_le = models.DateField("ouvert le")
    envoye_a = models.CharField("envoyé à", max_length=12, choices=Partie, blank=True)
    envoye_le = models.DateField("envoyé le", null=True, blank=True)
    clos_le = models.DateField("clos le", null=True, blank=True)
    issue = models.CharField(max_length=10, choices=Issue, blank=True)
    conclusion = models.CharField(max_length=300, blank=True)
    cle = models.UUIDField("clé du formulaire", unique=True)
    version = models.PositiveIntegerField(default=1)
    ouvert_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="ouvert par")

    class Meta:
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(constat=""), name="incident_constat"),
            models.CheckConstraint(
                condition=Q(clos_le__isnull=True, issue="") | (Q(clos_le__gte=F("ouvert_le")) & ~Q(issue="")),
                name="incident_clos_avec_son_issue",
                violation_error_message="Un incident se clôt après son ouverture, en disant comment il finit.",
            ),
            models.CheckConstraint(
                condition=Q(envoye_le__isnull=True, envoye_a="") | (Q(envoye_le__gte=F("ouvert_le")) & ~Q(envoye_a="")),
                name="incident_envoye_a_quelqu_un",
                violation_error_message="Un incident s'envoie à quelqu'un, après son ouverture.",
            ),
        ]

    def __str__(self) -> str:
        return self.constat
