"""What a purchase commits to: its use, its training, and all that it will cost until it leaves."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from budget.models.equipement import Categorie
from budget.models.formation import BesoinFormation
from plans.models import Action, ModeleCorbeille
from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track(exclude=["cle"])
class Achat(ModeleCorbeille):
    """An investment, thought of over its whole life. « Bloqué » is computed: its training or its check fails."""

    PERIMETRE = par_etablissement("etablissement")

    class Etat(models.TextChoices):
        PROJET = "projet", "En projet"
        APPROUVE = "approuve", "Approuvé"
        LIVRE = "livre", "Livré"
        ABANDONNE = "abandonne", "Abandonné"

    class Accessibilite(models.TextChoices):
        NON_VERIFIEE = "", "Pas encore vérifiée"
        CONVIENT = "convient", "Convient à tous"
        ADAPTATION = "adaptation", "Demande une adaptation, prévue"
        NE_CONVIENT_PAS = "ne_convient_pas", "Ne convient pas à certains"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="achats", verbose_name="établissement"
    )
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="achats", verbose_name="action du plan"
    )
    intitule = models.CharField("intitulé", max_length=200)
    categorie = models.CharField("catégorie", max_length=16, choices=Categorie)
    quantite = models.PositiveIntegerField("combien")
    exercice = models.PositiveSmallIntegerField("exercice de l'achat")
    duree = models.PositiveSmallIntegerField("années de service prévues")
    livraison = models.DateField("livraison prévue le", null=True, blank=True)
    usage = models.CharField("usage pédagogique", max_length=400, blank=True)
    public = models.CharField("pour qui", max_length=200, blank=True)
    formation = models.ForeignKey(
        BesoinFormation, models.PROTECT, null=True, blank=True, related_name="achats", verbose_name="formation"
    )
    accessibilite = models.CharField("vérification handicap", max_length=15, choices=Accessibilite, blank=True)
    accessibilite_note = models.CharField("ce qui a été vérifié", max_length=300, blank=True)
    etat = models.CharField("état", max_length=9, choices=Etat, default=Etat.PROJET)
    raison = models.CharField(max_length=300, blank=True)
    approuve_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="approuvé par"
    )
    approuve_le = models.DateTimeField("approuvé le", null=True, blank=True)
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créé par")
    cree_le = models.DateTimeField("créé le")

    class Meta:
        ordering = ["exercice", "intitule", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(intitule=""), name="achat_intitule"),
            models.CheckConstraint(condition=Q(quantite__range=(1, 10_000)), name="achat_quantite"),
            models.CheckConstraint(
                condition=Q(duree__range=(1, 30)),
                name="achat_duree",
                violation_error_message="Une durée de service va de 1 à 30 ans.",
            ),
            models.CheckConstraint(condition=Q(exercice__range=(2000, 2100)), name="achat_exercice"),
            models.CheckConstraint(
                condition=~Q(etat__in=["approuve", "livre"]) | Q(approuve_le__isnull=False, approuve_par__isnull=False),
                name="achat_approuve",
            ),
            models.CheckConstraint(condition=~Q(etat="abandonne") | ~Q(raison=""), name="achat_raison"),
        ]

    def __str__(self) -> str:
        return self.intitule


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PosteDeCout(ModelePerimetre):
    """One of the things that a purchase costs, in the years of its life that it falls in: 1 is the year it is bought.

    `montant` is for each of these years, for the whole purchase.
    """

    PERIMETRE = par_etablissement("achat__etablissement")

    class Famille(models.TextChoices):
        ACHAT = "achat", "Achat"
        INSTALLATION = "installation", "Installation et câblage"
        ACCESSOIRES = "accessoires", "Accessoires et protection"
        LICENCES = "licences", "Licences et gestion de flotte"
        ASSURANCE = "assurance", "Assurance"
        MAINTENANCE = "maintenance", "Maintenance et réparation"
        ENERGIE = "energie", "Consommables et énergie"
        FORMATION = "formation", "Formation et accompagnement"
        FIN_DE_VIE = "fin_de_vie", "Fin de vie : effacement, réemploi, recyclage"

    achat = models.ForeignKey(Achat, models.CASCADE, related_name="postes")
    famille = models.CharField(max_length=12, choices=Famille)
    intitule = models.CharField("intitulé", max_length=120, blank=True)
    montant = models.DecimalField("montant par an", max_digits=12, decimal_places=2)
    de_l_annee = models.PositiveSmallIntegerField("de l'année", default=1)
    a_l_annee = models.PositiveSmallIntegerField("à l'année", default=1)
    investissement = models.BooleanField(default=False)

    class Meta:
        verbose_name = "poste de coût"
        verbose_name_plural = "postes de coût"
        ordering = ["de_l_annee", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(montant__gte=0), name="poste_montant"),
            models.CheckConstraint(
                condition=Q(de_l_annee__gte=1, a_l_annee__gte=F("de_l_annee"), a_l_annee__lte=30),
                name="poste_annees",
                violation_error_message="Les années d'un poste vont de la première à la dernière de la vie de l'achat.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.achat_id} · {self.famille} : {self.montant}"
